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
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.resharding.arrays import Resharding

#: Less than this is not worth a call of the system.
_LITTLE: Final = 2**16


def write_file(
    array: Resharding, taking: Taking, rows: range, place: ChunkIndex, root: str
) -> Receipt | None:
    """Write a file; none where all of its chunks are absent.

    Parameters
    ----------
    array
        What is copied where.
    taking
        Chunks of its source.
    rows
        Which of them are in the file.
    place
        Which file that is.
    root
        The folder that files are put into.

    Raises
    ------
    Unreadable, LimitExceeded
        If a chunk, or the index of a shard, cannot be read or is damaged.
    OSError
        If the file system refuses.
    """
    pieces = _gathered(_pieces(array, taking, rows, place))
    first = next(pieces, None)
    if first is None:
        return None
    return put(root, array.key(place), chain([first], pieces))


def _pieces(
    array: Resharding, taking: Taking, rows: range, place: ChunkIndex
) -> Iterator[bytes]:
    if array.target.shard is None:
        yield from taking.blocks(rows)
        return
    at_start = array.target.specs[0].location == "start"
    if at_start:
        taking.measure(rows)
        yield _index(array, taking, rows, place)
    yield from taking.blocks(rows)
    if not at_start:
        yield _index(array, taking, rows, place)


def _index(array: Resharding, taking: Taking, rows: range, place: ChunkIndex) -> bytes:
    """Return the index of a shard; no bytes where it has no chunk."""
    spec = array.target.specs[0]
    lengths = taking.lengths[rows.start : rows.stop]
    some = lengths != ABSENT
    if not some.any():
        return b""
    inner = taking.chunks[rows.start : rows.stop][some] - array.first_chunk(place)
    at, found = flat(inner, spec.chunks_per_shard), lengths[some]
    entries = np.full((2, prod(spec.chunks_per_shard)), MISSING, np.uint64)
    entries[:, at] = np.cumsum(found) - found, found
    if spec.location == "start":
        entries[0, at] += np.uint64(spec.index_nbytes)
    return build_index(spec, *entries.reshape(2, *spec.chunks_per_shard))


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
    if size:
        yield b"".join(waiting)
