"""Kernels against a slow reference that computes with fractions."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import isinf, isnan, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from napari_ngff.storage.pyramids import downsample
from napari_ngff.storage.pyramids.downsample import reduce, reduces

INTEGERS = ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8")
FLOATS = ("f2", "f4", "f8")
# a few names of things, among them the background and the ends of a type
IDS = st.sampled_from([0, 0, 1, 2, 3])


def expected(block, factors, of_window):
    """Reduce a block window by window; the last ones hold what is left."""
    shape = tuple(-(-n // k) for n, k in zip(block.shape, factors, strict=True))
    out = np.empty(shape, block.dtype)
    for at in np.ndindex(shape):
        window = tuple(
            slice(i * k, (i + 1) * k) for i, k in zip(at, factors, strict=True)
        )
        out[at] = of_window(block[window].ravel().tolist())
    return out


def exact_mean(values):
    """Return the mean of integers; Python rounds fractions half to even."""
    return round(Fraction(sum(map(int, values)), len(values)))


def most_frequent(values):
    """Return the most frequent value: among equals an object, then the smaller one."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value == 0, value))


def factors_for(block):
    """Factors from 1 to 3 per axis, mostly those of a pyramid."""
    return st.tuples(*[st.sampled_from([1, 2, 2, 3]) for _ in block.shape])


@st.composite
def cases(draw, dtypes, elements=None):
    """Return a block of one to four axes and factors for it."""
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=7))
    block = draw(hnp.arrays(dtype, shape, elements=elements, fill=st.nothing()))
    return block, draw(factors_for(block))


@given(cases(("?", *INTEGERS)))
def test_mean_of_integers(case):
    """Means are exact and rounded half to even, whatever the width and the size."""
    block, factors = case

    found = reduce(block, factors, "mean")

    np.testing.assert_array_equal(expected(block, factors, exact_mean), found)
    assert block.dtype == found.dtype


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("end", ["min", "max"])
def test_mean_at_the_ends_of_a_type(dtype, end):
    """A block of extreme values keeps them: no sum overflows."""
    value = getattr(np.iinfo(dtype), end)
    block = np.full((5, 40, 41), value, dtype)

    for factors in ((2, 2, 2), (1, 2, 2), (3, 3, 3), (5, 40, 41)):
        assert np.unique(reduce(block, factors, "mean")) == [value]


@pytest.mark.parametrize(("values", "mean"), [((0, 1), 0), ((1, 2), 2), ((-1, 0), 0)])
def test_halves_go_to_the_even_neighbour(values, mean):
    """Half a unit is rounded to even, below 0 as well."""
    found = reduce(np.array(values, np.int16), (2,), "mean")

    assert [mean] == found.tolist()


@given(cases(FLOATS, st.floats(-1000, 1000, width=16)))
def test_mean_of_floats(case):
    """Means of floats are those of the exact sum, rounded once or twice."""
    block, factors = case

    found = reduce(block, factors, "mean")

    exact = expected(
        block, factors, lambda values: float(sum(map(Fraction, values)) / len(values))
    )
    np.testing.assert_allclose(
        found, exact, rtol=2 * np.finfo(block.dtype).eps, atol=1e-13
    )
    assert block.dtype == found.dtype


def mean_of_finite(values):
    """Return the mean of what was measured."""
    there = [value for value in values if not isnan(value)]
    infinite = {value for value in there if isinf(value)}
    if not there or len(infinite) == 2:
        return float("nan")
    return infinite.pop() if infinite else float(sum(map(Fraction, there)) / len(there))


@given(cases(FLOATS, st.sampled_from([np.nan, np.nan, 1, 2.5, np.inf, -np.inf])))
def test_mean_leaves_nan_out(case):
    """NaN does not spread; infinities do, and cancel to NaN."""
    block, factors = case

    found = reduce(block, factors, "mean")

    np.testing.assert_allclose(
        found, expected(block, factors, mean_of_finite), rtol=1e-3
    )


@pytest.mark.parametrize("dtype", FLOATS)
def test_mean_of_the_greatest_floats(dtype):
    """The mean of finite floats is finite."""
    most = np.finfo(dtype).max
    block = np.array([[most, most, -most, -most], [most, most, np.nan, -most]], dtype)

    found = reduce(block, (2, 2), "mean")

    np.testing.assert_allclose(found, np.array([[most, -most]], dtype), rtol=1e-6)


@given(cases(("?", *INTEGERS), None) | cases(INTEGERS, IDS))
def test_mode(case):
    """The most frequent id wins; an object over the background, then the smaller."""
    block, factors = case

    found = reduce(block, factors, "mode")

    np.testing.assert_array_equal(expected(block, factors, most_frequent), found)
    assert block.dtype == found.dtype


