"""An array and what its pixels mean become an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.model import Channel

ARRAY = np.zeros((2, 3, 4, 5), "u2")


def place(image: Any) -> Any:
    matrix = level_matrix(image.multiscale, 0)
    assert matrix is not None
    return scale_and_translation(matrix)


def test_a_word_names_the_axes() -> None:
    """One letter each, with the type that the letter stands for."""
    axes = image_of(ARRAY, axes="czyx").multiscale.axes

    assert "czyx" == "".join(axis.name for axis in axes)
    assert ["channel", "space", "space", "space"] == [axis.type for axis in axes]


def test_axes_may_be_said_in_full() -> None:
    """Names of any length, and axes with all that there is to say."""
    given = ["c", Axis(name="depth", type="space", unit="nanometer"), "y", "x"]

    axes = image_of(ARRAY, axes=given).multiscale.axes

    assert given[1] == axes[1]
    assert ["c", "depth", "y", "x"] == [axis.name for axis in axes]


def test_without_axes_they_are_the_last_of_tczyx() -> None:
    """As in versions 0.1 and 0.2."""
    axes = image_of(ARRAY).multiscale.axes

    assert "czyx" == "".join(axis.name for axis in axes)


def test_sizes_by_name_or_in_order() -> None:
    """What is not named is 1, and 0 for the place."""
    named = image_of(ARRAY, axes="czyx", scale={"z": 2, "x": 0.5}, translation={"y": 7})
    listed = image_of(
        ARRAY, axes="czyx", scale=(1, 2, 1, 0.5), translation=(0, 0, 7, 0)
    )

    assert ((1, 2, 1, 0.5), (0, 0, 7, 0)) == place(named)
    assert place(named) == place(listed)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("um", [None, "micrometer", "micrometer", "micrometer"]),
        ({"z": "nm", "y": "µm"}, [None, "nanometer", "micrometer", None]),
        ("pixel", [None] * 4),
        ((None, "um", "um", "um"), [None, "micrometer", "micrometer", "micrometer"]),
        (None, [None] * 4),
    ],
)
def test_units(units: Any, expected: list[str | None]) -> None:
    """One for all axes of space or by name; never the unit pixel."""
    axes = image_of(ARRAY, axes="czyx", units=units).multiscale.axes

    assert expected == [axis.unit for axis in axes]


def test_channels_are_named_or_described() -> None:
    """A name will do."""
    given = ["DNA", Channel(label="actin", color="FF0000")]

    rendering = image_of(ARRAY, axes="czyx", channels=given).group.rendering

    assert rendering is not None
    assert [Channel(label="DNA"), given[1]] == list(rendering.channels)


def test_labels_lie_where_the_image_is() -> None:
    """They have the axes of the image, with or without that of the channels."""
    image = image_of(
        ARRAY,
        axes="czyx",
        scale={"z": 2},
        translation={"x": 3},
        labels={"a": ARRAY[0], "b": ARRAY[:, :1]},
    )

    first, second = image.labels
    assert "zyx" == "".join(axis.name for axis in first.image.multiscale.axes)
    assert ((2, 1, 1), (0, 0, 3)) == place(first.image)
    assert (2, 1, 4, 5) == second.image.levels[0].shape


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"axes": "zyx"}, "names 3 axes, and the array has 4"),
        ({"axes": "cyyx"}, "a name of its own"),
        ({"axes": "czyx", "scale": {"t": 2}}, "no axis 't'"),
        ({"axes": "czyx", "scale": (1, 2)}, "4 are needed, one for each axis"),
        ({"axes": "czyx", "scale": {"z": 0}}, "above 0"),
        ({"axes": "czyx", "scale": {"z": float("nan")}}, "finite"),
        ({"axes": "czyx", "translation": {"z": float("inf")}}, "finite"),
        ({"axes": "czyx", "units": "parrots"}, "'parrots' is not a unit"),
        ({"axes": "czyx", "channels": ["one"]}, "1 channels are named"),
        ({"axes": "czyx", "labels": {"a": ARRAY[0, 0]}}, "'a' must be integers"),
        ({"axes": "czyx", "labels": {"a": ARRAY * 0.5}}, "and is float64"),
        ({"axes": "czyx", "labels": ARRAY}, "give each a name"),
        ({"axes": 4}, "a name for each axis"),
        ({"axes": "czyx", "scale": 2}, "4 are needed, one for each axis"),
        ({"axes": "czyx", "scale": {"z": None}}, "each must be a number"),
        ({"axes": "czyx", "scale": "wide"}, "each must be a number"),
        ({"axes": "czyx", "units": ["um"]}, "4 are needed, one for each axis"),
        ({"axes": "czyx", "units": {"z": 5}}, "5 is not a unit"),
        ({"axes": "czyx", "units": "second"}, "'second' is no unit of space"),
        ({"axes": "tzyx", "units": {"t": "um"}}, "the axis 't' is one of time"),
        ({"axes": "czyx", "channels": 5}, "a list of names"),
        ({"axes": "czyx", "channels": "ab"}, "a list of names"),
    ],
)
def test_what_does_not_fit_is_refused(more: Any, said: str) -> None:
    """The error says what was given, and what is needed."""
    with pytest.raises(ValueError, match=said):
        image_of(ARRAY, **more)


def test_what_is_no_array_is_refused() -> None:
    """A list of arrays is not one."""
    with pytest.raises(ValueError, match="list is not an array"):
        image_of([ARRAY])


def test_one_number_is_refused() -> None:
    """It is no image."""
    with pytest.raises(ValueError, match="no axes"):
        image_of(np.array(5))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "..",
        "../x",
        "a/b",
        "a:b",
        "a\nb",
        "__a",
        "zarr.json",
        "CON",
        "nul.x",
        "a.",
        "a ",
        5,
        None,
    ],
)
def test_names_of_labels_become_folders(name: Any) -> None:
    """What could not be one, or would not be read again, is refused at once."""
    with pytest.raises(ValueError, match="cannot be the name of a folder"):
        image_of(ARRAY, axes="czyx", labels={name: ARRAY})


def test_names_of_labels_differ_by_more_than_capitals() -> None:
    """One would take the place of the other where case does not count."""
    labels = {"cells": ARRAY, "Cells": ARRAY}

    with pytest.raises(ValueError, match="'Cells' is there in capitals"):
        image_of(ARRAY, axes="czyx", labels=labels)


def test_channels_may_have_numbers_for_names() -> None:
    """They are written as text."""
    rendering = image_of(ARRAY, axes="czyx", channels=[405, None]).group.rendering

    assert rendering is not None
    assert ["405", None] == [channel.label for channel in rendering.channels]
