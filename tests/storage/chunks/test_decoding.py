"""Decompression in bounds: what is right comes out, what is too much does not."""

from __future__ import annotations

import bz2
import gzip
import json
import threading
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st
from numcodecs import LZ4, Blosc, Zstd, blosc
from zarr.storage import StorePath

from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.decoding import BadChunk, decompressed
from napari_ngff.storage.chunks.zarr_store import KeyStore
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pixels.workers import WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VALUE = bytes(range(256)) * 40
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "blosc": lambda data: bytes(Blosc().encode(data)),
    "bz2": bz2.compress,
    "gzip": gzip.compress,
    "lz4": lambda data: bytes(LZ4().encode(data)),
    "zlib": zlib.compress,
    "zstd": lambda data: bytes(Zstd().encode(data)),
}
PACKED = pytest.mark.parametrize("codec", PACKERS)


def unpack(data: bytes, codec: str, limit: int, *, exact: bool = True) -> bytes:
    """Unpack bytes."""
    return decompressed(memoryview(data), codec, limit, exact=exact)


@PACKED
def test_what_fits_comes_out(codec: str) -> None:
    """Each compressor gives back what went in."""
    packed = PACKERS[codec](VALUE)

    assert unpack(packed, codec, len(VALUE)) == VALUE
    assert unpack(packed, codec, len(VALUE) + 99, exact=False) == VALUE


