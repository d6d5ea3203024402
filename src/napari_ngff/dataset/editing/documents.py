"""From a path to the documents that an edit may change, read once and bounded.

Knows which documents an image, a label image or a collection has and who repeats them;
nothing of what an edit is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.core.document import parse
from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import join
from napari_ngff.core.patch import MISSING, at
from napari_ngff.core.problems import CannotOpen, DocumentError, UnsafePath
from napari_ngff.dataset.editing.scenes import above, is_scene
from napari_ngff.dataset.editing.stored import (
    Copy,
    Holder,
    StoredDocument,
    StoredDocuments,
)
from napari_ngff.dataset.reading.arrays import array_facts
from napari_ngff.dataset.reading.reading import Reading, quoted
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.commit.documents import why_read_only
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from napari_ngff.core.problems import Loc
    from napari_ngff.storage.location import Location, NodeDocument

__all__ = ["open_documents", "read_again", "with_groups", "with_node"]

_V3: Final = "zarr.json"
_ATTRIBUTES: Final = ".zattrs"
_V2_COPIES: Final = ".zmetadata"
_INSIDE: Final = "consolidated_metadata"


def open_documents(
    path: str | os.PathLike[str], *, limits: Limits = LIMITS
) -> StoredDocuments:
    """Return the documents of what is at a path: to be edited as they are stored.

    Parameters
    ----------
    path
        Anything that `read` opens. A path of an array or a document means the group
        that it is in.
    limits
        Bounds on what is read.

    Raises
    ------
    CannotOpen, NotOmeZarr
        If there is no group at the path.
    DocumentError, Unreadable, UnsafePath, LimitExceeded
        If a document of it cannot be read.
    """
    location = open_location(path, limits=limits)
    reading = Reading(location=location, limits=limits)
    return _of_groups(location, (_group_of(reading, location.node),))


def read_again(stored: StoredDocuments) -> StoredDocuments:
    """Return the documents of the same groups as they are stored now.

    Raises
    ------
    NgffError
        As `open_documents`; also if one of the groups is not there any more.
    """
    location = open_location(stored.store, limits=stored.location.limits)
    groups = (stored.node, *(node for node in stored.levels if node != stored.node))
    return _of_groups(location, groups)


def with_node(stored: StoredDocuments, node: str) -> StoredDocuments:
    """Return the documents of another group of the store, to be edited instead.

    Raises
    ------
    NgffError
        As `with_groups`.
    """
    return _of_groups(stored.location, (node,))


def _of_groups(location: Location, nodes: Sequence[str]) -> StoredDocuments:
    """Return the documents of groups, the first of which is edited."""
    empty = StoredDocuments(
        location=location,
        node=nodes[0],
        documents={},
        levels={},
        read_only=why_read_only(location.url),
    )
    return with_groups(empty, nodes)


def _group_of(reading: Reading, node: str) -> str:
    """Return the group that is meant: of a level's array, the one that lists it."""
    document = reading.document(node)
    parts = node.split("/") if node else []
    if document.kind == "group":
        return node
    for end in range(len(parts) - 1, -1, -1):
        above = "/".join(parts[:end])
        found = reading.location.document(above)
        if found is None or found.kind != "group":
            continue
        group = reading.group(found)
        path = "/".join(parts[end:])
        if any(level.path == path for m in group.multiscales for level in m.levels):
            return above
    where = quoted(node)
    raise CannotOpen(reading.store, f"{where} is an array that no image lists.")


def with_groups(stored: StoredDocuments, nodes: Iterable[str]) -> StoredDocuments:
    """Return the documents with those of further groups, to be edited together.

    Raises
    ------
    CannotOpen
        If one of them is not there or is not a group.
    DocumentError, Unreadable, UnsafePath, LimitExceeded
        If a document cannot be read.
    """
    location = stored.location
    documents = dict(stored.documents)
    levels = dict(stored.levels)
    for node in nodes:
        if node in levels:
            continue
        found = location.document(node)
        if found is None or found.kind != "group":
            raise CannotOpen(location.url, f"there is no group {quoted(node)} in it.")
        documents[node] = _document(location, found)
        levels[node] = _levels(location, documents[node])
        inside = [n for entry in levels[node] for n in entry if n is not None]
        for array in location.documents(inside):
            if not isinstance(array, Exception) and array is not None:
                documents[array.node] = _document(location, array)
    for scene in _scenes(location, levels):
        if scene.node not in documents:
            documents[scene.node] = _document(location, scene)
    complete = replace(stored, documents=documents, levels=levels)
    return _with_copies(complete)


