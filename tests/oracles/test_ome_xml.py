"""The OME-XML that we write beside a series is valid by the schema itself."""

from __future__ import annotations

from itertools import zip_longest

import ome_types
import pytest

from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS, Axis
from napari_ngff.metadata.model import Channel, Level, Multiscale, Rendering
from napari_ngff.metadata.transforms import Identity, Scale
from napari_ngff.metadata.writing.ome_xml import XmlImage, metadata_xml

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

TYPES = {
    "bool": "bit",
    "int8": "int8",
    "int16": "int16",
    "int32": "int32",
    "uint8": "uint8",
    "uint16": "uint16",
    "uint32": "uint32",
    "float32": "float",
    "float64": "double",
}


def image(time: str, space: str, dtype: str) -> XmlImage:
    """An image with these units."""
    axes = (
        Axis(name="t", type="time", unit=time),
        Axis(name="c", type="channel"),
        *(Axis(name=name, type="space", unit=space) for name in "zyx"),
    )
    multiscale = Multiscale(
        name=f'<{time} & "{space}">\n',
        axes=axes,
        levels=(Level(path="0", transform=Scale((1e-3, 1.0, 2.5e-7, 0.1, 1e300))),),
        transform=Identity(),
    )
    channels = (Channel(label="DNA", color="FFA000"), Channel(color="0000FF"))
    return XmlImage(
        multiscale=multiscale,
        shape=(2, 2, 4, 5, 6),
        dtype=dtype,
        rendering=Rendering(channels=channels),
    )


def test_every_unit_and_type_is_of_the_schema() -> None:
    """Validated by the schema; sizes, names and colors come out as they went in."""
    units = zip_longest(SPACE_UNITS, TIME_UNITS, fillvalue="second")
    images = [image(time, space, "uint16") for space, time in units]
    images += [image("second", "micrometer", dtype) for dtype in TYPES]

    text, problems = metadata_xml(images)
    assert () == problems
    found = ome_types.from_xml(text, validate=True).images

    assert len(images) == len(found)
    assert list(TYPES.values()) == [i.pixels.type.value for i in found[-len(TYPES) :]]
    for ours, theirs in zip(images, found, strict=True):
        pixels = theirs.pixels
        sizes = (pixels.size_t, pixels.size_c, pixels.size_z, pixels.size_y)
        assert ours.multiscale.name == theirs.name
        assert (*sizes, pixels.size_x) == ours.shape
        assert (0.1, 1e300) == (pixels.physical_size_y, pixels.physical_size_x)
        unit = ours.multiscale.axes[4].unit
        assert unit == pixels.physical_size_x_unit.name.lower().replace("_", "")
        assert (255, 160, 0) == pixels.channels[0].color.as_rgb_tuple(alpha=False)
