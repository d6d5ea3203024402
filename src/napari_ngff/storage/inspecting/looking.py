"""What one file of an array holds: one read of a shard's index, or of a size.

Knows keys, and shards in shards; knows nothing of listings and of how many there are.
What a file says wrong is told in words, never raised.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.chunks.shards import BadIndex, parse_index
from napari_ngff.storage.inspecting.shard_map import inside_of, shard_map

if TYPE_CHECKING:
    from napari_ngff.storage.chunks.shards import ShardIndex, ShardSpec
    from napari_ngff.storage.inspecting.shard_map import ShardMap
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: So many shards inside of a shard are looked into: each takes a read.
_NESTED: Final = 1024
#: The indices of so many inner chunks are remembered: some 5 MiB.
_REMEMBERED: Final = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """What one file holds.

    Attributes
    ----------
    place
        Which chunk or shard it is.
    nbytes
        Its bytes; None: they do not become known.
    chunks
        Chunks of the array in it; None: not known.
    chunk_nbytes, live_nbytes, dead_nbytes, beyond
        See `shard_map.ShardMap`.
    fault
        What is wrong with it, in words; empty: nothing.
    unreadable
        Whether that is because it cannot be read, and not for what it holds.
    """

    place: ChunkIndex
    nbytes: int | None
    chunks: int | None
    chunk_nbytes: int = 0
    live_nbytes: int = 0
    dead_nbytes: int = 0
    beyond: int = 0
    fault: str = ""
    unreadable: bool = False


class Files:
    """The files of one array, looked at one by one. Thread-safe.

    Parameters
    ----------
    keys
        Where the bytes are.
    node
        Path of the array inside the store.
    stored
        How it is stored.
    """

    def __init__(self, keys: Keys, node: str, stored: StoredAs) -> None:
        self.keys = keys
        self.node = node
        self.stored = stored
        self._lock = threading.Lock()
        self._sizes: dict[ChunkIndex, int] | None = None
        self._asked: OrderedDict[ChunkIndex, int | None] = OrderedDict()
        self._indices: OrderedDict[ChunkIndex, ShardIndex | None] = OrderedDict()

    @property
    def prefix(self) -> str:
        """What the keys of its files begin with."""
        return f"{self.node}/" if self.node else ""

    def key(self, place: ChunkIndex) -> str:
        """Return the key of a file inside the store."""
        return self.prefix + self.stored.keys.key(place)

    def know(self, sizes: dict[ChunkIndex, int]) -> None:
        """Remember all files that there are, and their sizes."""
        self._sizes = sizes

    def size(self, place: ChunkIndex) -> int | None:
        """Return the bytes of a file; None where there is none, or is not known.

        Raises
        ------
        Unreadable, LimitExceeded
            If that cannot be found out.
        """
        if self._sizes is not None:
            return self._sizes.get(place)
        with self._lock:
            if place in self._asked:
                return self._asked[place]
        return self.read_size(place)[1]

    def read_size(self, place: ChunkIndex) -> tuple[bool, int | None]:
        """Return whether there is such a file, and its bytes, asked for anew."""
        found = self.keys.sized(self.key(place), (0, 1), limit=1)
        size = None if found is None else found[1]
        with self._lock:
            self._asked[place] = size
            while len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
        return found is not None, size

    def index(self, place: ChunkIndex) -> ShardIndex | None:
        """Return what the index of a shard says; None where there is no such shard.

        Raises
        ------
        Unreadable, LimitExceeded
            If it cannot be read.
        BadIndex
            If it is not the index of a shard.
        """
        with self._lock:
            if place in self._indices:
                return self._indices[place]
        return self.read_index(place)

    def read_index(self, place: ChunkIndex) -> ShardIndex | None:
        """Return what `index` does, read anew."""
        spec = self.stored.specs[0]
        nbytes = spec.index_nbytes
        with self._lock:
            self._indices.pop(place, None)
        found = self.keys.sized(self.key(place), spec.index_span, limit=nbytes)
        index = None if found is None else parse_index(spec, *found)
        size = prod(spec.chunks_per_shard)
        with self._lock:
            self._indices[place] = index
            self._indices.move_to_end(place)
            while len(self._indices) > 1 and len(self._indices) * size > _REMEMBERED:
                self._indices.popitem(last=False)
        return index

    def look(self, place: ChunkIndex) -> FileLook | None:
        """Return what a file holds; None where there is none."""
        try:
            if not self.stored.specs:
                is_there, size = self.read_size(place)
                return whole_file(self.stored, place, size) if is_there else None
            index = self.read_index(place)
            return None if index is None else self._shard(place, index)
        except BadIndex as error:
            return self._bad(place, str(error), unreadable=False)
        except Unreadable as error:
            return self._bad(place, error.reason, unreadable=True)
        except LimitExceeded as error:
            whole = "the server sends whole files only, and no parts of them"
            fault = whole if self.keys.remote else str(error)
            return self._bad(place, fault, unreadable=True)

    def _bad(self, place: ChunkIndex, fault: str, *, unreadable: bool) -> FileLook:
        return FileLook(
            place=place,
            nbytes=None if self._sizes is None else self._sizes.get(place),
            chunks=None,
            fault=fault,
            unreadable=unreadable,
        )

    def _shard(self, place: ChunkIndex, index: ShardIndex) -> FileLook:
        begin, single = self._begin(place), len(self.stored.specs) == 1
        present = self._present(index.spec, begin)
        exact = self.stored.encoded_nbytes if single else None
        look = _as_look(place, index, shard_map(index, present), exact)
        if single or look.fault:
            return look
        return self._nested(look, index, begin, present)

    def map_of(self, place: ChunkIndex) -> ShardMap | None:
        """Return how the file of a shard is used; None where there is none.

        Raises
        ------
        Unreadable, LimitExceeded, BadIndex
            As `index`.
        """
        index = self.index(place)
        if index is None:
            return None
        return shard_map(index, self.inside(place))

    def inside(self, place: ChunkIndex) -> ChunkIndex:
        """Return how many inner chunks of a shard begin inside of the array.

        Along each axis of its index. There must be shards.
        """
        return self._present(self.stored.specs[0], self._begin(place))

    def _begin(self, place: ChunkIndex) -> ChunkIndex:
        return tuple(at * n for at, n in zip(place, self.stored.cell, strict=True))

    def _present(self, spec: ShardSpec, begin: ChunkIndex) -> ChunkIndex:
        """Return how many inner chunks begin inside of the array, along each axis."""
        shape, counts = self.stored.shape, spec.chunks_per_shard
        left = [max(0, shape[axis] - begin[axis]) for axis in spec.axes]
        parts = zip(left, spec.chunk_shape, counts, strict=True)
        return tuple(min(count, -(-n // size)) for n, size, count in parts)

    def _nested(
        self,
        look: FileLook,
        index: ShardIndex,
        begin: ChunkIndex,
        present: ChunkIndex,
    ) -> FileLook:
        """Return the same, with the chunks in the shards that are in this one."""
        outer, inner = self.stored.specs[:2]
        inside = ~index.missing & inside_of(index, present)
        wanted = np.argwhere(inside).tolist()
        if len(wanted) > _NESTED:
            return replace(look, chunks=None)
        key, total = self.key(look.place), replace(look, chunks=0, chunk_nbytes=0)
        for at in wanted:
            first = list(begin)
            for i, axis in enumerate(outer.axes):
                first[axis] += at[i] * outer.chunk_shape[i]
            start, nbytes = (int(a[tuple(at)]) for a in (index.offsets, index.lengths))
            span = inner.index_span
            low = start + (span[0] if span[0] >= 0 else max(0, nbytes + span[0]))
            high = min(start + nbytes, low + inner.index_nbytes)
            found = self.keys.sized(key, (low, high), limit=inner.index_nbytes)
            data = b"" if found is None else found[0]
            try:
                part = parse_index(inner, data, nbytes)
            except BadIndex as error:
                fault = f"in the shard inside of it at {tuple(at)}, {error}"
                return replace(total, chunks=None, fault=fault)
            used = shard_map(part, self._present(inner, tuple(first)))
            total = _with(total, used)
        return total


def whole_file(stored: StoredAs, place: ChunkIndex, nbytes: int | None) -> FileLook:
    """Return what a file holds that is one chunk, or a shard that is packed whole."""
    fault, exact = "", stored.encoded_nbytes
    if nbytes == 0:
        fault = "it is empty: it is damaged"
    elif exact is not None and not stored.packed and nbytes not in (None, exact):
        fault = f"it has {nbytes} bytes in place of {exact}: it is damaged"
    size = nbytes or 0
    return FileLook(
        place=place,
        nbytes=nbytes,
        chunks=None if stored.packed else 1,
        chunk_nbytes=size,
        live_nbytes=size,
        fault=fault,
    )


def _as_look(
    place: ChunkIndex, index: ShardIndex, found: ShardMap, exact: int | None
) -> FileLook:
    fault = found.fault or ""
    if not fault and exact is not None:
        wrong = ~index.missing & (index.lengths != exact)
        if wrong.any():
            at = tuple(int(i) for i in np.argwhere(wrong)[0])
            size = int(index.lengths[at])
            fault = f"inner chunk {at} has {size} bytes in place of {exact}"
    return FileLook(
        place=place,
        nbytes=index.file_size,
        chunks=found.chunks,
        chunk_nbytes=found.chunk_nbytes,
        live_nbytes=found.live_nbytes,
        dead_nbytes=found.dead_nbytes,
        beyond=found.beyond,
        fault=fault,
    )


def _with(total: FileLook, part: ShardMap) -> FileLook:
    """Return what a file holds with what a shard inside of it does.

    That shard's own index is no chunk, and what is dead in it is dead in the file.
    """
    return replace(
        total,
        chunks=(total.chunks or 0) + part.chunks,
        chunk_nbytes=total.chunk_nbytes + part.chunk_nbytes,
        live_nbytes=total.live_nbytes - part.dead_nbytes,
        dead_nbytes=total.dead_nbytes + part.dead_nbytes,
        beyond=total.beyond + part.beyond,
        fault=total.fault or part.fault or "",
    )
