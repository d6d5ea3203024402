"""Reductions that go block by block give what numpy gives."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from napari_ngff.storage.lazy import LazyArray, NumpySource
from napari_ngff.storage.pixels import reduce
from napari_ngff.storage.pixels.reduce import REDUCERS

NAMES = sorted({func.__name__ for func in REDUCERS})
TYPES = ["u1", "i2", "u4", "i8", "f4", "f8", "bool"]
REFUSED_FOR_BOOLEANS = {"ptp"}


def lazy_of(pixels, chunks):
    """Return a lazy array that is reduced in blocks of about one chunk."""

    class Small(LazyArray):
        def pieces(self, nbytes=16):
            return super().pieces(nbytes)

    return Small(NumpySource(pixels, chunks))


@st.composite
def cases(draw):
    """Draw pixels, chunks and axes to reduce."""
    ndim = draw(st.integers(1, 3))
    shape = draw(hnp.array_shapes(min_dims=ndim, max_dims=ndim, max_side=6))
    chunks = draw(hnp.array_shapes(min_dims=ndim, max_dims=ndim, max_side=4))
    dtype = np.dtype(draw(st.sampled_from(TYPES)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    pixels = (rng.integers(0, 5, shape) - (dtype.kind in "if") * 2).astype(dtype)
    axes = st.sampled_from([None, *range(-ndim, ndim)])
    return pixels, chunks, draw(axes)


@pytest.mark.parametrize("name", NAMES)
@given(cases(), st.booleans())
def test_reductions_are_numpys(name, case, keepdims):
    """Values, shape and type are those of numpy, for any axis and chunks."""
    pixels, chunks, axis = case
    if name in REFUSED_FOR_BOOLEANS and pixels.dtype == bool:
        return
    func = getattr(np, name)
    expected = func(pixels, axis=axis, keepdims=keepdims)
    actual = func(lazy_of(pixels, chunks), axis=axis, keepdims=keepdims)

    assert np.asarray(expected).dtype == np.asarray(actual).dtype
    assert np.shape(expected) == np.shape(actual)
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["sum", "max", "mean", "std", "any", "count_nonzero"])
def test_several_axes_at_once(name):
    """A tuple of axes is reduced together."""
    pixels = np.random.default_rng(0).integers(0, 3, (4, 5, 6, 7)).astype("u2")
    func = getattr(np, name)
    lazy = lazy_of(pixels, (3, 2, 4, 7))

    np.testing.assert_allclose(func(lazy, axis=(0, -2)), func(pixels, axis=(0, -2)))


@pytest.mark.parametrize("name", ["argmin", "argmax", "min", "max", "nanmin", "nanmax"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_not_a_number(name, axis):
    """Not-a-number is treated as numpy treats it, wherever blocks begin."""
    pixels = np.random.default_rng(1).random((7, 8)).astype("f4")
    pixels[[1, 5, 6], [2, 2, 7]] = np.nan
    func = getattr(np, name)

    np.testing.assert_array_equal(
        func(lazy_of(pixels, (2, 3)), axis=axis), func(pixels, axis=axis)
    )


def test_small_types_do_not_overflow():
    """A sum of bytes is a long, and a mean of half floats does not reach infinity."""
    pixels = np.full((64, 1024), 250, "u1")
    halves = np.full((64, 1024), 60000, "f2")

    assert 64 * 1024 * 250 == lazy_of(pixels, (8, 128)).sum()
    assert 60000 == lazy_of(halves, (8, 128)).mean()
    assert np.dtype("f2") == lazy_of(halves, (8, 128)).mean().dtype


def test_type_and_degrees_of_freedom():
    """The options `dtype` and `ddof` mean what they mean to numpy."""
    pixels = np.arange(24, dtype="u1").reshape(4, 6)
    lazy = lazy_of(pixels, (3, 4))

    assert np.dtype("f4") == lazy.sum(dtype="f4").dtype
    assert pixels.sum(dtype="u1") == lazy.sum(dtype="u1")
    np.testing.assert_allclose(lazy.std(axis=1, ddof=1), pixels.std(axis=1, ddof=1))
    np.testing.assert_allclose(lazy.var(ddof=2), pixels.var(ddof=2))


def test_complex_numbers():
    """Means and variances of complex numbers are numpy's."""
    rng = np.random.default_rng(0)
    pixels = (rng.random((5, 6)) + 1j * rng.random((5, 6))).astype("c8")
    lazy = lazy_of(pixels, (2, 4))

    np.testing.assert_allclose(lazy.mean(axis=0), pixels.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(lazy.std(), pixels.std(), rtol=1e-5)


def test_options_that_need_all_pixels():
    """Options beyond blocks, and empty arrays, are handed to numpy."""
    pixels = np.arange(24.0).reshape(4, 6)
    lazy = lazy_of(pixels, (3, 4))
    out = np.empty(6)

    assert pixels.sum(where=pixels > 3) == lazy.sum(where=pixels > 3)
    assert 99 == lazy.max(initial=99)
    assert lazy.sum(axis=0, out=out) is out
    assert pixels.sum(0).tolist() == out.tolist()
    assert 0 == lazy[:0].sum()
    with pytest.raises(ValueError, match="zero-size"):
        lazy[:0].max()
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        lazy.max(axis=2)


def test_blocks_are_read_once():
    """A reduction reads each chunk exactly once."""
    reads = []

    class Counting(NumpySource):
        def read(self, box):
            reads.append(box)
            return super().read(box)

    lazy = LazyArray(Counting(np.ones((8, 9), "u1"), (3, 4)))
    lazy.std()

    assert [(slice(0, 8), slice(0, 9))] == reads


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 2), ()])
def test_blocks_are_converted_in_slabs(axis, monkeypatch):
    """Where blocks are taken slab by slab, variances are the same."""
    monkeypatch.setattr(reduce, "_SLAB", 7)
    pixels = np.random.default_rng(0).integers(0, 99, (5, 6, 4)).astype("u2")

    actual = lazy_of(pixels, (4, 5, 4)).var(axis=axis)

    np.testing.assert_allclose(actual, pixels.var(axis=axis), rtol=1e-12)


def test_a_variance_takes_little_more_than_its_blocks():
    """The pixels of a block are not all converted at once."""
    source = NumpySource(np.zeros((64, 1024, 1024), "u1"), (8, 1024, 1024))
    lazy = LazyArray(source)
    tracemalloc.start()
    lazy.std()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1.6 * 64 * 2**20
