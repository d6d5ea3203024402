"""A table of many rows, painted and edited cell by cell.

Knows Qt and grids of cells; nothing of what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from qtpy.QtGui import QColor, QFont
from qtpy.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QMenu,
    QStyle,
    QTableView,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.cells import COLORS
from napari_ngff.widgets.metadata.cells_delegate import CellsDelegate
from napari_ngff.widgets.metadata.look import swatch

if TYPE_CHECKING:
    from qtpy.QtCore import QPoint
    from qtpy.QtGui import QResizeEvent

    from napari_ngff.widgets.metadata.cells import Cell, Grid
    from napari_ngff.widgets.metadata.look import Colors

_ROWS_SHOWN: Final = 10
_ROW: Final = 24
_LEAST: Final = 60
#: So many rows say how wide a column is.
_MEASURED: Final = 50
_LETTERS: Final = 1024
_ROLES: Final = Qt.ItemDataRole
_FLAGS: Final = Qt.ItemFlag


class CellsModel(QAbstractTableModel):  # type: ignore[misc]
    """A grid in the words of Qt.

    Attributes
    ----------
    checked
        Signal: row, column and whether a box was checked.
    """

    checked = Signal(int, int, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.grid: Grid | None = None
        self.edited, self.doubtful = QColor(), QColor()

    def show_grid(self, grid: Grid | None) -> None:
        """Show another grid; what is being edited stays where the form is the same."""
        before = self.grid
        form = (grid.heads, grid.count) if grid else None
        if form != ((before.heads, before.count) if before else None):
            self.beginResetModel()
            self.grid = grid
            self.endResetModel()
            return
        self.grid = grid
        if grid is not None and grid.count:
            last = self.index(grid.count - 1, len(grid.heads) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def cell(self, index: QModelIndex) -> Cell | None:
        """Return the cell at an index."""
        if self.grid is None or not index.isValid():
            return None
        return self.grid.cell(index.row(), index.column())

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        inside = parent is not None and parent.isValid()
        return 0 if inside or self.grid is None else self.grid.count

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        inside = parent is not None and parent.isValid()
        return 0 if inside or self.grid is None else len(self.grid.heads)

    def headerData(self, section: int, orientation: Any, role: int = 0) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column."""
        across = orientation == Qt.Orientation.Horizontal
        if self.grid is None or not across or role != _ROLES.DisplayRole:
            return None
        return plain(self.grid.heads[section], limit=40)

    def flags(self, index: QModelIndex) -> Any:
        """Return what can be done with a cell."""
        cell = self.cell(index)
        if cell is None:
            return _FLAGS.NoItemFlags
        flags = _FLAGS.ItemIsEnabled | _FLAGS.ItemIsSelectable
        if cell.kind in ("text", "number"):
            flags |= _FLAGS.ItemIsEditable
        if cell.kind == "check":
            flags |= _FLAGS.ItemIsUserCheckable
        return flags

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        """Return what is painted in a cell."""
        cell = self.cell(index)
        shows = None if cell is None else _SHOWN.get(role)
        return None if shows is None else shows(self, cell)

    def setData(self, index: QModelIndex, value: Any, role: int = 2) -> bool:  # noqa: N802 - Qt's name
        """Tell that a box was checked or unchecked; the grid is not changed here."""
        if role != _ROLES.CheckStateRole or self.cell(index) is None:
            return False
        checked = Qt.CheckState(value) == Qt.CheckState.Checked
        self.checked.emit(index.row(), index.column(), checked)
        return True

    def text(self, cell: Cell) -> str | None:
        """Return the text of a cell."""
        if cell.kind in ("check", *COLORS):
            return None
        return "" if cell.value is None else plain(cell.value, limit=_LETTERS)


def _check(model: CellsModel, cell: Cell) -> Any:
    del model
    if cell.kind != "check":
        return None
    return Qt.CheckState.Checked if cell.value else Qt.CheckState.Unchecked


def _icon(model: CellsModel, cell: Cell) -> Any:
    del model
    return swatch(_qcolor(cell.value)) if cell.kind in COLORS else None


def _font(model: CellsModel, cell: Cell) -> Any:
    del model
    font = QFont()
    font.setBold(True)
    return font if cell.edited else None


def _foreground(model: CellsModel, cell: Cell) -> Any:
    if cell.edited:
        return model.edited
    return model.doubtful if cell.doubtful else None


