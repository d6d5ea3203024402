"""Every call by which the writer touches a file system. Knows no purpose of any.

A test sets `before`, which each call announces itself to, and lets any one fail.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.storage.commit import exchange as _exchange

if TYPE_CHECKING:
    from collections.abc import Callable

Path: TypeAlias = str | os.PathLike[str]

_CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
_READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # so that opening a pipe does not wait
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _CLOEXEC
#: Whether what is in a folder can be called by a descriptor of it: a path may lead
#: elsewhere the next time.
DESCRIPTORS = (
    {os.open, os.unlink, os.rmdir} <= os.supports_dir_fd
    and os.scandir in os.supports_fd
    and hasattr(os, "O_NOFOLLOW")
)
#: What a file system answers that cannot make a folder, or anything, durable by itself.
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EOPNOTSUPP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call about to be made: its name, the path, and what would be written where."""

    name: str
    path: str
    descriptor: int = -1
    data: memoryview | None = None


#: Called before each call; what it raises is what the call raises.
before: Callable[[Call], object] | None = None


def _named(error: OSError, path: Path) -> OSError:
    """Return the error with the path that the system left out."""
    return OSError(error.errno, error.strerror, os.fspath(path))


def _no_file(path: Path) -> OSError:
    reason = "a file is expected here, not a link or anything else"
    return OSError(errno.EINVAL, reason, os.fspath(path))


def _announce(name: str, path: Path) -> None:
    if before is not None:
        before(Call(name=name, path=os.fspath(path)))


def create(path: Path) -> int:
    """Open a file for writing that must not exist; return its descriptor."""
    _announce("create", path)
    return os.open(path, _NEW | _CLOEXEC, 0o666)


def write(descriptor: int, data: memoryview, path: Path) -> int:
    """Write bytes where the descriptor stands; return how many were taken."""
    if before is not None:
        text = os.fspath(path)
        before(Call(name="write", path=text, descriptor=descriptor, data=data))
    try:
        return os.write(descriptor, data)
    except OSError as error:
        raise _named(error, path) from error


def sync(descriptor: int, path: Path) -> None:
    """Make a file, or the list of names in a folder, survive a loss of power."""
    _announce("sync", path)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise _named(error, path) from error


def sync_folder(path: Path) -> None:
    """Make the list of names in a folder survive a loss of power.

    Windows has no such step: its file systems keep names in a journal.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, _FOLDER)
    try:
        sync(descriptor, path)
    finally:
        os.close(descriptor)


def close(descriptor: int, path: Path) -> None:
    """Close a descriptor; some file systems tell only now that a write failed."""
    os.close(descriptor) if before is None else _announced_close(descriptor, path)


def _announced_close(descriptor: int, path: Path) -> None:
    try:
        _announce("close", path)
    finally:
        os.close(descriptor)


def open_to_read(path: Path) -> int:
    """Open a file for reading; a link, a pipe or a device is an error.

    Returns
    -------
    int
        Its descriptor.
    """
    _announce("open", path)
    descriptor = os.open(path, _READ | _CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return descriptor


def read(descriptor: int, size: int, path: Path) -> bytes:
    """Read up to `size` bytes; none at the end of the file."""
    _announce("read", path)
    try:
        return os.read(descriptor, size)
    except OSError as error:
        raise _named(error, path) from error


def exists(path: Path) -> bool:
    """Tell whether there is anything of this name, a link that leads nowhere included.

    Raises
    ------
    OSError
        If that cannot be found out: it may well be there.
    """
    _announce("stat", path)
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def size(path: Path) -> int:
    """Return the size of a file; a link, a folder, a pipe or a device is an error."""
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode):
        raise _no_file(path)
    return found.st_size


def make_folder(path: Path) -> None:
    """Make a folder that must not exist; the one above it must."""
    _announce("mkdir", path)
    os.mkdir(path)


def entries(path: Path, *, inside: int | None = None) -> list[os.DirEntry[str]]:
    """Return what is in a folder, in the order of the names.

    Parameters
    ----------
    path
        The folder.
    inside
        A descriptor of that folder: then the path is only what it is called.
    """
    _announce("list", path)
    with os.scandir(os.fspath(path) if inside is None else inside) as found:
        return sorted(found, key=lambda entry: entry.name)


def open_folder(path: Path, *, inside: int | None = None) -> int:
    """Open a folder, to call by its descriptor what is in it; a link is an error.

    Parameters
    ----------
    path
        The folder.
    inside
        A descriptor of the folder that it is in, where `DESCRIPTORS`.

    Returns
    -------
    int
        Its descriptor.
    """
    _announce("open", path)
    try:
        flags = _FOLDER | getattr(os, "O_NOFOLLOW", 0)
        return os.open(_called(path, inside), flags, dir_fd=inside)
    except OSError as error:
        raise _named(error, path) from error


def _called(path: Path, inside: int | None) -> Path:
    """Return what to call a path for a system call with a folder's descriptor."""
    return path if inside is None else os.path.basename(path)


def link(source: Path, path: Path) -> None:
    """Give a file a second name, which must not exist."""
    _announce("link", path)
    os.link(source, path, follow_symlinks=False)


def rename(source: Path, path: Path) -> None:
    """Rename; an empty folder, or a file where a file is renamed, is replaced."""
    _announce("rename", path)
    os.replace(source, path)


def rename_new(source: Path, path: Path) -> None:
    """Rename to a name that must not exist, in one step where the system can."""
    _announce("rename", path)
    _exchange.rename_new(os.fspath(source), os.fspath(path))


def exchange(first: Path, second: Path) -> None:
    """Let two files or folders change places in one step.

    Raises
    ------
    OSError
        With `exchange.CANNOT` if system or file system has no such step.
    """
    _announce("exchange", second)
    _exchange.exchange(os.fspath(first), os.fspath(second))


def unlink(path: Path, *, inside: int | None = None) -> None:
    """Remove a file or a link, never what it leads to; see `open_folder`."""
    _announce("unlink", path)
    try:
        os.unlink(_called(path, inside), dir_fd=inside)
    except PermissionError as error:
        if os.name != "nt":
            raise _named(error, path) from error
        os.chmod(path, stat.S_IWRITE)  # a read-only file cannot be removed there
        os.unlink(path)
    except OSError as error:
        raise _named(error, path) from error


def remove_folder(path: Path, *, inside: int | None = None) -> None:
    """Remove an empty folder; see `open_folder`."""
    _announce("rmdir", path)
    try:
        os.rmdir(_called(path, inside), dir_fd=inside)
    except OSError as error:
        raise _named(error, path) from error


def give_mode(path: Path, mode: int) -> None:
    """Give a file or folder permissions."""
    _announce("chmod", path)
    os.chmod(path, mode)


def give_group(path: Path, group: int) -> None:
    """Give a file or folder to a group, by its number; Windows has no such thing."""
    _announce("chown", path)
    if sys.platform != "win32":
        os.chown(path, -1, group, follow_symlinks=False)


def status(path: Path) -> os.stat_result | None:
    """Return what the system says of a path itself; None where there is nothing."""
    _announce("stat", path)
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
