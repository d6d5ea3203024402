"""Where the borders of chunks and shards are on the canvas: lines, few and in view.

Knows levels, and where napari draws their pixels; knows no viewer, no files and no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from napari_ngff.layers.drawing import from_level, to_level
from napari_ngff.storage.pixels import indexing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.layers.drawing import Rectangle
    from napari_ngff.layers.viewing import Look
    from napari_ngff.storage.lazy import LazyArray

Kind: TypeAlias = Literal["chunk", "shard"]

#: So many borders of a kind are drawn across one axis.
AT_MOST: Final = 300
#: Borders of shards first: those of chunks that are in the same place are not drawn.
_KINDS: Final[tuple[Kind, ...]] = ("shard", "chunk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """Lines along rows and columns of what is displayed.

    Attributes
    ----------
    lines
        Their ends, in pixels of the finest level along the displayed axes: shape
        (n, 2, 2). The centre of the first pixel is 0.
    kinds
        Of what each line is the border; that of a shard is one of chunks, too.
    across
        Which of the displayed axes each line stands across: 0 or 1.
    crowded
        Of what there are borders in view that lie too close to be drawn.
    """

    lines: NDArray[np.float64]
    kinds: tuple[Kind, ...] = ()
    across: tuple[int, ...] = ()
    crowded: tuple[Kind, ...] = ()


def borders_of(
    look: Look,
    levels: Sequence[LazyArray],
    cells: Mapping[Kind, Sequence[int]],
    view: Rectangle,
    *,
    apart: Sequence[float] = (0.0, 0.0),
    at_most: int = AT_MOST,
) -> Borders:
    """Return the borders of chunks and shards of the level on screen, in view.

    Parameters
    ----------
    look
        What is shown, of two axes.
    levels
        The arrays of the layer, the finest first.
    cells
        Lengths of chunks, and of shards if there are any, in the stored array's axes.
    view
        What the canvas covers, in pixels of the finest level.
    apart
        How many pixels of the finest level borders must lie apart along each displayed
        axis to be drawn.
    at_most
        How many borders of a kind are drawn across one axis.
    """
    sides = [_side(levels, look, i, view) for i in (0, 1)]
    if any(low >= high for low, high in sides):
        return Borders(lines=np.empty((0, 2, 2)))
    lines: list[list[list[float]]] = []
    kinds: list[Kind] = []
    across: list[int] = []
    crowded: set[Kind] = set()
    for i in (0, 1):
        taken: set[int] = set()
        for kind in _KINDS:
            if kind not in cells:
                continue
            found = _along(levels, look, i, cells[kind], sides[i], apart[i], at_most)
            if found is None:
                crowded.add(kind)
                continue
            for place in sorted(set(found) - taken):
                lines.append(_line(levels, look, i, place, sides[1 - i]))
                kinds.append(kind)
                across.append(i)
            taken |= set(found)
    return Borders(
        lines=np.array(lines).reshape(-1, 2, 2),
        kinds=tuple(kinds),
        across=tuple(across),
        crowded=tuple(kind for kind in _KINDS if kind in crowded),
    )


def _side(
    levels: Sequence[Any], look: Look, i: int, view: Rectangle
) -> tuple[float, float]:
    """Return from where to where the level is in view, in its own pixels."""
    axis = look.displayed[i]
    low, high = (to_level(side[i], levels, look.level, axis) for side in view)
    return max(low, -0.5), min(high, levels[look.level].shape[axis] - 0.5)


def _along(
    levels: Sequence[LazyArray],
    look: Look,
    i: int,
    cell: Sequence[int],
    side: tuple[float, float],
    apart: float,
    at_most: int,
) -> list[int] | None:
    """Return before which pixels of the level borders are; None: too many."""
    axis = look.displayed[i]
    own, span = levels[look.level].window.dims[axis]
    length = 1 if own is None else cell[own]
    step = max(1.0, length / abs(span.step))
    factor = levels[0].shape[axis] / len(span)
    if step * factor < apart or (side[1] - side[0]) / step > at_most:
        return None
    # One pixel more on either side: what begins there is a border or out of view.
    first = max(0, int(np.floor(side[0] + 0.5)) - 1)
    last = min(len(span), int(np.ceil(side[1] + 0.5)) + 1)
    found = [first + edge for edge in indexing.edges(span[first:last], length)]
    ends = {edge for edge, end in ((first, 0), (last, len(span))) if edge != end}
    return [edge for edge in found if edge not in ends and _is_in(edge - 0.5, side)]


def _is_in(place: float, side: tuple[float, float]) -> bool:
    return side[0] <= place <= side[1]


def _line(
    levels: Sequence[Any],
    look: Look,
    i: int,
    edge: int,
    other: tuple[float, float],
) -> list[list[float]]:
    """Return the ends of the line before a pixel, in pixels of the finest level."""
    at = from_level(edge - 0.5, levels, look.level, look.displayed[i])
    ends = [from_level(p, levels, look.level, look.displayed[1 - i]) for p in other]
    return [[at, end] if i == 0 else [end, at] for end in ends]
