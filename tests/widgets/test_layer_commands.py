"""Load level and Edit labels: from a layer of a store to layers in memory."""

from __future__ import annotations

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils._proxies import PublicOnlyProxy

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.core.problems import TooLargeForMemory
from napari_ngff.storage.pixels import memory
from napari_ngff.widgets import _work, layer_commands

LABELS = {
    "cells": {
        "axes": "zyx",
        "shape": (6, 32, 24),
        "image_label": {
            "colors": [
                {"label-value": 1, "rgba": [255, 0, 0, 255]},
                {"label-value": 2, "rgba": [0, 255, 0, 255]},
            ],
            "properties": [{"label-value": 1, "class": "A"}],
        },
    }
}


@pytest.fixture
def viewer(qtbot, tmp_path):
    """Return a viewer without a window that shows an image with labels."""
    store = build_image(
        tmp_path / "a.zarr",
        shape=(2, 6, 32, 24),
        axes="czyx",
        levels=3,
        scale=(1, 2, 0.5, 0.25),
        translation=(0, 10, 20, 30),
        labels=LABELS,
    )
    viewer = ViewerModel()
    for each in read_layers(store):
        viewer.add_layer(Layer.create(*each))
    return viewer


def labels_of(viewer):
    return next(x for x in viewer.layers if type(x).__name__ == "Labels")


def ended(qtbot):
    qtbot.waitUntil(lambda: not _work._under_way, timeout=10_000)


def load(qtbot, viewer, level, box=None):
    """Load through the dialog; return the layers that were added."""
    before = list(viewer.layers)
    dialog = layer_commands.load_level(viewer)
    dialog.level.setCurrentIndex(level)
    if box is not None:
        dialog._set_box(box)
    dialog.accept()
    ended(qtbot)
    return [layer for layer in viewer.layers if layer not in before]


def world_of(layer, index):
    """Return where the first pixel of a layer is, and its last."""
    return np.asarray(layer.data_to_world(index))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_level_is_added_where_the_file_puts_it(qtbot, viewer, level):
    """Pixels, place, units, colours and names are those of the level."""
    image = viewer.layers[0]
    viewer.layers.selection = {image}

    (added,) = load(qtbot, viewer, level)

    factor = 2**level
    assert isinstance(added.data, np.ndarray)
    np.testing.assert_array_equal(np.asarray(image.data[level]), added.data)
    np.testing.assert_allclose(np.array([2, 0.5, 0.25]) * factor, added.scale)
    middle = (factor - 1) / 2 * np.array([2, 0.5, 0.25])
    np.testing.assert_allclose(np.array([10, 20, 30]) + middle, added.translate)
    assert image.units == added.units
    assert image.axis_labels == added.axis_labels
    assert image.colormap.name == added.colormap.name
    assert image.contrast_limits == added.contrast_limits
    assert f"{image.name} (level {level})" == added.name
    assert level == added.metadata["napari_ngff"]["level"]
    assert not image.visible


def test_a_region_is_added_where_it_is(qtbot, viewer):
    """A box of a level lies on the same place of the world as in the level."""
    image = viewer.layers[0]
    viewer.layers.selection = {image}

    (added,) = load(qtbot, viewer, 1, ((1, 2), (4, 12), (3, 9)))

    expected = np.asarray(image.data[1])[1:2, 4:12, 3:9]
    np.testing.assert_array_equal(expected, added.data)
    np.testing.assert_allclose((10 + 1 + 4, 20.25 + 4, 30.125 + 1.5), added.translate)
    assert image.visible
    assert [[1, 2], [4, 12], [3, 9]] == added.metadata["napari_ngff"]["box"]


def test_all_selected_channels_are_added(qtbot, viewer):
    """One question for all channels of an image, in their order."""
    viewer.layers.selection = set(viewer.layers[:2])

    added = load(qtbot, viewer, 1)

    names = [layer.name for layer in viewer.layers[:2]]
    assert [f"{name} (level 1)" for name in names] == [layer.name for layer in added]


