"""Where the inner chunks of shards are, and which indices are refused."""

from __future__ import annotations

import json
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zarr.codecs import BytesCodec, Crc32cCodec, ShardingCodec, TransposeCodec

from cases.arrays import crc32c
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import Problem
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.shards import (
    MISSING,
    BadIndex,
    ShardIndex,
    ShardSpec,
    build_index,
    parse_index,
    shard_spec,
    spec_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GONE = (MISSING, MISSING)


def spec(**changes: Any) -> ShardSpec:
    """Return the layout of shards of four inner chunks."""
    usual: dict[str, Any] = {
        "shard_shape": (8, 8),
        "chunk_shape": (4, 4),
        "axes": (0, 1),
        "location": "end",
        "endian": "little",
        "checksum": "none",
    }
    return ShardSpec(**(usual | changes))


def encoded(layout: ShardSpec, entries: Sequence[tuple[int, int]]) -> bytes:
    """Return an index as its layout says."""
    kind = "<u8" if layout.endian == "little" else ">u8"
    table = np.array(entries, kind).tobytes()
    tail = crc32c(table).to_bytes(4, "little") if layout.checksum == "crc32c" else b""
    return table + tail


def parsed(entries: Sequence[tuple[int, int]], size: int, **changes: Any) -> ShardIndex:
    layout = spec(**changes)
    return parse_index(layout, encoded(layout, entries), size)


@pytest.mark.parametrize("endian", ["little", "big"])
@pytest.mark.parametrize("checksum", ["crc32c", "none"])
def test_entries_are_read_as_they_are(endian: str, checksum: str) -> None:
    """Offsets and lengths come out in C order, the empty ones marked."""
    entries = [(100, 28), GONE, (0, 40), (40, 60)]
    nbytes = 68 if checksum == "crc32c" else 64
    index = parsed(entries, 128 + nbytes, endian=endian, checksum=checksum)

    assert nbytes == index.spec.index_nbytes
    assert [100, MISSING, 0, 40] == index.offsets.ravel().tolist()
    assert [28, MISSING, 40, 60] == index.lengths.ravel().tolist()
    assert [[False, True], [False, False]] == index.missing.tolist()
    assert index.fault() is None


#: Of a file of 200 bytes; the index is its last 64, or its first.
BAD = {
    "past the end": ("end", (190, 11), "11 bytes from byte 190 on, outside of its 200"),
    "begins past the end": ("end", (201, 1), "outside"),
    "huge": ("end", (2**63, 10), "outside"),
    "huge length": ("end", (0, 2**63), "outside"),
    "wraps around": ("end", (2**64 - 8, 16), "outside"),
    "wraps around to 0": ("end", (8, 2**64 - 8), "outside"),
    "half missing": ("end", (MISSING, 10), "outside"),
    "length missing": ("end", (0, MISSING), "outside"),
    "into the index": ("end", (130, 7), "where the index itself is"),
    "in the index": ("end", (150, 8), "where the index itself is"),
    "to its end": ("end", (136, 64), "where the index itself is"),
    "in the first index": ("start", (0, 8), "where the index itself is"),
    "out of the first index": ("start", (63, 8), "where the index itself is"),
    "past the end after it": ("start", (190, 11), "outside"),
    "into another": ("end", (99, 2), "where another one is, too"),
    "around another": ("end", (90, 40), "where another one is, too"),
}


@pytest.mark.parametrize(("location", "entry", "why"), BAD.values(), ids=BAD)
def test_bad_entries_are_named(location: Any, entry: tuple[int, int], why: str) -> None:
    """Each is found, with its inner chunk, whatever the others are."""
    index = parsed([(100, 10), GONE, (110, 10), entry], 200, location=location)

    fault = index.fault()
    assert fault is not None
    assert why in fault
    shared = "another" in why
    assert ("(0, 0)" if shared else "(1, 1)") in fault
    assert (not shared) == bool((index.outside | index.in_index)[1, 1])


GOOD = {
    "up to the index": ("end", (120, 16)),
    "at the beginning": ("end", (0, 100)),
    "after the first index": ("start", (64, 36)),
    "at the end": ("start", (120, 80)),
    "of no bytes": ("end", (105, 0)),
    "the same bytes": ("end", (100, 10)),
    "of no bytes in the index": ("start", (0, 0)),
}


@pytest.mark.parametrize(("location", "entry"), GOOD.values(), ids=GOOD)
def test_good_entries_are_good(location: Any, entry: tuple[int, int]) -> None:
    """Any order and unused space are allowed; what touches does not overlap."""
    index = parsed([(100, 10), GONE, (110, 10), entry], 200, location=location)
    assert index.fault() is None


def test_a_size_that_is_not_known_is_not_missed() -> None:
    """Then only what wraps around, or is in the first index, is found."""
    for location, entry, bad in [
        ("start", (0, 8), True),
        ("start", (64, 2**63), False),
        ("end", (2**64 - 8, 16), True),
        ("end", (10**6, 8), False),
    ]:
        layout = spec(location=location)
        data = encoded(layout, [entry, GONE, GONE, GONE])
        assert bad == (parse_index(layout, data, None).fault() is not None)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 67, 69, 680])
