"""One file of an array in other shards: its chunks' bytes, and its index.

Knows the order in which they are written; where they come from is in `taking`.
"""

from __future__ import annotations

from itertools import chain
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.storage.chunks.shards import MISSING, build_index
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.resharding.taking import ABSENT, Taking, flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.inspecting.looking import Files
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pyramids.tasks import Tick
    from napari_ngff.storage.resharding.arrays import Resharding

#: Less than this is not worth a call of the system.
_LITTLE: Final = 2**18


def write_file(
    array: Resharding, files: Files, place: ChunkIndex, root: str, tick: Tick
) -> Receipt | None:
    """Write a file; none where all of its chunks are absent.

    Parameters
    ----------
    array
        What is copied where.
    files
        Those of its source.
    place
        Which file.
    root
        The folder that files are put into.
    tick
        Is told of half of each chunk's bytes: the other half is for `checking`.

    Raises
    ------
    Unreadable, LimitExceeded
        If a chunk, or the index of a shard, cannot be read or is damaged.
    OSError
        If the file system refuses.
    """
    chunks = array.chunks_in(place)
    taking = Taking(files, chunks, tick, array.nbytes_of_chunk, half="first")
    pieces = _gathered(_pieces(array, taking, place))
    first = next(pieces, None)
    if first is None:
        return None
    return put(root, array.key(place), chain([first], pieces))


def _pieces(array: Resharding, taking: Taking, place: ChunkIndex) -> Iterator[bytes]:
    target = array.target
    if target.shard is None:
        yield from taking.blocks()
        return
    spec = target.specs[0]
    at_start = spec.location == "start"
    if at_start:
        taking.measure()
        if (taking.lengths != ABSENT).any():
            yield _index(array, taking, place)
    yield from taking.blocks()
    if not at_start and (taking.lengths != ABSENT).any():
        yield _index(array, taking, place)


def _index(array: Resharding, taking: Taking, place: ChunkIndex) -> bytes:
    spec = array.target.specs[0]
    some = taking.lengths != ABSENT
    inner = taking.chunks[some] - array.first_chunk(place)
    at, found = flat(inner, spec.chunks_per_shard), taking.lengths[some]
    offsets = np.full(prod(spec.chunks_per_shard), MISSING, np.uint64)
    lengths = offsets.copy()
    lengths[at] = found
    offsets[at] = np.cumsum(found) - found
    if spec.location == "start":
        offsets[at] += np.uint64(spec.index_nbytes)
    shape = spec.chunks_per_shard
    return build_index(spec, offsets.reshape(shape), lengths.reshape(shape))


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give the same bytes, little ones joined."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _LITTLE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