def test_a_layer_that_was_moved_stays_moved(qtbot, viewer):
    """The level goes where the layer is now, turned and sheared as it is."""
    image = viewer.layers[0]
    image.translate = (1, 2, 3)
    image.scale = (1, 1, 2)
    image.rotate = [[1, 0, 0], [0, 0.6, -0.8], [0, 0.8, 0.6]]
    image.shear = (0, 0, 0.3)
    image.affine = np.array([[2, 0, 0, 3], [0, 1, 0.5, 0], [0, 0, 2, 1], [0, 0, 0, 1]])
    viewer.layers.selection = {image}

    (added,) = load(qtbot, viewer, 1, ((1, 3), (2, 10), (0, 8)))

    for index in ((0, 0, 0), (1, 7, 3)):
        fine = np.add(index, (1, 2, 0)) * 2 + 0.5
        expected = world_of(image, fine)
        np.testing.assert_allclose(expected, world_of(added, index))


def test_levels_that_napari_draws_elsewhere_are_placed_rightly(qtbot, tmp_path):
    """Levels without the half pixel: napari shifts them, we put them where they are."""
    store = build_image(
        tmp_path / "a.zarr",
        shape=(32, 32),
        axes="yx",
        method="first",
        transforms=[[{"type": "scale", "scale": [f, f]}] for f in (1.0, 2.0)],
    )
    viewer = ViewerModel()
    viewer.add_layer(Layer.create(*read_layers(store)[0]))
    viewer.layers.selection = {viewer.layers[0]}

    (added,) = load(qtbot, viewer, 1)

    np.testing.assert_allclose((0, 0), added.translate)
    np.testing.assert_allclose((2, 2), added.scale)


def test_a_turned_level_is_added_as_it_is(qtbot, tmp_path):
    """A level whose pixels are turned against the finest keeps its own place."""
    turned = [[0.0, 2.0, 5.0], [2.0, 0.0, 7.0]]
    store = build_image(
        tmp_path / "a.zarr",
        version="0.6",
        shape=(32, 32),
        axes="yx",
        transforms=[
            [{"type": "scale", "scale": [1.0, 1.0]}],
            [{"type": "affine", "affine": turned}],
        ],
    )
    viewer = ViewerModel()
    viewer.add_layer(Layer.create(*read_layers(store)[0]))
    viewer.layers.selection = {viewer.layers[0]}

    (added,) = load(qtbot, viewer, 1)

    np.testing.assert_allclose((2 * 4 + 5, 2 * 3 + 7), world_of(added, (3, 4)))


def test_layers_of_other_origin_can_be_loaded(qtbot):
    """A pyramid that did not come from a store: levels as napari draws them."""
    viewer = ViewerModel()
    data = np.arange(32 * 32).reshape(32, 32)
    viewer.add_image([data, data[::2, ::2]], multiscale=True)
    viewer.layers.selection = {viewer.layers[0]}

    (added,) = load(qtbot, viewer, 1)

    np.testing.assert_array_equal(data[::2, ::2], added.data)
    np.testing.assert_allclose((0.5, 0.5), added.translate)


def test_rgb_keeps_its_colours(qtbot, tmp_path):
    """The colour axis is no axis to choose from, and stays whole."""
    rng = np.random.default_rng(0)
    data = rng.integers(0, 255, (16, 24, 3), dtype=np.uint8)
    viewer = ViewerModel()
    viewer.add_image([data, data[::2, ::2]], rgb=True, multiscale=True)
    viewer.layers.selection = {viewer.layers[0]}

    (added,) = load(qtbot, viewer, 0, ((2, 8), (4, 20)))

    assert added.rgb
    np.testing.assert_array_equal(data[2:8, 4:20], added.data)


