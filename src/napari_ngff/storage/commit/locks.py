"""One edit of a store's documents at a time, among all processes of this computer.

Knows locks of folders and files; nothing of what is edited. A lock ends with its
process, however that ends.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.own_folder import make_folders, name_of, own_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: For how long others are waited for, and how often they are asked, in seconds.
PATIENCE: Final = 30.0
_PAUSE: Final = 0.002
#: What systems and network file systems answer that cannot lock a folder.
_NO_LOCKS: Final = frozenset(
    {
        errno.ENOLCK,
        errno.EBADF,
        errno.EINVAL,
        errno.ENOSYS,
        errno.ENOTSUP,
        errno.EOPNOTSUPP,
        errno.EISDIR,
    }
)
#: What they answer where somebody else holds the lock.
_HELD: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


@contextmanager
def locked(store: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other edits of a store from beginning.

    Where the folder itself cannot be locked (Windows, some network file systems), a
    file in the user's own folder is: then only this user's edits are kept from it.

    Parameters
    ----------
    store
        The store's folder, by its real path.
    patience
        How long another edit may take, in seconds.

    Raises
    ------
    CannotSave
        If another edit takes longer.
    OSError
        If nothing can be locked.
    """
    give_up = time.monotonic() + patience
    while (descriptor := _taken(store)) is None:
        if time.monotonic() > give_up:
            reason = "another program is changing its metadata just now"
            advice = "Try again when that is done."
            raise CannotSave(plain(str(store), limit=1024), reason, advice)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        os.close(descriptor)


def _taken(store: Path) -> int | None:
    """Return the descriptor that holds the lock; None if somebody else holds it."""
    if os.name == "nt":
        return _file_taken(store)
    try:
        return _folder_taken(store)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return _file_taken(store)


def _folder_taken(store: Path) -> int | None:
    descriptor = files.open_folder(store)
    try:
        # Whoever waited may hold a folder that a save has replaced meanwhile.
        if _lock(descriptor, store) and _is_at(descriptor, store):
            descriptor, held = -1, descriptor
            return held
        return None
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _is_at(descriptor: int, store: Path) -> bool:
    found = files.status(store)
    return found is not None and os.path.samestat(os.fstat(descriptor), found)


def _file_taken(store: Path) -> int | None:
    folder = own_folder() / "locks"
    make_folders(folder)
    path = folder / name_of(store)
    descriptor = _open(path)
    try:
        if _lock(descriptor, path):
            descriptor, held = -1, descriptor
            return held
        return None
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _open(path: Path) -> int:
    """Open a file that is there to be locked, and make it where it is not."""
    _announce("create", path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags, 0o600)


def _lock(descriptor: int, path: Path) -> bool:
    """Lock what is open until it is closed; tell whether nobody else holds it."""
    _announce("lock", path)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def _announce(name: str, path: Path) -> None:
    """Let a test know of a call: see `files.before`."""
    if files.before is not None:
        files.before(files.Call(name=name, path=os.fspath(path)))
