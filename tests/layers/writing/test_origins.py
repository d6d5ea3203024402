"""Files that layers came from: found again, or known to be gone or changed."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from napari.layers import Layer

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import read_origins
from napari_ngff.metadata.axes import Axis


@pytest.fixture
def path(tmp_path):
    """An image with labels and things that only its file knows."""

    def edit(ome):
        [entry] = ome["multiscales"]
        entry["custom"] = {"by": "us"}
        entry["axes"][1]["orientation"] = {
            "type": "anatomical",
            "value": "left-to-right",
        }
        entry["axes"][2]["comment"] = "kept"

    return build_image(
        tmp_path / "a.zarr", version="0.5", labels={"cells": {}}, edit=edit
    )


def shown(layers):
    """Through napari."""
    return [Layer.create(*layer).as_layer_data_tuple() for layer in layers]


def convert(layers):
    """With what is read again."""
    made = to_images(layers, origins=read_origins(layers), version="0.5")
    [image] = made.images
    return image, {problem.kind for problem in made.problems}


def test_what_only_the_file_knows_is_kept(path):
    """Unknown keys, orientation, and the arrays themselves, to be copied."""
    layers = shown(read_layers(path))
    image, problems = convert(layers)
    axes = image.multiscale.axes
    before = read_origins(layers)[str(path), "", 0].image

    assert set() == problems
    assert before.multiscale.extra == image.multiscale.extra
    assert {"by": "us"} == image.multiscale.extra["custom"]
    assert "anatomical" == axes[1].orientation["type"]
    assert {"comment": "kept"} == axes[2].extra
    assert before.multiscale.axes == axes
    assert [a.identity for a in before.levels] == [a.identity for a in image.levels]
    assert ["cells"] == [label.name for label in image.labels]


def test_moved_layers_keep_it_too(path):
    """Another scale, place and unit are the layer's, all else the file's."""
    layers = read_layers(path)[:2]
    for _, meta, _ in layers:
        meta["scale"] = (1.0, 1.0, 2.0)
        meta["units"] = ("micrometer", "micrometer", "nanometer")
    image, problems = convert(layers)
    [axis_c, axis_z, axis_y, axis_x] = image.multiscale.axes

    assert set() == problems
    assert Axis(name="c", type="channel") == axis_c
    assert "anatomical" == axis_z.orientation["type"]
    assert {"comment": "kept"} == axis_y.extra
    assert "nanometer" == axis_x.unit
    assert {"by": "us"} == image.multiscale.extra["custom"]


def test_edited_pixels_are_the_layers(path):
    """A copy in memory is saved, not what it is a copy of."""
    layers = read_layers(path)[:2]
    edited = [
        (np.full(data[0].shape, 9, "u2"), meta | {"multiscale": False}, kind)
        for data, meta, kind in layers
    ]
    image, _ = convert(edited)

    assert (np.asarray(image.levels[0]) == 9).all()
    assert 1 == len(image.levels)
    assert {"by": "us"} == image.multiscale.extra["custom"]


def test_a_file_that_is_gone(path):
    """Axes and places are those that the layers remember; the rest is told."""
    layers = read_layers(path)[:2]
    layers = shown(layers)
    shutil.rmtree(path)
    image, problems = convert(layers)

    assert {"origin-gone"} == problems
    assert ["c", "z", "y", "x"] == [axis.name for axis in image.multiscale.axes]
    assert {} == image.multiscale.extra


def test_a_file_that_says_something_else_now(path):
    """Its axes are no longer those that the layers were made of."""
    layers = read_layers(path)[:2]
    document = json.loads((path / "zarr.json").read_text())
    document["attributes"]["ome"]["multiscales"][0]["axes"][1]["name"] = "depth"
    (path / "zarr.json").write_text(json.dumps(document))
    image, problems = convert(layers)

    assert {"origin-gone"} == problems
    assert ["c", "z", "y", "x"] == [axis.name for axis in image.multiscale.axes]


def test_each_file_is_read_once(path, monkeypatch):
    """However many layers came from it."""
    from napari_ngff.layers.writing import origins

    layers, calls = read_layers(path), []
    read = origins.read
    monkeypatch.setattr(
        origins, "read", lambda *a, **k: calls.append(a) or read(*a, **k)
    )

    assert 2 == len(read_origins(layers))
    assert 1 == len(calls)
