"""A turned or sheared image on a grid along the world's axes, pixel by pixel read.

Knows matrices and arrays; does not know files, layers, nor who chose to resample.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, floor, prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.lazy import LazyArray

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from napari_ngff.metadata.transforms import FloatArray
    from napari_ngff.storage.pixels.indexing import Box

Interpolation: TypeAlias = Literal["linear", "nearest"]

#: How many pixels are computed at a time.
_PIXELS = 2**20
_CHUNK = {2: 1024, 3: 128}
_SMALLEST_CHUNK = 32
_ROUNDING = 1e-9
_HALF = 0.5 + _ROUNDING


@dataclass(frozen=True, slots=True, eq=False)
class ResampledSource:
    """An array seen on another grid; outside of it there is 0.

    Attributes
    ----------
    array
        The pixels.
    inverse
        Rows (n, n + 1): from pixel indices of the grid to those of `array`.
    shape
        Of the grid.
    how
        ``"linear"``: between the nearest pixels, rounded half to even where the
        pixels are whole numbers; up to the border of the outermost pixels, whose
        value holds there. ``"nearest"``: the pixel that it is in, for labels.
    """

    array: LazyArray
    inverse: tuple[tuple[float, ...], ...]
    shape: tuple[int, ...]
    how: Interpolation

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the array."""
        return self.array.dtype

    @property
    def mixed(self) -> tuple[int, ...]:
        """The axes that are resampled; along the others nothing changes."""
        linear = np.array(self.inverse)[:, :-1]
        mixes = (linear != 0) & ~np.eye(len(linear), dtype=bool)
        return tuple(np.flatnonzero(mixes.any(axis=0) | mixes.any(axis=1)).tolist())

    @property
    def chunks(self) -> tuple[int, ...]:
        """Those of the array; blocks along the axes that are resampled."""
        mixed = self.mixed
        side = _CHUNK.get(len(mixed), _SMALLEST_CHUNK)
        return tuple(
            min(side, n) if axis in mixed else chunk
            for axis, (n, chunk) in enumerate(
                zip(self.shape, self.array.chunks, strict=True)
            )
        )

    @property
    def identity(self) -> Hashable:
        """That of the array, and the grid."""
        name = "resampled"
        return (name, self.array.identity, self.inverse, self.shape, self.how)

    def read(self, box: Box) -> NDArray[Any]:
        """Return a box, computed in parts of about a million pixels."""
        out = np.zeros([side.stop - side.start for side in box], self.dtype)
        self._fill(out, [(side.start, side.stop) for side in box])
        return out

    def _fill(self, out: NDArray[Any], box: list[tuple[int, int]]) -> None:
        sizes = [stop - start for start, stop in box]
        longest = int(np.argmax(sizes))
        if prod(sizes) > _PIXELS and sizes[longest] > 1:
            start, stop = box[longest]
            half = sizes[longest] // 2
            first, second = list(box), list(box)
            first[longest], second[longest] = (
                (start, start + half),
                (start + half, stop),
            )
            lead = (slice(None),) * longest
            self._fill(out[(*lead, slice(None, half))], first)
            self._fill(out[(*lead, slice(half, None))], second)
            return
        mixed = self.mixed
        places = self._places(box, mixed)
        wanted = list(box)
        for axis, place in zip(mixed, places, strict=True):
            size = self.array.shape[axis]
            low, high = float(np.min(place)), float(np.max(place))
            if high < -_HALF or low > size - 1 + _HALF:
                return
            lowest = min(max(floor(low), 0), size - 1)
            wanted[axis] = (lowest, min(max(ceil(high), 0), size - 1) + 1)
        pixels = np.asarray(self.array[tuple(slice(*side) for side in wanted)])
        last = range(-len(mixed), 0)
        values = np.moveaxis(pixels, mixed, last)
        starts = [wanted[axis][0] for axis in mixed]
        inside = self._inside(places, mixed)
        local = [p - start for p, start in zip(places, starts, strict=True)]
        found = _HOW[self.how](values, local)
        np.moveaxis(out, mixed, last)[...] = np.where(inside, found, 0)

    def _places(
        self, box: Sequence[tuple[int, int]], mixed: Sequence[int]
    ) -> list[FloatArray]:
        """Return where the pixels of a box are in the array, along each mixed axis."""
        rows = np.array(self.inverse)
        grids = np.meshgrid(
            *(np.arange(*box[axis], dtype=np.float64) for axis in mixed),
            indexing="ij",
            sparse=True,
        )
        places = []
        for axis in mixed:
            terms = (rows[axis, m] * grid for m, grid in zip(mixed, grids, strict=True))
            places.append(np.asarray(sum(terms, start=rows[axis, -1])))
        return places

    def _inside(
        self, places: Sequence[FloatArray], mixed: Sequence[int]
    ) -> NDArray[np.bool_]:
        inside = np.ones(places[0].shape, dtype=bool)
        for axis, place in zip(mixed, places, strict=True):
            size = self.array.shape[axis]
            inside &= (place >= -_HALF) & (place <= size - 1 + _HALF)
        return inside


