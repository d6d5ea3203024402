"""One file on a web server, read in parts by range requests. Knows no archives.

Its last 128 KiB are read first and kept, for the directory of an archive is there;
small reads are served from blocks of 64 KiB, so that neighbours take one request. A
server that gives no parts has to give a file that is small enough to be kept whole.
"""

from __future__ import annotations

import hashlib
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys.central import BadArchive
from napari_ngff.storage.keys.http import HttpKeys

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.storage.keys.answers import Answer

_TAIL: Final = 2**17
_BLOCK: Final = 2**16
_BLOCKS: Final = 64
_LOCKS: Final = 16
#: For how many seconds what was found out counts as the present state.
_FRESH: Final = 10.0


class WebFile:
    """A file at a URL. Its identity is its size and a digest of its end.

    Parameters
    ----------
    url
        Without secrets: what lets us in comes from `storage.keys.access`.
    most
        How many bytes it may have where the server gives no parts.

    Raises
    ------
    CannotOpen
        If urllib3 is not installed.
    Unreadable, LimitExceeded
        If there is no such file, or it cannot be read in parts and is too large.
    """

    remote = True

    def __init__(self, url: str, *, most: int) -> None:
        self.url = url
        self._most = most
        self._keys = HttpKeys(url)
        self._lock = threading.Lock()
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))
        self._blocks: dict[int, bytes] = {}
        self.size, self._tail, self._etag = self._end()
        self.identity: Hashable = _identity(self.size, self._tail)
        self._checked = time.monotonic(), self.identity

    def __reduce__(self) -> Any:
        return _web_file, (self.url, self._most)

    def present(self) -> Hashable:
        """Return size and digest, at most ten seconds old; see `File.present`."""
        at, known = self._checked
        if len(self._tail) == self.size or time.monotonic() - at < _FRESH:
            return known
        span = (self.size - len(self._tail), self.size)
        etag = self._etag if known == self.identity else ""
        try:
            answer = self._keys.answer("", span, limit=_TAIL, etag=etag)
        except LimitExceeded as error:
            raise self._no_parts(error.value) from error
        if not answer.unchanged:
            known = _identity(answer.size, answer.body or b"")
        self._checked = time.monotonic(), known
        return known

    def read(self, start: int, length: int) -> bytes:
        """Return a part; see `File.read`."""
        if start < 0 or start + length > self.size:
            raise BadArchive("the archive is cut short")
        kept = self.size - len(self._tail)
        if start >= kept:
            return self._tail[start - kept : start - kept + length]
        if length > _BLOCK:
            return self._part(start, start + length)
        first, last = start // _BLOCK, (start + length - 1) // _BLOCK
        data = b"".join(self._block(index) for index in range(first, last + 1))
        return data[start - first * _BLOCK :][:length]

    def _block(self, index: int) -> bytes:
        with self._locks[index % _LOCKS]:
            with self._lock:
                found = self._blocks.get(index)
            if found is None:
                stop = min(self.size, (index + 1) * _BLOCK)
                found = self._part(index * _BLOCK, stop)
                with self._lock:
                    if len(self._blocks) >= _BLOCKS:
                        del self._blocks[next(iter(self._blocks))]
                    self._blocks[index] = found
        return found

    def _part(self, start: int, stop: int) -> bytes:
        try:
            answer = self._keys.answer("", (start, stop), limit=stop - start)
        except LimitExceeded as error:
            raise self._no_parts(error.value) from error
        body = answer.body
        if body is None or answer.size not in (None, self.size):
            raise BadArchive("the archive was replaced while it was open")
        if not answer.part or answer.start != start or len(body) != stop - start:
            raise self._unreadable("the server answers with another part of it")
        # The mirrors of a server may differ in the ETags that they give.
        differs = answer.etag != self._etag and answer.etag and self._etag
        if differs and self.present() != self.identity:
            raise BadArchive("the archive was replaced while it was open")
        return body

    def _end(self) -> tuple[int, bytes, str]:
        """Return the size of the file, its last bytes, and its ETag."""
        try:
            answer = self._keys.answer("", (-_TAIL, None), limit=self._most)
        except LimitExceeded as error:
            return self._end_of(error.value)
        if answer.body is None:
            raise self._unreadable("there is nothing at this address")
        if not answer.part and answer.body:
            return len(answer.body), answer.body, answer.etag
        size = answer.size if answer.part else None
        if size is not None and _reaches_end(answer):
            return size, answer.body, answer.etag
        if size is None:
            # Some servers give parts, but not the last bytes by their number.
            size = self._keys.answer("", (0, 1), limit=self._most).size
        if size is None:
            raise self._unreadable("the server does not say how long it is")
        return self._end_of(size)

    def _end_of(self, size: int) -> tuple[int, bytes, str]:
        span = (max(0, size - _TAIL), size)
        try:
            answer = self._keys.answer("", span, limit=_TAIL)
        except LimitExceeded as error:
            raise self._no_parts(size) from error
        if answer.body is None or answer.size != size or not _reaches_end(answer):
            raise self._unreadable("the server answers with another part of it")
        return size, answer.body, answer.etag

    def _no_parts(self, size: int) -> LimitExceeded:
        what = f"The server gives no parts of files. The size in bytes of {self.url}"
        advice = "Download it and open the copy."
        return LimitExceeded(what, size, self._most, advice)

    def _unreadable(self, reason: str) -> Unreadable:
        return Unreadable(self.url, "", reason)


def _web_file(url: str, most: int) -> WebFile:
    return WebFile(url, most=most)


def _reaches_end(answer: Answer) -> bool:
    return answer.start + len(answer.body or b"") == answer.size


def _identity(size: int | None, tail: bytes) -> Hashable:
    return size, hashlib.blake2b(tail).hexdigest()
