"""Earlier saves of a store: what each changed, and a way back.

Knows Qt and the history; changes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtWidgets import QListWidget, QWidget

from napari_ngff.core.document import parse
from napari_ngff.core.names import plain
from napari_ngff.core.patch import difference
from napari_ngff.core.problems import DocumentError
from napari_ngff.dataset.editing.patching import line
from napari_ngff.dataset.editing.restoring import history
from napari_ngff.widgets.metadata.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.editing.restoring import Entry

_LETTERS: Final = 1024
_LIST: Final = 140


class HistoryDialog(TextDialog):
    """The saves of a store that are kept, the latest first.

    Parameters
    ----------
    store
        The store's folder.
    restore
        Called with the entry before which all shall be as it was.
    parent
        The window that it belongs to.
    """

    def __init__(
        self,
        store: str,
        restore: Callable[[Entry], object],
        parent: QWidget | None,
    ) -> None:
        shown = plain(store, limit=_LETTERS)
        heading = f"Saves of {shown} that this computer keeps, the latest first."
        super().__init__("Earlier versions", heading, parent)
        self._restore = restore
        self._entries = history(store)
        self.list = QListWidget()
        self.list.setFixedHeight(_LIST)
        self.list.addItems([title(entry) for entry in self._entries])
        self.page.insertWidget(0, self.list)
        self.offer("Close", self.reject)
        self.button = self.offer(
            "Restore what was before",
            self.accept,
            "Take back this save and all after it; that can be taken back, too",
        )
        self.list.currentRowChanged.connect(self._choose)
        self.accepted.connect(self._go_back)
        self.list.setCurrentRow(0)
        self._choose(self.list.currentRow())

    def _choose(self, row: int) -> None:
        there = 0 <= row < len(self._entries)
        self.button.setEnabled(there)
        nothing = "No earlier version is kept on this computer."
        self.show_text(told(self._entries[row]) if there else nothing)

    def _go_back(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._entries):
            self._restore(self._entries[row])


def title(entry: Entry) -> str:
    """Return when something was saved, and what."""
    return f"{entry.when:%Y-%m-%d %H:%M:%S}  {plain(entry.note, limit=200)}"


def told(entry: Entry) -> str:
    """Return what a save changed, a line for each value."""
    lines: list[str] = []
    for key, (old, new) in entry.files.items():
        lines.append(plain(key, limit=_LETTERS))
        lines += [f"  {text}" for text in _changes(old, new)]
    return "\n".join(lines)


def _changes(old: bytes | None, new: bytes | None) -> list[str]:
    if old is None:
        return ["new"]
    if new is None:
        return ["removed"]
    try:
        return [line(change) for change in difference(parse(old)[0], parse(new)[0])]
    except DocumentError:
        return ["other bytes"]
