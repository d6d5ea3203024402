"""The table of channels, with buttons that move them among the layers.

Paints what `channel_grid` computes; computes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtWidgets import QHBoxLayout

from napari_ngff.widgets.metadata.channel_grid import NAME, ChannelGrid, channel_grid
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.labels import button

if TYPE_CHECKING:
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.widgets.metadata.session import Session


class ChannelsSection(GridSection):
    """Names, colours, windows and the order of channels.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.

    Attributes
    ----------
    up, down
        Move the chosen channel over or under the next one.
    """

    def __init__(self, session: Session) -> None:
        self.up = button("Move up", "Show the chosen channel above the next layer")
        self.down = button("Move down", "Show the chosen channel below the next layer")
        super().__init__(session, channel_grid, stretched=NAME)
        row = QHBoxLayout()
        row.setSpacing(4)
        for each, by in ((self.up, 1), (self.down, -1)):
            row.addWidget(each)
            each.clicked.connect(partial(self._move, by))
        self.layout_.insertLayout(1, row)
        self.table.selectionModel().currentChanged.connect(self._allow)
        self._allow()

    def render_(self) -> None:
        """Paint what the draft has, and allow what can be moved."""
        super().render_()
        self._allow()

    def _row(self) -> int:
        return int(self.table.currentIndex().row())

    def _allow(self, *_: object) -> None:
        """Offer to move what is chosen, where there are several."""
        several = self.grid is not None and self.grid.count > 1
        for each, by in ((self.up, 1), (self.down, -1)):
            each.setVisible(several)
            each.setEnabled(bool(self._moved(by)))

    def _moved(self, by: int) -> tuple[AnyEdit, ...]:
        """Return what moves the chosen channel; nothing where it cannot be."""
        row, grid = self._row(), self.grid
        if not isinstance(grid, ChannelGrid) or not 0 <= row < grid.count:
            return ()
        return grid.raised(row, by)

    def _move(self, by: int, checked: object = None) -> None:
        del checked
        self.edit(*self._moved(by))
