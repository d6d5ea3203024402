"""The metadata document of one node: bytes by key in, a checked `NodeDocument` out.

Knows which documents Zarr v2 and v3 put where and what makes a group or an array of
them; knows neither OME-Zarr nor chunks. Consolidated metadata is never read for truth.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from napari_ngff.core.document import parse
from napari_ngff.core.names import plain
from napari_ngff.core.problems import (
    DocumentError,
    LimitExceeded,
    NgffError,
    Problem,
    Unreadable,
)
from napari_ngff.storage.places.looks import ARRAY, ATTRIBUTES, GROUP, MARKERS, V3

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys

_BOTH = "two-zarr-formats"

Kind: TypeAlias = Literal["group", "array"]
Format: TypeAlias = Literal[2, 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDocument:
    """The metadata of one group or array, as its documents say it.

    Attributes
    ----------
    node
        Its path inside the store; ``""`` is the root.
    kind
        Whether it is a group or an array.
    zarr_format
        2 or 3.
    attributes
        ``attributes`` of ``zarr.json``, or ``.zattrs``; empty where there are none,
        and where that would take another round trip (arrays: `Location.attributes`).
    metadata
        The whole of ``zarr.json``, or ``.zarray``; empty for a group of format 2.
    problems
        What is wrong with the text of the documents.
    stamp
        `Keys.stamp` of `key` from before it was read.
    """

    node: str
    kind: Kind
    zarr_format: Format
    attributes: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    stamp: Hashable = None

    @property
    def key(self) -> str:
        """The key of the document that changes when the array does."""
        name = V3 if self.zarr_format == 3 else ARRAY if self.kind == "array" else GROUP
        return key_of(self.node, name)


def key_of(node: str, name: str) -> str:
    """Return the key of a name in a node."""
    return f"{node}/{name}" if node else name


def read_node(
    keys: Keys, node: str, limits: Limits, *, formats: Sequence[Format] = (3, 2)
) -> NodeDocument | None:
    """Return the document of a node, or None where there is no such node.

    Where both formats are present, the first counts; that is a problem where it is
    seen without a further request. Where a read takes a round trip, a node looked for
    in both formats takes one trip, and ``.zattrs`` of an array of format 2 is not
    asked for unless it came along.

    Parameters
    ----------
    keys
        Where the bytes are.
    node
        A checked path inside the store.
    limits
        Bounds on the documents.
    formats
        In which formats it is looked for, in this order.

    Raises
    ------
    DocumentError
        If a document is there and cannot be read.
    """
    reader = _Reader(keys=keys, node=node, limits=limits)
    if keys.remote and len(formats) > 1:
        reader.fetch(V3, GROUP, ATTRIBUTES)
    for zarr_format in formats:
        found = reader.v3() if zarr_format == 3 else reader.v2()
        if found is None:
            continue
        if zarr_format == 3 and 2 in formats and reader.has(GROUP, ARRAY):
            return replace(found, problems=(*found.problems, _both_formats(node)))
        return found
    reader.raise_if_forbidden(*MARKERS)
    return None


def read_attributes(keys: Keys, document: NodeDocument, limits: Limits) -> NodeDocument:
    """Return a document with the attributes that `read_node` did not ask for.

    Those are of arrays of format 2, where a read takes a round trip.
    """
    late = keys.remote and document.kind == "array" and document.zarr_format == 2
    if not late or document.attributes:
        return document
    reader = _Reader(keys=keys, node=document.node, limits=limits)
    attributes = reader.array_attributes()
    problems = (*document.problems, *attributes.problems)
    return replace(document, attributes=attributes.content, problems=problems)


def mixes_formats(document: NodeDocument) -> bool:
    """Tell whether a node was seen in both Zarr formats."""
    return any(problem.kind == _BOTH for problem in document.problems)


class _Loaded(NamedTuple):
    content: dict[str, Any]
    problems: list[Problem]
    stamp: Hashable


_Raw: TypeAlias = tuple[bytes, Hashable] | NgffError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    keys: Keys
    node: str
    limits: Limits
    fetched: dict[str, _Raw] = field(default_factory=dict)
    forbidden: dict[str, DocumentError] = field(default_factory=dict)

    def v3(self) -> NodeDocument | None:
        loaded = self.load(V3)
        if loaded is None:
            return None
        document, problems, stamp = loaded
        if document.get("zarr_format") != 3:
            problems.append(self.problem("error", "wrong-zarr-format", _NOT_3))
        kind: Kind = "array" if "shape" in document else "group"
        if document.get("node_type") not in ("group", "array"):
            problems.append(self.problem("error", "missing-node-type", _NO_TYPE))
        else:
            kind = document["node_type"]
        attributes = document.get("attributes", {})
        if not isinstance(attributes, Mapping):
            problems.append(self.problem("error", "attributes-not-object", _NO_ATTRS))
            attributes = {}
        return NodeDocument(
            node=self.node,
            kind=kind,
            zarr_format=3,
            attributes=attributes,
            metadata=document,
            problems=tuple(problems),
            stamp=stamp,
        )

    def v2(self) -> NodeDocument | None:
        # Of a group that is known to be one, .zarray would be one request too many.
        array = None if isinstance(self.fetched.get(GROUP), tuple) else self.load(ARRAY)
        if array is not None:
            return self.v2_array(array)
        if self.keys.remote:
            self.fetch(GROUP, ATTRIBUTES)
        try:
            group = self.load(GROUP)
        except DocumentError as error:
            # A group of format 2 says nothing in it but its format.
            group = _Loaded({}, list(error.problems), None)
        attributes = self.load(ATTRIBUTES)
        if group is not None:
            self.raise_if_forbidden(ATTRIBUTES)
        if group is None and attributes is None:
            return None
        if group is None:
            problem = self.problem("error", "missing-zgroup", _NO_ZGROUP)
            group = _Loaded({}, [problem], None)
        content, problems, _ = attributes or _Loaded({}, [], None)
        return NodeDocument(
            node=self.node,
            kind="group",
            zarr_format=2,
            attributes=content,
            problems=(*group.problems, *problems),
            stamp=group.stamp,
        )

    def v2_array(self, array: _Loaded) -> NodeDocument:
        attributes = _Loaded({}, [], None)
        if not self.keys.remote or ATTRIBUTES in self.fetched:
            attributes = self.array_attributes()
        return NodeDocument(
            node=self.node,
            kind="array",
            zarr_format=2,
            attributes=attributes.content,
            metadata=array.content,
            problems=(*array.problems, *attributes.problems),
            stamp=array.stamp,
        )

    def array_attributes(self) -> _Loaded:
        try:
            return self.load(ATTRIBUTES) or _Loaded({}, [], None)
        except DocumentError as error:
            # Pixels can be shown without an array's own attributes.
            return _Loaded({}, list(error.problems), None)

    def load(self, name: str) -> _Loaded | None:
        key = key_of(self.node, name)
        raw = self.fetched[name] if name in self.fetched else self.raw(name)
        try:
            if isinstance(raw, NgffError):
                raise raw
            if raw is None:
                return None
            value, problems = parse(raw[0], limits=self.limits)
        except LimitExceeded as error:
            raise self.error("document-too-large", str(error)) from error
        except Unreadable as error:
            failure = self.error("unreadable-document", error.reason)
            if not error.forbidden:
                raise failure from error
            # Many buckets say so of what is not there: look for the others first.
            self.forbidden[name] = failure
            return None
        except DocumentError as error:
            at = tuple(replace(p, node=self.node) for p in error.problems)
            raise DocumentError(self.keys.url, plain(key), at) from error
        if not isinstance(value, dict):
            raise self.error("not-an-object", f"{name} is not a JSON object")
        located = [replace(problem, node=self.node) for problem in problems]
        return _Loaded(value, located, raw[1])

    def raw(self, name: str) -> _Raw:
        key = key_of(self.node, name)
        try:
            return self.keys.stamped(key, limit=self.limits.document_bytes)
        except NgffError as error:
            return error

    def fetch(self, *names: str) -> None:
        """Ask for several documents at once, those that were not asked for yet."""
        wanted = [name for name in names if name not in self.fetched]
        if not wanted:
            return
        with ThreadPoolExecutor(len(wanted), "napari-ngff-documents") as pool:
            self.fetched.update(zip(wanted, pool.map(self.raw, wanted), strict=True))

    def has(self, *names: str) -> bool:
        """Tell whether one of some documents is there, as far as that is free."""
        if self.keys.remote:
            return any(isinstance(self.fetched.get(name), tuple) for name in names)
        keys = (key_of(self.node, name) for name in names)
        return any(self.keys.stamp(key) is not None for key in keys)

    def raise_if_forbidden(self, *names: str) -> None:
        for name in names:
            if name in self.forbidden:
                raise self.forbidden[name]

    def problem(self, level: Literal["error"], kind: str, message: str) -> Problem:
        return Problem(level=level, kind=kind, message=message, node=self.node)

    def error(self, kind: str, message: str) -> DocumentError:
        problem = self.problem("error", kind, plain(message, limit=1024))
        return DocumentError(self.keys.url, plain(self.node), (problem,))


_NOT_3 = 'zarr.json does not say "zarr_format": 3; it is read as if it did. Correct it.'
_NO_TYPE = (
    'zarr.json says neither "node_type": "group" nor "array"; it is an array if it has '
    "a shape. Correct it."
)
_NO_ATTRS = "the attributes are not a JSON object; they are taken as empty. Correct it."
_NO_ZGROUP = (
    "there is a .zattrs but no .zgroup beside it, so other programs may not find this "
    'group. Add a .zgroup that says {"zarr_format": 2}.'
)


def _both_formats(node: str) -> Problem:
    return Problem(
        level="warning",
        kind=_BOTH,
        node=node,
        message="documents of Zarr format 2 and of format 3 are both there; zarr.json "
        "is used. Remove the ones that are out of date.",
    )
