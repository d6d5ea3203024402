"""Packing a folder into one ZIP file, by the rules of RFC-9. Knows ZIP, not arrays.

Members are stored as they are, every header is ZIP64, the root's ``zarr.json`` comes
first and the other ones next, breadth first. It is written from beginning to end.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.verifying import keys_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOCK: Final = 2**20
_VERSION: Final = 45  # of ZIP: the first with 64-bit sizes
_UTF8: Final = 0x800
_DATE: Final = 0x21  # 1980-01-01: the same image packs to the same bytes
_ASK_64: Final = 0xFFFFFFFF
_ATTRIBUTES: Final = 0o100644 << 16
_UNIX: Final = 3 << 8 | _VERSION

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LOCAL_64: Final = struct.Struct("<2H2Q")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_CENTRAL_64: Final = struct.Struct("<2H3Q")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END: Final = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A member: its key, size, CRC-32, digest, and where its header begins."""

    key: str
    nbytes: int
    crc: int
    digest: bytes
    offset: int


def pack(
    root: Path, file: Path, *, comment: bytes, progress: Callable[[int], None]
) -> None:
    """Pack a folder into a new file, which is durable and read again when this returns.

    Each file is removed once it is packed, so that both take little more room than one.

    Parameters
    ----------
    root
        The folder, of which only empty folders remain.
    file
        The file to make.
    comment
        The archive's comment, at most 65,535 bytes.
    progress
        Called with numbers of bytes as they are written or read again: twice the
        size of all. What it raises ends the packing.

    Raises
    ------
    CannotSave
        If the file, read again, does not hold what it should.
    OSError
        If the file system refuses.
    """
    descriptor = files.create(file)
    try:
        out = _Out(descriptor, file, progress)
        members = [_append(out, root, key) for key in ordered(keys_below(root))]
        _finish(out, members, comment)
        files.sync(descriptor, file)
    finally:
        files.close(descriptor, file)
    _verify(file, members, progress)


def ordered(keys: Iterator[str]) -> list[str]:
    """Return keys in the order of RFC-9: root document, other documents, the rest."""

    def rank(key: str) -> tuple[bool, int, str]:
        is_document = key.rpartition("/")[2] == "zarr.json"
        return not is_document, key.count("/") if is_document else 0, key

    return sorted(keys, key=rank)


class _Out:
    """A file that grows: where its end is, and who is told."""

    def __init__(
        self, descriptor: int, path: Path, progress: Callable[[int], None]
    ) -> None:
        self.end = 0
        self._descriptor = descriptor
        self._path = path
        self.progress = progress

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[files.write(self._descriptor, view, self._path) :]
        self.end += len(data)


def _append(out: _Out, root: Path, key: str) -> Packed:
    path = root.joinpath(*key.split("/"))
    crc, size, digest = 0, 0, blake2b(digest_size=16)
    for block in blocks(path):
        crc, size = zlib.crc32(block, crc), size + len(block)
        digest.update(block)
    member = Packed(
        key=key, nbytes=size, crc=crc, digest=digest.digest(), offset=out.end
    )
    out.write(_local(member))
    for block in blocks(path):
        out.write(block)
        out.progress(len(block))
    files.unlink(path)
    return member


def blocks(path: Path, start: int = 0, size: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file, or `size` of them from `start`, piece by piece."""
    descriptor = files.open_to_read(path)
    try:
        os.lseek(descriptor, start, os.SEEK_SET)
        while size is None or size > 0:
            length = _BLOCK if size is None else min(_BLOCK, size)
            block = files.read(descriptor, length, path)
            if not block:
                return
            yield block
            size = None if size is None else size - len(block)
    finally:
        files.close(descriptor, path)


def _local(member: Packed) -> bytes:
    name = member.key.encode()
    head = _LOCAL.pack(
        b"PK\3\4",
        *(_VERSION, _UTF8, 0, 0, _DATE),
        *(member.crc, _ASK_64, _ASK_64),
        *(len(name), _LOCAL_64.size),
    )
    return head + name + _LOCAL_64.pack(1, 16, member.nbytes, member.nbytes)


def _central(member: Packed) -> bytes:
    name = member.key.encode()
    head = _CENTRAL.pack(
        b"PK\1\2",
        *(_UNIX, _VERSION, _UTF8, 0, 0, _DATE),
        *(member.crc, _ASK_64, _ASK_64),
        *(len(name), _CENTRAL_64.size, 0, 0, 0),
        *(_ATTRIBUTES, _ASK_64),
    )
    sizes = (member.nbytes, member.nbytes, member.offset)
    return head + name + _CENTRAL_64.pack(1, 24, *sizes)


def _finish(out: _Out, members: list[Packed], comment: bytes) -> None:
    start, count = out.end, len(members)
    directory = b"".join(_central(member) for member in members)
    size = len(directory)
    end = start + size
    out.write(
        directory
        + _END_64.pack(
            b"PK\6\6",
            _END_64.size - 12,
            *(_UNIX, _VERSION, 0, 0),
            *(count, count, size, start),
        )
        + _LOCATOR.pack(b"PK\6\7", 0, end, 1)
        + _END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _ASK_64, _ASK_64, len(comment))
        + comment
    )


def _verify(file: Path, members: list[Packed], progress: Callable[[int], None]) -> None:
    for member in members:
        head = _local(member)
        digest = blake2b(digest_size=16)
        found = b"".join(blocks(file, member.offset, len(head)))
        for block in blocks(file, member.offset + len(head), member.nbytes):
            digest.update(block)
            progress(len(block))
        if found != head or digest.digest() != member.digest:
            reason = f"on reading it again, {member.key} is not what was written"
            raise CannotSave(file.name, reason, "Save again, or on another disk.")
