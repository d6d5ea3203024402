"""One HTTP exchange: a request out, bytes or a reason in, within bounds.

Knows HTTP and urllib3; knows no keys and no Zarr. What it raises never holds a URL, for
a URL may hold secrets.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions

from napari_ngff import __version__
from napari_ngff.storage.keys.pools import pool_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3.response import BaseHTTPResponse

PATIENCE: Final = 30.0
_CONNECT: Final = 10.0
_IDLE: Final = 15.0
_REDIRECTS: Final = 5
_LEAST: Final = 0.5
_REST: Final = 4096
_PIECE: Final = 2**18
#: Bytes a second below which a long answer counts as stuck.
_PACE: Final = 2**18
_ABSENT: Final = frozenset({404, 410})
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECT: Final = frozenset({301, 302, 303, 307, 308})
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


def fetch(
    url: str,
    headers: Mapping[str, str],
    *,
    limit: int,
    enough: int | None = None,
    end: float | None = None,
) -> Answer:
    """Ask once for a URL, following redirects.

    Parameters
    ----------
    url
        With whatever lets us in.
    headers
        What to send beside the usual; ``Authorization`` goes to the first host only.
    limit
        How many bytes the body may have, unpacked.
    enough
        After how many bytes of a whole value the rest is not needed. None: all.
    end
        When, by ``time.monotonic``, there should be an answer, plus what a large one
        takes at 256 KiB a second. None: in half a minute.

    Raises
    ------
    Refused, Passing, TooLarge
    """
    sent = {
        "Accept-Encoding": "identity",
        "User-Agent": f"napari-ngff/{__version__}",
        **headers,
    }
    end = time.monotonic() + PATIENCE if end is None else end
    for _ in range(_REDIRECTS + 1):
        try:
            with _Opened(url, sent, end) as response:
                if response.status not in _REDIRECT:
                    return _answer(response, limit, enough, end)
                target = urljoin(url, response.headers.get("Location", "about:blank"))
        except exceptions.HTTPError as error:
            raise _failure(error) from None
        _check_redirect(url, target)
        if urlsplit(url)[:2] != urlsplit(target)[:2]:
            sent.pop("Authorization", None)
        url = target
    message = f"it redirects more than {_REDIRECTS} times"
    raise Refused(message)


class _Opened:
    """A response that is given back to its pool, or closed where much is left."""

    def __init__(self, url: str, headers: Mapping[str, str], end: float) -> None:
        left = max(_LEAST, end - time.monotonic())
        self._response: BaseHTTPResponse = pool_for(url).request(
            "GET",
            url,
            headers=headers,
            preload_content=False,
            decode_content=False,
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(connect=min(_CONNECT, left), read=min(_IDLE, left)),
        )

    def __enter__(self) -> BaseHTTPResponse:
        return self._response

    def __exit__(self, *_: object) -> None:
        left = self._response.length_remaining
        if left is None or left > _REST:
            self._response.close()
        else:
            self._response.drain_conn()
        self._response.release_conn()


def _failure(error: exceptions.HTTPError) -> Passing | Refused:
    if isinstance(error, exceptions.NameResolutionError):
        return Refused("the name of the server cannot be found. Are you on-line?")
    if isinstance(error, exceptions.SSLError):
        return Refused("a secure connection cannot be made: its certificate is refused")
    if isinstance(error, exceptions.LocationParseError):
        return Refused("its address is not valid")
    if isinstance(error, exceptions.ProxySchemeUnknown):
        return Refused("the environment names a proxy that is no http(s):// address")
    if isinstance(error, exceptions.ProxyError):
        return Passing("the proxy that the environment names cannot be reached")
    # A connection that cannot be made is also a timeout in the eyes of urllib3.
    if isinstance(error, exceptions.NewConnectionError):
        return Passing("the server cannot be reached")
    if isinstance(error, exceptions.TimeoutError):
        return Passing("the server does not answer in time")
    return Passing("the connection broke off")


def _check_redirect(source: str, target: str) -> None:
    """Refuse a redirect that leads where a page on the web should not lead us."""
    here, there = urlsplit(source), urlsplit(target)
    if there.scheme not in ("http", "https") or not there.hostname:
        raise Refused("it redirects to something that is not on the web")
    if here.scheme == "https" and there.scheme == "http":
        raise Refused("it redirects from a secure to an insecure address")
    elsewhere = here.hostname != there.hostname
    if elsewhere and is_private(there.hostname) and not is_private(here.hostname or ""):
        raise Refused("it redirects to an address in a private network")


def is_private(host: str) -> bool:
    """Tell whether a host has an address that is not on the public internet."""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    addresses = (str(entry[4][0]).partition("%")[0] for entry in found)
    return any(not ipaddress.ip_address(address).is_global for address in addresses)


def _answer(
    response: BaseHTTPResponse, limit: int, enough: int | None, end: float
) -> Answer:
    status = response.status
    if status in _ABSENT:
        _check_absence(b"".join(_pieces(response, _REST, end, lenient=True)))
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
