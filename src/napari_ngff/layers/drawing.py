"""Where on the canvas napari draws the pixels of a layer's levels.

Knows napari's rules (public attributes alone, of any object that has them); napari is
not imported. Knows no chunks and no Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.metadata.lengths import unit_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Low and high corner along the displayed axes.
Rectangle: TypeAlias = "tuple[Floats, Floats]"


def displayed_of(layer: Any, dims: Any) -> tuple[int, ...]:
    """Return the axes of a layer that are drawn, in that order.

    A layer has the last axes of the world.
    """
    before = dims.ndim - layer.ndim
    order = [axis - before for axis in dims.order if axis >= before]
    return tuple(order[-dims.ndisplay :])


def ratios_of(layer: Any, dims: Any) -> Floats:
    """Return how many of the layer's units one of the viewer's is, axis by axis."""
    if dims.units is None or layer.units is None:
        return np.ones(layer.ndim)
    pairs = zip(dims.units[-layer.ndim :], layer.units, strict=True)
    return np.array([unit_ratio(str(a), str(b)) or 1.0 for a, b in pairs])


def to_level(place: float, levels: Sequence[Any], level: int, axis: int) -> float:
    """Turn a place in pixels of the finest level into one of another level.

    napari stretches all levels to the same extent, edge to edge.
    """
    factor = levels[0].shape[axis] / levels[level].shape[axis]
    return float((place + 0.5) / factor - 0.5)


def from_level(place: float, levels: Sequence[Any], level: int, axis: int) -> float:
    """Turn a place in pixels of a level into one of the finest; see `to_level`."""
    factor = levels[0].shape[axis] / levels[level].shape[axis]
    return float((place + 0.5) * factor - 0.5)


def world_matrix(layer: Any) -> Floats:
    """Return the homogeneous matrix from pixels of the finest level to the world."""
    ndim = layer.ndim
    found = np.eye(ndim + 1)
    origin = np.asarray(layer.data_to_world(np.zeros(ndim)), dtype=float)
    found[:-1, -1] = origin
    for axis, unit in enumerate(np.eye(ndim)):
        found[:-1, axis] = np.asarray(layer.data_to_world(unit), dtype=float) - origin
    return found


def within_view(layer: Any, dims: Any, view: Rectangle) -> Rectangle | None:
    """Return what a rectangle of the canvas covers, in pixels of the finest level.

    Parameters
    ----------
    layer, dims
        See `look_of`.
    view
        In the viewer's world, along its displayed axes.

    Returns
    -------
    pair of ndarray or None
        The smallest box along the layer's displayed axes; None where it has no
        inverse, or not as many axes.
    """
    displayed = displayed_of(layer, dims)
    if len(displayed) != len(view[0]):
        return None
    pick = np.array(displayed)
    matrix = world_matrix(layer)
    linear, offset = matrix[np.ix_(pick, pick)], matrix[pick, -1]
    if not abs(np.linalg.det(linear)) > 0:
        return None
    ratios = ratios_of(layer, dims)[pick]
    sides = np.array([view[0] * ratios, view[1] * ratios])
    grid = np.meshgrid(*sides.T, indexing="ij")
    corners = np.stack([part.ravel() for part in grid], axis=-1)
    found = (corners - offset) @ np.linalg.inv(linear).T
    return found.min(axis=0), found.max(axis=0)
