"""The widgets of one axis: what can be edited of it, and what follows from that.

Paints a row and tells what is wished; knows neither drafts nor layers.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import QObject, Qt, Signal
from qtpy.QtWidgets import QCheckBox, QLabel, QMenu, QToolButton, QWidget

from napari_ngff.metadata.axes import kind_of
from napari_ngff.widgets.metadata.axis_words import (
    DIRECTIONS,
    TIPS,
    TYPES,
    orientation_word,
)
from napari_ngff.widgets.metadata.choice import Choice
from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.look import set_state, set_tone
from napari_ngff.widgets.metadata.number_edit import NumberEdit
from napari_ngff.widgets.metadata.number_text import shown
from napari_ngff.widgets.metadata.unit_box import UnitBox

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.axis_rows import AxisRow
    from napari_ngff.widgets.metadata.look import Colors, State

_MATRIX: Final = "A matrix or a field places the pixels: no single number says it."


class AxisLine(QObject):  # type: ignore[misc]
    """The widgets of an axis, to be laid out by the table.

    Parameters
    ----------
    parent
        The table.

    Attributes
    ----------
    wished
        Signal: a column and the value that was typed or chosen.
    reverted
        Signal: a column that is to be as in the file again.
    faulted
        Signal: a column, and why what was typed cannot be taken; empty if it can
        again.
    cells
        The widgets by column: those of `axis_rows.COLUMNS`, ``length``, ``extent``
        and ``menu``.
    """

    wished = Signal(str, object)
    reverted = Signal(str)
    faulted = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cells: dict[str, Any] = {
            "name": Field(parent),
            "type": Choice(parent),
            "unit": UnitBox(parent),
            "size": NumberEdit(parent),
            "origin": NumberEdit(parent),
            "length": _fact(parent),
            "extent": _fact(parent),
            "longName": Field(parent),
            "discrete": QCheckBox(parent),
            "orientation": Choice(parent),
            "menu": _more(parent),
        }
        self.cells["type"].offer(TYPES)
        self.cells["orientation"].offer(DIRECTIONS)
        for column, cell in self.cells.items():
            cell.setToolTip(TIPS.get(column, ""))
        self._connect()

    def show_row(self, row: AxisRow) -> None:
        """Paint what the file says of the axis, with what was edited."""
        axis, cells = row.axis, self.cells
        texts = {
            "name": axis.name,
            "type": axis.type,
            "longName": axis.long_name or "",
            "orientation": orientation_word(axis),
        }
        for column, text in texts.items():
            cells[column].show_value(text, _state(row, column), TIPS[column])
        cells["unit"].offer_kind(kind_of(axis))
        cells["unit"].show_value(
            axis.unit,
            _state(row, "unit", "doubtful" if row.note else "stored"),
            row.note or TIPS["unit"],
        )
        for column, value in (("size", row.size), ("origin", row.origin)):
            tip = TIPS[column] if row.can_be_placed else _MATRIX
            tip = tip if value is None else f"{shown(value)}\n{tip}"
            cells[column].show_number(value, _state(row, column), tip)
            cells[column].setEnabled(row.can_be_placed)
        cells["discrete"].setChecked(bool(axis.discrete))
        set_state(cells["discrete"], _state(row, "discrete"))
        cells["length"].setText("" if row.length is None else f"{row.length:,}")
        cells["extent"].setText(row.extent)
        cells["menu"].setToolTip(f"More for {row.title}")
        for column, cell in cells.items():
            cell.setAccessibleName(f"{column} of {row.title}")

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        for column in self.fields():
            self.cells[column].show_colors(colors)

    def fields(self) -> dict[str, Field]:
        """Return the lines of text by column, those inside lists too."""
        found = {c: getattr(cell, "field", cell) for c, cell in self.cells.items()}
        return {c: field for c, field in found.items() if isinstance(field, Field)}

    def _connect(self) -> None:
        for column, field in self.fields().items():
            cell = self.cells[column]
            cell.valued.connect(partial(self.wished.emit, column))
            cell.reverted.connect(partial(self.reverted.emit, column))
            field.faulted.connect(partial(self.faulted.emit, column))
        self.cells["discrete"].clicked.connect(partial(self.wished.emit, "discrete"))


def _state(row: AxisRow, column: str, otherwise: State = "stored") -> State:
    return "edited" if column in row.edited else otherwise


def _fact(parent: QWidget) -> QLabel:
    """Return a label for what cannot be edited."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_tone(label, "muted")
    return label


def _more(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setText("⋯")
    button.setAutoRaise(True)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(QMenu(button))
    return button
