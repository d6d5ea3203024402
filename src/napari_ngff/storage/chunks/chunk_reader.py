"""Chunks from bytes to pixels, for arrays whose layout `chunks.layout` covers.

Knows layouts, and who gives the bytes of a key; knows no metadata, no cache and no
zarr, which it stands in for: importing zarr takes longer than opening an image does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import google_crc32c
import numpy as np

from napari_ngff.storage.chunks.decoding import BadChunk, decompressed
from napari_ngff.storage.chunks.layout import CRC
from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pixels.workers import CORES, WAITING, WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
    from napari_ngff.storage.chunks.layout import Chain, Layout, Packer
    from napari_ngff.storage.chunks.shards import ShardIndex, ShardSpec
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box

    _Job: TypeAlias = Callable[[], None]

#: Decoding less than this is not worth waking a thread.
_LITTLE: Final = 2**18
#: Neighbours in a shard are read as one, of so many bytes at least and at most.
_PIECE: Final = (2**16, 2**22)
_GAP: Final = 2**12
#: A remote shard that unpacks to no more than this is read whole, to spare a trip.
_WHOLE: Final = 2**24
_CRC_NBYTES: Final = 4


class _Entry(NamedTuple):
    """Where a chunk is in a shard: `start` its first byte, `stop` after its last."""

    start: int
    stop: int
    chunk: ChunkIndex


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
        layout = self.layout
        out = np.empty([part.stop - part.start for part in box], layout.dtype)
        to = _Target(layout=layout, box=box, out=out)
        spans = grid.touched(box, layout.chunks)
        at_once = self._at_once(spans)
        if layout.shards is None:
            read = partial(self._read, to)
            WORKERS.each(read, list(product(*spans)), at_once=at_once)
            return out
        shards = [
            range(span.start // n, (span.stop - 1) // n + 1)
            for span, n in zip(spans, layout.per_shard, strict=True)
        ]
        plan = partial(self._plan, to, layout.shards, spans, at_once)
        jobs = WORKERS.each(plan, list(product(*shards)), at_once=at_once)
        WORKERS.each(_do, [job for some in jobs for job in some], at_once=at_once)
        return out

    def _at_once(self, spans: list[range]) -> int:
        if self.stored.remote:
            return WAITING
        nbytes = math.prod(map(len, spans)) * self.layout.chain.nbytes
        return CORES if nbytes > _LITTLE else 1

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
        layout, key = self.layout, self._key(shard)
        begin = tuple(at * n for at, n in zip(shard, layout.per_shard, strict=True))
        ranges = zip(spans, begin, layout.per_shard, strict=True)
        wanted = list(
            product(*(range(max(s.start, b), min(s.stop, b + n)) for s, b, n in ranges))
        )
        whole = self._is_worth_whole(begin, len(wanted))
        found = self.stored.indexed(key, None if whole else spec.index_span)
        if found is None:
            return [partial(to.put, chunk, None) for chunk in wanted]
        data, index = found
        entries, missing = _entries(index, begin, wanted)
        jobs: list[_Job] = [partial(to.put, chunk, None) for chunk in missing]
        if whole:
            view = memoryview(data)
            return jobs + [
                partial(to.put, e.chunk, view[e.start : e.stop]) for e in entries
            ]
        many = math.prod(map(len, spans)) // (4 * at_once)
        pieces = _pieces(entries, many)
        return jobs + [partial(self._read_piece, to, key, index, p) for p in pieces]

    def _is_worth_whole(self, begin: ChunkIndex, wanted: int) -> bool:
        """Tell whether to fetch a shard at once, to spare the trip for its index."""
        layout = self.layout
        if not self.stored.remote:
            return False
        if math.prod(layout.per_shard) * layout.chain.nbytes > _WHOLE:
            return False
        sizes = zip(layout.shape, layout.chunks, begin, layout.per_shard, strict=True)
        present = math.prod(
            min(n, -(-length // size) - at) for length, size, at, n in sizes
        )
        return 4 * wanted >= 3 * present

    def _read_piece(
        self, to: _Target, key: str, index: ShardIndex, piece: list[_Entry]
    ) -> None:
        start, stop = piece[0].start, max(entry.stop for entry in piece)
        view = memoryview(self.stored.part(key, (start, stop), index))
        for entry in piece:
            to.put(entry.chunk, view[entry.start - start : entry.stop - start])


def _do(job: _Job) -> None:
    job()


def _entries(
    index: ShardIndex, begin: ChunkIndex, wanted: list[ChunkIndex]
) -> tuple[list[_Entry], list[ChunkIndex]]:
    """Return where chunks are, in the order of the file, and those that are absent."""
    found: list[_Entry] = []
    missing: list[ChunkIndex] = []
    for chunk in wanted:
        at = tuple(chunk[axis] - begin[axis] for axis in index.spec.axes)
        if index.missing[at]:
            missing.append(chunk)
            continue
        start = int(index.offsets[at])
        found.append(_Entry(start, start + int(index.lengths[at]), chunk))
    return sorted(found), missing


def _pieces(entries: list[_Entry], many: int) -> Iterator[list[_Entry]]:
    """Divide chunks into those that are fetched as one.

    Parameters
    ----------
    entries
        In the order of the file.
    many
        How many chunks are enough for one piece, if it is not too small.
    """
    least, most = _PIECE
    piece: list[_Entry] = []
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
