"""Numbers as they are typed, and units."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS
from napari_ngff.metadata.editing.numbers import exact, number, text
from napari_ngff.metadata.editing.units import ratio, suggestions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.16254371", 0.16254371),
        ("1e-4", 1e-4),
        ("1/6", 1 / 6),
        (" 0.1 / 0.3 ", 1 / 3),
        ("-.5", -0.5),
        ("\N{MINUS SIGN}2", -2),
        ("5", 5),
        ("5.", 5.0),
        ("+7", 7),
        ("1" * 20, 11111111111111111111.0),
    ],
)
def test_numbers_are_what_was_typed(typed: str, meant: float) -> None:
    """Nothing is rounded, and whole numbers stay whole."""
    found = number(typed)
    assert meant == found
    assert type(meant) is type(found)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type a number"),
        ("0,5", "0.5"),
        ("1,000.5", "commas"),
        ("1/0", "divided by 0"),
        ("nan", "no number"),
        ("inf", "no number"),
        ("1e999", "too large"),
        ("1e-999", "too small"),
        ("1/2/3", "no number"),
        ("1 µm", "no number"),
        ("9" * 100, "too long"),
        ("\N{FULLWIDTH DIGIT ONE}", "no number"),
    ],
)
def test_what_is_no_number_is_refused_in_words(typed: str, why: str) -> None:
    """The words say what to type."""
    with pytest.raises(ValueError, match=why):
        number(typed)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60))
def test_what_is_shown_is_what_is_typed(value: float) -> None:
    """A number that is shown and typed again is the same one."""
    assert value == number(text(value))
    assert value == float(exact(value)) or isinstance(value, int)


def test_a_tenth_is_a_tenth() -> None:
    """Decimal numbers are what they look like."""
    assert Fraction(1, 10) == exact(0.1)
    assert 3 == exact(3)


def test_units_to_choose_from() -> None:
    """The usual ones first, every one once."""
    assert "micrometer" == suggestions("space")[0]
    assert set(SPACE_UNITS) == set(suggestions("space"))
    assert set(TIME_UNITS) == set(suggestions("time"))
    assert {*SPACE_UNITS, *TIME_UNITS} == set(suggestions(None))
    assert len(suggestions(None)) == len(SPACE_UNITS + TIME_UNITS)
    assert () == suggestions("channel")


def test_ratios_are_exact() -> None:
    """1 µm is 1000 nm; what is of another kind has no ratio."""
    assert 1000 == ratio("micron", "nm")
    assert Fraction(1, 60_000) == ratio("ms", "minute")
    assert Fraction(127, 5) == ratio("inch", "millimeter")
    assert ratio("micrometer", "second") is None
    assert ratio(None, "second") is None
    assert ratio("apples", "apples") is None
