"""Parts of levels: which pixels, how many bytes, in which blocks, and where."""

from __future__ import annotations

from math import prod

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.layers import extract, levels
from napari_ngff.layers.extract import Part
from napari_ngff.storage.lazy import LazyArray, NumpySource


@st.composite
def arrays_and_boxes(draw):
    """An array, chunks, and a box that is not empty."""
    shape = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    chunks = tuple(draw(st.integers(1, size)) for size in shape)
    box = []
    for size in shape:
        start = draw(st.integers(0, size - 1))
        box.append((start, draw(st.integers(start + 1, size))))
    return np.arange(prod(shape)).reshape(shape), chunks, tuple(box)


def run(generator):
    """Return what a generator yields, and what it returns."""
    found = []
    while True:
        try:
            found.append(next(generator))
        except StopIteration as end:
            return found, end.value


@given(arrays_and_boxes(), st.integers(1, 2000))
def test_reads_the_box_block_by_block(case, room):
    """Whatever the chunks and blocks, the pixels are those of the box."""
    array, chunks, box = case
    before, extract.BLOCK_BYTES = extract.BLOCK_BYTES, room
    try:
        lazy = LazyArray(NumpySource(array, chunks))
        fractions, pixels = run(extract.read(lazy, Part(level=0, box=box)))
    finally:
        extract.BLOCK_BYTES = before

    expected = array[tuple(slice(a, b) for a, b in box)]
    np.testing.assert_array_equal(expected, pixels)
    assert sorted(fractions) == fractions
    assert fractions[-1] == 1


def test_blocks_are_bounded():
    """No block is larger than the bound, unless one chunk is."""

    class Spy:
        shape, dtype, chunks = (40, 512, 512), np.dtype("uint16"), (1, 128, 128)
        sizes: tuple[int, ...] = ()

        def __getitem__(self, key):
            shape = [piece.stop - piece.start for piece in key]
            self.sizes += (prod(shape) * 2,)
            return np.zeros(shape, self.dtype)

    spy = Spy()
    run(extract.read(spy, extract.whole(spy.shape, 0)))

    assert len(spy.sizes) == 1
    extract_bytes, extract.BLOCK_BYTES = extract.BLOCK_BYTES, 2**20
    try:
        run(extract.read(spy, extract.whole(spy.shape, 0)))
    finally:
        extract.BLOCK_BYTES = extract_bytes
    assert max(spy.sizes[1:]) <= 2**20
    assert len(spy.sizes) == 21


@given(arrays_and_boxes(), st.data())
def test_another_level_covers_the_same(case, data):
    """A box of one level is covered by its image in another, and back."""
    array, _, box = case
    other = [data.draw(st.integers(1, size)) for size in array.shape]

    there = extract.rescale(box, array.shape, other)
    back = extract.rescale(there, other, array.shape)

    for (a, b), (c, d), size in zip(box, back, array.shape, strict=True):
        assert 0 <= c <= a
        assert b <= d <= size
    for (a, b), size in zip(there, other, strict=True):
        assert 0 <= a < b <= size


def test_as_napari_draws_levels():
    """Both levels cover the same extent: the facts of napari's own drawing."""
    relative = levels.from_shapes((101, 8), (50, 4))

    np.testing.assert_allclose([[2.02, 0, 0.51], [0, 2, 0.5], [0, 0, 1]], relative)


def test_axes_of_the_layer_alone_stay():
    """An axis that the array does not have is left as it is; dropped ones too."""
    finest = np.diag([1.0, 2.0, 3.0, 1.0])
    level = np.diag([1.0, 4.0, 9.0, 1.0])

    relative = levels.from_matrices(finest, level, (None, 2, 1))

    np.testing.assert_allclose(np.diag([1, 3, 2, 1]), relative)
