"""All groups and arrays of a local store, with the bytes of their documents.

Knows which documents Zarr formats 2 and 3 put where; looks into no array, and nothing
of OME-Zarr. What stands in the way of changing them all is noted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.core.document import parse
from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import DocumentError, Problem, UnsafePath
from napari_ngff.storage.places.looks import ARRAY, ATTRIBUTES, GROUP, V3

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Level
    from napari_ngff.storage.keys import Keys

#: Every document that a node may have, the one that says what it is first.
NAMES: Final = (V3, ARRAY, GROUP, ATTRIBUTES)
CONSOLIDATED: Final = ".zmetadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document: its key, its bytes, what they say, and what is wrong with them."""

    key: str
    data: bytes
    value: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A group or an array.

    Attributes
    ----------
    path
        Inside the store; ``""`` is its root.
    kind
        ``"folder"``: a group that no document tells of, between others that have one.
    zarr_format
        In which its documents are.
    documents
        By the names of their files.
    """

    path: str
    kind: Literal["group", "array", "folder"]
    zarr_format: Literal[2, 3]
    documents: Mapping[str, Document] = field(default_factory=dict)

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Its attributes; empty where it has none."""
        if self.zarr_format == 3:
            found = self.metadata.get("attributes")
            return found if isinstance(found, Mapping) else {}
        own = self.documents.get(ATTRIBUTES)
        return {} if own is None else own.value

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The whole ``zarr.json`` or ``.zarray``; empty for a group of format 2."""
        own = self.documents.get(V3 if self.zarr_format == 3 else ARRAY)
        return {} if own is None else own.value


@dataclass(slots=True, kw_only=True)
class Hierarchy:
    """The nodes of a store by their paths, its root first, and what is in the way."""

    nodes: dict[str, Node] = field(default_factory=dict)
    consolidated: dict[str, Document] = field(default_factory=dict)
    obstacles: list[Problem] = field(default_factory=list)

    def note(self, kind: str, node: str, text: str, level: Level = "error") -> None:
        """Note an obstacle."""
        self.obstacles.append(
            Problem(level=level, kind=kind, node=node, message=plain(text, limit=1024))
        )


def read_hierarchy(keys: Keys, limits: Limits) -> Hierarchy:
    """Return the nodes of a store in a folder.

    Parameters
    ----------
    keys
        A local store.
    limits
        Bounds on documents and paths.

    Raises
    ------
    Unreadable, LimitExceeded
        If something in it cannot be read.
    """
    found = Hierarchy()
    _visit(keys, "", found, limits)
    return found


def _visit(keys: Keys, path: str, found: Hierarchy, limits: Limits) -> bool:
    """Add a folder and what is below it; tell whether there is any node."""
    if _is_link(keys, path):
        text = "this folder is a link to another one, which would be changed with it. "
        found.note("linked", path, text + "Put a copy in its place.")
        return False
    place = len(found.nodes)
    documents = _documents(keys, path, found, limits)
    node = None if documents is None else _node(path, documents, found)
    if node is not None:
        found.nodes[path] = node
        if node.kind == "array":
            return True
    below = False
    for name in sorted(keys.folders(f"{path}/" if path else "") or ()):
        child = _child(keys, path, name, found, limits)
        below |= child is not None and _visit(keys, child, found, limits)
    if node is None and below:
        # Others are to find what is below; its own place is before that.
        later = list(found.nodes.items())[place:]
        for key, _ in later:
            del found.nodes[key]
        zarr_format = later[0][1].zarr_format
        found.nodes[path] = Node(path=path, kind="folder", zarr_format=zarr_format)
        found.nodes.update(later)
    return below or node is not None


def _is_link(keys: Keys, path: str) -> bool:
    return bool(path) and os.path.islink(os.path.join(keys.url, *path.split("/")))


def _child(
    keys: Keys, path: str, name: str, found: Hierarchy, limits: Limits
) -> str | None:
    """Return a folder's path; None for one that is hidden, or cannot be named."""
    if name.startswith("."):
        return None
    try:
        return join(path, name, limits=limits)
    except UnsafePath as error:
        folder = os.path.join(keys.url, *path.split("/"), name)
        if any(os.path.lexists(os.path.join(folder, marker)) for marker in NAMES):
            found.note("bad-name", path, f"{error} Rename it.")
        return None


def _documents(
    keys: Keys, path: str, found: Hierarchy, limits: Limits
) -> dict[str, Document] | None:
    documents = {}
    for name in (*NAMES, CONSOLIDATED):
        key = f"{path}/{name}" if path else name
        data = keys.get(key, limit=limits.document_bytes)
        if data is None:
            continue
        if os.path.islink(os.path.join(keys.url, *key.split("/"))):
            found.note("linked", path, f"{name} is a link. Put a copy in its place.")
            return None
        document = _parsed(key, data, path, found, limits)
        if document is None:
            return None
        documents[name] = document
    return documents


def _parsed(
    key: str, data: bytes, path: str, found: Hierarchy, limits: Limits
) -> Document | None:
    name = key.rpartition("/")[2]
    try:
        value, problems = parse(data, limits=limits)
    except DocumentError as error:
        text = "; ".join(problem.message for problem in error.problems)
        found.note("bad-json", path, f"{name} cannot be read: {text}")
        return None
    if not isinstance(value, Mapping):
        found.note("bad-json", path, f"{name} is not a JSON object. Correct it.")
        return None
    return Document(key=key, data=data, value=value, problems=problems)


def _node(path: str, documents: dict[str, Document], found: Hierarchy) -> Node | None:
    consolidated = documents.pop(CONSOLIDATED, None)
    if consolidated is not None:
        found.consolidated[path] = consolidated
    if not documents:
        return None
    if V3 not in documents:
        kind: Literal["group", "array"] = "array" if ARRAY in documents else "group"
        return Node(path=path, kind=kind, zarr_format=2, documents=documents)
    if len(documents) > 1:
        text = "documents of Zarr format 2 and of format 3 are both there. Remove the "
        found.note("two-zarr-formats", path, text + "ones that are out of date.")
        return None
    said = documents[V3].value.get("node_type")
    is_array = "shape" in documents[V3].value if said is None else said == "array"
    kind = "array" if is_array else "group"
    return Node(path=path, kind=kind, zarr_format=3, documents=documents)
