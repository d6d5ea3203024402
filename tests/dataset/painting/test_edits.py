"""What a copy held, chunk by chunk, and values that a type may lack."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.dataset.painting.edits import DIGEST, as_type, digest, see
from napari_ngff.storage.pixels import grid


@given(st.data())
def test_each_chunk_has_its_digest(data: Any) -> None:
    """Of the part that the copy has of it; a change is seen in that chunk alone."""
    shape = (7, 9)
    chunks = tuple(data.draw(st.integers(1, n)) for n in shape)
    start = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    sizes = [
        data.draw(st.integers(1, n - a)) for a, n in zip(start, shape, strict=True)
    ]
    pixels = np.zeros(sizes, "i4")
    seen = see(pixels, start=start, shape=shape, chunks=chunks)
    at = tuple(data.draw(st.integers(0, n - 1)) for n in sizes)
    pixels[at] = 1

    changed = [
        chunk
        for chunk, part, before in seen.parts()
        if digest(pixels[grid.inside(part, seen.box)]) != before
    ]

    place = [(i + a) // n for i, a, n in zip(at, start, chunks, strict=True)]
    assert [tuple(place)] == changed
    touched = len(list(product(*grid.touched(seen.box, chunks))))
    assert touched * DIGEST == len(seen.digests)


@pytest.mark.parametrize(
    ("value", "dtype", "fits"),
    [
        (255, "u1", True),
        (256, "u1", False),
        (-1, "u4", False),
        (2**63, "i8", False),
        (2**64 - 1, "u8", True),
        (1, "b1", True),
        (2, "b1", False),
    ],
)
def test_types(value: int, dtype: str, fits: bool) -> None:
    """A value that the type lacks is named."""
    given = "u8" if value > 2**62 else "i8"
    pixels = np.array([0, value], given)

    if fits:
        assert np.dtype(dtype) == as_type(pixels, np.dtype(dtype)).dtype
        return
    with pytest.raises(ValueError, match=str(value)):
        as_type(pixels, np.dtype(dtype))


def test_a_copy_is_its_own() -> None:
    """What is painted later does not change it."""
    pixels = np.zeros(3, "u1")
    found = as_type(pixels, np.dtype("u1"))
    pixels[0] = 1

    assert 0 == found[0]
