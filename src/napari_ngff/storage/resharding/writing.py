"""One file of an array in other shards: its chunks' bytes, and its index.

Knows the order in which they are written; where they come from is in `taking`.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.storage.chunks.shards import MISSING, build_index
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.resharding.taking import ABSENT, Taking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

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
    offsets = np.full(spec.chunks_per_shard, MISSING, np.uint64)
    lengths = offsets.copy()
    some = taking.lengths != ABSENT
    inner = taking.chunks[some] - np.multiply(place, spec.chunks_per_shard)
    at = tuple(inner.T)
    lengths[at] = taking.lengths[some]
    offsets[at] = _starts(taking.lengths[some]) + (
        spec.index_nbytes if spec.location == "start" else 0
    )
    return build_index(spec, offsets, lengths)


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each begins if they follow one another."""
    starts: NDArray[np.int64] = np.cumsum(lengths) - lengths
    return starts


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
