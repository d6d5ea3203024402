"""Levels that are there already as they should be: they are copied, not made again.

Knows when a stored pyramid is what a plan wants, chunk by chunk: made by us with the
same method, in the same place, packed in the same way. Anything else is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.problems import NgffError, StoreChanged
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.storage.chunks.array_documents import layout_of
from napari_ngff.storage.chunks.chunk_source import ChunkSource
from napari_ngff.storage.chunks.compression import v3_codecs
from napari_ngff.storage.location import open_location
from napari_ngff.storage.pixels.indexing import whole

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.lazy import LazyArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored level whose files can be taken as they are.

    Attributes
    ----------
    keys, node
        The store, and the path of the array in it.
    key, stamp
        The array's document, and what it was known by when it was opened.
    """

    keys: Keys
    node: str
    key: str
    stamp: Hashable

    def confirm(self) -> None:
        """Raise `StoreChanged` if the array is not the one that was opened."""
        if self.keys.stamp(self.key) != self.stamp:
            raise StoreChanged(self.keys.url, self.node)


def stored_levels(
    image: ImageData, planned: Multiscale, layouts: Sequence[ArrayLayout]
) -> tuple[Stored, ...]:
    """Return the stored levels of an image where all of them are as planned; else none.

    Parameters
    ----------
    image
        What is saved.
    planned, layouts
        What it is to be: its levels' places, and how they are packed.
    """
    known = image.multiscale
    if len(image.levels) != len(layouts) or not _same_method(known, planned):
        return ()
    for index in range(len(layouts)):
        before, after = level_matrix(known, index), level_matrix(planned, index)
        if before is None or after is None or before.shape != after.shape:
            return ()
        if not np.allclose(before, after, rtol=1e-12, atol=0):
            return ()
    pairs = zip(image.levels, layouts, strict=True)
    found = tuple(_stored(level, layout) for level, layout in pairs)
    return tuple(level for level in found if level is not None and None not in found)


def _same_method(known: Multiscale, planned: Multiscale) -> bool:
    def made_by(multiscale: Multiscale) -> Any:
        said = multiscale.metadata
        return said.get("method") if isinstance(said, Mapping) else None

    return made_by(known) is not None and made_by(known) == made_by(planned)


def _stored(level: LazyArray, layout: ArrayLayout) -> Stored | None:
    source = level.source
    if not isinstance(source, ChunkSource) or level.window != whole(source.shape):
        return None
    try:
        location = open_location(source.store)
        document = location.document(source.node)
    except NgffError:
        return None
    if document is None or not _same(layout_of(document.metadata), layout):
        return None
    if source.identity != (source.store, source.node, document.stamp):
        return None
    return Stored(
        keys=location.keys,
        node=source.node,
        key=document.key,
        stamp=document.stamp,
    )


def _same(known: ArrayLayout | None, planned: ArrayLayout) -> bool:
    """Whether files are packed in the same way, however that was asked for."""
    if known is None:
        return False
    size = planned.dtype.itemsize
    codecs = v3_codecs(known.compression, size)
    alike = replace(known, compression=planned.compression) == planned
    return alike and codecs == v3_codecs(planned.compression, size)
