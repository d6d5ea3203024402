"""Chunks and shards as bytes: zarr reads what is written here, bit by bit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.storing import DTYPES, level, noise, store
from napari_ngff.storage.chunks import encoding
from napari_ngff.storage.chunks.array_documents import layout_for
from napari_ngff.storage.chunks.compression import LEVELS
from napari_ngff.storage.chunks.encoding import (
    Compression,
    Mismatch,
    check_file,
    decode_file,
    decode_part,
    encode_chunk,
    encode_file,
)

if TYPE_CHECKING:
    from napari_ngff.storage.pyramids.pyramid import LevelPlan

FILLS = {"zero": 0, "one": 1}


@st.composite
def arrays(draw: st.DrawFn) -> tuple[LevelPlan, str, int, dict[str, Any]]:
    """Give plans of small arrays, types, seeds, and how to store them."""
    axes = draw(st.integers(1, 4))
    some = st.integers(1, 4)
    chunk = tuple(draw(some) for _ in range(axes))
    zarr_format = draw(st.sampled_from([2, 3]))
    shard = None
    if zarr_format == 3 and draw(st.booleans()):
        shard = tuple(n * draw(st.integers(1, 3)) for n in chunk)
    shape = tuple(draw(st.integers(1, 9)) for _ in range(axes))
    name = draw(st.sampled_from(sorted(LEVELS)))
    shuffle = draw(st.sampled_from(["auto", "byte", "bit", "none"]))
    how = {
        "zarr_format": zarr_format,
        "compression": Compression(name=name, shuffle=shuffle),
        "fill_value": draw(st.sampled_from([0, 1])),
    }
    seed = draw(st.integers(0, 9))
    return level(shape, chunk, shard), draw(st.sampled_from(DTYPES)), seed, how


@given(arrays())
@settings(max_examples=200)
def test_zarr_reads_what_is_written(case: tuple[LevelPlan, str, int, dict[str, Any]]):
    """Every type, shape, edge, chunk, shard and compressor, in both formats."""
    plan, dtype, seed, how = case
    pixels = noise(plan.shape, dtype, seed)
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder), plan, pixels, **how)
        read = zarr.open_array(folder, mode="r")[...]

    assert pixels.dtype == read.dtype
    assert pixels.tobytes() == np.ascontiguousarray(read).tobytes()


@pytest.mark.parametrize("shard", [None, (4, 6)])
def test_what_zarr_writes_is_read(tmp_path: Path, shard: tuple[int, int] | None):
    """The bytes of a file are those of the format, not just of this module."""
    pixels = noise((8, 6), "u2")
    zarr.create_array(
        tmp_path,
        shape=pixels.shape,
        dtype="u2",
        chunks=(2, 3),
        shards=shard,
        compressors=zarr.codecs.ZstdCodec(level=1),
    )[...] = pixels
    layout = layout_for(
        level((8, 6), (2, 3), shard),
        pixels.dtype,
        zarr_format=3,
        compression=Compression(name="zstd"),
    )
    data = (tmp_path / layout.key((1, 0))).read_bytes()
    box = tuple(
        slice(i * n, i * n + n) for i, n in zip((1, 0), layout.cell, strict=True)
    )

    assert pixels[box].tolist() == decode_file(layout, data).tolist()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("fill", FILLS)
def test_what_is_all_fill_value_is_not_stored(dtype: str, fill: str):
    """A file that says nothing is not written, nor a chunk in a shard."""
    value = np.dtype(dtype).type(FILLS[fill])
    plan = level((4, 4), (2, 2), (4, 4))
    layout = layout_for(plan, np.dtype(dtype), zarr_format=3, fill_value=value)
    pixels = np.full((4, 4), value)
    assert encode_file(layout, pixels) is None
    assert encode_chunk(layout, pixels[:1, :2]) is None
    pixels[3, 3] = 0 if value else 1
    parts = encode_file(layout, pixels)

    assert parts is not None
    assert 2 == len(parts)  # one chunk and the index
    assert pixels.tolist() == decode_file(layout, b"".join(parts)).tolist()


@pytest.mark.parametrize("value", [-0.0, np.nan])
def test_what_only_looks_like_the_fill_value_is_stored(value: float):
    """Neither the sign of zero nor a NaN is lost."""
    layout = layout_for(level((4,), (4,)), np.dtype("f4"), zarr_format=3)
    data = encode_chunk(layout, np.full(4, value, "f4"))

    assert data is not None
    assert np.full(4, value, "f4").tobytes() == decode_file(layout, data).tobytes()


def test_nan_as_fill_value_is_left_out():
    """NaN is not equal to itself, and yet the fill value."""
    layout = layout_for(
        level((4,), (4,)), np.dtype("f4"), zarr_format=3, fill_value=np.nan
    )

    assert encode_chunk(layout, np.full(4, np.nan, "f4")) is None


@given(st.data())
def test_some_pixels_of_a_file_are_read(data: st.DataObject):
    """Any box of a shard is what it is in the whole."""
    plan = level((8, 9), (2, 3), (8, 9))
    pixels = noise(plan.shape, "u2", data.draw(st.integers(0, 9)))
    layout = layout_for(plan, pixels.dtype, zarr_format=3)
    parts = encode_file(layout, pixels) or []
    box = []
    for n in plan.shape:
        start = data.draw(st.integers(0, n - 1))
        box.append(slice(start, data.draw(st.integers(start + 1, n))))
    if not parts:
        return
    found = decode_part(layout, b"".join(parts), tuple(box))

    assert pixels[tuple(box)].tolist() == found.tolist()


def test_threads_make_the_same_file():
    """The order in which chunks are encoded does not matter."""
    from concurrent.futures import ThreadPoolExecutor

    plan = level((8, 9), (2, 3), (8, 9))
    pixels = noise(plan.shape, "u2")
    layout = layout_for(plan, pixels.dtype, zarr_format=3)
    with ThreadPoolExecutor(4) as pool:
        found = encode_file(layout, pixels, each=pool.map)

    assert encode_file(layout, pixels) == found


def test_every_chunk_is_told_of():
    """The bytes that are told add up to those of the pixels."""
    told: list[int] = []
    plan = level((7, 9), (2, 3), (8, 9))
    layout = layout_for(plan, np.dtype("u2"), zarr_format=3)
    encode_file(layout, noise((7, 9), "u2"), tick=told.append)

    assert 12 == len(told)
    assert 7 * 9 * 2 == sum(told)


@pytest.mark.parametrize(("check", "noticed"), [("sample", False), ("all", True)])
def test_a_compressor_that_fails_is_noticed(
    monkeypatch: pytest.MonkeyPatch, check: Any, *, noticed: bool
):
    """One chunk of a file is decoded again, or every one."""
    plan = level((4, 4), (2, 2), (4, 4))
    layout = layout_for(
        plan, np.dtype("u2"), zarr_format=3, compression=Compression(name="none")
    )
    encoded = encoding._encoded
    calls: list[int] = []

    def broken(layout: Any, chunk: Any) -> bytes:
        calls.append(1)
        data = encoded(layout, chunk)
        return data[:-1] + b"\xff" if len(calls) == 3 else data

    monkeypatch.setattr(encoding, "_encoded", broken)
    pixels = np.arange(1, 17, dtype="u2").reshape(4, 4)
    if not noticed:
        assert encode_file(layout, pixels, check=check) is not None
        return
    with pytest.raises(Mismatch, match="does not decode"):
        encode_file(layout, pixels, check=check)


@pytest.mark.parametrize("shard", [None, (4, 4)])
def test_bytes_that_are_not_a_file_are_refused(shard: tuple[int, int] | None):
    """Cut short, or with a byte changed."""
    layout = layout_for(level((4, 4), (2, 2), shard), np.dtype("u2"), zarr_format=3)
    parts = encode_file(layout, np.arange(16, dtype="u2").reshape(4, 4)[:2, :2])
    assert parts is not None
    data = b"".join(parts)
    check_file(layout, data)
    check_file(layout, data, "all")
    with pytest.raises(ValueError, match=r"."):
        check_file(layout, data[:-3])
    with pytest.raises(ValueError, match=r"."):
        decode_file(layout, b"\0" * len(data))
