"""The documents of a store in another version: bytes in, bytes out, nothing written.

Knows which documents change together: those of groups, of the arrays that are their
levels, and consolidated metadata, which repeat them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from napari_ngff.core.names import join, sentence
from napari_ngff.core.patch import MISSING, Change, apply, below, difference
from napari_ngff.core.problems import DocumentError, LimitExceeded, UnsafePath
from napari_ngff.core.splice import splice
from napari_ngff.dataset.upgrading.hierarchy import CONSOLIDATED
from napari_ngff.metadata.versions import VERSIONS, dialect, read_group
from napari_ngff.metadata.writing.converting import convert
from napari_ngff.storage.chunks.as_v3 import as_v3
from napari_ngff.storage.places.consolidating import as_bytes
from napari_ngff.storage.places.looks import ARRAY, ATTRIBUTES, GROUP, V3

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.patch import Changes
    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy, Node
    from napari_ngff.metadata.writing import WriteVersion

#: What is there and what is to be, by key; None: nothing.
Rewritten: TypeAlias = dict[str, tuple[bytes | None, bytes | None]]

_INSIDE: Final = "consolidated_metadata"
_ADVICE: Final = "Save the image as a new one instead (napari-ngff save)."


@dataclass(slots=True, kw_only=True)
class _Work:
    """What has been found so far: new values of documents, and changes of old ones."""

    hierarchy: Hierarchy
    version: WriteVersion
    limits: Limits
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, Changes] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def zarr_format(self) -> int:
        return VERSIONS[self.version].zarr_format


def rewritten(hierarchy: Hierarchy, version: WriteVersion, limits: Limits) -> Rewritten:
    """Return every document that is to be written or removed.

    Parameters
    ----------
    hierarchy
        The store; what stands in the way is noted in it.
    version
        The version that all of it is to have.
    limits
        Bounds on what is read.

    Returns
    -------
    dict
        Empty where all is so already, and of no use where there are obstacles.
    """
    work = _Work(hierarchy=hierarchy, version=version, limits=limits)
    for node in hierarchy.nodes.values():
        if node.kind != "array":
            _rewrite_group(work, node)
    for node in hierarchy.nodes.values():
        if node.kind == "array":
            _rewrite_array(work, node)
    _repeat(work)
    return {} if hierarchy.obstacles else _as_bytes(work)


def _rewrite_group(work: _Work, node: Node) -> None:
    """Convert a group's attributes, and remember what its levels' axes are called."""
    attributes, problems = convert(
        node.attributes,
        work.version,
        zarr_format=node.zarr_format,
        node=node.path,
        shapes=_shapes(work, node),
        limits=work.limits,
    )
    work.hierarchy.obstacles += problems
    for image in read_group(attributes, limits=work.limits).multiscales:
        for level in image.levels:
            path = _joined(node.path, level.path, work.limits)
            if path is not None:
                work.names[path] = tuple(axis.name for axis in image.axes)
    if node.zarr_format == 2 and work.zarr_format == 3:
        _check_text(work, node)
        head = {"zarr_format": 3, "node_type": "group"}
        work.made[_key(node, V3)] = {**head, "attributes": attributes}
    elif node.zarr_format == work.zarr_format:
        _change_attributes(work, node, attributes)
    else:
        _refuse_format(work, node)


def _check_text(work: _Work, node: Node) -> None:
    """Note what a new document cannot say as the old ones do: NaN, keys that repeat."""
    for name, document in node.documents.items():
        for problem in document.problems:
            if problem.level == "error":
                text = f"{name}{problem.pointer}: {problem.message}"
                work.hierarchy.note(problem.kind, node.path, text)


def _refuse_format(work: _Work, node: Node) -> None:
    text = f"it is in Zarr format {node.zarr_format}, and version {work.version} is for"
    text += f" format {work.zarr_format}, which is older. {_ADVICE}"
    work.hierarchy.note("older-zarr-format", node.path, text)


def _shapes(work: _Work, node: Node) -> dict[str, Sequence[int]]:
    """Return the shapes of the arrays below a group, by their paths in it."""
    images = dialect.split(node.attributes)[0].get("multiscales")
    found: dict[str, Sequence[int]] = {}
    for image in read_group(node.attributes).multiscales if images else ():
        for level in image.levels:
            path = _joined(node.path, level.path, work.limits)
            array = work.hierarchy.nodes.get(path) if path is not None else None
            shape = array.metadata.get("shape") if array is not None else None
            if isinstance(shape, list) and all(type(n) is int for n in shape):
                found[level.path] = shape
    return found


def _joined(node: str, path: str, limits: Limits) -> str | None:
    try:
        return join(node, path, limits=limits)
    except UnsafePath:
        return None


def _change_attributes(work: _Work, node: Node, attributes: dict[str, Any]) -> None:
    if node.zarr_format == 3:
        changes = below(("attributes",), difference(node.attributes, attributes))
        _change(work, _key(node, V3), changes)
    elif ATTRIBUTES in node.documents:
        changes = difference(node.attributes, attributes)
        _change(work, _key(node, ATTRIBUTES), changes)


def _change(work: _Work, key: str, changes: Changes) -> None:
    if changes:
        work.changed[key] = (*work.changed.get(key, ()), *changes)


def _rewrite_array(work: _Work, node: Node) -> None:
    names = work.names.get(node.path)
    shape = node.metadata.get("shape")
    fits = names is not None and isinstance(shape, list) and len(shape) == len(names)
    if node.zarr_format > work.zarr_format:
        _refuse_format(work, node)
    elif node.zarr_format == 3 and fits and not node.metadata.get("dimension_names"):
        old = node.metadata.get("dimension_names", MISSING)
        change = Change(("dimension_names",), old, list(names or ()))
        _change(work, _key(node, V3), (change,))
    elif node.zarr_format == 2 and work.zarr_format == 3:
        _check_text(work, node)
        try:
            work.made[_key(node, V3)] = as_v3(
                node.metadata,
                dimension_names=names if fits else None,
                attributes=node.attributes,
                limits=work.limits,
            )
        except (DocumentError, LimitExceeded) as error:
            problems = getattr(error, "problems", ())
            text = sentence("; ".join(p.message for p in problems) or str(error))
            work.hierarchy.note("not-in-v3", node.path, f"{text} {_ADVICE}")


def _key(node: Node, name: str) -> str:
    return f"{node.path}/{name}" if node.path else name


def _repeat(work: _Work) -> None:
    """Bring consolidated metadata up to date with the documents that they repeat."""
    for group, document in work.hierarchy.consolidated.items():
        if work.zarr_format == 3:
            _consolidate(work, group)
        else:
            _repeat_in(work, group, document.key, document.value, ("metadata",))
    for path, node in list(work.hierarchy.nodes.items())[::-1]:
        inside = node.metadata.get(_INSIDE) if node.zarr_format == 3 else None
        if isinstance(inside, Mapping):
            place = (_INSIDE, "metadata")
            _repeat_in(work, path, _key(node, V3), node.metadata, place)


def _consolidate(work: _Work, group: str) -> None:
    """Have a group of format 3 repeat the documents below it, as it did in format 2."""
    start = f"{group}/" if group else ""
    own = work.made.get(f"{start}{V3}")
    if own is None:
        return
    metadata = {
        key[len(start) :].removesuffix(f"/{V3}"): value
        for key, value in work.made.items()
        if key.startswith(start) and key != f"{start}{V3}"
    }
    kept = {path: {**value} for path, value in metadata.items()}
    for value in kept.values():
        value.pop(_INSIDE, None)
    own[_INSIDE] = {"kind": "inline", "must_understand": False, "metadata": kept}


def _repeat_in(
    work: _Work, group: str, key: str, holder: Any, place: tuple[str, ...]
) -> None:
    """Change the copies in one document as the documents themselves are changed."""
    listing: Any = holder
    for part in place:
        listing = listing.get(part) if isinstance(listing, Mapping) else None
    if not isinstance(listing, Mapping):
        return
    start = f"{group}/" if group else ""
    for other, changes in list(work.changed.items()):
        if other == key or not other.startswith(start):
            continue
        name = other[len(start) :]
        name = name.removesuffix(f"/{V3}") if place[0] == _INSIDE else name
        if name not in listing:
            continue
        new = _value(work, other, changes)
        new.pop(_INSIDE, None)
        if isinstance(listing[name], Mapping) and _INSIDE in listing[name]:
            new[_INSIDE] = listing[name][_INSIDE]
        _change(work, key, difference(listing[name], new, (*place, name)))


def _value(work: _Work, key: str, changes: Changes) -> dict[str, Any]:
    folder, _, name = key.rpartition("/")
    own = [c for c in changes if c.loc[0] != _INSIDE]
    return dict(apply(work.hierarchy.nodes[folder].documents[name].value, own))


def _as_bytes(work: _Work) -> Rewritten:
    """Return all as bytes, what is new first and what is removed last."""
    found: Rewritten = {}
    for key, value in work.made.items():
        found[key] = (None, as_bytes(value))
    for key, changes in work.changed.items():
        data = _bytes_of(work.hierarchy, key)
        found[key] = (data, splice(data, changes, limits=work.limits))
    for node in work.hierarchy.nodes.values():
        for name in (ARRAY, GROUP, ATTRIBUTES):
            if node.zarr_format < work.zarr_format and name in node.documents:
                found[_key(node, name)] = (node.documents[name].data, None)
    for document in work.hierarchy.consolidated.values():
        if work.zarr_format == 3:
            found[document.key] = (document.data, None)
    return {key: pair for key, pair in found.items() if pair[0] != pair[1]}


def _bytes_of(hierarchy: Hierarchy, key: str) -> bytes:
    folder, _, name = key.rpartition("/")
    if name == CONSOLIDATED:
        return hierarchy.consolidated[folder].data
    return hierarchy.nodes[folder].documents[name].data
