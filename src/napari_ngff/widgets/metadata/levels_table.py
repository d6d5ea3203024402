"""The table of levels, with a remedy where they are not where they should be.

Paints what `level_grid` computes; computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QHBoxLayout

from napari_ngff.metadata.editing import MakeConsistent
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.labels import button, label
from napari_ngff.widgets.metadata.level_grid import (
    FIELD,
    LAST,
    LevelGrid,
    level_grid,
    told,
)

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.session import Session


class LevelsTable(GridSection):
    """Where each level is, by the file and as computed.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    """

    def __init__(self, session: Session) -> None:
        self.told = label(tone="doubtful")
        self.repair = button(
            "Make consistent",
            "Put every level where the finest one and the shapes put it",
        )
        self.revert = button("Revert", "Have the levels as they are in the file")
        super().__init__(session, level_grid, stretched=LAST)
        row = QHBoxLayout()
        row.addWidget(self.told, 1)
        row.addWidget(self.repair)
        row.addWidget(self.revert)
        self.layout_.addLayout(row)
        self.repair.clicked.connect(self._repair)
        self.revert.clicked.connect(self._take_back)

    def render_(self) -> None:
        """Paint the levels as the draft has them."""
        super().render_()
        draft, grid = self.session.draft, self.grid
        text = told(grid) if isinstance(grid, LevelGrid) else ""
        edited = draft is not None and draft.is_edited(FIELD)
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.repair.setVisible(bool(text))
        self.revert.setVisible(edited)

    def _repair(self) -> None:
        self.session.edit(MakeConsistent())

    def _take_back(self) -> None:
        self.session.revert(FIELD)
