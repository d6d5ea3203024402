"""The ways in which an image is looked at, as boxes of pixels. Pure.

Knows axes by their types; does not know how they are stored.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.metadata.axes import Axis
    from napari_ngff.storage.pixels.indexing import Box

#: Length of the block that stands for looking at a part in 3-D.
BLOCK: Final = 128


def views_of(
    axes: Sequence[Axis], shape: Sequence[int], at: Sequence[int] | None = None
) -> dict[str, Box]:
    """Return the planes, the block and the step in time that people look at.

    Parameters
    ----------
    axes
        Of the array; where there are none, its last three are taken for space.
    shape
        Lengths of the array.
    at
        Where the others stand; None: in the middle.

    Returns
    -------
    dict
        By name: a plane of each two axes of space (such as ``"y-x plane"``), the
        ``"block"`` of up to 128 pixels along each of three, one ``"time step"``. None
        for an array that is empty.
    """
    if not all(shape):
        return {}
    at = [n // 2 for n in shape] if at is None else at
    names, space, time = _roles(axes, len(shape))
    # Along an axis of one pixel there is nothing to look at.
    space = [axis for axis in space if shape[axis] > 1] or space
    planes = list(combinations(space[-3:], 2))[::-1]
    views = {
        f"{names[a]}-{names[b]} plane": _box(shape, at, whole=(a, b)) for a, b in planes
    }
    if len(space) > 2:
        views["block"] = _block(_box(shape, at, whole=()), shape, at, space[-3:])
    if time is not None and shape[time] > 1:
        others = tuple(i for i in range(len(shape)) if i != time)
        views["time step"] = _box(shape, at, whole=others)
    return views


def _roles(axes: Sequence[Axis], ndim: int) -> tuple[list[str], list[int], int | None]:
    if len(axes) != ndim:
        names = [f"axis {i}" for i in range(ndim)]
        return names, list(range(ndim))[-3:], None
    names = [axis.name or f"axis {i}" for i, axis in enumerate(axes)]
    space = [i for i, axis in enumerate(axes) if axis.type == "space"]
    times = [i for i, axis in enumerate(axes) if axis.type == "time"]
    return names, space or list(range(ndim))[-3:], times[0] if times else None


def _box(shape: Sequence[int], at: Sequence[int], *, whole: tuple[int, ...]) -> Box:
    return tuple(
        slice(0, n) if axis in whole else slice(at[axis], at[axis] + 1)
        for axis, n in enumerate(shape)
    )


def _block(
    box: Box, shape: Sequence[int], at: Sequence[int], space: Sequence[int]
) -> Box:
    sides = list(box)
    for axis in space:
        length = min(BLOCK, shape[axis])
        start = min(max(0, at[axis] - length // 2), shape[axis] - length)
        sides[axis] = slice(start, start + length)
    return tuple(sides)
