"""Whether the finest level of an image has what its coarser levels show.

A chunk that is absent is fill value: that is how stores leave out what is empty. Where
chunks were lost instead, as in a copy that broke off, coarser levels still show the
image, and a save that makes them anew from the finest would lose it without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.problems import NgffError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.lazy import LazyArray

_MOST = 64 * 2**20
"""Bytes that are read of a level at most: else nothing is said of it."""


def lost_pixels(levels: Sequence[LazyArray]) -> str:
    """Say that the finest level is empty where the coarsest is brightest, if so.

    Nothing is said of what cannot be read: whoever saves it will be told.

    Parameters
    ----------
    levels
        Of one image, finest first; all of one number of axes.
    """
    if len(levels) < 2 or not 0 < levels[-1].nbytes <= _MOST:
        return ""
    finest, coarsest = levels[0], levels[-1]
    try:
        shown = np.asarray(coarsest)
        at = _brightest(shown)
        if at is None:
            return ""
        part = finest[_around(at, finest.shape, coarsest.shape)]
        if part.nbytes > _MOST or np.asarray(part).any():
            return ""
    except NgffError:
        return ""
    return (
        f"The finest level has no pixels where level {len(levels) - 1} shows some: "
        "the image is not complete. Get the whole of it, or load a coarser level by "
        "Layers > Data > Load Level… and save that"
    )


def _brightest(pixels: NDArray[Any]) -> tuple[int, ...] | None:
    """Return the index of the pixel that is farthest from 0; None where all are 0."""
    size = np.abs(np.nan_to_num(pixels)) if pixels.dtype.kind in "if" else pixels
    at = np.unravel_index(int(np.argmax(size)), pixels.shape)
    return tuple(map(int, at)) if size[at] else None


def _around(
    at: tuple[int, ...], fine: tuple[int, ...], coarse: tuple[int, ...]
) -> tuple[slice, ...]:
    """Return what a coarse pixel covers, and as much beside it: levels may be moved."""
    return tuple(
        slice(max(0, (i - 1) * many // few), min(many, -(-(i + 2) * many // few)))
        if many > few
        else slice(i, i + 1)
        for i, many, few in zip(at, fine, coarse, strict=True)
    )