def _scenes(location: Location, groups: Iterable[str]) -> Iterator[NodeDocument]:
    """Yield the scenes above groups; over the web none is looked for."""
    if location.keys.remote:
        return  # each takes a round trip, and nothing is saved there
    nodes = dict.fromkeys(scene for node in groups for scene in above(node))
    for document in location.documents(tuple(nodes)):
        if isinstance(document, Exception) or document is None:
            continue  # it is told where that group is read
        if is_scene(document):
            yield document


def _document(location: Location, found: NodeDocument) -> StoredDocument:
    name = _V3 if found.zarr_format == 3 else _ATTRIBUTES
    key = _key(found.node, name)
    data = location.keys.get(key, limit=location.limits.document_bytes)
    facts = array_facts(found) if found.kind == "array" else None
    return StoredDocument(
        node=found.node,
        kind=found.kind,
        key=key,
        data=data,
        value={} if data is None else _parsed(location, key, found.node, data),
        prefix=("attributes",) if found.zarr_format == 3 else (),
        zarr_format=found.zarr_format,
        shape=None if facts is None else facts.shape,
        dtype=None if facts is None or facts.dtype is None else facts.dtype.name,
    )


def _parsed(location: Location, key: str, node: str, data: bytes) -> Any:
    try:
        value, _ = parse(data, limits=location.limits)
    except DocumentError as error:
        raise DocumentError(location.url, node or key, error.problems) from error
    return value


def _levels(
    location: Location, document: StoredDocument
) -> tuple[tuple[str | None, ...], ...]:
    group = read_group(
        document.attributes,
        zarr_format=document.zarr_format,
        node=document.node,
        limits=location.limits,
    )
    return tuple(
        tuple(_below(location, document.node, level.path) for level in entry.levels)
        for entry in group.multiscales
    )


def _below(location: Location, node: str, path: str) -> str | None:
    try:
        return join(node, path, limits=location.limits)
    except UnsafePath:
        return None  # a problem of the image, told where it is read


def _with_copies(stored: StoredDocuments) -> StoredDocuments:
    """Return the documents with all consolidated metadata that repeat them."""
    holders: dict[str, Holder | None] = {}
    copies = {}
    for document in stored.documents.values():
        found = tuple(_copies(stored, document, holders))
        if found:
            copies[document.key] = found
    used = {key: holder for key, holder in holders.items() if holder is not None}
    return replace(stored, holders=used, copies=copies)


def _copies(
    stored: StoredDocuments, document: StoredDocument, holders: dict[str, Holder | None]
) -> Iterator[Copy]:
    name: Literal["zarr.json", ".zmetadata"] = _V3
    if document.zarr_format == 2:
        name = _V2_COPIES
    for group in _above(document.node):
        key = _key(group, name)
        if key not in holders:
            holders[key] = _holder(stored, key, group)
        holder = holders[key]
        if holder is None:
            continue
        inner = document.node[len(group) :].lstrip("/")
        if name == _V2_COPIES:
            wanted = document.key[len(group) :].lstrip("/")
            loc: Loc = ("metadata", wanted)
            if at(holder.value, loc) is not MISSING or _lists(holder.value, inner):
                yield Copy(key=key, loc=loc)
        elif inner:
            for loc in _inline(holder.value, inner, ()):
                yield Copy(key=key, loc=loc)


def _lists(consolidated: Any, node: str) -> bool:
    """Tell whether consolidated metadata of format 2 knows a node at all."""
    listing = at(consolidated, ("metadata",))
    if not isinstance(listing, dict):
        return False
    return any(_key(node, name) in listing for name in (".zgroup", ".zarray"))


def _inline(value: Any, node: str, loc: Loc) -> Iterator[Loc]:
    """Yield where the consolidated metadata of a group repeat a node below it."""
    listing: Any = at(value, (_INSIDE, "metadata"))
    if not isinstance(listing, dict):
        return
    where = (*loc, _INSIDE, "metadata")
    for path, entry in listing.items():
        if path == node:
            yield (*where, path)
        elif node.startswith(f"{path}/"):
            yield from _inline(entry, node[len(path) + 1 :], (*where, path))


def _holder(stored: StoredDocuments, key: str, group: str) -> Holder | None:
    """Return a document if it holds consolidated metadata."""
    location = stored.location
    data = location.keys.get(key, limit=location.limits.document_bytes)
    if data is None:
        return None
    value = _parsed(location, key, group, data)
    inside: Mapping[str, Any] | Any = value
    if key.endswith(_V3):
        inside = at(value, (_INSIDE,))
    listing = at(inside, ("metadata",))
    return (
        Holder(key=key, data=data, value=value) if isinstance(listing, dict) else None
    )


def _above(node: str) -> Iterator[str]:
    """Yield the groups at and above a node, the root first."""
    parts = node.split("/") if node else []
    for count in range(len(parts) + 1):
        yield "/".join(parts[:count])


def _key(node: str, name: str) -> str:
    return f"{node}/{name}" if node else name
