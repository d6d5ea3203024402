"""Coarser levels, a part at a time: as if all of them were made anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.painting import objects
from napari_ngff.dataset.painting.following import (
    by_chunk,
    difference,
    method_of,
    shifted,
    step,
)
from napari_ngff.metadata.model import Multiscale
from napari_ngff.metadata.transforms import Identity


@st.composite
def steps(draw: Any) -> Any:
    """Two shapes of which one may follow from the other, and a box of the finer."""
    fine = draw(st.lists(st.integers(1, 23), min_size=1, max_size=3))
    coarse = [draw(st.integers(1, n)) for n in fine]
    ends = [sorted((draw(st.integers(0, n)), draw(st.integers(0, n)))) for n in fine]
    box = tuple(
        slice(min(a, n - 1), max(b, min(a, n - 1) + 1))
        for (a, b), n in zip(ends, fine, strict=True)
    )
    return fine, coarse, box, draw(st.sampled_from(["mode", "nearest"]))


@given(steps())
def test_a_part_is_that_of_the_whole(case: Any) -> None:
    """What does not follow from a box stays the same when the box is painted."""
    fine, coarse, box, method = case
    follows = step(fine, coarse, method)
    before = objects(tuple(fine))
    after = before.copy()
    after[box] = 77
    whole = tuple(slice(0, n) for n in coarse)
    old, new = (
        follows.pixels(pixels[follows.source(whole)], whole)[whole]
        for pixels in (before, after)
    )

    touched = follows.touched(box)

    assert tuple(coarse) == new.shape
    if touched is not None:
        part = follows.pixels(after[follows.source(touched)], touched)
        sizes = tuple(slice(n) for n in new[touched].shape)
        old[touched] = part[sizes]
    np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(
    ("fine", "coarse", "ratio", "factor"),
    [
        (10, 5, None, 2),
        (11, 6, None, 2),
        (11, 5, None, 2),
        (5, 2, 2.0, 2),
        (3, 1, 2.0, 2),
        (3, 1, 3.0, 3),
        (7, 7, 2.0, 1),
        (100, 34, None, 3),
        (1, 1, None, 1),
    ],
)
def test_factors(fine: int, coarse: int, ratio: float | None, factor: int) -> None:
    """Ends that are left over are kept or cut; what is stated decides where open."""
    ratios = None if ratio is None else [ratio]

    assert (factor,) == step([fine], [coarse], "mode", ratios).factors


def test_no_factor() -> None:
    """Sizes that are no multiples."""
    assert step([40], [26], "mode").factors is None


@pytest.mark.parametrize(
    ("said", "method"),
    [
        ("mode", "mode"),
        ("nearest", "nearest"),
        ("ome_zarr.scale.Scaler.nearest", "nearest"),
        ("strided", "nearest"),
        ("local_mean", "mode"),
        (None, "mode"),
    ],
)
def test_methods(said: str | None, method: str) -> None:
    """By the type, or by what the metadata call the method."""
    blank = {"axes": (), "levels": (), "transform": Identity(), "name": None}

    assert method == method_of(Multiscale(**blank, method=said))
    assert method == method_of(Multiscale(**blank, metadata={"method": said}))


def test_boxes_by_chunk() -> None:
    """What several boxes touch of a chunk is one box; chunks end with the array."""
    boxes = [
        (slice(0, 2), slice(3, 6)),
        (slice(1, 3), slice(5, 7)),
    ]

    found = by_chunk(boxes, (4, 4), (3, 7))

    assert {
        (0, 0): (slice(0, 2), slice(3, 4)),
        (0, 1): (slice(0, 3), slice(4, 7)),
    } == found


def test_differences() -> None:
    """The smallest box of what differs, and where it is in a larger one."""
    old = np.zeros((5, 6), "u1")
    new = old.copy()
    assert difference(old, new) is None
    new[1, 4] = new[3, 2] = 1

    found = difference(old, new)

    assert (slice(1, 4), slice(2, 5)) == found
    assert (slice(11, 14), slice(22, 25)) == shifted(
        found, (slice(10, 15), slice(20, 26))
    )