@pytest.mark.parametrize("asked", [None, True])
def test_blosc_takes_one_core_for_one_of_several(
    asked: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main thread leaves the cores to those who unpack other chunks.

    What someone else has asked of Blosc is left as it is, and so is what it does with
    one chunk alone.
    """
    packed, seen = PACKERS["blosc"](VALUE), []
    decompress = blosc.decompress
    monkeypatch.setattr(blosc, "use_threads", asked)
    monkeypatch.setattr(
        blosc,
        "decompress",
        lambda data: (seen.append(blosc.use_threads), decompress(data))[1],
    )
    here, mine = threading.current_thread(), threading.Event()

    def work(_: int) -> None:
        if threading.current_thread() is not here:
            mine.wait(10)
            return
        mine.set()
        unpack(packed, "blosc", len(VALUE))

    WORKERS.each(work, range(2), at_once=1)
    assert [asked, asked] == seen
    WORKERS.each(work, range(9), at_once=2)
    assert {asked or False} == set(seen[2:])
    assert blosc.use_threads is asked


@PACKED
def test_the_wrong_size_is_an_error(codec: str) -> None:
    """More than the limit never comes out, nor less where it must be just as much."""
    packed = PACKERS[codec](VALUE)

    with pytest.raises(BadChunk, match="expected"):
        unpack(packed, codec, len(VALUE) - 1, exact=False)
    with pytest.raises(BadChunk, match="where 10241 are expected"):
        unpack(packed, codec, len(VALUE) + 1)


@PACKED
def test_a_bomb_takes_neither_time_nor_memory(codec: str) -> None:
    """What would unpack to 256 MiB stops at the kilobytes that are expected."""
    bomb = PACKERS[codec](bytes(2**28))
    limit = 2**16

    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(BadChunk):
        unpack(bomb, codec, limit)
    taken = time.monotonic() - begun
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 0.5
    assert most < 2**22


@PACKED
@given(data=st.data())
def test_damage_is_an_error_or_harmless(codec: str, data: st.DataObject) -> None:
    """Cut or changed bytes give `BadChunk`, or as many bytes as expected."""
    packed = bytearray(PACKERS[codec](VALUE))
    at = data.draw(st.integers(0, len(packed) - 1))
    if data.draw(st.booleans()):
        packed = packed[:at]
    else:
        packed[at] ^= data.draw(st.integers(1, 255))
    try:
        found = unpack(bytes(packed), codec, len(VALUE))
    except BadChunk:
        return

    assert len(found) == len(VALUE)


@PACKED
@given(junk=st.binary(max_size=64))
def test_junk_is_an_error(codec: str, junk: bytes) -> None:
    """Any other bytes give `BadChunk` or at most what is expected."""
    try:
        found = unpack(junk, codec, 1000, exact=False)
    except BadChunk:
        return

    assert len(found) <= 1000


def raw_frame(blocks: list[tuple[int, int, bytes]]) -> bytes:
    """Return a Zstandard frame that does not state its size: (type, size, bytes)."""
    frame = bytearray(b"\x28\xb5\x2f\xfd\x00\x58")
    for i, (kind, size, content) in enumerate(blocks):
        last = i == len(blocks) - 1
        frame += (size << 3 | kind << 1 | last).to_bytes(3, "little") + content
    return bytes(frame)


def test_frames_of_unstated_size() -> None:
    """Frames without a size, as streams write them, are unpacked and bounded too."""
    good = raw_frame([(0, 256, VALUE[:256]), (1, 100, b"x")])
    assert unpack(good, "zstd", 356) == VALUE[:256] + b"x" * 100

    bomb = raw_frame([(1, 2**17, b"x")] * 2000)
    with pytest.raises(BadChunk, match="expected"):
        unpack(bomb, "zstd", 2**16)
    endless = raw_frame([(1, 0, b"x")] * 300_000)
    with pytest.raises(BadChunk):
        unpack(endless, "zstd", 2**10)


def test_members_of_gzip_are_joined() -> None:
    """A chunk may be several gzip members, padded with zeros."""
    packed = gzip.compress(VALUE[:100]) + gzip.compress(VALUE[100:]) + bytes(8)

    assert unpack(packed, "gzip", len(VALUE)) == VALUE
    with pytest.raises(BadChunk):
        unpack(gzip.compress(bytes(100)) * 1000, "gzip", 1000)


ARRAYS: dict[str, dict[str, Any]] = {
    "v3 zstd": {"compressors": [{"name": "zstd", "configuration": {"level": 1}}]},
    "v3 gzip": {"compressors": [{"name": "gzip", "configuration": {"level": 1}}]},
    "v3 blosc": {"compressors": [{"name": "blosc", "configuration": {"cname": "lz4"}}]},
    "v3 none": {"compressors": None},
    "v3 two": {
        "compressors": [
            {"name": "zstd", "configuration": {"level": 1}},
            {"name": "gzip", "configuration": {"level": 1}},
        ]
    },
    "v3 shards": {
        "compressors": [{"name": "zstd", "configuration": {"level": 1}}],
        "shards": (8, 8),
    },
    "v2 blosc": {"zarr_format": 2, "compressors": Blosc()},
    "v2 zstd": {"zarr_format": 2, "compressors": Zstd()},
    "v2 lz4": {"zarr_format": 2, "compressors": LZ4()},
    "v2 none": {"zarr_format": 2, "compressors": None},
}


@pytest.mark.parametrize("settings", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("dtype", ["uint16", "float32", "bool"])
def test_arrays_are_read_as_zarr_wrote_them(
    tmp_path: Path, settings: dict[str, Any], dtype: str
) -> None:
    """Through the guard and our codecs every array has the pixels that were written."""
    pixels = np.arange(15 * 13).reshape(15, 13).astype(dtype)
    written = zarr.create_array(
        tmp_path / "x", shape=(15, 13), chunks=(4, 4), dtype=dtype, **settings
    )
    written[...] = pixels

    array = opened(tmp_path / "x")
    assert np.array_equal(pixels, np.asarray(array[...]))
    assert np.array_equal(pixels[3:9, 5], np.asarray(array[3:9, 5]))


def opened(folder: Path) -> Any:
    """Open an array as this package does."""
    v3 = folder / "zarr.json"
    document = json.loads((v3 if v3.exists() else folder / ".zarray").read_text())
    store = KeyStore(LocalKeys(str(folder)))
    checked = guard(document, document["zarr_format"], LIMITS)
    return zarr.Array.from_dict(StorePath(store, ""), checked)


@pytest.mark.parametrize("name", ["v3 zstd", "v3 gzip", "v3 shards", "v2 zstd"])
def test_a_bomb_in_an_array_is_an_error(tmp_path: Path, name: str) -> None:
    """A chunk that would unpack to far more than its size ends the read at once."""
    settings = ARRAYS[name]
    written = zarr.create_array(
        tmp_path / "x", shape=(8, 8), chunks=(4, 4), dtype="uint16", **settings
    )
    written[...] = 1
    bomb = PACKERS["gzip" if "gzip" in name else "zstd"](bytes(2**28))
    if "shards" in settings:
        bomb = shard_of(bomb)
    key = "0.0" if name.startswith("v2") else "c/0/0"
    (tmp_path / "x" / key).write_bytes(bomb)

    array = opened(tmp_path / "x")
    begun = time.monotonic()
    with pytest.raises(BadChunk, match="where 32 are expected"):
        array[:4, :4]
    assert time.monotonic() - begun < 1


def shard_of(chunk: bytes) -> bytes:
    """Return a shard of 2 x 2 chunks whose first is given, the others absent."""
    import google_crc32c

    index = np.full((4, 2), 2**64 - 1, "<u8")
    index[0] = 0, len(chunk)
    data = index.tobytes()
    return chunk + data + google_crc32c.value(data).to_bytes(4, "little")
