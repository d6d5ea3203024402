"""Units: what the file says, in names that do not switch units off for the viewer."""

from __future__ import annotations

import pytest
from napari.components import ViewerModel
from napari.layers import Layer

from cases.memory import axis, image, label, ramp
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.reading.units import defaults_of, units_of
from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS

UM = "micrometer"


@pytest.mark.parametrize("unit", [*SPACE_UNITS, *TIME_UNITS])
def test_every_name_of_the_specification_reaches_napari(unit):
    """All 49 names are understood by napari as they are."""
    ((data, meta, _),) = layers_of(
        image(ramp(3, 4), [axis("y", unit=unit), axis("x", unit=unit)])
    )

    assert (unit, unit) == tuple(str(u) for u in Layer.create(data, meta).units)


@pytest.mark.parametrize(
    ("units", "expected", "known"),
    [
        (("micron", "um", "µm"), (UM, UM, UM), True),
        ((None, None, None), ("pixel",) * 3, True),
        ((None, UM, None), (UM, UM, UM), True),
        (("", UM, " "), (UM, UM, UM), True),
        (("nanometer", UM, None), ("nanometer", UM, UM), True),
        (("blorps", UM, UM), ("pixel", UM, UM), False),
        (("pixel", UM, UM), ("pixel", UM, UM), True),
        (("pixel", "pixel", "px"), ("pixel",) * 3, True),
    ],
)
def test_units_of_space(units, expected, known):
    """Synonyms are understood; none means the image's; unknown means pixel, told."""
    axes = [axis(name, unit=unit) for name, unit in zip("zyx", units, strict=True)]
    found, problems = units_of(axes)

    assert expected == found
    assert known is not any(p.kind == "unknown-unit" for p in problems)


def test_time_and_channels_do_not_take_the_unit_of_space():
    """A time axis without a unit has none of space; a channel slider is in pixels."""
    axes = [axis("t", unit=None), axis("c"), axis("y"), axis("x"), axis("q")]

    assert ("pixel", "pixel", UM, UM, "pixel") == units_of(axes)[0]


def test_labels_without_units_take_their_images():
    """By the axis' name, else by its kind; what labels say themselves stays."""
    image_axes = [axis("t"), axis("y", unit="nanometer"), axis("x")]
    label_axes = [axis("t", unit=None), axis("y", unit=None), axis("x", unit="meter")]
    other = [axis("v", type="space", unit=None)]
    defaults = defaults_of(image_axes)

    assert ("second", "nanometer", "meter") == units_of(label_axes, defaults)[0]
    assert (UM,) == units_of(other, defaults)[0]


def test_a_label_does_not_switch_off_the_viewers_units():
    """An image in micrometers and its label without units share a viewer's units."""
    plain = [axis("y", unit=None), axis("x", unit=None)]
    cells = label(ramp(4, 5, dtype="uint8"), plain)
    viewer = ViewerModel()
    for layer in layers_of(image(ramp(2, 4, 5), "cyx", labels=[cells])):
        viewer.add_layer(Layer.create(*layer))

    assert [UM, UM] == [str(unit) for unit in viewer.layers.extent.units]


def test_an_unknown_unit_is_told_once():
    """One problem for an image, with the axes that it concerns."""
    axes = [axis("y", unit="blorps"), axis("x", unit="<b>")]
    ((_, meta, _),) = layers_of(image(ramp(3, 4), axes))
    (problem,) = meta["metadata"]["napari_ngff"]["problems"]

    assert "unknown-unit" == problem["kind"]
    assert "'blorps' (y), '\u2039b>' (x)" in problem["message"]
