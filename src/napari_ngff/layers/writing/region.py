"""Which part of the viewer is saved, and what that is in the pixels of a layer.

Knows boxes in world coordinates and the matrix of a layer; does not know layers of
napari, nor which widget a box came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.layers.writing.world import Placed, extent, is_straight
from napari_ngff.metadata.axes import normal_unit
from napari_ngff.metadata.lengths import unit_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Parts of a pixel that are rounding.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box in the viewer's world.

    Attributes
    ----------
    sides
        Low and high world coordinate along each axis of the viewer, in either order;
        None: all of it. The last side belongs to the last axis of each layer, as
        napari aligns layers; axes before the first side are whole. Pixels whose
        centre is inside are saved; where a side is one point (low equal to high), the
        pixel that it is in.
    units
        Of the sides, one each; empty: those of each layer.
    """

    sides: tuple[tuple[float, float] | None, ...] = ()
    units: tuple[str, ...] = ()


WHOLE = Region()


def at_point(
    point: Sequence[float], axes: Sequence[int], *, units: Sequence[str] = ()
) -> Region:
    """Return the planes in which some axes are at a point: the current t, or z.

    Parameters
    ----------
    point
        World coordinates, one an axis of the viewer (``viewer.dims.point``).
    axes
        Which axes of the viewer are cut; the others are whole.
    units
        Units of the axes of the viewer; empty: those of each layer.
    """
    cut = {axis % len(point) for axis in axes}
    return Region(
        sides=tuple((p, p) if i in cut else None for i, p in enumerate(point)),
        units=tuple(units),
    )


def around(
    vertices: Sequence[Sequence[float]],
    axes: Sequence[int],
    *,
    units: Sequence[str] = (),
) -> Region:
    """Return the box around points: the corners of a rectangle, or of the view.

    Parameters
    ----------
    vertices
        World coordinates of the points, one an axis of the viewer.
    axes
        Which axes of the viewer are cut (those displayed); the others are whole.
    units
        Units of the axes of the viewer; empty: those of each layer.
    """
    columns = list(zip(*vertices, strict=True))
    cut = {axis % len(columns) for axis in axes}
    return Region(
        sides=tuple(
            (min(column), max(column)) if i in cut else None
            for i, column in enumerate(columns)
        ),
        units=tuple(units),
    )


def crop(placed: Placed, units: Sequence[str | None], region: Region) -> Placed | None:
    """Return the part of an image that is in a region; None where nothing is.

    Parameters
    ----------
    placed
        The image.
    units
        Of its axes.
    region
        Which part. Of an image that is turned or sheared, the smallest box of pixels
        that holds it.

    Returns
    -------
    Placed or None
        Views of the levels, each pixel where it was. Coarser levels stay where they
        have as many pixels as the finest along the axes that are cut.
    """
    sides = _sides(region, units, placed.ndim)
    if all(side is None for side in sides):
        return placed
    box = _box(placed, sides)
    if box is None:
        return None
    cut = [i for i, side in enumerate(box) if len(side) < placed.shape[i]]
    kept = [
        i
        for i, level in enumerate(placed.levels)
        if all(level.shape[axis] == placed.shape[axis] for axis in cut)
    ]
    levels, matrices = [], []
    for i in kept:
        start = np.zeros(placed.ndim + 1)
        start[cut] = [box[axis].start for axis in cut]
        matrix = placed.matrices[i].copy()
        matrix[:, -1] += placed.matrices[i] @ start
        key = tuple(
            slice(side.start, side.stop) if axis in cut else slice(None)
            for axis, side in enumerate(box)
        )
        levels.append(placed.levels[i][key])
        matrices.append(matrix)
    return Placed(levels=tuple(levels), matrices=tuple(matrices))


def _sides(
    region: Region, units: Sequence[str | None], ndim: int
) -> list[tuple[float, float] | None]:
    """Return the sides that belong to the axes of a layer, in its own units."""
    given = region.sides[-ndim:]
    of_sides = region.units[-ndim:] or (None,) * len(given)
    missing = ndim - len(given)
    sides: list[tuple[float, float] | None] = [None] * missing
    for side, unit, own in zip(given, of_sides, units[missing:], strict=True):
        if side is None:
            sides.append(None)
            continue
        ratio = unit_ratio(normal_unit(unit), own) if unit else 1.0
        low, high = sorted(part * (ratio or 1.0) for part in side)
        sides.append((low, high))
    return sides


def _box(
    placed: Placed, sides: Sequence[tuple[float, float] | None]
) -> list[range] | None:
    """Return the pixels of the finest level along each axis."""
    low, high = extent(placed)
    corners = [side or (low[i], high[i]) for i, side in enumerate(sides)]
    undone = np.linalg.inv(placed.matrices[0])
    points = np.array([(*point, 1.0) for point in product(*corners)])
    pixels = (points @ undone.T)[:, :-1]
    straight = is_straight(placed)
    box = []
    for axis, size in enumerate(placed.shape):
        if straight and sides[axis] is None:
            box.append(range(size))
            continue
        along = pixels[:, axis].tolist()
        found = _pixels(min(along), max(along), size)
        if not found:
            return None
        box.append(found)
    return box


def _pixels(low: float, high: float, size: int) -> range:
    """Return the pixels whose centre is between two places, at least the nearest."""
    first, last = ceil(low - _ROUNDING), floor(high + _ROUNDING)
    if first > last or high - low < _ROUNDING:
        first = last = floor((low + high) / 2 + 0.5)
    return range(max(first, 0), min(last + 1, size))
