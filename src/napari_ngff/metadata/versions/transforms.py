"""Coordinate transformations: an object of the JSON to a `Transform`.

Knows every type of 0.6, and those made of others; those that are not are in
`single_transforms`, what is in development syntax only in `development`. Bad parameters
give `Unknown` and a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata import transforms as model
from napari_ngff.metadata.versions import development
from napari_ngff.metadata.versions.parameters import Ends, read_indices
from napari_ngff.metadata.versions.single_transforms import SINGLE
from napari_ngff.metadata.versions.values import NAME, TEXT, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.single_transforms import Read

_DEPTH: Final = 24


def read_transform(notes: Notes, value: Any, loc: Loc, ends: Ends) -> model.Transform:
    """Return the transform that an object describes; `Unknown` where it is no good."""
    if not isinstance(value, Mapping):
        text = f"This is {shown(value)}, but must be an object with a 'type'. "
        notes.add("transform-invalid", loc, text + "It is not applied.")
        return model.Unknown("")
    if len(loc) > 2 * _DEPTH:
        text = f"Transformations are nested more than {_DEPTH} deep. Flatten them."
        notes.add("limit-exceeded", loc, text)
        return model.Unknown("")
    # "`type` | string | yes | The type of the transformation, which determines the
    # required and optional fields for that transformation."
    kind = notes.get(value, "type", loc, NAME, of="transform", absent="error")
    if kind is None:
        return model.Unknown("")
    read = _TYPES.get(kind)
    if read is None:
        # "SHOULD display an informative warning if encountering transformations that
        # cannot be parsed or displayed by a consumer".
        text = f"The type {shown(kind)} is not one of the specification's; it is not "
        notes.add("transform-type-unknown", (*loc, "type"), text + "applied.")
        return model.Unknown(kind[: notes.limits.text_chars])
    notes.get(value, "name", loc, TEXT, of="transform")
    return read(notes, value, loc, ends) or model.Unknown(kind)


def _by_dimension(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    limit = notes.limits.matrix_items
    key = "transformations"
    items = notes.items(value, key, loc, of="transform", limit=limit, absent="error")
    if items is None:
        return None
    parts = [
        _part(notes, item, where, ends)
        for _, item, where in notes.objects(items, (*loc, key), of="by-dimension")
    ]
    if len(parts) < len(items) or not all(parts):
        return None
    whole = tuple(part for part in parts if part is not None)
    outputs = sorted(axis for part in whole for axis in part.output_axes)
    size = len(outputs) if ends.output is None else len(ends.output)
    # "Every axis index in the parent byDimension's `output` coordinate system MUST
    # appear in exactly one child transformation's `outputAxes` array."
    if outputs != list(range(size)):
        text = f"'outputAxes' must have each of 0 to {size - 1} exactly once, over all "
        notes.add("transform-indices", (*loc, key), text + "parts. It is not applied.")
        return None
    return model.ByDimension(whole)


def _part(
    notes: Notes, item: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.ByDimensionPart | None:
    # "each object MUST contain the fields `inputAxes`, `outputAxes` and
    # `transformation`. The values of `inputAxes` and `outputAxes` are arrays of
    # integers."
    item = development.by_dimension(notes, item, loc, ends.input, ends.output)
    found = []
    for key, names in (("inputAxes", ends.input), ("outputAxes", ends.output)):
        indices = read_indices(notes, item, key, loc)
        if indices is None:
            return None
        if names is not None and any(i >= len(names) for i in indices):
            text = f"'{key}' has an index that is not below {len(names)}, the number "
            notes.add("transform-indices", (*loc, key), text + "of axes.")
            return None
        found.append(indices)
    inputs, outputs = found
    # "The `inputAxes` and `outputAxes` arrays of each item MUST have the same length
    # as that transformation's parameter arrays."
    narrow = Ends(input=("",) * len(inputs), output=("",) * len(outputs))
    if item.get("transformation") is None:
        text = "'transformation' is missing: each part must have one."
        notes.add("transform-parameters-missing", loc, text)
        return None
    where = (*loc, "transformation")
    child = read_transform(notes, item["transformation"], where, narrow)
    return model.ByDimensionPart(child, inputs, outputs)


def _sequence(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    limit = notes.limits.matrix_items
    key = "transformations"
    items = notes.items(value, key, loc, of="transform", limit=limit, absent="error")
    if items is None:
        return None
    if not items:
        # The field is "A non-empty array of transformations."
        text = "'transformations' is empty. Add one, or use 'identity'."
        notes.add("transform-parameters-missing", (*loc, key), text)
        return None
    names, steps = ends.input, []
    for index, item in enumerate(items):
        last = index == len(items) - 1
        between = Ends(input=names, output=ends.output if last else None)
        step = read_transform(notes, item, (*loc, key, index), between)
        if names is not None:
            names = ("",) * model.output_ndim(step, len(names))
        steps.append(step)
    return model.Sequence(tuple(steps))


def _bijection(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    # "The input and output dimensions for the both the forward and inverse
    # transformations MUST match bijection's input and output space dimensions."
    back = Ends(input=ends.output, output=ends.input)
    sides = {}
    for key, between in (("forward", ends), ("inverse", back)):
        if value.get(key) is None:
            text = f"'{key}' is missing: a bijection must have both directions."
            notes.add("transform-parameters-missing", loc, text)
            continue
        sides[key] = read_transform(notes, value[key], (*loc, key), between)
    if len(sides) < 2:
        return None
    return model.Bijection(sides["forward"], sides["inverse"])


def _inverse_of(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    item = development.inverse_of(notes, value, loc)
    back = Ends(input=ends.output, output=ends.input)
    child = read_transform(notes, item, (*loc, "transformation"), back)
    known = ends.output or ends.input
    return None if known is None else model.inverse(child, len(known))


_TYPES: Final[Mapping[str, Read]] = {
    **SINGLE,
    "byDimension": _by_dimension,
    "sequence": _sequence,
    "bijection": _bijection,
    "inverseOf": _inverse_of,
}
