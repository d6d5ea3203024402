"""How the widgets of axes are laid out: a row an axis, or a few lines if it is narrow.

Knows columns and widgets; nothing of what they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.widgets.metadata.axis_words import BLOCK_HEADS, HEADS, TIPS
from napari_ngff.widgets.metadata.look import set_tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Cells = Mapping[str, QWidget]

_GAP: Final = 4
_NUMBERS: Final = ("length", "extent")
#: How the room in a line is shared.
_SHARES: Final = {
    "name": 2,
    "type": 4,
    "unit": 5,
    "size": 6,
    "origin": 6,
    "length": 1,
    "extent": 1,
    "longName": 5,
    "orientation": 5,
}
_BLOCK_SHARES: Final = {"name": 3, "type": 8, "unit": 10}
#: The lines of a block; what has a head has it before it.
_LINES: Final = (
    ("name", "type", "unit", "menu"),
    ("size", "origin"),
    ("length", "extent"),
    ("longName", "discrete"),
    ("orientation",),
)


def in_rows(columns: Sequence[str], axes: Sequence[Cells]) -> QWidget:
    """Return the widgets of axes, a row an axis with heads above."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(_GAP)
    for column, name in enumerate(columns):
        grid.addWidget(_head(name, HEADS[name]), 0, column)
        grid.setColumnStretch(column, _SHARES.get(name, 0))
    for row, cells in enumerate(axes, start=1):  # the Tab key goes in this order
        for column, name in enumerate(columns):
            grid.addWidget(cells[name], row, column, _side(name))
            cells[name].show()
    return page


def in_blocks(columns: Sequence[str], axes: Sequence[Cells]) -> QWidget:
    """Return the widgets of axes, a few lines an axis, with a rule between axes."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(_GAP)
    for index, cells in enumerate(axes):
        if index:
            layout.addWidget(_rule())
        for names in _LINES:
            shown = [name for name in names if name in columns]
            if shown:
                layout.addLayout(_line(shown, cells))
    return page


def _line(names: Sequence[str], cells: Cells) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(_GAP)
    for name in names:
        if name in BLOCK_HEADS:
            line.addWidget(_head(name, BLOCK_HEADS[name]))
        line.addWidget(cells[name], _BLOCK_SHARES.get(name, _SHARES.get(name, 0)))
        cells[name].show()
    return line


def _head(name: str, text: str) -> QLabel:
    found = QLabel(text)
    set_tone(found, "head")
    found.setToolTip(TIPS.get(name, ""))
    found.setAlignment(_side(name) | Qt.AlignmentFlag.AlignVCenter)
    return found


def _side(name: str) -> Qt.AlignmentFlag:
    right = name in _NUMBERS
    return Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag(0)


def _rule() -> QFrame:
    found = QFrame()
    found.setFrameShape(QFrame.Shape.HLine)
    found.setFixedHeight(1)
    found.setProperty("rule", True)
    return found
