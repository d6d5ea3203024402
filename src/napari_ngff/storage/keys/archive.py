"""A store in a ZIP file (.zip, .ozx). Knows members of archives; nothing of Zarr.

Stored members are read in ranges; deflated ones are unpacked within their stated size.
Members whose names lead elsewhere (absolute, ``..``, backslashes) cannot be asked for.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import zlib
from typing import IO, TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys import Span, clip
from napari_ngff.storage.keys.central import BadArchive, Member, members

if TYPE_CHECKING:
    from collections.abc import Hashable

_STORED: Final = 0
_DEFLATED: Final = 8
_HEADER: Final = 30


class ZipKeys:
    """The members of a ZIP file below a folder in it.

    Its directory is read once. The file is opened anew for each read, so that nothing
    is held open, and a file that was replaced is noticed.

    Parameters
    ----------
    path
        An existing file.
    limit
        How many bytes its directory may have.

    Raises
    ------
    Unreadable
        If it is no ZIP file that can be read.
    """

    remote = False

    def __init__(self, path: str, *, limit: int) -> None:
        self.url = os.path.abspath(path)
        self._limit = limit
        self._prefix = ""
        try:
            with open(path, "rb") as file:
                self._identity = _identity(file)
                self._members = members(file, limit=limit)
        except (BadArchive, OSError) as error:
            raise self._unreadable("", _words(error)) from error

    def below(self, prefix: str) -> ZipKeys:
        """Take a folder of the archive (empty, or ending in ``/``) for the root."""
        self._prefix = prefix
        return self

    def __reduce__(self) -> Any:
        return _archive, (self.url, self._limit, self._prefix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ZipKeys) and self._names() == other._names()

    def __hash__(self) -> int:
        return hash(self._names())

    def __repr__(self) -> str:
        return f"ZipKeys({self.url!r})"

    def _names(self) -> Hashable:
        return self.url, self._prefix, self._identity

    def names(self) -> tuple[str, ...]:
        """Return the names of all members, from the root of the archive."""
        return tuple(self._members)

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return the bytes of a member; see `Keys.get`."""
        member = self._member(key)
        if member is None:
            if any(name.startswith(f"{self._prefix}{key}/") for name in self._members):
                raise self._unreadable(key, "a folder is in its place")
            return None
        start, length = clip(span, member.size)
        wanted = length if member.method == _STORED else max(member.size, member.packed)
        if wanted > limit:
            what = f"The size in bytes of {plain(key)!r} in {self.url}"
            raise LimitExceeded(what, wanted, limit)
        try:
            return self._read(key, member, start, length)
        except (BadArchive, OSError, zlib.error) as error:
            raise self._unreadable(key, _words(error)) from error

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp; see `Keys.stamped`."""
        stamp = self.stamp(key)
        data = self.get(key, limit=limit)
        return None if data is None else (data, stamp)

    def stamp(self, key: str) -> Hashable:
        """Return the identity of the file and the member's place; see `Keys.stamp`."""
        member = self._member(key)
        if member is None:
            return None
        try:
            found = os.stat(self.url)
        except OSError as error:
            raise self._unreadable(key, _words(error)) from error
        return _stamp(found), member.offset, member.crc

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of the folders in a folder; see `Keys.folders`."""
        whole = self._prefix + prefix
        rest = (n[len(whole) :] for n in self._members if n.startswith(whole))
        return tuple({name.partition("/")[0]: None for name in rest if "/" in name})

    def _member(self, key: str) -> Member | None:
        found = self._members.get(self._prefix + key)
        if found is None and not key.isascii():
            key = unicodedata.normalize("NFD", key)
            found = self._members.get(self._prefix + key)
        return found

    def _read(self, key: str, member: Member, start: int, length: int) -> bytes:
        if member.encrypted:
            raise BadArchive("it is encrypted. Unpack the archive and open the folder")
        if member.method not in (_STORED, _DEFLATED):
            raise BadArchive(
                f"it is packed by method {member.method}, which is not read here. "
                "Unpack the archive and open the folder"
            )
        with open(self.url, "rb") as file:
            if _identity(file) != self._identity:
                raise BadArchive("the archive was replaced while it was open")
            at = _data_offset(file, member)
            if member.method == _STORED:
                data = _exactly(file, at + start, length)
            else:
                packed = _exactly(file, at, member.packed)
                whole = _inflated(packed, member.size)
                data = whole[start : start + length]
        if length == member.size and zlib.crc32(data) != member.crc:
            raise BadArchive("its checksum is wrong: the archive is damaged")
        return data

    def _unreadable(self, key: str, reason: str) -> Unreadable:
        return Unreadable(self.url, plain(key), reason)


def _archive(path: str, limit: int, prefix: str) -> ZipKeys:
    return ZipKeys(path, limit=limit).below(prefix)


def _identity(file: IO[bytes]) -> Hashable:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise BadArchive("it is not a file")
    return _stamp(found)


def _stamp(found: os.stat_result) -> Hashable:
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _data_offset(file: IO[bytes], member: Member) -> int:
    header = _exactly(file, member.offset, _HEADER)
    if header[:4] != b"PK\x03\x04":
        raise BadArchive("the archive is damaged")
    named = int.from_bytes(header[26:28], "little")
    extra = int.from_bytes(header[28:30], "little")
    return member.offset + _HEADER + named + extra


def _exactly(file: IO[bytes], start: int, length: int) -> bytes:
    if start + length > os.fstat(file.fileno()).st_size:
        raise BadArchive("the archive is cut short")
    file.seek(start)
    data = file.read(length)
    if len(data) != length:
        raise BadArchive("the archive is cut short")
    return data


def _inflated(packed: bytes, size: int) -> bytes:
    """Return deflated bytes unpacked, which must be as many as stated."""
    data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    if len(data) != size:
        raise BadArchive("it does not unpack to the size that the archive states")
    return data


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return plain(str(error))
