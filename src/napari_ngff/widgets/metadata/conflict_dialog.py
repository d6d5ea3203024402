"""What another program changed while metadata were edited here, and ways to go on.

Knows Qt, sessions and conflicts; saves nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QSize

from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.editing.conflicts import conflicts
from napari_ngff.dataset.editing.documents import read_again
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.text_dialog import PageDialog
from napari_ngff.widgets.metadata.three_panes import ThreePanes

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtWidgets import QWidget

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.conflicts import Conflict
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session

_LETTERS: Final = 1024
_SIZE: Final = QSize(980, 560)
_MARGIN: Final = 60


class ConflictDialog(PageDialog):
    """The documents as they were read, as they are now, and as they would be saved.

    Nothing was saved. The edits can be made to what is there now, or given up.

    Parameters
    ----------
    draft
        What was to be saved.
    session
        Gets the draft that is gone on with.
    colors
        Those of the theme.
    parent
        The window that it belongs to.

    Attributes
    ----------
    panes
        The three of them.
    """

    def __init__(
        self, draft: Draft, session: Session, colors: Colors, parent: QWidget | None
    ) -> None:
        store = plain(draft.documents.store, limit=_LETTERS)
        heading = (
            f"Another program changed {store} since its metadata were read. Nothing "
            "was saved."
        )
        super().__init__("Changed by another program", heading, parent)
        self.setStyleSheet(colors.sheet())
        self._draft = draft
        self._session = session
        self.panes = ThreePanes(colors)
        self.page.addWidget(self.panes, 1)
        self.fault = label(tone="wrong")
        self.page.addWidget(self.fault)
        self.offer("Cancel", self.reject, "Change nothing")
        self.theirs = self.offer(
            "Drop mine", self._take_theirs, "Show what is stored now, without edits"
        )
        self.both = self.offer(
            "Keep both",
            self._take_both,
            "Make your edits to what is stored now; look at it, and save",
        )
        self._show()
        screen = self.screen().availableGeometry().size()
        self.resize(_SIZE.boundedTo(screen - QSize(_MARGIN, _MARGIN)))

    def _show(self) -> None:
        """Show what is different now; told is what cannot be read."""
        found: tuple[Conflict, ...] = ()
        told = ""
        try:
            found = conflicts(self._draft)
        except NgffError as error:
            told = str(error)
        self.panes.show_documents([(each.key, each.rows) for each in found])
        self.fault.setText(told)
        self.fault.setVisible(bool(told))

    def _take_theirs(self) -> None:
        self._go_on(lambda now: self._draft.saved(now.documents))

    def _take_both(self) -> None:
        self._go_on(lambda now: self._draft.on(now.documents))

    def _go_on(self, made: Callable[[Draft], Draft]) -> None:
        try:
            now = self._draft.saved(read_again(self._draft.documents))
            self._session.replace(made(now))
        except NgffError as error:
            self._session.say(str(error))
        self.accept()
