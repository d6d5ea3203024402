"""The colours of painted pictures, for napari's dark and light themes.

Knows napari's colour maps and themes; nothing of what is painted. Colours are ARGB
numbers of 32 bits, premultiplied by their alpha, as a QImage takes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from napari.utils.colormaps import ensure_colormap
from qtpy.QtGui import QColor, QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.widgets.metadata.look import Colors

_STEPS: Final = 256
#: Of viridis: its dark end is lost on dark ground, its yellow one on light ground.
_PARTS: Final = {True: (0.16, 1.0), False: (0.0, 0.9)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """What a picture is painted with.

    Attributes
    ----------
    text, muted, doubtful, wrong
        Names of colours that are readable on the theme's background.
    map
        A perceptually even map of colours from little to much, 256 of them.
    faint, hatch, fault
        What is missing; the lines through what is not known; what is damaged.
    index, beyond, unused
        Bytes that are an index; that are beyond an array's end; that nothing refers to.
    """

    text: str
    muted: str
    doubtful: str
    wrong: str
    map: NDArray[np.uint32]
    faint: int
    hatch: int
    fault: int
    index: int
    beyond: int
    unused: int

    def colors(self, fractions: NDArray[np.float64]) -> NDArray[np.uint32]:
        """Return the colours of numbers from 0 to 1; transparent for NaN."""
        known = ~np.isnan(fractions)
        at = np.where(known, fractions, 0) * (_STEPS - 1)
        found = self.map[np.rint(at).astype(np.intp)]
        return np.where(known, found, np.uint32(0))


def palette_of(colors: Colors) -> Palette:
    """Return what to paint with in a theme."""
    dark = QColor(colors.text).lightnessF() > 0.5
    return Palette(
        text=colors.text,
        muted=colors.muted,
        doubtful=colors.doubtful,
        wrong=colors.wrong,
        map=_map(*_PARTS[dark]),
        faint=argb(colors.text, 0.08),
        hatch=argb(colors.text, 0.28),
        fault=argb(colors.wrong),
        index=argb(colors.text, 0.45),
        beyond=argb(colors.text, 0.25),
        unused=argb(colors.doubtful),
    )


@cache
def _map(low: float, high: float) -> NDArray[np.uint32]:
    values = ensure_colormap("viridis").map(np.linspace(low, high, _STEPS))
    parts = np.rint(values[:, :3] * 255).astype(np.uint32)
    red, green, blue = parts.T
    found: NDArray[np.uint32] = np.uint32(255 << 24) | red << 16 | green << 8 | blue
    return found


def argb(color: str, alpha: float = 1.0) -> int:
    """Return the number of a colour."""
    parts: tuple[int, ...] = QColor(color).getRgb()[:3]
    red, green, blue = (round(part * alpha) for part in parts)
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue


def faded(
    colors: NDArray[np.uint32], alphas: NDArray[np.float64]
) -> NDArray[np.uint32]:
    """Return colours with their alpha and all else times a number from 0 to 1."""
    found = np.zeros(colors.shape, np.uint32)
    for shift in (0, 8, 16, 24):
        part = (colors >> np.uint32(shift)) & np.uint32(255)
        found |= np.rint(part * alphas).astype(np.uint32) << np.uint32(shift)
    return found


def image_of(pixels: NDArray[Any], ratio: float) -> QImage:
    """Return pixels as an image that is as sharp as the screen is.

    Parameters
    ----------
    pixels
        Colours, of shape (height, width) in pixels of the screen.
    ratio
        How many of them are a pixel of Qt.
    """
    pixels = np.ascontiguousarray(pixels, np.uint32)
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()
    image.setDevicePixelRatio(ratio)
    return image
