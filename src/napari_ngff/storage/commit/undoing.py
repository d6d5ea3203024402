"""Saves of documents taken back, by the history. Knows records; not what they say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit.documents import replace_documents
from napari_ngff.storage.commit.finding_documents import place_of
from napari_ngff.storage.commit.history import folder_of, forget, history
from napari_ngff.storage.commit.interrupted import recover_documents
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.commit.whole import read_whole

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.commit.history import Entry


def undo_last(store: str | os.PathLike[str]) -> tuple[Problem, ...]:
    """Take the last save of documents back; again, the one before it.

    Parameters
    ----------
    store
        The store's folder, as `Location.url` says it.

    Returns
    -------
    tuple of Problem
        As of `documents.replace_documents`.

    Raises
    ------
    ChangedMeanwhile
        If a document was changed since by another program.
    CannotSave
        If there is nothing to take back, or the store cannot be written to.
    """
    told = recover_documents(Path(store))
    try:
        entry = _last(Path(os.path.realpath(store)))
    except OSError as error:
        raise cannot_save(Path(store), error) from error
    if entry is None:
        reason = "no earlier version of its metadata is kept on this computer"
        raise CannotSave(plain(str(store), limit=1024), reason)
    changes = {key: (new, old) for key, (old, new) in entry.files.items()}
    note = f"undo: {entry.note}"
    return told + replace_documents(store, changes, note=note, undoes=entry.name)


def restore(store: str | os.PathLike[str], entry: Entry) -> tuple[Problem, ...]:
    """Let the documents be what they were before a save, whatever came after it.

    That is a save as any other, and can be taken back.

    Parameters
    ----------
    store
        The store's folder, as `Location.url` says it.
    entry
        One of its `history`: later saves are taken back, too.

    Returns
    -------
    tuple of Problem
        As of `documents.replace_documents`.

    Raises
    ------
    ChangedMeanwhile
        If another program changes a document just now.
    CannotSave
        If the store cannot be written to.
    """
    told = recover_documents(Path(store))
    root = Path(os.path.realpath(store))
    wanted: dict[str, bytes | None] = {}
    try:
        for each in history(root):
            if each.name >= entry.name:
                wanted |= {key: old for key, (old, _) in each.files.items()}
        changes = {
            key: (read_whole(place_of(root, key)), old) for key, old in wanted.items()
        }
    except OSError as error:
        raise cannot_save(root, error) from error
    when = f"{entry.when:%Y-%m-%d %H:%M:%S}"
    return told + replace_documents(root, changes, note=f"as it was before {when}")


def _last(root: Path) -> Entry | None:
    """Return the last save that was not taken back; forget those that never were.

    An entry is written before its save: one that was killed then has changed nothing.
    """
    found = history(root)
    undone = {entry.undoes for entry in found}
    for entry in found:
        if entry.undoes or entry.name in undone:
            continue
        there = {key: read_whole(place_of(root, key)) for key in entry.files}
        if all(there[key] == old for key, (old, _) in entry.files.items()):
            forget(folder_of(root) / entry.name)
            continue
        return entry
    return None
