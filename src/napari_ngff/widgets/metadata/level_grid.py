"""The table of levels as cells: where each is, and where it should be; no Qt.

Knows drafts and the words of the table; where levels belong it asks `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.metadata.editing.levels import level_rows
from napari_ngff.widgets.metadata.axis_rows import brief, names_of_axes
from napari_ngff.widgets.metadata.cells import Cell

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.metadata.editing.levels import LevelRow
    from napari_ngff.metadata.model import Multiscale

_HEADS: Final = ("Level", "Pixels", "Scale", "Translation")
#: The column that takes the room that is left.
LAST: Final = 3
FIELD: Final = ("levels",)
_TIMES: Final = " \N{MULTIPLICATION SIGN} "


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelGrid:
    """The levels of an image; see `cells.Grid`. Nothing in it is edited by itself."""

    multiscale: Multiscale
    rows: tuple[LevelRow, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""
        return _HEADS

    @property
    def count(self) -> int:
        """How many levels there are."""
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        level = self.rows[row]
        if column == 0:
            mark = "" if level.is_consistent else "⚠ "
            text, tip = mark + plain(level.path, limit=32), _elsewhere(self, level)
            return Cell(kind="fact", value=text, doubtful=bool(mark), tip=tip)
        if column == 1:
            shape = level.shape
            known = _TIMES.join(map(str, shape)) if shape else "not known"
            return Cell(kind="fact", value=known)
        stated, computed = (
            (level.stated_scale, level.scale)
            if column == 2
            else (level.stated_translation, level.translation)
        )
        text, right = _numbers(stated, computed, level.agrees)
        tip = _in_full(stated, computed)
        return Cell(kind="fact", value=text, doubtful=not right, tip=tip)

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that makes levels consistent."""
        del row, column
        return FIELD

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return no edits."""
        del row, column, value
        return ()

    @property
    def wrong(self) -> tuple[LevelRow, ...]:
        """The levels that are not where pixel sizes and shapes put them."""
        return tuple(row for row in self.rows if not row.is_consistent)


def level_grid(draft: Draft) -> LevelGrid | None:
    """Return the levels of the image that is edited; None where it is no image."""
    multiscale = draft.multiscale
    if multiscale is None:
        return None
    return LevelGrid(multiscale=multiscale, rows=level_rows(multiscale, draft.shapes))


def told(grid: LevelGrid) -> str:
    """Tell which levels are elsewhere; empty if none is."""
    wrong = grid.wrong
    if not wrong:
        return ""
    names = names_of_axes([plain(row.path, limit=16) for row in wrong])
    one = len(wrong) == 1
    what = f"Level {names} is" if one else f"Levels {names} are"
    return f"{what} not where pixel sizes and shapes put {'it' if one else 'them'}."


def _elsewhere(grid: LevelGrid, level: LevelRow) -> str:
    axes = grid.multiscale.axes
    off = [
        plain(a.name, limit=16)
        for a, ok in zip(axes, level.agrees, strict=True)
        if not ok
    ]
    return f"It is elsewhere along {names_of_axes(off)}." if off else ""


def _numbers(
    stated: Sequence[float] | None,
    computed: Sequence[float] | None,
    agrees: Sequence[bool],
) -> tuple[str, bool]:
    """Return what is stated, with what should be where that differs."""
    if stated is None:
        should = "" if computed is None else f" → {', '.join(map(brief, computed))}"
        return f"not stated{should}", computed is None
    if computed is None:
        return ", ".join(map(brief, stated)), True
    parts, right = [], True
    for value, wanted, ok in zip(stated, computed, agrees, strict=True):
        same = ok or value == wanted
        right = right and same
        parts.append(brief(value) if same else f"{brief(value)} → {brief(wanted)}")
    return ", ".join(parts), right


def _in_full(stated: Sequence[float] | None, computed: Sequence[float] | None) -> str:
    parts = []
    if stated is not None:
        parts.append(f"In the file: {', '.join(map(repr, stated))}")
    if computed is not None:
        parts.append(f"As computed: {', '.join(map(repr, computed))}")
    return "\n".join(parts)
