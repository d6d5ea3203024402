"""What zarr and numcodecs call in place of the codecs that a document names.

Knows how they call a codec; what is done is in `chunks.decoding` and `chunks.shards`.
`chunks.chains` puts `BOUNDED` in place of every compressor, also inside of shards, and
`SHARD` behind a sharding codec that others follow, so that zarr finds these codecs in
its public registries. Arrays that `chunks.chunk_reader` reads need none of them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import numcodecs.abc
import numcodecs.registry
import numpy as np
from zarr.abc.codec import BytesBytesCodec
from zarr.registry import register_codec

from napari_ngff.storage.chunks.chains import BOUNDED, SHARD
from napari_ngff.storage.chunks.decoding import decompressed
from napari_ngff.storage.chunks.shards import BadIndex, ShardSpec, sound_index, spec_of

if TYPE_CHECKING:
    from zarr.abc.buffer import Buffer


def _bytes_of(data: Any) -> memoryview:
    return memoryview(np.ascontiguousarray(data)).cast("B")


def _refuse() -> NoReturn:
    message = "this codec is for reading only"
    raise NotImplementedError(message)


@dataclass(frozen=True)
class BoundedCodec(BytesBytesCodec):
    """A compressor of a Zarr v3 document, for reading within bounds.

    Attributes
    ----------
    codec
        Which compressor, as `chunks.decoding` names it.
    limit
        How many bytes a chunk may unpack to.
    exact
        Whether it must be just as many.
    """

    codec: str
    limit: int
    exact: bool
    is_fixed_size = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> BoundedCodec:
        """Make one of its entry in a document."""
        return cls(**data["configuration"])

    def to_dict(self) -> dict[str, Any]:
        """Return its entry in a document."""
        settings = {"codec": self.codec, "limit": self.limit, "exact": self.exact}
        return {"name": BOUNDED, "configuration": settings}

    def compute_encoded_size(self, input_byte_length: int, chunk_spec: Any) -> int:
        """Refuse: it depends on the data."""
        raise NotImplementedError

    def _decode_sync(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        data = _bytes_of(chunk_data.as_array_like())
        found = decompressed(data, self.codec, self.limit, exact=self.exact)
        return chunk_spec.prototype.buffer.from_bytes(found)  # type: ignore[no-any-return]

    def _encode_sync(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer | None:
        _refuse()

    async def _decode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        return await asyncio.to_thread(self._decode_sync, chunk_data, chunk_spec)

    async def _encode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        _refuse()


class BoundedNumcodec(numcodecs.abc.Codec):  # type: ignore[misc]
    """A compressor of a Zarr v2 document, for reading within bounds.

    Its attributes are those of `BoundedCodec`.
    """

    codec_id = BOUNDED

    def __init__(self, *, codec: str, limit: int, exact: bool) -> None:
        self.codec = codec
        self.limit = limit
        self.exact = exact

    def encode(self, buf: Any) -> Any:
        """Refuse: the store is read-only."""
        _refuse()

    def decode(self, buf: Any, out: Any = None) -> Any:
        """Return a chunk unpacked; see `decompressed`."""
        data = _bytes_of(buf)
        found = decompressed(data, self.codec, self.limit, exact=self.exact)
        if out is None:
            return found
        out[...] = np.frombuffer(found, out.dtype).reshape(out.shape)
        return out


@dataclass(frozen=True)
class ShardCheck(BytesBytesCodec):
    """Hands on the bytes of a shard as they are, if its index holds.

    For shards that are packed as a whole. Others are checked as they are read, so that
    they can be read in part. Of a bare shard inside of another only the outer index is
    checked.

    Attributes
    ----------
    spec
        How the shard is laid out.
    settings
        Its entry in a document.
    """

    spec: ShardSpec
    settings: dict[str, Any] = field(hash=False)
    is_fixed_size = True

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ShardCheck:
        """Make one of its entry in a document.

        Raises
        ------
        BadIndex
            If the index cannot be found in the shard.
        """
        settings = data["configuration"]
        spec = spec_of(settings["shape"], settings["sharding"])
        if not isinstance(spec, ShardSpec):
            raise BadIndex(spec.message)
        return cls(spec=spec, settings=settings)

    def to_dict(self) -> dict[str, Any]:
        """Return its entry in a document."""
        return {"name": SHARD, "configuration": self.settings}

    def compute_encoded_size(self, input_byte_length: int, chunk_spec: Any) -> int:
        """Return the size as it is."""
        return input_byte_length

    def _decode_sync(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        shard = chunk_data.to_bytes()
        sound_index(self.spec, self.spec.index_in(shard), len(shard))
        return chunk_data

    def _encode_sync(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer | None:
        return chunk_data

    async def _decode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        return await asyncio.to_thread(self._decode_sync, chunk_data, chunk_spec)

    async def _encode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        return chunk_data


@cache
def register() -> None:
    """Make the codecs known to zarr and numcodecs; once is enough."""
    register_codec(BOUNDED, BoundedCodec)
    register_codec(SHARD, ShardCheck)
    numcodecs.registry.register_codec(BoundedNumcodec)
