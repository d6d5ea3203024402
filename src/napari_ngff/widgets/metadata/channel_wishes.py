"""What is wished when a cell of the table of channels is edited; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.editing import SetChannel, SetChannelOrder
from napari_ngff.metadata.editing.numbers import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.editing.folding import AnyEdit


#: The field that all edits of the order name.
ORDER_FIELD: Final = SetChannelOrder(order=None).field


def place(typed: object, count: int) -> int:
    """Return how many of `count` channels lie beneath the place that was typed.

    Raises
    ------
    ValueError
        If it is no place; its text says why.
    """
    found = number(str(typed))
    if not isinstance(found, int) or not 1 <= found <= count:
        message = f"A place among the layers is a whole number from 1 to {count}."
        raise ValueError(message)
    return found - 1


def order_wish(order: Sequence[int], index: int, height: int) -> AnyEdit:
    """Return the edit that lets so many channels lie beneath one of them."""
    others = [channel for channel in order if channel != index]
    return SetChannelOrder(order=(*others[:height], index, *others[height:]))


def wish_of(index: int, member: str, value: Any) -> AnyEdit:
    """Return the edit that gives a member of a channel a value."""
    if member == "color" and isinstance(value, tuple):
        value = "{:02X}{:02X}{:02X}".format(*value)
    if member == "label":
        value = value or None
    return SetChannel(channel=index, member=member, value=value)
