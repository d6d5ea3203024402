"""Channels and what is shown first (``omero``): what an edit changes.

Knows the block as it is written; a block that is not there yet is made whole, since
0.4 to 0.6 ask for a colour and a window of every channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import MISSING, at
from napari_ngff.metadata.axes import indices_of
from napari_ngff.metadata.editing.image import Image, Outcome, put
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.editing.edits import SetChannel, SetRendering

_COLOR: Final = re.compile("#?([0-9a-fA-F]{6})")
#: Colours of channels that say none, as napari shows them: one, two, more.
_ONE: Final = ("FFFFFF",)
_TWO: Final = ("FF00FF", "00FF00")
_MANY: Final = ("00FFFF", "FFFF00", "FF00FF", "FF0000", "00FF00", "0000FF")
_INTEGERS: Final = re.compile(r"(u?)int(8|16|32|64)")


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _color(value: Any) -> Any:
    found = _COLOR.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if found is None else found[1].upper()


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if isfinite(value) else None


#: By member: what takes a value, or gives None, and what it must be.
_MEMBERS: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "label": (_text, "text"),
    "color": (_color, "six hexadecimal digits, such as 00FF00"),
    "active": (_flag, "true or false"),
    **{
        f"window.{key}": (_number, "a finite number")
        for key in ("start", "end", "min", "max")
    },
}


def set_channel(edit: SetChannel, image: Image) -> Outcome | Problem:
    """Return what gives a channel another member."""
    if image.model is None or not image.json:
        return image.refusal("no-image", "There is no image whose channels to edit.")
    if edit.member not in _MEMBERS:
        text = f"A channel has no {shown(edit.member)} that can be edited."
        return image.refusal("channel-member", text)
    take, what = _MEMBERS[edit.member]
    value = MISSING if edit.value is None else take(edit.value)
    if value is None:
        text = f"{shown(edit.value)} does not fit: it must be {what}."
        return image.refusal("channel-value", text)
    loc: Loc = (*image.group.loc, "omero")
    omero = _object(at(image.attributes, loc))
    listed = omero.get("channels")
    channels = list(listed) if isinstance(listed, list) else []
    count = max(channel_count(image) or 0, len(channels))
    if not 0 <= edit.channel < max(count, 1):
        text = f"There is no channel {edit.channel}."
        return image.refusal("channel-unknown", text, loc)
    while len(channels) < max(count, edit.channel + 1):
        channels.append(_new(len(channels), count, image))
    channel = _object(channels[edit.channel])
    if value is MISSING and at(channel, tuple(edit.member.split("."))) is MISSING:
        return Outcome()
    channels[edit.channel] = _with(channel, edit.member.split("."), value)
    new = {**omero, "channels": channels}
    return Outcome(attributes=put(image.attributes, loc, new))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _with(holder: Mapping[str, Any], keys: list[str], value: Any) -> dict[str, Any]:
    """Return an object with another member; inner objects that get empty are left."""
    key, *inner = keys
    if inner:
        value = _with(_object(holder.get(key)), inner, value)
    if value is MISSING:
        return {name: item for name, item in holder.items() if name != key}
    return {**holder, key: value}


def channel_count(image: Image) -> int | None:
    """Return how many channels the pixels have; None where that is not known."""
    axes = image.model.axes if image.model is not None else ()
    shape = image.shape(0)
    places = indices_of(axes, "channel")
    if not places:
        return 1
    return None if shape is None else shape[places[0]]


def _new(index: int, count: int, image: Image) -> dict[str, Any]:
    """Return a channel with what versions ask for, as far as it is known."""
    colors = {0: _ONE, 1: _ONE, 2: _TWO}.get(count, _MANY)
    made: dict[str, Any] = {"color": colors[index % len(colors)]}
    limits = limits_of(image.dtype)
    if limits is not None:
        low, high = limits
        made["window"] = {"min": low, "max": high, "start": low, "end": high}
    return made


def limits_of(dtype: str | None) -> tuple[int, int] | None:
    """Return the least and the largest value of a type of whole numbers."""
    found = _INTEGERS.fullmatch(dtype or "")
    if found is None:
        return None
    bits = int(found[2])
    if found[1]:
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def set_rendering(edit: SetRendering, image: Image) -> Outcome | Problem:
    """Return what changes how an image is shown at first."""
    value: Any = MISSING if edit.value is None else edit.value
    if edit.member == "model":
        fits = value in (MISSING, "color", "greyscale")
    else:
        plane = isinstance(value, int) and not isinstance(value, bool)
        fits = value is MISSING or (plane and value >= 0)
    loc: Loc = (*image.group.loc, "omero")
    if not fits:
        text = f"{shown(edit.value)} does not fit {edit.member}."
        return image.refusal("rendering-value", text, loc)
    omero = _object(at(image.attributes, loc))
    if "channels" not in omero and value is not MISSING:
        count = channel_count(image) or 1
        omero = {**omero, "channels": [_new(i, count, image) for i in range(count)]}
    rdefs = _with(_object(omero.get("rdefs")), [edit.member], value)
    if value is MISSING and "rdefs" not in omero:
        return Outcome()
    new = {**omero, "rdefs": rdefs}
    return Outcome(attributes=put(image.attributes, loc, new))
