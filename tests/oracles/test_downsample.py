"""Our means and first pixels against tensorstore's, bit for bit.

tensorstore's mean propagates NaN and is of floats summed up in their own precision,
so that only sums which are exact can be compared.
"""

from __future__ import annotations

import numpy as np
import pytest
import tensorstore

from napari_ngff.storage.pyramids.downsample import reduce

pytestmark = pytest.mark.oracle

SHAPES = ((64, 96), (63, 97), (1, 7), (4, 31, 33), (5, 32, 30))
INTEGERS = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8")


def theirs(block, factors, method):
    """Reduce a block with tensorstore."""
    store = tensorstore.array(block)
    return tensorstore.downsample(store, factors, method).read().result()


def factors_of(shape):
    """Every axis halved; the last two; all but the last."""
    halves = (2,) * len(shape)
    return halves, (1, *halves[1:]), (*halves[:-1], 1)


def noise(shape, dtype):
    """Any values that a type can have."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(np.random.default_rng(3).bytes(count), dtype).reshape(shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", INTEGERS)
def test_mean_of_integers(dtype, shape):
    """Rounded half to even, on even and odd sizes, over the whole range of a type."""
    for block in (noise(shape, dtype), noise(shape, dtype) % 4):
        for factors in factors_of(shape):
            expected = theirs(block, factors, "mean")

            np.testing.assert_array_equal(expected, reduce(block, factors, "mean"))


@pytest.mark.parametrize("shape", SHAPES)
def test_mean_of_bool(shape):
    """True where more than half are."""
    block = noise(shape, "u1") % 2 == 1
    for factors in factors_of(shape):
        expected = theirs(block, factors, "mean")

        np.testing.assert_array_equal(expected, reduce(block, factors, "mean"))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_mean_of_floats(dtype, shape):
    """Equal where sums are exact."""
    block = noise(shape, "i1").astype(dtype)
    for factors in factors_of(shape):
        expected = theirs(block, factors, "mean")

        np.testing.assert_array_equal(expected, reduce(block, factors, "mean"))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["?", *INTEGERS, "f2", "f4", "f8"])
def test_first_pixels(dtype, shape):
    """Every second pixel from the first one on."""
    block = noise(shape, "u1").astype(dtype)
    for factors in factors_of(shape):
        expected = theirs(block, factors, "stride")

        np.testing.assert_array_equal(expected, reduce(block, factors, "strided"))
