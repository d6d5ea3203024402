"""Pixels in a larger array: background around, what sticks out cut off."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.dataset.painting.embedding import EmbeddedSource, outside
from napari_ngff.storage.lazy import LazyArray, NumpySource


@st.composite
def embeddings(draw: Any) -> Any:
    """Pixels, where they go, and how large it is there."""
    ndim = draw(st.integers(1, 3))
    own = tuple(draw(st.integers(1, 5)) for _ in range(ndim))
    shape = tuple(draw(st.integers(1, 7)) for _ in range(ndim))
    start = tuple(draw(st.integers(-6, 8)) for _ in range(ndim))
    return np.arange(1, np.prod(own) + 1).reshape(own), start, shape


@given(embeddings())
def test_every_pixel_is_in_its_place_or_told(case: Any) -> None:
    """All of the pixels are in the larger array or among those that are cut off."""
    pixels, start, shape = case
    source = EmbeddedSource(LazyArray(NumpySource(pixels)), start, shape)
    expected = np.zeros(shape, pixels.dtype)
    for index, value in np.ndenumerate(pixels):
        at = tuple(i + s for i, s in zip(index, start, strict=True))
        if all(0 <= a < n for a, n in zip(at, shape, strict=True)):
            expected[at] = value

    found = LazyArray(source).compute()

    np.testing.assert_array_equal(expected, found)
    cut = [value for part in outside(source) for value in part.compute().ravel()]
    assert sorted(pixels.ravel()) == sorted([*cut, *expected[expected > 0]])


def test_it_can_be_pickled_and_told_apart() -> None:
    """Tasks carry it to other processes."""
    array = LazyArray(NumpySource(np.ones((2, 3), "u2")))
    source = EmbeddedSource(array, (1, 1), (4, 4))

    again = pickle.loads(pickle.dumps(source))

    np.testing.assert_array_equal(
        LazyArray(source).compute(), LazyArray(again).compute()
    )
    assert source.identity != EmbeddedSource(array, (0, 1), (4, 4)).identity
    assert np.dtype("u2") == source.dtype
    assert (2, 3) == source.chunks