def _nearest(values: NDArray[Any], places: Sequence[FloatArray]) -> NDArray[Any]:
    sizes = values.shape[-len(places) :]
    index = [
        np.clip(np.rint(place), 0, size - 1).astype(np.intp)
        for place, size in zip(places, sizes, strict=True)
    ]
    at: Any = (..., *index)
    found: NDArray[Any] = values[at]
    return found


def _linear(values: NDArray[Any], places: Sequence[FloatArray]) -> NDArray[Any]:
    if values.dtype == bool:
        return _nearest(values, places)
    sizes = values.shape[-len(places) :]
    held = [
        np.clip(place, 0, size - 1) for place, size in zip(places, sizes, strict=True)
    ]
    below = [np.floor(place).astype(np.intp) for place in held]
    total: Any = 0.0
    for corner in product((0, 1), repeat=len(places)):
        weight: Any = 1.0
        index = []
        for step, place, low, size in zip(corner, held, below, sizes, strict=True):
            part = place - low
            weight = weight * (part if step else 1 - part)
            index.append(np.minimum(low + step, size - 1))
        at = values[(..., *index)].astype(np.float64)
        total = total + np.where(weight > 0, weight * at, 0.0)
    if values.dtype.kind in "iu":
        total = np.rint(total)
    found: NDArray[Any] = total.astype(values.dtype)
    return found


_HOW = {"nearest": _nearest, "linear": _linear}


def resampled(
    array: LazyArray, matrix: FloatArray, how: Interpolation
) -> tuple[LazyArray, FloatArray]:
    """Return a view of an image on a grid along the world's axes.

    Parameters
    ----------
    array
        The pixels.
    matrix
        Homogeneous, (n + 1, n + 1): where they are.
    how
        ``"linear"`` for images, ``"nearest"`` for labels.

    Returns
    -------
    array
        Lazy: computed when it is read. It covers all of the image, and has its pixel
        size along each axis (where that differs, what keeps every detail). The array
        itself where it lies along the axes already.
    matrix
        Where its pixels are: scale and translation.
    """
    linear = matrix[:-1, :-1]
    undone = np.linalg.inv(linear)
    mixes = (linear != 0) & ~np.eye(len(linear), dtype=bool)
    mixed = mixes.any(axis=0) | mixes.any(axis=1)
    if not mixed.any():
        return array, matrix
    step = np.where(mixed, 1 / np.sqrt((undone**2).sum(axis=0)), np.diagonal(linear))
    ends = [(-0.5, n - 0.5) for n in array.shape]
    world = np.array(list(product(*ends))) @ linear.T + matrix[:-1, -1]
    low, high = world.min(axis=0), world.max(axis=0)
    sizes = np.ceil((high - low) / np.abs(step) - _ROUNDING).astype(int)
    shape = np.where(mixed, sizes, array.shape)
    first = np.where(mixed, (low + high - (shape - 1) * step) / 2, matrix[:-1, -1])
    grid = np.diag([*step, 1.0])
    grid[:-1, -1] = first
    inverse = np.linalg.inv(matrix) @ grid
    inverse[:-1][~mixed] = np.eye(len(inverse))[:-1][~mixed]
    source = ResampledSource(
        array=array,
        inverse=tuple(tuple(row) for row in inverse[:-1].tolist()),
        shape=tuple(shape.tolist()),
        how=how,
    )
    return LazyArray(source), grid
