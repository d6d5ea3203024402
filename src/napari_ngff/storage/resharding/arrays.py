"""An array that is to lie in other shards: where it comes from, and where it goes.

Knows both layouts and the order of chunks in a file; reads and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.storage.chunks.ordering import morton_ranks
from napari_ngff.storage.inspecting.stored_as import stored_as
from napari_ngff.storage.resharding.possible import why_decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.ordering import ChunkOrder
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.pixels.grid import ChunkIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Resharding:
    """One array whose chunks are copied into other shards, or out of them.

    Attributes
    ----------
    keys, source
        The store that it comes from, and the path of the array in it.
    stored
        How it is stored there.
    node
        Path of the array that it becomes, below the folder that is written into.
    target
        How that is stored.
    order
        Of the chunks in a shard.
    places
        Which files are written, by their places in the grid of the target, in the
        order in which that is done; None: all that there may be.
    """

    keys: Keys
    source: str
    stored: StoredAs
    node: str
    target: StoredAs
    order: ChunkOrder = "morton"
    places: tuple[ChunkIndex, ...] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels of all chunks, for the progress; see `running.run_all`.

        Whole chunks count, also where they reach beyond the array's end.
        """
        if self.places is not None:
            return sum(map(self.nbytes_in, self.places))
        return prod(self.target.chunk_grid) * self.nbytes_of_chunk

    @property
    def groups(self) -> tuple[int, ...]:
        """How many files along each axis one shard of the source becomes."""
        ndim = len(self.target.shape)
        here = self.target.chunks_per_shard or (1,) * ndim
        there = self.stored.chunks_per_shard or (1,) * ndim
        return tuple(max(1, a // b) for a, b in zip(there, here, strict=True))

    def nbytes_in(self, place: ChunkIndex) -> int:
        """Return the same of the chunks in one file."""
        target, count = self.target, 1
        per_file = target.chunks_per_shard or (1,) * len(place)
        for n, at, total in zip(per_file, place, target.chunk_grid, strict=True):
            count *= min(n, total - n * at)
        return count * self.nbytes_of_chunk

    @property
    def nbytes_of_chunk(self) -> int:
        """Bytes of the pixels of a chunk; of their number, if their size is unknown."""
        return max(1, self.target.chunk_nbytes or prod(self.target.chunk))

    def key(self, place: ChunkIndex) -> str:
        """Return the key of a file that is written, below the folder."""
        name = self.target.keys.key(place)
        return f"{self.node}/{name}" if self.node else name

    def chunks_in(self, place: ChunkIndex) -> NDArray[np.int64]:
        """Return the chunks of the array in a file, in the order they have there.

        Parameters
        ----------
        place
            Which file that is written.

        Returns
        -------
        ndarray
            One chunk a row, counted from the first one of the array.
        """
        per_file = self.target.chunks_per_shard or (1,) * len(place)
        sizes = zip(per_file, place, self.target.chunk_grid, strict=True)
        present = [min(n, count - n * at) for n, at, count in sizes]
        if prod(present) == 1:
            return self.first_chunk(place)[np.newaxis]
        inner = np.indices(present, np.int64).reshape(len(present), prod(present)).T
        if self.order == "morton":
            inner = inner[np.argsort(morton_ranks(inner, per_file))]
        return inner + self.first_chunk(place)

    def first_chunk(self, place: ChunkIndex) -> NDArray[np.int64]:
        """Return the first chunk of the array in a file that is written."""
        per_file = self.target.chunks_per_shard or (1,) * len(place)
        return np.array(place, np.int64) * np.array(per_file, np.int64)


def resharding_of(
    keys: Keys,
    source: str,
    metadata: Mapping[str, Any],
    zarr_format: Literal[2, 3],
    target: Mapping[str, Any],
    *,
    node: str,
    order: ChunkOrder = "morton",
    limits: Limits = LIMITS,
) -> Resharding:
    """Return what is copied where.

    Parameters
    ----------
    keys, source
        The store that the array comes from, and its path in it.
    metadata, zarr_format
        Its ``zarr.json`` or ``.zarray``, and 3 or 2.
    target
        The ``zarr.json`` of what it becomes; see `documents.resharded`.
    node
        Path of that array, below the folder that is written into.
    order
        Of the chunks in a shard.
    limits
        Bounds on what the documents may ask for.

    Raises
    ------
    ValueError
        If its chunks cannot be copied as they are; see `possible.why_decoded`.
    """
    reason = why_decoded(metadata, zarr_format, target, limits=limits)
    if reason is not None:
        raise ValueError(reason)
    return Resharding(
        keys=keys,
        source=source,
        stored=stored_as(metadata, zarr_format, limits),
        node=node,
        target=stored_as(target, 3, limits),
        order=order,
    )
