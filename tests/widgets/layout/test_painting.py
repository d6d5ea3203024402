"""Pixels of pictures: each is of the cell, or of the byte, that it stands for."""

import time

import numpy as np
import pytest

from napari_ngff.dataset.inspecting.pictures import LevelPicture
from napari_ngff.dataset.inspecting.scales import Scale
from napari_ngff.dataset.inspecting.shard_pictures import shard_picture
from napari_ngff.storage.chunks.shards import (
    MISSING,
    ShardSpec,
    build_index,
    parse_index,
)
from napari_ngff.widgets.layout.level_image import level_pixels
from napari_ngff.widgets.layout.palette import palette_of
from napari_ngff.widgets.layout.shard_image import (
    bar_pixels,
    mark_pixels,
    plot_pixels,
    position_pixels,
    share_of,
)
from napari_ngff.widgets.metadata.look import Colors

FILL = Scale(measure="fill", low=0.0, high=1.0, kind="linear")


@pytest.fixture(params=["dark", "light"])
def palette(request):
    """Return what to paint with in a theme."""
    return palette_of(Colors(request.param))


def cells(fill, files=None, faulty=None, **kwargs):
    """Return a picture of cells of 10 x 10 pixels."""
    fill = np.asarray(fill, float)
    kwargs = {
        "shape": (10 * fill.shape[0], 10 * fill.shape[1]),
        "absent": np.ones(fill.shape),
        **kwargs,
    }
    return LevelPicture(
        measure="fill",
        across=(0, 1),
        at=(0, 0),
        cell=(10, 10),
        grid=fill.shape,
        step=(1, 1),
        files=np.ones(fill.shape) if files is None else np.asarray(files, float),
        faulty=np.zeros(fill.shape) if faulty is None else np.asarray(faulty, float),
        above=fill,
        below=np.ones(fill.shape),
        **kwargs,
    )


def test_cells_have_their_colours_and_lines_between(palette):
    """Full, half, damaged and missing; one pixel is free where a cell begins."""
    picture = cells([[1, 0.5], [1, 0]], files=[[1, 1], [1, 0]], faulty=[[0, 0], [1, 0]])
    pixels = level_pixels(picture, FILL, palette, (40, 40))

    assert palette.map[255] == pixels[10, 10]
    assert palette.map[128] == pixels[10, 30]
    assert palette.fault == pixels[30, 10]
    assert palette.faint == pixels[30, 30]
    assert (pixels[20] == 0).all()
    assert (pixels[:, 20] == 0).all()
    assert 79 == (pixels == 0).sum()


def test_the_last_cells_end_where_the_array_does(palette):
    """Of 25 pixels in cells of 10, the last has half the height of the others."""
    pixels = level_pixels(
        cells([[1], [0.5], [1]], shape=(25, 10)), FILL, palette, (50, 20)
    )

    assert [20, 40] == np.flatnonzero((pixels == 0).all(axis=1)).tolist()


def test_what_is_not_known_is_hatched(palette):
    """Where a sample was looked at, an empty cell has lines across."""
    picture = cells([[1, 1]], files=[[1, 0]], absent=np.zeros((1, 2)))
    pixels = level_pixels(picture, FILL, palette, (20, 40))

    assert {0, palette.hatch} == set(pixels[:, 25:].ravel().tolist())


def test_one_damaged_file_of_a_million_is_seen(palette):
    """It is painted larger than it is; a million cells take little time."""
    faulty = np.zeros((1000, 1000))
    faulty[700, 100] = 1
    picture = cells(np.ones((1000, 1000)), faulty=faulty)
    begin = time.perf_counter()
    pixels = level_pixels(picture, FILL, palette, (300, 300))

    assert time.perf_counter() - begin < 1
    assert 9 == (pixels == palette.fault).sum()


def shard():
    """Return a file of 100 bytes: two chunks in turn, a gap, an overlap, an index."""
    spec = ShardSpec(
        shard_shape=(4, 4),
        chunk_shape=(2, 2),
        axes=(0, 1),
        location="end",
        endian="little",
        checksum="crc32c",
    )
    offsets = np.array([[20, 0], [45, MISSING]], "u8")
    lengths = np.array([[10, 20], [30, MISSING]], "u8")
    data = build_index(spec, offsets, lengths)
    return shard_picture(parse_index(spec, data, 75 + 68), (2, 2))


def test_bytes_of_a_shard(palette):
    """Across: chunk 1, chunk 0, nothing, chunk 2, the index; a pixel for each byte."""
    picture = shard()
    row = bar_pixels(picture, palette, (4, 143))[2]

    assert palette.map[85] == row[10]
    assert palette.map[0] == row[25]
    assert 0 == row[40]
    assert palette.map[170] == row[60]
    assert palette.index == row[100]
    marks = np.flatnonzero(mark_pixels(picture, palette, (4, 143))[0])
    assert (30, 45) == (marks[0], marks[-1])


def test_chunks_by_their_positions(palette):
    """Down: the second position lies first in the file; the last one is missing."""
    picture = shard()
    pixels = plot_pixels(picture, palette, (40, 143))
    column = position_pixels(picture, palette, (40, 3))[:, 0]

    assert palette.map[85] == pixels[15, 5]
    assert palette.map[0] == pixels[5, 25]
    assert palette.map[170] == pixels[25, 60]
    assert (pixels[30:] == 0).all()
    assert (column[30:] == palette.faint).all()
    assert palette.faint not in column[:30]


def test_shares_of_pixels():
    """What is smaller than a pixel is a part of it."""
    shares = share_of(np.array([[1, 2], [10, 25]]), np.array([0.0, 10, 20, 30]))

    assert [0.1, 1, 0.5] == shares.tolist()