@given(cases(INTEGERS, IDS))
def test_mode_never_gives_a_new_id(case):
    """Whatever is in the result was in the block."""
    block, factors = case

    assert set(reduce(block, factors, "mode").flat) <= set(block.flat)


@pytest.mark.parametrize("method", ["strided", "nearest"])
@given(case=cases(("?", *INTEGERS, *FLOATS)))
def test_first_pixels(method, case):
    """The first pixel of each window stands for it."""
    block, factors = case

    found = reduce(block, factors, method)

    steps = tuple(slice(None, None, k) for k in factors)
    np.testing.assert_array_equal(block[steps], found)
    assert not np.shares_memory(block, found)


@pytest.mark.parametrize("method", ["mean", "mode", "strided", "nearest"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "i8", "?"])
def test_strips_leave_no_seam(method, dtype, monkeypatch):
    """However a block is cut into strips, the result is the same."""
    rng = np.random.default_rng(7)
    block = rng.integers(0, 2 if dtype == "?" else 5, (3, 29, 31)).astype(dtype)
    whole = {f: reduce(block, f, method) for f in ((2, 2, 2), (1, 2, 2), (2, 1, 3))}

    for nbytes in (1, 100, 1000):
        monkeypatch.setattr(downsample, "STRIP_BYTES", nbytes)
        for factors, result in whole.items():
            np.testing.assert_array_equal(result, reduce(block, factors, method))


@pytest.mark.parametrize("method", ["mean", "mode", "strided"])
@pytest.mark.parametrize(
    "view",
    [
        lambda a: a.transpose(2, 0, 1),
        lambda a: a[::-1, :, ::2],
        lambda a: a[:, 1:, 1:],
        lambda a: np.asfortranarray(a),
        lambda a: a.astype(a.dtype.newbyteorder(">")),
        lambda a: np.broadcast_to(a[:1], (4, *a.shape[1:])),
    ],
)
def test_memory_order_does_not_matter(method, view):
    """Views, foreign byte orders and read-only arrays give what a copy gives."""
    block = view(np.arange(6 * 7 * 8, dtype=np.uint16).reshape(6, 7, 8))
    copy = np.array(block, dtype=np.uint16)

    found = reduce(block, (2, 2, 2), method)

    np.testing.assert_array_equal(reduce(copy, (2, 2, 2), method), found)
    assert np.dtype(np.uint16) == found.dtype


@pytest.mark.parametrize("method", ["mean", "mode", "strided"])
def test_a_block_stays_as_it_is(method):
    """Reducing changes nothing of the block, and the result is the caller's own."""
    block = np.arange(30, dtype=np.int64).reshape(5, 6)
    before = block.copy()

    for factors in ((1, 1), (1, 2), (2, 1), (2, 2)):
        reduce(block, factors, method)[:] = 0

    np.testing.assert_array_equal(before, block)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (0, 0)])
def test_nothing_gives_nothing(shape):
    """A block without pixels has a result without pixels."""
    found = reduce(np.empty(shape, np.uint8), (2, 2), "mean")

    assert tuple(-(-n // 2) for n in shape) == found.shape


def test_no_axes():
    """A single number stays what it is."""
    assert reduce(np.array(7), (), "mean") == 7


@pytest.mark.parametrize(
    ("dtype", "methods"),
    [
        ("?", {"mean", "strided", "mode", "nearest"}),
        ("u8", {"mean", "strided", "mode", "nearest"}),
        ("f2", {"mean", "strided", "nearest"}),
        ("c8", set()),
        ("M8[s]", set()),
        ("S4", set()),
    ],
)
def test_what_can_be_reduced(dtype, methods):
    """Numbers can; complex ones, dates and text cannot; only ids have a mode."""
    block = np.zeros((2, 2), dtype)

    for method in ("mean", "strided", "mode", "nearest"):
        assert (method in methods) == reduces(block.dtype, method)
        if method not in methods:
            with pytest.raises(ValueError, match=method):
                reduce(block, (2, 2), method)


@pytest.mark.parametrize("factors", [(2,), (2, 2, 2), (0, 2), (2, -1)])
def test_factors_that_make_no_sense(factors):
    """One positive factor is needed for each axis."""
    with pytest.raises(ValueError, match="2 axes"):
        reduce(np.zeros((4, 4)), factors, "mean")


@pytest.mark.parametrize("count", range(1, 10))
def test_sorting_networks(count):
    """A network that sorts all zeros and ones sorts everything."""
    rows = np.array(list(product((0, 1), repeat=count)), np.uint8).T.copy()
    for low, high in downsample._network(count):
        rows[[low, high]] = np.sort(rows[[low, high]], axis=0)

    assert prod(rows.shape) == count * 2**count
    assert (np.diff(rows.astype(int), axis=0) >= 0).all()
