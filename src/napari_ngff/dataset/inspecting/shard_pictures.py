"""What a shard's file is made of, byte by byte, as numbers that can be painted. Pure.

Knows indices (`storage.chunks.shards`); believes no entry that points out of the file,
and knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.inspecting.shard_map import inside_of, shard_map, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.inspecting.shard_map import Order

#: What a byte of a shard belongs to.
Piece: TypeAlias = Literal["chunk", "beyond", "index", "gap", "overlap", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShardPicture:
    """Where the inner chunks of a shard lie in its file.

    Of `chunks`, all arrays have the same length, in the order of the file.

    Attributes
    ----------
    shape
        How many inner chunks a shard has along each axis of its index.
    axes
        For each of them the axis of the array that it is.
    nbytes
        Bytes of the file.
    index
        Where in the file the index begins and ends.
    begins, ends
        Where each chunk does.
    ranks
        Which position it has in the shard, counted with the last axis fastest.
    inside
        Whether it begins inside of the array.
    gaps, overlaps
        Of shape (n, 2): where stretches begin and end that belong to nothing, or to
        several chunks that are not the very same bytes.
    shared
        How many chunks are the very same bytes as another one.
    missing
        Positions inside of the array of which no chunk is stored.
    bad
        Positions whose entry points to no bytes of this file.
    possible
        How many positions begin inside of the array.
    order
        How the chunks lie in the file; see `shard_map.ShardMap`.
    fault
        What is wrong with the index, in words; None: nothing.
    """

    shape: tuple[int, ...]
    axes: tuple[int, ...]
    nbytes: int
    index: tuple[int, int]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    ranks: NDArray[np.int64]
    inside: NDArray[np.bool_]
    gaps: NDArray[np.int64]
    overlaps: NDArray[np.int64]
    shared: int
    missing: NDArray[np.int64]
    bad: NDArray[np.int64]
    possible: int
    order: Order
    fault: str | None

    @property
    def positions(self) -> int:
        """How many positions a shard has."""
        return prod(self.shape)

    def position(self, rank: int) -> tuple[int, ...]:
        """Return where in the shard a chunk is, in the axis order of the array."""
        at = np.unravel_index(rank, self.shape) if self.shape else ()
        pairs = sorted(zip(self.axes, (int(i) for i in at), strict=True))
        return tuple(i for _, i in pairs)

    def number(self, position: Sequence[int]) -> int | None:
        """Return the number in the file of the chunk at a position in the shard.

        In the axis order of the array; None: none is stored there.
        """
        at = tuple(position[axis] for axis in self.axes)
        rank = int(np.ravel_multi_index(at, self.shape)) if at else 0
        found = np.flatnonzero(self.ranks == rank)
        return int(found[0]) if found.size else None

    def chunk_at(self, offset: float) -> int | None:
        """Return the number in the file of the chunk that a byte belongs to.

        Of several, that which begins last; None: it belongs to none.
        """
        after = int(np.searchsorted(self.begins, offset, side="right"))
        for number in range(after - 1, max(-1, after - 9), -1):
            if offset < self.ends[number]:
                return number
        return None

    def piece_at(self, offset: float) -> tuple[Piece, int, int]:
        """Return what a byte belongs to, and where that begins and ends."""
        if not 0 <= offset < self.nbytes:
            return "outside", 0, 0
        if self.index[0] <= offset < self.index[1]:
            return "index", *self.index
        for kind, several in self._stretches():
            after = int(np.searchsorted(several[:, 0], offset, side="right"))
            if after and offset < several[after - 1, 1]:
                return kind, int(several[after - 1, 0]), int(several[after - 1, 1])
        number = self.chunk_at(offset)
        if number is None:
            return "outside", 0, 0
        kind_of: Piece = "chunk" if self.inside[number] else "beyond"
        return kind_of, int(self.begins[number]), int(self.ends[number])

    def _stretches(self) -> tuple[tuple[Piece, NDArray[np.int64]], ...]:
        return ("overlap", self.overlaps), ("gap", self.gaps)


def shard_picture(index: ShardIndex, present: Sequence[int]) -> ShardPicture:
    """Return where the inner chunks of a shard lie in its file.

    Parameters
    ----------
    index
        What the shard's index says.
    present
        How many inner chunks along each axis of the index begin inside of the array.
    """
    stored, inside = ~index.missing, inside_of(index, present)
    sound = stored & ~index.outside & ~index.in_index & (index.lengths > 0)
    begins = index.offsets[sound].astype(np.int64)
    ends = begins + index.lengths[sound].astype(np.int64)
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], ends[order]
    size = index.spec.index_nbytes
    whole = index.file_size
    last = max(ends.tolist(), default=0)
    nbytes = last + size if whole is None else whole
    at = 0 if index.spec.location == "start" else nbytes - size
    if whole is None and at == 0:
        nbytes = max(last, size)
    found = shard_map(index, present)
    return ShardPicture(
        shape=index.missing.shape,
        axes=index.spec.axes,
        nbytes=nbytes,
        index=(at, at + size),
        begins=begins,
        ends=ends,
        ranks=np.flatnonzero(sound.ravel())[order],
        inside=inside[sound][order],
        gaps=_gaps(begins, ends, (at, at + size), nbytes),
        overlaps=_overlaps(begins, ends),
        shared=len(begins) - len(np.unique(np.stack([begins, ends], 1), axis=0)),
        missing=np.flatnonzero((index.missing & inside).ravel()),
        bad=np.flatnonzero((stored & ~sound).ravel()),
        possible=int(inside.sum()),
        order=found.order,
        fault=found.fault,
    )


def _gaps(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: tuple[int, int],
    nbytes: int,
) -> NDArray[np.int64]:
    """Return the stretches of a file that belong to no chunk and no index."""
    starts, stops = stretches(np.append(begins, index[0]), np.append(ends, index[1]))
    found = np.stack([np.append(0, stops), np.append(starts, nbytes)], axis=1)
    return found[found[:, 0] < found[:, 1]]


def _overlaps(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the stretches in which chunks lie that are not the very same bytes."""
    if not begins.size:
        return np.zeros((0, 2), np.int64)
    once = np.unique(np.stack([begins, ends], 1), axis=0)
    before = np.maximum.accumulate(once[:-1, 1])
    low, high = once[1:, 0], np.minimum(once[1:, 1], before)
    several = low < high
    return np.stack(stretches(low[several], high[several]), axis=1)
