"""The grid of an array's shards, or chunks, as numbers that can be painted. Pure.

Knows scans (`storage.inspecting`) and which two axes are across the picture; reads
nothing, and knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

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
#: The two axes of a picture, rows first; None: the array has no such axis.
Across: TypeAlias = tuple[int | None, int | None]

#: A picture has so many cells along a side; of more, several share one.
SIDE: Final = 1024
MISSING: Final = 0
STORED: Final = 1
FAULTY: Final = 2
UNKNOWN: Final = 3


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
    """

    stored: StoredAs
    complete: bool
    places: NDArray[np.int64]
    nbytes: NDArray[np.float64]
    chunks: NDArray[np.float64]
    faulty: NDArray[np.bool_]
    looks: Mapping[ChunkIndex, FileLook]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelPicture:
    """The cells of a grid across two axes; all arrays have the shape (rows, columns).

    Attributes
    ----------
    measure
        What the cells' values are.
    across
        The axes of the array along rows and columns of the picture.
    at
        Where in the grid the others stand; those across are 0.
    shape, cell
        Lengths in pixels, of the array and of one cell, along rows and columns.
    grid
        How many files there may be along them.
    step
        So many files share a cell, along them; 1 if none do.
    files, faulty
        How many there are in each cell, and how many of them are faulty.
    above, below
        The sums of what is divided by what to have the values.
    complete
        Whether a cell without a file is known to be missing.
    """

    measure: Measure
    across: Across
    at: ChunkIndex
    shape: tuple[int, int]
    cell: tuple[int, int]
    grid: tuple[int, int]
    step: tuple[int, int]
    files: NDArray[np.float64]
    faulty: NDArray[np.float64]
    above: NDArray[np.float64]
    below: NDArray[np.float64]
    complete: bool

    @property
    def values(self) -> NDArray[np.float64]:
        """What each cell is coloured by; NaN: nothing is there, or not known."""
        found = np.full(self.above.shape, np.nan)
        np.divide(self.above, self.below, out=found, where=self.below > 0)
        return found

    @property
    def states(self) -> NDArray[np.uint8]:
        """What each cell is: `MISSING`, `STORED`, `FAULTY` or `UNKNOWN`."""
        empty = MISSING if self.complete else UNKNOWN
        found = np.where(self.files > 0, STORED, empty)
        return np.where(self.faulty > 0, FAULTY, found).astype(np.uint8)

    def state(self, row: int, column: int) -> int:
        """Return what one cell is."""
        if self.faulty[row, column]:
            return FAULTY
        empty = MISSING if self.complete else UNKNOWN
        return STORED if self.files[row, column] else empty

    def value(self, row: int, column: int) -> float | None:
        """Return the value of one cell; None: nothing is there, or not known."""
        below = float(self.below[row, column])
        return float(self.above[row, column]) / below if below > 0 else None

    def place(self, row: int, column: int) -> ChunkIndex:
        """Return the file that is at a row and a column of the grid."""
        place = list(self.at)
        for axis, at in zip(self.across, (row, column), strict=True):
            if axis is not None:
                place[axis] = at
        return tuple(place)

    def where(self, place: Sequence[int]) -> tuple[int, int] | None:
        """Return row and column of a file; None if it is not in the picture."""
        others = (i for i in range(len(self.at)) if i not in self.across)
        if len(place) != len(self.at) or any(place[i] != self.at[i] for i in others):
            return None
        row, column = (0 if axis is None else place[axis] for axis in self.across)
        inside = row < self.grid[0] and column < self.grid[1]
        return (row, column) if inside else None


def looked(scan: LevelScan) -> Looked:
    """Return the files that a scan found, as arrays of numbers."""
    looks, ndim = scan.looks, len(scan.stored.shape)
    nan = float("nan")
    return Looked(
        stored=scan.stored,
        complete=not scan.sampled,
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


def across_of(shape: Sequence[int]) -> tuple[Across, ...]:
    """Return the pairs of axes that a picture can be across: the last two first."""
    ndim = len(shape)
    if ndim < 2:
        return ((None, ndim - 1 if ndim else None),)
    pairs = [(a, b) for b in range(ndim) for a in range(b)]
    # Along an axis of one pixel there is nothing to see.
    wide = [pair for pair in pairs if all(shape[axis] > 1 for axis in pair)]
    return tuple(reversed(wide or pairs[-1:]))


def level_picture(
    looked: Looked, measure: Measure, across: Across, at: Sequence[int]
) -> LevelPicture:
    """Return the cells across two axes of an array.

    Parameters
    ----------
    looked
        Its files.
    measure
        What cells are coloured by.
    across
        The axes along rows and columns.
    at
        Where in the grid the others stand.
    """
    stored, others = looked.stored, [i for i in range(len(at)) if i not in across]
    place = tuple(0 if i in across else at[i] for i in range(len(at)))
    grid, shape, cell = (
        _of(values, across) for values in (stored.grid, stored.shape, stored.cell)
    )
    step = -(-grid[0] // SIDE), -(-grid[1] // SIDE)
    sides = -(-grid[0] // step[0]), -(-grid[1] // step[1])
    here = np.ones(len(looked.places), bool)
    for axis in others:
        here &= looked.places[:, axis] == at[axis]
    cells = np.zeros(int(here.sum()), np.int64)
    for side, size, one in zip(across, sides, step, strict=True):
        cells *= size
        if side is not None:
            cells += looked.places[here, side] // one

    def summed(weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
        found = np.bincount(cells, weights, minlength=prod(sides))
        return found.astype(np.float64, copy=False).reshape(sides)

    above, below = (np.nan_to_num(part)[here] for part in looked.parts(measure))
    return LevelPicture(
        measure=measure,
        across=across,
        at=place,
        shape=shape,
        cell=cell,
        grid=grid,
        step=step,
        files=summed(None),
        faulty=summed(looked.faulty[here].astype(float)),
        above=summed(above),
        below=summed(below),
        complete=looked.complete,
    )


def merged(picture: LevelPicture, rows: int, columns: int) -> LevelPicture:
    """Return the same in fewer cells, where there are more than rows or columns.

    Sums are added up, so that what is small is not lost between the pixels.
    """
    sides = picture.files.shape
    steps = [
        max(1, -(-n // at_most))
        for n, at_most in zip(sides, (rows, columns), strict=True)
    ]
    if steps == [1, 1]:
        return picture

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        for axis, step in enumerate(steps):
            edges = np.arange(0, sides[axis], step)
            values = np.add.reduceat(values, edges, axis=axis)
        return values

    return LevelPicture(
        measure=picture.measure,
        across=picture.across,
        at=picture.at,
        shape=picture.shape,
        cell=picture.cell,
        grid=picture.grid,
        step=(picture.step[0] * steps[0], picture.step[1] * steps[1]),
        files=summed(picture.files),
        faulty=summed(picture.faulty),
        above=summed(picture.above),
        below=summed(picture.below),
        complete=picture.complete,
    )


def chunks_along(stored: StoredAs) -> list[NDArray[np.int64]]:
    """Return how many chunks each file can hold along each axis of the grid."""
    found = []
    per_shard = stored.chunks_per_shard or (1,) * len(stored.shape)
    parts = zip(stored.grid, stored.chunk_grid, per_shard, strict=True)
    for files, chunks, each in parts:
        found.append(np.minimum(each, chunks - each * np.arange(files)))
    return found


def _of(values: Sequence[int], across: Across) -> tuple[int, int]:
    row, column = (1 if axis is None else values[axis] for axis in across)
    return row, column
