"""Axes, their types and the specification's unit names.

Knows what an axis is called, what kind it is and which unit a text means. Does not
know arrays, scales or how napari names units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Kind: TypeAlias = Literal["space", "time", "channel"]

EMPTY: Mapping[str, Any] = MappingProxyType({})

_OPPOSITES: Final = (
    ("left", "right"),
    ("anterior", "posterior"),
    ("inferior", "superior"),
    ("dorsal", "ventral"),
    ("dorsal", "palmar"),
    ("dorsal", "plantar"),
    ("rostral", "caudal"),
    ("cranial", "caudal"),
    ("proximal", "distal"),
    ("superficial", "deep"),
    ("apical", "basal"),
    ("apex", "base"),
)
ORIENTATIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {f"{a}-to-{b}": pair for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
)
"""RFC-4, the controlled vocabulary of anatomical orientation: the pair of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis of a coordinate system, as the file says it.

    Attributes
    ----------
    name
        Any word; unique in its coordinate system.
    type
        ``"space"``, ``"time"``, ``"channel"``, ``"array"``, ``"coordinate"``,
        ``"displacement"``, any other word, or None where the file says nothing.
    unit
        The unit's text in the file, unchanged; None where there is none.
    discrete, long_name, orientation
        As in the specification (0.6; orientation: RFC-4); None where absent.
    extra
        Keys this model does not know, kept.
    """

    name: str
    type: str | None = None
    unit: str | None = None
    discrete: bool | None = None
    long_name: str | None = None
    orientation: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinateSystem:
    """A named, ordered set of axes."""

    name: str
    axes: tuple[Axis, ...]


# "Units for `space` axes" and "Units for `time` axes" of the specification, 0.4 and
# later, section "axes": the names of UDUNITS-2.
SPACE_UNITS: Final = (
    "angstrom",
    "attometer",
    "centimeter",
    "decimeter",
    "exameter",
    "femtometer",
    "foot",
    "gigameter",
    "hectometer",
    "inch",
    "kilometer",
    "megameter",
    "meter",
    "micrometer",
    "mile",
    "millimeter",
    "nanometer",
    "parsec",
    "petameter",
    "picometer",
    "terameter",
    "yard",
    "yoctometer",
    "yottameter",
    "zeptometer",
    "zettameter",
)
TIME_UNITS: Final = (
    "attosecond",
    "centisecond",
    "day",
    "decisecond",
    "exasecond",
    "femtosecond",
    "gigasecond",
    "hectosecond",
    "hour",
    "kilosecond",
    "megasecond",
    "microsecond",
    "millisecond",
    "minute",
    "nanosecond",
    "petasecond",
    "picosecond",
    "second",
    "terasecond",
    "yoctosecond",
    "yottasecond",
    "zeptosecond",
    "zettasecond",
)
#: The units that an axis may have, by its type; other axes may have any.
UNITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"space": SPACE_UNITS, "time": TIME_UNITS}
)

_PREFIXES: Final = {
    "": ("",),
    "yotta": ("Y",),
    "zetta": ("Z",),
    "exa": ("E",),
    "peta": ("P",),
    "tera": ("T",),
    "giga": ("G",),
    "mega": ("M",),
    "kilo": ("k",),
    "hecto": ("h",),
    "deci": ("d",),
    "centi": ("c",),
    "milli": ("m",),
    "micro": ("u", "μ"),
    "nano": ("n",),
    "pico": ("p",),
    "femto": ("f",),
    "atto": ("a",),
    "zepto": ("z",),
    "yocto": ("y",),
}

# Words have plurals; symbols do not.
_WORDS: Final = {
    "angstrom": ("angstrom", "ångström", "ångstrom", "angström"),
    "day": ("day",),
    "foot": ("foot",),
    "hour": ("hour", "hr"),
    "inch": ("inch",),
    "micrometer": ("micron",),
    "mile": ("mile",),
    "minute": ("minute",),
    "parsec": ("parsec",),
    "yard": ("yard", "yd"),
}
_SYMBOLS: Final = {
    "angstrom": ("å", "ang"),
    "day": ("d",),
    "foot": ("ft", "feet"),
    "hour": ("h",),
    "inch": ("in", "inches"),
    "mile": ("mi",),
    "minute": ("min", "mins"),
    "parsec": ("pc",),
}
_LONGEST_UNIT: Final = 32


def _synonyms() -> Iterator[tuple[str, str]]:
    """(text, specification's name) of every text that means a unit; case matters."""
    for name, words in _WORDS.items():
        yield from ((text, name) for word in words for text in (word, word + "s"))
    for name, symbols in _SYMBOLS.items():
        yield from ((symbol, name) for symbol in symbols)
    for prefix, letters in _PREFIXES.items():
        for word in ("meter", "metre"):
            yield from ((prefix + word + end, prefix + "meter") for end in ("", "s"))
        for word in ("second", "sec"):
            yield from ((prefix + word + end, prefix + "second") for end in ("", "s"))
        for letter in letters:
            yield letter + "m", prefix + "meter"
            for symbol in ("s", "sec", "secs"):
                yield letter + symbol, prefix + "second"


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Synonyms as they are written, and those that any case leaves unambiguous."""
    exact = {text: name for text, name in _synonyms() if name in _NAMES}
    folded: dict[str, set[str]] = {}
    for text, name in exact.items():
        folded.setdefault(text.casefold(), set()).add(name)
    unambiguous = {
        text: names.pop() for text, names in folded.items() if len(names) < 2
    }
    return exact, unambiguous


_NAMES: Final = frozenset(SPACE_UNITS + TIME_UNITS)
_EXACT, _ANY_CASE = _tables()


def normal_unit(unit: str | None) -> str | None:
    """Return the specification's name of a unit.

    Parameters
    ----------
    unit
        Any text: a name of the specification, or a synonym such as ``"um"``,
        ``"µm"`` (either code point), ``"microns"``, ``"Å"``, ``"sec"``. Upper and
        lower case count only where they tell units apart (``"mm"`` and ``"Mm"``).

    Returns
    -------
    str or None
        One of `SPACE_UNITS` or `TIME_UNITS`; None where the text means none of
        them.
    """
    if unit is None or len(unit) > _LONGEST_UNIT:
        return None
    # NFKC makes one of the two micro signs, of the two Å and of signs such as ㎛.
    text = normalize("NFKC", unit).strip().rstrip(".")
    return _EXACT.get(text) or _ANY_CASE.get(text.casefold())


_SHORT: Final = {
    prefix + word: letters[-1] + letter
    for prefix, letters in _PREFIXES.items()
    for word, letter in (("meter", "m"), ("second", "s"))
    if letters != ("",)
} | {"meter": "m", "second": "s", "angstrom": "Å", "minute": "min", "hour": "h"}


def short_unit(unit: str) -> str:
    """Return a unit's symbol where one is usual (``"μm"``), else the unit itself.

    Parameters
    ----------
    unit
        One of `SPACE_UNITS` or `TIME_UNITS`, or any other text.
    """
    return _SHORT.get(unit, unit)


_DEFAULT_AXES: Final = (
    Axis(name="t", type="time"),
    Axis(name="c", type="channel"),
    Axis(name="z", type="space"),
    Axis(name="y", type="space"),
    Axis(name="x", type="space"),
)


def default_axes(ndim: int) -> tuple[Axis, ...]:
    """Return the axes of an array whose file names none.

    Versions 0.1 and 0.2: "5-dimensional, axes order t, c, z, y, x". An array with
    fewer dimensions has the last of them; one with more gets ``dim_0``, ``dim_1`` …
    in front, without a type.

    Parameters
    ----------
    ndim
        Number of dimensions, 0 or more.
    """
    extra = tuple(Axis(name=f"dim_{i}") for i in range(ndim - len(_DEFAULT_AXES)))
    return extra + _DEFAULT_AXES[max(len(_DEFAULT_AXES) - ndim, 0) :]


_KINDS: Final[dict[str, Kind]] = {
    "space": "space",
    "time": "time",
    "channel": "channel",
}
_KIND_OF_NAME: Final[dict[str, Kind]] = {
    "c": "channel",
    "ch": "channel",
    "channel": "channel",
    "channels": "channel",
    "t": "time",
    "time": "time",
    "z": "space",
    "y": "space",
    "x": "space",
}


def kind_of(axis: Axis) -> Kind | None:
    """Return what kind of axis this is; its name is a hint where it has no type.

    An axis of any other type (``"array"``, a custom word) has no kind, whatever its
    name.
    """
    if axis.type is None:
        return _KIND_OF_NAME.get(axis.name.casefold())
    return _KINDS.get(axis.type.casefold())


def indices_of(axes: Sequence[Axis], kind: Kind) -> tuple[int, ...]:
    """Return the positions of the axes of one kind, in their order."""
    return tuple(i for i, axis in enumerate(axes) if kind_of(axis) == kind)
