"""Walking through folders, and removing them. Follows no link; knows nothing else."""

from __future__ import annotations

import os
import stat
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
    stays: that is somebody's.

    Raises
    ------
    OSError
        The first one, after all the others were tried.
    """
    if is_link(folder):
        files.unlink(folder)
        return
    errors: list[OSError] = []
    folders: list[Path] = []
    try:
        for here, others in walk(folder):
            folders.append(here)
            for entry in others:
                _try(files.unlink, entry.path, errors)
    except OSError as error:
        errors.append(error)
    for here in reversed(folders):
        _try(files.remove_folder, here, errors)
    if errors:
        raise errors[0]


def _try(
    call: Callable[[files.Path], None], path: files.Path, errors: list[OSError]
) -> None:
    try:
        call(path)
    except FileNotFoundError:
        return  # another process removes it, too
    except OSError as error:
        errors.append(error)
