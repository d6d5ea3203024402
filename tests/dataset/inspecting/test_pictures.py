"""Pictures of levels: every file is in its cell; what is not there is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.sharded import document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.dataset.inspecting import pictures
from napari_ngff.dataset.inspecting.looked import looked, looked_further, measures_of
from napari_ngff.dataset.inspecting.picture_words import cell_words, file_words
from napari_ngff.dataset.inspecting.pictures import (
    FAULTY,
    MISSING,
    STORED,
    UNKNOWN,
    across_of,
    level_picture,
    merged,
    unknown_places,
)
from napari_ngff.dataset.inspecting.scales import scale_of
from napari_ngff.storage.inspecting.budget import Budget
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path) -> StoredLevel:
    """Return how the array at a path is stored."""
    location = open_location(path)
    return StoredLevel(location.keys, location.document(location.node), LIMITS)


@pytest.fixture
def level(tmp_path: Path) -> StoredLevel:
    """Shards of 2 x 16 x 16 in an array that ends inside of its last ones."""
    shape, shard, chunk = (4, 40, 33), (2, 16, 16), (1, 4, 8)
    metadata = document(shape, shard, chunk)
    path = write(tmp_path / "a", metadata, some_pixels(shape, chunk))
    (path / "c/1/2/2").write_bytes(b"too short")
    return opened(path)


def test_cells_are_what_the_files_are(level: StoredLevel) -> None:
    """Each value is what was found of the one file that is there."""
    scan = level.scan()
    found = looked(scan)
    by_place = {look.place: look for look in scan.looks}
    for z in (0, 1):
        picture = level_picture(found, "bytes", (1, 2), (z, 7, 7))

        assert (3, 3) == picture.values.shape
        for row, column in np.ndindex(3, 3):
            look = by_place.get((z, row, column))
            state = MISSING if look is None else FAULTY if look.fault else STORED
            assert state == picture.states[row, column]
            assert (z, row, column) == picture.place(row, column)
            assert (row, column) == picture.where((z, row, column))
            if look is not None:
                assert look.nbytes == picture.values[row, column]
        assert picture.where((1 - z, 0, 0)) is None


def test_fill_counts_what_can_be_there(tmp_path: Path) -> None:
    """A shard over the array's end is full if it holds what is inside of the array."""
    metadata = document((4, 40, 33), (2, 16, 16), (1, 4, 8))
    level = opened(write(tmp_path / "a", metadata, np.ones((4, 40, 33), "u2")))
    found = looked(level.scan())
    picture = level_picture(found, "fill", (1, 2), (0, 0, 0))

    assert np.ones((3, 3)).tolist() == picture.values.tolist()
    words = file_words(found, (0, 2, 2))
    assert words.startswith("Shard (0, 2, 2): ")
    assert "4 of 4 chunks" in words


def test_other_axes_across(level: StoredLevel) -> None:
    """Any two axes can be across; along an axis of one pixel nothing is to be seen."""
    found = looked(level.scan())
    picture = level_picture(found, "ratio", (0, 2), (0, 1, 0))

    assert (2, 3) == picture.values.shape
    assert (1, 1, 2) == picture.place(1, 2)
    assert ((1, 2), (0, 2), (0, 1)) == across_of((4, 40, 33))
    assert ((1, 2),) == across_of((1, 40, 33))
    assert ((None, 0),) == across_of((40,))
    assert ((None, None),) == across_of(())


def test_what_was_not_looked_at_is_not_missing(level: StoredLevel) -> None:
    """Of a sample, empty cells are unknown, and said to be."""
    found = looked(level.scan(budget=Budget(reads=2)))
    picture = level_picture(found, "bytes", (1, 2), (0, 0, 0))

    assert UNKNOWN in picture.states
    row, column = np.argwhere(picture.states == UNKNOWN)[0]
    assert cell_words(picture, found, row, column).endswith("not looked at")

    places = unknown_places(picture, found, 100)
    assert places == [p for p in np.ndindex(1, 3, 3) if p not in found.looks]
    more = looked_further(found, places, level.look_at(places))
    whole = looked(level.scan())
    expected = level_picture(whole, "bytes", (1, 2), (0, 0, 0))
    picture = level_picture(more, "bytes", (1, 2), (0, 0, 0))
    assert expected.states.tolist() == picture.states.tolist()
    assert file_words(whole, (0, 0, 0)) == file_words(more, (0, 0, 0))
    assert [] == unknown_places(picture, more, 100)
    assert UNKNOWN in level_picture(more, "bytes", (1, 2), (1, 0, 0)).states


def test_more_cells_than_a_picture_has(
    level: StoredLevel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several files share a cell: sums stay, what is faulty still shows."""
    found = looked(level.scan())
    whole = level_picture(found, "bytes", (1, 2), (1, 0, 0))
    monkeypatch.setattr(pictures, "SIDE", 2)
    few = level_picture(found, "bytes", (1, 2), (1, 0, 0))
    again = merged(whole, 2, 2)

    for picture in (few, again):
        assert (2, 2) == picture.step
        assert (2, 2) == picture.values.shape
        assert whole.above.sum() == picture.above.sum()
        assert FAULTY == picture.states[1, 1]
    words = cell_words(few, found, 0, 0)
    assert words.startswith("Shards (1, 0, 0) to (1, 1, 1): 4 stored, ")
    assert merged(whole, 3, 3) is whole


def test_a_scale_is_that_of_the_whole_array(level: StoredLevel) -> None:
    """Its ends are the smallest and the largest file, wherever they are."""
    found = looked(level.scan())
    scale = scale_of(found, "bytes")
    sizes = [look.nbytes for look in found.looks.values()]

    assert (min(sizes), max(sizes)) == (scale.low, scale.high)
    assert [0.0, 1.0] == scale.fractions(np.array([scale.low, scale.high])).tolist()
    assert ["0 %", "50 %", "100 %"] == [
        words for _, words in scale_of(found, "fill").ticks()
    ]
    assert "< 1 %" == scale_of(found, "fill").words(0.001)
    assert "> 99 %" == scale_of(found, "fill").words(0.9999)


def test_chunks_that_are_files(tmp_path: Path) -> None:
    """Arrays without shards, and without a second axis, have pictures, too."""
    metadata: dict[str, Any] = document((40,), (16,), (4,))
    sharding = metadata["codecs"][0]["configuration"]
    metadata["codecs"] = sharding["codecs"]
    level = opened(write(tmp_path / "a", metadata, np.arange(40) // 16))
    found = looked(level.scan())
    picture = level_picture(found, "ratio", (None, 0), (0,))

    assert ("ratio", "bytes") == measures_of(level.stored)
    assert [[MISSING, STORED, STORED]] == picture.states.tolist()
    assert "Chunk (0): not stored: all of it is the fill value" == file_words(
        found, (0,)
    )
