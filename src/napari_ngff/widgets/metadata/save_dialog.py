"""What a save changes, shown before; and what others have changed meanwhile.

Knows Qt, patches and conflicts; saves nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.editing.conflicts import conflicts
from napari_ngff.dataset.editing.documents import read_again
from napari_ngff.widgets.metadata.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtWidgets import QWidget

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.conflicts import Conflict
    from napari_ngff.widgets.metadata.session import Session

_LETTERS = 1024


class SaveDialog(TextDialog):
    """The values that a save changes.

    Parameters
    ----------
    draft
        What is saved.
    save
        Called when that is wanted.
    parent
        The window that it belongs to.
    """

    def __init__(
        self, draft: Draft, save: Callable[[], object], parent: QWidget | None
    ) -> None:
        count = len(draft.patch.files)
        files = "1 file" if count == 1 else f"{count} files"
        store = plain(draft.documents.store, limit=_LETTERS)
        heading = (
            f"This changes {files} in {store}: these values and nothing else. What "
            "was there is kept: Undo last save brings it back."
        )
        super().__init__("Save metadata", heading, parent)
        self._save = save
        self.show_text(draft.patch_text())
        self.offer("Cancel", self.reject)
        self.button = self.offer("Save", self.accept)
        self.button.setDefault(True)
        self.accepted.connect(self._save)


class ConflictDialog(TextDialog):
    """What another program changed since the metadata were read.

    Nothing was saved. The edits can be made to what is there now, or given up.

    Parameters
    ----------
    draft
        What was to be saved.
    session
        Gets the draft that is gone on with.
    parent
        The window that it belongs to.
    """

    def __init__(self, draft: Draft, session: Session, parent: QWidget | None) -> None:
        store = plain(draft.documents.store, limit=_LETTERS)
        heading = (
            f"Another program changed {store} since its metadata were read. Nothing "
            "was saved. These are its changes and yours; what both change is marked."
        )
        super().__init__("Changed by another program", heading, parent)
        self._draft = draft
        self._session = session
        self.show_text(_told(draft))
        self.offer("Cancel", self.reject, "Change nothing")
        self.theirs = self.offer(
            "Drop mine", self._take_theirs, "Show what is stored now, without edits"
        )
        self.both = self.offer(
            "Keep both",
            self._take_both,
            "Make your edits to what is stored now; look at it, and save",
        )

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


def _told(draft: Draft) -> str:
    try:
        found = conflicts(draft)
    except NgffError as error:
        return str(error)
    return "\n\n".join(_of_one(each) for each in found) or "It is as it was again."


def _of_one(conflict: Conflict) -> str:
    lines = [plain(conflict.key, limit=_LETTERS), conflict.text]
    if conflict.contested:
        places = ["/" + "/".join(map(str, loc)) for loc in conflict.contested]
        lines += ["Both change:", *(f"! {plain(p, limit=512)}" for p in places)]
    return "\n".join(lines)
