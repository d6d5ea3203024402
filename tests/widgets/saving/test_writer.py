"""File > Save of napari: what it writes, refuses and tells."""

from __future__ import annotations

import numpy as np
import pytest
from napari.components import ViewerModel
from npe2 import PluginManager, PluginManifest
from npe2.manifest.contributions import LayerType

import napari_ngff
from napari_ngff.core.problems import CannotSave, TargetExists
from napari_ngff.widgets.saving import writer


@pytest.fixture
def viewer(npe2pm):
    """Return a viewer model in which this plugin alone can save."""
    npe2pm.register(PluginManifest.from_distribution("napari-ngff"))
    yield ViewerModel()
    npe2pm.deactivate("napari-ngff")


def pixels(*shape):
    return np.arange(np.prod(shape), dtype=np.uint16).reshape(shape)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("a.ome.zarr", "a.ome.zarr"),
        ("a.zarr", "a.zarr"),
        ("a.ozx", "a.ozx"),
        ("ünï cödé.OME.ZARR", "ünï cödé.OME.ZARR"),
    ],
)
def test_layers_are_saved(viewer, tmp_path, typed, name):
    """The path that was written is returned, and holds the pixels."""
    viewer.add_image(pixels(3, 40, 50), scale=(2, 0.5, 0.5), name="cells")
    viewer.add_labels(
        np.ones((3, 40, 50), np.uint8), scale=(2, 0.5, 0.5), name="nuclei"
    )

    written = viewer.layers.save(str(tmp_path / typed), plugin="napari-ngff")

    assert [str(tmp_path / name)] == written
    image = napari_ngff.read(tmp_path / name)
    np.testing.assert_array_equal(image.levels[0], pixels(3, 40, 50))
    assert ["nuclei"] == [label.name for label in image.labels]


def test_a_path_without_suffix_gets_one(tmp_path):
    """As napari hands on what was typed."""
    layer = (pixels(8, 8), {"name": "cells"}, "image")

    written = writer.write_layers(str(tmp_path / "cells"), [layer])

    assert [str(tmp_path / "cells.ome.zarr")] == written
    assert ["cells.ome.zarr"] == [path.name for path in tmp_path.iterdir()]


def test_several_images_go_side_by_side(viewer, tmp_path):
    """All that was written is returned."""
    viewer.add_image(pixels(8, 8), name="a")
    viewer.add_image(pixels(9, 9), name="b")

    written = viewer.layers.save(str(tmp_path / "x.ome.zarr"), plugin="napari-ngff")

    assert [str(tmp_path / f"x_{n}.ome.zarr") for n in "ab"] == written


def test_without_pixels_nothing_is_written(tmp_path):
    """Points alone are no image, and no empty store is left of them."""
    points = (np.zeros((1, 2)), {"name": "spots"}, "points")

    with pytest.raises(CannotSave, match="neither"):
        writer.write_layers(str(tmp_path / "a.ome.zarr"), [points])

    assert [] == list(tmp_path.iterdir())


def test_every_type_of_layer_offers_the_filter(viewer):
    """One layer of another type must not take OME-Zarr out of the dialog."""
    kinds = {str(kind) for kind in LayerType} - {"graph"}

    for kind in kinds:
        writers = PluginManager.instance().iter_compatible_writers(["image", kind])
        assert ["napari-ngff.write_layers"] == [w.command for w in writers], kind


def test_what_is_there_is_not_replaced(viewer, tmp_path):
    """An image is there already: it stays, and where it can be replaced is said."""
    viewer.add_image(pixels(8, 8))
    target = tmp_path / "a.ome.zarr"
    viewer.layers.save(str(target), plugin="napari-ngff")
    before = sorted(path.stat().st_mtime_ns for path in target.rglob("*"))

    with pytest.raises(TargetExists, match="Save As OME-Zarr…"):
        viewer.layers.save(str(target), plugin="napari-ngff")

    assert before == sorted(path.stat().st_mtime_ns for path in target.rglob("*"))


def test_what_has_to_be_chosen_is_said_before(viewer, tmp_path):
    """A turned image in 0.5: nothing is written, and the menu is named."""
    viewer.add_image(pixels(8, 8), rotate=30)

    with pytest.raises(CannotSave, match=r"Turned.*Save As OME-Zarr…"):
        viewer.layers.save(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")

    assert [] == list(tmp_path.iterdir())


def test_losses_are_told_afterwards(viewer, tmp_path, told):
    """A notification in plain text, as napari swallows warnings during a save."""
    viewer.add_image(pixels(8, 8), gamma=0.5, name="<b>cells")
    viewer.add_points([[1, 1]], name="spots")

    with told() as messages:
        viewer.layers.save(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")

    (text,) = messages
    assert "gamma" in text
    assert "spots" in text
    assert "<" not in text


def test_nothing_is_told_where_nothing_is_lost(viewer, tmp_path, told):
    """No loss, no notification."""
    viewer.add_image(pixels(8, 8))

    with told() as messages:
        viewer.layers.save(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")

    assert [] == messages
