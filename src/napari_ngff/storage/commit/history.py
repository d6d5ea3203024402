"""Earlier versions of documents, kept outside of the stores. Knows records of edits.

Each save is one file, by the real path of its store, in the user's own folder. It is
written before the save is: what was replaced can always be had again.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.journal import Record, read_record, write_record
from napari_ngff.storage.commit.own_folder import make_folders, name_of, own_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from napari_ngff.storage.commit.journal import Pair

#: How many saves of a store are kept.
KEPT: Final = 32
_ENDING: Final = ".json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A save that can be taken back.

    Attributes
    ----------
    name
        What tells it from the others of its store; later ones come after it in order.
    record
        What it did.
    """

    name: str
    record: Record

    @property
    def when(self) -> datetime:
        """When it was saved, in local time."""
        return datetime.fromtimestamp(self.record.when).astimezone()

    @property
    def note(self) -> str:
        """What was done, in a few words."""
        return self.record.note

    @property
    def files(self) -> Mapping[str, Pair]:
        """By key: what was there and what was saved; None: nothing."""
        return self.record.files

    @property
    def undoes(self) -> str:
        """The name of the entry that it took back; empty for any other save."""
        return self.record.undoes


def folder_of(store: str | os.PathLike[str]) -> Path:
    """Return the folder that the saves of a store are kept in."""
    return own_folder() / "history" / name_of(Path(store))


def history(store: str | os.PathLike[str]) -> tuple[Entry, ...]:
    """Return the saves of a store that are kept, the latest first.

    Parameters
    ----------
    store
        The store's folder, as `Location.url` says it.

    Raises
    ------
    OSError
        If they are there and cannot be read.
    """
    found = []
    folder = folder_of(store)
    for name in reversed(_names(folder)):
        with suppress(ValueError):  # of a later version, or not ours
            record = read_record(folder / name)
            if record is not None:
                found.append(Entry(name=name, record=record))
    return tuple(found)


def remember(store: Path, record: Record) -> Path:
    """Keep a save that is about to be done; let the oldest ones go.

    Returns
    -------
    Path
        The entry; see `forget`.

    Raises
    ------
    OSError
        If it cannot be kept.
    """
    folder = folder_of(store)
    make_folders(folder)
    names = _names(folder)
    last = int(names[-1].removesuffix(_ENDING)) if names else 0
    path = folder / f"{max(time.time_ns(), last + 1):020d}{_ENDING}"
    try:
        write_record(path, record)
    except BaseException:
        with suppress(OSError):  # the error that counts is on its way
            forget(path)
        raise
    for name in names[: max(0, len(names) + 1 - KEPT)]:
        forget(folder / name)
    return path


def forget(path: Path) -> None:
    """Let an entry go, as of a save that was not done after all."""
    for each in (path, path.with_name(f"{path.name}.part")):
        if files.exists(each):
            files.unlink(each)


def _names(folder: Path) -> list[str]:
    try:
        entries = files.entries(folder)
    except FileNotFoundError:
        return []
    stems = (entry.name.removesuffix(_ENDING) for entry in entries)
    return sorted(f"{stem}{_ENDING}" for stem in stems if stem.isdecimal())