def test_what_is_shown_is_offered(qtbot, viewer):
    """The view: the planes at the sliders and the corners of the canvas."""
    image = viewer.layers[0]
    viewer.dims.set_point(0, 10 + 2 * 4)
    image.corner_pixels = np.array([[0, 1, 2], [0, 5, 4]])

    view = layer_commands.view_of(viewer, image)

    level = image.data_level
    factor = image.data[0].shape[1] // image.data[level].shape[1]
    assert (4, 5) == view[0]
    assert (factor * 1, factor * 6) == view[1]
    assert (factor * 2, factor * 5) == view[2]


def test_layers_of_different_images_are_not_mixed(viewer, told):
    """Which level would be meant? It asks for layers of one image."""
    other = viewer.add_image(np.zeros((4, 4)))
    viewer.layers.selection = {other, viewer.layers[0]}

    with told() as messages:
        assert layer_commands.load_level(viewer) is None

    assert "one image" in messages[0]


def test_nothing_selected_is_said(viewer, told):
    """Commands of the palette may be called at any time."""
    viewer.layers.selection = set()

    with told() as messages:
        assert layer_commands.load_level(viewer) is None
        assert layer_commands.edit_labels(viewer) is None

    assert len(messages) == 2


def test_an_error_while_reading_is_told(qtbot, viewer, told, tmp_path):
    """A chunk that cannot be read: nothing is added, and it is said which."""
    viewer.layers.selection = {viewer.layers[0]}
    for chunk in (tmp_path / "a.zarr" / "0").rglob("*"):
        if chunk.is_file() and not chunk.name.startswith("."):
            chunk.write_bytes(b"no chunk")

    with told() as messages:
        added = load(qtbot, viewer, 0)

    assert [] == added
    assert len(messages) == 1
    assert "Cannot read chunk" in messages[0]


def edit(qtbot, viewer):
    box = layer_commands.edit_labels(viewer)
    text = box.text()
    box.accept()
    ended(qtbot)
    return text, viewer.layers[-1]


def test_labels_become_editable(qtbot, viewer):
    """Painting works on the copy, which keeps place, colours, features, provenance."""
    labels = labels_of(viewer)
    viewer.layers.selection = {labels}
    assert not labels.editable

    text, added = edit(qtbot, viewer)

    assert "6 \N{MULTIPLICATION SIGN} 32 \N{MULTIPLICATION SIGN} 24" in text
    assert "kB" in text
    assert added is not labels
    assert added.editable
    added.brush_size = 1
    added.paint((0, 1, 1), 2)
    assert 2 == added.data[0, 1, 1]
    assert 0 == np.asarray(labels.data[0])[0, 1, 1]
    np.testing.assert_allclose(labels.scale, added.scale)
    np.testing.assert_allclose(labels.translate, added.translate)
    assert labels.units == added.units
    np.testing.assert_allclose(labels.get_color(1), added.get_color(1))
    assert labels.features.equals(added.features)
    ours, theirs = (x.metadata["napari_ngff"] for x in (added, labels))
    assert theirs == {key: ours[key] for key in theirs}
    assert added.visible
    assert not labels.visible
    assert {added} == set(viewer.layers.selection)


def test_labels_in_memory_are_left_alone(viewer, told):
    """What can be edited already is not copied."""
    mine = viewer.add_labels(np.zeros((4, 4), int))
    viewer.layers.selection = {mine}

    with told() as messages:
        assert layer_commands.edit_labels(viewer) is None

    assert "as they are" in messages[0]


def test_labels_too_large_are_refused(viewer):
    """The size comes first: what does not fit is not tried."""
    viewer.layers.selection = {labels_of(viewer)}
    memory.set_operation_limit(1000)
    try:
        with pytest.raises(TooLargeForMemory, match="Editing"):
            layer_commands.edit_labels(viewer)
    finally:
        memory.set_operation_limit(None)


def test_proxies_are_unwrapped(qtbot, viewer):
    """Napari hands commands a proxy, which would wrap our arrays as well."""
    viewer.layers.selection = {viewer.layers[0]}
    proxy = PublicOnlyProxy(viewer)

    added = load(qtbot, proxy, 1)

    assert isinstance(added[0].data, np.ndarray)
    assert viewer is layer_commands.bare(proxy)
