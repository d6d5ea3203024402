"""The order that channels are shown in, for which the specification has no key.

The place of a channel in ``omero`` is that along the channel axis, so it says nothing
of this. The order is kept beside them, under our own key: their indices, from the one
that is shown beneath the others to the one on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The key in ``omero``, under that of `shown.KEY`.
ORDER: Final = "order"


def order_from(value: Any) -> tuple[int, ...] | None:
    """Return the order that JSON says; None where it is no order of channels.

    Each of the whole numbers from 0 has to be there once.
    """
    if not isinstance(value, (list, tuple)) or not value:
        return None
    if any(type(item) is not int for item in value):
        return None
    return tuple(value) if sorted(value) == list(range(len(value))) else None


def natural(count: int) -> tuple[int, ...]:
    """Return the order of `count` channels where nothing else is said."""
    return tuple(range(count))


def display_order(order: Sequence[int] | None, count: int) -> tuple[int, ...]:
    """Return the indices of `count` channels in an order, the lowest first.

    Those that are not there are left out, those that the order lacks are on top.
    """
    listed = tuple(index for index in order or () if index < count)
    there = set(listed)
    return (*listed, *(index for index in range(count) if index not in there))
