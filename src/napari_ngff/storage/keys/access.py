"""What lets us in at a web server, kept by the process and by nothing else.

Knows the parts of a URL that are secret; sends nothing. A store's URL is shown and
kept without them; opening that URL again in the same process finds them here.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from napari_ngff.core.names import scrub

_KNOWN: dict[str, Access] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is sent along with each request. Not shown, and not to be pickled.

    Attributes
    ----------
    query
        The query of the URL as it was typed, secrets included.
    authorization
        The header of that name; empty: none.
    """

    query: str = field(default="", repr=False)
    authorization: str = field(default="", repr=False)

    def __reduce__(self) -> str:
        message = "what lets us in at a server is not handed on"
        raise TypeError(message)


def remember(url: str) -> str:
    """Keep the secrets of a URL for this process; return the URL without them.

    A URL that has none finds those of the same URL, or of one that it is below.
    """
    shown = scrub(url).rstrip("/")
    parts = urlsplit(url)
    user, found, host = parts.netloc.rpartition("@")
    del host
    if found or scrub(url) != url:
        access = Access(query=parts.query, authorization=_basic(user) if found else "")
    else:
        access = _inherited(shown) or Access(query=parts.query)
    keep(shown, access)
    return shown


def keep(shown: str, access: Access) -> None:
    """Keep what lets us in at a URL, which is given without secrets."""
    with _LOCK:
        _KNOWN[shown] = access


def access_to(shown: str) -> Access:
    """Return what lets us in at a URL, which is given without secrets."""
    return _inherited(shown) or Access(query=urlsplit(shown).query)


def _basic(user: str) -> str:
    # Before it is encoded a user name or password is percent-decoded (RFC 3986, 3.2.1).
    name, _, password = user.partition(":")
    text = f"{unquote(name)}:{unquote(password)}"
    return "Basic " + base64.b64encode(text.encode()).decode()


def _inherited(shown: str) -> Access | None:
    parts = urlsplit(shown)
    path = parts.path.rstrip("/")
    with _LOCK:
        while True:
            above = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
            if above in _KNOWN:
                return _KNOWN[above]
            if not path:
                return None
            path = path.rpartition("/")[0]
