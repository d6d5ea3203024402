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
from napari_ngff.dataset.reading.sampling import sample_box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.metadata.model import Window
    from napari_ngff.storage.lazy import LazyArray

Limits: TypeAlias = tuple[float, float]

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
