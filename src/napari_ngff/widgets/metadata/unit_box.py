"""The list of units: the specification's names for a kind of axis, and any other word.

Knows which units there are and what they are called otherwise; no axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.metadata.axes import normal_unit, short_unit
from napari_ngff.metadata.editing.units import suggestions
from napari_ngff.widgets.metadata.choice import Choice

if TYPE_CHECKING:
    from napari_ngff.metadata.axes import Kind


class UnitBox(Choice):
    """A searchable list of units; synonyms such as ``um`` are understood."""

    def offer_kind(self, kind: Kind | None) -> None:
        """Offer the units of a kind of axis; those of space and time for no kind."""
        self.offer([("", "(none)"), *((u, _text(u)) for u in suggestions(kind))])

    def meant(self, text: str) -> str:
        """Return the specification's name of a unit, else the text as it is."""
        return normal_unit(text) or text


def _text(name: str) -> str:
    short = short_unit(name)
    return name if short == name else f"{name} ({short})"
