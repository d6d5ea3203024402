"""The table of channels as cells: name, colour, visible, order, window; no Qt.

Knows drafts and the edits of a channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.names import plain
from napari_ngff.dataset.editing.values import Values
from napari_ngff.metadata.display import display_order
from napari_ngff.metadata.model import Channel, Window
from napari_ngff.widgets.metadata.cells import Cell
from napari_ngff.widgets.metadata.channel_wishes import (
    ORDER_FIELD,
    order_wish,
    place,
    wish_of,
)
from napari_ngff.widgets.metadata.number_text import shown
from napari_ngff.widgets.metadata.store_facts import channel_count

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.metadata.model import Group
    from napari_ngff.widgets.metadata.cells import Kind

#: Head, member of a channel, and how it is shown.
COLUMNS: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("Show", "active", "check"),
    ("", "color", "color"),
    ("Name", "label", "text"),
    ("Order", "order", "number"),
    ("Start", "window.start", "number"),
    ("End", "window.end", "number"),
    ("Min", "window.min", "number"),
    ("Max", "window.max", "number"),
)
#: Which column takes the room that is left.
NAME: Final = 2
_TIPS: Final = {
    "active": "Whether the channel is shown at first",
    "color": "Click to choose the colour",
    "label": "What the channel is called; double-click to edit",
    "order": "The place among the layers of the image: 1 is beneath the others",
    "window.start": "The value that is shown black",
    "window.end": "The value that is shown brightest",
    "window.min": "The least value that the contrast can be set to",
    "window.max": "The largest value that the contrast can be set to",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGrid:
    """The channels of an image; see `cells.Grid`.

    Attributes
    ----------
    draft
        Of the image.
    channels
        As the draft has them, in the order of the channel axis.
    order, stored
        Their indices as they lie above each other, the lowest first: by the draft, and
        as it is stored.
    """

    draft: Draft
    channels: tuple[Channel, ...]
    order: tuple[int, ...]
    stored: tuple[int, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""
        return tuple(head for head, _, _ in self.columns)

    @property
    def columns(self) -> tuple[tuple[str, str, Kind], ...]:
        """What there is to say of each channel; one has no order."""
        several = len(self.channels) > 1
        return tuple(each for each in COLUMNS if several or each[1] != "order")

    @property
    def count(self) -> int:
        """How many channels there are."""
        return len(self.channels)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        _, member, kind = self.columns[column]
        value = self._place(row) if member == "order" else None
        return Cell(
            kind=kind,
            value=value or _value(self.channels[row], member),
            edited=self._is_edited(row, column),
            tip=_TIPS[member],
        )

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that an edit of a cell names."""
        member = self.columns[column][1]
        if member == "order":
            return ORDER_FIELD
        return ("channel", row, *member.split("."))

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return the edits that give a cell a value."""
        member = self.columns[column][1]
        if member == "order":
            return (order_wish(self.order, row, place(value, len(self.order))),)
        return (wish_of(row, member, value),)

    def raised(self, row: int, by: int) -> tuple[AnyEdit, ...]:
        """Return what moves a channel among the layers; nothing where it cannot."""
        height = self.order.index(row) + by
        if not 0 <= height < len(self.order):
            return ()
        return (order_wish(self.order, row, height),)

    def _is_edited(self, row: int, column: int) -> bool:
        """Tell whether a cell differs: of the order, where this channel has moved."""
        if self.columns[column][1] == "order":
            return self.order.index(row) != self.stored.index(row)
        return self.draft.is_edited(self.field(row, column))

    def _place(self, row: int) -> str:
        return str(self.order.index(row) + 1)


def channel_grid(draft: Draft) -> ChannelGrid | None:
    """Return the channels that an image has or may have; None where it is no image."""
    if draft.multiscale is None or draft.group.image_label is not None:
        return None
    stated = draft.group.rendering.channels if draft.group.rendering else ()
    count = min(max(len(stated), channel_count(draft)), LIMITS.channels)
    missing = (Channel(),) * (count - len(stated))
    before = Values(stored=draft.documents).group(draft.documents.node)
    return ChannelGrid(
        draft=draft,
        channels=(*stated, *missing),
        order=_order(draft.group, count),
        stored=_order(before, count),
    )


def _order(group: Group, count: int) -> tuple[int, ...]:
    return display_order(group.rendering.order if group.rendering else None, count)


def names(grid: ChannelGrid, limit: int) -> str:
    """Return the names of the first channels, for a title."""
    found = [plain(c.label or "", limit=20) for c in grid.channels[:limit]]
    return ", ".join(name for name in found if name)


def _value(channel: Channel, member: str) -> object:
    if member == "active":
        return channel.active is not False
    if member == "color":
        return _rgba(channel.color)
    if member == "label":
        return channel.label
    found: Any = getattr(channel.window or Window(), member.removeprefix("window."))
    return None if found is None else shown(found)


def _rgba(color: str | None) -> tuple[int, ...] | None:
    return None if color is None else (*bytes.fromhex(color), 255)
