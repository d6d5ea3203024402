"""How long the specification's units of space and time are.

Knows names of units, metres and seconds; does not know axes nor arrays.
"""

from __future__ import annotations

from typing import Final

_PREFIXES: Final = {
    "yotta": 1e24,
    "zetta": 1e21,
    "exa": 1e18,
    "peta": 1e15,
    "tera": 1e12,
    "giga": 1e9,
    "mega": 1e6,
    "kilo": 1e3,
    "hecto": 1e2,
    "": 1.0,
    "deci": 1e-1,
    "centi": 1e-2,
    "milli": 1e-3,
    "micro": 1e-6,
    "nano": 1e-9,
    "pico": 1e-12,
    "femto": 1e-15,
    "atto": 1e-18,
    "zepto": 1e-21,
    "yocto": 1e-24,
}
METRES: Final = {prefix + "meter": size for prefix, size in _PREFIXES.items()} | {
    "angstrom": 1e-10,
    "foot": 0.3048,
    "inch": 0.0254,
    "mile": 1609.344,
    "parsec": 3.0856775814913673e16,
    "yard": 0.9144,
}
"""Metres by the name of each of `axes.SPACE_UNITS`."""
SECONDS: Final = {prefix + "second": size for prefix, size in _PREFIXES.items()} | {
    "day": 86_400.0,
    "hour": 3_600.0,
    "minute": 60.0,
}
"""Seconds by the name of each of `axes.TIME_UNITS`."""


def unit_ratio(unit: str | None, other: str | None) -> float | None:
    """Return how many of `other` one `unit` is; None where they are no such units.

    Names are those of the specification. Equal ones are 1, whatever they are.
    """
    if unit == other:
        return 1.0
    for sizes in (METRES, SECONDS):
        if unit in sizes and other in sizes:
            return sizes[unit or ""] / sizes[other or ""]
    return None


def relative_sizes(
    sizes: tuple[float, ...], units: tuple[str | None, ...]
) -> tuple[float, ...]:
    """Return pixel sizes in one unit, so that they can be compared.

    Parameters
    ----------
    sizes, units
        Of each axis. A unit that is None or no unit of space says nothing: then the
        sizes are compared as they are.

    Returns
    -------
    tuple of float
        In metres where every unit is known, else `sizes`.
    """
    metres = [METRES.get(unit or "") for unit in units]
    known = [metre for metre in metres if metre is not None]
    if len(known) < len(sizes):
        return sizes
    return tuple(size * metre for size, metre in zip(sizes, known, strict=True))
