"""``omero``: how to show an image at first, as far as it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.metadata.display import ORDER, order_from
from napari_ngff.metadata.model import Channel, Rendering, Window
from napari_ngff.metadata.shown import KEY
from napari_ngff.metadata.versions.values import (
    FLAG,
    INDEX,
    NUMBER,
    OBJECT,
    TEXT,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

_SIX: Final = re.compile("[0-9a-fA-F]{6}")
_TOLERATED: Final = re.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_CHANNEL: Final = frozenset(("label", "color", "window", "active"))
_OMERO: Final = frozenset(("channels", "rdefs"))
_RDEFS: Final = frozenset(("defaultT", "defaultZ", "model"))


def read_omero(notes: Notes, body: Mapping[str, Any], loc: Loc) -> Rendering | None:
    """Return the ``omero`` block of a group; None where there is none to be read."""
    omero = notes.get(body, "omero", loc, OBJECT, of="group")
    if omero is None:
        return None
    where = (*loc, "omero")
    # "The `omero` metadata is optional, but if present it MUST contain the field
    # `channels`, which is an array of objects describing the channels of the image."
    limit, key = notes.limits.channels, "channels"
    items = notes.items(omero, key, where, of="omero", limit=limit, absent="error")
    channels = [
        _channel(notes, item, (*where, key, index))
        for index, item in enumerate(items or [])
    ]
    rdefs = notes.get(omero, "rdefs", where, OBJECT, of="omero") or {}
    where_rdefs = (*where, "rdefs")
    order = _order(notes, omero, where)
    return Rendering(
        channels=tuple(channels),
        default_t=notes.get(rdefs, "defaultT", where_rdefs, INDEX, of="rdefs"),
        default_z=notes.get(rdefs, "defaultZ", where_rdefs, INDEX, of="rdefs"),
        model=_model(notes, rdefs, where_rdefs),
        order=order,
        extra=_extra(omero, rdefs, order),
    )


def _order(notes: Notes, omero: Mapping[str, Any], loc: Loc) -> tuple[int, ...] | None:
    """Return the order of display, which is our own addition."""
    own = OBJECT.read(omero.get(KEY))
    if own is None or own.get(ORDER) is None:
        return None
    order = order_from(own[ORDER])
    if order is None:
        text = f"The order of display is {shown(own[ORDER])}, but must have the index "
        text += "of each channel once, such as [1, 0]. It is ignored."
        notes.add("channel-order-invalid", (*loc, KEY, ORDER), text, "info")
    return order


def _extra(
    omero: Mapping[str, Any], rdefs: Mapping[str, Any], order: object
) -> dict[str, Any]:
    extra = {key: omero[key] for key in omero if key not in _OMERO}
    if order is not None:
        own = {key: value for key, value in omero[KEY].items() if key != ORDER}
        extra = {k: v for k, v in extra.items() if k != KEY} | (
            {KEY: own} if own else {}
        )
    inside = {key: rdefs[key] for key in rdefs if key not in _RDEFS}
    return extra | ({"rdefs": inside} if inside else {})


def _model(
    notes: Notes, rdefs: Mapping[str, Any], loc: Loc
) -> Literal["color", "greyscale"] | None:
    model = notes.get(rdefs, "model", loc, TEXT, of="rdefs")
    match model:
        case None | "color" | "greyscale":
            return model
        case "grayscale" | "grey" | "gray":
            found: Literal["greyscale"] | None = "greyscale"
        case _:
            found = None
    text = f"The model is {shown(model)}; it is 'color' or 'greyscale'."
    notes.add("rdefs-model-unknown", (*loc, "model"), text, "info")
    return found


def _channel(notes: Notes, item: Any, loc: Loc) -> Channel:
    channel = OBJECT.read(item)
    if channel is None:
        # It keeps its place: channels correspond to positions along the channel axis.
        text = f"This is {shown(item)}, but must be an object that describes a channel."
        notes.add("channel-invalid", loc, text)
        return Channel()
    return Channel(
        label=_label(notes, channel, loc),
        color=_color(notes, channel, loc),
        window=_window(notes, channel, loc),
        active=notes.get(channel, "active", loc, FLAG, of="channel"),
        extra={key: channel[key] for key in channel if key not in _CHANNEL},
    )


def _label(notes: Notes, channel: Mapping[str, Any], loc: Loc) -> str | None:
    label = channel.get("label")
    if isinstance(label, (int, float)) and not isinstance(label, bool):
        text = "'label' is a number; it is read as text. Put it in quotes."
        notes.add("channel-label-invalid", (*loc, "label"), text)
        return shown(label)
    found: str | None = notes.get(channel, "label", loc, TEXT, of="channel")
    return found


def _color(notes: Notes, channel: Mapping[str, Any], loc: Loc) -> str | None:
    # "Each object in `channels` MUST contain the field `color`, which is a string of
    # 6 hexadecimal digits specifying the color of the channel in RGB format."
    color = notes.get(channel, "color", loc, TEXT, of="channel", absent="error")
    if color is None:
        return None
    if _SIX.fullmatch(color):
        return str(color).upper()
    meant = _TOLERATED.fullmatch(color.strip())
    text = f"The color is {shown(color)}, but must be 6 hexadecimal digits, such as "
    if meant is None:
        notes.add("channel-color-invalid", (*loc, "color"), text + "'00FF00'.")
        return None
    digits = meant[1].upper()
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits[:6]
    text = f"{text}'{digits}', as which it is read. Write that."
    notes.add("channel-color-form", (*loc, "color"), text)
    return digits


def _window(notes: Notes, channel: Mapping[str, Any], loc: Loc) -> Window | None:
    # "Each object in `channels` MUST contain the field `window`, which is a object
    # describing the windowing of the channel."
    found = notes.get(channel, "window", loc, OBJECT, of="channel", absent="error")
    if found is None:
        return None
    # "The field `window` MUST contain the fields `min` and `max` … It MUST also
    # contain the fields `start` and `end`".
    where = (*loc, "window")
    numbers = {
        key: notes.get(found, key, where, NUMBER, of="window", absent="error")
        for key in ("start", "end", "min", "max")
    }
    window = Window(**numbers)
    if window.start is not None and window.end is not None:
        if window.start == window.end:
            text = f"The window starts and ends at {window.start:g}: nothing can be "
            text += "seen in it. Set an end above the start."
            notes.add("window-empty", where, text, "info")
        elif window.start > window.end:
            text = f"The window starts at {window.start:g}, above its end. Swap them."
            notes.add("window-reversed", where, text, "info")
    return window
