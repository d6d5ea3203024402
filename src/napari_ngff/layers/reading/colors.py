"""Colours of ``omero`` and ``image-label`` as napari colormaps, without napari.

A channel's colormap is a name or a ``#rrggbb`` text, a label image's is a dict: both
are what napari's layers take. Knows colours alone.
"""

from __future__ import annotations

from colorsys import hsv_to_rgb
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RGBA: TypeAlias = tuple[float, float, float, float]

#: napari's colormaps from black to one colour, by that colour.
NAPARI = {
    "FF0000": "red",
    "00FF00": "green",
    "0000FF": "blue",
    "00FFFF": "cyan",
    "FF00FF": "magenta",
    "FFFF00": "yellow",
    "FFFFFF": "gray",
}

#: What napari itself gives to the channels of an image.
_TWO = ("magenta", "green")
_MANY = ("cyan", "yellow", "magenta", "red", "green", "blue")

_TRANSPARENT: RGBA = (0.0, 0.0, 0.0, 0.0)
#: The colour of label values that have none: of those above the ones made up.
UNLISTED: RGBA = (0.6, 0.6, 0.6, 1.0)
_GOLDEN = 0.6180339887498949
_HUES = 48
_DISTINCT = 1024
_TABLE = 2**16
_UNBOUNDED = 2**63 - 1


def channel_colormap(color: str | None, index: int, count: int) -> str:
    """Return the colormap of a channel.

    Parameters
    ----------
    color
        Six hex digits; None where the file has none. Black, which would show nothing,
        counts as none.
    index, count
        Which channel of how many: decides where there is no colour, as napari does.

    Returns
    -------
    str
        A colormap of napari's where one goes from black to this colour, else
        ``"#rrggbb"``, which napari makes one of.
    """
    if color is None or color == "000000":
        return default_colormap(index, count)
    return NAPARI.get(color) or f"#{color.lower()}"


def default_colormap(index: int, count: int) -> str:
    """Return the colormap that napari gives to channel `index` of `count`."""
    if count == 1:
        return "gray"
    return _TWO[index] if count == len(_TWO) else _MANY[index % len(_MANY)]


def label_colormap(
    colors: Mapping[int, tuple[int, int, int, int]],
    others: Iterable[int] = (),
    *,
    dtype: np.dtype[Any],
) -> dict[int | None, RGBA] | None:
    """Return the colormap of a label image.

    Parameters
    ----------
    colors
        Label value → RGBA, each 0-255.
    others
        Values that are known to occur (those with properties) beside those.
    dtype
        Of the label image: values that it cannot have get no colour, nor do those
        that napari cannot colour (`largest_colored`).

    Returns
    -------
    dict or None
        Label value → RGBA, each 0-1, and None → the colour of all others; None where
        the file has no colours, so that napari uses its own. The background is
        transparent unless the file says otherwise. Values without a colour in the
        file have a distinct one each as long as they are small or in `others`, so
        that neighbours can be told apart.
    """
    if not colors:
        return None
    low, high = _values(dtype)
    largest = largest_colored()
    if low < 0 and any(value < 0 for value in (*colors, *others)):
        largest //= 2  # napari's table then has room for as many negative values.
    low, high = max(low, -largest), min(high, largest)
    free = dict.fromkeys((*range(1, _DISTINCT), *others))
    made = {value: generated_color(value) for value in free if value not in colors}
    listed = {value: _unit(rgba) for value, rgba in colors.items()}
    inside = {v: rgba for v, rgba in (made | listed).items() if low <= v <= high}
    return {None: UNLISTED, 0: _TRANSPARENT} | inside


def largest_colored() -> int:
    """Return the largest label value that napari can give a colour of its own.

    Without numba its table of colours has an entry for every value up to the largest,
    and napari refuses more than 65 536.
    """
    return _UNBOUNDED if find_spec("numba") else _TABLE


def _values(dtype: np.dtype[Any]) -> tuple[int, int]:
    """Return the smallest and the largest value of an integer or bool type."""
    info = np.iinfo(np.uint8 if dtype.kind == "b" else dtype)
    return int(info.min), int(info.max)


def generated_color(value: int) -> RGBA:
    """Return a colour for a label value that has none: opaque, one of 48 hues."""
    hue = (value % _HUES) * _GOLDEN % 1.0
    return (*hsv_to_rgb(hue, 0.55, 0.95), 1.0)


def _unit(rgba: tuple[int, int, int, int]) -> RGBA:
    red, green, blue, alpha = (min(max(part, 0), 255) / 255 for part in rgba)
    return red, green, blue, alpha
