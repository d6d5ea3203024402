"""Layers of no store, edited themselves."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_ngff.layers.provenance import stated_axes
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisType,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.widgets.metadata.following import Following
from napari_ngff.widgets.metadata.session import Session


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def session():
    return Session()


def activate(viewer, layer):
    viewer.layers.selection.active = layer


def test_a_layer_without_a_store_is_edited_itself(viewer, session):
    """Its scale, units and labels at once; types are remembered for saving."""
    layer = viewer.add_image(np.zeros((3, 4, 5), np.uint8), name="plain")
    points = viewer.add_points(np.array([[0, 1.5], [2, 3]]), name="points")
    following = Following(viewer, session)
    assert "layer" == session.subject
    session.edit(SetPixelSize(axis=1, size=0.5), SetUnit(axis=1, unit="meter"))
    assert (1, 0.5) == tuple(points.scale)
    assert ["pixel", "meter"] == list(map(str, points.units))
    activate(viewer, layer)
    session.edit(SetAxisType(axis=0, type="time"), RenameAxis(axis=0, name="t"))
    session.edit(SetOrigin(axis=2, origin=-7), SetMultiscaleName(name="new"))
    assert ("t", "-2", "-1") == layer.axis_labels
    assert (0, 0, -7) == tuple(layer.translate)
    assert "new" == layer.name
    assert "time" == stated_axes(layer.metadata)[0].type
    session.undo()
    assert ("plain", 0) == (layer.name, layer.translate[2])
    session.revert_all()
    assert ("-3", "-2", "-1") == layer.axis_labels
    assert {} == layer.metadata

    session.edit(SetPixelSize(axis=0, size=9))
    layer.scale = (4, 1, 1)  # somebody else's wish

    assert not session.draft.wishes
    session.edit(SetPixelSize(axis=1, size=2))
    assert (4, 2, 1) == tuple(layer.scale)
    layer.metadata["theirs"] = 1
    session.edit(SetAxisType(axis=0, type="time"))
    assert 1 == layer.metadata["theirs"]
    session.undo()
    assert {"theirs": 1} == layer.metadata
    viewer.layers.remove(layer)
    assert session.draft is None or session.draft.documents.name == "points"
    following.stop()


def test_layers_of_every_kind_are_edited(viewer, session):
    """Also those that have no pixels, or nothing in them."""
    following = Following(viewer, session)
    square = np.array([[0, 0], [0, 2], [2, 2.0]])
    made = [
        viewer.add_shapes([square, square + 1], shape_type="polygon"),
        viewer.add_points(ndim=3),
        viewer.add_surface((square, np.array([[0, 1, 2]]))),
        viewer.add_tracks(np.array([[1, 0, 5, 5], [1, 1, 5, 6.0]])),
        viewer.add_vectors(np.ones((2, 2, 3))),
        viewer.add_image(np.zeros((4, 4, 3), bool), rgb=True),
        viewer.add_labels(np.zeros((2, 4), np.int64)),
    ]
    for layer in made:
        activate(viewer, layer)
        session.edit(SetPixelSize(axis=0, size=3))
        assert () == session.draft.refused
        assert 3 == layer.scale[0]
    following.stop()
