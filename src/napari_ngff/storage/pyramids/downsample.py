"""Pixels of a coarser level from those of a finer one. Pure numpy.

Knows blocks and factors; knows no levels, spacing, files or what the pixels show.

Blocks are worked through in strips that fit a processor's cache, so that what is held
beside the block and its result is about a megabyte.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.pixels.grid import portions
from napari_ngff.storage.pyramids.averages import mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.pixels.indexing import Box

Method: TypeAlias = Literal["mean", "strided", "mode", "nearest"]

STRIP_BYTES = 2**19
"""How much of a block is worked on at a time."""

_KINDS: Mapping[Method, str] = {
    "mean": "biuf",
    "mode": "biu",
    "strided": "biuf",
    "nearest": "biuf",
}


def reduces(dtype: np.dtype[Any], method: Method) -> bool:
    """Return whether pixels of a type can be reduced by a method.

    Integers and floats of up to 64 bits and bool can; the mode is for integers and
    bool, whose values are names of things.
    """
    return dtype.kind in _KINDS[method] and dtype.itemsize <= 8


def reduce(block: NDArray[Any], factors: Sequence[int], method: Method) -> NDArray[Any]:
    """Return a block with fewer pixels.

    Parameters
    ----------
    block
        The pixels, of any memory order.
    factors
        How many of them become one, per axis, each at least 1. At the end of an axis
        a pixel is made of those that are left.
    method
        ``"mean"``: of integers exact, whatever their width, and rounded half to even;
        so is that of bool, as 0 and 1: True where more than half are. Of floats summed
        up in double precision, NaN left out: it says that nothing was measured there,
        and a hole must not grow from level to level until nothing is left to see.
        NaN where all are, or where infinities cancel.
        ``"mode"``: the value that occurs most often. Between 0, the background, and
        an object a tie goes to the object, between objects to the smaller one.
        ``"strided"``, ``"nearest"``: the first one.

    Returns
    -------
    ndarray
        Of the block's type in the machine's byte order; its shape is the block's
        divided by the factors, rounded up. The caller's own.

    Raises
    ------
    ValueError
        If there is no positive factor for each axis, or the method is not for pixels
        of this type (`reduces`).
    """
    if len(factors) != block.ndim or min(factors, default=1) < 1:
        msg = f"{tuple(factors)} are not factors for {block.ndim} axes"
        raise ValueError(msg)
    if not reduces(block.dtype, method):
        msg = f"pixels of type {block.dtype} have no {method}"
        raise ValueError(msg)
    kernel = _KERNELS[method]
    shape = tuple(-(-n // k) for n, k in zip(block.shape, factors, strict=True))
    out = np.empty(shape, block.dtype.newbyteorder("="))
    for target, source, counts in _strips(block.shape, factors, block.itemsize):
        pixels = block[source].astype(out.dtype, copy=False)
        out[target] = kernel(pixels, counts) if prod(counts) > 1 else pixels
    return out


def _strips(
    shape: Sequence[int], factors: Sequence[int], itemsize: int
) -> Iterator[tuple[Box, Box, tuple[int, ...]]]:
    """Divide a block into strips of equal windows.

    Returns
    -------
    iterator of (Box, Box, tuple of int)
        Where a strip is in the result and in the block, and the size of its windows:
        the factors, or what is left of them at the end of an axis.
    """
    axes = [
        [part for part in ((0, n // k, k), (n // k, -(-n // k), n % k)) if part[2]]
        for n, k in zip(shape, factors, strict=True)
    ]
    for parts in product(*axes):
        if any(start == stop for start, stop, _ in parts):
            continue
        counts = tuple(count for _, _, count in parts)
        corners = (
            tuple(start for start, _, _ in parts),
            tuple(stop - 1 for _, stop, _ in parts),
        )
        for low, high in portions(corners, STRIP_BYTES // (itemsize * prod(counts))):
            target = tuple(slice(a, b + 1) for a, b in zip(low, high, strict=True))
            source = tuple(
                slice(part.start * k, min(part.stop * k, n))
                for part, k, n in zip(target, factors, shape, strict=True)
            )
            yield target, source, counts


def _first(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return the first pixel of each window."""
    return pixels[tuple(slice(None, None, k) for k in counts)]


def _mode(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return the value that occurs most often in each window.

    Most windows lie within one object or the background; only the others are sorted.
    """
    members = [
        pixels[tuple(slice(at, None, k) for at, k in zip(offset, counts, strict=True))]
        for offset in product(*map(range, counts))
    ]
    out = members[0].copy()
    mixed = np.zeros(out.shape, bool)
    for member in members[1:]:
        mixed |= member != members[0]
    if mixed.any():
        out[mixed] = _vote(np.stack([member[mixed] for member in members]))
    return out


def _vote(values: NDArray[Any]) -> NDArray[Any]:
    """Return the value that occurs most often in each column.

    The first one of the most frequent in the order of `_ranks`.
    """
    rows = list(_ranks(values))
    for low, high in _network(len(rows)):
        least = np.minimum(rows[low], rows[high])
        np.maximum(rows[low], rows[high], out=rows[high])
        rows[low] = least
    winner = rows[0].copy()
    # A run of more than half is alone, so longer ones need not be looked for.
    for length in range(2, (len(rows) + 1) // 2 + 1):
        for start in reversed(range(len(rows) - length + 1)):
            run = rows[start] == rows[start + length - 1]
            np.copyto(winner, rows[start], where=run)
    return _values(winner, values.dtype)


def _ranks(values: NDArray[Any]) -> NDArray[Any]:
    """Return unsigned numbers that order objects by their id, and 0 behind them."""
    unsigned = np.dtype(f"u{values.itemsize}")
    shift = unsigned.type(_shift(values.dtype))
    order = values.view(unsigned) ^ shift
    ranks: NDArray[Any] = order - (order > shift)
    ranks[order == shift] = np.iinfo(unsigned).max
    return ranks


def _values(ranks: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Undo `_ranks`."""
    shift = ranks.dtype.type(_shift(dtype))
    order: NDArray[Any] = ranks + (ranks >= shift)
    order[ranks == np.iinfo(ranks.dtype).max] = shift
    order ^= shift
    return order.view(dtype)


def _shift(dtype: np.dtype[Any]) -> int:
    """Return the bit that orders a signed type's values as unsigned numbers."""
    return 1 << (8 * dtype.itemsize - 1) if dtype.kind == "i" else 0


@lru_cache(maxsize=64)
def _network(count: int) -> tuple[tuple[int, int], ...]:
    """Return the comparisons that sort so many rows: Batcher's odd-even merge sort."""
    sizes = [1 << power for power in range((count - 1).bit_length())]
    return tuple(pair for size in sizes for pair in _merges(size, count))


def _merges(size: int, count: int) -> Iterator[tuple[int, int]]:
    """Give the comparisons that merge sorted runs of so many rows, two at a time."""
    step = size
    while step:
        for first in range(step % size, count - step, 2 * step):
            for low in range(first, min(first + step, count - step)):
                if low // (2 * size) == (low + step) // (2 * size):
                    yield low, low + step
        step //= 2


_KERNELS: Mapping[Method, Callable[[NDArray[Any], tuple[int, ...]], NDArray[Any]]] = {
    "mean": mean,
    "mode": _mode,
    "strided": _first,
    "nearest": _first,
}
