"""How the channels of an image look at first: what ``omero`` says, as far as it goes.

Decides names, colormaps, windows and visibility of channels, and whether three of
them are a colour picture. Knows the model alone; reads no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.layers.reading.colors import channel_colormap
from napari_ngff.layers.reading.limits import window_limits
from napari_ngff.metadata.model import Channel

if TYPE_CHECKING:
    from napari_ngff.layers.reading.frame import Frame, Split
    from napari_ngff.layers.reading.limits import Limits
    from napari_ngff.metadata.model import Rendering

_RGB = ("FF0000", "00FF00", "0000FF")
_ALPHA = frozenset({None, "FFFFFF", "000000"})
_RGB_NAMES = (
    frozenset({"", "red", "r"}),
    frozenset({"", "green", "g"}),
    frozenset({"", "blue", "b"}),
    frozenset({"", "alpha", "a"}),
)
_FULL = (0.0, 255.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One channel at first sight; `limits` is None where the file has none."""

    label: str | None
    colormap: str
    limits: Limits | None
    visible: bool


def looks(rendering: Rendering | None, count: int) -> tuple[Look, ...]:
    """Return how each of `count` channels looks.

    A list of channels that is too short leaves the others as napari has them. The
    greyscale model shows one channel, the first active one, and all without colour.
    """
    channels = _padded(rendering, count)
    grey = rendering is not None and rendering.model == "greyscale"
    shown = next((i for i, c in enumerate(channels) if c.active is not False), 0)
    return tuple(
        Look(
            label=_label(channel),
            colormap="gray" if grey else channel_colormap(channel.color, i, count),
            limits=window_limits(channel.window),
            visible=i == shown if grey else channel.active is not False,
        )
        for i, channel in enumerate(channels)
    )


def _padded(rendering: Rendering | None, count: int) -> tuple[Channel, ...]:
    """Return exactly `count` channels: cut, or filled with ones that say nothing."""
    listed = rendering.channels[:count] if rendering else ()
    return listed + (Channel(),) * (count - len(listed))


def _label(channel: Channel) -> str | None:
    return plain(channel.label).strip() or None if channel.label else None


def is_rgb(
    frame: Frame, split: Split, dtype: object, rendering: Rendering | None
) -> bool:
    """Tell whether nothing speaks against a colour picture.

    Three or four channels of uint8 that share one place. As the array's last axis:
    colours, windows and names that ``omero`` gives must not say otherwise. Elsewhere:
    ``omero`` must give the colours red, green, blue and windows from 0 to 255, and
    names only if they are those of the colours.
    """
    if dtype != np.uint8 or not may_be_rgb(frame, split):
        return False
    if rendering is None or not rendering.channels:
        return split.column == len(frame.shape) - 1
    if rendering.model == "greyscale":
        return False
    channels = _padded(rendering, frame.shape[split.column])
    needed = split.column != len(frame.shape) - 1
    return all(_agrees(channel, i, needed) for i, channel in enumerate(channels))


def may_be_rgb(frame: Frame, split: Split) -> bool:
    """Tell whether channels can be shown as colours: three or four in one place."""
    column = frame.linear[:, split.column].copy()
    column[split.row] = 0
    return frame.shape[split.column] in (3, 4) and not column.any()


def _agrees(channel: Channel, index: int, needed: bool) -> bool:
    """Tell whether a channel may be (`needed`: is said to be) red, green or blue."""
    label = (channel.label or "").strip().casefold()
    if label not in _RGB_NAMES[index] or channel.active is False:
        return False
    window = window_limits(channel.window)
    if window != _FULL and (needed or channel.window is not None):
        return False
    if index == len(_RGB):
        return channel.color in _ALPHA
    return channel.color == _RGB[index] or (channel.color is None and not needed)
