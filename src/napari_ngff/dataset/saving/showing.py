"""How an image is shown at first: what the specification asks for and nobody said.

"Each object in `channels` MUST contain the field `color` … and `window`" (0.4 to 0.6,
"omero metadata"). Knows colours and ranges of types.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.reading.sampling import channel_pixels, finite_range
from napari_ngff.metadata.model import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.model import Channel, Group
    from napari_ngff.storage.lazy import LazyArray

_ONE: Final = ("FFFFFF",)
_TWO: Final = ("FF00FF", "00FF00")
_MANY: Final = ("00FFFF", "FFFF00", "FF00FF", "FF0000", "00FF00", "0000FF")
_SIXTEEN_BITS: Final = 65535.0


def shown_at_first(
    group: Group, dtype: np.dtype[Any], *, node: str = ""
) -> tuple[Group, tuple[int, ...], tuple[Problem, ...]]:
    """Return a group whose channels all have a colour and a whole contrast window.

    Parameters
    ----------
    group
        One without ``omero`` stays so: that block is optional.
    dtype
        Of the pixels: its range is the window of a channel that has none.
    node
        Where it will be, for the problem that says what was filled in.

    Returns
    -------
    group
        With all that is asked for.
    unseen
        The channels whose contrast limits nobody stated, to be measured.
    problems
        What was filled in.
    """
    rendering = group.rendering
    if rendering is None:
        return group, (), ()
    channels = rendering.channels
    if not channels:
        return replace(group, rendering=None), (), ()
    colors = _colors(len(channels))
    full = tuple(
        replace(
            channel,
            color=channel.color or colors[index % len(colors)],
            window=_window(channel.window or Window(), *_range(dtype)),
        )
        for index, channel in enumerate(channels)
    )
    if full == channels:
        return group, (), ()
    lacking = [i for i, (a, b) in enumerate(zip(channels, full, strict=True)) if a != b]
    unseen = tuple(i for i, channel in enumerate(channels) if not _has_limits(channel))
    filled = replace(group, rendering=replace(rendering, channels=full))
    return filled, unseen, (_told(lacking, node),)


def _has_limits(channel: Channel) -> bool:
    known = channel.window or Window()
    return None not in (known.start, known.end) or None not in (known.min, known.max)


def measured(
    group: Group, unseen: Sequence[int], pixels: LazyArray, channel_axis: int | None
) -> Group:
    """Return a group whose unseen channels have the range of some pixels as limits.

    Parameters
    ----------
    group, unseen
        From `shown_at_first`.
    pixels
        All channels, of a coarse level.
    channel_axis
        Which of its axes they are along; None: there is one channel.
    """
    rendering = group.rendering
    if rendering is None:
        return group
    channels = list(rendering.channels)
    for index in unseen:
        channel = channel_pixels(pixels, index, channel_axis)
        found = None if channel is None else finite_range(np.asarray(channel))
        if found is None:
            continue
        limits = Window(start=float(found[0]), end=float(found[1]))
        known = channels[index].window or Window()
        low = limits.start if known.min is None else known.min
        high = limits.end if known.max is None else known.max
        window = _window(limits, low or 0.0, high or 0.0)
        channels[index] = replace(channels[index], window=window)
    return replace(group, rendering=replace(rendering, channels=tuple(channels)))


def _colors(count: int) -> Sequence[str]:
    return {1: _ONE, 2: _TWO}.get(count, _MANY)


def _window(known: Window, low: float, high: float) -> Window:
    """Return a whole window: what is not known is the other ends, else low and high."""
    least = low if known.min is None else known.min
    most = high if known.max is None else known.max
    start = least if known.start is None else known.start
    end = most if known.end is None else known.end
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
