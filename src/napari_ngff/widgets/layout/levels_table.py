"""The table of levels: one column each, so that a narrow dock shows every line.

Paints what `level_words` says; to choose a column is to choose a level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QItemSelectionModel, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QTableWidget,
    QTableWidgetItem,
)

from napari_ngff.core.names import plain
from napari_ngff.widgets.layout.level_words import LINES

if TYPE_CHECKING:
    from qtpy.QtGui import QResizeEvent

    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors

_ROW: Final = 22
_LEAST: Final = 64
_LETTERS: Final = 24
#: napari's own headers are raised, and its cells have no margin.
_SHEET: Final = """
QTableView {{ background: transparent; border: none; }}
QTableView::item {{ padding: 0px 6px; }}
QTableView QTableCornerButton::section {{
    background: transparent; border: none; border-bottom: 1px solid {rule};
}}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: transparent; border: none; color: {muted}; }}
QHeaderView::section:horizontal {{
    border-bottom: 1px solid {rule}; padding: 2px 6px; color: {text};
}}
QHeaderView::section:vertical {{ padding: 0px 8px 0px 2px; }}
"""
_NOT_LOOKED: Final = "Its files were not looked at"


class LevelsTable(QTableWidget):  # type: ignore[misc]
    """All levels of the part that is shown.

    Parameters
    ----------
    session
        Holds what is shown, and is told which level was chosen.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(len(LINES), 0)
        self.session = session
        self._muted = QColor()
        self._build()
        self.itemSelectionChanged.connect(self._choose)
        session.changed.connect(self.render_)
        session.level_changed.connect(self._select)
        session.scanned.connect(self._render_level)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Paint what is not known in the colour of a theme."""
        self._muted = QColor(colors.muted)
        sheet = _SHEET.format(rule=colors.rule, muted=colors.muted, text=colors.text)
        self.setStyleSheet(sheet)
        self.render_()

    def render_(self) -> None:
        """Paint all levels."""
        levels = self.session.levels
        part = self.session.part
        self.blockSignals(True)
        self.clearSelection()
        self.setColumnCount(len(levels))
        for level, array in enumerate(levels):
            node = array.document.node
            inside = node.removeprefix(f"{part.node}/") if part and part.node else node
            item = QTableWidgetItem(plain(inside or "/", limit=_LETTERS))
            item.setToolTip(f"Level {level}: {plain(node or '/')}")
            self.setHorizontalHeaderItem(level, item)
            self._paint(level)
        self.blockSignals(False)
        self._hide_lines()
        self._select()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Be as high as it is with, or without, a scroll bar."""
        super().resizeEvent(event)
        self._fit()

    def _build(self) -> None:
        self.setAccessibleName("Levels")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        lines = self.verticalHeader()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(_ROW)
        lines.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        lines.setSectionsClickable(False)
        for row, line in enumerate(LINES):
            item = QTableWidgetItem(line.head)
            item.setToolTip(line.tip)
            self.setVerticalHeaderItem(row, item)

    def _hide_lines(self) -> None:
        """Leave out what there is to say of shards, where there are none."""
        stored = map(self.session.stored, range(self.columnCount()))
        sharded = any(each and each.stored.shard is not None for each in stored)
        for row, line in enumerate(LINES):
            self.setRowHidden(row, line.sharded and not sharded)

    def _render_level(self, level: int) -> None:
        if level < self.columnCount():
            self._paint(level)
            self._fit()

    def _paint(self, level: int) -> None:
        stored, found = self.session.stored(level), self.session.found(level)
        row = found.row if found else None
        for number, line in enumerate(LINES):
            text = "?" if stored is None else line.says(stored.stored, row)
            item = QTableWidgetItem(text)
            item.setTextAlignment(
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
            unseen = line.found and row is None
            item.setToolTip(_NOT_LOOKED if unseen else f"{line.head}: {text}")
            if text in ("?", "-"):
                item.setForeground(self._muted)
            self.setItem(number, level, item)

    def _select(self) -> None:
        """Show which level is chosen."""
        if not self.columnCount():
            return
        self.blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag
        index = self.model().index(max(0, self.currentRow()), self.session.level)
        self.selectionModel().setCurrentIndex(
            index, flags.ClearAndSelect | flags.Columns
        )
        self.blockSignals(False)

    def _choose(self) -> None:
        level = self.currentColumn()
        if level >= 0:
            self.session.show_level(level)

    def _fit(self) -> None:
        """Be as wide as the columns need, and as high as all lines."""
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, max(_LEAST, self.columnWidth(column)))
        needed = self.horizontalHeader().length() + self.verticalHeader().width()
        frame = 2 * self.frameWidth()
        height = self.horizontalHeader().sizeHint().height() + frame
        height += self.verticalHeader().length()
        if needed + frame > self.width():
            height += self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        if height != self.height():
            self.setFixedHeight(height)
