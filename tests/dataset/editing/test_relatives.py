"""Which groups are edited together."""

import pytest

from cases.build import build_image
from cases.many import build_plate, build_series
from napari_ngff.dataset.editing.relatives import labels_of, members_of, siblings_of
from napari_ngff.storage.location import open_location


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_fields_of_a_plate_are_siblings(tmp_path, version):
    """Those of all wells, whichever of them is asked about; each once."""
    root = build_plate(tmp_path / "p.zarr", version=version, rows="A")
    location = open_location(root)
    fields = ("A/1/0", "A/1/1", "A/2/0", "A/2/1")

    assert fields == members_of(location, "")
    assert fields[:2] == members_of(location, "A/1")
    assert (fields[0], *fields[2:]) == siblings_of(location, "A/1/1")
    assert () == siblings_of(location, "")


def test_a_field_that_is_not_there_is_no_sibling(tmp_path):
    """What is listed and missing cannot be edited."""
    root = build_plate(tmp_path / "p.zarr", rows="A", columns="1")
    (root / "A" / "1" / "1").rename(tmp_path / "gone")

    assert () == siblings_of(open_location(root), "A/1/0")
    assert ("A/1/0", "A/1/1") == members_of(open_location(root), "A/1")


@pytest.mark.parametrize("listed", [None, ["1", "0"]])
def test_images_of_a_series_are_siblings(tmp_path, listed):
    """Those that are listed, or all that have a number."""
    root = build_series(tmp_path / "s.zarr", listed=listed)

    assert ("1",) == siblings_of(open_location(root), "0")
    assert set("01") == set(members_of(open_location(root), ""))


def test_labels_are_those_that_are_listed_and_there(tmp_path):
    """A name that leads out of the image is not followed."""
    path = build_image(tmp_path / "a.zarr", labels={"cells": {}, "nuclei": {}})
    (path / "labels" / "nuclei").rename(tmp_path / "gone")
    location = open_location(path)

    assert ("labels/cells",) == labels_of(location, "")
    assert () == labels_of(location, "labels/cells")
    assert () == siblings_of(location, "labels/cells")
