"""How layers look, as ``omero`` says it: the inverse of `channels` and `colors`.

Knows names, colormaps, contrast limits and visibility of image layers; reads no
pixels, and does not know which layers are the channels of one image.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.limits import LIMITS
from napari_ngff.layers.reading.channels import looks
from napari_ngff.layers.reading.colors import NAPARI, default_colormap
from napari_ngff.layers.writing.losses import loss
from napari_ngff.metadata.display import natural
from napari_ngff.metadata.model import Channel, Rendering, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray

    from napari_ngff.core.problems import Problem
    from napari_ngff.layers.reading.channels import Look
    from napari_ngff.layers.writing.outgoing import Outgoing

_BY_NAME = {name: color for color, name in NAPARI.items()}
_WHITE = "FFFFFF"
_RGBA = (("red", "FF0000"), ("green", "00FF00"), ("blue", "0000FF"), ("alpha", _WHITE))
_TOLERANCE = 1.5 / 255
_DARK = 0.05
_SHORT_BITS = 16


def color_of(colormap: Any) -> tuple[str, bool]:
    """Return the colour of a channel, and whether it says all of its colormap.

    Parameters
    ----------
    colormap
        napari's name of one, ``"#rrggbb"``, a colormap's dict, or a colormap.

    Returns
    -------
    color
        Six upper-case hex digits: the last colour where the map begins with black,
        else white.
    exact
        Whether the map goes from black to that colour in a straight line.
    """
    if isinstance(colormap, str):
        if colormap.startswith("#") and len(colormap) >= len("#rrggbb"):
            return colormap[1:7].upper(), True
        known = _BY_NAME.get(colormap)
        return known or _WHITE, known is not None
    given = colormap if isinstance(colormap, dict) else _as_dict(colormap)
    colors = np.asarray(given["colors"], dtype=np.float64)[:, :3]
    first, last = colors[0].max(), colors[-1].max()
    line = _controls(given, len(colors))[:, None] * colors[-1]
    straight = last > 0 and bool(np.abs(colors - line).max() <= _TOLERANCE)
    exact = straight and not _has_colored_ends(given)
    if not straight and (first > _DARK or last <= _DARK):
        return _WHITE, False
    red, green, blue = np.rint(colors[-1] * 255).astype(int).tolist()
    return f"{red:02X}{green:02X}{blue:02X}", exact


def _has_colored_ends(given: dict[str, Any]) -> bool:
    """Whether what is too high, too low or no number has a colour of its own."""
    nan = given.get("nan_color")
    ends = any(given.get(key) is not None for key in ("high_color", "low_color"))
    return ends or (nan is not None and bool(np.asarray(nan)[-1] > 0))


def _controls(given: dict[str, Any], count: int) -> NDArray[np.float64]:
    """Return where along the map each colour is, from 0 to 1."""
    controls = given.get("controls")
    if controls is None or len(controls) != count:
        return np.linspace(0, 1, count)
    return np.asarray(controls, dtype=np.float64)


def _as_dict(colormap: Any) -> dict[str, Any]:
    """Return what a colormap object says, as its dict would."""
    keys = ("colors", "controls", "high_color", "low_color", "nan_color")
    return {key: getattr(colormap, key, None) for key in keys}


def window_of(limits: Any, dtype: DTypeLike, before: Window | None = None) -> Window:
    """Return contrast limits as a window.

    Parameters
    ----------
    limits
        Two numbers; None, or what is not finite, is the range of the pixels' type.
    dtype
        Of the pixels: 8 and 16 bits have their whole range as ``min`` and ``max``.
    before
        The window of the file: its range is kept where it holds the limits.
    """
    whole = _type_range(np.dtype(dtype))
    start, end = whole or (0.0, 1.0)
    if limits is not None and all(isfinite(float(part)) for part in limits):
        start, end = (float(part) for part in limits)
    low, high = whole or (start, end)
    if before is not None and before.min is not None and before.max is not None:
        low, high = before.min, before.max
    return Window(start=start, end=end, min=min(low, start), max=max(high, end))


def _type_range(dtype: np.dtype[Any]) -> tuple[float, float] | None:
    if dtype.kind == "b":
        return 0.0, 1.0
    if dtype.kind not in "iu" or 8 * dtype.itemsize > _SHORT_BITS:
        return None
    info = np.iinfo(dtype)
    return float(info.min), float(info.max)


def _channel_of(layer: Outgoing, *, alone: bool) -> tuple[Channel, tuple[Problem, ...]]:
    """Return an image layer as a channel, and what is lost of its looks.

    What is as it was when the layer was opened stays as the file says it.

    Parameters
    ----------
    layer
        One channel; not RGB.
    alone
        Whether the image's channels are not those of one file, so that a layer needs
        a name of its own.
    """
    before, look = _before(layer)
    color, exact = color_of(layer.state.get("colormap") or "gray")
    problems: tuple[Problem, ...] = ()
    if not exact:
        problems = (_colormap_loss(layer, color),)
    kept = before or Channel()
    same_color = look is not None and exact and color_of(look.colormap)[0] == color
    window = window_of(
        layer.state.get("contrast_limits"), layer.placed.levels[0].dtype, kept.window
    )
    if look is not None and look.limits == (window.start, window.end):
        window = kept.window or window
    visible = bool(layer.state.get("visible", True))
    same_visible = look is not None and look.visible == visible
    label = layer.name if layer.renamed or alone else kept.label
    return (
        Channel(
            label=label,
            color=kept.color if same_color else color,
            window=window,
            active=kept.active if same_visible else visible,
            extra=kept.extra,
        ),
        problems,
    )


def _before(layer: Outgoing) -> tuple[Channel | None, Look | None]:
    """Return what the file says of a layer's channel, and how that was shown."""
    record, origin = layer.record, layer.origin
    if origin is None or record is None or record.form not in ("channels", "plain"):
        return None, None
    rendering, index = origin.image.group.rendering, record.channel or 0
    count = origin.prepared.count if record.form == "channels" else 1
    look = looks(rendering, count)[index]
    listed = rendering.channels if rendering else ()
    return (listed[index] if index < len(listed) else Channel()), look


