"""Where a store's root is, given the address of something inside it on the web.

Knows http(s) URLs and what each look costs; reads only what tells a group from nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from napari_ngff.core.names import check_path, scrub, sentence
from napari_ngff.core.problems import (
    CannotOpen,
    DocumentError,
    LimitExceeded,
    NgffError,
    NotOmeZarr,
    Unreadable,
    UnsafePath,
)
from napari_ngff.storage.keys.access import access_to, keep, remember
from napari_ngff.storage.keys.archive import ZipKeys
from napari_ngff.storage.keys.http import HttpKeys
from napari_ngff.storage.keys.web_file import WebFile
from napari_ngff.storage.places.finding import CLIMB, GAPS, Found, found_in
from napari_ngff.storage.places.looks import DOCUMENTS
from napari_ngff.storage.places.nodes import NodeDocument, key_of, read_node

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys

#: How the names of archives end.
ARCHIVES = (".ozx", ".zip")
#: How many documents are asked for at a time.
_THREADS = 8
#: Characters of a path that stay as they were typed.
_SAFE = "%:@!$&'()*+,;=~"


def find_on_web(url: str, limits: Limits) -> Found:
    """Return the store that an http(s) URL is in, the node, and what was read of it.

    Raises
    ------
    CannotOpen, NotOmeZarr
        As `storage.location.open_location`.
    """
    shown, segments = _address(url)
    tops = [i for i, part in enumerate(segments) if part.lower().endswith(".zarr")]
    files = [i for i, part in enumerate(segments) if part.lower().endswith(ARCHIVES)]
    if files and files[0] < min(tops, default=len(segments)):
        inside = segments[files[0] + 1 :]
        return _in_archive(_parent(shown, len(inside)), inside, shown, limits)
    start = tops[0] if tops else len(segments) - 1
    parts = [_checked(part, shown, limits) for part in segments[start + 1 :]]
    found = _chain(HttpKeys(_parent(shown, len(parts))), parts, shown, limits)
    return found if tops else _climbed(found, shown, limits)


def _in_archive(url: str, inside: list[str], shown: str, limits: Limits) -> Found:
    try:
        file = WebFile(url, most=limits.download_bytes)
        keys = ZipKeys(file, limit=limits.archive_bytes)
    except Unreadable as error:
        raise CannotOpen(shown, sentence(error.reason)) from error
    except LimitExceeded as error:
        raise CannotOpen(shown, sentence(str(error))) from error
    node = "/".join(_checked(part, shown, limits) for part in inside)
    return found_in(keys, node, shown, limits)


def _address(url: str) -> tuple[str, list[str]]:
    """Return a URL without secrets, its path quoted, and the segments of that."""
    try:
        parts = urlsplit(url)
        if not parts.hostname:
            raise CannotOpen(scrub(url), "this address names no server.")
    except ValueError as error:
        raise CannotOpen(scrub(url), "this is not a valid address.") from error
    segments = [quote(part, safe=_SAFE) for part in parts.path.split("/") if part]
    if segments and unquote(segments[-1]) in DOCUMENTS:
        segments.pop()
    path = "".join(f"/{segment}" for segment in segments)
    whole = urlunsplit((parts.scheme.lower(), parts.netloc, path, parts.query, ""))
    return remember(whole), segments


def _parent(url: str, levels: int) -> str:
    """Return the URL that is some levels above."""
    parts = urlsplit(url)
    path = parts.path
    for _ in range(levels):
        path = path.rpartition("/")[0]
    above = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    if levels:
        keep(above, access_to(url))
    return above


def _checked(segment: str, shown: str, limits: Limits) -> str:
    try:
        return check_path(unquote(segment), limits=limits)
    except UnsafePath as error:
        raise CannotOpen(shown, sentence(error.reason)) from error


def _chain(keys: HttpKeys, parts: list[str], shown: str, limits: Limits) -> Found:
    """Return the topmost group in an unbroken chain from `keys` down to all `parts`."""
    nodes = ["/".join(parts[:i]) for i in range(len(parts) + 1)]
    if len(nodes) > CLIMB:
        raise CannotOpen(shown, "it is too deep inside a store. Open the store.")
    with ThreadPoolExecutor(_THREADS, "napari-ngff-documents") as pool:
        documents = list(pool.map(lambda node: _tried(keys, node, limits), nodes))
    _must_be_zarr(documents[-1], shown)
    top = len(nodes) - 1
    for i in range(len(nodes) - 2, -1, -1):
        document = documents[i]
        if isinstance(document, NodeDocument) and document.kind == "group":
            top = i
        elif parts[i - 1].lower() not in GAPS:
            break
    if top == 0:
        read = zip(nodes, documents, strict=True)
        known = {n: d for n, d in read if isinstance(d, NodeDocument)}
        return Found(keys, nodes[-1], known)
    root = HttpKeys(_parent(shown, len(parts) - top))
    return Found(root, "/".join(parts[top:]), {})


def _climbed(found: Found, shown: str, limits: Limits) -> Found:
    """Return the topmost group above a store whose address does not say ``.zarr``."""
    url, node = shown, ""
    for _ in range(CLIMB):
        last = urlsplit(url).path.rpartition("/")[2]
        above = _parent(url, 1)
        if not last or not urlsplit(above).path:
            break
        keys = HttpKeys(above)
        document = _tried(keys, "", limits)
        if not isinstance(document, NodeDocument) or document.kind != "group":
            break
        node = key_of(_checked(last, shown, limits), node) if node else unquote(last)
        found = Found(keys, node, {"": document})
        url = above
    return found


def _tried(keys: Keys, node: str, limits: Limits) -> NodeDocument | NgffError | None:
    try:
        return read_node(keys, node, limits)
    except NgffError as error:
        return error


def _must_be_zarr(found: NodeDocument | NgffError | None, shown: str) -> None:
    if isinstance(found, DocumentError):
        reasons = "; ".join(problem.message for problem in found.problems)
        raise CannotOpen(shown, sentence(reasons)) from found
    if isinstance(found, NgffError):
        raise CannotOpen(shown, sentence(str(found))) from found
    if found is None:
        reason = (
            "there is no Zarr metadata (zarr.json, .zgroup or .zattrs) at this "
            "address. Check it; it should be that of the folder which holds them."
        )
        raise NotOmeZarr(shown, reason)
