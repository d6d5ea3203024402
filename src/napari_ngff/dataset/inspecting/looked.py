"""The files of an array that were looked at, as arrays of numbers. Pure.

Knows scans (`storage.inspecting`), and what follows from the numbers of one file; reads
nothing, and knows no pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: What a cell is coloured by: the chunks that it holds of those that it could, the
#: bytes that one of its bytes decodes to, or its bytes.
Measure: TypeAlias = Literal["fill", "ratio", "bytes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Looked:
    """The files of an array, as arrays of numbers; made once for each scan.

    Attributes
    ----------
    stored
        How the array is stored.
    complete
        Whether all files were looked at: then what is not there is missing.
    places
        Of shape (files, axes): where each is in the grid.
    nbytes, chunks
        Of each: its bytes, and the chunks in it; NaN: not known.
    faulty
        Which are damaged, or cannot be read.
    looks
        What was found of each, by place.
    absent
        Of shape (n, axes): places at which there is known to be no file, where not all
        were looked at.
    """

    stored: StoredAs
    complete: bool
    places: NDArray[np.int64]
    nbytes: NDArray[np.float64]
    chunks: NDArray[np.float64]
    faulty: NDArray[np.bool_]
    looks: Mapping[ChunkIndex, FileLook]
    absent: NDArray[np.int64]

    def parts(
        self, measure: Measure
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what is divided by what, file by file; both NaN where not known."""
        above, below = self.nbytes, np.ones(len(self.places))
        if measure == "ratio":
            above, below = self.chunks * self.stored.chunk_nbytes, self.nbytes
        elif measure == "fill":
            above, below = self.chunks, self._possible()
        known = (above >= 0) & (below > 0) & ((above > 0) | (measure == "fill"))
        return np.where(known, above, np.nan), np.where(known, below, np.nan)

    def _possible(self) -> NDArray[np.float64]:
        """Return how many chunks each file could hold."""
        counts = np.ones(len(self.places))
        for axis, along in enumerate(chunks_along(self.stored)):
            counts *= along[self.places[:, axis]]
        return counts


def looked(scan: LevelScan) -> Looked:
    """Return the files that a scan found, as arrays of numbers."""
    return _looked(scan.stored, scan.looks, not scan.sampled, ())


def looked_further(
    looked: Looked, places: Sequence[ChunkIndex], looks: Sequence[FileLook]
) -> Looked:
    """Return the same with files that a sample had left out.

    Parameters
    ----------
    looked
        What was looked at before.
    places
        Where it was looked now.
    looks
        What was found there; of a place without, there is no file.
    """
    several = {**looked.looks, **{look.place: look for look in looks}}
    absent = [tuple(place) for place in looked.absent.tolist()]
    absent += [place for place in places if place not in several]
    return _looked(looked.stored, list(several.values()), looked.complete, absent)


def _looked(
    stored: StoredAs,
    looks: Sequence[FileLook],
    complete: bool,
    absent: Sequence[ChunkIndex],
) -> Looked:
    ndim, nan = len(stored.shape), float("nan")
    return Looked(
        stored=stored,
        complete=complete,
        absent=np.array(absent, np.int64).reshape(len(absent), ndim),
        places=np.array([k.place for k in looks], np.int64).reshape(len(looks), ndim),
        nbytes=np.array([nan if k.nbytes is None else k.nbytes for k in looks], float),
        chunks=np.array([nan if k.chunks is None else k.chunks for k in looks], float),
        faulty=np.array([bool(k.fault) for k in looks], bool),
        looks={look.place: look for look in looks},
    )


def measures_of(stored: StoredAs) -> tuple[Measure, ...]:
    """Return what cells can be coloured by, the most telling first."""
    if stored.packed:
        return ("bytes",)
    sharded: tuple[Measure, ...] = ("fill",) if stored.shard is not None else ()
    ratio: tuple[Measure, ...] = ("ratio",) if stored.itemsize else ()
    return (*sharded, *ratio, "bytes")


def chunks_along(stored: StoredAs) -> list[NDArray[np.int64]]:
    """Return how many chunks each file can hold along each axis of the grid."""
    found = []
    per_shard = stored.chunks_per_shard or (1,) * len(stored.shape)
    parts = zip(stored.grid, stored.chunk_grid, per_shard, strict=True)
    for files, chunks, each in parts:
        found.append(np.minimum(each, chunks - each * np.arange(files)))
    return found
