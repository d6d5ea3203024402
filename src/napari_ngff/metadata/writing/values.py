"""Values to plain JSON: what may stand in a document, and what may not.

Knows numbers (numpy's too), lists and objects; knows no key of the specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

#: Where something is that JSON has no word for, and what: no finite number, or a type.
Misfit: TypeAlias = tuple["Loc", Literal["number", "type"], str]


def plain_json(value: Any, misfits: list[Misfit], loc: Loc = ()) -> Any:
    """Return a value as JSON has it, with new lists and objects.

    Numbers keep all their digits, whole ones stay whole. What JSON cannot hold is
    None and noted in `misfits`, at `loc` and below.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if isfinite(value):
            return float(value)
        misfits.append((loc, "number", shown(value)))
        return None
    if isinstance(value, Mapping):
        return {
            str(key): plain_json(item, misfits, (*loc, str(key)))
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [
            plain_json(item, misfits, (*loc, index)) for index, item in enumerate(value)
        ]
    if hasattr(value, "tolist"):  # numpy's numbers and arrays
        listed = value.tolist()
        if not hasattr(listed, "tolist"):
            return plain_json(listed, misfits, loc)
    misfits.append((loc, "type", type(value).__name__))
    return None


def note_misfits(notes: Notes, misfits: Iterable[Misfit], loc: Loc, of: str) -> None:
    """Note what JSON has no word for; `of` says whose values they are."""
    for where, what, text in misfits:
        if what == "number":
            message = f"{of} has the number {text}, which JSON cannot hold: it is left "
            notes.add("not-finite", (*loc, *where), message + "empty.", "warning")
        else:
            message = f"{of} has a value of type {shown(text)}, which JSON cannot hold."
            notes.add("not-json", (*loc, *where), message + " Make it text.")


def without_none(**fields: Any) -> dict[str, Any]:
    """Return those that say something."""
    return {key: value for key, value in fields.items() if value is not None}


def merged(own: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with foreign keys behind its own, which count more."""
    return own | {key: value for key, value in extra.items() if key not in own}
