"""Indices compose as numpy's do, and blocks cover a window once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from napari_ngff.storage.pixels import indexing

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=9)


def shown(window, pixels):
    """Return what a window shows of an array, by way of the box that is read."""
    if 0 in window.shape:
        return np.empty(window.shape, pixels.dtype)
    return indexing.arrange(window, pixels[indexing.box_of(window)])


def counted(shape):
    """Return an array whose items tell where they are."""
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


@st.composite
def views(draw):
    """Draw an array, and the same two or three basic indices of it and its window."""
    pixels = counted(draw(SHAPES))
    window, expected = indexing.whole(pixels.shape), pixels
    for _ in range(draw(st.integers(1, 3))):
        key = draw(
            hnp.basic_indices(expected.shape, allow_newaxis=True, allow_ellipsis=True)
        )
        key = key if isinstance(key, tuple) else (key,)
        window, expected = indexing.narrow(window, key), np.asarray(expected[key])
        order = draw(st.permutations(range(expected.ndim)))
        window, expected = indexing.permute(window, order), expected.transpose(order)
    return pixels, window, expected


@given(views())
def test_indices_and_transpositions_compose(view):
    """Any basic indices and transpositions, one after another, are numpy's."""
    pixels, window, expected = view

    assert expected.shape == window.shape
    assert expected.tolist() == shown(window, pixels).tolist()


@given(views(), st.integers(1, 500), st.data())
def test_blocks_cover_a_window_once(view, nbytes, data):
    """Blocks are disjoint, cover the window, and begin where chunks do."""
    pixels, window, _ = view
    assume(0 not in window.shape)
    chunks = data.draw(hnp.array_shapes(min_dims=pixels.ndim, max_dims=pixels.ndim))
    count = np.zeros(window.shape, int)
    for block in indexing.blocks(window, chunks, itemsize=8, nbytes=nbytes):
        count[block] += 1

    assert np.ones(window.shape, int).tolist() == count.tolist()


@given(st.slices(40), st.integers(1, 50))
def test_edges_are_where_the_chunk_changes(part, chunk):
    """An edge lies between neighbours of different chunks and nowhere else."""
    span = range(40)[part]
    assume(len(span))
    expected = [
        i for i in range(1, len(span)) if span[i] // chunk != span[i - 1] // chunk
    ]

    assert [0, *expected, len(span)] == indexing.edges(span, chunk)


def test_blocks_grow_to_the_size_that_is_wanted():
    """Small chunks are read many at a time, along the last axes first."""
    window = indexing.whole((4, 100, 100))
    found = indexing.blocks(window, (1, 10, 10), itemsize=1, nbytes=5000)

    assert (slice(0, 1), slice(0, 50), slice(0, 100)) == next(found)


def test_blocks_skip_chunks_that_a_step_passes_over():
    """A long step reads one index at a time: nothing in between is touched."""
    window = indexing.narrow(indexing.whole((1000,)), (slice(None, None, 100),))
    found = list(indexing.blocks(window, (10,), itemsize=1, nbytes=10**6))

    assert [(slice(i, i + 1),) for i in range(10)] == found


def test_chunks_follow_the_axes():
    """The chunks of a view belong to the axes that are left, in their order."""
    window = indexing.narrow(
        indexing.whole((3, 40, 50)), (0, slice(None, None, 2), ...)
    )
    window = indexing.permute(indexing.narrow(window, (None,)), (2, 0, 1))

    assert (20, 1, 8) == indexing.chunks_of(window, (1, 16, 20))


@pytest.mark.parametrize("key", [(5,), (-6,), (0, 0), (..., ...)])
def test_what_numpy_refuses_is_refused(key):
    """An index out of bounds or too many indices raise IndexError, as numpy does."""
    with pytest.raises(IndexError) as expected:
        np.empty(5)[key]
    with pytest.raises(IndexError) as actual:
        indexing.narrow(indexing.whole((5,)), key)

    assert str(expected.value) == str(actual.value)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (1, True),
        (np.uint8(1), True),
        (slice(None), True),
        (None, True),
        (..., True),
        (np.array(1), True),
        (True, False),
        (np.True_, False),
        ([0], False),
        (np.array([0]), False),
        (1.0, False),
        (np.array(1.5), False),
    ],
)
def test_what_counts_as_a_basic_index(part, expected):
    """Integers of all kinds are basic; booleans, floats and sequences are not."""
    assert expected == indexing.is_basic((part,))
