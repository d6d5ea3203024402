"""What a JSON value must be: text, a number, an index … Pure looks at one value.

Knows the kinds of values that the specification asks for and the words for them;
knows no key, no version and no problem.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from napari_ngff.core.names import plain

#: Pixel values are at most 64 bits wide, signed or not.
_INTEGERS: Final = range(-(2**63), 2**64)
_SHOWN: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a value must be: in words, and the look that takes it or gives None."""

    words: str
    read: Callable[[Any], Any]


def number(value: Any) -> float | None:
    """Return a finite number as float64; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def integer(value: Any) -> int | None:
    """Return a whole number of at most 64 bits (``1.0`` is one); else None."""
    if type(value) is int:  # as nearly all are, of which there may be very many
        return value if value in _INTEGERS else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value in _INTEGERS else None


def _index(value: Any) -> int | None:
    found = integer(value)
    return None if found is None or found < 0 else found


def _count(value: Any) -> int | None:
    return _index(value) or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _name(value: Any) -> str | None:
    return _text(value) or None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _object(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


def _array(value: Any) -> list[Any] | None:
    return list(value) if isinstance(value, (list, tuple)) else None


TEXT: Final = Expected(words="text", read=_text)
NAME: Final = Expected(words="text that is not empty", read=_name)
NUMBER: Final = Expected(words="a finite number", read=number)
INTEGER: Final = Expected(words="a whole number", read=integer)
INDEX: Final = Expected(words="a whole number, 0 or more", read=_index)
COUNT: Final = Expected(words="a whole number, 1 or more", read=_count)
FLAG: Final = Expected(words="true or false", read=_flag)
OBJECT: Final = Expected(words="an object", read=_object)
ARRAY: Final = Expected(words="a list", read=_array)


def shown(value: Any) -> str:
    """Return a value of the file in quotes or abridged, fit to be shown."""
    if isinstance(value, str):
        return f"'{plain(value, limit=_SHOWN)}'"
    try:
        return plain(value, limit=_SHOWN)
    except ValueError:  # Python refuses to write out an int of thousands of digits
        return f"a value of type {type(value).__name__}"
