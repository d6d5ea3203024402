"""A store on a web server or in a bucket, read over http(s). Knows nothing of Zarr.

Needs urllib3 (the extra ``remote``). A read that fails in passing is tried again, for
half a minute in all; 404 and 410 are the only answers that count as absent.
"""

from __future__ import annotations

import hashlib
import math
import random
import threading
import time
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotOpen, LimitExceeded, Unreadable
from napari_ngff.storage.keys import Span, clip
from napari_ngff.storage.keys.access import access_to

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from napari_ngff.storage.keys.answers import Answer

_TRIES: Final = 6
_FIRST_WAIT: Final = 0.2
_LONGEST_WAIT: Final = 5.0
#: For how many seconds a stamp counts as the present one.
_FRESH: Final = 10.0
_STAMPS: Final = 4096


class _Stamp(NamedTuple):
    at: float
    digest: str | None
    etag: str
    limit: int


_UNKNOWN: Final = _Stamp(-math.inf, None, "", LIMITS.document_bytes)


class HttpKeys:
    """The values below a URL.

    Parameters
    ----------
    url
        Of the store, without secrets: what lets us in comes from
        `storage.keys.access`.

    Raises
    ------
    CannotOpen
        If urllib3 is not installed.
    """

    remote = True

    def __init__(self, url: str) -> None:
        try:
            import urllib3  # noqa: F401
        except ImportError as error:
            reason = (
                "reading from the web needs the package urllib3. Install it with: "
                "pip install 'napari-ngff[remote]'"
            )
            raise CannotOpen(url, reason) from error
        self.url = url
        self._lock = threading.Lock()
        self._stamps: dict[str, _Stamp] = {}

    def __reduce__(self) -> Any:
        return HttpKeys, (self.url,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HttpKeys) and self.url == other.url

    def __hash__(self) -> int:
        return hash(self.url)

    def __repr__(self) -> str:
        return f"HttpKeys({self.url!r})"

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return the value of a key, or a span of it; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int | None] | None:
        """Return a value, or a span of it, and its size; see `Keys.sized`."""
        if span is not None and span[1] is not None and span[1] <= span[0] >= 0:
            return b"", None
        headers = {} if span is None else {"Range": _range(span)}
        enough = None if span is None or span[0] < 0 else span[1]
        answer = self._ask(key, headers, limit=limit, enough=enough)
        if answer.body is None:
            return None
        if span is None:
            return answer.body, len(answer.body)
        size = answer.size
        if size is None and span[0] < 0:
            size = answer.start + len(answer.body)  # the end of it is its end
        return self._cut(key, answer, span, limit), size

    def answer(self, key: str, span: Span, *, limit: int, etag: str = "") -> Answer:
        """Return what the server answers when it is asked for a span of a value.

        Parameters
        ----------
        key, span
            As for `get`; the key may be empty: what is at the URL itself.
        limit
            How many bytes the answer may have, a span or not.
        etag
            Of the value as it is known: it need not be sent if it is still so.

        Raises
        ------
        Unreadable, LimitExceeded
            As `Keys.get`.
        """
        headers = {"Range": _range(span)}
        if etag:
            headers["If-None-Match"] = etag
        return self._ask(key, headers, limit=limit, enough=None)

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp, from one answer; see `Keys.stamped`."""
        answer = self._ask(key, {}, limit=limit, enough=None)
        stamp = self._note(key, _digest(answer.body), answer.etag, limit)
        return None if answer.body is None else (answer.body, stamp)

    def stamp(self, key: str) -> Hashable:
        """Return a digest of a value, at most ten seconds old; see `Keys.stamp`.

        It is not the server's ETag, for the mirrors of a server may differ in that.
        """
        with self._lock:
            known = self._stamps.get(key, _UNKNOWN)
        if time.monotonic() - known.at < _FRESH:
            return known.digest
        headers = {"If-None-Match": known.etag} if known.etag else {}
        answer = self._ask(key, headers, limit=known.limit, enough=None)
        if answer.unchanged:
            return self._note(key, known.digest, known.etag, known.limit)
        return self._note(key, _digest(answer.body), answer.etag, known.limit)

    def _note(self, key: str, digest: str | None, etag: str, limit: int) -> Hashable:
        with self._lock:
            if len(self._stamps) >= _STAMPS:
                self._stamps.clear()
            self._stamps[key] = _Stamp(time.monotonic(), digest, etag, limit)
        return digest

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return None: a web server cannot be listed; see `Keys.folders`."""
        return None

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]] | None:
        """Return None: a web server cannot be listed; see `Keys.files`."""
        return None

    def _ask(
        self, key: str, headers: dict[str, str], *, limit: int, enough: int | None
    ) -> Answer:
        """Ask until there is an answer, or no hope."""
        from napari_ngff.storage.keys import answers, wire

        url, sent = self._request(key, headers)
        end = time.monotonic() + wire.PATIENCE
        for attempt in count(1):
            try:
                return wire.fetch(url, sent, limit=limit, enough=enough, end=end)
            except answers.Refused as error:
                raise self._unreadable(key, str(error), error.forbidden) from None
            except answers.TooLarge as error:
                what = f"The size in bytes of {plain(key)!r} in {self.url}"
                raise LimitExceeded(what, error.size, limit) from None
            except answers.Passing as error:
                wait = max(_pause(attempt), min(error.wait, _LONGEST_WAIT))
                if attempt >= _TRIES or time.monotonic() + wait > end:
                    tries = f"; tried {attempt} times. Try again later"
                    raise self._unreadable(key, str(error) + tries) from None
                time.sleep(wait)
        raise AssertionError

    def _request(self, key: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.url)
        access = access_to(self.url)
        path = f"{parts.path}/{quote(key)}" if key else parts.path
        url = urlunsplit((parts.scheme, parts.netloc, path, access.query, ""))
        if access.authorization:
            headers = {**headers, "Authorization": access.authorization}
        return url, headers

    def _cut(self, key: str, answer: Answer, span: Span, limit: int) -> bytes:
        """Return the span of an answer, which may be of it alone or of all."""
        body = answer.body or b""
        start, stop = span
        if not answer.start:
            # The whole value, its beginning, or a value that the span is all of.
            first, length = clip(span, len(body))
            found = body[first : first + length]
        elif start < 0 or start == answer.start:
            found = body if stop is None else body[: stop - start]
        else:
            raise self._unreadable(key, "the server answers with another part of it")
        if len(found) > limit:
            what = f"The size in bytes of {plain(key)!r} in {self.url}"
            raise LimitExceeded(what, len(found), limit)
        return found

    def _unreadable(self, key: str, reason: str, forbidden: bool = False) -> Unreadable:
        return Unreadable(self.url, plain(key), reason, forbidden=forbidden)


def _digest(body: bytes | None) -> str | None:
    return None if body is None else hashlib.blake2b(body).hexdigest()


def _pause(attempt: int) -> float:
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** (attempt - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries


def _range(span: Span) -> str:
    start, stop = span
    if start < 0:
        return f"bytes={start}"
    return f"bytes={start}-" if stop is None else f"bytes={start}-{stop - 1}"
