"""Units for the axes of an image: which to offer, and how many of one another one is.

Knows kinds of axes and names of units; nothing of documents.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from napari_ngff.metadata.axes import UNITS, normal_unit
from napari_ngff.metadata.lengths import METRES, SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "space": ("micrometer", "nanometer", "millimeter", "angstrom"),
    "time": ("second", "millisecond", "minute", "hour"),
}


def suggestions(type: str | None) -> tuple[str, ...]:
    """Return the units that an axis of a type may have, the usual ones first.

    Parameters
    ----------
    type
        ``"space"``, ``"time"``; those of both for an axis without a type; none for
        any other.
    """
    types = ("space", "time") if type is None else (type,)
    usual = [unit for each in types for unit in _USUAL.get(each, ())]
    every = [unit for each in types for unit in UNITS.get(each, ())]
    return tuple(dict.fromkeys((*usual, *every)))


def ratio(unit: str | None, other: str | None) -> Fraction | None:
    """Return how many of `other` one `unit` is, exactly.

    Parameters
    ----------
    unit, other
        Names of the specification or synonyms.

    Returns
    -------
    Fraction or None
        ``ratio("micrometer", "nanometer")`` is 1000; None where they are not both
        units of space, or both of time.
    """
    names = normal_unit(unit), normal_unit(other)
    for sizes in (METRES, SECONDS):
        one, two = (sizes.get(name or "") for name in names)
        if one is not None and two is not None:
            return Fraction(repr(one)) / Fraction(repr(two))
    return None
