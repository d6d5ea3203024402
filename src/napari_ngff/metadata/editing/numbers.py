"""Numbers as a person types them, and as they are shown: nothing is rounded.

Knows texts and numbers; nothing of what they are for.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite
from typing import Final

_LONGEST: Final = 64
_PLAIN: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_NUMBER: Final = re.compile(rf"({_PLAIN})(?:\s*/\s*({_PLAIN}))?", re.ASCII)
_COMMA: Final = re.compile(r"[+-]?\d*,\d+", re.ASCII)


def number(text: str) -> float | int:
    """Return the number that a text is.

    Parameters
    ----------
    text
        ``0.16254371``, ``1e-4``, ``1/6``, ``.5``, ``5``; a minus sign is one too.

    Returns
    -------
    int or float
        A whole number as it was typed is an int; else the float nearest to what was
        typed.

    Raises
    ------
    ValueError
        If it is no number; its text says why and what to do, fit to be shown.
    """
    given = text.strip().replace("\N{MINUS SIGN}", "-")
    if not given:
        raise ValueError("Type a number.")
    found = _NUMBER.fullmatch(given) if len(given) <= _LONGEST else None
    if found is None:
        raise ValueError(_why(given))
    if re.fullmatch(r"[+-]?\d+", given, re.ASCII):
        whole = int(given)
        return whole if abs(whole) < 2**63 else _finite(Fraction(whole))
    over, under = Fraction(found[1]), Fraction(found[2] or 1)
    if not under:
        raise ValueError("A number cannot be divided by 0.")
    return _finite(over / under)


def _why(given: str) -> str:
    if _COMMA.fullmatch(given):
        dotted = given.replace(",", ".")
        return f"Use a point for decimals: {dotted}"
    if "," in given:
        return "Leave out commas; use a point for decimals, such as 1000.5"
    if len(given) > _LONGEST:
        return "This is too long for a number."
    return "This is no number. Type one such as 0.1625, 1e-4 or 1/6"


def _finite(exact: Fraction) -> float:
    try:
        found = float(exact)
    except OverflowError:
        found = float("inf")
    if not isfinite(found):
        raise ValueError("This number is too large.")
    if exact and not found:
        raise ValueError("This number is too small.")
    return found


def text(value: float) -> str:
    """Return a number in the shortest way that says all of it.

    ``number(text(value)) == value`` for every finite value.
    """
    return repr(value) if isinstance(value, int) else repr(float(value))


def exact(value: float) -> Fraction:
    """Return the decimal number that a float is written as, exactly.

    0.1 is one tenth: what is computed of such numbers comes out as people expect.
    """
    return Fraction(value) if isinstance(value, int) else Fraction(repr(float(value)))
