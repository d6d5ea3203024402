"""What may be replaced, and what must not be. Reads; changes nothing.

Knows files and members of archives by their names. Which names belong to an image is
for the caller to say.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import TargetExists
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.keys.archive import ZipKeys

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NAMED: Final = 100
_SHOWN: Final = 5
_DIRECTORY_BYTES: Final = 256 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """Leave to replace what is at the target.

    Attributes
    ----------
    allowed
        Tells of each file in it, by its path relative to the target with ``/``,
        whether it belongs to what is replaced. One that does not is never deleted:
        the save is refused by its name.
    """

    allowed: Callable[[str], bool]


#: Leave to take the place of an empty folder.
NOTHING: Final = Replace(allowed=lambda path: False)


def replaceable(target: Path, allowed: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the names of files at a target that keep it from being replaced.

    Parameters
    ----------
    target
        A folder, or an archive.
    allowed
        See `Replace`. In a folder, links, pipes and devices are never allowed.

    Returns
    -------
    tuple[str, ...]
        Paths below it, at most a hundred; empty where it may be replaced.

    Raises
    ------
    CannotSave
        If a folder in it cannot be listed.
    Unreadable
        If it is a file and not a ZIP archive.
    """
    names = _below(target, allowed) if target.is_dir() else _members(target, allowed)
    try:
        return tuple(islice(names, _NAMED))
    except OSError as error:
        raise cannot_save(target, error) from error


def refuse_foreign(place: Path, target: Path, replace: Replace) -> None:
    """Raise `TargetExists` if something is at a place that must not be replaced."""
    names = replaceable(place, replace.allowed)
    if not names:
        return
    shown = ", ".join(plain(name) for name in names[:_SHOWN])
    more = " and more" if len(names) > _SHOWN else ""
    reason = f"there are files that do not belong to an image: {shown}{more}"
    if replace is NOTHING:
        reason = f"there is something already ({shown}{more})"
    advice = "Save under another name, or move them elsewhere first."
    raise TargetExists(plain(str(target)), reason, advice, files=names)


def _below(folder: Path, allowed: Callable[[str], bool]) -> Iterator[str]:
    for here, others in walk(folder):
        prefix = here.relative_to(folder).as_posix()
        for entry in others:
            name = entry.name if prefix == "." else f"{prefix}/{entry.name}"
            if not (allowed(name) and _is_file_or_gone(entry)):
                yield name


def _is_file_or_gone(entry: os.DirEntry[str]) -> bool:
    try:
        return stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return True  # another save has replaced all of it meanwhile


def _members(file: Path, allowed: Callable[[str], bool]) -> Iterator[str]:
    for name in ZipKeys(str(file), limit=_DIRECTORY_BYTES).names():
        if not (name.endswith("/") or allowed(name)):
            yield name
