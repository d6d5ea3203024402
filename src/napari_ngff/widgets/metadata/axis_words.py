"""What the table of axes calls things, and explains them with; words, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.metadata.axes import ORIENTATIONS

if TYPE_CHECKING:
    from napari_ngff.metadata.axes import Axis

UnitChange: TypeAlias = Literal["number", "size"]

#: By column: its head.
HEADS: Final = {
    "name": "Axis",
    "type": "Type",
    "unit": "Unit",
    "size": "Pixel size",
    "origin": "Origin",
    "length": "Pixels",
    "extent": "Extent",
    "longName": "Long name",
    "discrete": "Discrete",
    "orientation": "Orientation",
    "menu": "",
}
#: By column: what is before it where an axis has a few lines.
BLOCK_HEADS: Final = {
    "size": "Size",
    "origin": "Origin",
    "length": "Pixels",
    "extent": "Extent",
    "longName": "Long name",
    "orientation": "Orientation",
    "discrete": "Discrete",
}
TIPS: Final = {
    "name": "What the axis is called: one word, another one for each axis.",
    "type": "What the axis measures: space, time or channel; or any other word.",
    "unit": "Of pixel size and origin. Type to search: um, nm, s …",
    "size": "Length of a pixel at the finest level. All levels follow.",
    "origin": "Where the centre of the first pixel is. All levels follow.",
    "length": "Number of pixels at the finest level.",
    "extent": "What all pixels cover: pixel size times pixels.",
    "longName": "A description of the axis in words.",
    "discrete": "Whether there is nothing between two pixels, as between channels.",
    "orientation": "Which way the axis points in the body, such as left-to-right.",
}
#: What an axis may be, as it is written and as it is shown.
TYPES: Final = (
    ("space", "space"),
    ("time", "time"),
    ("channel", "channel"),
    ("", "(none)"),
)
#: What becomes of pixel size and origin when a unit is chosen.
UNIT_CHANGES: Final[tuple[tuple[str, UnitChange], ...]] = (
    ("keeps the number: 0.1 μm → 0.1 nm", "number"),
    ("keeps the size: 0.1 μm → 100 nm", "size"),
)
UNIT_TIP: Final = (
    "What becomes of pixel size and origin when you choose another unit: "
    "they stay as they are written,\nor they are converted and mean the same."
)
#: By column: what can be used for all axes of space at once.
REPEATED: Final = {"unit": "unit", "size": "pixel size", "type": "type"}
#: RFC-4: the anatomical directions that are offered; any other may be typed.
DIRECTIONS: Final = (
    ("", "(none)"),
    *((word, word.replace("-", " ")) for word in ORIENTATIONS),
)


def orientation_word(axis: Axis) -> str:
    """Return the direction that an orientation says; empty where there is none."""
    found = axis.orientation
    value = found.get("value") if isinstance(found, Mapping) else None
    return plain(value, limit=64) if value is not None else ""


def orientation_of(axis: Axis, word: str | None) -> dict[str, Any] | None:
    """Return an axis's orientation with another direction; None for none."""
    if not word:
        return None
    before = axis.orientation if isinstance(axis.orientation, Mapping) else {}
    return {"type": "anatomical", **before, "value": word}
