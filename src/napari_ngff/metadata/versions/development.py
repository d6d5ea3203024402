"""Syntaxes of the development versions 0.6.dev1 to 0.6.dev4, made those of 0.6.

Each function gives back what it was given where there is nothing to be done, and notes
``development-syntax`` where there was: a warning in a document that says it is of a
development version, else an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.metadata.model import Endpoint
from napari_ngff.metadata.versions.values import TEXT, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

    Names: TypeAlias = tuple[str, ...] | None

_AXES: Final = (("input_axes", "inputAxes"), ("output_axes", "outputAxes"))


def _note(notes: Notes, loc: Loc, what: str, instead: str) -> None:
    text = f"{what} is the syntax of a development version. Write {instead}."
    notes.add("development-syntax", loc, text)


def endpoint(
    notes: Notes,
    holder: Mapping[str, Any],
    key: Literal["input", "output"],
    loc: Loc,
    means: Literal["name", "path"],
) -> Endpoint:
    """Return one end of a transformation; of a text, what it `means`."""
    value = holder.get(key)
    where = (*loc, key)
    if isinstance(value, str):
        # 0.6.dev1 to dev3. 0.6: "The `input` and `output` fields are objects".
        instead = f'{{"{means}": …}}'
        _note(notes, where, f"A text as '{key}'", instead)
        return Endpoint(**{means: value})
    if isinstance(value, Mapping):
        found = Endpoint(
            name=notes.get(value, "name", where, TEXT, of="endpoint"),
            path=notes.get(value, "path", where, TEXT, of="endpoint"),
        )
        if found != Endpoint():
            return found
    # "`input` | object | yes, unless part of a wrapper transform".
    state = "missing" if value is None else shown(value)
    text = f"'{key}' is {state}; it must be an object that names a coordinate system."
    notes.add("endpoint-missing", loc if value is None else where, text)
    return Endpoint()


def map_axis(
    notes: Notes, value: Mapping[str, Any], loc: Loc, inputs: Names, outputs: Names
) -> Mapping[str, Any]:
    """Return a `mapAxis` with indices where it has names."""
    names = value.get("mapAxis")
    if isinstance(names, Mapping) and outputs is not None:
        names = [names.get(output) for output in outputs]
    if inputs is None or not isinstance(names, list) or not names:
        return value
    if not all(isinstance(name, str) and name in inputs for name in names):
        return value
    _note(notes, (*loc, "mapAxis"), "Names of axes", "their indices")
    return {**value, "mapAxis": [inputs.index(name) for name in names]}


def by_dimension(
    notes: Notes, item: Mapping[str, Any], loc: Loc, inputs: Names, outputs: Names
) -> Mapping[str, Any]:
    """Return a part of `byDimension` with the keys and indices of 0.6."""
    found = dict(item)
    if "transformation" not in item and isinstance(item.get("type"), str):
        _note(notes, loc, "A bare transformation", "it under 'transformation'")
        notes.alias((*loc, "transformation"), loc)
        found["transformation"] = item
    for (old, new), names in zip(_AXES, (inputs, outputs), strict=True):
        if new not in found and old in found:
            notes.alias((*loc, new), (*loc, old))
            _note(notes, (*loc, old), f"'{old}'", f"'{new}'")
            found[new] = found[old]
        axes = found.get(new)
        if names is None or not isinstance(axes, list) or not axes:
            continue
        if all(isinstance(axis, str) and axis in names for axis in axes):
            _note(notes, (*loc, new), "Names of axes", "their indices")
            found[new] = [names.index(axis) for axis in axes]
    return found


def inverse_of(notes: Notes, value: Mapping[str, Any], loc: Loc) -> Any:
    """Return the transformation whose inverse is meant."""
    instead = "the inverse itself, or swap 'input' and 'output'"
    _note(notes, (*loc, "type"), "'inverseOf'", instead)
    if "transformation" not in value:
        notes.alias((*loc, "transformation"), loc)
    return value.get("transformation")
