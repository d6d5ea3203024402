"""What an axis is, and which unit a text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.metadata.axes import (
    SPACE_UNITS,
    TIME_UNITS,
    Axis,
    default_axes,
    indices_of,
    kind_of,
    normal_unit,
)


def test_units_are_those_of_the_specification():
    """26 for space and 23 for time, each once."""
    counts = (len(set(SPACE_UNITS)), len(set(TIME_UNITS)))

    assert (26, 23) == counts
    assert not set(SPACE_UNITS) & set(TIME_UNITS)


@pytest.mark.parametrize("unit", [*SPACE_UNITS, *TIME_UNITS])
def test_names_of_the_specification_stay(unit: str):
    """A name of the specification means itself, in any case, with or without plural."""
    texts = [unit, unit.upper(), unit.title(), f" {unit} "]

    assert {unit} == {normal_unit(text) for text in texts}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("um", "micrometer"),
        ("UM", "micrometer"),
        ("\u00b5m", "micrometer"),
        ("\u03bcm", "micrometer"),
        ("\u339b", "micrometer"),
        ("micron", "micrometer"),
        ("Microns", "micrometer"),
        ("micrometre", "micrometer"),
        ("micrometers", "micrometer"),
        ("nm", "nanometer"),
        ("mm", "millimeter"),
        ("Mm", "megameter"),
        ("m", "meter"),
        ("metres", "meter"),
        ("km", "kilometer"),
        ("pm", "picometer"),
        ("Pm", "petameter"),
        ("\u00c5", "angstrom"),
        ("\u212b", "angstrom"),
        ("A\u030a", "angstrom"),
        ("\u00c5ngstr\u00f6m", "angstrom"),
        ("Angstroms", "angstrom"),
        ("in", "inch"),
        ("feet", "foot"),
        ("s", "second"),
        ("sec", "second"),
        ("Sec.", "second"),
        ("secs", "second"),
        ("seconds", "second"),
        ("ms", "millisecond"),
        ("msec", "millisecond"),
        ("Ms", "megasecond"),
        ("\u00b5s", "microsecond"),
        ("min", "minute"),
        ("mins", "minute"),
        ("h", "hour"),
        ("hr", "hour"),
        ("hrs", "hour"),
        ("days", "day"),
    ],
)
def test_synonyms_are_understood(text: str, unit: str):
    """What people write for a unit means that unit."""
    assert unit == normal_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "pixel",
        "foo",
        "MM",
        "MS",
        "PM",
        "dam",
        "A",
        "m\u00b2",
        "m" * 10**6,
    ],
)
def test_unknown_units_are_none(text: str | None):
    """What is unknown, or ambiguous without its case, means no unit."""
    assert normal_unit(text) is None


@given(st.text(max_size=40))
def test_a_unit_is_a_name_of_the_specification_or_none(text: str):
    """Whatever the text, the answer is a name of the specification that stays."""
    unit = normal_unit(text)

    assert unit is None or unit in SPACE_UNITS + TIME_UNITS
    assert unit == normal_unit(unit)


@pytest.mark.parametrize(
    ("ndim", "names"),
    [
        (0, ""),
        (1, "x"),
        (2, "y x"),
        (3, "z y x"),
        (5, "t c z y x"),
        (7, "dim_0 dim_1 t c z y x"),
    ],
)
def test_default_axes_are_the_last_of_tczyx(ndim: int, names: str):
    """An array without named axes has the last of t, c, z, y, x; more in front."""
    axes = default_axes(ndim)

    assert names == " ".join(axis.name for axis in axes)
    assert len(axes) == ndim


def test_default_axes_have_types():
    """Version 0.1 means time, channel and space by its five axes."""
    types = [axis.type for axis in default_axes(6)]

    assert [None, "time", "channel", "space", "space", "space"] == types


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("x", "space", "space"),
        ("x", "Space", "space"),
        ("x", "channel", "channel"),
        ("c", None, "channel"),
        ("C", None, "channel"),
        ("Channel", None, "channel"),
        ("t", None, "time"),
        ("time", None, "time"),
        ("Z", None, "space"),
        ("angle", None, None),
        ("x", "array", None),
        ("c", "phase", None),
    ],
)
def test_kind_is_the_type_else_a_guess_from_the_name(
    name: str, type_: str | None, kind: str | None
):
    """The type decides; the name is a hint only where there is no type."""
    assert kind == kind_of(Axis(name=name, type=type_))


def test_indices_of_a_kind():
    """Positions come in the order of the axes."""
    axes = [Axis(name="y"), Axis(name="c"), Axis(name="x"), Axis(name="q")]

    assert (0, 2) == indices_of(axes, "space")
    assert (1,) == indices_of(axes, "channel")
    assert () == indices_of(axes, "time")
