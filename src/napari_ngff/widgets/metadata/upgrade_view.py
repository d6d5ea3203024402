"""Another version of OME-Zarr for a whole store: what that would change, or why not.

Knows Qt and what an upgrade says; changes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtWidgets import QComboBox, QHBoxLayout, QWidget

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.upgrade import TARGETS, upgrade
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.metadata.writing import WriteVersion

_NEWEST: Final = "0.5"


class UpgradeDialog(TextDialog):
    """Versions to choose from, and what each would change.

    Parameters
    ----------
    store
        Where the store is.
    version
        Which version it has.
    act
        Called with the version that is wanted.
    parent
        The window that it belongs to.
    """

    def __init__(
        self,
        store: str,
        version: str,
        act: Callable[[WriteVersion], object],
        parent: QWidget | None,
    ) -> None:
        heading = (
            "The metadata of the whole store become those of another version, at once; "
            "pixels are neither read nor written. What was there is kept: Undo last "
            "save brings it back."
        )
        super().__init__("Change the version", heading, parent)
        self._store = store
        self._act = act
        self.versions = QComboBox()
        self.versions.addItems([f"OME-Zarr {each}" for each in TARGETS])
        others = [each for each in TARGETS if each != version]
        wanted = _NEWEST if _NEWEST in others else others[-1]
        self.versions.setCurrentIndex(TARGETS.index(wanted))
        row = QHBoxLayout()
        start = label(f"From OME-Zarr {version or '?'} to")
        start.setWordWrap(False)
        row.addWidget(start)
        row.addWidget(self.versions)
        row.addStretch()
        self.page.insertLayout(0, row)
        self.offer("Cancel", self.reject)
        self.button = self.offer("Change version", self.accept)
        self.versions.currentIndexChanged.connect(self._show)
        self.accepted.connect(lambda: self._act(self.version))
        self._show()

    @property
    def version(self) -> WriteVersion:
        """The version that is chosen."""
        return TARGETS[int(self.versions.currentIndex())]

    def _show(self, index: int = 0) -> None:
        del index
        try:
            plan = upgrade(self._store, self.version, dry_run=True)
        except NgffError as error:
            self.button.setEnabled(False)
            self.show_text(str(error))
            return
        self.button.setEnabled(bool(plan.documents) and not plan.obstacles)
        self.show_text(plan.text)