def test_other_lengths_are_refused(length: int) -> None:
    """An index is as long as the number of inner chunks makes it."""
    layout = spec(checksum="crc32c")
    with pytest.raises(BadIndex, match=f"{length} bytes in place of 68"):
        parse_index(layout, bytes(length), 1000)
    with pytest.raises(BadIndex, match="cut short"):
        parse_index(layout, encoded(layout, [GONE] * 4), 67)


@given(bit=st.integers(0, 68 * 8 - 1))
def test_the_checksum_is_verified(bit: int) -> None:
    """Any bit that is changed, of entries or checksum, is noticed."""
    layout = spec(checksum="crc32c")
    data = bytearray(encoded(layout, [(0, 10), GONE, (20, 3), (10, 10)]))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadIndex, match="checksum"):
        parse_index(layout, bytes(data), 128)


NUMBERS = st.one_of(
    st.integers(0, 300), st.integers(0, MISSING), st.integers(MISSING - 300, MISSING)
)


@given(
    entries=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=4),
    size=st.integers(64, 300),
    location=st.sampled_from(["start", "end"]),
)
def test_what_is_found_is_what_plain_numbers_say(
    entries: list[tuple[int, int]], size: int, location: Any
) -> None:
    """Checked in numbers without end, an entry is as bad as it is in 64 bits."""
    index = parsed(entries, size, location=location)
    first, last = (0, 64) if location == "start" else (size - 64, size)

    some = [entry != GONE and entry[1] > 0 for entry in entries]
    outside = [s and sum(e) > size for s, e in zip(some, entries, strict=True)]
    within = [s and not o for s, o in zip(some, outside, strict=True)]
    meets = [
        w and e[0] < last and sum(e) > first
        for w, e in zip(within, entries, strict=True)
    ]
    pairs = combinations({e for e, w in zip(entries, within, strict=True) if w}, 2)
    shared = [a[0] < sum(b) and b[0] < sum(a) for a, b in pairs]
    assert outside == index.outside.ravel().tolist()
    assert meets == index.in_index.ravel().tolist()
    assert any(outside + meets + shared) == (index.fault() is not None)


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an array of shards, as zarr is asked to make it."""
    ndim = draw(st.integers(1, 3))
    order = draw(st.permutations(range(ndim)))
    plain = order == list(range(ndim))
    inner = [draw(st.integers(1, 3)) for _ in range(ndim)]
    if not plain:
        inner = inner[:1] * ndim  # zarr compares the lengths without transposing them
    shards = [n * draw(st.integers(1, 3)) for n in inner]
    codecs = draw(
        st.sampled_from([[BytesCodec()], [BytesCodec(), zarr.codecs.GzipCodec()]])
    )
    index = draw(st.sampled_from([[], [Crc32cCodec()]]))
    endian = draw(st.sampled_from(["little", "big"]))
    sharding = ShardingCodec(
        chunk_shape=[inner[i] for i in order],
        codecs=codecs,
        index_codecs=[BytesCodec(endian=endian), *index],
        index_location=draw(st.sampled_from(["start", "end"])),
    )
    return {
        "shape": [draw(st.integers(1, 7)) for _ in range(ndim)],
        "chunks": shards,
        "filters": [] if plain else [TransposeCodec(order=order)],
        "serializer": sharding,
        "compressors": None,
        "missing": draw(st.booleans()),
    }


@pytest.mark.filterwarnings("ignore:Combining a `sharding_indexed` codec")
@given(given_=written())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_zarrs_shards_are_read_in_every_layout(given_: dict[str, Any]) -> None:
    """Inner chunks cut out by our index are those that zarr wrote."""
    missing = given_.pop("missing")
    store: dict[str, Any] = {}
    array = zarr.create_array(
        zarr.storage.MemoryStore(store), dtype="u2", fill_value=0, **given_
    )
    pixels = np.arange(1, prod(array.shape) + 1, dtype="u2").reshape(array.shape)
    if missing:
        pixels[:] = np.where(pixels % 5 == 0, pixels, 0)
    array[...] = pixels
    checked = guard(json.loads(store["zarr.json"].to_bytes()), 3, LIMITS)
    layout = shard_spec(checked)
    assert isinstance(layout, ShardSpec)

    packed = len(checked["codecs"][-1]["configuration"]["codecs"]) > 1
    for key, value in store.items():
        if not key.startswith("c/"):
            continue
        data = value.to_bytes()
        index = parse_index(layout, layout.index_in(data), len(data))
        assert index.fault() is None
        where = [int(i) for i in key.split("/")[1:]]
        check_shard(layout, index, where, pixels, None if packed else data)


def check_shard(
    layout: ShardSpec,
    index: ShardIndex,
    where: list[int],
    pixels: np.ndarray[Any, Any],
    data: bytes | None,
) -> None:
    """Compare a shard's inner chunks with an array's pixels."""
    assert layout.chunks_per_shard == index.missing.shape
    for place in np.ndindex(index.missing.shape):
        box: list[slice] = [slice(0)] * len(where)
        for i, axis in enumerate(layout.axes):
            start = where[axis] * layout.shard_shape[i]
            start += place[i] * layout.chunk_shape[i]
            box[axis] = slice(start, start + layout.chunk_shape[i])
        expected = pixels[tuple(box)].transpose(layout.axes)
        assert bool(index.missing[place]) == (not expected.any())
        if data is not None and not index.missing[place]:
            found = np.frombuffer(
                data, "<u2", prod(layout.chunk_shape), int(index.offsets[place])
            ).reshape(layout.chunk_shape)
            held = found[tuple(slice(n) for n in expected.shape)]
            assert np.array_equal(expected, held)


def test_arrays_without_shards_have_no_layout() -> None:
    """Of neither format."""
    assert shard_spec({"zarr_format": 2, "chunks": [1]}) is None
    codecs = [{"name": "bytes", "configuration": {"endian": "little"}}]
    assert shard_spec({"zarr_format": 3, "codecs": codecs}) is None


def test_what_cannot_be_known_is_said() -> None:
    """A shard packed as a whole, or an index of another codec, gives the reason."""
    raw = {"name": "bytes", "configuration": {"endian": "little"}}
    sharding = {"chunk_shape": [4], "codecs": [raw], "index_codecs": [raw]}
    document = {
        "zarr_format": 3,
        "chunk_grid": {"configuration": {"chunk_shape": [8]}},
        "codecs": [
            {"name": "sharding_indexed", "configuration": sharding},
            {"name": "gzip"},
        ],
    }
    found = shard_spec(document)
    assert isinstance(found, Problem)
    assert "packed as a whole, by 'gzip'" in found.message
    assert ("codecs", 1) == found.loc

    odd = sharding | {"index_codecs": [raw, {"name": "gzip"}]}
    found = spec_of([8], odd, loc=("codecs", 0))
    assert isinstance(found, Problem)
    assert "bytes, gzip" in found.message
    assert "/codecs/0/configuration/index_codecs" == found.pointer


def test_shards_of_no_axes() -> None:
    """A shard of a single number has one inner chunk."""
    layout = spec(shard_shape=(), chunk_shape=(), axes=())
    for entry, bad in [((0, 2), False), ((2, 2), True), ((2**64 - 1, 2), True)]:
        index = parse_index(layout, encoded(layout, [entry]), 18)
        assert () == index.missing.shape
        assert bad == (index.fault() is not None)


def test_real_shards_hold(stores: Path) -> None:
    """Shards of other writers are as the specification says, and none is refused."""
    found = 0
    for name in ("zarritajs_v3_fixtures", "zarrs_sharded"):
        for document in sorted((stores / name).rglob("zarr.json")):
            metadata = json.loads(document.read_text())
            if metadata["node_type"] != "array" or "string" in metadata["data_type"]:
                continue
            layout = shard_spec(guard(metadata, 3, LIMITS))
            if layout is None:
                continue
            assert isinstance(layout, ShardSpec)
            for shard in document.parent.rglob("*"):
                if not shard.is_file() or shard == document:
                    continue
                data = shard.read_bytes()
                index = parse_index(layout, layout.index_in(data), len(data))
                assert index.fault() is None, shard
                lengths = index.lengths[~index.missing]
                assert lengths.sum() + layout.index_nbytes == len(data)
                found += 1
    assert found >= 17


@given(
    st.data(), st.sampled_from(["little", "big"]), st.sampled_from(["none", "crc32c"])
)
def test_an_index_that_is_built_is_read_again(
    data: st.DataObject, endian: str, checksum: str
):
    """Building an index and parsing it are mirror images."""
    layout = spec(endian=endian, checksum=checksum)
    some = st.one_of(st.just(GONE), st.tuples(st.integers(0, 900), st.integers(1, 99)))
    entries = data.draw(st.lists(some, min_size=4, max_size=4))
    table = np.array(entries, np.uint64).reshape(2, 2, 2)
    found = parse_index(layout, build_index(layout, table[..., 0], table[..., 1]), None)

    assert table[..., 0].tolist() == found.offsets.tolist()
    assert table[..., 1].tolist() == found.lengths.tolist()
    assert [entry == GONE for entry in entries] == found.missing.ravel().tolist()
    assert encoded(layout, entries) == build_index(layout, table[..., 0], table[..., 1])
