"""Turned images on straight grids: pixels where they belong, box by box the same."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.memory import lazy
from napari_ngff.dataset.saving.resample import resampled
from napari_ngff.metadata.transforms import is_scale_translation


def rotation(degrees, scale=(1.0, 1.0), offset=(0.0, 0.0)):
    """A matrix of a plane."""
    angle = np.deg2rad(degrees)
    matrix = np.eye(3)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:2, :2] = np.array(turn) @ np.diag(scale)
    matrix[:2, 2] = offset
    return matrix


def in_volume(plane, z=2.0):
    """The same in the planes of a stack."""
    matrix = np.eye(4)
    matrix[1:, 1:] = plane
    matrix[0, 0], matrix[0, 3] = z, 7.0
    return matrix


def centres(shape, matrix):
    """World coordinates of all pixels, one row each."""
    index = np.indices(shape).reshape(len(shape), -1)
    return (matrix[:-1, :-1] @ index).T + matrix[:-1, -1]


def test_a_linear_ramp_stays_where_it_is():
    """Values that grow with the world's y are the same at every place inside."""
    matrix = rotation(30, (0.5, 0.5), (3, 4))
    world = centres((40, 50), matrix)
    pixels = (10 + 2 * world[:, 0]).reshape(40, 50)
    found, grid = resampled(lazy(pixels), matrix, "linear")
    values = np.asarray(found).ravel()
    places = centres(found.shape, grid)
    index = (places - matrix[:-1, -1]) @ np.linalg.inv(matrix[:-1, :-1]).T
    inside = ((index > 0) & (index < np.array([39, 49]))).all(axis=1)

    assert is_scale_translation(grid)
    np.testing.assert_allclose([0.5, 0.5], np.diagonal(grid)[:2])
    np.testing.assert_allclose(10 + 2 * places[inside, 0], values[inside])


def test_all_of_the_image_is_covered():
    """Every pixel's centre is on the grid; beyond the image there is 0."""
    matrix = rotation(40, (1, 2), (5, -3))
    found, grid = resampled(lazy(np.full((20, 30), 7, "u1")), matrix, "nearest")
    places = centres((20, 30), matrix)
    index = np.rint((places - grid[:-1, -1]) @ np.linalg.inv(grid[:-1, :-1]).T)
    index = index.astype(int)
    pixels = np.asarray(found)

    assert (index >= 0).all()
    assert (index < found.shape).all()
    assert {0, 7} == set(pixels.ravel().tolist())
    area = (pixels == 7).sum() * grid[0, 0] * grid[1, 1]
    assert 20 * 30 * 2 == pytest.approx(area, rel=0.02)


def test_labels_are_never_new_ones():
    """Nearest takes a pixel as it is, however large its number."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(2**63, 2**64, (30, 30), dtype="u8")
    found, _ = resampled(lazy(pixels), rotation(25), "nearest")

    assert set(np.asarray(found).ravel().tolist()) <= {0, *pixels.ravel().tolist()}


def test_each_value_is_that_of_the_pixel_that_it_is_in():
    """Nearest, pixel by pixel."""
    matrix = rotation(25, (1, 1), (2, 3))
    pixels = np.arange(1, 101).reshape(10, 10)
    found, grid = resampled(lazy(pixels), matrix, "nearest")
    places = centres(found.shape, grid)
    index = (places - matrix[:-1, -1]) @ np.linalg.inv(matrix[:-1, :-1]).T
    inside = ((index >= -0.5) & (index < 9.5)).all(axis=1)
    rows = np.rint(index[inside]).astype(int)

    expected = np.zeros(len(places), int)
    expected[inside] = pixels[tuple(rows.T)]
    np.testing.assert_array_equal(expected, np.asarray(found).ravel())


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u8", "f2", "f4"])
def test_types_stay(dtype):
    """Whole numbers are rounded; a constant stays one up to the border."""
    found, _ = resampled(lazy(np.ones((16, 16), dtype)), rotation(20), "linear")

    assert np.dtype(dtype) == found.dtype
    assert {0, 1} == set(np.asarray(found).astype(float).ravel().tolist())


def test_nan_spreads_no_further_than_its_pixel():
    """Only what lies between it and its neighbours."""
    pixels = np.ones((16, 16))
    pixels[8, 8] = np.nan
    found, _ = resampled(lazy(pixels), rotation(20), "linear")

    assert 0 < np.isnan(np.asarray(found)).sum() <= 6


def test_other_axes_are_left_alone():
    """Planes of a stack are turned one by one."""
    pixels = np.arange(3 * 12 * 12, dtype="f8").reshape(3, 12, 12)
    matrix = in_volume(rotation(33))
    found, grid = resampled(lazy(pixels, (1, 12, 12)), matrix, "linear")

    assert (2.0, 7.0) == (grid[0, 0], grid[0, 3])
    assert (3, 1) == (found.shape[0], found.chunks[0])
    for z in range(3):
        alone, _ = resampled(lazy(pixels[z]), rotation(33), "linear")
        np.testing.assert_allclose(np.asarray(alone), np.asarray(found[z]), atol=1e-9)


def test_volumes_turned_in_space():
    """Three axes that mix."""
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.sign(np.diag(turn))
    world = centres((12, 13, 14), matrix)
    pixels = (world @ [1.0, 2.0, 3.0]).reshape(12, 13, 14)
    found, grid = resampled(lazy(pixels), matrix, "linear")
    values, places = np.asarray(found).ravel(), centres(found.shape, grid)
    index = (places - matrix[:-1, -1]) @ np.linalg.inv(matrix[:-1, :-1]).T
    inside = ((index > 0) & (index < np.array([11, 12, 13]))).all(axis=1)

    assert inside.sum() > 1000
    np.testing.assert_allclose((places @ [1.0, 2.0, 3.0])[inside], values[inside])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_boxes_are_parts_of_the_whole(data):
    """Whatever is asked for at a time: tasks write parts that fit together."""
    matrix = in_volume(rotation(data.draw(st.floats(-80, 80)), (1, 1.5)))
    how = data.draw(st.sampled_from(["linear", "nearest"]))
    pixels = np.random.default_rng(2).integers(0, 1000, (3, 17, 23))
    found, _ = resampled(lazy(pixels), matrix, how)
    box = []
    for size in found.shape:
        start = data.draw(st.integers(0, size - 1))
        box.append(slice(start, data.draw(st.integers(start + 1, size))))

    whole = np.asarray(found)[tuple(box)]
    np.testing.assert_array_equal(whole, np.asarray(found[tuple(box)]))


def test_large_boxes_are_computed_in_parts(monkeypatch):
    """The parts make the whole."""
    pixels = np.arange(64 * 64).reshape(64, 64)
    found, _ = resampled(lazy(pixels), rotation(10), "linear")
    whole = np.asarray(found)
    monkeypatch.setattr("napari_ngff.dataset.saving.resample._PIXELS", 100)

    np.testing.assert_array_equal(whole, np.asarray(found))


def test_it_can_be_sent_to_other_processes():
    """As tasks of a save are."""
    found, _ = resampled(lazy(np.ones((8, 8))), rotation(10), "linear")

    np.testing.assert_array_equal(found, pickle.loads(pickle.dumps(found)))
    assert (
        found.identity
        == resampled(found.source.array, rotation(10), "linear")[0].identity
    )
