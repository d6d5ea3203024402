"""The grid of an array's shards, or chunks, as numbers that can be painted. Pure.

Knows files that were looked at (`looked`) and which two axes are across the picture;
reads nothing, and knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from napari_ngff.dataset.inspecting.looked import Looked, Measure
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: The two axes of a picture, rows first; None: the array has no such axis.
Across: TypeAlias = tuple[int | None, int | None]

#: A picture has so many cells along a side; of more, several share one.
SIDE: Final = 1024
MISSING: Final = 0
STORED: Final = 1
FAULTY: Final = 2
UNKNOWN: Final = 3


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
    absent
        Whether it is known that there is no file in a cell that has none.
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
    absent: NDArray[np.float64]

    @property
    def values(self) -> NDArray[np.float64]:
        """What each cell is coloured by; NaN: nothing is there, or not known."""
        found = np.full(self.above.shape, np.nan)
        np.divide(self.above, self.below, out=found, where=self.below > 0)
        return found

    @property
    def states(self) -> NDArray[np.uint8]:
        """What each cell is: `MISSING`, `STORED`, `FAULTY` or `UNKNOWN`."""
        empty = np.where(self.absent > 0, MISSING, UNKNOWN)
        found = np.where(self.files > 0, STORED, empty)
        return np.where(self.faulty > 0, FAULTY, found).astype(np.uint8)

    def state(self, row: int, column: int) -> int:
        """Return what one cell is."""
        if self.faulty[row, column]:
            return FAULTY
        empty = MISSING if self.absent[row, column] else UNKNOWN
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
    here = _here(looked.places, others, at)
    cells = _cells(looked.places[here], across, sides, step)
    absent = looked.absent[_here(looked.absent, others, at)]

    def summed(
        weights: NDArray[np.float64] | None, cells: NDArray[np.int64] = cells
    ) -> NDArray[np.float64]:
        found = np.bincount(cells, weights, minlength=prod(sides))
        return found.astype(np.float64, copy=False).reshape(sides)

    absent_from = np.ones(sides)
    if not looked.complete:
        absent_from = summed(None, _cells(absent, across, sides, step))
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
        absent=absent_from,
    )


def _here(
    places: NDArray[np.int64], others: Sequence[int], at: Sequence[int]
) -> NDArray[np.bool_]:
    """Tell which places are in a picture."""
    here = np.ones(len(places), bool)
    for axis in others:
        here &= places[:, axis] == at[axis]
    return here


def _cells(
    places: NDArray[np.int64],
    across: Across,
    sides: tuple[int, int],
    step: tuple[int, int],
) -> NDArray[np.int64]:
    """Return in which cell each place is, row after row."""
    cells = np.zeros(len(places), np.int64)
    for side, size, one in zip(across, sides, step, strict=True):
        cells *= size
        if side is not None:
            cells += places[:, side] // one
    return cells


def unknown_places(
    picture: LevelPicture, looked: Looked, at_most: int
) -> list[ChunkIndex]:
    """Return files of a picture that were not looked at, the first of them."""
    if looked.complete:
        return []
    known = {tuple(place) for place in looked.absent.tolist()} | looked.looks.keys()
    found = []
    for row, column in np.ndindex(picture.grid):
        place = picture.place(row, column)
        if place not in known:
            found.append(place)
        if len(found) == at_most:
            break
    return found


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
        absent=summed(picture.absent),
    )


def _of(values: Sequence[int], across: Across) -> tuple[int, int]:
    row, column = (1 if axis is None else values[axis] for axis in across)
    return row, column
