"""How a cell of a table is edited: in a line of text, and an arrow that reverts it.

Knows Qt and the fields of the editor; nothing of what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from qtpy.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.look import revert_icon
from napari_ngff.widgets.metadata.number_edit import NumberEdit

if TYPE_CHECKING:
    from qtpy.QtGui import QIcon, QPainter

    from napari_ngff.widgets.metadata.cells import Cell

_ARROW: Final = 16


class CellsDelegate(QStyledItemDelegate):  # type: ignore[misc]
    """Edits cells; what is typed is told while it is.

    Attributes
    ----------
    wished, reverted, faulted
        Signals: as those of the table.
    """

    wished = Signal(int, int, object, str)
    reverted = Signal(int, int)
    faulted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon: QIcon | None = None

    def show_revert(self, color: str) -> None:
        """Paint the arrows that revert in a colour."""
        self._icon = revert_icon(color)

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget:
        """Return a line of text that tells what is typed."""
        cell = _cell(index)
        field = NumberEdit(parent) if cell and cell.kind == "number" else Field(parent)
        row, column = index.row(), index.column()
        field.setFrame(False)
        field.valued.connect(
            lambda value: self.wished.emit(row, column, value, field.step)
        )
        field.faulted.connect(self.faulted)
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """Show the cell's value; what is being typed stays."""
        editor.show_value(index.data(Qt.ItemDataRole.EditRole) or "")

    def setModelData(self, editor: QWidget, model: Any, index: QModelIndex) -> None:  # noqa: N802 - Qt's name
        """Take what was typed."""
        editor.finish()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint the cell, and an arrow where it is edited."""
        cell = _cell(index)
        shows = cell is not None and cell.edited and self._icon is not None
        left = QStyleOptionViewItem(option)
        if shows:
            left.rect.setRight(left.rect.right() - _ARROW)
        super().paint(painter, left, index)
        if shows and self._icon is not None:
            self._icon.paint(painter, _arrow(option.rect))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> Any:  # noqa: N802 - Qt's name
        """Return the room that a cell needs, with that for the arrow."""
        size = super().sizeHint(option, index)
        cell = _cell(index)
        if cell and cell.edited:
            size.setWidth(size.width() + _ARROW)
        return size

    def editorEvent(  # noqa: N802 - Qt's name
        self, event: QEvent, model: Any, option: Any, index: QModelIndex
    ) -> bool:
        """Revert by the arrow."""
        cell = _cell(index)
        ends = event.type() == QEvent.Type.MouseButtonRelease
        if ends and cell and cell.edited and _hits(event, option.rect):
            self.reverted.emit(index.row(), index.column())
            return True
        return bool(super().editorEvent(event, model, option, index))


def _cell(index: QModelIndex) -> Cell | None:
    found: Cell | None = index.model().cell(index)
    return found


def _hits(event: Any, rect: QRect) -> bool:
    return bool(_arrow(rect).contains(event.position().toPoint()))


def _arrow(rect: QRect) -> QRect:
    top = rect.center().y() - _ARROW // 2 + 1
    return QRect(rect.right() - _ARROW, top, _ARROW, _ARROW)
