"""The stored bytes of one array's chunks: what is absent, and what only looks so.

Knows keys, and the index of a shard; decodes nothing and knows no zarr. Only a proven
"no such key" is absent. A folder, a pipe or a failing server in a chunk's place is an
error, and so are an empty file and a shard whose index does not hold.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

import google_crc32c

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.shards import BadIndex, sound_index

if TYPE_CHECKING:
    from napari_ngff.storage.chunks.shards import ShardIndex, ShardSpec
    from napari_ngff.storage.keys import Keys, Span

    _Known: TypeAlias = tuple[str, int | None, int]

#: The index of how many inner chunks one array remembers: some 5 MiB.
_REMEMBERED: Final = 2**18


class ChunkBytes:
    """Reads chunks and shards, or parts of them.

    Thread-safe and picklable; what is unpickled has read no index yet.

    Parameters
    ----------
    keys
        Where the bytes are.
    limit
        How many bytes one read may have.
    shards
        How the values are laid out, if they are shards.
    """

    def __init__(
        self, keys: Keys, *, limit: int, shards: ShardSpec | None = None
    ) -> None:
        self._keys = keys
        self._limit = limit
        self._shards = shards
        self._lock = threading.Lock()
        self._sound: OrderedDict[_Known, ShardIndex] = OrderedDict()

    def __reduce__(self) -> Any:
        return _chunk_bytes, (self._keys, self._limit, self._shards)

    @property
    def remote(self) -> bool:
        """Whether a read takes a round trip over a network."""
        return self._keys.remote

    def get(self, key: str, span: Span | None = None) -> bytes | None:
        """Return a value, or a span of it; None where it is absent.

        Raises
        ------
        Unreadable, LimitExceeded
            As `Keys.get`; or it is empty, or has fewer bytes than the span.
        """
        data = self._keys.get(key, span, limit=self._limit)
        if data is not None:
            self._check(key, data, span)
        return data

    def part(self, key: str, span: tuple[int, int], index: ShardIndex) -> bytes:
        """Return the bytes of a shard to which its index points.

        Raises
        ------
        Unreadable, LimitExceeded
            As `get`; or the shard is not the one whose index that is.
        """
        found = self._keys.sized(key, span, limit=self._limit)
        if found is None:
            self._refuse(key, "it was removed while it was read")
        data, size = found
        if size is not None and index.file_size not in (None, size):
            self._refuse(key, "it was replaced while it was read")
        self._check(key, data, span)
        return data

    def indexed(self, key: str, span: Span | None) -> tuple[bytes, ShardIndex] | None:
        """Return a shard, or the bytes of its index, and what its index says.

        An index is read each time, and parsed if it is not one that was found good:
        its checksum tells a shard that was replaced, and costs next to nothing.

        Parameters
        ----------
        key
            Which shard.
        span
            `ShardSpec.index_span`; None: all of it.

        Raises
        ------
        Unreadable, LimitExceeded
            As `Keys.get`; or the index is bad: one that points where it may not would
            have bytes shown as pixels that are none.
        """
        found = self._keys.sized(key, span, limit=self._limit)
        if found is None:
            return None
        spec = self._shards
        if spec is None:
            message = "there are no shards"
            raise ValueError(message)
        data, size = found
        encoded = spec.index_in(data) if span is None else data
        known = key, size, google_crc32c.value(encoded)
        with self._lock:
            index = self._sound.get(known)
        if index is None:
            try:
                index = sound_index(spec, encoded, size)
            except BadIndex as error:
                raise Unreadable(self._keys.url, plain(key), str(error)) from error
            self._remember(known, index)
        return data, index

    def _remember(self, known: _Known, index: ShardIndex) -> None:
        with self._lock:
            self._sound[known] = index
            while len(self._sound) > 1 and (
                len(self._sound) * index.missing.size > _REMEMBERED
            ):
                self._sound.popitem(last=False)

    def _check(self, key: str, data: bytes, span: Span | None) -> None:
        if not data:
            # No chunk is; not every zarr tells it from one that is absent.
            self._refuse(key, "it is empty: it is damaged")
        # Such a span is where the index of a shard points to; not every zarr notices
        # that there are fewer bytes, and takes them for absent.
        if span is not None and span[1] is not None and len(data) != span[1] - span[0]:
            self._refuse(key, "its index points outside of it: the shard is damaged")

    def _refuse(self, key: str, reason: str) -> NoReturn:
        raise Unreadable(self._keys.url, plain(key), reason)


def _chunk_bytes(keys: Keys, limit: int, shards: ShardSpec | None) -> ChunkBytes:
    return ChunkBytes(keys, limit=limit, shards=shards)
