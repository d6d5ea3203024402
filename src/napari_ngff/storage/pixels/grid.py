"""A regular grid of chunks: which chunks a box touches, and back. Pure arithmetic."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from napari_ngff.storage.pixels.indexing import Box

ChunkIndex: TypeAlias = tuple[int, ...]
Corners: TypeAlias = tuple[ChunkIndex, ChunkIndex]
"""A box of chunks: its first and last chunk, both included."""


def touched(box: Box, chunks: Sequence[int]) -> list[range]:
    """Return the indices of the chunks that a box touches, one range per axis."""
    return [
        range(part.start // size, -(-part.stop // size))
        for part, size in zip(box, chunks, strict=True)
    ]


def span_of(corners: Corners, chunks: Sequence[int], shape: Sequence[int]) -> Box:
    """Return the pixels of a box of chunks, cut at the array's end."""
    low, high = corners
    return tuple(
        slice(a * size, min((b + 1) * size, n))
        for a, b, size, n in zip(low, high, chunks, shape, strict=True)
    )


def within(corners: Corners) -> Iterator[ChunkIndex]:
    """Give every chunk of a box of chunks, in C order."""
    low, high = corners
    return product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))


def meet(one: Box, other: Box) -> Box | None:
    """Return what two boxes share; None where that is nothing."""
    both = tuple(
        slice(max(a.start, b.start), min(a.stop, b.stop))
        for a, b in zip(one, other, strict=True)
    )
    return None if any(part.start >= part.stop for part in both) else both


def inside(box: Box, outer: Box) -> Box:
    """Return a box counted from the first corner of one that holds it."""
    return tuple(
        slice(a.start - b.start, a.stop - b.start)
        for a, b in zip(box, outer, strict=True)
    )


def merged(chunks: Iterable[ChunkIndex]) -> list[Corners]:
    """Merge chunks into few boxes of chunks, which cover each of them once.

    Parameters
    ----------
    chunks
        Distinct indices of one length, in C order.
    """
    found = [(chunk, chunk) for chunk in chunks]
    ndim = len(found[0][0]) if found else 0
    for axis in reversed(range(ndim)):
        # Boxes that differ along this axis alone, and touch there, become one.
        growing: dict[Any, Corners] = {}
        done: list[Corners] = []
        for low, high in found:
            key = (low[:axis], high[:axis], low[axis + 1 :], high[axis + 1 :])
            last = growing.get(key)
            if last is not None and last[1][axis] + 1 == low[axis]:
                low = last[0]
            elif last is not None:
                done.append(last)
            growing[key] = (low, high)
        found = sorted([*done, *growing.values()])
    return found


def portions(corners: Corners, at_most: int) -> Iterator[Corners]:
    """Divide a box of chunks into boxes of at most so many chunks, or one each.

    Parameters
    ----------
    corners
        What is divided.
    at_most
        Chunks in one portion; below 1 it counts as 1.
    """
    low, high = corners
    steps = [1] * len(low)
    for axis in reversed(range(len(low))):
        steps[axis] = max(1, min(high[axis] - low[axis] + 1, at_most))
        at_most //= steps[axis]
    starts = (range(a, b + 1, n) for a, b, n in zip(low, high, steps, strict=True))
    for start in product(*starts):
        ends = zip(start, steps, high, strict=True)
        yield start, tuple(min(at + n - 1, end) for at, n, end in ends)
