"""What the dialog proposes as a target, before anybody has said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image, Layer, Points

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.dataset.sample import sample_of_process
from napari_ngff.widgets.saving import suggesting
from napari_ngff.widgets.saving.suggesting import suggested_target


@pytest.fixture
def last(tmp_path):
    folder = tmp_path / "last"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


def shown(*layers):
    found = ViewerModel()
    for layer in layers:
        found.add_layer(layer)
    return found.layers


def opened(store):
    return [Layer.create(*data) for data in read_layers(store)]


def test_beside_the_image_that_the_first_layer_is_of(tmp_path, last):
    """Under its name with a number: the image itself is there."""
    (tmp_path / "data").mkdir()
    first = build_image(tmp_path / "data" / "cells.ome.zarr")
    second = build_image(tmp_path / "other.ome.zarr")
    shapes = Points(np.zeros((1, 2)))

    target = suggested_target(shown(shapes, *opened(first), *opened(second)), str(last))

    assert str(tmp_path / "data" / "cells_2.ome.zarr") == target


def test_beside_a_file_that_napari_read(tmp_path, last):
    """Whoever read it."""
    path = tmp_path / "data" / "cells.tif"
    path.parent.mkdir()
    layer = Layer.create(np.zeros((4, 4)), {"name": "DNA"}, "image")
    layer._source = layer.source.model_copy(update={"path": str(path)})

    target = suggested_target(shown(layer), str(last))

    assert str(tmp_path / "data" / "DNA.ome.zarr") == target


def test_the_last_folder_where_nothing_can_be_put_beside(tmp_path, last, monkeypatch):
    """The image is in a folder that is read only."""
    store = build_image(tmp_path / "cells.ome.zarr")
    before = suggesting.os.access
    monkeypatch.setattr(
        suggesting.os, "access", lambda p, mode: p != tmp_path and before(p, mode)
    )

    target = suggested_target(shown(*opened(store)), str(last))

    assert str(last / "cells.ome.zarr") == target


def test_the_last_folder_for_what_is_somewhere_else(last, home):
    """From an address, or from nowhere; home where that folder is gone."""
    remote = Image(np.zeros((4, 4)), name="a [1]")
    remote.metadata["napari_ngff"] = {
        "store": "https://example.org/data/cells.zarr",
        "node": "",
    }
    new = shown(Image(np.zeros((4, 4)), name="a/b"))

    assert str(last / "a_b.ome.zarr") == suggested_target(new, str(last))
    assert str(home / "a_b.ome.zarr") == suggested_target(new, str(last / "gone"))
    assert str(home / "image.ome.zarr") == suggested_target(shown(), "")
    assert Path(suggested_target(shown(remote), str(last))).parent == last


def test_not_beside_the_sample_which_goes_with_napari(last):
    """What is saved there would be deleted when napari ends."""
    layers = opened(sample_of_process())

    assert str(last / "sample.ome.zarr") == suggested_target(shown(*layers), str(last))
