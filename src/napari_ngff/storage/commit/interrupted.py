"""Edits of documents that were interrupted, completed from their journals.

Knows where journals are. What is there tells what to do: where each document is the old
one or the new one, all become new. Where one is another, somebody has been there since:
nothing is changed, and the journal goes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError, Problem
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.finding_documents import place_of
from napari_ngff.storage.commit.journal import Record, read_record
from napari_ngff.storage.commit.locks import locked
from napari_ngff.storage.commit.places import journals, of_edit, stem
from napari_ngff.storage.commit.swapping import Step, prepare, put, tidy
from napari_ngff.storage.commit.whole import read_whole, unlink_there

if TYPE_CHECKING:
    from collections.abc import Iterable

#: For how long one who only opens a store waits for an edit that goes on, in seconds.
_PATIENCE: Final = 2.0


def journal_for(root: Path) -> Path:
    """Return where an edit keeps its journal: inside where nothing can go beside."""
    beside, inside = journals(root)
    return beside if os.access(beside.parent, os.W_OK | os.X_OK) else inside


def recover_documents(store: Path) -> tuple[Problem, ...]:
    """Complete an edit of a store that was interrupted; cheap where there is none.

    Returns
    -------
    tuple of Problem
        What is not as it should be. One that goes on just now is none.
    """
    root = Path(os.path.realpath(store))
    try:
        if not any(files.exists(path) for path in _all_of(root)):
            return ()
        with locked(root, patience=_PATIENCE):
            return finish(root)
    except (NgffError, OSError) as error:
        message = (
            f"an edit of {plain(root.name)} was interrupted, and cannot be completed "
            f"now: {plain(str(error), limit=1024)}"
        )
        return (Problem(level="warning", kind="edit-interrupted", message=message),)


def recover_beside(parent: Path, names: Iterable[str]) -> tuple[Problem, ...]:
    """Complete the edits whose journals are in a folder.

    Parameters
    ----------
    parent
        The folder that stores are in.
    names
        What is in it. A journal whose store has gone is removed.
    """
    problems: list[Problem] = []
    for name in names:
        found = of_edit(name)
        if found is not None and found[0] and found[1].startswith("journal"):
            problems += _recover_one(parent / name, found[0])
    return tuple(problems)


def _recover_one(path: Path, text: str) -> tuple[Problem, ...]:
    try:
        name = _name_in(path) or text
        store = path.with_name(name)
        if stem(name) != text or files.exists(store):
            return recover_documents(store)
        unlink_there(path)
    except OSError as error:
        return (_unreadable(path, error),)
    return ()


def _name_in(path: Path) -> str:
    """Return the name of a journal's store; empty where it does not say."""
    try:
        record = read_record(path)
    except ValueError:
        return ""
    return "" if record is None else os.path.basename(record.name)


def finish(root: Path) -> tuple[Problem, ...]:
    """Complete what was interrupted, under the store's lock.

    Raises
    ------
    OSError
        If the file system refuses; it can be tried again.
    CannotSave
        If a document may not be written to.
    """
    told: list[Problem] = []
    for journal in journals(root):
        part = journal.with_name(f"{journal.name}.part")
        unlink_there(part)
        try:
            record = read_record(journal)
        except ValueError as error:
            told.append(_unreadable(journal, error))
            continue
        if record is not None:
            told += _completed(root, record)
            unlink_there(journal)
            files.sync_folder(journal.parent)
    return tuple(told)


def _completed(root: Path, record: Record) -> list[Problem]:
    shown = plain(str(root), limit=1024)
    steps = [
        Step(store=shown, key=key, path=place_of(root, key), old=old, new=new)
        for key, (old, new) in record.files.items()
    ]
    found = [read_whole(step.path) for step in steps]
    states = list(zip(steps, found, strict=True))
    strange = [s.key for s, there in states if there not in (s.old, s.new)]
    if not strange:
        for step, there in states:
            if there != step.new:
                prepare(step)
                put(step)
        for folder in {step.path.parent for step in steps}:
            files.sync_folder(folder)
    for step in steps:
        if step.path.parent.is_dir():
            tidy(step)
    return [_changed_since(root, strange)] if strange else []


def _changed_since(root: Path, keys: list[str]) -> Problem:
    message = (
        f"an edit of {plain(root.name)} was interrupted, and another program has "
        f"changed {plain(', '.join(keys))} since. It was not completed: look whether "
        "all documents fit together. The earlier ones are in the history."
    )
    return Problem(level="warning", kind="edit-interrupted", message=message)


def _all_of(root: Path) -> Iterable[Path]:
    for journal in journals(root):
        yield journal
        yield journal.with_name(f"{journal.name}.part")


def _unreadable(path: Path, error: Exception) -> Problem:
    message = (
        f"{plain(path.name)} looks like what an interrupted edit left, and cannot be "
        f"read: {plain(str(error))}. If nothing is being saved, remove it by hand."
    )
    return Problem(level="warning", kind="leftover", message=message)
