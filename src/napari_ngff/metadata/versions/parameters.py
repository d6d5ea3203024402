"""Parameters of transformations: vectors, matrices, indices, and whether they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.versions.values import INDEX, NAME, number, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.transforms import Matrix
    from napari_ngff.metadata.versions.notes import Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Axis names of the systems that a transform maps from and to; None: unknown.

    An axis whose name is not known has the name ``""``.
    """

    input: tuple[str, ...] | None = None
    output: tuple[str, ...] | None = None


def mismatch(notes: Notes, loc: Loc, what: str, got: int, ends: Ends) -> None:
    """Note that parameters are for another number of axes than there are."""
    sizes = {len(names) for names in (ends.input, ends.output) if names is not None}
    text = f"{what} for {got} axes, but there are "
    text += f"{' and '.join(map(str, sorted(sizes)))}. It is not applied; correct it."
    notes.add("transform-length", loc, text)


def read_vector(
    notes: Notes, value: Mapping[str, Any], key: str, loc: Loc, ends: Ends
) -> tuple[float | None, ...] | None:
    """Return the list of numbers at `key`; None, with a problem, if it is no good.

    One that is no finite number is None, with a problem.
    """
    if value.get(key) is None and "path" in value:
        # 0.6, table of types: `scale` and `translation` have the field "List[number]"
        # alone; 0.4 and 0.5 allowed "binary data at a location in this container".
        text = f"'{key}' must be a list here, not the 'path' of an array. "
        notes.add("transform-path", (*loc, "path"), text + "It is not applied.")
        return None
    limit = notes.limits.matrix_items
    items = notes.items(value, key, loc, of="transform", limit=limit, absent="error")
    if items is None:
        return None
    if not items:
        text = f"'{key}' is empty; it must have one number for each axis."
        notes.add("transform-length", (*loc, key), text)
        return None
    neutral = "1, without a unit," if key == "scale" else "0"
    found = []
    for index, item in enumerate(items):
        taken = number(item)
        if taken is None:
            text = f"This is {shown(item)}, but must be a finite number; {neutral} "
            notes.add("transform-number", (*loc, key, index), text + "is used.")
        found.append(taken)
    # 0.6: "Input and output dimensionality MUST be identical and MUST equal the the
    # length of the `scale` array (N)". 0.4: "The length of the `scale` and
    # `translation` array MUST be the same as the length of "axes"."
    lengths = {len(n) for n in (ends.input, ends.output) if n is not None}
    if lengths not in (set(), {len(found)}):
        mismatch(notes, (*loc, key), f"'{key}' is", len(found), ends)
        return None
    return tuple(found)


def read_matrix(
    notes: Notes, value: Mapping[str, Any], key: str, loc: Loc
) -> Matrix | None:
    """Return the nested list at `key` if it is a matrix of finite numbers."""
    rows = notes.items(
        value, key, loc, of="transform", limit=notes.limits.matrix_items, absent="error"
    )
    if rows is None:
        return None
    # "The matrix MUST be stored as 2D nested array (an array of arrays of numbers)".
    lists = [list(row) if isinstance(row, (list, tuple)) else [] for row in rows]
    columns = {len(row) for row in lists}
    if len(columns) != 1 or 0 in columns:
        text = f"'{key}' must be a list of rows, all of the same length. It is not "
        notes.add("transform-matrix", (*loc, key), text + "applied.")
        return None
    if len(lists) * columns.pop() > notes.limits.matrix_items:
        text = f"'{key}' has more than {notes.limits.matrix_items} numbers."
        notes.add("limit-exceeded", (*loc, key), text)
        return None
    found = []
    for i, row in enumerate(lists):
        numbers = [number(item) for item in row]
        if None in numbers:
            at = numbers.index(None)
            text = f"This is {shown(row[at])}, but must be a finite number. "
            text += "The matrix is not applied."
            notes.add("transform-number", (*loc, key, i, at), text)
            return None
        found.append(tuple(n for n in numbers if n is not None))
    return tuple(found)


def read_path(notes: Notes, value: Mapping[str, Any], key: str, loc: Loc) -> Any:
    """Return ``value["path"]`` where the parameters are in an array, else None."""
    if value.get(key) is not None or value.get("path") is None:
        return None
    return notes.get(value, "path", loc, NAME, of="transform")


def read_indices(
    notes: Notes, value: Mapping[str, Any], key: str, loc: Loc
) -> tuple[int, ...] | None:
    """Return the list of indices at `key`; None, with a problem, if it is not one."""
    limit = notes.limits.matrix_items
    items = notes.items(value, key, loc, of="transform", limit=limit, absent="error")
    if items is None:
        return None
    found = [INDEX.read(item) for item in items]
    if None in found:
        at = found.index(None)
        text = f"This is {shown(items[at])}, but must be {INDEX.words}. "
        notes.add("transform-number", (*loc, key, at), text + "It is not applied.")
        return None
    return tuple(found)
