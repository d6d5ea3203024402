"""A draft saved: its documents are put in place, all of them or none.

Knows what belongs together; how a store is changed is known by `storage.commit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.editing.documents import read_again
from napari_ngff.storage.commit.documents import replace_documents

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.draft import Draft

__all__ = ["save"]


def save(draft: Draft, *, note: str = "") -> Draft:
    """Save a draft; return one of what is stored then, without edits.

    What there is to tell of it is in its `told`.

    Only the bytes of the values that change are changed. Another program's changes are
    never overwritten. The documents that are replaced are kept in a history.

    Parameters
    ----------
    draft
        What to save.
    note
        What is done, in a few words, for the history; by default what is edited.

    Raises
    ------
    ChangedMeanwhile
        If a document is not what it was when the draft was opened. Nothing was saved:
        see `conflicts`, and `Draft.on` to make the edits to what is stored now.
    CannotSave
        If the store is read-only or cannot be written to. Nothing was saved.
    """
    stored = draft.documents
    if stored.read_only:
        raise CannotSave(plain(stored.store, limit=1024), stored.read_only)
    told: tuple[Problem, ...] = ()
    if draft.patch:
        named = note or _note(draft)
        told = replace_documents(stored.store, draft.patch.files, note=named)
    return draft.saved(read_again(stored), told)


def _note(draft: Draft) -> str:
    """Say which fields are edited: ``axis 0 unit, pixel size``."""
    told = []
    for edit in draft.edits:
        name = edit.field
        parts = name if isinstance(name, tuple) else (name,)
        told.append(" ".join(str(part).replace("_", " ") for part in parts))
    return plain(", ".join(dict.fromkeys(told)), limit=200)
