"""Contrast limits: from ``omero`` as far as it goes, else from a bounded read.

Knows numbers and arrays; knows no files and no colours. The only place in `layers`
that reads pixels.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.core.problems import NgffError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.metadata.model import Window
    from napari_ngff.storage.lazy import LazyArray

Limits: TypeAlias = tuple[float, float]

#: How much is decoded at most for the limits of one channel, unless one chunk is more.
SAMPLE_PIXELS = 2**22
SAMPLE_CHUNKS = 64
_THREADS = 8
_PLANE_AXES = 2


def window_limits(window: Window | None) -> Limits | None:
    """Return the limits that a window asks for.

    ``start`` and ``end`` where both are there and differ (in either order); what is
    missing is taken from ``min`` and ``max``, and these are used where the others are
    of no use.

    Returns
    -------
    tuple of float or None
        Increasing; None where the window says nothing that can be used.
    """
    if window is None:
        return None
    start = window.min if window.start is None else window.start
    end = window.max if window.end is None else window.end
    for low, high in ((start, end), (window.min, window.max)):
        if low is None or high is None or low == high:
            continue
        if isfinite(low) and isfinite(high):
            return float(min(low, high)), float(max(low, high))
    return None


def sampled_limits(coarsest: Sequence[LazyArray]) -> list[Limits | NgffError]:
    """Return the range of the pixels of each array, from a bounded part of it.

    Small arrays are read whole, of larger ones the middle along the leading axes
    (where napari opens), of large planes the middle. Several are read at once.

    Parameters
    ----------
    coarsest
        The coarsest level of each channel, plane axes last.

    Returns
    -------
    list
        For each array the limits, or the error that kept it from being read.
    """
    if len(coarsest) < _PLANE_AXES:
        return [_sampled(array) for array in coarsest]
    with ThreadPoolExecutor(min(_THREADS, len(coarsest))) as pool:
        return list(pool.map(_sampled, coarsest))


def _sampled(array: LazyArray) -> Limits | NgffError:
    if array.dtype == bool:
        return 0.0, 1.0
    try:
        return value_range(np.asarray(array[sample_box(array.shape, array.chunks)]))
    except NgffError as error:
        return error


def value_range(pixels: NDArray[Any]) -> Limits:
    """Return smallest and largest finite value; a range that includes 0 where equal.

    An image that is nowhere finite, or 0 everywhere, has the range from 0 to 1.
    """
    if pixels.dtype.kind == "f":
        pixels = pixels[np.isfinite(pixels)]
    if not pixels.size:
        return 0.0, 1.0
    low, high = float(pixels.min()), float(pixels.max())
    if low < high:
        return low, high
    return (min(low, 0.0), max(low, 0.0)) if low else (0.0, 1.0)


def sample_box(shape: Sequence[int], chunks: Sequence[int]) -> tuple[slice, ...]:
    """Return the part of an array that is read for its limits.

    Parameters
    ----------
    shape, chunks
        Of the array; the last two axes are the plane.

    Returns
    -------
    tuple of slice
        One an axis. The chunks that it touches hold at most `SAMPLE_PIXELS` and are
        at most `SAMPLE_CHUNKS`, unless a single chunk holds more.
    """
    sizes = [min(c, n) or 1 for c, n in zip(chunks, shape, strict=True)]
    counts = [-(-n // c) for n, c in zip(shape, sizes, strict=True)]
    taken = list(counts)
    for axis in range(len(shape)):
        # Leading axes first, each to its middle; then the plane, by halves.
        step = 2 if axis >= len(shape) - _PLANE_AXES else counts[axis]
        while taken[axis] > 1 and _too_many(taken, sizes):
            taken[axis] //= step
    box = []
    for n, size, count, part in zip(shape, sizes, counts, taken, strict=True):
        middle = (n // 2) // size - (part - 1) // 2
        first = min(max(middle, 0), count - part)
        box.append(slice(first * size, min((first + part) * size, n)))
    return tuple(box)


def _too_many(taken: Sequence[int], sizes: Sequence[int]) -> bool:
    chunks = int(np.prod(taken, dtype=object))
    pixels = chunks * int(np.prod(sizes, dtype=object))
    return chunks > SAMPLE_CHUNKS or pixels > SAMPLE_PIXELS
