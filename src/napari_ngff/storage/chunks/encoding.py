"""Pixels to the bytes of a file and back: chunks, and shards of chunks.

Knows how `ArrayLayout` says that an array is stored; does not know where, and imports
no zarr. What is encoded here, zarr reads: Zarr v2, v3 "regular" grids, and the codecs
``bytes`` and ``sharding_indexed`` (index at the end, CRC-32C).
"""

from __future__ import annotations

import sys
import threading
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.storage.chunks.compression import (
    DEFAULT_COMPRESSION,
    Compression,
    compressor,
)
from napari_ngff.storage.chunks.decoding import decompressed
from napari_ngff.storage.chunks.ordering import morton_ranks
from napari_ngff.storage.chunks.shards import (
    MISSING,
    BadIndex,
    ShardSpec,
    build_index,
    parse_index,
)
from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.pixels.indexing import Box

__all__ = [
    "DEFAULT_COMPRESSION",
    "Check",
    "Compression",
    "Each",
    "Mismatch",
    "check_file",
    "decode_file",
    "decode_part",
    "encode_chunk",
    "encode_file",
]

Check: TypeAlias = Literal["sample", "all"]
"""Which chunks of a file are decoded again: one of each, or every one."""

Each: TypeAlias = "Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]"
"""Applies a function to many things, and gives the results in their order."""


class Mismatch(ValueError):
    """What was encoded does not decode to the same pixels: memory or codec fails."""


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
    chunk = _whole(layout, pixels, np.empty(layout.chunk, layout.dtype))
    return None if _is_fill(layout, chunk) else _encoded(layout, chunk)


def encode_file(
    layout: ArrayLayout,
    pixels: NDArray[Any],
    *,
    check: Check = "sample",
    tick: Callable[[int], object] = lambda nbytes: None,
    each: Each = map,
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
    tick
        Is told after each chunk how many bytes of pixels it had.
    each
        Applies a function to many chunks: `map`, or that of a pool of threads.

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
    places = list(_inner(layout, pixels.shape))
    samples = {0} if check == "sample" else set(range(len(places)))
    scratch = threading.local()  # new memory for every chunk costs more than the copy

    def encode(number: int) -> bytes | None:
        part = pixels[places[number][1]]
        if not hasattr(scratch, "chunk"):
            scratch.chunk = np.empty(layout.chunk, layout.dtype)
        chunk = _whole(layout, part, scratch.chunk)
        data = None if _is_fill(layout, chunk) else _encoded(layout, chunk)
        if data is not None and number in samples:
            _compare(layout, chunk, data)
        tick(part.nbytes)
        return data

    parts: list[bytes] = []
    at = 0
    for (index, _), data in zip(places, each(encode, range(len(places))), strict=True):
        if data is not None:
            offsets[index], lengths[index] = at, len(data)
            at += len(data)
            parts.append(data)
    if not parts or layout.shard is None:
        return parts or None
    return [*parts, build_index(spec, offsets, lengths)]


def decode_part(layout: ArrayLayout, data: bytes, box: Box) -> NDArray[Any]:
    """Return some pixels of a shard or chunk; only chunks that they touch are decoded.

    Parameters
    ----------
    layout
        How the array is stored.
    data
        The whole file.
    box
        Which pixels, counted from the file's first one.

    Raises
    ------
    ValueError
        If the bytes are not such a file.
    """
    if layout.shard is None:
        return _decoded(layout, data)[box]
    index = _index(layout, data)
    out = np.full([part.stop - part.start for part in box], layout.fill_value)
    out = out.astype(layout.dtype, copy=False)
    for at in product(*grid.touched(box, layout.chunk)):
        if not index.missing[at]:
            whole = grid.span_of((at, at), layout.chunk, layout.shard)
            part = tuple(
                slice(max(a.start, b.start), min(a.stop, b.stop))
                for a, b in zip(whole, box, strict=True)
            )
            chunk = _decoded(layout, _bytes_of(index, at, data))
            out[grid.inside(part, box)] = chunk[grid.inside(part, whole)]
    return out


def decode_file(layout: ArrayLayout, data: bytes) -> NDArray[Any]:
    """Return the pixels of a whole shard or chunk, what is beyond the end included.

    Raises
    ------
    ValueError
        If the bytes are not such a file.
    """
    return decode_part(layout, data, tuple(slice(0, n) for n in layout.cell))


def check_file(layout: ArrayLayout, data: bytes, check: Check = "sample") -> None:
    """Decode one chunk of a file, or every one; its index must hold in any case.

    Raises
    ------
    ValueError
        If the bytes are not such a file.
    """
    if layout.shard is None:
        _decoded(layout, data)
        return
    index = _index(layout, data)
    some = np.argwhere(~index.missing)
    for at in some if check == "all" else some[:1]:
        _decoded(layout, _bytes_of(index, tuple(at), data))


def _index(layout: ArrayLayout, data: bytes) -> ShardIndex:
    spec = _spec(layout)
    index = parse_index(spec, spec.index_in(data), len(data))
    fault = index.fault()
    if fault is not None:
        raise BadIndex(fault)
    return index


def _bytes_of(index: ShardIndex, at: tuple[int, ...], data: bytes) -> memoryview:
    start = int(index.offsets[at])
    return memoryview(data)[start : start + int(index.lengths[at])]


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
    places = list(product(*spans))
    if layout.order == "morton" and len(places) > 1:
        ranks = morton_ranks(np.array(places), _spec(layout).chunks_per_shard)
        places = [places[i] for i in np.argsort(ranks)]
    for index in places:
        parts = zip(index, layout.chunk, strict=True)
        yield index, tuple(slice(i * n, (i + 1) * n) for i, n in parts)


def _whole(
    layout: ArrayLayout, pixels: NDArray[Any], out: NDArray[Any]
) -> NDArray[Any]:
    """Return the pixels of a chunk contiguous, filled up to its shape, maybe in `out`.

    What is contiguous already is not copied.
    """
    if pixels.shape != layout.chunk:
        out[...] = layout.fill_value
        out[tuple(slice(n) for n in pixels.shape)] = pixels
        return out
    if pixels.flags.c_contiguous and pixels.dtype == layout.dtype:
        return pixels
    out[...] = pixels
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


def _decoded(layout: ArrayLayout, data: bytes | memoryview) -> NDArray[Any]:
    plain: Any = data
    if layout.compression.name != "none":
        family = layout.compression.name.partition("-")[0]
        nbytes = prod(layout.chunk) * layout.dtype.itemsize
        plain = decompressed(memoryview(data), family, nbytes, exact=True)
    stored = np.frombuffer(plain, layout.dtype.newbyteorder("<"))
    return stored.reshape(layout.chunk).astype(layout.dtype, copy=False)


def _compare(layout: ArrayLayout, chunk: NDArray[Any], data: bytes) -> None:
    if not np.array_equal(_bits(_decoded(layout, data)), _bits(chunk)):
        message = "a chunk does not decode to the pixels that were encoded"
        raise Mismatch(message)
