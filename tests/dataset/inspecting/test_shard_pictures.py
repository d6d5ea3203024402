"""Pictures of shards: every byte of the file belongs to what the index says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.dataset.inspecting.histograms import size_histogram
from napari_ngff.dataset.inspecting.picture_words import (
    faults_of,
    piece_words,
    shard_words,
)
from napari_ngff.dataset.inspecting.shard_pictures import shard_picture
from napari_ngff.storage.chunks.shards import (
    MISSING,
    ShardSpec,
    build_index,
    parse_index,
)

if TYPE_CHECKING:
    from napari_ngff.dataset.inspecting.shard_pictures import ShardPicture


def picture_of(
    entries: list[tuple[int, int] | None],
    nbytes: int,
    *,
    present: tuple[int, ...] = (2, 2),
    location: str = "end",
    axes: tuple[int, ...] = (0, 1),
) -> ShardPicture:
    """Return the picture of a file with 2 x 2 entries and so many bytes of chunks."""
    spec = ShardSpec(
        shard_shape=(8, 8),
        chunk_shape=(4, 4),
        axes=axes,
        location=location,  # type: ignore[arg-type]
        endian="little",
        checksum="crc32c",
    )
    pairs = np.array([(MISSING, MISSING) if e is None else e for e in entries], "u8")
    offsets, lengths = pairs.reshape(2, 2, 2).transpose(2, 0, 1)
    data = build_index(spec, offsets, lengths)
    index = parse_index(spec, data, nbytes + spec.index_nbytes)
    return shard_picture(index, present)


def test_every_byte_belongs_to_something() -> None:
    """Chunks in the order of the file, a gap, one missing, the index at the end."""
    found = picture_of([(30, 10), (0, 20), None, (40, 5)], 45)

    assert [1, 0, 3] == found.ranks.tolist()
    assert [[20, 30]] == found.gaps.tolist()
    assert [2] == found.missing.tolist()
    assert (45, 45 + 68) == found.index
    assert ("chunk", 0, 20) == found.piece_at(19)
    assert ("gap", 20, 30) == found.piece_at(20)
    assert ("chunk", 40, 45) == found.piece_at(44)
    assert ("index", 45, 113) == found.piece_at(45)
    assert ("outside", 0, 0) == found.piece_at(113)
    assert "Unused: 10 bytes from byte 20 on that no chunk refers to" == piece_words(
        found, 25
    )
    assert piece_words(found, 31) == (
        "Chunk (0, 0) of the shard: 10 bytes from byte 30 on, 2 of 3 in the file, "
        "position 0 of 4"
    )
    assert ("10 bytes unused in 1 gap",) == faults_of(found)
    assert shard_words(found) == (
        "3 of 4 chunks, an order that is neither C, nor Fortran, nor Morton"
    )


def test_overlaps_shared_bytes_and_what_is_not_in_the_file() -> None:
    """Equal chunks that are kept once are no overlap; bad entries are not believed."""
    same = picture_of([(0, 20), (0, 20), None, None], 20)
    over = picture_of([(0, 20), (15, 20), (10, 2), (2**63, 9)], 40)

    assert (1, 0) == (same.shared, len(same.overlaps))
    assert [[10, 12], [15, 20]] == over.overlaps.tolist()
    assert ("overlap", 15, 20) == over.piece_at(16)
    assert [3] == over.bad.tolist()
    assert over.fault is not None
    assert [[35, 40]] == over.gaps.tolist()
    assert "2 overlaps" in faults_of(over)
    assert "1 entry of the index pointing to no bytes of the file" in faults_of(over)


def test_positions_are_in_the_order_of_the_array() -> None:
    """With axes turned, the index at the start, a chunk that nobody reads."""
    found = picture_of(
        [(68, 5), (73, 5), None, None],
        10,
        present=(2, 1),
        location="start",
        axes=(1, 0),
    )

    assert (0, 68) == found.index
    assert [True, False] == found.inside.tolist()
    assert (1, 0) == found.position(1)
    assert ("beyond", 73, 78) == found.piece_at(73)
    assert piece_words(found, 73).endswith(", beyond the end of the array")
    assert (2, 1) == (found.possible, len(found.missing))


@given(
    st.lists(
        st.none() | st.tuples(st.integers(0, 60), st.integers(0, 30)),
        min_size=4,
        max_size=4,
    ),
    st.integers(0, 60),
)
def test_pieces_agree_with_a_count_of_each_byte(
    entries: list[tuple[int, int] | None], nbytes: int
) -> None:
    """Of any index, whatever it says: every byte counted one by one."""
    found = picture_of(entries, nbytes)
    uses: list[set[tuple[int, int]]] = [set() for _ in range(nbytes)]
    for begin, length in filter(None, entries):
        if begin + length <= nbytes:
            for at in range(begin, begin + length):
                uses[at].add((begin, length))
    for at, several in enumerate(uses):
        kind = "gap" if not several else "chunk" if len(several) == 1 else "overlap"
        assert kind == found.piece_at(at)[0]


@pytest.mark.parametrize(
    ("sizes", "kind", "bins"),
    [
        ([7, 7, 7], "linear", 1),
        ([5, 6, 7, 9], "linear", 5),
        ([1, 900, 1000], "log", 32),
    ],
)
def test_every_size_is_in_one_bin(sizes: list[int], kind: str, bins: int) -> None:
    """Equal ones, few and far apart."""
    found = size_histogram(np.array(sizes))

    assert found is not None
    assert (kind, bins, len(sizes)) == (found.kind, len(found.counts), found.count)
    assert (min(sizes), max(sizes), sum(sizes)) == (found.low, found.high, found.total)
    assert (np.diff(found.edges) > 0).all()
    assert size_histogram(np.array([], int)) is None
