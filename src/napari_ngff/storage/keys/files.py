"""One file, read in parts: what an archive is read from. Knows nothing of archives.

Each place that holds files is one module: this one, for a disk, and `web_file`.
"""

from __future__ import annotations

import os
import stat
from typing import IO, TYPE_CHECKING, Any, Protocol

from napari_ngff.storage.keys.central import BadArchive

if TYPE_CHECKING:
    from collections.abc import Hashable


class File(Protocol):
    """One file as it was when it was opened: thread-safe and picklable."""

    @property
    def url(self) -> str:
        """Where it is: fit to show, and to open it again in this process."""

    @property
    def remote(self) -> bool:
        """Whether a read takes a round trip over a network."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    @property
    def identity(self) -> Hashable:
        """What changes when the file does, as it was when it was opened."""

    def present(self) -> Hashable:
        """Return what `identity` would be if the file were opened now.

        Raises
        ------
        OSError, BadArchive, NgffError
            If that cannot be found out.
        """

    def read(self, start: int, length: int) -> bytes:
        """Return so many bytes from a position on.

        Raises
        ------
        OSError, BadArchive, NgffError
            If they cannot be read, or the file is no longer the one that was opened.
        """


class DiskFile:
    """A file on a disk. It is opened for each read, so that nothing is held open.

    Raises
    ------
    OSError, BadArchive
        If it is not a file that can be read.
    """

    remote = False

    def __init__(self, path: str) -> None:
        self.url = os.path.abspath(path)
        with open(path, "rb") as file:
            self.size = os.fstat(file.fileno()).st_size
            self.identity = _identity(file)

    def __reduce__(self) -> Any:
        return DiskFile, (self.url,)

    def present(self) -> Hashable:
        """Return device, inode, time of change and size; see `File.present`."""
        return _stamp(os.stat(self.url))

    def read(self, start: int, length: int) -> bytes:
        """Return a part; see `File.read`."""
        with open(self.url, "rb") as file:
            if _identity(file) != self.identity:
                raise BadArchive("the archive was replaced while it was open")
            if start + length > self.size:
                raise BadArchive("the archive is cut short")
            file.seek(start)
            data = file.read(length)
        if len(data) != length:
            raise BadArchive("the archive is cut short")
        return data


def _identity(file: IO[bytes]) -> Hashable:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise BadArchive("it is not a file")
    return _stamp(found)


def _stamp(found: os.stat_result) -> Hashable:
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
