"""What reading a box of pixels costs: requests, bytes, decoded bytes. Pure.

Knows the rule that our reader goes by (`chunks.fetching`); is told what is in the
files. Nothing is taken to be in a cache.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from itertools import pairwise, product
from math import prod
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.chunks.fetching import entries_of, pieces_of
from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from napari_ngff.storage.chunks.fetching import Fetching
    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box

#: So many files are looked into for one box; of more, a sample.
AT_MOST: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What reading some pixels costs, if nothing of them is at hand.

    Attributes
    ----------
    chunks, stored
        Chunks that are touched, and those of them that are stored.
    shards
        Shards that are touched; 0 where there are none.
    files
        Files that something is read of.
    requests, index_requests
        Reads that the store is asked for, those of absent files included; and those of
        them that are for nothing but an index: who knows these already is spared them.
    nbytes, index_nbytes
        Bytes that are read, and those of them that are an index.
    decoded_nbytes
        Bytes that the stored chunks decode to.
    shown_nbytes
        Bytes of the pixels that were asked for.
    exact
        Whether all files were looked into, and are read by our own reader.
    """

    chunks: int
    stored: int
    shards: int
    files: int
    requests: int
    index_requests: int
    nbytes: int
    index_nbytes: int
    decoded_nbytes: int
    shown_nbytes: int
    exact: bool

    @property
    def amplification(self) -> float:
        """How many bytes are decoded for each that is shown."""
        return self.decoded_nbytes / self.shown_nbytes if self.shown_nbytes else 0.0


@dataclass(slots=True)
class _Sum:
    stored: int = 0
    files: int = 0
    requests: int = 0
    index_requests: int = 0
    nbytes: int = 0
    index_nbytes: int = 0


def cost_of(
    box: Box,
    fetching: Fetching,
    *,
    itemsize: int,
    size: Callable[[ChunkIndex], int | None],
    index: Callable[[ChunkIndex], ShardIndex | None] | None,
    at_most: int = AT_MOST,
) -> Cost:
    """Return what reading a box costs.

    Parameters
    ----------
    box
        One slice of step 1 per axis, in bounds and not empty.
    fetching
        How the array is fetched.
    itemsize
        Bytes of a pixel.
    size
        Gives the bytes of the file of a chunk; None: there is none. Asked where there
        are no shards.
    index
        Gives the index of a shard; None: there is no such shard. None in its place:
        there are no shards.
    at_most
        How many files are looked into.
    """
    spans = grid.touched(box, fetching.chunks)
    cells = spans if index is None else fetching.shards(spans)
    count, found = prod(map(len, cells)), _Sum()
    for place in _places(cells, at_most):
        if index is None:
            _add_file(found, size(place))
        else:
            _add_shard(found, fetching, spans, place, index(place))
    share = max(1.0, count / at_most)
    sums = {f.name: round(getattr(found, f.name) * share) for f in fields(found)}
    return Cost(
        chunks=prod(map(len, spans)),
        shards=0 if index is None else count,
        decoded_nbytes=sums["stored"] * fetching.chunk_nbytes,
        shown_nbytes=prod(part.stop - part.start for part in box) * itemsize,
        exact=count <= at_most,
        **sums,
    )


def _places(cells: Sequence[range], at_most: int) -> Iterator[ChunkIndex]:
    """Give all places, or a sample that is spread over them."""
    count = prod(map(len, cells))
    if count <= at_most:
        yield from product(*cells)
        return
    chance = random.Random(count)  # noqa: S311  the same each time
    edges = [count * i // at_most for i in range(at_most + 1)]
    for low, high in pairwise(edges):
        number, place = chance.randrange(low, high), []
        for span in reversed(cells):
            number, at = divmod(number, len(span))
            place.append(span[at])
        yield tuple(reversed(place))


def _add_file(found: _Sum, nbytes: int | None) -> None:
    found.requests += 1
    if nbytes is not None:
        found.files += 1
        found.stored += 1
        found.nbytes += nbytes


def _add_shard(
    found: _Sum,
    fetching: Fetching,
    spans: list[range],
    place: ChunkIndex,
    index: ShardIndex | None,
) -> None:
    begin = fetching.begin(place)
    wanted = fetching.wanted(spans, begin)
    whole = fetching.is_worth_whole(begin, len(wanted))
    found.requests += 1
    found.index_requests += not whole
    if index is None:
        return
    found.files += 1
    entries, _ = entries_of(index, begin, wanted)
    found.stored += len(entries)
    if whole:
        found.nbytes += index.file_size or 0
        return
    pieces = pieces_of(entries, spans, fetching.at_once(spans))
    found.requests += len(pieces)
    found.index_nbytes += index.spec.index_nbytes
    found.nbytes += index.spec.index_nbytes
    found.nbytes += sum(stop - start for start, stop in (p.span for p in pieces))
