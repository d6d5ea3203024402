"""Axes, their types and the specification's unit names."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EMPTY: Mapping[str, Any] = MappingProxyType({})


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
