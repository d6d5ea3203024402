"""Levels as stated, beside what pixel sizes and shapes imply."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.editing import KEY, edited, lists, model, move, scale, systems
from napari_ngff.metadata.editing import MakeConsistent
from napari_ngff.metadata.editing.levels import factors, finest, level_rows

SHAPES = ((5, 33, 64), (5, 17, 32))


def test_rows_say_what_is_stated_and_what_follows() -> None:
    """The first row is its own; others follow from it."""
    image = model(
        lists(
            [scale(2, 0.5, 0.1), move(0, 7, 0)],
            [scale(2, 1, 0.1), move(0, 7.25, 0)],
        )
    )
    first, second = level_rows(image, SHAPES)
    assert first.is_consistent
    assert (first.stated_scale, first.stated_translation) == (
        first.scale,
        first.translation,
    )
    assert ("1", (5, 17, 32)) == (second.path, second.shape)
    assert (2, 1, 0.1) == second.stated_scale
    assert (2, 1, 0.2) == second.scale
    assert (0, 7.25, 0.05) == second.translation
    assert (True, True, False) == second.agrees
    assert not second.is_consistent


@pytest.mark.parametrize(
    ("level", "agrees"),
    [
        ([scale(1, 2, 2)], True),
        ([scale(1, 2, 2), move(0, 0.5, 0.5)], True),
        ([scale(1, 33 / 17, 2), move(0, 8 / 17, 0.5)], True),
        ([scale(1, 2, 2), move(0, 0.25, 0.25)], True),
        ([scale(1, 2, 2), move(0, -0.5, 0)], False),
        ([scale(1, 2, 2), move(0, 1, 0)], False),
        ([scale(1, 1, 1)], False),
        ([scale(2, 2, 2)], False),
        ([scale(1, 4, 2)], False),
        (None, False),
        ([{"type": "affine", "affine": [[1]]}], False),
    ],
)
def test_levels_agree_however_they_were_made(level: Any, agrees: bool) -> None:
    """Means, strides and ratios of sizes are right; other places are not."""
    rows = level_rows(model(lists([scale(1, 1, 1)], level)), SHAPES)
    assert agrees is rows[1].is_consistent


def test_where_nothing_is_known_nothing_is_marked() -> None:
    """Without the finest level's size, or shapes, there is nothing to compare with."""
    unstated = level_rows(model(lists(None, None)), SHAPES)
    assert [(None, None, True)] * 2 == [
        (row.stated_scale, row.scale, row.is_consistent) for row in unstated
    ]
    image = model(lists([scale(1, 1, 1)], [scale(1, 9, 9)]))
    for shapes in ((), ((5, 5, 5), None), ((5, 5), (5, 5))):
        assert all(row.is_consistent for row in level_rows(image, shapes))


def test_what_the_finest_level_says() -> None:
    """No size can be set where a matrix mixes axes; one can where none is stated."""
    stated = finest(model(lists([scale(1, 2, 3)], **{KEY: [scale(1, 1, 2)]})))
    assert ("stated", (1, 2, 6), (0, 0, 0)) == (
        stated.state,
        stated.scale,
        stated.translation,
    )
    assert "unstated" == finest(model(lists(None))).state
    assert "unstated" == finest(model(lists([scale(1, 2)]))).state
    assert "mixed" == finest(model(lists([{"type": "rotation", "path": "r"}]))).state
    assert "mixed" == finest(model(systems({"type": "affine", "path": "a"}))).state


def test_factors_are_whole_where_that_explains_shapes() -> None:
    """33 pixels become 17 or 16 of two each; 10 become 4 of two and a half."""
    found = factors([(33, 33, 10, 1), (17, 16, 4, 1), (9, 8, 2, 1)])
    assert ((1, 1, 1, 1), (2, 2, Fraction(5, 2), 1), (4, 4, 5, 1)) == found
    assert (None, None) == factors([None, (1,)])
    assert ((1,), None, None) == factors([(4,), None, (1,)])
    assert ((1,), None) == factors([(4,), (0,)])
    assert () == factors([])


@given(
    st.lists(st.integers(1, 500), min_size=3, max_size=3),
    st.lists(st.sampled_from([1, 2, 3]), min_size=3, max_size=3),
    st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3),
)
def test_what_is_made_consistent_is(
    shape: list[int], factor: list[int], sizes: list[float]
) -> None:
    """Whatever levels say: afterwards they agree."""
    shapes = [tuple(shape)]
    for _ in range(3):
        last = zip(shapes[-1], factor, strict=True)
        shapes.append(tuple(-(-n // f) for n, f in last))
    image = lists(*([scale(*sizes), move(3, 2, 1)] for _ in shapes))
    found = edited(image, MakeConsistent(), shapes=shapes)
    assert all(row.is_consistent for row in level_rows(model(found), shapes))
