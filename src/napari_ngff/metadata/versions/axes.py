"""Axes: a list of objects or of names to `Axis`, and the rules on a set of axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.axes import ORIENTATIONS, UNITS, Axis, normal_unit
from napari_ngff.metadata.versions.values import FLAG, NAME, TEXT, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Level, Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_KNOWN: Final = frozenset(
    ("name", "type", "unit", "discrete", "longName", "orientation")
)
_TYPES: Final = ("space", "time", "channel", "array", "coordinate", "displacement")
_EXAMPLES: Final = {"space": "'micrometer'", "time": "'second'"}
_RANKS: Final = {"time": 0, "space": 2}


def read_axes(notes: Notes, values: list[Any], loc: Loc) -> tuple[Axis, ...]:
    """Return one `Axis` an item, names unique; whatever an item is, it is an axis."""
    if len(values) > notes.limits.axes:
        text = f"There are {len(values)} axes; only the first {notes.limits.axes} "
        notes.add("limit-exceeded", loc, text + "are read and none can be shown.")
    axes: list[Axis] = []
    names: set[str] = set()
    for index, value in enumerate(values[: notes.limits.axes]):
        axis = _axis(notes, value, index, (*loc, index))
        if axis.name in names:
            # 0.4: "The values MUST be unique across all "name" fields."
            free = next(
                name
                for count in range(2, len(names) + 3)
                if (name := f"{axis.name}_{count}") not in names
            )
            text = f"The name {shown(axis.name)} is there twice; this axis is called "
            text += f"{shown(free)}. Rename it."
            notes.add("axis-name-duplicate", (*loc, index), text)
            axis = replace(axis, name=free)
        names.add(axis.name)
        axes.append(axis)
    return tuple(axes)


def _axis(notes: Notes, value: Any, index: int, loc: Loc) -> Axis:
    if not isinstance(value, Mapping):
        text = f"This is {shown(value)}, but must be an object with a 'name'."
        notes.add("axis-invalid", loc, text)
        named = isinstance(value, str) and value
        return Axis(name=str(value) if named else f"dim_{index}")
    # "MUST contain the field `name` that gives the name for this dimension."
    name = notes.get(value, "name", loc, NAME, of="axis", absent="error")
    axis = Axis(
        name=name or f"dim_{index}",
        type=_type(notes, value, loc),
        unit=notes.get(value, "unit", loc, TEXT, of="axis"),
        # 0.6: "MAY contain the field `discrete`. The value MUST be a boolean";
        # "MAY contain the field `longName`. The value MUST be a string".
        discrete=notes.get(value, "discrete", loc, FLAG, of="axis"),
        long_name=notes.get(value, "longName", loc, TEXT, of="axis"),
        orientation=_orientation(notes, value, loc),
        extra={key: value[key] for key in value if key not in _KNOWN},
    )
    _check_unit(notes, axis, loc)
    return axis


def _type(notes: Notes, value: Mapping[str, Any], loc: Loc) -> str | None:
    # "SHOULD contain the field `type`. It SHOULD be one of the strings … but MAY take
    # other string values for custom axis types".
    kind: str | None = notes.get(value, "type", loc, TEXT, of="axis", absent="warning")
    if kind is not None and kind not in _TYPES:
        text = f"The type {shown(kind)} is not one of the specification's: "
        notes.add(
            "axis-type-custom", (*loc, "type"), f"{text}{_listed(_TYPES)}.", "warning"
        )
    return kind


def _check_unit(notes: Notes, axis: Axis, loc: Loc) -> None:
    units = UNITS.get(axis.type or "")
    if axis.unit is None:
        # "SHOULD contain the field `unit`". The specification's strict test data
        # leave it out for time and channel, so that only space is held to it.
        if units:
            level: Level = "warning" if axis.type == "space" else "info"
            text = "The axis has no 'unit': its size is not known. Add one, such as "
            text += f"{_EXAMPLES[axis.type or '']}."
            notes.add("axis-unit-missing", loc, text, level)
        return
    if (units and axis.unit in units) or (not units and normal_unit(axis.unit)):
        return
    # "The value SHOULD be one of the following strings, which are valid units
    # according to UDUNITS-2."
    meant = normal_unit(axis.unit)
    text = f"The unit {shown(axis.unit)} is not one of the specification's "
    text += f"for an axis of type {shown(axis.type or '')}. "
    if meant in (units or ()):
        text += f"It is understood as '{meant}': write that."
    else:
        example = _EXAMPLES.get(axis.type or "", _EXAMPLES["space"])
        text += f"Write one of those, such as {example}."
    notes.add("axis-unit-unknown", (*loc, "unit"), text, "warning")


def _orientation(
    notes: Notes, value: Mapping[str, Any], loc: Loc
) -> Mapping[str, Any] | None:
    orientation = value.get("orientation")
    if orientation is None or isinstance(orientation, Mapping):
        return orientation
    # RFC-4: "The `orientation` field is structured as an object".
    text = f"'orientation' is {shown(orientation)}, but must be an object with "
    notes.add(
        "orientation-invalid", (*loc, "orientation"), text + "'type' and 'value'."
    )
    return None


def check_axes(
    notes: Notes, version: Version, axes: tuple[Axis, ...], loc: Loc
) -> None:
    """Note what is wrong with the axes of an image as a set."""
    if version.axis_rules == "any":
        _check_orientations(notes, axes, loc)
    else:
        _check_image_axes(notes, axes, loc)
    names = [axis.name for axis in axes if axis.type == "space"]
    # "If there are three spatial axes where two correspond to the image plane (`yx`)
    # and images are stacked along the other (anisotropic) axis (`z`), the spatial
    # axes SHOULD be ordered as `zyx`."
    if sorted(names) == ["x", "y", "z"] and names != ["z", "y", "x"]:
        text = f"The axes of space are in the order {', '.join(names)}; z, y, x is "
        notes.add("axis-order-space", loc, text + "recommended.", "warning")


def _check_image_axes(notes: Notes, axes: tuple[Axis, ...], loc: Loc) -> None:
    kinds = [axis.type for axis in axes]
    # "The length of `axes` must be between 2 and 5".
    if not 2 <= len(axes) <= 5:
        text = f"There are {len(axes)} axes; 2 to 5 are allowed in this version."
        notes.add("axis-count", loc, text)
    # "`axes` MUST contain 2 or 3 entries of `type:space`".
    if kinds.count("space") not in (2, 3):
        text = f"{kinds.count('space')} of the axes have the type 'space'; there must "
        notes.add("axis-count-space", loc, text + "be 2 or 3. Correct the types.")
    # "MAY contain one additional entry of `type:time`"; "MAY contain one additional
    # entry of `type:channel` or a null / custom type."
    if kinds.count("time") > 1:
        text = f"{kinds.count('time')} axes have the type 'time'; one is allowed."
        notes.add("axis-count-time", loc, text)
    others = [axis.name for axis in axes if axis.type not in ("time", "space")]
    if len(others) > 1:
        text = f"The axes {_listed(map(shown, others))} are neither time nor space; "
        notes.add("axis-count-other", loc, text + "only one such axis is allowed.")
    # "`axes` entries MUST be ordered by `type` where the `time` axis must come first
    # (if present), followed by the `channel` or custom axis (if present) and the
    # axes of type `space`."
    ranks = [_RANKS.get(kind or "", 1) for kind in kinds]
    if ranks != sorted(ranks):
        text = "The axes must be in the order time, channel (or custom), space. They "
        notes.add("axis-order", loc, text + "are shown in the order that they have.")


def _check_orientations(notes: Notes, axes: tuple[Axis, ...], loc: Loc) -> None:
    # RFC-4: "For anatomical orientation, the controlled vocabulary". A set of axes
    # MUST have only one of each pair.
    seen: dict[tuple[str, str], str] = {}
    for index, axis in enumerate(axes):
        if axis.orientation is None:
            continue
        where = (*loc, index, "orientation")
        if axis.type != "space":
            # "The `orientation` field MUST only be used on spatial axes".
            text = "Only axes of type 'space' may have an orientation. Remove it."
            notes.add("orientation-not-space", where, text)
        # "MUST have a `type` field …" — "currently only "anatomical"" — "and MUST have
        # a `value` field".
        kind, value = axis.orientation.get("type"), axis.orientation.get("value")
        pair = ORIENTATIONS.get(value) if isinstance(value, str) else None
        if kind != "anatomical" or pair is None:
            text = f"The orientation {shown(kind)}, {shown(value)} is not one of the "
            notes.add("orientation-unknown", where, text + "specification's.")
        elif pair in seen:
            text = f"Axis {shown(seen[pair])} is oriented along the same direction of "
            notes.add("orientation-duplicate", where, text + "the body.")
        else:
            seen[pair] = axis.name


def _listed(words: Any) -> str:
    return ", ".join(words)
