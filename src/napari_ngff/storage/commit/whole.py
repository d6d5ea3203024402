"""Small files that are written and read as a whole. Knows bytes and paths."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK: Final = 2**20
#: No document or journal is as large; what claims to be one is not worth reading.
_LARGEST: Final = 2**30


def write_whole(path: Path, data: bytes) -> None:
    """Write a file and make its bytes durable; what an earlier trial left is removed.

    Raises
    ------
    OSError
        If the file system refuses; a torn file may then be there.
    """
    if files.exists(path):
        files.unlink(path)
    descriptor = files.create(path)
    try:
        view = memoryview(data)
        while view:
            taken = files.write(descriptor, view, path)
            if not taken:
                reason = "the file system takes no more bytes"
                raise OSError(errno.EIO, reason, str(path))
            view = view[taken:]
        files.sync(descriptor, path)
    finally:
        files.close(descriptor, path)


def read_whole(path: Path) -> bytes | None:
    """Return the bytes of a file; None where there is nothing.

    Raises
    ------
    OSError
        If it cannot be read, is larger than a gigabyte, or is a link, a folder, a pipe
        or a device.
    """
    try:
        descriptor = files.open_to_read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    blocks = []
    try:
        if os.fstat(descriptor).st_size > _LARGEST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        while block := files.read(descriptor, _BLOCK, path):
            blocks.append(block)
    finally:
        files.close(descriptor, path)
    return b"".join(blocks)


def unlink_there(path: Path) -> None:
    """Remove a file if it is there."""
    if files.exists(path):
        files.unlink(path)
