"""A store in a folder of a file system. Knows files; knows nothing of Zarr.

Only regular files below the folder are read: a link that leads out of it, a folder,
a pipe or a device in the place of a value is an error, never an absent value.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys import Span, clip

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

Links: TypeAlias = Literal["inside", "anywhere"]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # so that opening a pipe does not wait
)
#: Where the system has it, a link in a value's place costs nothing to notice.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CHECKED_FOLDERS = 65_536
_NOWHERE = (
    "a symbolic link in its place leads to nothing. If the data are kept elsewhere, "
    "fetch them first"
)
_READ_AT_ONCE = 2**30
#: So many folders inside each other are listed where links lead to them.
_DEEP = 12


class LocalKeys:
    """The files below a folder.

    Parameters
    ----------
    folder
        An existing folder.
    links
        ``inside``: a symbolic link may not lead out of the folder. ``anywhere``: it
        may.
    """

    remote = False

    def __init__(self, folder: str, *, links: Links = "inside") -> None:
        self.url = os.path.abspath(folder)
        self._links = links
        self._root = os.path.realpath(folder)
        self._prefix = self._root.rstrip(os.sep) + os.sep
        self._checked: set[str] = set()

    def __reduce__(self) -> Any:
        return _local, (self.url, self._links)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalKeys) and self._root == other._root

    def __hash__(self) -> int:
        return hash(self._root)

    def __repr__(self) -> str:
        return f"LocalKeys({self.url!r})"

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return the bytes of a file; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int] | None:
        """Return the bytes of a file and its size; see `Keys.sized`."""
        try:
            descriptor = self._open(key)
            if descriptor is None:
                return None
            try:
                return self._read(key, descriptor, span, limit)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._unreadable(key, _words(error)) from error

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp; see `Keys.stamped`."""
        stamp = self.stamp(key)
        data = self.get(key, limit=limit)
        return None if data is None else (data, stamp)

    def stamp(self, key: str) -> Hashable:
        """Return inode, time of change and size of a file; see `Keys.stamp`."""
        try:
            found = os.stat(self._prefix + key)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unreadable(key, _words(error)) from error
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of the folders in a folder; see `Keys.folders`."""
        try:
            with os.scandir(self._prefix + prefix) as entries:
                return tuple(entry.name for entry in entries if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise self._unreadable(prefix, _words(error)) from error

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]]:
        """Give every file below a folder and its size; see `Keys.files`."""
        waiting = [prefix]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self._prefix + folder) as entries:
                    for entry in entries:
                        key = folder + entry.name
                        if self._is_folder(key, entry):
                            waiting.append(f"{key}/")
                        else:
                            yield key, self._size(key, entry)
            except (FileNotFoundError, NotADirectoryError):
                continue  # removed since its name was read
            except OSError as error:
                raise self._unreadable(folder, _words(error)) from error

    def _is_folder(self, key: str, entry: os.DirEntry[str]) -> bool:
        """Tell whether to look into it; links may lead around in circles."""
        if not entry.is_symlink():
            return entry.is_dir()
        return entry.is_dir() and key.count("/") < _DEEP and self._leads_inside(entry)

    def _leads_inside(self, entry: os.DirEntry[str]) -> bool:
        if self._links == "anywhere":
            return True
        real = os.path.realpath(entry.path)
        return real == self._root or real.startswith(self._prefix)

    def _size(self, key: str, entry: os.DirEntry[str]) -> int | None:
        try:
            found = entry.stat()
        except OSError:
            return None  # a link to nothing, or removed since
        inside = not entry.is_symlink() or self._leads_inside(entry)
        return found.st_size if stat.S_ISREG(found.st_mode) and inside else None

    def _open(self, key: str) -> int | None:
        """Return a descriptor of a file below the folder; None where there is none."""
        path = self._prefix + key
        try:
            return self._opened(key, path)
        except FileNotFoundError:
            if not key.isascii():
                # Metadata and file system may spell one name in two normal forms.
                path = self._prefix + unicodedata.normalize("NFD", key)
                try:
                    return self._opened(key, path)
                except FileNotFoundError:
                    pass
        if not os.path.isdir(self._root):
            raise self._unreadable(key, "the folder of the store is no longer there")
        return None

    def _opened(self, key: str, path: str) -> int:
        folder = path.rpartition("/")[0] if "/" in key else self._root
        if folder not in self._checked:
            self._check(key, folder)
        if not _NOFOLLOW:
            return self._open_followed(key, path)
        try:
            return os.open(path, _FLAGS | _NOFOLLOW)
        except OSError as error:
            # A link in the file's place: ELOOP, or EMLINK on some BSDs.
            if error.errno not in {errno.ELOOP, errno.EMLINK}:
                raise
        return self._open_followed(key, path)

    def _open_followed(self, key: str, path: str) -> int:
        try:
            return os.open(self._followed(key, path), _FLAGS)
        except FileNotFoundError as error:
            if os.path.islink(path):
                raise self._unreadable(key, _NOWHERE) from error
            raise

    def _check(self, key: str, folder: str) -> None:
        """Refuse a folder that a link leads out to; remember one that is inside.

        Every plane may have a folder of its own: only what is not known yet is asked
        of the file system, and not each folder on the way there.
        """
        above, _, name = folder.rpartition(os.sep)
        if not _NOFOLLOW or folder == self._root or name in {"", os.curdir, os.pardir}:
            inside = os.path.isdir(self._followed(key, folder))
        else:
            if above not in self._checked:
                self._check(key, above)
            inside = self._is_inside(key, folder)
        if inside:
            if len(self._checked) >= _CHECKED_FOLDERS:
                self._checked.clear()
            self._checked.add(folder)

    def _is_inside(self, key: str, folder: str) -> bool:
        """Tell if there is a folder in one that is checked; see `_check`."""
        try:
            mode = os.lstat(folder).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not stat.S_ISLNK(mode):
            return stat.S_ISDIR(mode)
        real = self._followed(key, folder)
        if not os.path.exists(real):
            raise self._unreadable(key, _NOWHERE)
        return os.path.isdir(real)

    def _followed(self, key: str, path: str) -> str:
        real = os.path.realpath(path)
        inside = real == self._root or real.startswith(self._prefix)
        if inside or self._links == "anywhere":
            return real
        raise self._unreadable(
            key,
            "a symbolic link leads out of the store. If that is meant, open the folder "
            "it leads to, or put a copy in its place",
        )

    def _read(
        self, key: str, descriptor: int, span: Span | None, limit: int
    ) -> tuple[bytes, int]:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise self._unreadable(key, f"{_kind(found.st_mode)} is in its place")
        start, length = clip(span, found.st_size)
        if length > limit:
            what = f"The size in bytes of {plain(key)!r} in {self.url}"
            raise LimitExceeded(what, length, limit)
        if start:
            os.lseek(descriptor, start, os.SEEK_SET)
        data = os.read(descriptor, min(length, _READ_AT_ONCE))
        if len(data) == length:
            return data, found.st_size
        parts = [data]
        while parts[-1] and (length := length - len(parts[-1])):
            parts.append(os.read(descriptor, min(length, _READ_AT_ONCE)))
        if length:
            raise self._unreadable(key, "it became shorter while it was read")
        return b"".join(parts), found.st_size

    def _unreadable(self, key: str, reason: str) -> Unreadable:
        return Unreadable(self.url, plain(key), reason)


def _local(folder: str, links: Links) -> LocalKeys:
    return LocalKeys(folder, links=links)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or socket"


def _words(error: OSError) -> str:
    return f"{(error.strerror or type(error).__name__).lower()}"
