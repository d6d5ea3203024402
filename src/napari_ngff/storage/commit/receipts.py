"""What was handed over to be written, and putting it there. Knows keys and bytes.

Does not know what will become of the folder that it writes into.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import google_crc32c

from napari_ngff.core.names import check_path
from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Bytes: TypeAlias = bytes | bytearray | memoryview

_BLOCK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A file that was written: its key, its size, and a digest of its bytes.

    Attributes
    ----------
    key
        Path below the root, segments separated by ``/``.
    nbytes
        Size of the file.
    digest
        CRC-32C of the bytes, big-endian. Empty for a file that was there before and
        was given a second name (see `cloning.clone`): nothing was written. What it is
        to find are torn, lost and mistaken writes, not forgeries: a cryptographic
        hash took an eighth of all the time of a save.
    """

    key: str
    nbytes: int
    digest: bytes


def put(
    root: str | os.PathLike[str], key: str, data: Bytes | Iterable[Bytes]
) -> Receipt:
    """Write a new file below a folder, and make it survive a loss of power.

    May be called from any thread, process or machine that sees the folder. Folders
    between the two are made; `root` itself is not: where it has gone, the save has
    ended. A file that is there already is an error.

    Parameters
    ----------
    root
        The staging's folder.
    key
        Where to: a checked path below it, segments separated by ``/``.
    data
        The bytes, or several pieces that are written one after another, as they come.

    Raises
    ------
    UnsafePath
        If the key may not be followed.
    OSError
        If the file system refuses; a torn file may then be there.
    """
    pieces = (data,) if isinstance(data, (bytes, bytearray, memoryview)) else data
    return _put(root, check_path(key), pieces)


def copy(source: files.Path, root: str | os.PathLike[str], key: str) -> Receipt:
    """Write a new file that holds the bytes of another one; see `put`."""
    descriptor = files.open_to_read(source)
    try:
        return _put(root, key, _blocks(descriptor, source))
    finally:
        files.close(descriptor, source)


def _blocks(descriptor: int, path: files.Path) -> Iterator[bytes]:
    while block := files.read(descriptor, _BLOCK, path):
        yield block


def _put(root: str | os.PathLike[str], key: str, pieces: Iterable[Bytes]) -> Receipt:
    path = os.path.join(root, *key.split("/"))
    descriptor = _created(root, key, path)
    try:
        crc, size = 0, 0
        for piece in pieces:
            view = memoryview(piece).cast("B")
            crc = google_crc32c.extend(crc, bytes(piece))
            size += len(view)
            _write(descriptor, view, path)
        files.sync(descriptor, path)
    finally:
        files.close(descriptor, path)
    return Receipt(key=key, nbytes=size, digest=crc.to_bytes(4, "big"))


def read_again(root: str | os.PathLike[str], key: str) -> Receipt:
    """Return the receipt that the file now there deserves, read piece by piece.

    Raises
    ------
    OSError
        If it cannot be read, or is a link.
    """
    path = os.path.join(root, *key.split("/"))
    descriptor = files.open_to_read(path)
    try:
        crc, size = 0, 0
        for block in _blocks(descriptor, path):
            crc = google_crc32c.extend(crc, block)
            size += len(block)
    finally:
        files.close(descriptor, path)
    return Receipt(key=key, nbytes=size, digest=crc.to_bytes(4, "big"))


def _created(root: str | os.PathLike[str], key: str, path: str) -> int:
    try:
        return files.create(path)
    except FileNotFoundError:
        make_folders(root, key)
    return files.create(path)


def make_folders(root: str | os.PathLike[str], key: str) -> None:
    """Make the folders between a folder and a key below it, but not that folder."""
    folder = os.fspath(root)
    for segment in key.split("/")[:-1]:
        folder = os.path.join(folder, segment)
        try:
            files.make_folder(folder)
        except FileExistsError:
            continue  # made before, or by another task just now


def _write(descriptor: int, view: memoryview, path: str) -> None:
    while view:
        taken = files.write(descriptor, view, path)
        if not taken:
            raise OSError(errno.EIO, "the file system takes no more bytes", path)
        view = view[taken:]
