"""What one row of the case table is, and words to write rows with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.build import (
    build_image,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A store to be built, and how it is to be read.

    Attributes
    ----------
    name, sentence
        A word for the test's id; what the case shows.
    build
        Writes the store at the path it is given and returns the path to open.
    kind
        "image", "label", "array", or the kind of a collection.
    axes, units
        Names of the array's axes; the specification's words for their units, None
        where there is none that is known. For images.
    scale, translation
        Of level 0: from pixel indices to where it is. None where that is not one
        factor and one offset an axis; then `matrix` has the rows, or, where no matrix
        can tell, is None too, and the image is shown untransformed.
    unsized
        Axes whose pixel size is not the file's: layers show them in pixels.
    levels
        How many levels there are.
    clean
        Whether no problem beyond an "info" may be reported; False: one must be.
    """

    name: str
    sentence: str
    build: Callable[[Path], Path]
    kind: str = "image"
    axes: tuple[str, ...] = tuple("czyx")
    units: tuple[str | None, ...] = (None, "micrometer", "micrometer", "micrometer")
    scale: tuple[float, ...] | None = (1.0, 0.5, 0.5, 0.5)
    translation: tuple[float, ...] | None = (0.0, 0.0, 0.0, 0.0)
    matrix: Matrix | None = None
    unsized: tuple[str, ...] = ()
    levels: int = 2
    clean: bool = True


UM = "micrometer"
TCZYX = {
    "axes": tuple("tczyx"),
    "units": ("second", None, UM, UM, UM),
    "scale": (2.0, 1.0, 0.5, 0.5, 0.5),
    "translation": (0.0,) * 5,
}
YX = {
    "axes": ("y", "x"),
    "units": (UM, UM),
    "scale": (0.5, 0.5),
    "translation": (0.0, 0.0),
}


def image(**options: Any) -> Callable[[Path], Path]:
    """`build_image` with these arguments."""
    return partial(build_image, **options)


def bare(ndim: int) -> dict[str, Any]:
    """Expect neither units nor a scale in `ndim` dimensions."""
    return {
        "units": (None,) * ndim,
        "scale": (1.0,) * ndim,
        "translation": (0.0,) * ndim,
    }


def axis(name: str, kind: str | None = "space", **more: Any) -> dict[str, Any]:
    """Make an axis object."""
    return {"name": name} | ({"type": kind} if kind else {}) | more


def window(
    start: float = 0, end: float = 255, low: float = 0, high: float = 255
) -> Any:
    """Make the window of a channel."""
    return {"start": start, "end": end, "min": low, "max": high}


def channels(*colors: str, **more: Any) -> dict[str, Any]:
    """Make an ``omero`` block with a channel for each colour."""
    return {
        "channels": [
            {"color": c, "label": f"ch{i}", "window": window(), "active": True} | more
            for i, c in enumerate(colors)
        ]
    }


def steps(*objects: dict[str, Any]) -> list[dict[str, Any]]:
    """Make a list of transformations."""
    return list(objects)


#: An image of which nothing says where its pixels are.
NOWHERE = {"scale": None, "translation": None}
SCALE4 = {"type": "scale", "scale": [1.0, 0.5, 0.5, 0.5]}
