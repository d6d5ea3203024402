"""Colours of ``omero`` and ``image-label`` as napari colormaps, without napari.

A channel's colormap is a name or a ``#rrggbb`` text, a label image's is a dict: both
are what napari's layers take. Knows colours alone.
"""

from __future__ import annotations

from colorsys import hsv_to_rgb
from typing import TYPE_CHECKING, TypeAlias

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
_UNLISTED: RGBA = (0.6, 0.6, 0.6, 1.0)
_GOLDEN = 0.6180339887498949
_HUES = 48
_DISTINCT = 1024


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
    colors: Mapping[int, tuple[int, int, int, int]], others: Iterable[int] = ()
) -> dict[int | None, RGBA] | None:
    """Return the colormap of a label image.

    Parameters
    ----------
    colors
        Label value → RGBA, each 0-255.
    others
        Values that are known to occur (those with properties) beside those.

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
    free = dict.fromkeys((*range(1, _DISTINCT), *others))
    made = {value: generated_color(value) for value in free if value not in colors}
    listed = {value: _unit(rgba) for value, rgba in colors.items()}
    return {None: _UNLISTED, 0: _TRANSPARENT} | made | listed


def generated_color(value: int) -> RGBA:
    """Return a colour for a label value that has none: opaque, one of 48 hues."""
    hue = (value % _HUES) * _GOLDEN % 1.0
    return (*hsv_to_rgb(hue, 0.55, 0.95), 1.0)


def _unit(rgba: tuple[int, int, int, int]) -> RGBA:
    red, green, blue, alpha = (min(max(part, 0), 255) / 255 for part in rgba)
    return red, green, blue, alpha
