"""A label image as it is stored, ready for some of its chunks to be exchanged.

Knows which documents a label image has, what of it can be written, and how it is read
while part of it is staged. Writes nothing: `write_back` does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.names import join, plain, scrub
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.painting.following import method_of, step
from napari_ngff.dataset.reading.reading import quoted
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
from napari_ngff.storage.chunks.chunk_reader import ChunkReader
from napari_ngff.storage.chunks.recoding import recoder_of
from napari_ngff.storage.location import open_location
from napari_ngff.storage.places.looks import local_path, scheme_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.dataset.painting.following import Step
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.chunks.recoding import Recoder
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.location import Location, NodeDocument
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.storage.pyramids.downsample import Method

ELSEWHERE = "Save the labels as a new image, with File > Save As OME-Zarr."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLevel:
    """One array of a label image, and what encodes its chunks."""

    document: NodeDocument
    recoder: Recoder

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array."""
        return self.recoder.layout.shape

    def key(self, cell: ChunkIndex) -> str:
        """Return the key of a file, by its place in the grid of files."""
        node = self.document.node
        name = self.recoder.layout.keys.key(cell)
        return f"{node}/{name}" if node else name

    def cell_of(self, chunk: ChunkIndex) -> ChunkIndex:
        """Return the place of the file that a chunk is in."""
        counts = self.recoder.layout.per_shard
        return tuple(at // n for at, n in zip(chunk, counts, strict=True))

    def reader(self, keys: Any) -> StoredPixels:
        """Return the pixels of the array in a store, past every cache."""
        layout, limit = self.recoder.layout, self.recoder.limit
        stored = ChunkBytes(keys, limit=limit, shards=layout.shards)
        return StoredPixels(ChunkReader(layout, stored, self.document.node))


class StoredPixels:
    """Pixels of a stored array; what cannot be read is an error of the save."""

    def __init__(self, reader: ChunkReader) -> None:
        self._reader = reader

    def __getitem__(self, box: Box) -> NDArray[Any]:
        try:
            return self._reader[box]
        except ValueError as error:
            target = plain(self._reader.node)
            reason = f"what is stored there cannot be read: {plain(str(error))}"
            raise CannotSave(target, reason, ELSEWHERE) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLabels:
    """A label image whose chunks can be exchanged.

    Attributes
    ----------
    store
        The folder of the store.
    node
        Path of the label image's group in it.
    group
        What its document says.
    document
        That document.
    levels
        Finest first.
    steps
        How each level but the first follows from the one before.
    """

    store: str
    node: str
    group: Group
    document: NodeDocument
    levels: tuple[StoredLevel, ...]
    steps: tuple[Step, ...]


def local_store(store: str) -> Location:
    """Open a store whose files can be changed.

    Raises
    ------
    CannotSave
        If it is an archive, on the web, or part of another store.
    CannotOpen
        If it is gone.
    """
    shown = plain(scrub(store), limit=1024)
    scheme = scheme_of(store)
    if scheme not in ("", "file"):
        reason = "it is on a server, which is only read"
        raise CannotSave(shown, reason, ELSEWHERE)
    path = os.path.abspath(local_path(store, scheme))
    if os.path.isfile(path):
        reason = "it is a single file, of which no part can be exchanged"
        raise CannotSave(shown, reason, ELSEWHERE)
    location = open_location(path)
    if location.node:
        # Paths count from the store; they would lead elsewhere.
        reason = f"it is a part of {plain(location.url, limit=1024)}"
        raise CannotSave(shown, reason, "Open that, and select its labels there.")
    return location


def stored_labels(store: str, node: str, index: int) -> StoredLabels:
    """Return a label image that some chunks of may be exchanged.

    Parameters
    ----------
    store, node
        As `ImageData` has them.
    index
        Which entry of its ``multiscales``.

    Raises
    ------
    CannotSave
        If it is not there any more, or is stored in a way that is only read.
    NgffError
        If it cannot be read.
    """
    location = local_store(store)
    shown = plain(f"{store}/{node}", limit=1024)
    document = location.document(node)
    group = None if document is None else _group(document)
    if document is None or group is None or len(group.multiscales) <= index:
        raise CannotSave(shown, "the labels are not there any more", ELSEWHERE)
    multiscale = group.multiscales[index]
    nodes = [join(node, level.path) for level in multiscale.levels]
    levels = tuple(_level(location, each, shown) for each in nodes)
    shapes = [level.shape for level in levels]
    if not shapes or len(set(map(len, shapes))) > 1:
        raise CannotSave(shown, "its levels have not the same axes", ELSEWHERE)
    method = method_of(multiscale)
    return StoredLabels(
        store=location.url,
        node=node,
        group=group,
        document=document,
        levels=levels,
        steps=_steps(shapes, method, multiscale),
    )


def _steps(
    shapes: Sequence[tuple[int, ...]], method: Method, multiscale: Multiscale
) -> tuple[Step, ...]:
    sizes = [_sizes(multiscale, i, len(shapes[0])) for i in range(len(shapes))]
    return tuple(
        step(*pair, method, [b / a if a else 0.0 for a, b in zip(*known, strict=True)])
        for pair, known in zip(pairwise(shapes), pairwise(sizes), strict=True)
    )


def _sizes(multiscale: Multiscale, index: int, ndim: int) -> list[float]:
    """Return how large the pixels of a level are; zeros where it does not say."""
    matrix = level_matrix(multiscale, index)
    found = None if matrix is None else scale_and_translation(matrix)
    if found is None or len(found[0]) != ndim:
        return [0.0] * ndim
    return [abs(size) for size in found[0]]


def _group(document: NodeDocument) -> Group | None:
    if document.kind != "group":
        return None
    return read_group(
        document.attributes, zarr_format=document.zarr_format, node=document.node
    )


def _level(location: Location, node: str, shown: str) -> StoredLevel:
    document = location.document(node)
    if document is None or document.kind != "array":
        raise CannotSave(shown, f"there is no array {quoted(node)}", ELSEWHERE)
    recoder = recoder_of(document, LIMITS)
    if recoder is None:
        reason = f"the array {quoted(node)} is stored in a way that is only read here"
        raise CannotSave(shown, reason, ELSEWHERE)
    return StoredLevel(document=document, recoder=recoder)


def document_of(keys: Keys, key: str) -> bytes:
    """Return the bytes of a document that is there.

    Raises
    ------
    CannotSave
        If it is gone.
    """
    data = keys.get(key, limit=LIMITS.document_bytes)
    if data is None:
        raise CannotSave(plain(keys.url), f"{plain(key)} is gone", ELSEWHERE)
    return data
