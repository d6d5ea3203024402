"""What a web server's answer says: bytes, their absence, or why there are none.

Knows HTTP; knows neither connections nor keys. What it raises never holds a URL, for a
URL may hold secrets. A reason is a clause: it ends without a full stop.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

#: Of an answer that is not wanted so much is read, to use the connection again.
REST: Final = 4096
_PIECE: Final = 2**18
#: Bytes a second below which a long answer counts as stuck.
_PACE: Final = 2**18
_ABSENT: Final = frozenset({404, 410})
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
#: Codes of object stores that say that a key is absent, and not its bucket.
_NO_KEY: Final = (b"<Code>NoSuchKey</Code>", b"<Code>BlobNotFound</Code>")


class Refused(Exception):
    """The server does not give it (`forbidden`: to us); trying again is no use."""

    def __init__(self, reason: str, *, forbidden: bool = False) -> None:
        super().__init__(reason)
        self.forbidden = forbidden


class Passing(Exception):
    """It failed in a way that may pass; `wait` is how long the server asks us to."""

    def __init__(self, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class TooLarge(Exception):
    """The answer is larger than asked for; `size` is how large, as far as known."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered.

    Attributes
    ----------
    body
        The bytes; None: there is no such thing there.
    start
        Which byte of the value is the first of `body`.
    unchanged
        Whether it is as it was when `etag` was given (then `body` is empty).
    size
        How many bytes the whole value has; None where that does not become known.
    etag
        The server's name of this state of the value; empty where it has none.
    part
        Whether `body` is a part of the value, as asked for, and not all of it.
    """

    body: bytes | None
    start: int = 0
    unchanged: bool = False
    size: int | None = None
    etag: str = ""
    part: bool = False


def read_answer(
    response: BaseHTTPResponse, limit: int, enough: int | None, end: float
) -> Answer:
    """Read a response that is no redirect.

    Parameters
    ----------
    response
        With its body unread.
    limit, enough, end
        As for `wire.fetch`.

    Raises
    ------
    Refused, Passing, TooLarge
    """
    status = response.status
    if status in _ABSENT:
        _check_absence(b"".join(_pieces(response, REST, end, lenient=True)))
        return Answer(body=None)
    if status == 304:
        return Answer(body=b"", unchanged=True)
    if status == 416:
        return Answer(body=b"")
    if status in _TRANSIENT:
        asked = response.headers.get("Retry-After", "")
        wait = float(asked) if asked.isdecimal() else 0.0
        message = f"the server answers {status} ({response.reason or 'failure'})"
        raise Passing(message, wait=wait)
    if status in (401, 403, 407):
        message = (
            f"the server refuses access ({status}). It may need a password or a token "
            "in its address, or not exist"
        )
        raise Refused(message, forbidden=True)
    if status not in (200, 206):
        message = f"the server answers {status} ({response.reason or 'failure'})"
        raise Refused(message)
    start = _first_byte(response) if status == 206 else 0
    body = _body(response, limit, enough if status == 200 else None, end)
    if _is_page(response, body):
        message = (
            "the server answers with a web page in its place; perhaps one has to log in"
        )
        raise Refused(message)
    size = _size(response, body, enough)
    etag = response.headers.get("ETag", "")
    part = status == 206
    return Answer(body=body, start=start, size=size, etag=etag, part=part)


def _check_absence(body: bytes) -> None:
    """Refuse to take a missing bucket, or the like, for a missing key."""
    if b"<Code>" in body and not any(code in body for code in _NO_KEY):
        raise Refused("the server says that its container does not exist")


def _first_byte(response: BaseHTTPResponse) -> int:
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    first = rest.partition("-")[0]
    if unit.lower() != "bytes" or not first.isdecimal():
        raise Refused("the server answers with a part and does not say which")
    return int(first)


def _size(response: BaseHTTPResponse, body: bytes, enough: int | None) -> int | None:
    """Return the whole's size, which a server may leave out of a part of it."""
    if response.status == 206:
        stated = response.headers.get("Content-Range", "").rpartition("/")[2]
        return int(stated) if stated.isdecimal() else None
    # The rest of what is enough was not read.
    return len(body) if enough is None or len(body) < enough else None


def _is_page(response: BaseHTTPResponse, body: bytes) -> bool:
    head = body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return True
    html = response.headers.get("Content-Type", "").lower().startswith("text/html")
    return html and head.startswith(b"<")


def _body(
    response: BaseHTTPResponse, limit: int, enough: int | None, end: float
) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    stated = response.headers.get("Content-Length", "")
    if stated.isdecimal() and int(stated) > limit and enough is None:
        raise TooLarge(int(stated))
    if encoding in ("identity", ""):
        return b"".join(_pieces(response, limit, end, enough=enough))
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Refused("the server packs it in a way that was not asked for")
    packed = b"".join(_pieces(response, limit, end))
    return _unpacked(packed, limit)


def _unpacked(packed: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(32 + zlib.MAX_WBITS)
    try:
        found = stream.decompress(packed, limit + 1)
    except zlib.error:
        raise Passing("what the server packed is damaged") from None
    if len(found) > limit:
        raise TooLarge(len(found))
    if not stream.eof:
        raise Passing("what the server packed is cut short")
    return found


def _pieces(
    response: BaseHTTPResponse,
    limit: int,
    end: float,
    *,
    enough: int | None = None,
    lenient: bool = False,
) -> Iterator[bytes]:
    """Yield the body as it comes; stop where it is too much, or comes too slowly."""
    size = 0
    while piece := response.read(_PIECE, decode_content=False):
        size += len(piece)
        yield piece
        if enough is not None and size >= enough:
            return
        if size > limit:
            if lenient:
                return
            raise TooLarge(size)
        if time.monotonic() > end + size / _PACE:
            raise Passing("the server sends it too slowly")
