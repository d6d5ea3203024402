"""How a number is shown, so that it can be edited: with all its digits. No Qt."""

from __future__ import annotations

from napari_ngff.metadata.editing.numbers import text


def shown(value: float) -> str:
    """Return all digits of a number; a whole one without a fraction."""
    return text(value).removesuffix(".0")
