"""Which pixels are looked at where nobody states contrast limits, and their range.

Knows arrays and numbers; nothing of how limits are written or shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.lazy import LazyArray

#: The least and the largest value: whole numbers of pixels that are.
Range: TypeAlias = tuple[float, float]

#: How much is decoded at most for the limits of one channel, unless one chunk is more.
SAMPLE_PIXELS = 2**22
SAMPLE_CHUNKS = 64
_PLANE_AXES = 2


def channel_pixels(
    pixels: LazyArray, index: int, channel_axis: int | None
) -> LazyArray | None:
    """Return one channel, not read yet; None where there is none of that index.

    Parameters
    ----------
    pixels
        All channels.
    index
        Which of them.
    channel_axis
        Which axis they are along; None: there is one channel.
    """
    if channel_axis is None:
        return pixels
    if channel_axis >= pixels.ndim or index >= pixels.shape[channel_axis]:
        return None
    channel: LazyArray = pixels[(*(slice(None),) * channel_axis, index)]
    return channel


def finite_range(pixels: NDArray[Any]) -> Range | None:
    """Return the range of the finite values; None where it has no width."""
    found = pixels[np.isfinite(pixels)]
    if not found.size or found.min() == found.max():
        return None
    kind = int if found.dtype.kind in "iub" else float
    return kind(found.min()), kind(found.max())


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