def _colormap_loss(layer: Outgoing, color: str) -> Problem:
    colormap = layer.state.get("colormap")
    name = colormap if isinstance(colormap, str) else _name_of(colormap)
    text = (
        f"Its colormap '{name}' is saved as shades of #{color}, for OME-Zarr has one "
        "colour a channel, from black to that colour."
    )
    return loss(layer.name, "colormap-not-saved", text)


def _name_of(colormap: Any) -> str:
    if isinstance(colormap, dict):
        return str(colormap.get("name", "custom"))
    return str(getattr(colormap, "name", "custom"))


def rendering_of(
    layers: Sequence[Outgoing], count: int | None
) -> tuple[Rendering | None, tuple[Problem, ...]]:
    """Return the ``omero`` block of the image that layers are.

    Parameters
    ----------
    layers
        Its channels, or one layer that has all of them.
    count
        How many channels a single layer has as an axis of its own, RGB or a slider;
        None where each layer is one channel.
    """
    first = layers[0]
    before = first.origin.image.group.rendering if first.origin else None
    if count is not None:
        same = first.untouched and before is not None and len(before.channels) == count
        return (before if same else _of_one(first, count)), ()
    together = len({_file(layer) for layer in layers}) == 1 and first.origin is not None
    made = [_channel_of(layer, alone=not together) for layer in layers]
    channels = tuple(channel for channel, _ in made)
    problems = tuple(problem for _, found in made for problem in found)
    if before is None or not together:
        return Rendering(channels=channels), problems
    model = before.model
    if model == "greyscale" and _shown(channels) != _shown(before.channels):
        model, channels = "color", tuple(map(_as_seen, layers, channels))
    return (
        Rendering(
            channels=channels,
            default_t=before.default_t,
            default_z=before.default_z,
            model=model,
            order=_order(layers),
            extra=before.extra,
        ),
        problems,
    )


def _shown(channels: Sequence[Channel]) -> list[tuple[str | None, bool | None]]:
    """Return what of channels the greyscale model overrules."""
    return [(channel.color, channel.active) for channel in channels]


def _as_seen(layer: Outgoing, channel: Channel) -> Channel:
    """Return a channel as its layer is seen, not as the greyscale model has it."""
    color, _ = color_of(layer.state.get("colormap") or "gray")
    visible = bool(layer.state.get("visible", True))
    return replace(channel, color=color, active=visible)


def _order(layers: Sequence[Outgoing]) -> tuple[int, ...] | None:
    """Return how channels lie above each other; None: as they follow each other."""
    indices = range(len(layers))
    order = tuple(sorted(indices, key=lambda index: layers[index].position))
    return None if order == natural(len(layers)) else order


def _file(layer: Outgoing) -> object:
    """Return what layers of one file have in common."""
    record = layer.record
    return (record.store, record.node, record.index) if record else layer.position


def _of_one(layer: Outgoing, count: int) -> Rendering | None:
    """Return channels that one layer shows together."""
    dtype = layer.placed.levels[0].dtype
    if layer.rgb:
        window = window_of(None, dtype)
        named = _RGBA[:count]
        return Rendering(
            channels=tuple(
                Channel(label=label, color=color, window=window, active=True)
                for label, color in named
            )
        )
    if count > LIMITS.channels:
        return None
    window = window_of(layer.state.get("contrast_limits"), dtype)
    return Rendering(
        channels=tuple(
            Channel(color=_default_color(i, count), window=window, active=True)
            for i in range(count)
        )
    )


def _default_color(index: int, count: int) -> str:
    """Return the colour that napari gives a channel, so that none is like another."""
    return _BY_NAME[default_colormap(index, count)]
