"""Which pixels of which level a layer shows, and so reads, as the viewer stands now.

Knows how napari slices (its public attributes alone, of any object that has them);
napari is not imported. Knows no chunks, no files and no Qt; reads no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.layers.drawing import displayed_of, ratios_of, to_level
from napari_ngff.storage.pixels import indexing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.pixels.indexing import Box

    Floats = NDArray[np.float64]

_PLANE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What of a layer is shown.

    Attributes
    ----------
    level
        Which level; 0 is the finest.
    box
        One slice of step 1 for each axis of the level's array as the layer has it, the
        colours of RGB included.
    displayed
        The layer's axes that are drawn, in that order: rows, columns.
    point
        Where the slice is along the layer's axes, in pixels of the finest level; NaN
        for those that are displayed.
    """

    level: int
    box: Box
    displayed: tuple[int, ...]
    point: tuple[float, ...]


def levels_of(layer: Any) -> list[Any]:
    """Return the arrays of a layer, the finest first."""
    return list(layer.data) if layer.multiscale else [layer.data]


def look_of(layer: Any, dims: Any) -> Look | None:
    """Return what of an image or labels layer is drawn; None: it is out of the slice.

    Parameters
    ----------
    layer
        With levels in `data`, `multiscale`, `data_level` and `corner_pixels`.
    dims
        The viewer's.
    """
    levels = levels_of(layer)
    level = min(layer.data_level, len(levels) - 1) if layer.multiscale else 0
    corners = None
    if layer.multiscale and dims.ndisplay == _PLANE:
        corners = np.asarray(layer.corner_pixels)
    return _look(layer, dims, levels, level, corners)


def look_at(layer: Any, dims: Any, level: int) -> Look | None:
    """Return what of a level lies in the slice, on screen or not; None: nothing.

    Parameters
    ----------
    layer, dims
        See `look_of`.
    level
        Which level, of those that the layer has.
    """
    return _look(layer, dims, levels_of(layer), level, None)


def looks_of(layer: Any, dims: Any) -> Iterator[Look]:
    """Give all that a layer reads: what is drawn, and its small picture.

    That is the plane of the coarsest level; of an image of two axes it is read once.
    """
    drawn = look_of(layer, dims)
    if drawn is None:
        return
    yield drawn
    if layer.multiscale and layer.ndim > _PLANE:
        small = look_at(layer, dims, len(layer.data) - 1)
        if small is not None:
            yield small


def _look(
    layer: Any, dims: Any, levels: Sequence[Any], level: int, corners: Any
) -> Look | None:
    shape = levels[level].shape
    displayed = displayed_of(layer, dims)
    slicing = _slices(layer, dims, displayed)
    if not all(shape) or not _is_within(layer, slicing, levels[0].shape):
        return None
    factors = np.divide(levels[0].shape, shape)
    sides = []
    for axis, length in enumerate(shape):
        low, high = 0, length
        if axis in displayed and corners is not None:
            low = max(0, int(corners[0, axis]))
            high = min(length, max(low, int(corners[1, axis])) + 1)
        elif axis < layer.ndim and axis not in displayed:
            at = slicing[:, axis] / factors[axis]
            low, high = _side(layer, at, length)
        sides.append(slice(low, high))
    return Look(
        level=level,
        box=tuple(sides),
        displayed=displayed,
        point=tuple(slicing[0].tolist()),
    )


def _slices(layer: Any, dims: Any, displayed: Sequence[int]) -> Floats:
    """Return where the slice is, and how thick to both sides, in pixels; 3 rows.

    NaN along what is displayed.
    """
    hidden = [i for i in range(layer.ndim) if i not in displayed]
    ratios = ratios_of(layer, dims)
    rows = np.zeros((3, layer.ndim))
    sides = (dims.point, dims.margin_left, dims.margin_right)
    for row, world in zip(rows, sides, strict=True):
        own = np.asarray(world, dtype=float)[-layer.ndim :] * ratios
        row[hidden] = own[hidden]
    zero = np.asarray(layer.world_to_data(np.zeros(layer.ndim)), dtype=float)
    found = np.array([layer.world_to_data(row) for row in rows], dtype=float)
    found[1:] -= zero
    slicing: Floats = np.nan_to_num(found)
    slicing[:, list(displayed)] = np.nan
    return slicing


def _is_thick(layer: Any) -> bool:
    return str(layer.projection_mode) != "none"


def _is_within(layer: Any, slicing: Floats, shape: Sequence[int]) -> bool:
    """Tell whether the slice goes through a layer of this shape."""
    point, left, right = slicing
    if not _is_thick(layer):
        left = right = np.zeros(layer.ndim)
    hidden = ~np.isnan(point)
    last = np.asarray(shape[: layer.ndim]) - 1
    outside = (np.round(point + right) < 0) | (np.round(point - left) > last)
    return not outside[hidden].any()


def _side(layer: Any, at: Floats, length: int) -> tuple[int, int]:
    """Return which pixels along a hidden axis are read, as napari does."""
    point, left, right = at
    if layer.multiscale:
        point = np.clip(point, 0, length - 1)
    if not _is_thick(layer):
        low = int(np.round(point))
        return low, low + 1
    low = max(int(np.round(point - left)), 0)
    high = max(int(np.round(point + right)), 0)
    if np.isclose(high, point + right):
        high += 1
    return low, min(max(high, low + 1), length)


def in_array(array: LazyArray, box: Box) -> Box:
    """Return which pixels of the stored array a box of a layer's level is.

    Parameters
    ----------
    array
        The level as the layer has it: transposed, an axis taken out or added.
    box
        One slice for each axis of it.
    """
    return indexing.box_of(indexing.narrow(array.window, box))


def pixel_at(layer: Any, dims: Any, position: Sequence[float]) -> Look | None:
    """Return the one pixel of the level on screen at a place of the world, if any.

    Parameters
    ----------
    layer, dims
        See `look_of`.
    position
        In the viewer's world, one number for each of its axes.
    """
    drawn = look_of(layer, dims)
    if drawn is None:
        return None
    levels = levels_of(layer)
    own = np.asarray(position, dtype=float)[-layer.ndim :] * ratios_of(layer, dims)
    data = layer.world_to_data(own)
    sides = list(drawn.box)
    for axis in drawn.displayed:
        length = levels[drawn.level].shape[axis]
        place = to_level(data[axis], levels, drawn.level, axis)
        index = int(np.floor(place + 0.5))
        if not 0 <= index < length:
            return None
        sides[axis] = slice(index, index + 1)
    for axis in range(len(sides)):
        start = sides[axis].start
        if axis < layer.ndim:
            sides[axis] = slice(start, start + 1)
    return Look(
        level=drawn.level,
        box=tuple(sides),
        displayed=drawn.displayed,
        point=drawn.point,
    )
