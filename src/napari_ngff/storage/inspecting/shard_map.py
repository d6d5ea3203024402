"""What a shard's index says of the file: which bytes are used, and in what order. Pure.

Knows indices (`chunks.shards`) and what of a shard is inside of the array. Believes no
entry that points out of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.chunks.ordering import morton_ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.shards import ShardIndex

Order: TypeAlias = Literal["C", "Fortran", "Morton", "other", "one", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardMap:
    """How a shard's file is used.

    Attributes
    ----------
    chunks
        Inner chunks that are stored, of those in the array.
    beyond
        Those that are stored and lie wholly beyond the array's end: nobody reads them.
    chunk_nbytes
        Bytes of the first; what several chunks share counts for each.
    live_nbytes
        Bytes of the file that they take; what several share counts once.
    dead_nbytes
        Bytes of the file that are neither these nor the index.
    gaps
        How many stretches these are in.
    order
        In which order of their positions the chunks lie in the file: the last axis
        fastest (C), the first (Fortran), along a Z (Morton); "one" and "none" if there
        are no two.
    fault
        What is wrong with the index, in words; None: nothing.
    """

    chunks: int
    beyond: int
    chunk_nbytes: int
    live_nbytes: int
    dead_nbytes: int
    gaps: int
    order: Order
    fault: str | None


def shard_map(index: ShardIndex, present: Sequence[int]) -> ShardMap:
    """Return how a shard's file is used.

    Parameters
    ----------
    index
        With the size of the file.
    present
        How many inner chunks along each axis of the index begin inside of the array.
    """
    stored, inside = ~index.missing, inside_of(index, present)
    sound = stored & inside & ~index.outside & ~index.in_index & (index.lengths > 0)
    begins = index.offsets[sound].astype(np.int64)
    lengths = index.lengths[sound].astype(np.int64)
    starts, stops = stretches(begins, begins + lengths)
    live = int((stops - starts).sum())
    nbytes = index.spec.index_nbytes
    size = (index.file_size or 0) - nbytes
    first = nbytes if index.spec.location == "start" else 0
    edges = np.concatenate([[first], np.stack([starts, stops], 1).ravel()])
    edges = np.append(edges, first + size)
    return ShardMap(
        chunks=int((stored & inside).sum()),
        beyond=int((stored & ~inside).sum()),
        chunk_nbytes=int(lengths.sum()),
        live_nbytes=live,
        dead_nbytes=size - live,
        gaps=int((edges[1::2] > edges[::2]).sum()),
        order=order_of(index.offsets, sound),
        fault=_fault(index),
    )


def _fault(index: ShardIndex) -> str | None:
    fault = index.fault()
    if fault is not None:
        return fault
    empty = ~index.missing & (index.lengths == 0)
    if empty.any():
        at = tuple(int(i) for i in np.argwhere(empty)[0])
        return f"its index says that inner chunk {at} has no bytes, and is not missing"
    return None


def inside_of(index: ShardIndex, present: Sequence[int]) -> NDArray[np.bool_]:
    """Tell which inner chunks begin inside of the array; see `shard_map`."""
    inside = np.zeros(index.missing.shape, bool)
    inside[tuple(slice(0, n) for n in present)] = True
    return inside


def stretches(
    begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return begins and ends of what stretches take together, in order, apart."""
    if not begins.size:
        return begins, ends
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], np.maximum.accumulate(ends[order])
    fresh = np.append(True, begins[1:] > ends[:-1])
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(begins) - 1)
    return begins[fresh], ends[last]


def order_of(offsets: NDArray[np.uint64], stored: NDArray[np.bool_]) -> Order:
    """Return the order in which stored chunks lie in a file.

    Parameters
    ----------
    offsets
        Where each chunk begins, by its position in the shard.
    stored
        Which of them count.
    """
    where = np.argwhere(stored)
    if len(where) < 2:
        return "one" if len(where) else "none"
    where = where[np.argsort(offsets[stored], kind="stable")]
    shape = offsets.shape
    named: dict[Order, NDArray[Any]] = {
        "C": np.asarray(np.ravel_multi_index(tuple(where.T), shape)),
        "Morton": morton_ranks(where, shape),
        "Fortran": np.asarray(np.ravel_multi_index(tuple(where.T), shape, order="F")),
    }
    for order, ranks in named.items():
        if (ranks[1:] > ranks[:-1]).all():
            return order
    return "other"
