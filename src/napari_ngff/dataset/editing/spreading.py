"""The documents of a store after an edit, consolidated metadata with them.

Knows who repeats whom, and how a copy follows what it is of; nothing of edits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.patch import (
    MISSING,
    Change,
    apply,
    at,
    difference,
    same,
)
from napari_ngff.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from napari_ngff.core.patch import Changes
    from napari_ngff.dataset.editing.stored import (
        Copy,
        StoredDocument,
        StoredDocuments,
    )

#: What becomes of copies that were out of date before: kept so, or brought up to date.
Stale: TypeAlias = Literal["keep", "update"]
_INSIDE: Final = "consolidated_metadata"


def changes_by_key(
    stored: StoredDocuments, values: Mapping[str, Any], *, stale: Stale = "keep"
) -> dict[str, Changes]:
    """Return the changes of all documents, by key, those of copies included.

    Parameters
    ----------
    stored
        The documents as they are.
    values
        What they are to say, by node; nodes that are left out stay.
    stale
        What becomes of copies that are out of date already, in what is not changed.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for node, value in values.items():
        document = stored.documents[node]
        before[document.key] = document.value
        after[document.key] = value
    for document in stored.documents.values():
        new = values.get(document.node, document.value)
        for copy in stored.copies.get(document.key, ()):
            held = stored.holders[copy.key].value
            before.setdefault(copy.key, held)
            after[copy.key] = _followed(
                after.get(copy.key, held), copy, document, new, stale
            )
    found = ((key, difference(before[key], after[key])) for key in after)
    return {key: changes for key, changes in found if changes}


def _followed(
    holder: Any, copy: Copy, document: StoredDocument, new: Any, stale: Stale
) -> Any:
    """Return what holds a copy, with the copy following what it is of."""
    old = document.value
    if new is old and stale == "keep":
        return holder
    found = at(holder, copy.loc)
    wanted = None
    if stale == "keep" and found is not MISSING:
        wanted = _changed(found, difference(_copied(old), _copied(new)))
    if wanted is None:
        wanted = _copied(new)
        if isinstance(found, dict) and _INSIDE in found:
            wanted = {**wanted, _INSIDE: found[_INSIDE]}
    if found is MISSING and not document.data and not wanted:
        return holder
    return apply(holder, [Change(copy.loc, found, wanted)])


def _changed(value: Any, changes: Changes) -> Any | None:
    """Return a copy with changes of the original made; None if they do not fit it."""
    try:
        return apply(value, changes)
    except ValueError:
        return None


def _copied(value: Any) -> Any:
    """Return what a copy says of a document."""
    if not isinstance(value, dict) or _INSIDE not in value:
        return value
    return {key: item for key, item in value.items() if key != _INSIDE}


def _told(value: Any) -> Any:
    """Return what has to be the same in a copy: what we edit, and the shape."""
    if not isinstance(value, dict) or "zarr_format" not in value:
        return value
    names = ("attributes", "dimension_names", "shape")
    return {name: value[name] for name in names if value.get(name)}


def stale_copies(stored: StoredDocuments) -> Iterator[Problem]:
    """Yield a problem for each document with copies that are out of date."""
    wrong: dict[str, list[str]] = {}
    for document in stored.documents.values():
        for copy in stored.copies.get(document.key, ()):
            found = at(stored.holders[copy.key].value, copy.loc)
            if document.data is None and found is MISSING:
                continue
            if not same(_told(found), _told(document.value)):
                wrong.setdefault(copy.key, []).append(document.key)
    for key, originals in wrong.items():
        group = key.rpartition("/")[0]
        more = f" and {len(originals) - 1} more" if len(originals) > 1 else ""
        yield Problem(
            level="warning",
            kind="stale-consolidated",
            node=group,
            loc=(_INSIDE,) if key.endswith("zarr.json") else (),
            message=f"The consolidated metadata in {plain(key)} say something else "
            f"than {plain(originals[0])}{more}. Programs that read only them show the "
            "image in another way: bring them up to date.",
            brief="consolidated metadata out of date",
        )
