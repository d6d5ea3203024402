"""The least OME-XML that goes beside a series: sizes, pixel sizes and channels.

"MetadataOnly" of the schema 2016-06. Knows the schema's words for types and units;
knows no files. Source: the specification, "bioformats2raw.layout".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from napari_ngff.core.problems import Problem
from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS, kind_of, short_unit
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Multiscale, Rendering

_NAMESPACE: Final = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_SCHEMAS: Final = "http://www.w3.org/2001/XMLSchema-instance"
#: numpy's names of types to those of the schema, which has no others.
_TYPES: Final = {
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
_SYMBOLS: Final = {
    "foot": "ft",
    "inch": "in",
    "mile": "mi",
    "parsec": "pc",
    "yard": "yd",
    "day": "d",
}
_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys("XYZ", SPACE_UNITS),
    "T": TIME_UNITS,
    "C": (),
}
# XML 1.0, "Char": there is no way to write any other one.
_NO_TEXT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlImage:
    """One image of a series.

    Attributes
    ----------
    multiscale
        Its axes and where its finest level is.
    shape, dtype
        Of the finest level: its shape in axis order, numpy's name of its type.
    rendering
        Names and colors of its channels, if any are known.
    """

    multiscale: Multiscale
    shape: tuple[int, ...]
    dtype: str
    rendering: Rendering | None = None


def metadata_xml(
    images: Sequence[XmlImage], *, creator: str = "napari-ngff"
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the document for the images of a series, in their order.

    Returns
    -------
    bytes or None
        The document in UTF-8; None where an image has a type of pixels that OME-XML
        does not have (64-bit integers, float16): without it a series is valid too.
    problems
        Then one warning.
    """
    unknown = sorted({image.dtype for image in images} - _TYPES.keys())
    if unknown:
        text = f"OME-XML has no pixels of type {', '.join(unknown)}: "
        text += "'METADATA.ome.xml' is not written. Other programs may show no names."
        problem = Problem(
            level="warning", kind="ome-xml-lost", message=text, node="OME"
        )
        return None, (problem,)
    root = Element(
        "OME",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": _SCHEMAS,
            "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}/ome.xsd",
            "Creator": _text(creator),
        },
    )
    for index, image in enumerate(images):
        _add_image(root, index, image)
    return tostring(root, encoding="utf-8", xml_declaration=True), ()


def _add_image(root: Element, index: int, image: XmlImage) -> None:
    name = image.multiscale.name
    named = {} if name is None else {"Name": _text(name)}
    element = SubElement(root, "Image", {"ID": f"Image:{index}", **named})
    sizes = dict.fromkeys("XYZCT", 1)
    letters = tuple(_letters(image.multiscale.axes))
    for letter, length in zip(letters, image.shape, strict=True):
        sizes[letter] *= length
    pixels = SubElement(
        element,
        "Pixels",
        {
            "ID": f"Pixels:{index}",
            "DimensionOrder": "XYZCT",
            "Type": _TYPES[image.dtype],
            "BigEndian": "false",
            **{f"Size{letter}": str(size) for letter, size in sizes.items()},
            **_physical(image.multiscale, letters),
        },
    )
    channels = image.rendering.channels if image.rendering else ()
    for number in range(sizes["C"]):
        known = channels[number] if number < len(channels) else None
        more = {}
        if known is not None and known.label is not None:
            more["Name"] = _text(known.label)
        if known is not None and known.color is not None:
            more["Color"] = str(_color(known.color))
        identity = {"ID": f"Channel:{index}:{number}", "SamplesPerPixel": "1"}
        SubElement(pixels, "Channel", identity | more)
    SubElement(pixels, "MetadataOnly")


def _letters(axes: Sequence[Axis]) -> Iterator[str]:
    """Yield the schema's dimension of each axis; what it does not have is C."""
    kinds = [kind_of(axis) for axis in axes]
    space = iter("ZYX"[-min(kinds.count("space"), 3) :])
    for kind in kinds:
        if kind == "space":
            yield next(space, "C")
        else:
            yield "T" if kind == "time" else "C"


def _physical(multiscale: Multiscale, letters: Sequence[str]) -> Mapping[str, str]:
    """Return the pixel size of each axis whose unit the schema has."""
    matrix = level_matrix(multiscale, 0)
    found = None if matrix is None else scale_and_translation(matrix)
    if found is None:
        return {}
    sizes: dict[str, str] = {}
    for axis, letter, size in zip(multiscale.axes, letters, found[0], strict=True):
        key = "TimeIncrement" if letter == "T" else f"PhysicalSize{letter}"
        if axis.unit is not None and axis.unit in _UNITS[letter]:
            sizes |= {key: repr(size), f"{key}Unit": _symbol(axis.unit)}
    return sizes


def _symbol(unit: str) -> str:
    # The schema has the micro sign where units have the Greek letter.
    return _SYMBOLS.get(unit) or short_unit(unit).replace("\u03bc", "\u00b5")


def _color(digits: str) -> int:
    """Return six hex digits as the signed 32-bit RGBA of the schema, opaque."""
    value = int(digits, 16) << 8 | 0xFF
    return value - (1 << 32) if value >= 1 << 31 else value


def _text(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text)
