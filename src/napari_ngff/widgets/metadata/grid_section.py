"""A table of channels or label values, bound to the session.

Paints grids and tells the session what is wished; computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.cells_table import CellsTable
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.widgets.metadata.cells import Grid
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session


class GridSection(QWidget):  # type: ignore[misc]
    """A table whose cells are edits of the session's draft.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    grid_of
        What of the draft is shown; None where it has none of it.
    stretched
        The column that takes the room that is left.
    """

    def __init__(
        self,
        session: Session,
        grid_of: Callable[[Draft], Grid | None],
        *,
        stretched: int,
    ) -> None:
        super().__init__()
        self.session = session
        self.grid: Grid | None = None
        self._grid_of, self._stretched = grid_of, stretched
        self.table = CellsTable()
        self.fault = label(tone="wrong")
        self.fault.hide()
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(4)
        self.layout_.addWidget(self.table)
        self.layout_.addWidget(self.fault)
        self.table.wished.connect(self._wish)
        self.table.reverted.connect(self._revert)
        self.table.faulted.connect(self.say)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint what the draft has."""
        draft = self.session.draft
        self.grid = None if draft is None else self._grid_of(draft)
        self.table.show_grid(self.grid, stretched=self._stretched)

    def show_colors(self, colors: Colors) -> None:
        """Paint what is edited or doubtful in the colours of a theme."""
        self.table.show_colors(colors)

    def _wish(self, row: int, column: int, value: object, step: str) -> None:
        if self.grid is None:
            return
        try:
            wishes = self.grid.wishes(row, column, value)
        except ValueError as error:
            self.say(str(error))
            return
        self.edit(*wishes, step="same" if step == "same" else "new")

    def edit(self, *wishes: AnyEdit, step: Literal["new", "same"] = "new") -> None:
        """Wish edits, and tell why where they cannot be made."""
        self.session.edit(*wishes, step=step)
        refused = self.session.draft.refused if self.session.draft else ()
        self.say(refused[0].message if refused else "")

    def _revert(self, row: int, column: int) -> None:
        if self.grid is not None:
            self.session.revert(self.grid.field(row, column))
            self.say("")

    def say(self, why: str) -> None:
        """Tell why what was typed cannot be taken; nothing, if it can."""
        self.fault.setText(why)
        self.fault.setVisible(bool(why))
