"""Documents of a store changed, and the consolidated metadata that repeat them.

Knows where Zarr v2 and v3 keep both; nothing of what attributes mean. What is not
changed stays: keys, their order, and values that only Python's JSON can say.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, Problem
from napari_ngff.storage.places.looks import V3

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys

_V2: Final = ".zmetadata"
_INSIDE: Final = "consolidated_metadata"
_HALF: Final = re.compile("[\ud800-\udfff]")


def read_json(keys: Keys, key: str, limits: Limits) -> dict[str, Any] | None:
    """Return a document as it is, to be changed; None where there is none.

    Raises
    ------
    DocumentError
        If it is not an object in JSON.
    Unreadable, LimitExceeded
        See `storage.keys`.
    """
    data = keys.get(key, limit=limits.document_bytes)
    if data is None:
        return None
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _bad(keys, key, str(error)) from error
    if not isinstance(found, dict):
        raise _bad(keys, key, "it is not an object")
    return found


def _bad(keys: Keys, key: str, reason: str) -> DocumentError:
    problem = Problem(level="error", kind="bad-json", message=plain(reason))
    return DocumentError(keys.url, plain(key), (problem,))


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the text of a document."""
    return in_utf8(json.dumps(document, indent=2, ensure_ascii=False))


def in_utf8(text: str) -> bytes:
    """Return a text of JSON as UTF-8; half a character, which that lacks, is escaped.

    JSON can say one, and what files say is kept.
    """
    return _HALF.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def repeating(keys: Keys, node: str, limits: Limits) -> dict[str, dict[str, Any]]:
    """Return the documents with consolidated metadata that tell of a node.

    Parameters
    ----------
    keys
        The store.
    node
        Path of a group.
    limits
        Bounds on the documents.

    Returns
    -------
    dict
        By the group that they are of, the outermost first: ``zarr.json`` or
        ``.zmetadata``.

    Raises
    ------
    DocumentError, Unreadable, LimitExceeded
        If one is there and cannot be read: it would be wrong afterwards.
    """
    found = {}
    for group in _groups(node):
        for name in (V3, _V2):
            key = f"{group}/{name}" if group else name
            document = read_json(keys, key, limits)
            if document is not None and _listing(document, name) is not None:
                found[key] = document
    return found


def _groups(node: str) -> Iterator[str]:
    parts = node.split("/") if node else []
    for count in range(len(parts) + 1):
        yield "/".join(parts[:count])


def _listing(document: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    inside = document.get(_INSIDE) if name == V3 else document
    listing = inside.get("metadata") if isinstance(inside, dict) else None
    return listing if isinstance(listing, dict) else None


def repeat(
    holders: Mapping[str, dict[str, Any]], changed: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return all documents to write, consolidated ones brought up to date.

    Parameters
    ----------
    holders
        From `repeating`.
    changed
        Documents by their keys: new ones, and others as they will be.
    """
    found: dict[str, Mapping[str, Any]] = dict(changed)
    for key, document in reversed(list(holders.items())):
        group, _, name = key.rpartition("/")
        own = {
            **document,
            **{k: v for k, v in found.get(key, {}).items() if k != _INSIDE},
        }
        listing = _listing(own, name)
        start = f"{group}/" if group else ""
        for path, text in changed.items():
            if listing is not None and path.startswith(start) and path != key:
                _enter(listing, path[len(start) :], text, name)
        found[key] = own
    return found


def _enter(
    listing: dict[str, Any], path: str, document: Mapping[str, Any], name: str
) -> None:
    """Put a document where consolidated metadata has it, in the form that they have."""
    folder, _, last = path.rpartition("/")
    if name == _V2:
        listing[path] = document
    elif last == V3:
        inner = (listing.get(folder) or {}).get(_INSIDE)
        entry = {k: v for k, v in document.items() if k != _INSIDE}
        listing[folder] = entry if inner is None else {**entry, _INSIDE: inner}
