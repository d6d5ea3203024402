"""Coordinate systems made fit for napari, whatever a matrix says."""

from __future__ import annotations

import numpy as np
import pytest

from cases.memory import axis
from napari_ngff.layers.reading.frame import frame, separate

CYX = tuple(axis(name) for name in "cyx")


@pytest.mark.parametrize(
    ("axes", "matrix", "shape", "words"),
    [
        (CYX[1:], np.eye(4)[:, :3], (4, 5), "leads from 2 to 3 axes"),
        (CYX[1:], np.eye(4), (2, 4, 5), "leads from 3 to 3 axes"),
        (CYX[1:], np.diag([np.inf, 1, 1]), (4, 5), "not finite"),
        (CYX[1:], None, (4, 5), "matrix"),
    ],
)
def test_a_matrix_that_does_not_fit_is_left_out(axes, matrix, shape, words):
    """Pixels stand in for places; axes are numbered where they do not fit either."""
    found = frame(axes, matrix, shape)
    names = [a.name for a in found.axes]

    assert not found.placed
    assert words in found.problems[0].message
    np.testing.assert_array_equal(np.eye(len(shape)), found.linear)
    assert (["y", "x"] if len(shape) == 2 else ["dim_0", "dim_1", "dim_2"]) == names


def test_the_channel_is_found_after_a_transformation_is_left_out():
    """Channels are layers also of an image that is shown in pixels."""
    matrix = np.diag([1.0, 0.0, 1.0, 1.0])
    found, split = separate(frame(CYX, matrix, (2, 4, 5)))

    assert not found.placed
    assert (0, 0) == (split.row, split.column)


def test_rounding_is_not_a_shear():
    """What a sine of 90° leaves behind is 0; a small number of its own is not."""
    rounded = np.array([[6e-17, -1, 0], [1, 6e-17, 0], [0, 0, 1]])
    small = np.array([[1e-9, 0, 0], [0, 1e9, 0], [0, 0, 1]])

    assert 2 == np.count_nonzero(frame(CYX[1:], rounded, (4, 5)).linear)
    assert 2 == np.count_nonzero(frame(CYX[1:], small, (4, 5)).linear)


def test_omero_decides_between_channel_axes():
    """Of two channel axes the one with as many entries as omero has is split."""
    axes = (axis("s", type="channel"), *CYX)
    place = frame(axes, np.eye(5), (3, 2, 4, 5))

    assert 0 == separate(place)[1].column
    assert 1 == separate(place, count=2)[1].column
    assert 0 == separate(place, count=9)[1].column
