"""What another program changed in documents while they were edited here.

Knows three states of a document: as it was read, as it is stored now, as it would be
saved; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari_ngff.core.document import parse
from napari_ngff.core.patch import difference
from napari_ngff.core.problems import DocumentError
from napari_ngff.dataset.editing.three_way import Row, three_way

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.three_way import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One document that was changed by others since it was read.

    Attributes
    ----------
    key
        Of the document.
    base, theirs, ours
        Its bytes as they were read, as they are stored now, and as they would be
        saved; None: there is none.
    their_changes
        What the others changed; None where what is stored now cannot be read.
    our_changes
        What saving would change.
    contested
        Places that both change.
    rows
        The three of them side by side, line by line.
    """

    key: str
    base: bytes | None
    theirs: bytes | None
    ours: bytes | None
    their_changes: Changes | None
    our_changes: Changes
    contested: tuple[Loc, ...] = ()
    rows: tuple[Row, ...] = ()


def conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Return the documents of a draft that are not what they were when it was opened.

    Raises
    ------
    Unreadable, LimitExceeded
        If what is stored now cannot be read.
    """
    stored = draft.documents
    limits = stored.location.limits
    before: dict[str, bytes | None] = {h.key: h.data for h in stored.holders.values()}
    before |= {d.key: d.data for d in stored.documents.values()}
    found = []
    for key, base in before.items():
        theirs = stored.location.keys.get(key, limit=limits.document_bytes)
        if theirs == base:
            continue
        ours = draft.patch.files.get(key, (base, base))[1]
        found.append(_conflict(key, base, theirs, ours, draft, limits))
    return tuple(found)


def _conflict(
    key: str,
    base: bytes | None,
    theirs: bytes | None,
    ours: bytes | None,
    draft: Draft,
    limits: Limits,
) -> Conflict:
    ours_changed = draft.patch.changes.get(key, ())
    theirs_changed = _difference(base, theirs, limits)
    places = [change.loc for change in theirs_changed or ()]
    contested = tuple(
        change.loc
        for change in ours_changed
        if any(_meet(change.loc, place) for place in places)
    )
    return Conflict(
        key=key,
        base=base,
        theirs=theirs,
        ours=ours,
        their_changes=theirs_changed,
        our_changes=ours_changed,
        contested=contested,
        rows=_rows(base, theirs, ours, limits),
    )


def _rows(
    base: bytes | None, theirs: bytes | None, ours: bytes | None, limits: Limits
) -> tuple[Row, ...]:
    before, wanted = _value(base, limits), _value(ours, limits)
    try:
        now = _value(theirs, limits)
    except DocumentError:
        now = None
    if theirs is not None and now is not None:
        return three_way(before, now, wanted)
    state = "(there is none any more)" if theirs is None else "(no JSON any more)"
    mine = "(with your changes)" if ours != base else "(as it was)"
    mark: Mark = "contested" if ours != base else "theirs"
    return (Row(texts=("(as it was read)", state, mine), mark=mark),)


def _meet(one: Loc, other: Loc) -> bool:
    count = min(len(one), len(other))
    return one[:count] == other[:count]


def _difference(old: bytes | None, new: bytes | None, limits: Limits) -> Changes | None:
    try:
        return difference(_value(old, limits), _value(new, limits))
    except DocumentError:
        return None


def _value(data: bytes | None, limits: Limits) -> Any:
    return {} if data is None else parse(data, limits=limits)[0]
