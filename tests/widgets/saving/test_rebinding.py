"""Layers that showed what was replaced: shown anew, exchanged, or closed."""

from __future__ import annotations

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer

import napari_ngff
from napari_ngff.widgets.saving.rebinding import rebind

AXES = {"axes": "cyx", "scale": {"y": 0.5, "x": 0.5}, "units": "micrometer"}


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 200, (3, 40, 50), "u1")


@pytest.fixture
def store(tmp_path, image):
    """Return a store with three channels."""
    return napari_ngff.write(
        tmp_path / "a.zarr", image, channels=["one", "two", "three"], **AXES
    )


def opened(store):
    viewer = ViewerModel()
    for each in napari_ngff.read_layers(store):
        viewer.add_layer(Layer.create(*each))
    return viewer


def test_channels_are_known_by_name(store, image):
    """The first one is not there any more, and the others have moved up."""
    viewer = opened(store)
    first, *others = list(viewer.layers)
    others[0].colormap = "magenta"
    napari_ngff.write(
        store, image[1:], channels=["two", "three"], overwrite=True, levels=1, **AXES
    )

    told = rebind([viewer], [store])

    assert [layer.name for layer in others] == list(told.shown)
    assert (first.name,) == told.closed
    assert others == list(viewer.layers)
    for layer, pixels in zip(others, image[1:], strict=True):
        np.testing.assert_array_equal(pixels, layer.data)
    assert "magenta" == others[0].colormap.name
    assert 2 == len(told.sentences())


def test_another_number_of_levels_needs_another_layer(store, image):
    """It takes the place of the old one in the list, and looks like it."""
    viewer = opened(store)
    before = list(viewer.layers)
    before[1].contrast_limits = (3, 9)
    before[1].visible = False
    viewer.layers.selection = {before[1]}
    napari_ngff.write(
        store,
        image,
        channels=["one", "two", "three"],
        overwrite=True,
        levels=2,
        **AXES,
    )

    rebind([viewer], [store])

    after = list(viewer.layers)
    assert [layer.name for layer in before] == [layer.name for layer in after]
    assert [2, 2, 2] == [len(layer.data) for layer in after]
    assert (3, 9) == tuple(after[1].contrast_limits)
    assert not after[1].visible
    assert {after[1]} <= viewer.layers.selection


def test_others_are_let_be(store, image, tmp_path):
    """Layers in memory, and those of another store."""
    other = napari_ngff.write(tmp_path / "b.zarr", image, **AXES)
    viewer = opened(other)
    viewer.add_image(image)
    before = [(layer, layer.data) for layer in viewer.layers]
    napari_ngff.write(store, image, overwrite=True, **AXES)

    told = rebind([viewer], [store])

    assert before == [(layer, layer.data) for layer in viewer.layers]
    assert [] == told.sentences()


def test_as_colours(tmp_path):
    """An image that is shown as RGB still is."""
    image = np.random.default_rng(0).integers(0, 200, (3, 40, 50), "u1")
    store = napari_ngff.write(tmp_path / "a.zarr", image, **AXES)
    viewer = ViewerModel()
    from napari_ngff.layers.provenance import Provenance
    from napari_ngff.layers.read import show_as

    record = Provenance.from_metadata(napari_ngff.read_layers(store)[0][1]["metadata"])
    for each in show_as(record, "rgb"):
        viewer.add_layer(Layer.create(*each))
    napari_ngff.write(store, image[:, :20], overwrite=True, **AXES)

    told = rebind([viewer], [store])

    (layer,) = viewer.layers
    assert (layer.name,) == told.shown
    np.testing.assert_array_equal(np.moveaxis(image[:, :20], 0, -1), layer.data)
