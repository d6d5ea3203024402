"""Refusing shards whose index is bad, also those that are packed as a whole.

Knows how zarr calls a codec; what is checked is in `storage.shards`. A shard that is a
file is checked as it is read, in `storage.zarr_store`, so that it can be read in part.
Behind a sharding codec that others follow, `storage.chains` puts the codec of this
module. Of a bare shard inside of another only the outer index is checked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from zarr.abc.codec import BytesBytesCodec
from zarr.registry import register_codec

from napari_ngff.storage.chains import SHARD
from napari_ngff.storage.shards import BadIndex, ShardSpec, parse_index, spec_of

if TYPE_CHECKING:
    from zarr.abc.buffer import Buffer


def check_index(spec: ShardSpec, data: bytes, file_size: int | None) -> None:
    """Refuse the encoded index of a shard, if it or one of its entries is bad.

    Raises
    ------
    BadIndex
        With the reason in words.
    """
    fault = parse_index(spec, data, file_size).fault()
    if fault is not None:
        raise BadIndex(fault)


@dataclass(frozen=True)
class ShardCheck(BytesBytesCodec):
    """Hands on the bytes of a shard as they are, if its index holds.

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
        check_index(self.spec, self.spec.index_in(shard), len(shard))
        return chunk_data

    def _encode_sync(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer | None:
        return chunk_data

    async def _decode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        return await asyncio.to_thread(self._decode_sync, chunk_data, chunk_spec)

    async def _encode_single(self, chunk_data: Buffer, chunk_spec: Any) -> Buffer:
        return chunk_data


@cache
def register() -> None:
    """Make the codec known to zarr by `chains.SHARD`; once is enough."""
    register_codec(SHARD, ShardCheck)
