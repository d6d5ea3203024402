"""What may be replaced, and what must not be. Reads; changes nothing.

Knows files and members of archives by their names, and by what changes when they do.
Which of them belong to an image is for the caller to say.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, TargetExists
from napari_ngff.storage.commit.neighbours import refuse_with_other_inside
from napari_ngff.storage.commit.places import of_edit, ours
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.seen import Parts, Seen, every, named
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.keys.archive import ZipKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
    seen
        What is known to be replaced; if it is not that any more, as where somebody
        has painted on its labels, the save is refused. None: whatever it is.
    """

    allowed: Callable[[str], bool]
    seen: Seen | None = None


#: Leave to take the place of an empty folder.
NOTHING: Final = Replace(allowed=lambda path: False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is at a target.

    Attributes
    ----------
    foreign
        Paths of files that keep it from being replaced, at most a hundred.
    seen
        What the others are known by; not complete where there are `foreign` ones.
    saves
        Folders in it that a save made for itself.
    """

    foreign: tuple[str, ...]
    seen: Seen
    saves: tuple[Path, ...] = ()


def look_over(
    target: Path,
    allowed: Callable[[str], bool],
    counts: Callable[[str], bool] = every,
) -> Found:
    """Return what is at a target.

    Parameters
    ----------
    target
        A folder, or an archive.
    allowed
        See `Replace`. In a folder, links, pipes and devices are never allowed.
    counts
        See `Seen`; of an archive it is the file that counts.

    Raises
    ------
    CannotSave
        If a folder in it cannot be listed.
    Unreadable
        If it is a file and not a ZIP archive.
    """
    look = _below if target.is_dir() else _archive
    try:
        return look(target, allowed, counts)
    except OSError as error:
        raise cannot_save(target, error) from error


def _below(
    folder: Path, allowed: Callable[[str], bool], counts: Callable[[str], bool]
) -> Found:
    parts = Parts()
    foreign: list[str] = []
    saves: list[Path] = []
    for here, others in walk(folder):
        if (own := ours(here.name)) and own[2] == "part" and here != folder:
            saves.append(here)
        for name, entry in named(folder, here, others):
            if of_edit(entry.name) is not None:
                continue  # an edit of a document that goes on, or was interrupted
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # another save has replaced all of it meanwhile
            if not (allowed(name) and stat.S_ISREG(found.st_mode)):
                foreign.append(name)
            elif counts(name):
                parts.add(name, found)
        if len(foreign) > _NAMED:
            break
    return Found(
        foreign=tuple(foreign[:_NAMED]),
        seen=Seen(parts=parts.digests(), counts=counts),
        saves=tuple(saves),
    )


def _archive(
    file: Path, allowed: Callable[[str], bool], counts: Callable[[str], bool]
) -> Found:
    parts = Parts()
    parts.add("", os.stat(file))
    members = ZipKeys(str(file), limit=_DIRECTORY_BYTES).names()
    strange = (name for name in members if not (name.endswith("/") or allowed(name)))
    return Found(
        foreign=tuple(islice(strange, _NAMED)),
        seen=Seen(parts=parts.digests(), counts=counts),
    )


def refuse_foreign(place: Path, target: Path, replace: Replace) -> None:
    """Raise if something is at a place that must not be replaced.

    Parameters
    ----------
    place, target
        Where it is, and where that was before it was moved away.
    replace
        What may be.

    Raises
    ------
    TargetExists
        If files do not belong to what may be replaced.
    CannotSave
        If a part of it is just being saved, or something was changed since it was
        seen.
    """
    known = replace.seen
    found = look_over(place, replace.allowed, every if known is None else known.counts)
    for folder in found.saves:
        refuse_with_other_inside(folder, target)
    if found.foreign:
        raise _foreign(found.foreign, target, replace)
    if known is not None:
        _refuse_changed(target, known.parts, found.seen.parts)


def _foreign(names: tuple[str, ...], target: Path, replace: Replace) -> TargetExists:
    shown = ", ".join(plain(name) for name in names[:_SHOWN])
    more = " and more" if len(names) > _SHOWN else ""
    reason = f"there are files that do not belong to an image: {shown}{more}"
    if replace is NOTHING:
        reason = f"there is something already ({shown}{more})"
    advice = "Save under another name, or move them elsewhere first."
    return TargetExists(plain(str(target)), reason, advice, files=names)


def _refuse_changed(
    target: Path, before: Mapping[str, bytes], now: Mapping[str, bytes]
) -> None:
    every = sorted(before.keys() | now.keys())
    changed = [part for part in every if before.get(part) != now.get(part)]
    if not changed:
        return
    names = ", ".join(f"'{plain(part)}'" for part in changed[:_SHOWN] if part)
    where = f" (in {names})" if names else ""
    reason = f"another program, or another save, changed it meanwhile{where}"
    raise CannotSave(
        plain(str(target), limit=1024), reason, "Look at it and try again."
    )
