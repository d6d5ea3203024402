"""What a re-sharding will do, as a table: files and bytes before and after.

Paints a plan; knows no files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.dataset.resharding.plan_text import TITLES, array_row, summary, told
from napari_ngff.widgets.layout.notes import Notes
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.look import set_tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
    from napari_ngff.widgets.layout.notes import Note
    from napari_ngff.widgets.metadata.look import Tone

_ROW: Final = 24


class ReshardPreview(QWidget):  # type: ignore[misc]
    """A row an array, the sums, and what is worth knowing.

    Attributes
    ----------
    table, summary, notes
        From top to bottom.
    """

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, len(TITLES))
        self.summary = label()
        self.notes = Notes()
        self._build()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.summary)
        layout.addWidget(self.notes)

    def show_plan(self, plan: ReshardPlan) -> None:
        """Show what will be done, or why it cannot be."""
        self.table.setRowCount(len(plan.arrays))
        for row, array in enumerate(plan.arrays):
            for column, text in enumerate(array_row(array)):
                item = QTableWidgetItem(text)
                tip = text if column < len(TITLES) - 1 or not array.why else array.why
                item.setToolTip(plain(tip, limit=1024))
                self.table.setItem(row, column, item)
        self.table.resizeColumnsToContents()
        self.say(f"{summary(plan)}." if plan.arrays else "Nothing would change.")
        self.notes.show_notes(tuple(_notes(plan)))

    def show_error(self, text: str) -> None:
        """Show why nothing can be said."""
        self.table.setRowCount(0)
        self.notes.show_notes(())
        self.say(plain(text, limit=4096), tone="wrong")

    def say(self, text: str, *, tone: Tone = "") -> None:
        """Say something below the table."""
        set_tone(self.summary, tone)
        self.summary.setText(text)

    def _build(self) -> None:
        table = self.table
        table.setAccessibleName("What will be done")
        table.setHorizontalHeaderLabels(TITLES)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setMinimumHeight(4 * _ROW)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)


def _notes(plan: ReshardPlan) -> Iterator[Note]:
    """Give what stands in the way first; why pixels are decoded once, not by array."""
    for problem in dict.fromkeys(plan.obstacles):
        yield "Not possible", told(problem), "wrong"
    if plan.was != plan.version:
        yield "", f"OME-Zarr {plan.was or '?'} becomes {plan.version}.", "muted"
    for why in dict.fromkeys(array.why for array in plan.decoded):
        text = f"{plain(why, limit=512)}: pixels are decoded and packed again."
        yield "Decoded", text, "doubtful"
    for problem in dict.fromkeys(plan.problems):
        yield "", told(problem), "doubtful" if problem.level != "info" else "muted"
