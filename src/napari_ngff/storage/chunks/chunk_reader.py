"""Chunks from bytes to pixels, for arrays whose layout `chunks.layout` covers.

Knows layouts, and who gives the bytes of a key; knows no metadata, no cache and no
zarr, which it stands in for: importing zarr takes longer than opening an image does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import google_crc32c
import numpy as np

from napari_ngff.storage.chunks.decoding import BadChunk, decompressed
from napari_ngff.storage.chunks.fetching import Fetching, entries_of, pieces_of
from napari_ngff.storage.chunks.layout import CRC
from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pixels.workers import WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
    from napari_ngff.storage.chunks.fetching import Piece
    from napari_ngff.storage.chunks.layout import Chain, Layout, Packer
    from napari_ngff.storage.chunks.shards import ShardIndex, ShardSpec
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box

    _Job: TypeAlias = Callable[[], None]

_CRC_NBYTES: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class ChunkReader:
    """The pixels of one array, by boxes. It remembers none of them.

    Picklable and thread-safe.

    Attributes
    ----------
    layout
        How the array is stored.
    stored
        The bytes of its chunks.
    node
        Path of the array inside the store.
    """

    layout: Layout
    stored: ChunkBytes
    node: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return self.layout.shape

    @property
    def chunks(self) -> tuple[int, ...]:
        """Lengths of what is decoded at once."""
        return self.layout.chunks

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items, in the machine's byte order."""
        return self.layout.dtype

    @property
    def fetching(self) -> Fetching:
        """What decides which bytes a read fetches, and in how many requests."""
        layout = self.layout
        return Fetching(
            shape=layout.shape,
            chunks=layout.chunks,
            per_shard=layout.per_shard,
            chunk_nbytes=layout.chain.nbytes,
            remote=self.stored.remote,
        )

    def __getitem__(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box; chunks that are absent have the fill value.

        Parameters
        ----------
        box
            One slice of step 1 per axis, in bounds and not empty.

        Returns
        -------
        numpy.ndarray
            An array that is the caller's own.

        Raises
        ------
        BadChunk
            If a chunk is damaged.
        Unreadable, LimitExceeded
            See `chunks.chunk_bytes`.
        """
        layout, fetching = self.layout, self.fetching
        out = np.empty([part.stop - part.start for part in box], layout.dtype)
        to = _Target(layout=layout, box=box, out=out)
        spans = grid.touched(box, layout.chunks)
        at_once = fetching.at_once(spans)
        if layout.shards is None:
            read = partial(self._read, to)
            WORKERS.each(read, _apart(spans), at_once=at_once)
            return out
        plan = partial(self._plan, to, layout.shards, spans, at_once)
        shards = list(product(*fetching.shards(spans)))
        jobs = WORKERS.each(plan, shards, at_once=at_once)
        WORKERS.each(_do, [job for some in jobs for job in some], at_once=at_once)
        return out

    def _key(self, chunk: ChunkIndex) -> str:
        key = self.layout.keys.key(chunk)
        return f"{self.node}/{key}" if self.node else key

    def _read(self, to: _Target, chunk: ChunkIndex) -> None:
        to.put(chunk, self.stored.get(self._key(chunk)))

    def _plan(
        self,
        to: _Target,
        spec: ShardSpec,
        spans: list[range],
        at_once: int,
        shard: ChunkIndex,
    ) -> list[_Job]:
        """Return what is to be done for those chunks of `spans` that a shard has."""
        fetching, key = self.fetching, self._key(shard)
        begin = fetching.begin(shard)
        wanted = fetching.wanted(spans, begin)
        whole = fetching.is_worth_whole(begin, len(wanted))
        found = self.stored.indexed(key, None if whole else spec.index_span)
        if found is None:
            return [partial(to.put, chunk, None) for chunk in wanted]
        data, index = found
        entries, missing = entries_of(index, begin, wanted)
        jobs: list[_Job] = [partial(to.put, chunk, None) for chunk in missing]
        if whole:
            view = memoryview(data)
            return jobs + [
                partial(to.put, e.chunk, view[e.start : e.stop]) for e in entries
            ]
        pieces = pieces_of(entries, spans, at_once)
        return jobs + [partial(self._read_piece, to, key, index, p) for p in pieces]

    def _read_piece(
        self, to: _Target, key: str, index: ShardIndex, piece: Piece
    ) -> None:
        start = piece.span[0]
        view = memoryview(self.stored.part(key, piece.span, index))
        for entry in piece.entries:
            to.put(entry.chunk, view[entry.start - start : entry.stop - start])


def _apart(spans: list[range]) -> list[ChunkIndex]:
    """Return the chunks of spans, the first axis the quickest.

    Those that are read at once are then put into different rows: where two threads
    put the halves of the same rows, both wait for the same new pages of memory.
    """
    return [chunk[::-1] for chunk in product(*reversed(spans))]


def _do(job: _Job) -> None:
    job()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Target:
    """The pixels of a box while they are read."""

    layout: Layout
    box: Box
    out: NDArray[Any]

    def put(self, chunk: ChunkIndex, data: bytes | memoryview | None) -> None:
        """Decode a chunk and put in its place what the box has of it."""
        layout = self.layout
        whole = grid.span_of((chunk, chunk), layout.chunks, layout.shape)
        part = grid.meet(whole, self.box)
        if part is None:
            return
        place = grid.inside(part, self.box)
        if data is None:
            self.out[place] = layout.fill
        else:
            self.out[place] = decoded(data, layout.chain)[grid.inside(part, whole)]


def decoded(data: bytes | memoryview, chain: Chain) -> NDArray[Any]:
    """Return a whole chunk, with the axes of its array, as it is stored otherwise.

    Raises
    ------
    BadChunk
        If it is damaged, or has not just as many bytes as it must.
    """
    for packer in reversed(chain.packers):
        data = _unpacked(memoryview(data), packer)
    if len(data) != chain.nbytes:
        message = f"it has {len(data)} bytes where {chain.nbytes} are expected"
        raise BadChunk(message)
    pixels = np.frombuffer(data, chain.dtype).reshape(chain.shape)
    return pixels.transpose(chain.back)


def _unpacked(data: memoryview, packer: Packer) -> bytes | memoryview:
    if packer.codec != CRC:
        return decompressed(data, packer.codec, packer.limit, exact=packer.exact)
    # "The checksum is appended as a little-endian unsigned 32-bit integer" (crc32c).
    stated = int.from_bytes(data[-_CRC_NBYTES:], "little")
    if (
        len(data) < _CRC_NBYTES
        or google_crc32c.value(bytes(data[:-_CRC_NBYTES])) != stated
    ):
        raise BadChunk("its checksum is wrong: it is damaged")
    return data[:-_CRC_NBYTES]
