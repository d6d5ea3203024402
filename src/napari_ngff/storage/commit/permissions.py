"""Who may read and write what is staged: those who may do so with what it replaces.

Knows permissions and groups of files. Nothing is asked of Windows, whose files have
those of the folder that they are made in.

A save makes new files, and new ones belong to who saves, with the rights that are usual
for that person. In a folder that a group shares, the others could not change them, or
not even read them. So each folder and each file gets group and permissions of what is
at the same path in the old image; a folder that is new there those of the image's own
folder, and a new file those of its first file. That takes in the bit by which what is
made in a folder belongs to its group (setgid). Access control lists are not taken over.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.seen import named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: What an owner needs to put files into a folder and to remove it again.
_OWN: Final = stat.S_IRWXU
#: Answers that mean: not by this user, or not in this file system.
_CANNOT: Final = frozenset(
    {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
)
#: What is never taken over to a file: to run as its owner.
_BITS: Final = 0o777


def carry_over(old: Path, new: Path) -> None:
    """Give all that is in a folder the permissions of what it replaces.

    Parameters
    ----------
    old
        A folder that will be replaced; or a file, and `new` is one, too.
    new
        What will take its place.

    Raises
    ------
    OSError
        If permissions cannot be read, or given to what is ours.
    """
    if os.name == "nt":
        return
    root = os.lstat(old)
    if not stat.S_ISDIR(root.st_mode):
        _give(new, root, stat.S_IMODE(root.st_mode) & _BITS)
        return
    usual = _first_file(old)
    for here, others in walk(new):
        below = here.relative_to(new)
        found = _there(old / below, stat.S_IFDIR) or root
        _give(here, found, stat.S_IMODE(found.st_mode) | (_OWN if below.parts else 0))
        for _, entry in named(new, here, others):
            known = _there(old / below / entry.name, stat.S_IFREG) or usual
            if known is not None:
                _give(here / entry.name, known, stat.S_IMODE(known.st_mode) & _BITS)


def _there(path: Path, kind: int) -> os.stat_result | None:
    """Return what the system says of a path; None where no such thing is there."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found if stat.S_IFMT(found.st_mode) == kind else None


def _first_file(folder: Path) -> os.stat_result | None:
    """Return what the system says of a folder's first file: a document."""
    found = (_there(folder / e.name, stat.S_IFREG) for e in files.entries(folder))
    return next((each for each in found if each is not None), None)


def _give(path: Path, like: os.stat_result, mode: int) -> None:
    """Give a file or folder a group and permissions, where it has others.

    Where it cannot get the group, as by who is not in it, it is not opened to another
    one: then the group may do what all may.
    """
    found = os.lstat(path)
    if found.st_gid != like.st_gid:
        if not _could(files.give_group, path, like.st_gid):
            mode = mode & ~(stat.S_ISGID | stat.S_IRWXG) | (mode & stat.S_IRWXO) << 3
        found = os.lstat(path)  # a change of group may take bits away
    if stat.S_IMODE(found.st_mode) != mode:
        _could(files.give_mode, path, mode)


def _could(give: Callable[[files.Path, int], None], path: Path, value: int) -> bool:
    """Do it; tell whether it could be done: some file systems have no permissions."""
    try:
        give(path, value)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        return False
    return True
