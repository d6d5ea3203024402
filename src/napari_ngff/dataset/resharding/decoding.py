"""An array whose pixels are decoded and encoded anew, by the engine that saves images.

Knows how one array is written as the only level of a pyramid; the rules of chunks and
shards are its caller's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from napari_ngff.storage.chunks.array_documents import array_document, layout_for
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.shares import files_of, memory_of, nbytes_of
from napari_ngff.storage.pyramids.sources_in import decoded_at_once, source_of
from napari_ngff.storage.pyramids.tasks import pixel_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.chunks.compression import Compression
    from napari_ngff.storage.chunks.ordering import ChunkOrder
    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan
    from napari_ngff.storage.pyramids.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """One array that is written anew.

    Attributes
    ----------
    node
        Its path below the folder that is written into.
    pixels
        Where they come from.
    pyramid
        The plan of its only level.
    layout
        How it is stored.
    """

    node: str
    pixels: LazyArray
    pyramid: PyramidPlan
    layout: ArrayLayout

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels, for the progress."""
        return nbytes_of(self.pyramid)[0]

    @property
    def files(self) -> int:
        """How many files there are at most."""
        return files_of(self.pyramid)[0]

    def memory(self, workers: int) -> int:
        """Return how many bytes so many tasks hold at once, at most."""
        decoded = decoded_at_once(self.pixels)
        return memory_of(self.pyramid, workers, source_chunks=decoded)

    def tasks(self, root: str) -> Iterator[Task]:
        """Return what writes it into a folder."""
        [tasks] = pixel_tasks(
            self.pyramid,
            source_of(self.pixels),
            root=root,
            nodes=(self.node,),
            layouts=(self.layout,),
        )
        return tasks


def decoding_of(
    pixels: LazyArray,
    *,
    node: str,
    chunk: Sequence[int],
    shard: Sequence[int] | None,
    compression: Compression,
    order: ChunkOrder = "C",
) -> Decoding:
    """Return how an array is written anew.

    Parameters
    ----------
    pixels
        Of the array.
    node
        Its path below the folder that is written into.
    chunk, shard
        Lengths in pixels; no shard: a file per chunk.
    compression
        Of every chunk.
    order
        Of the chunks in a shard.

    Raises
    ------
    ValueError
        If its pixels cannot be written, or there are none.
    """
    ones = (1,) * len(pixels.shape)
    pyramid = plan_pyramid(
        pixels.shape,
        pixels.dtype,
        spacing=ones,
        may_shrink=(False,) * len(ones),
        options=PyramidOptions(
            levels=1,
            chunk=tuple(chunk),
            shard="none" if shard is None else tuple(shard),
        ),
        source_chunks=decoded_at_once(pixels),
    )
    [level] = pyramid.levels
    layout = layout_for(level, pyramid.dtype, zarr_format=3, compression=compression)
    layout = replace(layout, order=order)
    return Decoding(node=node, pixels=pixels, pyramid=pyramid, layout=layout)


def document_of(
    decoding: Decoding, *, names: Sequence[str | None], attributes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the ``zarr.json`` of an array that is written anew."""
    document = array_document(
        decoding.pyramid.levels[0],
        decoding.pyramid.dtype,
        zarr_format=3,
        compression=decoding.layout.compression,
    )
    if any(name is not None for name in names):
        document["dimension_names"] = list(names)
    document["attributes"] = dict(attributes)
    return document
