"""Edits out of names and values, as a caller or a command line gives them.

Knows what may be said of an axis or a channel and in which words; what an edit changes
is known by `metadata.editing`.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetChannelOrder,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.metadata.editing.numbers import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.metadata.editing import Edit

#: A number, or text that is one: ``1/6`` too.
Number: TypeAlias = float | str
#: What stays the same where a unit becomes another one.
Keep: TypeAlias = Literal["number", "size"]

_AXIS: Final = ("type", "unit", "longName", "discrete", "orientation", "name")
_CHANNEL: Final = (
    "label",
    "color",
    "active",
    "window.start",
    "window.end",
    "window.min",
    "window.max",
)
_WORDS: Final[Mapping[str, bool | None]] = {
    "true": True,
    "yes": True,
    "false": False,
    "no": False,
}
#: What a text says that stands for no value.
_NOTHING: Final = ("", "none")


class Unfit(ValueError):
    """What is wished is not understood; its text says what and what to do."""


def axis_edits(
    draft: Draft, axes: Mapping[str, Mapping[str, Any]], keep: Keep = "number"
) -> Iterator[Edit]:
    """Yield the edits of axes: names last, so that all go by the names there are.

    Parameters
    ----------
    draft
        Whose axes they are.
    axes
        By the axis' name: ``name``, ``type``, ``unit``, ``longName``, ``discrete``,
        ``orientation``; None and empty text leave a member out.
    keep
        What stays the same under another unit: numbers, or sizes.

    Raises
    ------
    Unfit
        If there is no such axis or member.
    """
    found = [
        (member, _axis(draft, name), value)
        for name, members in axes.items()
        for member, value in members.items()
    ]
    for member, _, _ in found:
        _known(member, _AXIS, "an axis")
    for member, axis, value in sorted(found, key=lambda one: _AXIS.index(one[0])):
        edit = _MEMBERS[member](axis, _value(value))
        yield replace(edit, keep=keep) if isinstance(edit, SetUnit) else edit


_MEMBERS: Final[Mapping[str, Callable[[int, Any], Edit]]] = {
    "name": lambda axis, value: RenameAxis(axis=axis, name=_text(value)),
    "type": lambda axis, value: SetAxisType(axis=axis, type=value),
    "unit": lambda axis, value: SetUnit(axis=axis, unit=value),
    "longName": lambda axis, value: SetAxisMember(
        axis=axis, member="longName", value=value
    ),
    "discrete": lambda axis, value: SetAxisMember(
        axis=axis, member="discrete", value=_boolean(value)
    ),
    "orientation": lambda axis, value: SetAxisMember(
        axis=axis, member="orientation", value=value
    ),
}


def place_edits(
    draft: Draft,
    pixel_size: Mapping[str, Number],
    origin: Mapping[str, Number],
) -> Iterator[Edit]:
    """Yield the edits of pixel sizes and origins, by the names of axes.

    Raises
    ------
    Unfit
        If there is no such axis, or a text is no number.
    """
    for name, size in pixel_size.items():
        yield SetPixelSize(axis=_axis(draft, name), size=_number(size, name))
    for name, place in origin.items():
        yield SetOrigin(axis=_axis(draft, name), origin=_number(place, name))


def channel_edits(
    channels: Mapping[Any, Mapping[str, Any]],
) -> Iterator[Edit]:
    """Yield the edits of channels, by their index.

    Parameters
    ----------
    channels
        By index: ``name`` (or ``label``), ``color``, ``active``, ``window.start`` …

    Raises
    ------
    Unfit
        If an index is no whole number, or there is no such member.
    """
    for index, members in channels.items():
        try:
            channel = int(index)
        except (TypeError, ValueError) as error:
            message = f"{plain(index)!r} is not the number of a channel, such as 0."
            raise Unfit(message) from error
        for given, value in members.items():
            member = "label" if given == "name" else given
            _known(member, _CHANNEL, "a channel")
            yield SetChannel(
                channel=channel, member=member, value=_of_channel(member, value)
            )


def order_edits(order: Sequence[int] | None) -> Iterator[Edit]:
    """Yield the edit of the order in which channels are shown; None: there is none.

    Raises
    ------
    Unfit
        If these are no whole numbers.
    """
    if order is None:
        return
    try:
        yield SetChannelOrder(order=tuple(operator.index(item) for item in order))
    except TypeError as error:
        message = f"{plain(order)!r} is not an order of channels, such as [2, 0, 1]."
        raise Unfit(message) from error


def _of_channel(member: str, value: Any) -> Any:
    found = _value(value)
    if found is None or member in ("label", "color"):
        return found
    return _boolean(found) if member == "active" else _number(found, member)


def _axis(draft: Draft, name: str) -> int:
    axes = draft.multiscale.axes if draft.multiscale is not None else ()
    names = [axis.name for axis in axes]
    if name not in names:
        told = plain(", ".join(names)) or "none"
        message = f"There is no axis {plain(name)!r}; there are: {told}."
        raise Unfit(message)
    return names.index(name)


def _known(member: str, members: tuple[str, ...], of: str) -> None:
    if member not in members:
        told = ", ".join(members)
        message = f"{plain(member)!r} cannot be said of {of}; use one of: {told}."
        raise Unfit(message)


def _value(value: Any) -> Any:
    """Return a value; None for a text that stands for no value."""
    return None if isinstance(value, str) and value.lower() in _NOTHING else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        message = "An axis has to have a name."
        raise Unfit(message)
    return value


def _boolean(value: Any) -> Any:
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    return value


def _number(value: Any, name: str) -> float:
    try:
        return number(value) if isinstance(value, str) else value
    except ValueError as error:
        message = f"{plain(name)}: {error}"
        raise Unfit(message) from error


def as_problem(error: Unfit) -> Problem:
    """Return what is not understood as a problem."""
    return Problem(level="error", kind="not-understood", message=str(error))
