"""What a save changes, shown before.

Knows Qt and patches; saves nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtWidgets import QWidget

    from napari_ngff.dataset.draft import Draft

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
