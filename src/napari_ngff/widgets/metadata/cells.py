"""What a table of many rows shows: cells, as values; no Qt.

Knows how a cell is shown and edited; what it says is known by whoever makes the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.dataset.editing.folding import AnyEdit

#: How a cell is shown: a fact cannot be edited; colours are four numbers of 0 to 255,
#: the last of which is opacity and can be chosen in ``rgba``.
Kind: TypeAlias = Literal["text", "number", "check", "color", "rgba", "fact"]
#: Those that are a colour.
COLORS: Final = ("color", "rgba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a table.

    Attributes
    ----------
    kind
        How it is shown and edited.
    value
        A text, a bool, a colour as (red, green, blue, alpha), or None for nothing.
    edited
        Whether it differs from the file.
    doubtful
        Whether it is worth a look.
    tip
        More about it: our own words, or made plain.
    """

    kind: Kind
    value: object = None
    edited: bool = False
    doubtful: bool = False
    tip: str = ""


class Grid(Protocol):
    """A table of cells and what editing one of them wishes."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that an edit of a cell names."""

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return the edits that give a cell a value.

        Raises
        ------
        ValueError
            If a typed text cannot be taken; its text says why.
        """
