"""Every metadata document of a re-sharded store: bytes in, bytes out, nothing written.

Knows which documents change with the arrays: their own, and consolidated metadata that
repeat them. All others keep their bytes where the store is of Zarr format 3; one of
format 2 becomes OME-Zarr 0.5, by the code that upgrades.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.document import parse
from napari_ngff.core.patch import difference
from napari_ngff.core.splice import splice
from napari_ngff.dataset.upgrading.rewriting import rewritten
from napari_ngff.storage.places.consolidating import as_bytes
from napari_ngff.storage.places.looks import ARRAY, V3

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.core.patch import Changes
    from napari_ngff.dataset.resharding.reshard_plan import ArrayPlan
    from napari_ngff.dataset.upgrading.hierarchy import Document, Hierarchy, Node
    from napari_ngff.metadata.writing import WriteVersion

#: What a store of Zarr format 2 becomes: chunks and their places stay what they are.
VERSION: Final[WriteVersion] = "0.5"
_INSIDE: Final = ("consolidated_metadata", "metadata")


def is_older(hierarchy: Hierarchy) -> bool:
    """Tell whether anything in a store is of Zarr format 2."""
    return any(node.zarr_format == 2 for node in hierarchy.nodes.values())


def documents_of(
    hierarchy: Hierarchy, arrays: Mapping[str, ArrayPlan], limits: Limits
) -> dict[str, bytes | None]:
    """Return the documents that a re-sharded store has, by key; None: one that goes.

    Parameters
    ----------
    hierarchy
        The store as it is; what stands in the way is noted in it.
    arrays
        Those that are re-sharded, by their paths.
    limits
        Bounds on documents.
    """
    made = _as_they_are(hierarchy)
    if is_older(hierarchy):
        plain = _with_plain_arrays(hierarchy, arrays)
        changes = rewritten(plain, VERSION, limits)
        hierarchy.obstacles[:] = plain.obstacles
        made |= {key: new for key, (_, new) in changes.items()}
    if hierarchy.obstacles:
        return {}
    for path, array in arrays.items():
        made[_key(path)] = _array(hierarchy.nodes[path], array, limits)
    _repeat(made, arrays, limits)
    return made


def _as_they_are(hierarchy: Hierarchy) -> dict[str, bytes | None]:
    nodes = hierarchy.nodes.values()
    documents = [each for node in nodes for each in node.documents.values()]
    documents += hierarchy.consolidated.values()
    return {document.key: document.data for document in documents}


def _with_plain_arrays(
    hierarchy: Hierarchy, arrays: Mapping[str, ArrayPlan]
) -> Hierarchy:
    """Return the same where arrays that are decoded have a compressor that v3 knows.

    What is said of these afterwards is not what is said of the others.
    """
    nodes = {
        path: _plain(node)
        if path in arrays and arrays[path].how == "decoded" and node.zarr_format == 2
        else node
        for path, node in hierarchy.nodes.items()
    }
    return replace(hierarchy, nodes=nodes, obstacles=list(hierarchy.obstacles))


def _plain(node: Node) -> Node:
    own = node.documents[ARRAY]
    value = {**own.value, "compressor": None, "filters": None, "order": "C"}
    document: Document = replace(own, value=value)
    return replace(node, documents={**node.documents, ARRAY: document})


def _array(node: Node, array: ArrayPlan, limits: Limits) -> bytes:
    """Return the document of an array: the old one's text where that says the same."""
    if node.zarr_format == 2:
        return as_bytes(array.document)
    own = node.documents[V3]
    return splice(own.data, difference(own.value, array.document), limits=limits)


def _repeat(
    made: dict[str, bytes | None], arrays: Mapping[str, ArrayPlan], limits: Limits
) -> None:
    """Bring consolidated metadata up to date with the arrays that they repeat."""
    for key, data in list(made.items()):
        is_v3 = key.rpartition("/")[2] == V3
        if data is None or not is_v3 or _INSIDE[0].encode() not in data:
            continue
        value, _ = parse(data, limits=limits)
        listing: Any = value
        for part in _INSIDE:
            listing = listing.get(part) if isinstance(listing, Mapping) else None
        if not isinstance(listing, Mapping):
            continue
        start = key.removesuffix(V3)
        changes: Changes = ()
        for path, array in arrays.items():
            name = path.removeprefix(start)
            if path.startswith(start) and name in listing:
                place = (*_INSIDE, name)
                changes += difference(listing[name], array.document, place)
        made[key] = splice(data, changes, limits=limits)


def _key(path: str) -> str:
    return f"{path}/{V3}" if path else V3
