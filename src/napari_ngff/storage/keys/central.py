"""The directory of a ZIP file: which members there are and where. No decompression.

Knows the ZIP format as far as reading takes it: one disk, ZIP64, no encryption. Source:
APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3.
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Read: TypeAlias = Callable[[int, int], bytes]

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_COMMENT = 65_535
_UNKNOWN = 0xFFFFFFFF
_ENCRYPTED = 0x1
_UTF8 = 0x800


class BadArchive(ValueError):
    """A file is not a ZIP file, or not one that can be read; says why."""


class Member(NamedTuple):
    """One file in a ZIP file; `offset` is that of its local header."""

    offset: int
    packed: int
    size: int
    method: int
    crc: int
    encrypted: bool


def members(file: IO[bytes], *, limit: int) -> dict[str, Member]:
    """Return the files of an archive by name; of a repeated name the last.

    Parameters
    ----------
    file
        The archive, seekable.
    limit
        How many bytes its directory may have.

    Raises
    ------
    BadArchive
        If there is no directory, or it is damaged or larger than `limit`.
    """

    def read(start: int, length: int) -> bytes:
        file.seek(start)
        return file.read(length)

    return members_in(read, file.seek(0, 2), limit=limit)


def members_in(read: Read, size: int, *, limit: int) -> dict[str, Member]:
    """Return the files of an archive by name, as `members` does.

    Parameters
    ----------
    read
        Returns so many bytes of the archive from a position on.
    size
        How many bytes the archive has.
    limit
        How many bytes its directory may have.
    """
    tail_start = max(0, size - _COMMENT - _END.size - _LOCATOR64.size)
    tail = _read(read, tail_start, size - tail_start, size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise BadArchive("it is not a ZIP file, or its end is missing")
    _, disk, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    end = tail_start + at
    if _UNKNOWN in (length, start) or count == 0xFFFF:
        found = _zip64(read, tail, at - _LOCATOR64.size, size)
        if found:
            end, disk, length, start = found
    if disk not in (0, 0xFFFF):
        raise BadArchive("it is one part of several")
    if length > limit:
        raise BadArchive(f"its directory has {length} bytes; the limit is {limit}")
    shift = end - length - start  # bytes put before the archive
    if shift < 0:
        raise BadArchive("its directory is damaged")
    data = _read(read, start + shift, length, size)
    return dict(_entries(data, shift))


def _zip64(
    read: Read, tail: bytes, at: int, size: int
) -> tuple[int, int, int, int] | None:
    """Return end, disk, length and start of a ZIP64 directory, if there is one."""
    if at < 0 or tail[at : at + 4] != b"PK\x06\x07":
        return None
    _, _, where, _ = _LOCATOR64.unpack_from(tail, at)
    record = _read(read, where, _END64.size, size)
    if record[:4] != b"PK\x06\x06":
        raise BadArchive("its ZIP64 directory is damaged")
    _, _, _, _, disk, _, _, _, length, start = _END64.unpack(record)
    return where, disk, length, start


def _read(read: Read, start: int, length: int, size: int) -> bytes:
    if start + length > size:
        raise BadArchive("it is cut short")
    return read(start, length)


def _entries(data: bytes, shift: int) -> Iterator[tuple[str, Member]]:
    at = 0
    while at + _ENTRY.size <= len(data):
        entry = _ENTRY.unpack_from(data, at)
        if entry[0] != b"PK\x01\x02":
            raise BadArchive("its directory is damaged")
        flags, method, crc, packed, size = entry[3], entry[4], *entry[7:10]
        named, extra, comment = entry[10:13]
        offset = entry[16]
        at += _ENTRY.size
        raw = data[at : at + named]
        if _UNKNOWN in (packed, size, offset):
            field = data[at + named : at + named + extra]
            size, packed, offset = _wide(field, (size, packed, offset))
        at += named + extra + comment
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        if not flags & _UTF8:
            name = _as_utf8(raw, name)
        encrypted = bool(flags & _ENCRYPTED)
        yield name, Member(offset + shift, packed, size, method, crc, encrypted)


def _as_utf8(raw: bytes, otherwise: str) -> str:
    """Return a name as UTF-8 where it is: many writers forget the flag."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return otherwise


def _wide(extra: bytes, narrow: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return size, packed size and offset with ZIP64's in the place of all ones."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            try:
                found = [next(values) if n == _UNKNOWN else n for n in narrow]
            except StopIteration:
                break
            return found[0], found[1], found[2]
        at += 4 + length
    raise BadArchive("its directory is damaged")
