"""What is wished when a cell of the table of channels is edited; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.editing import SetChannel

if TYPE_CHECKING:
    from napari_ngff.dataset.editing.folding import AnyEdit


def wish_of(index: int, member: str, value: Any) -> AnyEdit:
    """Return the edit that gives a member of a channel a value."""
    if member == "color" and isinstance(value, tuple):
        value = "{:02X}{:02X}{:02X}".format(*value)
    if member == "label":
        value = value or None
    return SetChannel(channel=index, member=member, value=value)
