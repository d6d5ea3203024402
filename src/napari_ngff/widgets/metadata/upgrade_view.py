"""Another version of OME-Zarr for a whole store: what that would change, or why not.

Knows Qt and what an upgrade says; changes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.upgrade import TARGETS, upgrade
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.metadata.forms import combo_box
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.upgrade import Upgrade
    from napari_ngff.metadata.writing import WriteVersion

    Act = Callable[[WriteVersion], object]

_NEWEST: Final = "0.5"
_HEADING: Final = (
    "The metadata of the whole store become those of another version, at once; pixels "
    "are neither read nor written. What was there is kept: Undo last save brings it "
    "back."
)
_NEW: Final = (
    "The image and its labels can be saved as a new one in this version instead, "
    "pixels and all, without what else is in the store, such as tables."
)


class UpgradeDialog(TextDialog):
    """Versions to choose from, and what each would change.

    Parameters
    ----------
    store
        Where the store is.
    version
        Which version it has.
    read_only
        Why it cannot be changed, in words; empty where it can.
    act
        Called with the version that is wanted.
    save_anew
        Called with the version that is wanted where the image is to be saved as a new
        one instead.
    parent
        The window that it belongs to.

    Attributes
    ----------
    button, anew
        Change the version; save as a new image, offered where that is the way on.
    """

    def __init__(
        self,
        store: str,
        version: str,
        read_only: str,
        act: Act,
        save_anew: Act,
        parent: QWidget | None,
    ) -> None:
        super().__init__("Change the version", _HEADING, parent)
        self._store, self._read_only = store, read_only
        self._act, self._save_anew = act, save_anew
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._job: Job | None = None
        self._asked: WriteVersion | None = None
        choices = [(f"OME-Zarr {each}", each) for each in TARGETS]
        self.versions = combo_box(choices, name="Version", tip="What it is to become")
        others = [each for each in TARGETS if each != version]
        self.versions.value = _NEWEST if _NEWEST in others else others[-1]
        row = QHBoxLayout()
        start = label(f"From OME-Zarr {version or '?'} to")
        start.setWordWrap(False)
        row.addWidget(start)
        row.addWidget(self.versions.native)
        row.addStretch()
        self.page.insertLayout(0, row)
        self.way = label(_NEW)
        self.page.addWidget(self.way)
        self.offer("Cancel", self.reject)
        tip = "Open Save As with the layers of this store, and this version"
        self.anew = self.offer("Save as a new image…", self._go_anew, tip)
        self.button = self.offer("Change version", self.accept)
        self.versions.changed.connect(self._look)
        self.accepted.connect(lambda: self._act(self.version))
        self._look()

    @property
    def version(self) -> WriteVersion:
        """The version that is chosen."""
        chosen: WriteVersion = self.versions.value
        return chosen

    def _go_anew(self) -> None:
        self.reject()
        self._save_anew(self.version)

    def _look(self) -> None:
        """Find out in a thread what the version would change, one at a time."""
        self._show("Looking…")
        if self._job is not None:
            return
        store, version = self._store, self.version
        self._asked = version
        self._job = Job(lambda *_: upgrade(store, version, dry_run=True), self)
        self._job.ended.connect(self._take)
        self._job.start()

    def _take(self, plan: Upgrade | None, error: Exception | None) -> None:
        """Show what was found, unless another version is wanted by now."""
        self._job = None
        if self._asked != self.version:
            self._look()
        elif plan is None:
            told = as_ngff_error(error or RuntimeError(), doing="looking at the store")
            self._show(str(told), anew=isinstance(told, CannotSave))
        elif self._read_only and plan.documents:
            self._show(f"{self._read_only}\n\n{plan.text}", anew=True)
        else:
            possible = bool(plan.documents) and not plan.obstacles
            self._show(plan.text, possible=possible, anew=plan.needs_new)

    def _show(self, text: str, *, possible: bool = False, anew: bool = False) -> None:
        self.show_text(text)
        self.button.setEnabled(possible)
        self.anew.setVisible(anew)
        self.way.setVisible(anew)
