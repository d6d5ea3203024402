"""Transformations that are not made of others: an object of the JSON to a `Transform`.

Knows the parameters of each such type of 0.6. Bad parameters give None and a problem, a
bad number in a list of factors or offsets is replaced by one that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from napari_ngff.metadata import transforms as model
from napari_ngff.metadata.versions import development
from napari_ngff.metadata.versions.parameters import (
    Ends,
    mismatch,
    read_indices,
    read_matrix,
    read_path,
    read_vector,
)
from napari_ngff.metadata.versions.values import NAME, TEXT, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

_METHODS: Final = ("nearest", "linear", "bspline-cubic")

Read: TypeAlias = Callable[
    ["Notes", Mapping[str, Any], "Loc", Ends], model.Transform | None
]
"""Notes, the object, where it is, and the axes at its ends → the transform."""


def _identity(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    if None not in (ends.input, ends.output) and not _same(ends):
        mismatch(notes, loc, "An identity is", len(ends.input or ()), ends)
        return None
    return model.Identity()


def _same(ends: Ends) -> bool:
    return len(ends.input or ()) == len(ends.output or ())


def _scale(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    found = read_vector(notes, value, "scale", loc, ends)
    if found is not None and 0.0 in found:
        # "Values in the `scale` array SHOULD be non-zero".
        text = "A factor of 0 makes everything flat. Write the pixel size."
        where = (*loc, "scale", found.index(0.0))
        notes.add("scale-zero", where, text, "warning")
    if found is None:
        return None
    assumed = tuple(index for index, factor in enumerate(found) if factor is None)
    factors = tuple(1.0 if factor is None else factor for factor in found)
    return model.Scale(factors, assumed)


def _translation(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    found = read_vector(notes, value, "translation", loc, ends)
    if found is None:
        return None
    return model.Translation(tuple(offset or 0.0 for offset in found))


def _affine(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    if path := read_path(notes, value, "affine", loc):
        return model.Affine(path=path)
    matrix = read_matrix(notes, value, "affine", loc)
    if matrix is None:
        return None
    # "the outer array MUST be length `M` and the inner arrays MUST be length `N+1`."
    shape = (len(matrix), len(matrix[0]))
    wanted = (
        shape[0] if ends.output is None else len(ends.output),
        shape[1] if ends.input is None else len(ends.input) + 1,
    )
    if shape != wanted or shape[1] < 2:
        text = f"The matrix is {shape[0]} x {shape[1]}; it must be {wanted[0]} x "
        text += f"{wanted[1]} (the last column is the offset). It is not applied."
        notes.add("transform-length", (*loc, "affine"), text)
        return None
    return model.Affine(matrix)


def _rotation(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    if path := read_path(notes, value, "rotation", loc):
        return model.Rotation(path=path)
    matrix = read_matrix(notes, value, "rotation", loc)
    if matrix is None:
        return None
    # "the outer array MUST be length `N` and the inner arrays MUST be length `N`."
    sizes = {len(n) for n in (ends.input, ends.output) if n is not None}
    if {len(matrix), len(matrix[0])} | sizes != {len(matrix)}:
        mismatch(notes, (*loc, "rotation"), "The matrix is not", len(matrix), ends)
        return None
    # "MUST have determinant equal to one, with orthonormal rows and columns."
    if not model.is_rotation(matrix):
        text = "The matrix is not a rotation (its rows must be orthonormal and its "
        text += "determinant 1). It is applied as it is; write it as 'affine'."
        notes.add("transform-rotation", (*loc, "rotation"), text)
    return model.Rotation(matrix)


def _map_axis(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    value = development.map_axis(notes, value, loc, ends.input, ends.output)
    indices = read_indices(notes, value, "mapAxis", loc)
    if indices is None:
        return None
    # "The length of the array MUST equal the number of dimensions in both the input
    # and output coordinate systems. Each integer in the array MUST be a valid
    # zero-based index into the input coordinate system's axes … Each index MUST
    # appear exactly once in the array."
    sizes = {len(n) for n in (ends.input, ends.output) if n is not None}
    if sizes | {len(indices)} != {len(indices)}:
        mismatch(notes, (*loc, "mapAxis"), "'mapAxis' is", len(indices), ends)
        return None
    if sorted(indices) != list(range(len(indices))):
        text = f"'mapAxis' must have each of 0 to {len(indices) - 1} once. It is not "
        notes.add("transform-indices", (*loc, "mapAxis"), text + "applied.")
        return None
    return model.MapAxis(indices)


def _project_axis(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    keys = ("droppedInputs", "createdOutputs")
    if all(value.get(key) is None for key in keys):
        text = "'droppedInputs' and 'createdOutputs' are both missing. It is not "
        notes.add("transform-parameters-missing", loc, text + "applied.")
        return None
    found = []
    for key, names in zip(keys, (ends.input, ends.output), strict=True):
        indices = () if value.get(key) is None else read_indices(notes, value, key, loc)
        if indices is None:
            return None
        # "The values in the `createdOutputs` array MUST be unique"; so the
        # `droppedInputs`; each is an index into its coordinate system.
        size = float("inf") if names is None else len(names)
        if len(set(indices)) < len(indices) or any(i >= size for i in indices):
            below = f" below {size}" if names is not None else ""
            text = f"'{key}' must be different indices of axes{below}. "
            notes.add("transform-indices", (*loc, key), text + "It is not applied.")
            return None
        found.append(indices)
    dropped, created = found
    if ends.input is not None and ends.output is not None:
        left = len(ends.input) - len(dropped) + len(created)
        if left != len(ends.output):
            mismatch(notes, loc, "The result is", left, ends)
            return None
    return model.ProjectAxis(dropped, created)


def _field(
    notes: Notes, value: Mapping[str, Any], loc: Loc, ends: Ends
) -> model.Transform | None:
    path = notes.get(value, "path", loc, NAME, of="transform", absent="error")
    method = notes.get(value, "interpolation", loc, TEXT, of="transform")
    if method is not None and method not in _METHODS:
        text = f"The interpolation {shown(method)} is not one of {', '.join(_METHODS)}."
        notes.add("transform-interpolation", (*loc, "interpolation"), text, "info")
    if path is None:
        return None
    known = None not in (ends.input, ends.output)
    if value["type"] == "displacements" and known and not _same(ends):
        # The specification: "`displacements` require `M=N`."
        mismatch(notes, loc, "Displacements are", len(ends.input or ()), ends)
        return None
    return model.Field(type=value["type"], path=path, interpolation=method)


SINGLE: Final[Mapping[str, Read]] = {
    "identity": _identity,
    "scale": _scale,
    "translation": _translation,
    "rotation": _rotation,
    "affine": _affine,
    "mapAxis": _map_axis,
    "projectAxis": _project_axis,
    "displacements": _field,
    "coordinates": _field,
}
"""How each type is read."""
