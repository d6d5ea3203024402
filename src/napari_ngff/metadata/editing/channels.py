"""Channels and what is shown first (``omero``): what an edit changes.

Knows the block as it is written; a block that is not there yet is made whole, since
0.4 to 0.6 ask for a colour and a window of every channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    made = list(range(len(channels), max(count, edit.channel + 1)))
    channels += [_new(index, count, image) for index in made]
    channel = _object(channels[edit.channel])
    holder, *inner = edit.member.split(".")
    if value is MISSING and at(channel, (holder, *inner)) is MISSING:
        return Outcome()
    if value is not MISSING and inner and not _has_window(channel, edit.channel, made):
        first = _first_window(inner[0], value, edit.channel, image)
        channels[edit.channel] = {**channel, holder: first}
        made.append(edit.channel)
    else:
        channels[edit.channel] = _with(channel, [holder, *inner], value)
    new = {**omero, "channels": channels}
    return Outcome(
        attributes=put(image.attributes, loc, new), windows=unmeasured(made, image)
    )


def _has_window(channel: Mapping[str, Any], index: int, made: Sequence[int]) -> bool:
    """Tell whether somebody has said a window of a channel."""
    return index not in made and bool(_object(channel.get("window")))


def unmeasured(channels: Iterable[int], image: Image) -> tuple[int, ...]:
    """Return those of some channels of whose values nothing is known."""
    return tuple(sorted(set(channels) - image.limits.keys()))


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
    window = _new_window(index, image)
    return {**made, "window": window} if window else made


def _new_window(index: int, image: Image) -> dict[str, float]:
    """Return the window of a channel of which nobody said any; empty if not known."""
    known = image.limits.get(index)
    whole = limits_of(image.dtype) or known
    if whole is None:
        return {}
    (low, high), (start, end) = whole, known or whole
    least, most = min(low, start), max(high, end)
    return {"min": least, "max": most, "start": start, "end": end}


def _first_window(key: str, value: float, index: int, image: Image) -> dict[str, float]:
    """Return the window of a channel of which this is the first that is said.

    The other end is that of the pixels, or of their type where it would come first.
    """
    window = _new_window(index, image)
    if not window:
        return {key: value}
    ours, theirs, bound = "start", "end", window["max"]
    if key in ("end", "max"):
        ours, theirs, bound = "end", "start", window["min"]
    window |= {key: value, ours: value}
    if not window["start"] < window["end"]:
        window[theirs] = bound
    if not window["start"] < window["end"]:
        return {key: value}
    least, most = min(window["min"], value), max(window["max"], value)
    return {**window, "min": least, "max": most}


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
    made = range(0)
    if "channels" not in omero and value is not MISSING:
        made = range(channel_count(image) or 1)
        omero = {**omero, "channels": [_new(i, len(made), image) for i in made]}
    rdefs = _with(_object(omero.get("rdefs")), [edit.member], value)
    if value is MISSING and "rdefs" not in omero:
        return Outcome()
    new = {**omero, "rdefs": rdefs}
    return Outcome(
        attributes=put(image.attributes, loc, new), windows=unmeasured(made, image)
    )
