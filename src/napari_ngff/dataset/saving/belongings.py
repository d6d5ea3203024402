"""Which files an image consists of, by its own metadata, and which labels it has.

Knows which documents name which; whether what is there may go is for `replacing` to
say. Reads metadata only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.reading.labels import LABELS
from napari_ngff.dataset.reading.reading import part
from napari_ngff.metadata.transforms import paths
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.commit.places import ours
from napari_ngff.storage.places.looks import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.location import Location, NodeDocument

_INDEX = r"\d{1,19}"
#: What file managers put into every folder that they show, without being asked.
_LITTER = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Which files make up an image: a predicate on their paths inside the store.

    Attributes
    ----------
    documents
        Paths of metadata documents.
    chunks
        Of each array the path of its node, and a pattern of the rest of the path of
        one of its chunks.
    """

    documents: frozenset[str]
    chunks: tuple[tuple[str, str], ...]

    def __call__(self, key: str) -> bool:
        """Tell whether the file at a path (segments separated by ``/``) is one.

        So is what a save inside of the image staged and left, as where it was killed,
        and what file managers leave in folders that were looked at.
        """
        return self.consists_of(key) or _comes_and_goes(key)

    def consists_of(self, key: str) -> bool:
        """Tell whether a file is a part of the image: of its pixels or its metadata."""
        return key in self.documents or any(
            key.startswith(prefix) and re.fullmatch(pattern, key[len(prefix) :])
            for prefix, pattern in self.chunks
        )


def _comes_and_goes(key: str) -> bool:
    if _LITTER.fullmatch(key.rpartition("/")[2]):
        return True
    return any((own := ours(part)) and own[2] == "part" for part in key.split("/"))


def belongings_of(location: Location) -> Belongings:
    """Return what the metadata of the image at the root names."""
    documents: list[str] = []
    chunks: list[tuple[str, str]] = []
    for document in _nodes(location):
        prefix = f"{document.node}/" if document.node else ""
        if document.kind == "array":
            folder = document.node.rpartition("/")[0]
            documents += (f"{folder}/{name}" for name in DOCUMENTS)
        documents += (prefix + name for name in DOCUMENTS)
        if document.kind == "array" and (pattern := _chunk_pattern(document)):
            chunks.append((prefix, pattern))
    return Belongings(documents=frozenset(documents), chunks=tuple(chunks))


def _nodes(location: Location) -> Iterator[NodeDocument]:
    """Give the documents of the root's image, its levels, and all its labels."""
    root = location.document("")
    if root is None:
        return
    yield from _image(location, root)
    if labels := location.document(LABELS):
        yield labels
    groups = _groups_of_labels(location)
    images = _images_of(location, groups)
    for name, document in groups.items():
        if name in images:
            yield from _image(location, document)
        elif any(image.startswith(f"{name}/") for image in images):
            yield document


def _groups_of_labels(location: Location) -> dict[str, NodeDocument]:
    """Return the groups below ``labels``, listed or not, by their paths from there."""
    found = part(partial(location.children, LABELS), what="", node=LABELS)[0] or ()
    names = (*_listed(location), *found)
    nodes = [path for name in names for path in _joined(LABELS, name)]
    documents = _known(location.documents(list(dict.fromkeys(nodes))))
    start = len(LABELS) + 1
    return {doc.node[start:]: doc for doc in documents if doc.kind == "group"}


def _listed(location: Location) -> tuple[str, ...]:
    labels = location.document(LABELS)
    return () if labels is None else _group(labels).labels or ()


def label_images(location: Location) -> tuple[str, ...]:
    """Return the names of all label images of the root's image, readable or not."""
    return _images_of(location, _groups_of_labels(location))


def _images_of(
    location: Location, groups: Mapping[str, NodeDocument]
) -> tuple[str, ...]:
    """Return which groups are label images: listed, or by what they say."""
    listed = {p for name in _listed(location) for p in _joined(LABELS, name)}
    return tuple(
        name
        for name, document in groups.items()
        if document.node in listed or _says_labels(_group(document))
    )


def _says_labels(group: Group) -> bool:
    return bool(group.multiscales) or group.image_label is not None


def _image(location: Location, document: NodeDocument) -> Iterator[NodeDocument]:
    yield document
    named = [
        path
        for multiscale in _group(document).multiscales
        for path in (
            *(level.path for level in multiscale.levels),
            *_parameters(multiscale),
        )
    ]
    nodes = [path for name in named for path in _joined(document.node, name)]
    found = _known(location.documents(nodes))
    yield from (level for level in found if level.kind == "array")


def _parameters(multiscale: Multiscale) -> Iterator[str]:
    """Give the paths of the arrays that hold parameters of transformations."""
    yield from (path for level in multiscale.levels for path in paths(level.transform))
    yield from paths(multiscale.transform)
    yield from (path for edge in multiscale.edges for path in paths(edge.transform))


def _joined(node: str, path: str) -> tuple[str, ...]:
    """Return a path below a node; nothing where it may not be followed."""
    joined, _ = part(partial(join, node, path), what="", node=node)
    return () if joined is None else (joined,)


def _known(
    documents: Iterable[NodeDocument | NgffError | None],
) -> Iterator[NodeDocument]:
    for document in documents:
        if document is not None and not isinstance(document, NgffError):
            yield document


def _group(document: NodeDocument) -> Group:
    return read_group(
        document.attributes, zarr_format=document.zarr_format, node=document.node
    )


def _chunk_pattern(document: NodeDocument) -> str | None:
    """Return a pattern of the keys of an array's chunks, relative to the array.

    None where its metadata does not say how they are called: then none is known to be.
    """
    metadata: Any = document.metadata
    shape, first = metadata.get("shape"), ""
    if document.zarr_format == 2:
        separator = metadata.get("dimension_separator") or "."
    else:
        name, separator = _encoding(metadata.get("chunk_key_encoding"))
        first = "" if name == "v2" else "c"
    if separator not in (".", "/") or not isinstance(shape, list):
        return None
    parts = [first] * bool(first) + [_INDEX] * len(shape)
    return re.escape(separator).join(parts) if parts else _INDEX


def _encoding(entry: Any) -> tuple[Any, Any]:
    """Return name and separator of a chunk key encoding, whatever these are."""
    entry = entry if isinstance(entry, Mapping) else {"name": entry}
    settings, name = entry.get("configuration"), entry.get("name")
    settings = settings if isinstance(settings, Mapping) else {}
    usual = {"default": "/", "v2": "."}.get(name) if isinstance(name, str) else None
    return name, usual and (settings.get("separator") or usual)
