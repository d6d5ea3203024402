"""The bytes of chunks as they are stored, out of files or shards, a little at a time.

Knows one array's files and their indices; decodes nothing, and writes nothing. What is
in memory at once is bounded whatever the size of chunks and shards; only the indices of
the shards at hand are there as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NoReturn

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.pixels.workers import WAITING, WORKERS
from napari_ngff.storage.resharding.spans import Span, reads_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.inspecting.looking import Files
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pyramids.tasks import Tick

#: The length of a chunk that is not stored.
ABSENT: Final = -1
#: So many bytes are read at once.
_PIECE: Final = 2**22
#: Chunks of so many bytes are held, and where each read takes a trip; and so many.
_WINDOW: Final = 2**23
_REMOTE_WINDOW: Final = 2**25
_ROWS: Final = 2**16
#: So many bytes more than its pixels are asked for of a chunk, so that it is all.
_SLACK: Final = 2**14


def flat(
    places: NDArray[np.int64], shape: Sequence[int] | NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the number of each place, one a row, in a grid that is counted in C order.

    Unlike `numpy.ravel_multi_index` also where there is no axis.
    """
    strides = np.cumprod([1, *shape[:0:-1]], dtype=np.int64)[::-1]
    numbers: NDArray[np.int64] = places @ strides[: len(shape)]
    return numbers


