"""Decompression that stops where it should: no chunk unpacks to more than expected.

Knows compressed streams; knows no files, no metadata and no zarr (`chunks.zarr_codecs`
is what zarr calls). numcodecs is imported when a chunk first needs it: importing it
takes as long as opening an image does.
"""

from __future__ import annotations

import bz2
import threading
import zlib
from typing import TYPE_CHECKING

from napari_ngff.storage.pixels.workers import one_of_several

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 128 * 2**10
_MAGIC = b"\x28\xb5\x2f\xfd"
_ROOM = 4


class BadChunk(ValueError):
    """A compressed chunk is damaged, or is not what its metadata promises."""


def decompressed(data: memoryview, codec: str, limit: int, *, exact: bool) -> bytes:
    """Return bytes unpacked, at most `limit`; if `exact`, just as many.

    Raises
    ------
    BadChunk
        If it is damaged, or unpacks to more than `limit` bytes (memory for no more
        than a small multiple of that is ever taken), or to less where `exact`.
    """
    try:
        found = _DECODERS[codec](data, limit)
    except (RuntimeError, ValueError, OSError, EOFError, zlib.error) as error:
        if isinstance(error, BadChunk):
            raise
        message = f"it is damaged: {codec} cannot unpack it ({error})"
        raise BadChunk(message) from error
    if len(found) > limit or (exact and len(found) != limit):
        raise _wrong_size(len(found), limit)
    return found


def _wrong_size(size: int, limit: int) -> BadChunk:
    message = f"it unpacks to {size} bytes where {limit} are expected"
    return BadChunk(message)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise _wrong_size(size, limit)


def _from_blosc(data: memoryview, limit: int) -> bytes:
    if len(data) < 16:
        raise BadChunk("it is cut short")
    _check(int.from_bytes(data[4:8], "little"), limit)
    if int.from_bytes(data[12:16], "little") > len(data):
        # c-blosc believes its header, and would read what lies behind in memory.
        raise BadChunk("it is cut short")
    from numcodecs import blosc

    in_main = threading.current_thread() is threading.main_thread()
    if not (in_main and one_of_several() and blosc.use_threads is None):
        return bytes(blosc.decompress(data))
    # Left to itself, Blosc takes all cores for a chunk in the main thread, where they
    # have other chunks to unpack. Other threads notice nothing: there it takes one.
    blosc.use_threads = False
    try:
        return bytes(blosc.decompress(data))
    finally:
        blosc.use_threads = None


def _from_lz4(data: memoryview, limit: int) -> bytes:
    _check(int.from_bytes(data[:4], "little"), limit)
    from numcodecs import lz4

    return bytes(lz4.decompress(data))


def _from_zstd(data: memoryview, limit: int) -> bytes:
    size, at = _zstd_header(data)
    if size is None:
        # Blocks say at most how much they unpack to; small ones leave some unused.
        _check_blocks(data, at, _ROOM * limit + _BLOCK)
    else:
        _check(size, limit)
    from numcodecs import zstd

    return bytes(zstd.decompress(data))


def _zstd_header(data: memoryview) -> tuple[int | None, int]:
    """Return the size a Zstandard frame states (None: none) and where its blocks begin.

    Source: RFC 8878, section 3.1.1.1.
    """
    if bytes(data[:4]) != _MAGIC or len(data) < 6:
        raise BadChunk("it is not a Zstandard frame")
    descriptor = data[4]
    single = descriptor >> 5 & 1
    dictionary = (0, 1, 2, 4)[descriptor & 3]
    width = (single, 2, 4, 8)[descriptor >> 6]
    at = 5 + (1 - single) + dictionary
    if not width:
        return None, at
    size = int.from_bytes(data[at : at + width], "little")
    return size + (256 if width == 2 else 0), at + width


def _check_blocks(data: memoryview, at: int, limit: int) -> None:
    """Refuse a frame of unstated size whose blocks may unpack to more than `limit`."""
    most, last = 0, False
    while not last and at + 3 <= len(data):
        header = int.from_bytes(data[at : at + 3], "little")
        last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
        # Raw and run-length blocks state their size; others have at most one block's.
        most += _BLOCK if kind == 2 else max(size, 1)
        at += 3 + (1 if kind == 1 else size)
        _check(most, limit)


def _from_deflate(data: memoryview, limit: int, wbits: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    rest: memoryview | bytes = data
    while rest:
        stream = zlib.decompressobj(wbits)
        parts.append(stream.decompress(rest, left + 1))
        left -= len(parts[-1])
        if left < 0:
            _check(limit + 1, limit)
        if not stream.eof:
            raise BadChunk("it is cut short")
        rest = stream.unused_data.lstrip(b"\0")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _from_gzip(data: memoryview, limit: int) -> bytes:
    return _from_deflate(data, limit, 16 + zlib.MAX_WBITS)


def _from_zlib(data: memoryview, limit: int) -> bytes:
    return _from_deflate(data, limit, zlib.MAX_WBITS)


def _from_bz2(data: memoryview, limit: int) -> bytes:
    stream = bz2.BZ2Decompressor()
    found = stream.decompress(data, limit + 1)
    if len(found) <= limit and not stream.eof:
        raise BadChunk("it is cut short")
    return found


_DECODERS: dict[str, Callable[[memoryview, int], bytes]] = {
    "blosc": _from_blosc,
    "bz2": _from_bz2,
    "gzip": _from_gzip,
    "lz4": _from_lz4,
    "zlib": _from_zlib,
    "zstd": _from_zstd,
}
