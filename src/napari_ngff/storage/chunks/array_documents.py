"""What an array's metadata says about how it is stored: a value ⇄ its document.

Knows ``zarr.json`` and ``.zarray`` of arrays as this package writes them; strict where
`chunks.codecs` is tolerant. Touches no pixels and imports no zarr.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.chunks.chains import DTYPES, V3_DTYPES
from napari_ngff.storage.chunks.compression import (
    DEFAULT_COMPRESSION,
    Compression,
    from_v2,
    from_v3,
    v2_compressor,
    v3_codecs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.storage.chunks.ordering import ChunkOrder
    from napari_ngff.storage.pyramids.pyramid import LevelPlan

ZarrFormat: TypeAlias = Literal[2, 3]

_V3_NAMES: Final = {kind: name for name, kind in V3_DTYPES.items()}
_INDEX_CODECS: Final = (
    {"name": "bytes", "configuration": {"endian": "little"}},
    {"name": "crc32c"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayLayout:
    """How one array is stored.

    Attributes
    ----------
    shape, chunk
        Lengths of the array and of a chunk.
    shard
        Lengths of a shard, multiples of those of the chunk; None: a file per chunk.
    dtype
        Of the pixels, in the machine's byte order; stored little-endian.
    zarr_format
        2 or 3; 2 has no shards.
    compression
        Of every chunk.
    fill_value
        Of chunks that are not stored: a scalar of `dtype`.
    separator
        What parts the indices in the key of a chunk.
    order
        In which the chunks of a shard are written; no document says it.
    """

    shape: tuple[int, ...]
    chunk: tuple[int, ...]
    shard: tuple[int, ...] | None
    dtype: np.dtype[Any]
    zarr_format: ZarrFormat
    compression: Compression
    fill_value: Any
    separator: str = "/"
    order: ChunkOrder = "C"

    @property
    def cell(self) -> tuple[int, ...]:
        """Lengths of what one file holds: a shard, or a chunk."""
        return self.chunk if self.shard is None else self.shard

    @property
    def document_name(self) -> str:
        """The name of the file of its document."""
        return "zarr.json" if self.zarr_format == 3 else ".zarray"

    @property
    def nbytes_encoded(self) -> int:
        """Bytes a file has at most, whatever its pixels are, with room to spare."""
        items = math.prod(self.cell)
        return 2**20 + items * (2 * self.dtype.itemsize + 32)

    def nbytes_of(self, index: Sequence[int]) -> int:
        """Return the bytes of the pixels in a file, those beyond the end left out."""
        parts = zip(index, self.cell, self.shape, strict=True)
        sizes = (min(n, length - i * n) for i, n, length in parts)
        return math.prod(sizes) * self.dtype.itemsize

    def key(self, index: Sequence[int]) -> str:
        """Return the key of a file relative to the array, by its place in the grid."""
        numbers = [str(i) for i in index]
        if self.zarr_format == 3:
            return self.separator.join(["c", *numbers])
        return self.separator.join(numbers) or "0"


def layout_for(
    level: LevelPlan,
    dtype: np.dtype[Any],
    *,
    zarr_format: ZarrFormat,
    compression: Compression = DEFAULT_COMPRESSION,
    fill_value: Any = 0,
) -> ArrayLayout:
    """Return how a planned level is stored.

    Raises
    ------
    ValueError
        If that cannot be: a type that Zarr lacks, shards in format 2, or shards that
        are no multiple of their chunks.
    """
    kind = np.dtype(dtype).newbyteorder("=")
    if kind.str[1:] not in DTYPES:
        raise ValueError(f"pixels of the type {kind} cannot be saved as Zarr")
    if level.shard is not None:
        if zarr_format == 2:
            raise ValueError("Zarr format 2 has no shards")
        if any(n % m for n, m in zip(level.shard, level.chunk, strict=True)):
            message = f"a shard of {level.shard} is no multiple of {level.chunk}"
            raise ValueError(message)
    return ArrayLayout(
        shape=tuple(level.shape),
        chunk=tuple(level.chunk),
        shard=None if level.shard is None else tuple(level.shard),
        dtype=kind,
        zarr_format=zarr_format,
        compression=compression,
        fill_value=kind.type(fill_value),
    )


def array_document(
    level: LevelPlan,
    dtype: np.dtype[Any],
    *,
    zarr_format: ZarrFormat,
    compression: Compression = DEFAULT_COMPRESSION,
    dimension_names: Sequence[str] | None = None,
    fill_value: Any = 0,
) -> dict[str, Any]:
    """Return the whole metadata document of a planned level.

    Parameters
    ----------
    level
        Its shape, chunk and shard.
    dtype
        Of the pixels.
    zarr_format
        3: ``zarr.json``; 2: ``.zarray``, with ``/`` in the keys of chunks.
    compression
        Of every chunk.
    dimension_names
        Names of the axes; format 2 has no place for them.
    fill_value
        Of chunks that are not stored.

    Returns
    -------
    dict
        What `json` can write: no NaN, which Zarr spells as a string.

    Raises
    ------
    ValueError
        See `layout_for`.
    """
    layout = layout_for(
        level,
        dtype,
        zarr_format=zarr_format,
        compression=compression,
        fill_value=fill_value,
    )
    if zarr_format == 2:
        return _v2(layout)
    document = _v3(layout)
    if dimension_names is not None:
        document["dimension_names"] = list(dimension_names)
    return document


def _v2(layout: ArrayLayout) -> dict[str, Any]:
    return {
        "zarr_format": 2,
        "shape": list(layout.shape),
        "chunks": list(layout.chunk),
        "dtype": layout.dtype.newbyteorder("<").str,
        "compressor": v2_compressor(layout.compression, layout.dtype.itemsize),
        "fill_value": _stated(layout.fill_value),
        "order": "C",
        "filters": None,
        "dimension_separator": layout.separator,
    }


def _v3(layout: ArrayLayout) -> dict[str, Any]:
    codecs = [_bytes_codec(layout.dtype), *_compressors(layout)]
    if layout.shard is not None:
        configuration = {
            "chunk_shape": list(layout.chunk),
            "codecs": codecs,
            "index_codecs": [dict(codec) for codec in _INDEX_CODECS],
            "index_location": "end",
        }
        codecs = [{"name": "sharding_indexed", "configuration": configuration}]
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(layout.shape),
        "data_type": _V3_NAMES[layout.dtype.str[1:]],
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": list(layout.cell)},
        },
        "chunk_key_encoding": {
            "name": "default",
            "configuration": {"separator": layout.separator},
        },
        "fill_value": _stated(layout.fill_value),
        "codecs": codecs,
        "attributes": {},
    }


def _compressors(layout: ArrayLayout) -> list[dict[str, Any]]:
    return v3_codecs(layout.compression, layout.dtype.itemsize)


def _bytes_codec(dtype: np.dtype[Any]) -> dict[str, Any]:
    if dtype.itemsize == 1:
        return {"name": "bytes"}
    return {"name": "bytes", "configuration": {"endian": "little"}}


def _stated(value: Any) -> Any:
    """Return a fill value as JSON says it."""
    if isinstance(value, np.complexfloating):
        return [_stated(value.real), _stated(value.imag)]
    plain = value.item()
    if isinstance(plain, float) and not math.isfinite(plain):
        if math.isnan(plain):
            return "NaN"
        return "Infinity" if plain > 0 else "-Infinity"
    return plain


def layout_of(document: Mapping[str, Any]) -> ArrayLayout | None:
    """Return how an array is stored, from its document.

    Parameters
    ----------
    document
        A whole ``zarr.json`` or ``.zarray``; one that was read must be checked (see
        `chunks.codecs.guard`), which leaves compressors in another form: give the
        one that was checked as it was before.

    Returns
    -------
    ArrayLayout or None
        None: it is stored in a way that this package does not write, so that chunks
        cannot be added to it or copied between it and another one.
    """
    try:
        read = _from_v3 if document["zarr_format"] == 3 else _from_v2
        return read(document)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return None


def _from_v2(document: Mapping[str, Any]) -> ArrayLayout | None:
    dtype = np.dtype(document["dtype"])
    compression = from_v2(document["compressor"])
    usual = document.get("order") == "C" and not document.get("filters")
    if compression is None or not usual or dtype.newbyteorder("<") != dtype:
        return None
    return ArrayLayout(
        shape=tuple(document["shape"]),
        chunk=tuple(document["chunks"]),
        shard=None,
        dtype=dtype.newbyteorder("="),
        zarr_format=2,
        compression=compression,
        fill_value=_scalar(document["fill_value"], dtype),
        separator=document.get("dimension_separator", "."),
    )


def _from_v3(document: Mapping[str, Any]) -> ArrayLayout | None:
    dtype = np.dtype(V3_DTYPES[document["data_type"]])
    cell = tuple(document["chunk_grid"]["configuration"]["chunk_shape"])
    encoding = document["chunk_key_encoding"]
    codecs, chunk = document["codecs"], None
    if codecs[0]["name"] == "sharding_indexed":
        settings = codecs[0]["configuration"]
        if len(codecs) > 1 or settings.get("index_location", "end") != "end":
            return None
        if [dict(codec) for codec in settings["index_codecs"]] != list(_INDEX_CODECS):
            return None
        codecs, chunk = settings["codecs"], tuple(settings["chunk_shape"])
    compression = from_v3(codecs[1:])
    if compression is None or not _is_little(codecs[0], dtype):
        return None
    if document["chunk_grid"]["name"] != "regular" or encoding["name"] != "default":
        return None
    return ArrayLayout(
        shape=tuple(document["shape"]),
        chunk=cell if chunk is None else chunk,
        shard=None if chunk is None else cell,
        dtype=dtype,
        zarr_format=3,
        compression=compression,
        fill_value=_scalar(document["fill_value"], dtype),
        separator=(encoding.get("configuration") or {}).get("separator", "/"),
    )


def _is_little(codec: Mapping[str, Any], dtype: np.dtype[Any]) -> bool:
    settings = codec.get("configuration") or {}
    little = dtype.itemsize == 1 or settings.get("endian") == "little"
    return codec["name"] == "bytes" and little


def _scalar(stated: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(stated, list):
        stated = complex(*(float(part) for part in stated))
    elif isinstance(stated, str) and stated not in ("NaN", "Infinity", "-Infinity"):
        raise ValueError("a fill value that is spelled in bits")
    return dtype.type(0 if stated is None else stated)
