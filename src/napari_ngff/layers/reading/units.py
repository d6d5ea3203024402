"""Units of the axes of a layer, so that one axis does not spoil the viewer's.

napari converts between units only where all layers have compatible ones on every
axis; a single ``pixel`` beside micrometers turns that off without a word. Knows axes
and unit names; knows no arrays and no geometry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.axes import EMPTY, kind_of, normal_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.metadata.axes import Axis

#: napari's word for an axis without a unit.
PIXEL = "pixel"
_NO_UNIT = frozenset({"", "pixel", "pixels", "px", "voxel", "none", "null"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """Units for axes that have none: by the axis' name, else by its kind."""

    by_name: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    by_kind: Mapping[str, str] = field(default_factory=lambda: EMPTY)


NO_DEFAULTS = Defaults()


def units_of(
    axes: Sequence[Axis], defaults: Defaults = NO_DEFAULTS
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return a unit that napari understands for each axis.

    An axis that names no unit takes the one of its own image's other axes of the
    same kind (space or time), else that of `defaults` (the image that a label
    belongs to). A unit that the specification does not know becomes ``pixel``.

    Returns
    -------
    units
        Names of the specification, or ``"pixel"``.
    problems
        One where there are unknown units.
    """
    own = [normal_unit(axis.unit) for axis in axes]
    kinds = [kind_of(axis) for axis in axes]
    shared: dict[str | None, str] = {
        kind: unit
        for kind, unit in zip(kinds, own, strict=True)
        if kind in ("space", "time") and unit is not None
    }
    units, unknown = [], []
    for axis, unit, kind in zip(axes, own, kinds, strict=True):
        if unit is None and _says_nothing(axis):
            unit = (
                defaults.by_name.get(axis.name)
                or shared.get(kind)
                or defaults.by_kind.get(kind or "")
            )
        elif unit is None and (axis.unit or "").strip().casefold() not in _NO_UNIT:
            unknown.append(axis)
        units.append(unit or PIXEL)
    return tuple(units), ((_unknown(unknown),) if unknown else ())


def defaults_of(axes: Sequence[Axis]) -> Defaults:
    """Return what the axes of an image give to labels that have no units."""
    units, _ = units_of(axes)
    known = [(a, u) for a, u in zip(axes, units, strict=True) if u != PIXEL]
    kinds = {kind_of(axis): unit for axis, unit in known}
    return Defaults(
        by_name={axis.name: unit for axis, unit in known},
        by_kind={k: kinds[k] for k in ("space", "time") if k in kinds},
    )


def _says_nothing(axis: Axis) -> bool:
    return axis.unit is None or not axis.unit.strip()


def _unknown(axes: Sequence[Axis]) -> Problem:
    named = ", ".join(
        f"'{plain(axis.unit, limit=40)}' ({plain(axis.name, limit=40)})"
        for axis in axes
    )
    return Problem(
        level="warning",
        kind="unknown-unit",
        message=(
            f"Units that are not known: {named}. These axes are shown in pixels, and "
            "napari does not convert units in a viewer that has them. Correct them in "
            "the file, for example to 'micrometer'."
        ),
    )
