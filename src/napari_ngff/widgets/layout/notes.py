"""A list of sentences, each of something, that wrap in a narrow dock.

Knows Qt; nothing of what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.widgets.metadata.look import Tone

#: What it is of, what is said, and in which tone the former is painted.
Note: TypeAlias = "tuple[str, str, Tone]"
#: So many are shown one by one.
_SHOWN: Final = 24


class Notes(QWidget):  # type: ignore[misc]
    """Sentences below each other.

    Attributes
    ----------
    notes
        Those that are shown, or would be if there were room.
    foot
        What is said below them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes: tuple[Note, ...] = ()
        self.foot = label(tone="muted")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._rows: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._list)
        layout.addWidget(self.foot)

    def show_notes(self, notes: Sequence[Note], foot: str = "") -> None:
        """Show sentences, and what is said below them."""
        self.foot.setText(_more(len(notes)) or foot)
        self.foot.setVisible(bool(self.foot.text()))
        if tuple(notes) == self.notes:
            return
        self.notes = tuple(notes)
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_row(note) for note in self.notes[:_SHOWN]]
        for row in self._rows:
            self._list.addWidget(row)


def _more(count: int) -> str:
    if count <= _SHOWN:
        return ""
    return f"… and {count - _SHOWN:,} more: all of them are in the report."


def _row(note: Note) -> QWidget:
    of, text, tone = note
    row = QFrame()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    head = label(of or "•", tone=tone)
    head.setWordWrap(False)
    head.setFixedWidth(max(24, min(90, head.sizeHint().width())))
    head.setToolTip(of)
    layout.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(label(text), 1)
    return row
