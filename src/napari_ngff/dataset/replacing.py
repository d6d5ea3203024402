"""What is at a target already, and whether it may be replaced.

Knows which files an OME-Zarr image consists of, by its own metadata. Whatever else is
there is somebody's: it is never deleted, and the save is refused by its name. Reads
metadata only, and changes nothing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import CannotOpen, NgffError
from napari_ngff.dataset.labels import LABELS
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.read import read
from napari_ngff.dataset.reading import note, part
from napari_ngff.metadata.transforms import paths
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.commit.places import ours
from napari_ngff.storage.commit.replacing import replaceable
from napari_ngff.storage.location import open_location
from napari_ngff.storage.looks import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import LabelData
    from napari_ngff.dataset.options import SaveOptions
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.location import Location, NodeDocument

_NAMED = 5
_INDEX = r"\d{1,19}"


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

        So is what a save inside of the image staged and left, as where it was killed.
        """
        if key in self.documents:
            return True
        if any((found := ours(part)) and found[2] == "part" for part in key.split("/")):
            return True
        return any(
            key.startswith(prefix) and re.fullmatch(pattern, key[len(prefix) :])
            for prefix, pattern in self.chunks
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What is at a target.

    Attributes
    ----------
    belongings
        The files of the image that is there; None: there is nothing.
    image
        That image, with its labels; None where there is nothing, or no image.
    obstacles
        Why it may not be replaced.
    foreign
        The files that do not belong to the image, at most a hundred.
    """

    belongings: Belongings | None = None
    image: ImageData | None = None
    obstacles: tuple[Problem, ...] = ()
    foreign: tuple[str, ...] = ()


def look_at(target: Path) -> Present:
    """Look at what is at a target.

    A folder without anything in it counts as nothing. Of an ``.ozx`` file the members
    are what is looked at.
    """
    try:
        return _look_at(target)
    except OSError as error:
        text = f"What is there cannot be looked at: {plain(error.strerror or error)}"
        return Present(obstacles=(_obstacle(text),))


def _look_at(target: Path) -> Present:
    if not os.path.lexists(target) or _is_empty(target):
        return Present()
    if target.is_symlink():
        text = "It is a link. Save where it leads to, or under another name"
        return Present(obstacles=(_obstacle(text),))
    try:
        node = read(target)
        location = open_location(target)
    except NgffError as error:
        text = f"What is there is not an OME-Zarr image{_reason(error)}"
        return Present(obstacles=(_obstacle(text, "Choose another name"),))
    whole = os.path.realpath(location.url) == os.path.realpath(target)
    if not isinstance(node, ImageData) or node.node or not whole:
        text = "What is there is not one OME-Zarr image of its own"
        return Present(obstacles=(_obstacle(text, "Choose another name"),))
    belongings = _belongings(location)
    foreign = replaceable(target, belongings)
    obstacles = (_foreign(foreign),) if foreign else ()
    return Present(
        belongings=belongings, image=node, obstacles=obstacles, foreign=foreign
    )


def _reason(error: NgffError) -> str:
    """Return why it is none, without the advice for somebody who would open it."""
    if not isinstance(error, CannotOpen):
        return ""
    return ": " + re.split(r"\.(?:\s|$)", error.reason)[0]


def _is_empty(target: Path) -> bool:
    if target.is_symlink() or not target.is_dir():
        return False
    with os.scandir(target) as entries:
        return next(entries, None) is None


def _obstacle(text: str, advice: str = "") -> Problem:
    return note("error", "target", f"{text}. {advice}" if advice else text)


def _foreign(strange: tuple[str, ...]) -> Problem:
    names = ", ".join(f"'{plain(key)}'" for key in strange[:_NAMED])
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    text = f"What is there holds files that do not belong to the image: {names}{more}"
    return _obstacle(text, "Move them away, or choose another name")


def _belongings(location: Location) -> Belongings:
    """Return what the metadata of the image at the root names."""
    documents: list[str] = []
    chunks: list[tuple[str, str]] = []
    for document in _nodes(location):
        prefix = f"{document.node}/" if document.node else ""
        if document.kind == "array":
            folder = document.node.rpartition("/")[0]
            documents += (f"{folder}/{name}" for name in DOCUMENTS)
        documents += (prefix + name for name in DOCUMENTS)
        if document.kind == "array":
            chunks.append((prefix, _chunk_pattern(document)))
    return Belongings(documents=frozenset(documents), chunks=tuple(chunks))


def _nodes(location: Location) -> Iterator[NodeDocument]:
    """Give the documents of the root's image, its levels, and all its labels."""
    root = location.document("")
    if root is None:
        return
    yield from _image(location, root)
    labels = location.document(LABELS)
    if labels is None:
        return
    yield labels
    listed = _group(labels).labels or ()
    found = part(partial(location.children, LABELS), what="", node=LABELS)[0] or ()
    names = dict.fromkeys((*listed, *found))
    nodes = [path for name in names for path in _joined(LABELS, name)]
    for document in _known(location.documents(nodes)):
        if document.kind == "group":
            yield from _image(location, document)


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


def _chunk_pattern(document: NodeDocument) -> str:
    """Return a pattern of the keys of an array's chunks, relative to the array."""
    metadata: Any = document.metadata
    ndim = len(metadata.get("shape") or ())
    if document.zarr_format == 2:
        separator = metadata.get("dimension_separator") or "."
        first = ""
    else:
        encoding = metadata.get("chunk_key_encoding") or {}
        settings = encoding.get("configuration") or {}
        plain_v2 = encoding.get("name") == "v2"
        separator = settings.get("separator") or (".", "/")[not plain_v2]
        first = "" if plain_v2 else "c"
    parts = [first] * bool(first) + [_INDEX] * ndim
    return re.escape(separator).join(parts) if parts else _INDEX


def kept_labels(
    image: ImageData, old: ImageData | None, options: SaveOptions
) -> tuple[tuple[LabelData, ...], tuple[Problem, ...]]:
    """Return the label images of a replaced image that are moved over to the new one.

    Those that the new one does not bring itself. One that does not fit the new image
    ("each dimension equals the image's, or is 1", 0.5, "labels") is an obstacle.
    """
    if old is None or options.old_labels == "drop":
        return (), ()
    own = {label.name for label in image.labels}
    kept = tuple(label for label in old.labels if label.name not in own)
    sizes = _sizes(image)
    unfit = [label for label in kept if not _fits(_sizes(label.image), sizes)]
    if not unfit:
        return kept, ()
    names = ", ".join(f"'{plain(label.name)}'" for label in unfit)
    text = (
        f"The image that is replaced has labels that do not fit the new one: {names}. "
    )
    text += "Say that they may go, or choose another name"
    return (), (note("error", "old-labels", text),)


def _sizes(image: ImageData) -> dict[str, int]:
    names = (axis.name for axis in image.multiscale.axes)
    return dict(zip(names, image.levels[0].shape, strict=True))


def _fits(label: dict[str, int], image: dict[str, int]) -> bool:
    return all(size in (1, image.get(name)) for name, size in label.items())
