"""Contrast limits: the file's as far as they go, else measured, cheaply."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Layer

from cases.memory import image, lazy, ramp
from napari_ngff.core.problems import ChunkReadError
from napari_ngff.dataset.reading.sampling import (
    SAMPLE_CHUNKS,
    SAMPLE_PIXELS,
    sample_box,
)
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.reading.limits import (
    sampled_limits,
    value_range,
    window_limits,
)
from napari_ngff.metadata.model import Channel, Rendering, Window
from napari_ngff.storage.lazy import LazyArray

NAN, INF = float("nan"), float("inf")


class Counting:
    """A source that counts what is read, and fails where it should."""

    dtype = np.dtype("uint16")

    def __init__(self, shape, chunks, fails=False):
        self.shape, self.chunks, self.fails = shape, chunks, fails
        self.identity = id(self)
        self.pixels = 0

    def read(self, box):
        if self.fails:
            raise ChunkReadError("store", "0", (0, 0), "the disk is gone")
        shape = tuple(part.stop - part.start for part in box)
        self.pixels += int(np.prod(shape))
        return np.ones(shape, self.dtype)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(start=1, end=9, min=0, max=255), (1, 9)),
        (Window(start=9, end=1), (1, 9)),
        (Window(start=5, end=5, min=0, max=255), (0, 255)),
        (Window(start=5, end=5), None),
        (Window(min=0, max=255), (0, 255)),
        (Window(start=3, max=255), (3, 255)),
        (Window(end=3, min=-1), (-1, 3)),
        (Window(start=NAN, end=INF, min=0, max=7), (0, 7)),
        (Window(start=0, end=INF), None),
        (Window(start=4), None),
        (Window(), None),
        (None, None),
    ],
)
def test_a_window_goes_as_far_as_it_goes(window, expected):
    """Start and end, else min and max, else nothing."""
    assert expected == window_limits(window)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        ([3, 9, 4], (3, 9)),
        ([-3.0, NAN, 4.0, INF], (-3, 4)),
        ([NAN, NAN], (0, 1)),
        ([7, 7], (0, 7)),
        ([-7, -7], (-7, 0)),
        ([0, 0], (0, 1)),
        (np.array([], "uint8"), (0, 1)),
    ],
)
def test_the_range_of_pixels(pixels, expected):
    """Finite pixels count; a constant image is not black."""
    assert expected == value_range(np.array(pixels))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float32", "float64"])
def test_measured_on_the_coarsest_level(dtype):
    """Where omero says nothing: from the coarsest level, a channel at a time."""
    fine = np.zeros((2, 8, 8), dtype)
    coarse = np.stack([ramp(4, 4, dtype=dtype), ramp(4, 4, dtype=dtype) + 100])
    layers = layers_of(image([fine, coarse.astype(dtype)], "cyx"))

    assert [(0, 15), (100, 115)] == [meta["contrast_limits"] for _, meta, _ in layers]


def test_bool_is_black_and_white():
    """Of yes and no nothing is read."""
    source = Counting((8, 8), (8, 8))
    source.dtype = np.dtype(bool)

    assert [(0.0, 1.0)] == sampled_limits([LazyArray(source)])
    assert 0 == source.pixels


@pytest.mark.parametrize("channels", [1, 5])
def test_a_huge_level_is_hardly_read(channels):
    """The coarsest level of a store of 4.8e9 chunks: one plane a channel."""
    source = Counting((1000, channels, 2000, 391, 391), (1, 1, 1, 391, 391))
    layers = layers_of(image(LazyArray(source), "tczyx"))

    assert channels == len(layers)
    assert channels * 391 * 391 == source.pixels


@given(
    shape=st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    data=st.data(),
)
def test_the_sample_is_bounded(shape, data):
    """Whole chunks in bounds, few of them, unless one is more than allowed."""
    chunks = [data.draw(st.integers(1, n)) for n in shape]
    box = sample_box(shape, chunks)
    parts = list(zip(box, shape, chunks, strict=True))
    count = np.prod([-(-(b.stop - b.start) // c) for b, _, c in parts], dtype=object)

    assert all(0 <= b.start < b.stop <= n for b, n, _ in parts)
    assert all(b.start % c == 0 for b, _, c in parts)
    assert count == 1 or count <= SAMPLE_CHUNKS
    assert count == 1 or count * np.prod(chunks, dtype=object) <= SAMPLE_PIXELS


def test_the_sample_holds_the_middle():
    """Where napari opens: the middle of the leading axes and of the plane."""
    box = sample_box((100, 100_000, 100_000), (1, 512, 512))

    assert slice(50, 51) == box[0]
    assert all(part.start < 50_000 < part.stop for part in box[1:])


def test_a_small_level_is_read_whole():
    """Nothing of a small level is missed."""
    data = np.zeros((40, 16, 16), "uint16")
    data[39, 15, 15] = 9
    ((_, meta, _),) = layers_of(image(lazy(data, (1, 16, 16)), "zyx"))

    assert (0, 9) == meta["contrast_limits"]


def test_a_channel_that_cannot_be_read_is_hidden():
    """The others open; the reason is a problem; napari reads nothing of it."""
    broken = LazyArray(Counting((2, 8, 8), (1, 8, 8), fails=True))
    layers = layers_of(image(broken, "cyx"))
    for layer in layers:
        Layer.create(*layer)
    (record,) = {str(meta["metadata"]) for _, meta, _ in layers[:1]}

    assert [False, False] == [meta["visible"] for _, meta, _ in layers]
    assert "unreadable-pixels" in record
    assert "the disk is gone" in record


def test_the_file_is_believed_without_reading():
    """A window in omero costs no read."""
    source = Counting((1, 8, 8), (1, 8, 8))
    rendering = Rendering(channels=(Channel(window=Window(start=1, end=9)),))
    ((_, meta, _),) = layers_of(image(LazyArray(source), "cyx", rendering=rendering))

    assert (1, 9) == meta["contrast_limits"]
    assert 0 == source.pixels
