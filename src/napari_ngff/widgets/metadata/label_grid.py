"""The table of a label image: colours and properties of its values, as cells; no Qt.

Knows drafts and the edits of a label value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.metadata.editing.numbers import number
from napari_ngff.widgets.metadata.cells import Cell
from napari_ngff.widgets.metadata.label_wishes import color_wish, property_wish
from napari_ngff.widgets.metadata.number_text import shown

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.metadata.model import ImageLabel

#: Columns before those of the properties.
FIRST: Final = ("Label", "")
_WORDS: Final = {"true": True, "false": False}
_LETTERS: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelGrid:
    """The values of a label image; see `cells.Grid`.

    Attributes
    ----------
    draft
        What is shown.
    block
        Its ``image-label``.
    values
        The label values that have a colour or properties, in order.
    keys
        The names of the properties, in the order in which they occur.
    """

    draft: Draft
    block: ImageLabel
    values: tuple[int, ...]
    keys: tuple[str, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""
        return (*FIRST, *self.keys)

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.values)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        value = self.values[row]
        if column == 0:
            return Cell(kind="fact", value=str(value))
        edited = self.draft.is_edited(self.field(row, column))
        if column == 1:
            color = self.block.colors.get(value)
            tip = "Click to choose the colour"
            return Cell(kind="rgba", value=color, edited=edited, tip=tip)
        found = self.block.properties.get(value, {}).get(self.heads[column])
        nested = isinstance(found, dict | list)
        return Cell(
            kind="fact" if nested else "text",
            value=_shown(found),
            edited=edited,
            tip="A list or an object: it cannot be edited here." if nested else "",
        )

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that an edit of a cell names."""
        value = self.values[row]
        if column == 1:
            return ("label", value, "color")
        return ("label", value, "property", self.heads[column])

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return the edits that give a cell a value."""
        label = self.values[row]
        if column == 1:
            return (color_wish(label, value),)
        key = self.heads[column]
        before = self.block.properties.get(label, {}).get(key)
        return (property_wish(label, key, meant(str(value), before)),)


def label_grid(draft: Draft, more: tuple[str, ...] = ()) -> LabelGrid | None:
    """Return the values of a label image; None where it is not one.

    Parameters
    ----------
    draft
        What is shown.
    more
        Names of properties that no label has yet.
    """
    block = draft.group.image_label
    if block is None:
        return None
    values = sorted({*block.colors, *block.properties})
    keys = dict.fromkeys(key for each in block.properties.values() for key in each)
    keys |= dict.fromkeys(more)
    return LabelGrid(draft=draft, block=block, values=tuple(values), keys=tuple(keys))


def meant(typed: str, before: object) -> Any:
    """Return the property that a typed text is.

    Parameters
    ----------
    typed
        The text; empty for none (None).
    before
        What the property is now: a text stays one, whatever it looks like.
    """
    if not typed:
        return None
    if isinstance(before, str):
        return typed
    if typed in _WORDS:
        return _WORDS[typed]
    try:
        return number(typed)
    except ValueError:
        return typed


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        return plain(json.dumps(value, ensure_ascii=False), limit=_LETTERS)
    if isinstance(value, int | float):
        return shown(value)
    return str(value)
