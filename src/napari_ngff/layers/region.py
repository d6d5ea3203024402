"""Which part of the viewer is saved, and what that is in the pixels of a layer.

Knows boxes in world coordinates and the matrix of a layer; does not know layers of
napari, nor which widget a box came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
