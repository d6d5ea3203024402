"""The OME-XML beside a series: few words, all of them right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from napari_ngff.dataset.reading.ome_xml import count_images
from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS, Axis
from napari_ngff.metadata.model import Channel, Level, Multiscale, Rendering
from napari_ngff.metadata.transforms import Affine, Identity, Scale
from napari_ngff.metadata.writing.ome_xml import XmlImage, metadata_xml

TCZYX = (
    Axis(name="t", type="time", unit="millisecond"),
    Axis(name="c", type="channel"),
    Axis(name="z", type="space", unit="micrometer"),
    Axis(name="y", type="space", unit="angstrom"),
    Axis(name="x", type="space"),
)
MULTISCALE = Multiscale(
    name="cells",
    axes=TCZYX,
    levels=(Level(path="0", transform=Scale((20.5, 1.0, 0.1, 3.0, 4.0))),),
    transform=Identity(),
)
IMAGE = XmlImage(multiscale=MULTISCALE, shape=(2, 3, 4, 5, 6), dtype="uint16")
PREFIX = "{http://www.openmicroscopy.org/Schemas/OME/2016-06}"


def elements(*images: XmlImage, name: str) -> list[dict[str, str]]:
    """Attributes of all elements of that name."""
    text, problems = metadata_xml(images)
    assert text is not None
    assert () == problems
    root = ElementTree.fromstring(text)
    return [element.attrib for element in root.iter(PREFIX + name)]


def test_sizes_and_pixel_sizes() -> None:
    """Only what is known: an axis without a unit has no size in it."""
    [pixels] = elements(IMAGE, name="Pixels")

    assert {
        "ID": "Pixels:0",
        "DimensionOrder": "XYZCT",
        "Type": "uint16",
        "BigEndian": "false",
        "SizeX": "6",
        "SizeY": "5",
        "SizeZ": "4",
        "SizeC": "3",
        "SizeT": "2",
        "PhysicalSizeY": "3.0",
        "PhysicalSizeYUnit": "\u00c5",
        "PhysicalSizeZ": "0.1",
        "PhysicalSizeZUnit": "\u00b5m",
        "TimeIncrement": "20.5",
        "TimeIncrementUnit": "ms",
    } == pixels


def test_channels_have_names_and_colors() -> None:
    """One for each index, known or not; colors are RGBA in 32 bits with a sign."""
    known = (Channel(label="DNA", color="0000FF"), Channel(color="FFA000"))
    image = replace(IMAGE, rendering=Rendering(channels=known))

    channels = elements(image, name="Channel")

    same = {"SamplesPerPixel": "1"}
    assert [
        {"ID": "Channel:0:0", "Name": "DNA", "Color": str(0x0000FFFF), **same},
        {"ID": "Channel:0:1", "Color": str(0xFFA000FF - 2**32), **same},
        {"ID": "Channel:0:2", **same},
    ] == channels


@pytest.mark.parametrize("name", ['<&"> \u00b5', "a\x00\x1b\ud800b", "", "line\nbreak"])
def test_any_name_can_be_written(name: str) -> None:
    """What XML has no way to write is replaced."""
    image = replace(IMAGE, multiscale=replace(MULTISCALE, name=name))

    [found] = elements(image, name="Image")

    assert (
        name.replace("\x00", "\ufffd")
        .replace("\x1b", "\ufffd")
        .replace("\ud800", "\ufffd")
        == found["Name"]
    )


def test_several_images_are_counted_by_our_reader() -> None:
    """In their order, with their own numbers."""
    nameless = replace(IMAGE, multiscale=replace(MULTISCALE, name=None))
    text, _ = metadata_xml([IMAGE, nameless, IMAGE])

    assert text is not None
    assert 3 == count_images(text, location="", node="")
    found = elements(IMAGE, nameless, IMAGE, name="Image")
    assert ["Image:0", "Image:1", "Image:2"] == [image["ID"] for image in found]
    assert ["cells", None, "cells"] == [image.get("Name") for image in found]


@pytest.mark.parametrize("dtype", ["uint64", "int64", "float16"])
def test_pixels_that_ome_xml_does_not_have(dtype: str) -> None:
    """There is no document, and it is told."""
    text, [problem] = metadata_xml([IMAGE, replace(IMAGE, dtype=dtype)])

    assert text is None
    assert ("warning", "ome-xml-lost") == (problem.level, problem.kind)
    assert dtype in problem.message


def test_other_axes_are_channels() -> None:
    """What the schema has no dimension for is counted as channels."""
    axes = (Axis(name="phase", type="phase"), *TCZYX[3:])
    multiscale = replace(
        MULTISCALE, axes=axes, levels=(Level(path="0", transform=Scale((1, 2, 3))),)
    )

    [pixels] = elements(
        replace(IMAGE, multiscale=multiscale, shape=(7, 5, 6)), name="Pixels"
    )

    sizes = [pixels[f"Size{letter}"] for letter in "XYZCT"]
    assert ["6", "5", "1", "7", "1"] == sizes


def test_a_sheared_image_has_no_pixel_size() -> None:
    """There is none an axis that would be true."""
    rows = [[float(i == k) for k in range(6)] for i in range(5)]
    rows[3][4] = 0.5
    multiscale = replace(MULTISCALE, transform=Affine(tuple(map(tuple, rows))))

    [pixels] = elements(replace(IMAGE, multiscale=multiscale), name="Pixels")

    assert not [key for key in pixels if "Physical" in key or "Increment" in key]


@pytest.mark.parametrize("unit", [*SPACE_UNITS, *TIME_UNITS])
def test_every_unit_has_a_symbol(unit: str) -> None:
    """None is left as a word."""
    at = 0 if unit in TIME_UNITS else 4
    axes: Any = [
        replace(axis, unit=unit if i == at else None) for i, axis in enumerate(TCZYX)
    ]

    image = replace(IMAGE, multiscale=replace(MULTISCALE, axes=tuple(axes)))
    [pixels] = elements(image, name="Pixels")

    key = "TimeIncrementUnit" if at == 0 else "PhysicalSizeXUnit"
    assert len(pixels[key]) <= 3
