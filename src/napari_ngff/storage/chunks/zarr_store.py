"""A Zarr store over `Keys`: what zarr-python reads chunks through.

Knows how zarr asks for bytes; knows neither where they are nor what they mean. It is
read-only, and differs from zarr's own stores in what counts as absent: see
`chunks.chunk_bytes`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NoReturn

from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    Store,
)
from zarr.buffer import default_buffer_prototype

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.storage.chunks import zarr_codecs
from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from zarr.abc.buffer import Buffer, BufferPrototype

    from napari_ngff.storage.chunks.shards import ShardSpec
    from napari_ngff.storage.keys import Keys, Span


class KeyStore(Store):
    """A read-only Zarr store over `Keys`, with synchronous reads.

    Parameters
    ----------
    keys
        Where the bytes are.
    limits
        ``encoded_chunk_bytes`` bounds every read.
    shards
        How the values are laid out, if they are shards: the index of each is checked
        when it is read, alone or with all of the shard. None: they are not, or not to
        be checked here.
    """

    supports_writes: bool = False
    supports_deletes: bool = False
    supports_listing: bool = False
    supports_consolidated_metadata: bool = False

    def __init__(
        self, keys: Keys, *, limits: Limits = LIMITS, shards: ShardSpec | None = None
    ) -> None:
        super().__init__(read_only=True)
        self._is_open = True
        zarr_codecs.register()
        self._keys = keys
        self._limits = limits
        self._shards = shards
        most = limits.encoded_chunk_bytes
        self._chunks = ChunkBytes(keys, limit=most, shards=shards)
        self._index_spans = () if shards is None else (None, shards.index_span)

    def __reduce__(self) -> Any:
        return _key_store, (self._keys, self._limits, self._shards)

    def __eq__(self, value: object) -> bool:
        return isinstance(value, KeyStore) and self._keys == value._keys

    def __hash__(self) -> int:
        return hash(self._keys)

    def __repr__(self) -> str:
        return f"KeyStore({self._keys!r})"

    def __str__(self) -> str:
        return self._keys.url

    def get_sync(
        self,
        key: str,
        *,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return the bytes of a key without an event loop; None if it is absent.

        Raises
        ------
        Unreadable, LimitExceeded
            As `Keys.get`; or a shard's index is bad.
        """
        span = None if byte_range is None else _span(byte_range)
        if span in self._index_spans:
            # Zarr does not look at it: it would show bytes of the index as pixels.
            found = self._chunks.indexed(key, span)
            data = None if found is None else found[0]
        else:
            data = self._chunks.get(key, span)
        if data is None:
            return None
        return (prototype or default_buffer_prototype()).buffer.from_bytes(data)

    def set_sync(self, key: str, value: Buffer) -> None:
        """Refuse: the store is read-only."""
        self._refuse()

    def delete_sync(self, key: str) -> None:
        """Refuse: the store is read-only."""
        self._refuse()

    async def get(
        self,
        key: str,
        prototype: BufferPrototype,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return the bytes of a key; None if it is absent; see `get_sync`."""
        return await asyncio.to_thread(
            self.get_sync, key, prototype=prototype, byte_range=byte_range
        )

    async def get_partial_values(
        self,
        prototype: BufferPrototype,
        key_ranges: Iterable[tuple[str, ByteRequest | None]],
    ) -> list[Buffer | None]:
        """Return the bytes of several keys, in their order."""
        wanted = (self.get(key, prototype, span) for key, span in key_ranges)
        return await asyncio.gather(*wanted)

    async def exists(self, key: str) -> bool:
        """Tell whether there is such a key."""
        return await asyncio.to_thread(self._keys.stamp, key) is not None

    async def set(self, key: str, value: Buffer) -> None:
        """Refuse: the store is read-only."""
        self._refuse()

    async def delete(self, key: str) -> None:
        """Refuse: the store is read-only."""
        self._refuse()

    def list(self) -> AsyncIterator[str]:
        """Refuse: arrays are read by key."""
        raise NotImplementedError

    def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: arrays are read by key."""
        raise NotImplementedError

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: arrays are read by key."""
        raise NotImplementedError

    def _refuse(self) -> NoReturn:
        message = f"{self._keys.url} is open for reading only"
        raise ValueError(message)


def _key_store(keys: Keys, limits: Limits, shards: ShardSpec | None) -> KeyStore:
    return KeyStore(keys, limits=limits, shards=shards)


def _span(request: ByteRequest) -> Span:
    if isinstance(request, RangeByteRequest):
        return request.start, request.end
    if isinstance(request, OffsetByteRequest):
        return request.offset, None
    return (-request.suffix, None) if request.suffix else (0, 0)
