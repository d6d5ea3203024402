"""Which bytes a read of chunks fetches, and in how many requests. Pure: no I/O.

Knows the grid, and what a shard's index says. `chunks.chunk_reader` reads by it, and
`inspecting.cost` foretells by it what that will cost: one rule, so that both agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from napari_ngff.storage.pixels.workers import CORES, WAITING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: Decoding less than this is not worth waking a thread.
_LITTLE: Final = 2**18
#: Neighbours in a shard are read as one, of so many bytes at least and at most.
_PIECE: Final = (2**16, 2**22)
_GAP: Final = 2**12
#: A remote shard that unpacks to no more than this is read whole, to spare a trip.
_WHOLE: Final = 2**24


class Entry(NamedTuple):
    """Where a chunk is in a shard: `start` its first byte, `stop` after its last."""

    start: int
    stop: int
    chunk: ChunkIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """What decides how an array is fetched.

    Attributes
    ----------
    shape, chunks
        Lengths of the array, and of what is decoded at once.
    per_shard
        Chunks in a shard along each axis; 1 where there are none.
    chunk_nbytes
        Bytes of a decoded chunk.
    remote
        Whether a read takes a round trip over a network.
    """

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    per_shard: tuple[int, ...]
    chunk_nbytes: int
    remote: bool

    def at_once(self, spans: list[range]) -> int:
        """Return how many chunks or shards are worked on at once.

        Parameters
        ----------
        spans
            The chunks that are read, one range per axis.
        """
        if self.remote:
            return WAITING
        nbytes = math.prod(map(len, spans)) * self.chunk_nbytes
        return CORES if nbytes > _LITTLE else 1

    def shards(self, spans: list[range]) -> list[range]:
        """Return the shards that chunks are in, one range per axis."""
        return [
            range(span.start // n, (span.stop - 1) // n + 1)
            for span, n in zip(spans, self.per_shard, strict=True)
        ]

    def begin(self, shard: ChunkIndex) -> ChunkIndex:
        """Return the first chunk of a shard."""
        return tuple(at * n for at, n in zip(shard, self.per_shard, strict=True))

    def wanted(self, spans: list[range], begin: ChunkIndex) -> list[ChunkIndex]:
        """Return those chunks of `spans` that are in the shard that begins there."""
        ranges = zip(spans, begin, self.per_shard, strict=True)
        return list(
            product(*(range(max(s.start, b), min(s.stop, b + n)) for s, b, n in ranges))
        )

    def is_worth_whole(self, begin: ChunkIndex, wanted: int) -> bool:
        """Tell whether to fetch a shard at once, to spare the trip for its index."""
        if not self.remote:
            return False
        if math.prod(self.per_shard) * self.chunk_nbytes > _WHOLE:
            return False
        sizes = zip(self.shape, self.chunks, begin, self.per_shard, strict=True)
        present = math.prod(
            min(n, -(-length // size) - at) for length, size, at, n in sizes
        )
        return 4 * wanted >= 3 * present


def entries_of(
    index: ShardIndex, begin: ChunkIndex, wanted: list[ChunkIndex]
) -> tuple[list[Entry], list[ChunkIndex]]:
    """Return where chunks are, in the order of the file, and those that are absent."""
    found: list[Entry] = []
    missing: list[ChunkIndex] = []
    for chunk in wanted:
        at = tuple(chunk[axis] - begin[axis] for axis in index.spec.axes)
        if index.missing[at]:
            missing.append(chunk)
            continue
        start = int(index.offsets[at])
        found.append(Entry(start, start + int(index.lengths[at]), chunk))
    return sorted(found), missing


def pieces_of(entries: list[Entry], spans: list[range], at_once: int) -> list[Piece]:
    """Divide the chunks of a shard into those that are fetched as one.

    Parameters
    ----------
    entries
        In the order of the file.
    spans
        All chunks that are read, of this shard and others.
    at_once
        See `Fetching.at_once`.
    """
    many = math.prod(map(len, spans)) // (4 * at_once)
    return [Piece(tuple(entries)) for entries in _divided(entries, many)]


class Piece(NamedTuple):
    """Chunks whose bytes are fetched as one."""

    entries: tuple[Entry, ...]

    @property
    def span(self) -> tuple[int, int]:
        """The bytes of the shard that are fetched."""
        return self.entries[0].start, max(entry.stop for entry in self.entries)


def _divided(entries: list[Entry], many: int) -> Iterator[list[Entry]]:
    """Give pieces; `many` chunks are enough for one, if it is not too small."""
    least, most = _PIECE
    piece: list[Entry] = []
    for entry in entries:
        if piece:
            nbytes = piece[-1].stop - piece[0].start
            full = len(piece) >= many and nbytes >= least
            gap = entry.start - piece[-1].stop
            if full or gap > _GAP or entry.stop - piece[0].start > most:
                yield piece
                piece = []
        piece.append(entry)
    if piece:
        yield piece
