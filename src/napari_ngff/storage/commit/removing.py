"""Walking through folders, and removing them. Follows no link; knows nothing else."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder itself: no link, no junction to one."""
    is_junction = getattr(entry, "is_junction", None)  # Python 3.12, Windows
    if is_junction is not None and is_junction():
        return False
    return entry.is_dir(follow_symlinks=False)


def is_link(path: Path) -> bool:
    """Tell whether there is a symbolic link, or on Windows a junction.

    Raises
    ------
    OSError
        If that cannot be found out, as with a name that is too long.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    reparse = getattr(found, "st_reparse_tag", 0)
    junction: int = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(found.st_mode) or reparse == junction


def walk(folder: Path) -> Iterator[tuple[Path, list[os.DirEntry[str]]]]:
    """Yield a folder and all below it, each with what is in it but the folders.

    A folder comes before those in it. One that has gone meanwhile is left out.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            found = files.entries(here)
        except FileNotFoundError:
            continue
        kinds = [(is_folder(entry), entry) for entry in found]
        waiting.extend(Path(e.path) for below, e in reversed(kinds) if below)
        yield here, [entry for below, entry in kinds if not below]


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there.

    What cannot be removed does not keep the rest from it. Of a link, what it leads to
    stays: that is somebody's. Where the system can, each folder is held by a descriptor
    while it is emptied, so that this is true also of one that another program puts into
    a folder's place meanwhile.

    Raises
    ------
    OSError
        The first one, after all the others were tried.
    """
    errors: list[OSError] = []
    remove_all = _remove_held if files.DESCRIPTORS else _remove_by_path
    remove_all(folder, errors)
    if errors:
        raise errors[0]


def _remove_held(folder: Path, errors: list[OSError]) -> None:
    with _held(folder.parent, errors) as parent:
        if parent is None:
            return
        if is_link(folder):
            _try(partial(files.unlink, folder, inside=parent), errors)
        else:
            _remove_inside(os.fspath(folder), parent, errors)


def _remove_inside(path: str, parent: int, errors: list[OSError]) -> None:
    """Remove a folder that is in one with a descriptor."""
    with _held(path, errors, inside=parent) as here:
        if here is None:
            return
        try:
            found = files.entries(path, inside=here)
            kinds = [(is_folder(entry), entry.name) for entry in found]
        except OSError as error:
            errors.append(error)
            kinds = []
        for below, name in kinds:
            place = os.path.join(path, name)
            if below:
                _remove_inside(place, here, errors)
            else:
                _try(partial(files.unlink, place, inside=here), errors)
    _try(partial(files.remove_folder, path, inside=parent), errors)


@contextmanager
def _held(
    path: files.Path, errors: list[OSError], *, inside: int | None = None
) -> Iterator[int | None]:
    """Hold a folder by a descriptor; None where it has gone, or cannot be held."""
    try:
        descriptor = files.open_folder(path, inside=inside)
    except FileNotFoundError:
        yield None  # another process removes it, too
        return
    except OSError as error:
        errors.append(error)
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _remove_by_path(folder: Path, errors: list[OSError]) -> None:
    if is_link(folder):
        _try(partial(files.unlink, folder), errors)
        return
    folders: list[Path] = []
    try:
        for here, others in walk(folder):
            folders.append(here)
            for entry in others:
                _try(partial(files.unlink, entry.path), errors)
    except OSError as error:
        errors.append(error)
    for here in reversed(folders):
        _try(partial(files.remove_folder, here), errors)


def _try(call: Callable[[], None], errors: list[OSError]) -> None:
    try:
        call()
    except FileNotFoundError:
        return  # another process removes it, too
    except OSError as error:
        errors.append(error)
