"""One HTTP exchange: a request out, an answer or a reason in, within bounds.

Knows urllib3, redirects and what fails on the way; what an answer says is for
`answers` to tell. Knows no keys and no Zarr. What it raises never holds a URL, for
a URL may hold secrets.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions

from napari_ngff import __version__
from napari_ngff.storage.keys.answers import REST, Answer, Passing, Refused, read_answer
from napari_ngff.storage.keys.pools import pool_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3.response import BaseHTTPResponse

PATIENCE: Final = 30.0
_CONNECT: Final = 10.0
_IDLE: Final = 15.0
_REDIRECTS: Final = 5
_LEAST: Final = 0.5
_REDIRECT: Final = frozenset({301, 302, 303, 307, 308})


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
                    return read_answer(response, limit, enough, end)
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
        if left is None or left > REST:
            self._response.close()
        else:
            self._response.drain_conn()
        self._response.release_conn()


def _failure(error: exceptions.HTTPError) -> Passing | Refused:
    if isinstance(error, exceptions.NameResolutionError):
        return Refused(
            "the server's name is not known. Check the address, and that this computer "
            "is online"
        )
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