def _aligned(model: CellsModel, cell: Cell) -> Any:
    del model
    right = cell.kind == "number"
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_SHOWN: Final[dict[int, Any]] = {
    _ROLES.DisplayRole: CellsModel.text,
    _ROLES.EditRole: CellsModel.text,
    _ROLES.CheckStateRole: _check,
    _ROLES.DecorationRole: _icon,
    _ROLES.FontRole: _font,
    _ROLES.ForegroundRole: _foreground,
    _ROLES.TextAlignmentRole: _aligned,
    _ROLES.ToolTipRole: lambda _, cell: cell.tip or None,
}


class CellsTable(QTableView):  # type: ignore[misc]
    """A grid of cells that can be edited and reverted.

    Attributes
    ----------
    wished
        Signal: row, column and the value that was typed or chosen, and whether it goes
        on with what was typed just before.
    reverted
        Signal: row and column of what is to be as in the file again.
    faulted
        Signal: why what was typed cannot be taken; empty if it can again.
    """

    wished = Signal(int, int, object, str)
    reverted = Signal(int, int)
    faulted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model_ = CellsModel(self)
        self._stretched = 0
        self.setModel(self.model_)
        self.delegate = CellsDelegate(self)
        self.setItemDelegate(self.delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.CurrentChanged
            | triggers.DoubleClicked
            | triggers.EditKeyPressed
            | triggers.AnyKeyPressed
            | triggers.SelectedClicked
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.delegate.wished.connect(self.wished)
        self.delegate.reverted.connect(self.reverted)
        self.delegate.faulted.connect(self.faulted)
        self.clicked.connect(self._click)
        self.model_.checked.connect(
            lambda row, column, value: self.wished.emit(row, column, value, "new")
        )

    def show_grid(self, grid: Grid | None, *, stretched: int) -> None:
        """Paint a grid; one column takes the room that is left (-1: the last)."""
        self.model_.show_grid(grid)
        count = self.model_.columnCount()
        self._stretched = stretched % count if count else 0
        self._fit()

    def show_colors(self, colors: Colors) -> None:
        """Paint what is edited or doubtful in the colours of a theme."""
        self.model_.edited = QColor(colors.edited)
        self.model_.doubtful = QColor(colors.doubtful)
        self.delegate.show_revert(colors.edited)
        self.viewport().update()

    def choose_color(self, row: int, column: int) -> QColorDialog:
        """Ask for a colour, and return the dialog."""
        cell = self.model_.cell(self.model_.index(row, column))
        dialog = QColorDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        if cell is not None and cell.kind == "rgba":
            dialog.setOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
        dialog.setCurrentColor(_qcolor(cell.value if cell else None))
        dialog.colorSelected.connect(
            lambda color: self.wished.emit(row, column, color.getRgb(), "new")
        )
        dialog.open()
        return dialog

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room anew."""
        super().resizeEvent(event)
        self._fit()

    def _click(self, index: QModelIndex) -> None:
        cell = self.model_.cell(index)
        if cell is not None and cell.kind in COLORS:
            self.choose_color(index.row(), index.column())

    def _show_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        cell = self.model_.cell(index)
        if cell is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        act = menu.addAction("Revert: as it is in the file")
        act.setEnabled(cell.edited)
        act.triggered.connect(lambda: self.reverted.emit(index.row(), index.column()))
        menu.popup(self.viewport().mapToGlobal(at))

    def _fit(self) -> None:
        """Be as high as the rows, up to some, and give one column the room left."""
        rows, count = self.model_.rowCount(), self.model_.columnCount()
        if not count:
            return
        scrolls = rows > _ROWS_SHOWN
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        room = self.width() - 2 * self.frameWidth() - (bar if scrolls else 0)
        self.resizeColumnsToContents()
        others = sum(
            self.columnWidth(column)
            for column in range(count)
            if column != self._stretched
        )
        least = max(_LEAST, self.sizeHintForColumn(self._stretched))
        self.setColumnWidth(self._stretched, max(room - others, least))
        height = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        height += min(max(rows, 1), _ROWS_SHOWN) * _ROW
        height += bar if others + least > room else 0
        self.setFixedHeight(height)


def _qcolor(value: object) -> QColor:
    if not isinstance(value, tuple) or len(value) != 4:
        return QColor(0, 0, 0, 0)
    return QColor(*value)
