"""Chunk grids: which chunks a box touches, and how chunks form boxes."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.storage.pixels import grid

CHUNKS = st.sets(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=60)


@given(CHUNKS)
def test_merged_boxes_hold_each_chunk_once(chunks):
    """Boxes of chunks hold exactly the chunks that were merged, each in one box."""
    found = [chunk for box in grid.merged(sorted(chunks)) for chunk in grid.within(box)]

    assert sorted(chunks) == sorted(found)


def test_a_full_box_is_one():
    """The chunks of a plane are fetched as one box."""
    chunks = list(product([3], range(5), range(4)))

    assert [((3, 0, 0), (3, 4, 3))] == grid.merged(chunks)


def test_no_axes_are_one_chunk():
    """An array without axes has one chunk."""
    assert [((), ())] == grid.merged([()])


@given(CHUNKS, st.integers(-1, 30))
def test_portions_are_bounded_and_complete(chunks, at_most):
    """Portions hold every chunk once, and no more chunks than allowed."""
    box = (min(chunks), tuple(map(max, *chunks, min(chunks))))
    box = (tuple(map(min, *chunks, max(chunks))), box[1])
    found = [list(grid.within(part)) for part in grid.portions(box, at_most)]

    assert sorted(grid.within(box)) == sorted(chunk for part in found for chunk in part)
    assert max(1, at_most) >= max(len(part) for part in found)


def test_touched_chunks():
    """A box touches the chunks that hold its first and last pixels."""
    box = (slice(3, 4), slice(10, 20), slice(9, 21))

    assert [range(3, 4), range(1, 2), range(0, 3)] == grid.touched(box, (1, 10, 10))


def test_the_last_chunk_is_cut():
    """The pixels of the last chunk end with the array."""
    expected = (slice(10, 15), slice(0, 10))

    assert expected == grid.span_of(((1, 0), (1, 0)), (10, 10), (15, 30))


def test_boxes_apart_share_nothing():
    """Boxes that only touch share no pixels."""
    assert grid.meet((slice(0, 3),), (slice(3, 5),)) is None
    assert (slice(2, 3),) == grid.meet((slice(0, 3),), (slice(2, 5),))
    assert (slice(0, 1),) == grid.inside((slice(2, 3),), (slice(2, 5),))
