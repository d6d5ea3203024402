"""What a save that has ended, or was killed, leaves: what to keep and what to remove.

Knows the places of a save, and what is in them tells everything:

- ``…ngff-old`` and no target: the save was interrupted between two renames. The old
  image is put back.
- ``…ngff-old``, a target, and something staged: interrupted likewise, and then somebody
  saved something else there. Nothing is touched; the old image may be wanted.
- else: the target is what it should be. All the rest is removed.

Nothing is touched whose owner lives, or may live on another machine.
"""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.interrupted import recover_beside
from napari_ngff.storage.commit.owners import fate, read_owner
from napari_ngff.storage.commit.places import Places, is_cut, ours, stem
from napari_ngff.storage.commit.removing import remove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from napari_ngff.storage.commit.owners import Owner

#: What file systems answer where a folder should go that somebody put something into.
_NOT_EMPTY: Final = frozenset({errno.ENOTEMPTY, errno.EEXIST})


def settle(places: Places) -> None:
    """Let a save have ended: the target is right, and nothing else is left.

    May be ended anywhere, and begun again.

    Raises
    ------
    OSError
        If something cannot be removed; all else is.
    FileExistsError
        If the target was taken by somebody while the old image was moved away.
    """
    if files.exists(places.old):
        _settle_old(places)
    if files.exists(places.new):
        _hide(places)
    if files.exists(places.trial):
        files.remove_folder(places.trial)
    for folder in (places.trash, places.full, places.packed.parent):
        remove(folder)
    _remove_owner(places)


def _settle_old(places: Places) -> None:
    if not files.exists(places.target):
        files.rename_new(places.old, places.target)
        files.sync_folder(places.parent)
    elif files.exists(places.root) or not files.exists(places.folder):
        raise FileExistsError(places.old)
    else:
        remove(places.old)


def _hide(places: Places) -> None:
    """Take the staged folder from tasks that still write into it; then remove it."""
    if files.exists(places.trash):
        remove(places.trash)
    try:
        files.rename_new(places.new, places.trash)
    except PermissionError:
        remove(places.new)  # Windows: a file in it is open


def _remove_owner(places: Places) -> None:
    for path in (places.owner, places.owner.with_suffix(".part")):
        if files.exists(path):
            files.unlink(path)
    try:
        files.remove_folder(places.folder)
    except FileNotFoundError:
        return


def sweep(parent: Path) -> tuple[Problem, ...]:
    """Remove what saves that were killed left in a folder.

    Called before each save. An image that was moved away and not replaced is put back;
    edits of documents that were interrupted are completed.

    Parameters
    ----------
    parent
        The folder that targets are in.

    Returns
    -------
    tuple[Problem, ...]
        What was let be, and why: its owner may live on another machine, it could not
        be removed, or it may be wanted.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    tags: dict[tuple[str, str], None] = {}
    names = [entry.name for entry in files.entries(parent)]
    for name in names:
        if (found := ours(name)) is not None:
            tags[found[:2]] = None
    swept = [_sweep_one(parent, text, tag) for text, tag in tags]
    problems = tuple(problem for problem in swept if problem is not None)
    return problems + recover_beside(parent, names)


def recover(target: Path) -> bool:
    """Put back an image whose replacement was interrupted between two renames.

    Cheap where there is nothing to do; to be tried where a target is missing.

    Returns
    -------
    bool
        Whether it was put back.
    """
    try:
        for places in () if files.exists(target) else _moved_away(target):
            _settle_old(places)
            return True
    except OSError:
        return False  # `interrupted` tells where it is
    return False


def interrupted(target: Path) -> Path | None:
    """Return where the image is that belongs at a target, if it was moved away.

    Another process may just be replacing it, or `recover` may not be allowed to put it
    back: it can be read where it is.
    """
    wanted = stem(target.name)
    for name in _names(target.parent):
        if (found := ours(name)) and (found[0], found[2]) == (wanted, "old"):
            return target.parent / name
    return None


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in files.entries(folder)]
    except OSError:
        return []


def _moved_away(target: Path) -> Iterator[Places]:
    """Yield the saves that moved away what was at a target, and that live no more."""
    wanted = stem(target.name)
    for name in _names(target.parent):
        found = ours(name)
        if found is None or (found[0], found[2]) != (wanted, "old"):
            continue
        places = Places(parent=target.parent, name=target.name, tag=found[1])
        owner = read_owner(places.owner)
        if owner is None or fate(owner) == "dead":
            yield places


def _sweep_one(parent: Path, text: str, tag: str) -> Problem | None:
    places = Places(parent=parent, name=text, tag=tag)
    try:
        if not files.exists(places.folder):
            return _sweep_orphan(places)
        return _sweep_folder(places)
    except FileExistsError:
        return _kept(places)
    except FileNotFoundError:
        return None  # its own save, or another one that sweeps, was quicker
    except OSError as error:
        return left_over(places, error)


def _sweep_folder(places: Places) -> Problem | None:
    if places.folder.is_symlink():
        return None  # not made by us
    owner = read_owner(places.owner)
    if owner is None or not _belongs(owner, places):
        return _sweep_ownerless(places)
    lives = fate(owner)
    if lives == "dead":
        settle(replace(places, name=owner.name))
    if lives != "unknown":
        return None
    message = (
        f"{plain(places.folder.name)} belongs to a save that another machine or "
        f"container ({plain(owner.host)}) began. If it is not running any more, remove "
        "that folder by hand."
    )
    return Problem(level="info", kind="leftover", message=message)


def _belongs(owner: Owner, places: Places) -> bool:
    name = owner.name
    return stem(name) == places.name and os.path.basename(name) == name


def _sweep_ownerless(places: Places) -> Problem | None:
    """Remove a folder whose owner was killed, or is about to sign.

    One that is about to sign notices, and makes itself another folder.
    """
    names = {entry.name for entry in files.entries(places.folder)}
    if names <= {places.owner.with_suffix(".part").name}:
        try:
            _remove_owner(places)
        except OSError as error:
            if error.errno not in _NOT_EMPTY:
                raise  # else it signs just now
        return None
    if (owner := read_owner(places.owner)) is not None and _belongs(owner, places):
        return None  # it has signed just now
    message = (
        f"{plain(places.folder.name)} looks like what an interrupted save left, but "
        "does not say whose it is. If nothing is being saved, remove it by hand."
    )
    return Problem(level="info", kind="leftover", message=message)


def left_over(places: Places, error: OSError) -> Problem:
    """Return what to say of a folder of ours that cannot be removed."""
    message = (
        f"{plain(places.folder.name)}, left by a save, cannot be removed: "
        f"{plain(error.strerror or str(error))}. The next save here tries it again."
    )
    return Problem(level="info", kind="leftover", message=message)


def _sweep_orphan(places: Places) -> Problem | None:
    """Put back an old image whose save left nothing else, as by somebody's tidying."""
    if files.exists(places.trial):
        files.remove_folder(places.trial)  # which it refuses unless that is empty
    if not files.exists(places.old):
        return None
    if files.exists(places.target) or is_cut(places.name):
        return _kept(places)
    _settle_old(places)
    return None


def _kept(places: Places) -> Problem:
    message = (
        f"{plain(places.old.name)} is an image that was moved away to be replaced. "
        "That save was interrupted, and something else took its place. Give it "
        "another name to keep it, or remove it."
    )
    return Problem(level="warning", kind="image-moved-away", message=message)
