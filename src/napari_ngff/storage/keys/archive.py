"""A store in a ZIP file (.zip, .ozx). Knows members of archives; nothing of Zarr.

Stored members are read in ranges; deflated ones are unpacked within their stated size.
Members whose names lead elsewhere (absolute, ``..``, backslashes) cannot be asked for.
"""

from __future__ import annotations

import os
import unicodedata
import zlib
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys import Span, clip
from napari_ngff.storage.keys.central import BadArchive, Member, members_in
from napari_ngff.storage.keys.files import DiskFile, File

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

_STORED: Final = 0
_DEFLATED: Final = 8
_HEADER: Final = 30
#: Bytes of extra fields that are read along with a header.
_EXTRA: Final = 64
_NEAR: Final = 2**16


class ZipKeys:
    """The members of a ZIP file below a folder in it.

    Its directory is read once; a file that was replaced is noticed.

    Parameters
    ----------
    file
        The file, or the path of one.
    limit
        How many bytes its directory may have.

    Raises
    ------
    Unreadable
        If it is no ZIP file that can be read.
    """

    def __init__(self, file: str | File, *, limit: int) -> None:
        self.url = os.path.abspath(file) if isinstance(file, str) else file.url
        self._limit = limit
        self._prefix = ""
        self._starts: dict[int, int] = {}
        try:
            self._file = DiskFile(file) if isinstance(file, str) else file
            read, size = self._file.read, self._file.size
            self._members = members_in(read, size, limit=limit)
        except (BadArchive, OSError) as error:
            raise self._unreadable("", _words(error)) from error

    def below(self, prefix: str) -> ZipKeys:
        """Take a folder of the archive (empty, or ending in ``/``) for the root."""
        self._prefix = prefix
        return self

    def __reduce__(self) -> Any:
        return _archive, (self._file, self._limit, self._prefix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ZipKeys) and self._names() == other._names()

    def __hash__(self) -> int:
        return hash(self._names())

    def __repr__(self) -> str:
        return f"ZipKeys({self.url!r})"

    def _names(self) -> Hashable:
        return self.url, self._prefix, self._file.identity

    @property
    def remote(self) -> bool:
        """Whether a read takes a round trip over a network."""
        return self._file.remote

    def names(self) -> tuple[str, ...]:
        """Return the names of all members, from the root of the archive."""
        return tuple(self._members)

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return the bytes of a member; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int] | None:
        """Return the bytes of a member and its size; see `Keys.sized`."""
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
            return self._read(key, member, start, length), member.size
        except Unreadable as error:
            raise self._unreadable(key, error.reason) from error
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
            present = self._file.present()
        except (BadArchive, OSError) as error:
            raise self._unreadable(key, _words(error)) from error
        return present, member.offset, member.crc

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of the folders in a folder; see `Keys.folders`."""
        whole = self._prefix + prefix
        rest = (n[len(whole) :] for n in self._members if n.startswith(whole))
        return tuple({name.partition("/")[0]: None for name in rest if "/" in name})

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]]:
        """Give every member below a folder and its size; see `Keys.files`."""
        whole, skipped = self._prefix + prefix, len(self._prefix)
        for name, member in self._members.items():
            if name.startswith(whole) and not name.endswith("/"):
                yield name[skipped:], member.size

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
        if member.method == _STORED:
            data = self._packed(key, member, start, length)
        else:
            packed = self._packed(key, member, 0, member.packed)
            data = _inflated(packed, member.size)[start : start + length]
        if length == member.size and zlib.crc32(data) != member.crc:
            raise BadArchive("its checksum is wrong: the archive is damaged")
        return data

    def _packed(self, key: str, member: Member, start: int, length: int) -> bytes:
        """Return packed bytes of a member; those near its header in one read with it.

        How long the header is stands in the header itself.
        """
        first = self._starts.get(member.offset)
        if first is not None:
            return self._file.read(first + start, length)
        near = start < _NEAR
        ahead = _HEADER + len((self._prefix + key).encode()) + _EXTRA + start + length
        left = max(0, self._file.size - member.offset)
        data = self._file.read(member.offset, min(left, ahead if near else _HEADER))
        skipped = _length_of_header(data)
        self._starts[member.offset] = first = member.offset + skipped
        found = data[skipped + start :][:length] if near else b""
        if len(found) == length:
            return found
        return self._file.read(first + start, length)

    def _unreadable(self, key: str, reason: str) -> Unreadable:
        return Unreadable(self.url, plain(key), reason)


def _archive(file: File, limit: int, prefix: str) -> ZipKeys:
    return ZipKeys(file, limit=limit).below(prefix)


def _length_of_header(data: bytes) -> int:
    if len(data) < _HEADER:
        raise BadArchive("the archive is cut short")
    if data[:4] != b"PK\x03\x04":
        raise BadArchive("the archive is damaged")
    named = int.from_bytes(data[26:28], "little")
    extra = int.from_bytes(data[28:30], "little")
    return _HEADER + named + extra


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
