"""Pixels to the bytes of a file and back: chunks, and shards of chunks.

Knows how `ArrayLayout` says that an array is stored; does not know where, and imports
no zarr. What is encoded here, zarr reads: Zarr v2, v3 "regular" grids, and the codecs
``bytes`` and ``sharding_indexed`` (index at the end, CRC-32C).
"""

from __future__ import annotations

import sys
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.array_documents import ArrayLayout
from napari_ngff.storage.compression import (
    DEFAULT_COMPRESSION,
    Compression,
    compressor,
)
from napari_ngff.storage.shards import (
    MISSING,
    BadIndex,
    ShardSpec,
    build_index,
    parse_index,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = [
    "DEFAULT_COMPRESSION",
    "Check",
    "Compression",
    "Mismatch",
    "decode_file",
    "encode_chunk",
    "encode_file",
]

Check: TypeAlias = Literal["sample", "all"]
"""Which chunks of a file are decoded again: one of each, or every one."""


class Mismatch(ValueError):
    """What was encoded does not decode to the same pixels: memory or codec is broken."""


def encode_chunk(layout: ArrayLayout, pixels: NDArray[Any]) -> bytes | None:
    """Return the bytes of a chunk; None where it has nothing but the fill value.

    Parameters
    ----------
    layout
        How the array is stored.
    pixels
        Of the chunk, of the layout's dtype; fewer at the array's end, where what is
        missing becomes the fill value.
    """
    chunk = _whole(layout, pixels)
    return None if _is_fill(layout, chunk) else _encoded(layout, chunk)


def encode_file(
    layout: ArrayLayout, pixels: NDArray[Any], *, check: Check = "sample"
) -> list[bytes] | None:
    """Return the bytes of a shard, or of a chunk where there are no shards, in parts.

    Parameters
    ----------
    layout
        How the array is stored.
    pixels
        What the file holds; fewer at the array's end.
    check
        What is decoded again and compared.

    Returns
    -------
    list of bytes, or None
        None where there is nothing but the fill value: no file is written.

    Raises
    ------
    Mismatch
        If a chunk that was decoded again is not what was encoded.
    """
    spec = _spec(layout)
    offsets = np.full(spec.chunks_per_shard, MISSING, np.uint64)
    lengths = offsets.copy()
    parts: list[bytes] = []
    at = 0
    for index, box in _inner(layout, pixels.shape):
        chunk = _whole(layout, pixels[box])
        if _is_fill(layout, chunk):
            continue
        data = _encoded(layout, chunk)
        if check == "all" or not parts:
            _compare(layout, chunk, data)
        offsets[index], lengths[index] = at, len(data)
        at += len(data)
        parts.append(data)
    if not parts or layout.shard is None:
        return parts or None
    return [*parts, build_index(spec, offsets, lengths)]


def decode_file(layout: ArrayLayout, data: bytes) -> NDArray[Any]:
    """Return the pixels of a whole shard or chunk, what is beyond the end included.

    Raises
    ------
    ValueError
        If the bytes are not such a file.
    """
    if layout.shard is None:
        return _decoded(layout, data)
    spec = _spec(layout)
    index = parse_index(spec, spec.index_in(data), len(data))
    fault = index.fault()
    if fault is not None:
        raise BadIndex(fault)
    out = np.full(layout.shard, layout.fill_value, layout.dtype)
    for at, box in _inner(layout, layout.shard):
        if not index.missing[at]:
            start = int(index.offsets[at])
            chunk = data[start : start + int(index.lengths[at])]
            out[box] = _decoded(layout, chunk)
    return out


def _spec(layout: ArrayLayout) -> ShardSpec:
    """Return the layout of a file as one of a shard, which may hold just one chunk."""
    return ShardSpec(
        shard_shape=layout.cell,
        chunk_shape=layout.chunk,
        axes=tuple(range(len(layout.chunk))),
        location="end",
        endian="little",
        checksum="crc32c",
    )


def _inner(
    layout: ArrayLayout, shape: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Give place and box of the inner chunks that some pixels of a file touch."""
    spans = (range(-(-n // m)) for n, m in zip(shape, layout.chunk, strict=True))
    for index in product(*spans):
        parts = zip(index, layout.chunk, strict=True)
        yield index, tuple(slice(i * n, (i + 1) * n) for i, n in parts)


def _whole(layout: ArrayLayout, pixels: NDArray[Any]) -> NDArray[Any]:
    """Return the pixels of a chunk contiguous, filled up to its shape."""
    if pixels.shape == layout.chunk:
        return np.ascontiguousarray(pixels, layout.dtype).reshape(layout.chunk)
    out = np.full(layout.chunk, layout.fill_value, layout.dtype)
    out[tuple(slice(n) for n in pixels.shape)] = pixels
    return out


def _bits(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return the same bytes as integers, of which there are no NaN nor -0.0."""
    width = min(pixels.dtype.itemsize, 8)
    return pixels.reshape(-1).view(f"u{width}")


def _is_fill(layout: ArrayLayout, chunk: NDArray[Any]) -> bool:
    bits = _bits(chunk)
    fill = _bits(np.full(1, layout.fill_value, layout.dtype))
    step = len(fill)
    if not len(bits) or (bits[:step] != fill).any() or (bits[-step:] != fill).any():
        return not len(bits)
    if not fill.any():
        return not bits.any()
    return bool((bits.reshape(-1, step) == fill).all())


def _encoded(layout: ArrayLayout, chunk: NDArray[Any]) -> bytes:
    stored = _stored(layout, chunk)
    codec = compressor(layout.compression, layout.dtype.itemsize)
    return stored.tobytes() if codec is None else bytes(codec.encode(stored))


def _stored(layout: ArrayLayout, chunk: NDArray[Any]) -> NDArray[Any]:
    """Return a chunk in the byte order of files."""
    if sys.byteorder == "little" or layout.dtype.itemsize == 1:
        return chunk
    return chunk.astype(layout.dtype.newbyteorder("<"))


def _decoded(layout: ArrayLayout, data: bytes) -> NDArray[Any]:
    codec = compressor(layout.compression, layout.dtype.itemsize)
    plain = data if codec is None else codec.decode(data)
    stored = np.frombuffer(plain, layout.dtype.newbyteorder("<"))
    return stored.reshape(layout.chunk).astype(layout.dtype, copy=False)


def _compare(layout: ArrayLayout, chunk: NDArray[Any], data: bytes) -> None:
    if not np.array_equal(_bits(_decoded(layout, data)), _bits(chunk)):
        message = "a chunk does not decode to the pixels that were encoded"
        raise Mismatch(message)
