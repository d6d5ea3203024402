"""What an index says of a file: bytes used, gaps, order; and that damage is seen."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_ngff.storage.chunks.shards import (
    MISSING,
    BadIndex,
    ShardSpec,
    build_index,
    parse_index,
)
from napari_ngff.storage.inspecting.shard_map import order_of, shard_map


def spec(counts: tuple[int, ...], **changes: Any) -> ShardSpec:
    """The layout of shards of so many inner chunks."""
    usual: dict[str, Any] = {
        "shard_shape": tuple(4 * n for n in counts),
        "chunk_shape": (4,) * len(counts),
        "axes": tuple(range(len(counts))),
        "location": "end",
        "endian": "little",
        "checksum": "crc32c",
    }
    return ShardSpec(**(usual | changes))


@st.composite
def shards(draw: Any) -> tuple[ShardSpec, list[tuple[int, int] | None], int]:
    """A layout, where its chunks are (None: missing), and the size of the file."""
    counts = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
    layout = spec(
        counts,
        location=draw(st.sampled_from(["start", "end"])),
        endian=draw(st.sampled_from(["little", "big"])),
        checksum=draw(st.sampled_from(["crc32c", "none"])),
    )
    count = int(np.prod(counts))
    at = layout.index_nbytes if layout.location == "start" else 0
    places: list[tuple[int, int] | None] = [None] * count
    for number in draw(st.permutations(range(count))):
        if draw(st.booleans()):
            at += draw(st.sampled_from([0, 0, 3]))
            length = draw(st.integers(1, 9))
            places[number] = (at, length)
            at += length
    size = at + draw(st.sampled_from([0, 5]))
    return layout, places, size + layout.index_nbytes * (layout.location == "end")


def encoded(layout: ShardSpec, places: list[tuple[int, int] | None]) -> bytes:
    """The index of chunks at these places."""
    table = np.array([p or (MISSING, MISSING) for p in places], np.uint64)
    offsets, lengths = (table[:, i].reshape(layout.chunks_per_shard) for i in (0, 1))
    return build_index(layout, offsets, lengths)


@given(shards(), st.data())
def test_bytes_are_counted_one_by_one(
    shard: tuple[ShardSpec, list[tuple[int, int] | None], int], data: Any
) -> None:
    """As marking each byte of the file counts them; some chunks lie beyond the end."""
    layout, places, size = shard
    present = [data.draw(st.integers(1, n)) for n in layout.chunks_per_shard]
    index = parse_index(layout, encoded(layout, places), size)
    found = shard_map(index, present)

    used, inside = bytearray(size), 0
    at = 0 if layout.location == "start" else size - layout.index_nbytes
    used[at : at + layout.index_nbytes] = b"\1" * layout.index_nbytes
    stored = [
        (position, place)
        for position, place in zip(
            product(*map(range, layout.chunks_per_shard)), places, strict=True
        )
        if place is not None
    ]
    for position, (start, length) in stored:
        if all(i < n for i, n in zip(position, present, strict=True)):
            inside += 1
            used[start : start + length] = b"\1" * length
    assert (inside, len(stored) - inside) == (found.chunks, found.beyond)
    assert used.count(0) == found.dead_nbytes
    assert sum(used) - layout.index_nbytes == found.live_nbytes == found.chunk_nbytes
    assert len([part for part in bytes(used).split(b"\1") if part]) == found.gaps
    assert found.fault is None


@given(shards())
@settings(max_examples=25)
def test_a_flipped_bit_is_seen_or_harmless(
    shard: tuple[ShardSpec, list[tuple[int, int] | None], int],
) -> None:
    """With a checksum each is seen; without one no count leaves the file's bounds."""
    layout, places, size = shard
    good = encoded(layout, places)
    for byte in range(len(good)):
        flipped = bytearray(good)
        flipped[byte] ^= 1 << byte % 8
        if layout.checksum == "crc32c":
            with pytest.raises(BadIndex):
                parse_index(layout, bytes(flipped), size)
            continue
        index = parse_index(layout, bytes(flipped), size)
        found = shard_map(index, layout.chunks_per_shard)
        assert 0 <= found.live_nbytes <= size - layout.index_nbytes
        assert 0 <= found.dead_nbytes <= size - layout.index_nbytes
        assert found.chunks <= index.missing.size


def test_orders_have_names() -> None:
    """C, Fortran, and the Z order with the first axis fastest; gaps do not matter."""
    shape = (2, 4)
    everywhere = list(product(range(2), range(4)))
    z = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (1, 3)]
    assert "C" == _order(shape, everywhere)
    assert "C" == _order(shape, everywhere[::3])
    assert "Morton" == _order(shape, z)
    square = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (3, 0), (2, 1), (3, 1), (0, 2)]
    assert "Morton" == _order((4, 4), square)
    columns = [(i, j) for j in range(4) for i in range(4)]
    assert "Fortran" == _order((4, 4), columns)
    assert "other" == _order(shape, everywhere[::-1])
    assert "one" == _order(shape, [(1, 1)])
    assert "none" == _order(shape, [])


def _order(shape: tuple[int, ...], places: list[tuple[int, ...]]) -> str:
    offsets, stored = np.zeros(shape, np.uint64), np.zeros(shape, bool)
    for at, place in enumerate(places):
        offsets[place], stored[place] = 10 * at, True
    return order_of(offsets, stored)


def test_what_overlaps_is_counted_once_and_said() -> None:
    """Of two chunks that share bytes; the same bytes twice are a copy, and fine."""
    layout = spec((3,), checksum="none")
    for places, fault in (
        ([(0, 10), (5, 10), None], "where another one is"),
        ([(0, 10), (0, 10), (10, 5)], None),
        ([(0, 10), (90, 50), None], "outside"),
        ([(0, 0), (0, 15), None], "has no bytes"),
    ):
        index = parse_index(layout, encoded(layout, list(places)), 15 + 48)
        found = shard_map(index, (3,))
        assert (fault is None) == (found.fault is None)
        assert fault is None or fault in str(found.fault)
        assert 15 == found.live_nbytes + found.dead_nbytes
