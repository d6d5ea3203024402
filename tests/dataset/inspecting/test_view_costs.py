"""Boxes that are read one after the other cost what they do not share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from napari_ngff.core.limits import LIMITS
from napari_ngff.dataset.inspecting.view_costs import cost_of_boxes
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def level(tmp_path: Path) -> StoredLevel:
    """Three channels in one shard, a chunk each and two along the other axis."""
    array = zarr.create_array(
        tmp_path / "a", shape=(3, 20), chunks=(1, 10), shards=(3, 20), dtype="u2"
    )
    array[...] = np.arange(1, 61).reshape(3, 20)
    location = open_location(tmp_path / "a")
    found: Any = location.document("")
    return StoredLevel(location.keys, found, LIMITS)


def row(channel: int, start: int = 0, stop: int = 20) -> tuple[slice, ...]:
    return (slice(channel, channel + 1), slice(start, stop))


def test_channels_are_read_from_the_same_shard(level: StoredLevel) -> None:
    """Each reads the index, for it may have changed, and chunks of its own."""
    each = [level.cost(row(channel)) for channel in range(3)]
    three = cost_of_boxes(level, map(row, range(3)))

    assert sum(cost.nbytes for cost in each) == three.nbytes
    assert sum(cost.requests for cost in each) == three.requests
    assert (1, 1, 6) == (three.files, three.shards, three.stored)
    assert three.exact


def test_chunks_that_are_at_hand_cost_nothing(level: StoredLevel) -> None:
    """Whatever the order; what is partly at hand is not exact."""
    whole, part = row(0), row(0, 0, 5)
    for boxes in ([whole, part], [part, whole]):
        found = cost_of_boxes(level, boxes)

        assert level.cost(whole).nbytes == found.nbytes
    assert cost_of_boxes(level, [whole, row(0, 4, 20)]).exact
    assert cost_of_boxes(level, [part, row(0, 3, 9)]).exact
    both = cost_of_boxes(level, [row(0, 0, 5), (slice(0, 2), slice(0, 5))])
    assert not both.exact
    assert 2 == both.stored