class Taking:
    """Some chunks of an array, whose bytes are taken in their order, each once.

    Parameters
    ----------
    files
        The array's.
    chunks
        Which chunks, one a row.
    tick
        Is told how far it is; see `pyramids.tasks.Tick`.
    nbytes
        What each chunk counts for that.
    half
        Which half of that is told: writing and checking each take the chunks once.

    Attributes
    ----------
    lengths
        Bytes of each chunk, `ABSENT` for one that is not stored: once `blocks` is
        through with it, or `measure`.
    """

    def __init__(
        self,
        files: Files,
        chunks: NDArray[np.int64],
        tick: Tick,
        nbytes: int,
        *,
        half: Literal["first", "second"],
    ) -> None:
        self.chunks = chunks
        self.lengths = np.full(len(chunks), ABSENT, np.int64)
        self._files = files
        self._tick = tick
        self._share = nbytes // 2 if half == "first" else nbytes - nbytes // 2
        self._told = 0
        self._remote = files.keys.remote
        self._window_nbytes = _REMOTE_WINDOW if self._remote else _WINDOW
        bound = files.stored.encoded_nbytes or files.stored.chunk_nbytes or _PIECE
        self._first = min(bound + _SLACK, _PIECE)
        self._shards: list[tuple[ChunkIndex, int | None]] = []
        self._of_shard = np.zeros(len(chunks), np.int64)
        self._offsets = np.zeros(len(chunks), np.int64)
        if files.stored.specs:
            self._look_up()

    def blocks(self, rows: range) -> Iterator[bytes]:
        """Give the bytes of all chunks that are stored, one after another.

        Parameters
        ----------
        rows
            Which chunks: those that follow those that were taken last.

        Raises
        ------
        Unreadable, LimitExceeded
            If one cannot be read, is damaged, or was replaced meanwhile.
        """
        yield from self._from_shards(rows) if self._shards else self._from_files(rows)
        self._tell(rows.stop)

    def measure(self, rows: range) -> None:
        """Find out the lengths before any chunk is taken.

        Raises
        ------
        Unreadable, LimitExceeded
            If that cannot be found out.
        """
        if self._files.stored.specs:
            return
        for row in rows:
            is_there, size = self._files.read_size(self._place(row))
            if is_there and size is None:
                self._refuse(row, "the server does not say how large it is")
            self.lengths[row] = size if is_there and size is not None else ABSENT

    def _place(self, row: int) -> ChunkIndex:
        return tuple(self.chunks[row].tolist())

    def _tell(self, rows: int) -> None:
        """Say that so many chunks are through; be told whether to go on."""
        self._tick((rows - self._told) * self._share)
        self._told = rows

    def _look_up(self) -> None:
        """Find all chunks in the indices of their shards, each read once."""
        spec = self._files.stored.specs[0]
        per_shard = np.array(self._files.stored.chunks_per_shard, np.int64)
        shards = self.chunks // per_shard
        low, high = shards.min(axis=0), shards.max(axis=0)
        _, firsts, of_shard = np.unique(
            flat(shards - low, high - low + 1), return_index=True, return_inverse=True
        )
        rows_of = np.split(
            np.argsort(of_shard, kind="stable"),
            np.cumsum(np.bincount(of_shard))[:-1],
        )
        self._of_shard = of_shard
        for shard, rows in zip(shards[firsts], rows_of, strict=True):
            place = tuple(shard.tolist())
            index = self._sound(place)
            self._shards.append((place, None if index is None else index.file_size))
            if index is None:
                continue
            inner = (self.chunks[rows] - shard * per_shard)[:, list(spec.axes)]
            at = flat(inner, spec.chunks_per_shard)
            stored = ~index.missing.reshape(-1)[at]
            rows, at = rows[stored], at[stored]
            self.lengths[rows] = index.lengths.reshape(-1)[at].astype(np.int64)
            self._offsets[rows] = index.offsets.reshape(-1)[at].astype(np.int64)

    def _sound(self, place: ChunkIndex) -> ShardIndex | None:
        try:
            index = self._files.index(place)
        except BadIndex as error:
            raise self._unreadable(self._files.key(place), str(error)) from error
        if index is None:
            return None
        fault = index.fault()
        if fault is None and (~index.missing & (index.lengths == 0)).any():
            fault = "its index says that a chunk has no bytes: the shard is damaged"
        if fault is not None:
            raise self._unreadable(self._files.key(place), fault)
        return index

    def _from_shards(self, every: range) -> Iterator[bytes]:
        stored = self.lengths[every.start : every.stop] != ABSENT
        rows = every.start + np.flatnonzero(stored)
        ends = np.cumsum(self.lengths[rows])
        first = 0
        while first < len(rows):
            before = int(ends[first - 1]) if first else 0
            most = before + self._window_nbytes
            stop = int(np.searchsorted(ends, most, side="right"))
            stop = min(max(stop, first + 1), first + _ROWS)
            some = rows[first:stop]
            if len(some) == 1:
                yield from self._whole(int(some[0]))
            else:
                yield from self._window(some)
            first = stop
            self._tell(int(some[-1]) + 1)

    def _whole(self, row: int) -> Iterator[bytes]:
        """Give a chunk of a shard, however large it is."""
        shard, start = int(self._of_shard[row]), int(self._offsets[row])
        stop = start + int(self.lengths[row])
        for at in range(start, stop, _PIECE):
            yield self._read(Span(shard, at, min(at + _PIECE, stop)))

    def _window(self, rows: NDArray[np.int64]) -> list[bytes]:
        """Return chunks of shards in their order, read in that of the files."""
        starts = self._offsets[rows]
        stops = starts + self.lengths[rows]
        reads = reads_of(self._of_shard[rows], starts, stops, at_most=_PIECE)
        at_once = WAITING if self._remote else 1
        found = WORKERS.each(self._read, reads.spans, at_once=at_once)
        if reads.in_order:
            return found  # as they lie there: they need not be put in order
        views = [memoryview(data) for data in found]
        of_span = reads.of_span
        begins = np.array([span.start for span in reads.spans])[of_span]
        places = zip(
            of_span.tolist(),
            (starts - begins).tolist(),
            (stops - begins).tolist(),
            strict=True,
        )
        return [b"".join([views[span][a:b] for span, a, b in places])]

    def _read(self, span: Span) -> bytes:
        place, expected = self._shards[span.shard]
        return self._part(self._files.key(place), span.start, span.stop, expected)

    def _part(self, key: str, start: int, stop: int, expected: int | None) -> bytes:
        found = self._files.keys.sized(key, (start, stop), limit=stop - start)
        if found is None:
            raise self._unreadable(key, "it was removed while it was read")
        data, size = found
        if None not in (size, expected) and size != expected:
            raise self._unreadable(key, "it was replaced while it was read")
        if len(data) != stop - start:
            raise self._unreadable(key, "it became shorter while it was read")
        return data

    def _from_files(self, every: range) -> Iterator[bytes]:
        at_once = min(self._window_nbytes // self._first, 8 * WAITING)
        at_once = at_once if self._remote else 1
        for first in range(every.start, every.stop, at_once):
            rows = range(first, min(first + at_once, every.stop))
            begins = WORKERS.each(self._begin, rows, at_once=WAITING)
            for row, found in zip(rows, begins, strict=True):
                if found is not None:
                    yield from self._file(row, *found)
            self._tell(rows.stop)

    def _begin(self, row: int) -> tuple[bytes, int | None] | None:
        key = self._files.key(self._place(row))
        return self._files.keys.sized(key, (0, self._first), limit=self._first)

    def _file(self, row: int, data: bytes, size: int | None) -> Iterator[bytes]:
        """Give a file whose first bytes are there."""
        measured = int(self.lengths[row])
        if measured != ABSENT and measured != (len(data) if size is None else size):
            self._refuse(row, "it was replaced while it was read")
        key, total = self._files.key(self._place(row)), len(data)
        yield data
        more = total == self._first if size is None else total < size
        while more:
            stop = total + _PIECE if size is None else min(total + _PIECE, size)
            data = self._more(key, total, stop, size)
            more = len(data) == _PIECE if size is None else stop < size
            total += len(data)
            yield data
        exact = self._files.stored.encoded_nbytes
        if not total:
            self._refuse(row, "it is empty: it is damaged")
        if exact is not None and total != exact:
            what = f"it has {total} bytes in place of {exact}: it is damaged"
            self._refuse(row, what)
        self.lengths[row] = total

    def _more(self, key: str, start: int, stop: int, size: int | None) -> bytes:
        if size is not None:
            return self._part(key, start, stop, size)
        found = self._files.keys.get(key, (start, stop), limit=stop - start)
        if found is None:
            raise self._unreadable(key, "it was removed while it was read")
        return found

    def _refuse(self, row: int, reason: str) -> NoReturn:
        raise self._unreadable(self._files.key(self._place(row)), reason)

    def _unreadable(self, key: str, reason: str) -> Unreadable:
        return Unreadable(self._files.keys.url, plain(key), reason)
