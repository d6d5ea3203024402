"""The table of axes: a row an axis where there is room, else a few lines an axis.

Paints what `axis_rows` computes and tells the session what is wished; computes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from qtpy.QtWidgets import QMenu, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.axis_layouts import in_blocks, in_rows
from napari_ngff.widgets.metadata.axis_line import AxisLine
from napari_ngff.widgets.metadata.axis_rows import (
    alike,
    axis_rows,
    field_of,
    names_of,
    shows_systems,
)
from napari_ngff.widgets.metadata.axis_wishes import repeated, wishes_of
from napari_ngff.widgets.metadata.axis_words import (
    HEADS,
    REPEATED,
    UNIT_CHANGES,
    UNIT_TIP,
)
from napari_ngff.widgets.metadata.forms import combo_box, form
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.tab_order import in_tab_order

if TYPE_CHECKING:
    from qtpy.QtGui import QResizeEvent

    from napari_ngff.widgets.metadata.axis_rows import AxisRow
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session

_FIRST: Final = ("name", "type", "unit", "size", "origin", "length", "extent")
_SYSTEMS: Final = ("longName", "orientation", "discrete")
#: From which width on a row an axis fits: without and with what 0.6 adds.
_WIDE: Final = 640
_WIDER: Final = 840


class AxesTable(QWidget):  # type: ignore[misc]
    """Name, type, unit, pixel size and origin of each axis, and what follows.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.

    Attributes
    ----------
    lines
        The widgets of each axis.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.lines: list[AxisLine] = []
        self._rows: tuple[AxisRow, ...] = ()
        self._form: tuple[int, bool, bool] = (-1, False, False)
        self._colors: Colors | None = None
        self._page: QWidget | None = None
        self.fault = label(tone="wrong")
        self.fault.hide()
        self.notes = label(tone="doubtful")
        self.unit_changes = combo_box(
            UNIT_CHANGES, name="A new unit", label="A new unit", tip=UNIT_TIP
        )
        self._below = form(self.unit_changes)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.fault)
        self._layout.addWidget(self.notes)
        self._layout.addWidget(self._below.native)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint the axes as the draft has them."""
        draft = self.session.draft
        self._rows = axis_rows(draft) if draft is not None else ()
        systems = draft is not None and shows_systems(draft)
        while len(self.lines) < len(self._rows):
            self._add_line(len(self.lines))
        self._arrange(systems=systems)
        for line, row in zip(self.lines, self._rows, strict=False):
            line.show_row(row)
        notes = [
            f"{row.title}: {row.note}"
            for row in self._rows
            if row.note and "unit" in row.edited
        ]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self._below.visible = bool(self._rows)

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        self._colors = colors
        for line in self.lines:
            line.show_colors(colors)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give each axis a row or a few lines, as there is room."""
        super().resizeEvent(event)
        self._arrange(systems=self._form[2])

    def _add_line(self, index: int) -> None:
        line = AxisLine(self)
        line.wished.connect(partial(self._wish, index))
        line.reverted.connect(partial(self._revert, index))
        line.faulted.connect(partial(self._blame, index))
        menu = line.cells["menu"].menu()
        menu.aboutToShow.connect(partial(self._fill_menu, menu, index))
        if self._colors is not None:
            line.show_colors(self._colors)
        self.lines.append(line)

    def _wish(self, index: int, column: str, value: object) -> None:
        if index >= len(self._rows):
            return
        keep = self.unit_changes.value
        field = self.lines[index].fields().get(column)
        wishes = wishes_of(self._rows[index], column, value, keep=keep)
        self.session.edit(*wishes, step=field.step if field else "new")
        refused = self.session.draft.refused if self.session.draft else ()
        if refused and field is not None:
            field.refuse(refused[0].message)
        elif refused:
            self._blame(index, column, refused[0].message)

    def _revert(self, index: int, column: str) -> None:
        self.session.revert(field_of(index, column))
        self.say("")

    def _blame(self, index: int, column: str, why: str) -> None:
        """Tell why something of an axis cannot be taken; it stays as it was."""
        rows = self._rows[index : index + 1]
        self.say(f"{HEADS[column]} of {rows[0].title}: {why}" if why and rows else "")

    def say(self, why: str) -> None:
        """Tell why what was typed cannot be taken; nothing, if it can."""
        self.fault.setText(why)
        self.fault.setVisible(bool(why))

    def _fill_menu(self, menu: QMenu, index: int) -> None:
        """Offer what can be done with an axis, as it is now."""
        menu.clear()
        if index >= len(self._rows):
            return
        row = self._rows[index]
        group = alike(self._rows, index)
        if len(group) > 1:
            for column, text in REPEATED.items():
                act = menu.addAction(f"Use this {text} for {names_of(group)}")
                act.triggered.connect(partial(self._repeat, index, column))
            menu.addSeparator()
        act = menu.addAction(f"Revert {row.title}: as it is in the file")
        act.setEnabled(bool(row.edited))
        act.triggered.connect(partial(self._revert_row, index))

    def _repeat(self, index: int, column: str) -> None:
        keep = self.unit_changes.value
        self.session.edit(*repeated(self._rows, index, column, keep=keep))

    def _revert_row(self, index: int) -> None:
        for column in self._rows[index].edited:
            self.session.revert(field_of(index, column))
        self.say("")

    def _arrange(self, *, systems: bool) -> None:
        wide = self.width() >= (_WIDER if systems else _WIDE)
        form = (len(self._rows), wide, systems)
        if form == self._form:
            return
        self._form = form
        columns = (*_FIRST, *(_SYSTEMS if systems else ()), "menu")
        cells = [line.cells for line in self.lines]
        for each in cells:
            for cell in each.values():
                cell.hide()
                cell.setParent(self)
        page = (in_rows if wide else in_blocks)(columns, cells[: len(self._rows)])
        if self._page is not None:
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._layout.insertWidget(0, page)
        page.show()
        shown = [
            each[column] for each in cells[: len(self._rows)] for column in columns
        ]
        in_tab_order(shown, before=self._below.native)
