"""An image whose finest level was lost is not saved as an empty one."""

from __future__ import annotations

import numpy as np
import pytest

from napari_ngff.core.problems import ChunkReadError
from napari_ngff.dataset.saving.completeness import lost_pixels
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.pixels.source import NumpySource


def lazy(*levels: np.ndarray) -> list[LazyArray]:
    return [LazyArray(NumpySource(level)) for level in levels]


def spot(*shape: int, at: tuple[int, ...], dtype: str = "u2") -> np.ndarray:
    pixels = np.zeros(shape, dtype)
    pixels[at] = 7
    return pixels


@pytest.mark.parametrize("dtype", ["u1", "u8", "i2", "f4", "bool"])
def test_lost(dtype):
    """The coarsest level shows what the finest has not."""
    coarse = spot(2, 4, 5, at=(1, 3, 4), dtype=dtype)
    levels = lazy(np.zeros((2, 32, 40), dtype), coarse)

    assert "no pixels where level 1 shows some" in lost_pixels(levels)


def test_lost_in_one_channel():
    """It is the channel and the place that count, not the whole."""
    fine = np.ones((2, 32, 40), "u2")
    fine[1] = 0

    assert lost_pixels(lazy(fine, spot(2, 4, 5, at=(1, 0, 0))))


@pytest.mark.parametrize("place", [(1, 24, 32), (1, 31, 39), (1, 20, 30)])
def test_there(place):
    """What a coarse pixel is made of is there, or beside it: levels may be moved."""
    levels = lazy(spot(2, 32, 40, at=place), spot(2, 4, 5, at=(1, 3, 4)))

    assert "" == lost_pixels(levels)


@pytest.mark.parametrize(
    "levels",
    [
        [np.zeros((8, 8), "u1")],
        [np.zeros((8, 8), "u1"), np.zeros((4, 4), "u1")],
        [np.zeros((8, 8), "f4"), np.full((4, 4), np.nan, "f4")],
    ],
    ids=["one level", "black", "nothing known"],
)
def test_nothing_to_compare(levels):
    """An image may be black."""
    assert "" == lost_pixels(lazy(*levels))


def test_what_cannot_be_read_is_left_to_the_save():
    """It fails with an error that names the chunk, which says more."""

    class Broken(NumpySource):
        def read(self, box):
            raise ChunkReadError(store="s", node="0", chunk=(0, 0), reason="it is gone")

    levels = [LazyArray(Broken(np.zeros((8, 8)))), *lazy(np.ones((4, 4)))]

    assert "" == lost_pixels(levels)
