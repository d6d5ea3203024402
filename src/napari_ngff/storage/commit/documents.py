"""Documents of a store changed in place: all of them, or none.

Knows files and what was in them; nothing of what they say. An edit compares what is
there with what was read, writes a journal, lets each new document take its place by one
rename, and removes the journal. One that was interrupted is completed from its journal
when the store is next opened, edited or saved.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, Problem
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.finding_documents import place_of, why_read_only
from napari_ngff.storage.commit.history import forget, remember
from napari_ngff.storage.commit.interrupted import finish, journal_for
from napari_ngff.storage.commit.journal import Record, write_record
from napari_ngff.storage.commit.locks import locked
from napari_ngff.storage.commit.neighbours import refuse_inside_others
from napari_ngff.storage.commit.swapping import (
    Step,
    compare,
    confirm,
    prepare,
    put,
    put_back,
    tidy,
)
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.commit.whole import unlink_there
from napari_ngff.storage.renewed import renew

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.storage.commit.journal import Pair

__all__ = ["replace_documents", "why_read_only"]

_KEEP: Final = "Make room or give back the rights in it."


def replace_documents(
    store: str | os.PathLike[str],
    changes: Mapping[str, Pair],
    *,
    note: str,
    undoes: str = "",
) -> tuple[Problem, ...]:
    """Let documents of a store change together, or not at all.

    Parameters
    ----------
    store
        The store's folder, as `Location.url` says it.
    changes
        By key, such as ``labels/cells/zarr.json``: the bytes that were read and those
        that are to be there. None: there is no such document.
    note
        What is done, in a few words, for the history.
    undoes
        The name of the entry of the history that this takes back, if it does.

    Returns
    -------
    tuple of Problem
        What could not be tidied up, and whether no history could be kept.

    Raises
    ------
    ChangedMeanwhile
        If a document is not what was read. Nothing is changed.
    CannotSave
        If the store is read-only, is being replaced by a save, or the file system
        refuses. Nothing is changed.
    """
    if reason := why_read_only(store):
        raise CannotSave(plain(str(store), limit=1024), reason)
    root = Path(os.path.realpath(store))
    steps = _steps(root, changes)
    if not steps:
        return ()
    record = Record(
        name=root.name,
        when=time.time(),
        note=note,
        files={key: pair for key, pair in changes.items() if pair[0] != pair[1]},
        undoes=undoes,
    )
    try:
        with locked(root):
            told = finish(root)
            refuse_inside_others(root, *(step.path for step in steps))
            for step in steps:
                compare(step)
            steps = [step for step in steps if step.old != step.new]
            return told if not steps else (*told, *_save(root, record, steps))
    except OSError as error:
        raise cannot_save(root, error) from error


def _steps(root: Path, changes: Mapping[str, Pair]) -> list[Step]:
    """Return what to do, in order: no reader finds a node without any document.

    What is new or other comes first, the root's last of all; then what goes.
    """
    shown = plain(str(root), limit=1024)
    places = {key: place_of(root, key) for key in changes}
    there = {
        places[key].parent: places[key] for key, (old, _) in changes.items() if old
    }
    usual = next(iter(there.values()), None)
    steps = [
        Step(
            store=shown,
            key=key,
            path=places[key],
            old=old,
            new=new,
            like=there.get(places[key].parent, usual),
        )
        for key, (old, new) in changes.items()
    ]
    return sorted(steps, key=lambda step: (step.new is None, -step.key.count("/")))


def _save(root: Path, record: Record, steps: Sequence[Step]) -> tuple[Problem, ...]:
    journal = journal_for(root)
    if files.exists(journal):  # it could not be read: see `finish`
        reason = f"{plain(str(journal), limit=1024)} is in the way"
        raise CannotSave(plain(str(root), limit=1024), reason, "Remove it by hand.")
    entry, told = _remembered(root, record)
    try:
        write_record(journal, record)
        for step in steps:
            prepare(step)
        stamps = [put(step) for step in steps]
        for step in steps:
            confirm(step)
        _sync(steps)
    except BaseException:
        _take_back(root, journal, steps)
        if entry is not None:
            with suppress(OSError):  # it says what is there still, and does no harm
                forget(entry)
        raise
    renew(stamp for stamp in stamps if stamp is not None)
    return (*told, *_tidied(journal, steps))


def _remembered(root: Path, record: Record) -> tuple[Path | None, tuple[Problem, ...]]:
    """Keep what will be replaced; go on without where nothing is removed by that."""
    try:
        return remember(root, record), ()
    except OSError as error:
        said = plain(error.strerror or str(error))
        where = plain(str(error.filename or ""), limit=1024)
        message = (
            f"the earlier version could not be kept in {where}: {said}. This save "
            f"cannot be undone. {_KEEP}"
        )
        if any(new is None for _, new in record.files.values()):
            shown = plain(str(root), limit=1024)
            raise CannotSave(
                shown, f"what it removes cannot be kept: {said}"
            ) from error
        return None, (Problem(level="warning", kind="no-history", message=message),)


def _take_back(root: Path, journal: Path, steps: Sequence[Step]) -> None:
    """Let all be as it was; what is left where that fails is found by its journal.

    Raises
    ------
    CannotSave
        If a document could not be put back.
    """
    try:
        for step in reversed(steps):
            put_back(step)
        with suppress(OSError):  # what fails now has not been made durable before
            _sync(steps)
        for step in steps:
            tidy(step)
        unlink_there(journal.with_name(f"{journal.name}.part"))
        unlink_there(journal)
    except OSError as error:
        reason = (
            "saving failed half-way, and not all could be put back "
            f"({plain(error.strerror or str(error))})"
        )
        advice = "It is completed when it is next opened or saved."
        raise CannotSave(plain(str(root), limit=1024), reason, advice) from error


def _sync(steps: Sequence[Step]) -> None:
    for folder in {step.path.parent for step in steps}:
        files.sync_folder(folder)


def _tidied(journal: Path, steps: Sequence[Step]) -> tuple[Problem, ...]:
    try:
        for step in steps:
            tidy(step)
        unlink_there(journal)
        files.sync_folder(journal.parent)
    except OSError as error:
        message = (
            f"{plain(journal.name)}, with which it was saved, cannot be removed: "
            f"{plain(error.strerror or str(error))}. The next save tries it again."
        )
        return (Problem(level="info", kind="leftover", message=message),)
    return ()
