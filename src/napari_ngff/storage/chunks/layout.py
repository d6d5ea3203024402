"""How an array's chunks are stored, as its checked document says. No I/O, no zarr.

Knows the documents that `chunks.codecs.guard` makes, Zarr v2 and v3; decodes nothing.
It covers what images are commonly stored as; of anything else it says None, and zarr
reads it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from napari_ngff.storage.chunks.chains import BOUNDED, V3_DTYPES
from napari_ngff.storage.chunks.shards import ShardSpec, shard_spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.storage.pixels.grid import ChunkIndex

CRC: Final = "crc32c"
_SPECIAL: Final = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


class Packer(NamedTuple):
    """A codec from bytes to bytes: `CRC`, or a compressor and its bounds."""

    codec: str
    limit: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How the pixels of a chunk are made into bytes.

    Attributes
    ----------
    axes
        For each axis as it is stored, the axis of the array that it is.
    shape
        Lengths of the chunk as it is stored, last axis fastest.
    dtype
        Type of the items as they are stored, with their byte order.
    packers
        What the bytes then went through, in this order.
    """

    axes: tuple[int, ...]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    packers: tuple[Packer, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of the chunk before they were packed."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def back(self) -> tuple[int, ...]:
        """The transposition of what is stored to what the array has."""
        return tuple(self.axes.index(axis) for axis in range(len(self.axes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkKeys:
    """How the key of a chunk, or of a shard, is made of its index.

    Source: Zarr v3 core, "Chunk key encoding"; v2, "Storing a single array".

    Attributes
    ----------
    start
        What comes before the first number; with it, an array without axes has no
        number: its key is `start` alone.
    separator
        What is between two parts.
    """

    start: tuple[str, ...]
    separator: str

    def key(self, chunk: ChunkIndex) -> str:
        """Return the key, relative to the array."""
        return self.separator.join((*self.start, *map(str, chunk))) or "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How an array is stored.

    Attributes
    ----------
    shape
        Lengths of its axes.
    chunks
        Lengths of what is decoded at once: of an inner chunk, where there are shards.
    dtype
        Type of its items in the machine's byte order.
    fill
        What chunks that are absent are full of.
    keys
        How chunks, or shards, are called.
    chain
        How a chunk is encoded.
    shards
        How chunks lie in shards; None: they do not.
    """

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: np.dtype[Any]
    fill: np.generic
    keys: ChunkKeys
    chain: Chain
    shards: ShardSpec | None = None

    @property
    def per_shard(self) -> tuple[int, ...]:
        """Chunks in a shard along each axis of the array; 1 where there are none."""
        if self.shards is None:
            return (1,) * len(self.shape)
        counts = dict(zip(self.shards.axes, self.shards.chunks_per_shard, strict=True))
        return tuple(counts[axis] for axis in range(len(self.shape)))


def layout_of(document: Mapping[str, Any]) -> Layout | None:
    """Return how an array is stored; None where this module does not cover it.

    Parameters
    ----------
    document
        The array's metadata, checked (see `chunks.codecs.guard`).
    """
    return _v3(document) if document["zarr_format"] == 3 else _v2(document)


def _v2(document: Mapping[str, Any]) -> Layout | None:
    if document["filters"]:
        return None
    stored = np.dtype(document["dtype"])
    chunks = tuple(document["chunks"])
    # Column-major is the reversed axes row-major.
    axes = tuple(range(len(chunks)))[:: -1 if document["order"] == "F" else 1]
    compressor = document["compressor"]
    chain = Chain(
        axes=axes,
        shape=tuple(chunks[axis] for axis in axes),
        dtype=stored,
        packers=() if compressor is None else (_packer(compressor),),
    )
    # "If null, the contents of uninitialized chunks are undefined": zarr has zeros.
    value = document["fill_value"]
    fill = _fill(value, stored, v3=False) if value is not None else stored.type(0)
    if fill is None:
        return None
    return Layout(
        shape=tuple(document["shape"]),
        chunks=chunks,
        dtype=stored.newbyteorder("="),
        fill=fill,
        keys=ChunkKeys(start=(), separator=document["dimension_separator"]),
        chain=chain,
    )


def _v3(document: Mapping[str, Any]) -> Layout | None:
    dtype = np.dtype(V3_DTYPES[document["data_type"]])
    chunks = tuple(document["chunk_grid"]["configuration"]["chunk_shape"])
    axes = tuple(range(len(chunks)))
    codecs, shards = document["codecs"], shard_spec(document)
    if shards is not None:
        *filters, sharding = codecs
        # Packed as a whole, or filtered before.
        if not isinstance(shards, ShardSpec) or not _transposes(filters):
            return None
        codecs, axes = sharding["configuration"]["codecs"], shards.axes
        inner = dict(zip(axes, shards.chunk_shape, strict=True))
        chunks = tuple(inner[axis] for axis in range(len(chunks)))
    chain = _chain(codecs, chunks, axes, dtype)
    fill = _fill(document["fill_value"], dtype, v3=True)
    if chain is None or fill is None:
        return None
    encoding = document["chunk_key_encoding"]
    return Layout(
        shape=tuple(document["shape"]),
        chunks=chunks,
        dtype=dtype,
        fill=fill,
        keys=ChunkKeys(
            start=("c",) if encoding["name"] == "default" else (),
            separator=encoding["configuration"]["separator"],
        ),
        chain=chain,
        shards=shards,
    )


def _transposes(codecs: Sequence[Mapping[str, Any]]) -> bool:
    return all(codec["name"] == "transpose" for codec in codecs)


def _chain(
    codecs: Sequence[Mapping[str, Any]],
    chunk: tuple[int, ...],
    axes: tuple[int, ...],
    dtype: np.dtype[Any],
) -> Chain | None:
    """Return the chain of a chunk whose axes are reordered already; None: not covered.

    "The transpose codec permutes the dimensions of the chunk array": `order[i]` is the
    axis of the decoded array that is axis `i` of the encoded one.
    """
    names = [codec["name"] for codec in codecs]
    if "bytes" not in names:
        return None
    at = names.index("bytes")
    packers = codecs[at + 1 :]
    known = all(packer["name"] in (BOUNDED, CRC) for packer in packers)
    if not known or not _transposes(codecs[:at]):
        return None
    for codec in codecs[:at]:
        axes = tuple(axes[i] for i in codec["configuration"]["order"])
    endian = codecs[at]["configuration"].get("endian")
    return Chain(
        axes=axes,
        shape=tuple(chunk[axis] for axis in axes),
        dtype=dtype.newbyteorder(">" if endian == "big" else "<"),
        packers=tuple(_packer(packer) for packer in packers),
    )


def _packer(entry: Mapping[str, Any]) -> Packer:
    if entry.get("name") == CRC:
        return Packer(CRC)
    settings = entry.get("configuration", entry)
    return Packer(settings["codec"], settings["limit"], settings["exact"])


def _fill(value: Any, dtype: np.dtype[Any], *, v3: bool) -> np.generic | None:
    """Return a fill value of the array's type; None for one that is not covered."""
    kind = dtype.newbyteorder("=")
    if kind.kind != "c":
        return _real(value, kind, v3=v3)
    if not isinstance(value, list) or len(value) != 2:
        return None
    part = np.dtype(f"f{kind.itemsize // 2}")
    pair = [_real(each, part, v3=v3) for each in value]
    if pair[0] is None or pair[1] is None:
        return None
    found: np.generic = np.array(pair, part).view(kind)[0]
    return found


def _real(value: Any, kind: np.dtype[Any], *, v3: bool) -> np.generic | None:
    if isinstance(value, str) and v3 and value.startswith("0x"):
        return _from_bits(value, kind)
    if isinstance(value, str):
        value = _SPECIAL.get(value)
    if not isinstance(value, int | float):
        return None
    if kind.kind in "biu":
        return _whole(value, kind)
    with np.errstate(over="ignore"):
        found: np.generic = np.array([value], np.float64).astype(kind)[0]
    # One that is too large for the type is zarr's to judge.
    return found if np.isfinite(found) == math.isfinite(value) else None


def _whole(value: float, kind: np.dtype[Any]) -> np.generic | None:
    if not isinstance(value, int):
        return None
    found: np.generic = kind.type(value)
    return found


def _from_bits(text: str, kind: np.dtype[Any]) -> np.generic | None:
    """Return a number by its bytes.

    "A hexadecimal string giving the byte representation of the floating point number,
    as an unsigned integer" (Zarr v3 core, "Fill value").
    """
    if kind.kind != "f" or len(text) != 2 + 2 * kind.itemsize:
        return None
    try:
        bits = bytes.fromhex(text[2:])
    except ValueError:
        return None
    if len(bits) != kind.itemsize:
        return None
    found: np.generic = np.frombuffer(bits, kind.newbyteorder(">")).astype(kind)[0]
    return found
