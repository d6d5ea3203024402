"""What is wished when a cell of the table of a label image is edited; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.editing import SetLabelColor, SetLabelProperty

if TYPE_CHECKING:
    from napari_ngff.dataset.editing.folding import AnyEdit


def color_wish(label: int, value: Any) -> AnyEdit:
    """Return the edit that gives a label value a colour."""
    return SetLabelColor(label=label, rgba=value)


def property_wish(label: int, key: str, value: object) -> AnyEdit:
    """Return the edit that gives a label value a property."""
    return SetLabelProperty(label=label, name=key, value=value)
