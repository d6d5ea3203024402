"""How an image is shown at first: what the specification asks for and nobody said.

"Each object in `channels` MUST contain the field `color` … and `window`" (0.4 to 0.6,
"omero metadata"). Knows colours and ranges of types; reads no pixels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.dataset.reading import note
from napari_ngff.metadata.model import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.model import Channel, Group

_ONE: Final = ("FFFFFF",)
_TWO: Final = ("FF00FF", "00FF00")
_MANY: Final = ("00FFFF", "FFFF00", "FF00FF", "FF0000", "00FF00", "0000FF")
_SIXTEEN_BITS: Final = 65535.0


def shown_at_first(
    group: Group, dtype: np.dtype[Any], *, node: str = ""
) -> tuple[Group, tuple[Problem, ...]]:
    """Return a group whose channels all have a colour and a whole contrast window.

    Parameters
    ----------
    group
        One without ``omero`` stays so: that block is optional.
    dtype
        Of the pixels: its range is the window of a channel that has none.
    node
        Where it will be, for the problem that says what was filled in.
    """
    rendering = group.rendering
    if rendering is None:
        return group, ()
    channels = rendering.channels
    if not channels:
        return replace(group, rendering=None), ()
    colors = _colors(len(channels))
    full = tuple(
        replace(
            channel,
            color=channel.color or colors[index % len(colors)],
            window=_window(channel, dtype),
        )
        for index, channel in enumerate(channels)
    )
    if full == channels:
        return group, ()
    lacking = [i for i, (a, b) in enumerate(zip(channels, full, strict=True)) if a != b]
    filled = replace(group, rendering=replace(rendering, channels=full))
    return filled, (_told(lacking, node),)


def _colors(count: int) -> Sequence[str]:
    return {1: _ONE, 2: _TWO}.get(count, _MANY)


def _window(channel: Channel, dtype: np.dtype[Any]) -> Window:
    known = channel.window or Window()
    low, high = _range(dtype)
    start = low if known.start is None else known.start
    end = high if known.end is None else known.end
    return Window(
        start=start,
        end=end,
        min=min(low, start, end) if known.min is None else known.min,
        max=max(high, start, end) if known.max is None else known.max,
    )


def _range(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return a type's range; of wide integers that of 16 bits, of floats 0 to 1."""
    if dtype.kind not in "iu":
        return 0.0, 1.0
    if dtype.itemsize > 2:
        return 0.0, _SIXTEEN_BITS
    found = np.iinfo(dtype)
    return float(found.min), float(found.max)


def _told(channels: Sequence[int], node: str) -> Problem:
    listed = ", ".join(str(index) for index in channels)
    text = f"A colour or contrast window is filled in for the channels: {listed}"
    return note("info", "channel-filled", text, node=node)
