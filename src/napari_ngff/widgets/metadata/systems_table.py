"""The tables of coordinate systems and of a transformation between two (0.6).

Paints what `system_grid` computes and tells the session what is wished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QComboBox, QHBoxLayout

from napari_ngff.metadata.editing.systems import RemoveSystem
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.labels import button, label
from napari_ngff.widgets.metadata.system_grid import (
    SystemGrid,
    edge_titles,
    matrix_grid,
    new_system,
    system_grid,
)

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session
    from napari_ngff.widgets.metadata.system_grid import MatrixGrid


class SystemsTable(GridSection):
    """Coordinate systems, and one of the transformations as a matrix.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    """

    def __init__(self, session: Session) -> None:
        self.edges = QComboBox()
        self.edges.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.matrix = GridSection(session, self._matrix, stretched=-1)
        self.no_matrix = label("This transformation has no matrix.", tone="muted")
        self.add = button("Add", "Another coordinate system with the same axes")
        self.remove = button("Remove", "Remove the selected one, if nothing uses it")
        super().__init__(session, system_grid, stretched=1)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch()
        self.layout_.addLayout(row)
        for widget in (self.edges, self.matrix, self.no_matrix):
            self.layout_.addWidget(widget)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.edges.currentIndexChanged.connect(self._choose)

    def show_colors(self, colors: Colors) -> None:
        """Paint what is edited in the colours of a theme."""
        super().show_colors(colors)
        self.matrix.show_colors(colors)

    def render_(self) -> None:
        """Paint the systems, the transformations, and the one that is chosen."""
        super().render_()
        grid = self.grid
        titles = edge_titles(grid) if isinstance(grid, SystemGrid) else ()
        if titles != tuple(self.edges.itemText(i) for i in range(self.edges.count())):
            chosen = max(self.edges.currentIndex(), 0)
            self.edges.blockSignals(True)
            self.edges.clear()
            self.edges.addItems(titles)
            self.edges.setCurrentIndex(min(chosen, len(titles) - 1))
            self.edges.blockSignals(False)
        self._choose()

    def _choose(self, index: int = 0) -> None:
        del index
        self.matrix.render_()
        some = self.edges.count() > 0
        self.edges.setVisible(some)
        self.matrix.setVisible(self.matrix.grid is not None)
        self.no_matrix.setVisible(some and self.matrix.grid is None)

    def _matrix(self, draft: Draft) -> MatrixGrid | None:
        grid = system_grid(draft)
        return None if grid is None else matrix_grid(grid, self.edges.currentIndex())

    def _add(self) -> None:
        if isinstance(self.grid, SystemGrid):
            self._make(new_system(self.grid))

    def _remove(self) -> None:
        row = self.table.currentIndex().row()
        if isinstance(self.grid, SystemGrid) and 0 <= row < self.grid.count:
            name = self.grid.systems[row].name
            self._make(RemoveSystem(name=name, of=self.grid.of))

    def _make(self, edit: AnyEdit) -> None:
        self.session.edit(edit)
        refused = self.session.draft.refused if self.session.draft else ()
        self.say(refused[0].message if refused else "")
