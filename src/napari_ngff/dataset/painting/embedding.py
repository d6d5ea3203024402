"""Pixels put into a larger array at some place, background around them.

Knows sources and boxes; a `pixels.source.Source` made of another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from numpy.typing import NDArray

    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.pixels.indexing import Box


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedSource:
    """An array in a larger one; what sticks out of that is cut off.

    Attributes
    ----------
    array
        The pixels.
    start
        Where its first pixel is; may be negative.
    shape
        Of the larger array.
    """

    array: LazyArray
    start: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the pixels."""
        return self.array.dtype

    @property
    def chunks(self) -> tuple[int, ...]:
        """Those of the pixels, no longer than the larger array."""
        pairs = zip(self.array.chunks, self.shape, strict=True)
        return tuple(max(1, min(pair)) for pair in pairs)

    @property
    def identity(self) -> Hashable:
        """That of the pixels, and where they are."""
        return ("embedded", self.array.identity, self.start, self.shape)

    def read(self, box: Box) -> NDArray[Any]:
        """Return a box; 0 where there are no pixels."""
        out = np.zeros([part.stop - part.start for part in box], self.dtype)
        sizes = zip(self.start, self.array.shape, strict=True)
        own = tuple(slice(start, start + size) for start, size in sizes)
        part = grid.meet(own, box)
        if part is not None:
            pixels = self.array[grid.inside(part, own)]
            out[grid.inside(part, box)] = np.asarray(pixels)
        return out


def outside(source: EmbeddedSource) -> Iterator[LazyArray]:
    """Give the parts of the pixels that are cut off."""
    left: list[slice] = []
    for start, size, length in zip(
        source.start, source.array.shape, source.shape, strict=True
    ):
        low, high = max(0, -start), min(size, length - start)
        rest = [slice(None)] * (source.array.ndim - len(left) - 1)
        for part in (slice(0, low), slice(max(high, low), size)):
            if part.start < part.stop:
                yield source.array[(*left, part, *rest)]
        left.append(slice(low, max(high, low)))
