"""The bytes of a shard as the pixels of images: a bar, and chunks by their position.

Knows pictures of shards and colours; nothing of windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.widgets.layout.palette import faded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.dataset.inspecting.shard_pictures import ShardPicture
    from napari_ngff.widgets.layout.palette import Palette

_LINED: Final = 8
_THIN: Final = 4
_LEAST: Final = 3


def bar_pixels(
    picture: ShardPicture, palette: Palette, size: tuple[int, int]
) -> NDArray[np.uint32]:
    """Return the file from its first byte to its last, each pixel as full as it is.

    Parameters
    ----------
    picture
        What is painted.
    palette
        The colours.
    size
        Height and width in pixels of the screen.
    """
    height, width = size
    edges = np.linspace(0, picture.nbytes, width + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    row = np.zeros(width, np.uint32)
    if len(picture.begins):
        colors = chunk_colors(picture, palette)
        number = np.searchsorted(picture.begins, middles, side="right") - 1
        # A pixel before the first chunk may still hold its first bytes.
        row = colors[np.maximum(number, 0)]
        row = faded(row, 1 - share_of(_unused(picture), edges))
    index = share_of(np.array([picture.index]), edges)
    row = np.where(index > 0.5, palette.index, row)
    if len(picture.begins) * _LINED <= width:
        _part(row, np.append(picture.begins, picture.index[0]), edges)
    return np.broadcast_to(row, (height, width))


def _part(
    row: NDArray[np.uint32], begins: NDArray[np.int64], edges: NDArray[np.float64]
) -> None:
    """Leave a pixel free before what begins, where both sides have room for that."""
    at = np.searchsorted(edges, np.sort(begins), side="right") - 1
    wide = np.diff(at, prepend=0, append=len(row)) >= _THIN
    row[at[wide[1:] & wide[:-1] & (at > 0)] - 1] = 0


def mark_pixels(
    picture: ShardPicture, palette: Palette, size: tuple[int, int]
) -> NDArray[np.uint32]:
    """Return marks, at least two pixels wide, where bytes are unused, or overlap."""
    height, width = size
    edges = np.linspace(0, picture.nbytes, width + 1)
    row = np.zeros(width, np.uint32)
    marks = ((picture.gaps, palette.unused), (picture.overlaps, palette.fault))
    for several, color in marks:
        some = share_of(several, edges) > 0
        row[some | np.append(False, some[:-1])] = color
    return np.broadcast_to(row, (height, width))


def plot_pixels(
    picture: ShardPicture, palette: Palette, size: tuple[int, int], least: int = _LEAST
) -> NDArray[np.uint32]:
    """Return a box for each chunk: across where it lies, down which position it has.

    Parameters
    ----------
    picture, palette, size
        As of `bar_pixels`.
    least
        A box is at least so many pixels wide and high.
    """
    height, width = size
    pixels = np.zeros(size, np.uint32)
    if not len(picture.begins):
        return pixels
    colors = chunk_colors(picture, palette)
    across, down = width / max(1, picture.nbytes), height / picture.positions
    left = np.minimum((picture.begins * across).astype(np.intp), width - least)
    right = np.minimum(np.rint(picture.ends * across).astype(np.intp), width)
    top = np.minimum((picture.ranks * down).astype(np.intp), height - least)
    bottom = np.rint((picture.ranks + 1) * down).astype(np.intp)
    right, bottom = np.maximum(right, left + least), np.maximum(bottom, top + least)
    wide = right - left > least
    large = wide | (bottom - top > least)
    for y in range(least):
        for x in range(least):
            pixels[top[~large] + y, left[~large] + x] = colors[~large]
    boxes = zip(
        *(a[large].tolist() for a in (top, bottom, left, right, colors)), strict=True
    )
    for y0, y1, x0, x1, color in boxes:
        pixels[y0:y1, x0:x1] = color
    return pixels


def position_pixels(
    picture: ShardPicture, palette: Palette, size: tuple[int, int]
) -> NDArray[np.uint32]:
    """Return the positions from the first to the last: faint where one is missing."""
    height, width = size
    stored = np.zeros(picture.positions + 1)
    stored[picture.ranks + 1] = 1
    edges = np.linspace(0, picture.positions, height + 1)
    sums = np.interp(edges, np.arange(picture.positions + 1), np.cumsum(stored))
    share = np.diff(sums) / np.diff(edges)
    colors = palette.colors((edges[1:] + edges[:-1]) / 2 / picture.positions)
    column = np.where(share > 0, faded(colors, np.clip(share, 0, 1)), palette.faint)
    return np.broadcast_to(column[:, None], (height, width)).astype(np.uint32)


def chunk_colors(picture: ShardPicture, palette: Palette) -> NDArray[np.uint32]:
    """Return the colours of chunks by their positions; grey beyond the array's end."""
    last = max(1, picture.positions - 1)
    colors = palette.colors(picture.ranks / last)
    return np.where(picture.inside, colors, palette.beyond).astype(np.uint32)


def share_of(
    stretches: NDArray[np.int64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how much of each pixel belongs to stretches, from 0 to 1.

    Parameters
    ----------
    stretches
        Of shape (n, 2): where they begin and end, in order and apart.
    edges
        Where pixels begin and end.
    """
    if not len(stretches):
        return np.zeros(len(edges) - 1)
    lengths = stretches[:, 1] - stretches[:, 0]
    before = np.append(0, np.cumsum(lengths))
    known = np.stack([before[:-1], before[1:]], axis=1).ravel()
    sums = np.interp(edges, stretches.ravel(), known)
    found: NDArray[np.float64] = np.diff(sums) / np.maximum(np.diff(edges), 1e-300)
    return np.clip(found, 0, 1)


def _unused(picture: ShardPicture) -> NDArray[np.int64]:
    """Return all that is no chunk: gaps, and the index."""
    several = np.concatenate([picture.gaps, np.array([picture.index])])
    return several[np.argsort(several[:, 0])]
