"""A line of text that is a number, in full precision: what was typed is what is meant.

Knows how numbers are written; nothing of what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.metadata.editing.numbers import number
from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.number_text import shown

if TYPE_CHECKING:
    from qtpy.QtWidgets import QWidget

    from napari_ngff.widgets.metadata.look import State


class NumberEdit(Field):
    """A number that is neither rounded nor clamped: ``0.16254371``, ``1e-4``, ``1/6``.

    Its signal `valued` has an int or a float.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = False

    def allow_none(self) -> None:
        """Let an empty text mean that nothing is stated."""
        self._none = True

    def parsed(self, text: str) -> object:
        """Return the number that a text is; raises ValueError where it is none."""
        return None if self._none and not text.strip() else number(text)

    def show_number(
        self, value: float | None, state: State = "stored", tip: str = ""
    ) -> None:
        """Paint a number with all its digits; nothing for None."""
        self.show_value("" if value is None else shown(value), state, tip)
