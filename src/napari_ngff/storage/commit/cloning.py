"""A second folder of the same files, without writing them again.

Knows hard links, and copies where the file system has none. The files are never
written to: what changes is put anew.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.receipts import Receipt, copy, make_folders
from napari_ngff.storage.commit.verifying import keys_below

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Answers that mean: no second name for this file, but a copy may do.
_NO_LINKS: Final = frozenset(
    {
        errno.EPERM,
        errno.EACCES,
        errno.EXDEV,
        errno.EMLINK,
        errno.ENOSYS,
        errno.ENOTSUP,
        errno.EOPNOTSUPP,
        errno.EINVAL,
    }
)


def clone(
    source: Path, root: Path, *, without: Callable[[str], bool], prefix: str = ""
) -> tuple[Receipt, ...]:
    """Give the files below a folder second names below another one, or copy them.

    Parameters
    ----------
    source
        A folder that is not written to.
    root
        The staging's folder.
    without
        Tells of each key, relative to `source`, whether it is left out.
    prefix
        Where below `root`: empty, or ending in ``/``.

    Returns
    -------
    tuple[Receipt, ...]
        Of all that is there now; without digest where no bytes were written.

    Raises
    ------
    OSError
        If a file cannot be read or written, or is a link, a pipe or a device.
    """
    keys = [key for key in keys_below(source) if not without(key)]
    return tuple(_second(source, key, root, prefix + key) for key in keys)


def _second(source: Path, key: str, root: Path, new: str) -> Receipt:
    path = source.joinpath(*key.split("/"))
    size = files.size(path)  # refuses what is no file
    try:
        _link(path, root, new)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return copy(path, root, new)
    return Receipt(key=new, nbytes=size, digest=b"")


def _link(path: Path, root: Path, new: str) -> None:
    place = root.joinpath(*new.split("/"))
    try:
        files.link(path, place)
    except FileNotFoundError:
        make_folders(root, new)
        files.link(path, place)
