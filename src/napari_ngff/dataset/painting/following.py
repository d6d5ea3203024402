"""Which pixels of a coarser level follow from which of a finer one. Pure arithmetic.

Knows shapes of levels, whoever made them, and how they say that they were made; knows
no files. A level of ``ceil(n / k)`` pixels and one of ``floor(n / k)`` are followed
window by window; of any other each pixel follows from the one at its centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pyramids.downsample import reduce

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.storage.pyramids.downsample import Method

#: Words by which writers say that a pixel of a coarser level is one of the finer.
_PICKED = ("nearest", "strid", "sampl", "skip", "decimat", "order0")


def method_of(multiscale: Multiscale) -> Method:
    """Return how the coarser levels of a label image were made, as far as it says so.

    Its ``type`` and ``metadata`` are free text ("SHOULD contain … a field describing
    the downscaling method"); what does not say that pixels are picked is the mode.
    """
    said = f"{multiscale.method} {(multiscale.metadata or {}).get('method')}".lower()
    return "nearest" if any(word in said for word in _PICKED) else "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one level to the next coarser one.

    Attributes
    ----------
    fine, coarse
        Their shapes.
    factors
        How many pixels become one, per axis; None where the sizes are no multiples
        along some axis.
    method
        How.
    """

    fine: tuple[int, ...]
    coarse: tuple[int, ...]
    factors: tuple[int, ...] | None
    method: Method

    def touched(self, box: Box) -> Box | None:
        """Return the coarse pixels that may follow from fine ones; None without any."""
        found = []
        for axis, part in enumerate(box):
            n, m = self.fine[axis], self.coarse[axis]
            if self.factors is None:
                first, last = part.start * m // n - 1, ceil(part.stop * m / n) + 1
            else:
                k = self.factors[axis]
                first, last = part.start // k, -(-part.stop // k)
            found.append(slice(max(first, 0), min(last, m)))
        return None if any(p.start >= p.stop for p in found) else tuple(found)

    def source(self, box: Box) -> Box:
        """Return the fine pixels from which coarse ones follow."""
        return tuple(slice(*self._ends(axis, part)) for axis, part in enumerate(box))

    def _ends(self, axis: int, part: slice) -> tuple[int, int]:
        if self.factors is None:
            picked = self._picked(axis, part)
            return int(picked[0]), int(picked[-1]) + 1
        k = self.factors[axis]
        return part.start * k, min(part.stop * k, self.fine[axis])

    def _picked(self, axis: int, part: slice) -> NDArray[np.int64]:
        n, m = self.fine[axis], self.coarse[axis]
        return (np.arange(part.start, part.stop) * 2 + 1) * n // (2 * m)

    def pixels(self, fine: NDArray[Any], box: Box) -> NDArray[Any]:
        """Return coarse pixels.

        Parameters
        ----------
        fine
            The pixels of `source`.
        box
            Which coarse ones.
        """
        if self.factors is not None:
            return reduce(fine, self.factors, self.method)
        starts = [part.start for part in self.source(box)]
        index = [
            self._picked(axis, part) - start
            for axis, (part, start) in enumerate(zip(box, starts, strict=True))
        ]
        return fine[np.ix_(*index)]


def step(
    fine: Sequence[int],
    coarse: Sequence[int],
    method: Method,
    ratios: Sequence[float] | None = None,
) -> Step:
    """Return how a level follows from a finer one.

    Parameters
    ----------
    fine, coarse
        Their shapes.
    method
        How pixels were made.
    ratios
        How much larger pixels are said to be, per axis; decides where the shapes
        leave it open (of 5 pixels 2: by 2 without the last one, or by 3 with it).
    """
    stated = ratios or [0.0] * len(fine)
    factors = [_factor(*each) for each in zip(fine, coarse, stated, strict=True)]
    known = tuple(k for k in factors if k is not None)
    return Step(
        fine=tuple(fine),
        coarse=tuple(coarse),
        factors=known if len(known) == len(factors) else None,
        method=method,
    )


def _factor(n: int, m: int, ratio: float) -> int | None:
    """Return how many of `n` pixels become one where there are `m` of them."""
    near = max(1, round(n / m))
    stated = [round(ratio)] if 1 <= ratio <= n else []
    for k in (*stated, near, near + 1, max(1, near - 1)):
        if m in (-(-n // k), n // k):
            return k
    return None


def by_chunk(
    boxes: Iterable[Box], chunks: Sequence[int], shape: Sequence[int]
) -> dict[ChunkIndex, Box]:
    """Return what boxes touch of each chunk: the smallest box that holds all of it."""
    found: dict[ChunkIndex, Box] = {}
    for box in boxes:
        for index in product(*grid.touched(box, chunks)):
            whole = grid.span_of((index, index), chunks, shape)
            part = grid.meet(whole, box)
            if part is not None:
                found[index] = _around(part, found.get(index, part))
    return found


def _around(one: Box, other: Box) -> Box:
    return tuple(
        slice(min(a.start, b.start), max(a.stop, b.stop))
        for a, b in zip(one, other, strict=True)
    )


def difference(old: NDArray[Any], new: NDArray[Any]) -> Box | None:
    """Return the smallest box of all pixels that differ; None where none does."""
    differs = old != new
    found = []
    for axis in range(differs.ndim):
        others = tuple(i for i in range(differs.ndim) if i != axis)
        [where] = np.nonzero(differs.any(axis=others))
        if not len(where):
            return None
        found.append(slice(int(where[0]), int(where[-1]) + 1))
    return tuple(found)


def shifted(box: Box, by: Box) -> Box:
    """Return a box counted from where another one begins, counted as that one is."""
    return tuple(
        slice(a.start + b.start, a.stop + b.start) for a, b in zip(box, by, strict=True)
    )
