"""Names out of a file: which may be followed, and how any may be shown.

Knows text only: it neither touches a file system nor knows what a path leads to.
Every node path that metadata names passes `check_path`; every text of a file that a
person sees passes `plain`; every URL that is kept, shown or raised passes `scrub`.
"""

from __future__ import annotations

import re
import reprlib
import unicodedata
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import UnsafePath

#: Characters that change the direction in which their neighbours are shown.
_BIDI = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_JOINERS = frozenset("\u200c\u200d")
_DECODINGS = 4

_SECRET_NAME = re.compile(
    r"token|sig|secret|passw|pwd|credential|auth|session|jwt|policy|code"
    r"|(^|[-_.])key|api-?key|access-?key|accesskeyid|googleaccessid|^x-(amz|goog|ms)-",
    re.IGNORECASE,
)
_SECRET_LENGTH = 24
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")


def check_path(path: object, *, limits: Limits = LIMITS) -> str:
    r"""Return a relative path out of a file if it may be followed.

    Parameters
    ----------
    path
        What the file says; anything but a string is refused.
    limits
        Bounds on its length and number of segments.

    Returns
    -------
    str
        The path in Unicode normal form C, segments separated by ``/``.

    Raises
    ------
    UnsafePath
        If it is not a string, is empty or too long, is absolute or has a scheme, has
        an empty, ``.`` or ``..`` segment, a ``\``, a ``:``, a control or bidirectional
        character, or would have one after percent-decoding.
    """
    if not isinstance(path, str):
        raise UnsafePath(plain(path, limit=80), "it is not text")
    if len(path) > limits.path_chars:
        reason = f"it is longer than {limits.path_chars} characters"
        raise UnsafePath(plain(path, limit=80), reason)
    text = unicodedata.normalize("NFC", path)
    decoded = text
    for _ in range(_DECODINGS):
        if reason := _fault(decoded, limits):
            raise UnsafePath(plain(path, limit=80), reason)
        again = unicodedata.normalize("NFC", unquote(decoded))
        if again == decoded:
            return text
        decoded = again
    raise UnsafePath(plain(path, limit=80), "it is percent-encoded over and over")


def _fault(text: str, limits: Limits) -> str:
    """Return why this text may not be followed as a path, or an empty string."""
    if not text:
        return "it is empty"
    if "\\" in text:
        return "it contains a backslash"
    if ":" in text:
        return "it contains a colon (an absolute path, a URL or a stream)"
    if any(map(_is_unfit, text)):
        return "it contains control or direction-changing characters"
    if text.startswith("/"):
        return "it is absolute"
    segments = text.split("/")
    if len(segments) > limits.path_segments:
        return f"it has more than {limits.path_segments} segments"
    if "" in segments:
        return "it has an empty segment (a double or trailing slash)"
    # Windows drops dots and spaces at the end of a name: '.. ' is '..' there.
    if not all(segment.strip(" .") for segment in segments):
        return "it has a '.' or '..' segment, which may lead out of the store"
    return ""


def _is_unfit(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _is_invisible(char: str) -> bool:
    """Tell whether a character is not seen; those that join letters are needed."""
    return unicodedata.category(char) == "Cf" and char not in _JOINERS


def join(node: str, path: str, *, limits: Limits = LIMITS) -> str:
    """Return the node that `path`, checked, names below `node`.

    Raises
    ------
    UnsafePath
        As `check_path`, for the path and for the two together.
    """
    checked = check_path(path, limits=limits)
    return check_path(f"{node}/{checked}", limits=limits) if node else checked


def plain(text: object, *, limit: int = LIMITS.text_chars) -> str:
    """Return text out of a file so that it is fit to be shown anywhere.

    Control, direction-changing and invisible characters are left out, white space
    becomes a space, ``<`` becomes U+2039 (so that nothing takes it for rich text), and
    what is longer than `limit` characters is cut and ends in ``…``. Anything that is
    not a string is shown abridged.
    """
    if not isinstance(text, str):
        text = reprlib.repr(text)
    # What is dropped can only make it shorter: four times the limit is plenty.
    shown = "".join(_shown(char) for char in text[: 4 * limit])
    whole = len(text) <= 4 * limit and len(shown) <= limit
    return shown if whole else shown[: limit - 1] + "…"


def _shown(char: str) -> str:
    if char == "<":
        return "\u2039"
    if char.isspace():
        return " "
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return "" if _is_unfit(char) or _is_invisible(char) else char


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does: with a full stop if with nothing."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def scrub(url: str) -> str:
    """Return a URL without what should not be seen: user, password, tokens, signatures.

    Query parameters stay when neither their name nor the length of their value makes
    them look like a secret. In a text that does not begin with a URL, those in it are
    treated so. The result is its own result: ``scrub(scrub(url)) == scrub(url)``.
    """
    if not _URL.match(url):
        return _URL.sub(lambda found: _scrubbed(found[0]), url)
    return _scrubbed(url)


def _scrubbed(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return _USERINFO.sub("", url.partition("?")[0].partition("#")[0])
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_secret(name, value)
    ]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def _is_secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name)) or len(value) >= _SECRET_LENGTH
