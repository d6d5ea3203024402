"""Earlier versions of a store's metadata: which are kept, and how they come back.

Knows saves one after the other; where they are kept is known by `storage.commit`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.document import parse
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.patch import difference
from napari_ngff.core.problems import DocumentError
from napari_ngff.dataset.editing.patching import Patch
from napari_ngff.storage.commit.history import Entry
from napari_ngff.storage.commit.history import history as _history
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.commit.undoing import restore as _restore
from napari_ngff.storage.commit.undoing import undo_last
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from napari_ngff.core.problems import Problem

__all__ = ["Entry", "history", "restore", "undo_last_save"]


def history(path: str | os.PathLike[str]) -> tuple[Entry, ...]:
    """Return the saves of a store that are kept, the latest first.

    Parameters
    ----------
    path
        A local store, or a path inside one.

    Raises
    ------
    CannotOpen, NotOmeZarr
        If there is no store.
    CannotSave
        If they are there and cannot be read.
    """
    store = open_location(path).url
    try:
        return _history(store)
    except OSError as error:
        raise cannot_save(store, error) from error


def undo_last_save(path: str | os.PathLike[str]) -> Patch:
    """Put back what was there before the last save that was not taken back yet.

    Returns
    -------
    Patch
        What changed.

    Raises
    ------
    ChangedMeanwhile
        If another program has changed what was saved. Nothing is changed.
    CannotSave
        If there is no such save, or the store cannot be written to.
    CannotOpen
        If there is no store.
    """
    return _taken_back(open_location(path).url, undo_last)


def restore(path: str | os.PathLike[str], entry: Entry) -> Patch:
    """Put back what was there before a save, whatever was saved after it.

    Parameters
    ----------
    path
        A local store, or a path inside one.
    entry
        Of its `history`.

    Returns
    -------
    Patch
        What changed.

    Raises
    ------
    ChangedMeanwhile, CannotSave, CannotOpen
        As `undo_last_save`.
    """
    return _taken_back(open_location(path).url, partial(_restore, entry=entry))


def _taken_back(store: str, change: Callable[[str], tuple[Problem, ...]]) -> Patch:
    """Change a store, and tell by its history what has changed."""
    before = {entry.name for entry in history(store)}
    told = change(store)
    new = [entry for entry in history(store) if entry.name not in before]
    files = {key: pair for entry in new for key, pair in entry.files.items()}
    changes = {
        key: difference(_value(old), _value(new)) for key, (old, new) in files.items()
    }
    return Patch(store=store, files=files, changes=changes, told=told)


def _value(data: bytes | None) -> Any:
    """Return what a document says; nothing of one that is no JSON."""
    try:
        return {} if data is None else parse(data, limits=LIMITS)[0]
    except DocumentError:
        return {}
