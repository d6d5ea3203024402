"""The sample image: valid, calibrated, small, quick, the same every time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from napari_ngff import read, validate
from napari_ngff.dataset.cells import CELLS, SHAPE_TCZYX
from napari_ngff.dataset.sample import sample_of_process, write_sample


@pytest.fixture(scope="module")
def store():
    """Return the sample of this process."""
    return sample_of_process()


def test_it_is_valid(store):
    """Neither a MUST nor a SHOULD of the specification is broken."""
    report = validate(store, strict=True)

    assert report.valid, report.problems


def test_it_is_what_the_readme_says(store):
    """3-D, two channels, over time, with labels, in micrometers and seconds."""
    image = read(store)

    axes = [(axis.name, axis.unit) for axis in image.multiscale.axes]
    um = "micrometer"
    assert [("t", "second"), ("c", None), ("z", um), ("y", um), ("x", um)] == axes
    assert SHAPE_TCZYX == image.levels[0].shape
    assert 3 == len(image.levels)
    assert ["nuclei"] == [label.name for label in image.labels]
    assert () == image.problems


def test_labels_lie_on_the_nuclei(store):
    """In the first channel what is labelled is brighter than what is not."""
    image = read(store)
    light = np.asarray(image.levels[0][0, 0])
    labels = np.asarray(image.labels[0].image.levels[0][0])

    assert set(range(CELLS + 1)) == set(np.unique(labels).tolist())
    assert light[labels > 0].mean() > 3 * light[labels == 0].mean()


def test_cells_move(store):
    """From the first time to the last each cell drifts, but not far."""
    labels = np.asarray(read(store).labels[0].image.levels[0])

    for label in range(1, CELLS + 1):
        first, last = (np.argwhere(labels[t] == label).mean(axis=0) for t in (0, -1))
        assert 0 < np.abs(last - first).max() < 30


def test_levels_are_means(store):
    """Each level is the mean of blocks of the one before; labels are of it."""
    image = read(store)
    fine, coarse = (np.asarray(image.levels[i][0, 0, 0]) for i in (0, 1))
    blocks = fine.reshape(128, 2, 128, 2).astype(float).mean(axis=(1, 3))

    np.testing.assert_array_equal(np.rint(blocks), coarse)
    labels = image.labels[0].image.levels
    assert set(np.unique(labels[1])) <= set(np.unique(labels[0]))


def test_small_quick_and_the_same(store, tmp_path):
    """A few megabytes in a few seconds; the same pixels in every process."""
    start = time.perf_counter()
    again = write_sample(tmp_path)
    seconds = time.perf_counter() - start

    size = sum(file.stat().st_size for file in again.rglob("*") if file.is_file())
    assert size < 12e6
    assert seconds < 20  # under 3 on an idle machine
    for level in "012":
        one, other = ((s / level / "zarr.json").read_bytes() for s in (store, again))
        assert one == other
    first, second = (np.asarray(read(s).levels[0][-1, 1, 5]) for s in (store, again))
    np.testing.assert_array_equal(first, second)


def test_nothing_is_overwritten(store):
    """A store that is there stays as it is."""
    with pytest.raises(FileExistsError):
        write_sample(store.parent)
