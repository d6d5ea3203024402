"""Cells of a level as the pixels of an image: crisp at any size.

Knows pictures (`dataset.inspecting.pictures`) and colours; nothing of windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.dataset.inspecting.pictures import FAULTY, MISSING, UNKNOWN, merged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.dataset.inspecting.pictures import LevelPicture
    from napari_ngff.dataset.inspecting.scales import Scale
    from napari_ngff.widgets.layout.palette import Palette

#: Cells of so many pixels have a line between them.
_LINED: Final = 5
_HATCH: Final = 6
_MARK: Final = 6
#: Of so many that are damaged each has a free edge, too.
_FEW: Final = 500


def level_pixels(
    picture: LevelPicture,
    scale: Scale,
    palette: Palette,
    size: tuple[int, int],
    line: int = 1,
) -> NDArray[np.uint32]:
    """Return the colours of a picture's pixels.

    The last cells are cut where the array ends. Each pixel is of one cell, so that
    edges are sharp; cells that are smaller than a pixel are merged before.

    Parameters
    ----------
    picture
        What is painted.
    scale
        Which number has which colour.
    palette
        The colours.
    size
        Height and width in pixels of the screen.
    line
        How wide the lines between cells are.
    """
    cells = merged(picture, *size)
    rows, columns = (_cells_of(cells, axis, size[axis]) for axis in (0, 1))
    states = cells.states
    colors = palette.colors(scale.fractions(cells.values))
    # What is stored, and no more is known of it, is not as what is missing.
    colors[(colors == 0) & (states != MISSING)] = palette.hatch
    colors[states == MISSING] = palette.faint
    colors[states == FAULTY] = palette.fault
    pixels = colors[rows[:, None], columns[None, :]]
    unknown = states == UNKNOWN
    if unknown.any():
        there = unknown[rows[:, None], columns[None, :]]
        pixels = np.where(there, _hatched(pixels.shape, palette.hatch), pixels)
    for axis, at in enumerate((rows, columns)):
        if len(at) >= _LINED * line * (at[-1] + 1):
            _cut(pixels, axis, at, line)
    if min(len(at) / (at[-1] + 1) for at in (rows, columns)) < _MARK:
        _mark(pixels, states == FAULTY, rows, columns, palette.fault)
    return pixels


def hatched(height: int, width: int, palette: Palette) -> NDArray[np.uint32]:
    """Return lines across, as what is not known is painted."""
    return _hatched((height, width), palette.hatch)


def _hatched(shape: tuple[int, ...], color: int) -> NDArray[np.uint32]:
    rows, columns = np.indices(shape, sparse=True)
    return np.where((rows + columns) % _HATCH == 0, np.uint32(color), np.uint32(0))


def _cells_of(picture: LevelPicture, axis: int, pixels: int) -> NDArray[np.intp]:
    """Return the row, or column, of cells that each pixel is in."""
    length = picture.shape[axis] / (picture.cell[axis] * picture.step[axis])
    at = (np.arange(pixels) + 0.5) * length / pixels
    found: NDArray[np.intp] = at.astype(np.intp)
    return found.clip(max=picture.files.shape[axis] - 1)


def _cut(
    pixels: NDArray[np.uint32], axis: int, at: NDArray[np.intp], line: int
) -> None:
    """Leave a line free where cells begin."""
    begins = np.flatnonzero(np.diff(at)) + 1
    for more in range(line):
        free = begins + more
        pixels[(slice(None),) * axis + (free[free < len(at)],)] = 0


def _mark(
    pixels: NDArray[np.uint32],
    faulty: NDArray[np.bool_],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    color: int,
) -> None:
    """Paint what is damaged larger than it is, to be seen among thousands."""
    where = np.argwhere(faulty)[:10_000]
    edges = (2, 1) if len(where) < _FEW else (1,)
    for row, column in where:
        top, left = np.searchsorted(rows, row), np.searchsorted(columns, column)
        for edge in edges:
            part = (
                slice(max(0, top - edge), top + edge + 1),
                slice(max(0, left - edge), left + edge + 1),
            )
            pixels[part] = color if edge == 1 else 0
