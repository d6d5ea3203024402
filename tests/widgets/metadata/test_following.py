"""Which metadata are edited, and what becomes of layers meanwhile."""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer

from cases.build import build_image
from cases.serving import serving
from napari_ngff import read_layers
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetChannel,
    SetLabelColor,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.widgets import _work
from napari_ngff.widgets.metadata.following import Following
from napari_ngff.widgets.metadata.layer_preview import LayerPreview
from napari_ngff.widgets.metadata.layers_row import LayersRow
from napari_ngff.widgets.metadata.session import Session

OMERO = {
    "channels": [
        {"label": "DAPI", "color": "0000FF", "window": {"start": 5, "end": 90}},
        {"label": "GFP", "color": "00FF00", "window": {"start": 5, "end": 90}},
    ]
}
LABELS = {"cells": {"axes": "zyx", "shape": (4, 16, 16), "scale": (2, 0.5, 0.25)}}


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def store(tmp_path):
    return build_image(
        tmp_path / "a.zarr", omero=OMERO, labels=LABELS, scale=(1, 2, 0.5, 0.25)
    )


def show(viewer, path):
    return [viewer.add_layer(Layer.create(*each)) for each in read_layers(path)]


def state(layer):
    """Return all that an edit may change, as it is now."""
    return {
        name: getattr(layer, name)
        for name in ("name", "visible", "scale", "translate", "opacity", "axis_labels")
    } | {
        "affine": np.asarray(layer.affine),
        "units": list(map(str, layer.units)),
        "limits": getattr(layer, "contrast_limits", None),
        "colors": layer.colormap.map(np.array([0, 1], np.uint8)),
    }


def activate(viewer, layer):
    viewer.layers.selection.active = layer


def test_the_active_layer_is_followed_and_edits_are_kept(
    viewer, session, store, tmp_path
):
    """To its group; what was edited in another store is there again."""
    dapi, _, cells = show(viewer, store)
    (other,) = show(
        viewer, build_image(tmp_path / "b.zarr", levels=1, axes="zyx", shape=(4, 8, 8))
    )
    following = Following(viewer, session)
    try:
        assert session.draft.documents.store.endswith("b.zarr")
        session.edit(SetPixelSize(axis=0, size=3))
        activate(viewer, dapi)
        assert "" == session.draft.documents.node
        assert ["b.zarr"] == [draft.documents.name for draft in session.unsaved]
        activate(viewer, cells)
        assert "labels/cells" == session.draft.documents.node
        activate(viewer, other)
        assert session.draft.is_edited(("pixel_size", 0))
        assert () == session.unsaved
        following.open(str(store))
        assert session.draft.documents.store.endswith("a.zarr")
        following.open(str(tmp_path / "nothing"))
        assert "nothing" == session.subject
        assert "nothing" in session.message
    finally:
        following.stop()


def test_nothing_is_read_for_what_is_not_seen(viewer, session, store, monkeypatch):
    """The layer that is active by then is followed; what was opened else stays."""
    dapi, _, cells = show(viewer, store)
    following = Following(viewer, session)
    read = []
    monkeypatch.setattr(following, "open", lambda path, _: read.append(path))
    try:
        following.active.pause()
        for layer in (dapi, cells, dapi):
            activate(viewer, layer)
        assert [] == read
        assert "labels/cells" == session.draft.documents.node
        following.active.resume()
        assert [str(store)] == read
        following.active.pause()
        following.active.resume()
        assert [str(store)] == read
    finally:
        following.stop()


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing, and closes every connection."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def served(tmp_path):
    """Serve the test's folder on this machine; return its address."""
    with serving(partial(Quiet, directory=str(tmp_path))) as address:
        yield address


def test_what_is_on_the_web_is_read_in_a_thread(viewer, session, qtbot, store, served):
    """The viewer is not kept waiting; all works but saving."""
    following = Following(viewer, session)
    following.open(f"{served}/{store.name}")
    assert session.message.startswith("Reading")
    assert session.draft is None
    qtbot.waitUntil(lambda: session.draft is not None, timeout=20_000)
    assert "web" in session.draft.read_only
    session.edit(SetPixelSize(axis=1, size=3))
    assert "" == session.message
    assert session.draft.is_changed
    following.open(f"{served}/nothing.zarr")
    qtbot.waitUntil(lambda: "nothing.zarr" in session.message, timeout=20_000)
    assert ["a.zarr"] == [draft.documents.name for draft in session.unsaved]
    qtbot.waitUntil(lambda: not _work._jobs)
    following.stop()


def test_edits_show_on_the_layers_and_are_taken_back(viewer, store):
    """Of the image and its labels, and nothing that somebody did to a layer."""
    dapi, gfp, cells = show(viewer, store)
    gfp.opacity = 0.5
    gfp.translate = (1, 2, 3)
    before = [state(layer) for layer in viewer.layers]
    session = Session()
    following = Following(viewer, session)
    activate(viewer, dapi)
    preview = LayerPreview(viewer)
    draft = session.draft.edited(
        SetPixelSize(axis=2, size=7),
        SetUnit(axis=1, unit="nanometer"),
        RenameAxis(axis=3, name="across"),
        SetChannel(channel=1, member="label", value="RFP"),
        SetChannel(channel=1, member="color", value="102030"),
        SetChannel(channel=0, member="active", value=False),
        SetChannel(channel=0, member="window.start", value=-4),
    )

    assert () == preview.show(draft)

    assert (2, 7, 0.25) == tuple(dapi.scale)
    assert ["nanometer", "micrometer", "micrometer"] == list(map(str, dapi.units))
    assert ("z", "y", "across") == gfp.axis_labels
    assert ("RFP", [-4, 90]) == (gfp.name, dapi.contrast_limits)
    assert not dapi.visible
    np.testing.assert_allclose(gfp.colormap.colors[-1][:3] * 255, (16, 32, 48))
    assert (2, 0.5, 0.25) == tuple(cells.scale)
    preview.show(draft.undo())
    for old, layer in zip(before, viewer.layers, strict=True):
        np.testing.assert_equal(state(layer), old)
    activate(viewer, cells)
    label = session.draft
    colormap = cells.colormap
    preview.show(label.edited(SetLabelColor(label=1, rgba=(255, 0, 0, 255))))
    np.testing.assert_array_equal(cells.colormap.map(1), (1, 0, 0, 1))
    preview.stop()
    assert cells.colormap is colormap
    following.stop()


def test_layers_and_metadata_are_made_alike(viewer, session, store, qtbot):
    """What was done in napari goes into the draft, and back onto the layers."""
    dapi, gfp, _ = show(viewer, store)
    points = viewer.add_points(
        np.zeros((1, 3)), scale=(9, 8, 7), units=("nm", "nm", "nm")
    )
    following = Following(viewer, session)
    activate(viewer, dapi)
    preview = LayerPreview(viewer)
    row = LayersRow(session, viewer, preview)
    qtbot.addWidget(row)
    dapi.name, dapi.colormap, gfp.visible = "nuclei", "magenta", False
    gfp.contrast_limits = (7, 8)
    dapi.scale = (4, 0.5, 0.25)

    row.take.native.click()
    row._copy(dapi)

    (one, two) = session.draft.group.rendering.channels
    assert ("nuclei", "FF00FF", None) == (one.label, one.color, one.active)
    assert (False, 7, 8) == (two.active, two.window.start, two.window.end)
    scale = session.draft.multiscale.levels[1].transform.transforms[0].scale
    assert (1, 8, 1, 0.5) == scale
    row.take.native.click()
    assert "already" in session.message
    row._fill()
    assert 4 == len(row.menu.actions())
    row._copy(points)
    assert ["nanometer"] * 3 == [a.unit for a in session.draft.multiscale.axes[1:]]
    dapi.translate = (1, 1, 1)
    row.apply.native.click()
    assert (9, 8, 7) == tuple(gfp.scale)
    assert (0, 0, 0) == tuple(dapi.translate)
    preview.stop()
    following.stop()


def test_layers_are_as_what_was_saved_says(viewer, session, store):
    """And remember that, so that saving the layers finds their file unchanged."""
    dapi, gfp, _ = show(viewer, store)
    following = Following(viewer, session)
    activate(viewer, dapi)
    preview = LayerPreview(viewer)
    before = session.draft
    after = before.edited(SetUnit(axis=1, unit="meter"), SetPixelSize(axis=1, size=5))

    preview.keep(before, after)
    preview.show(after)
    preview.stop()
    following.stop()

    assert (5, 0.5, 0.25) == tuple(gfp.scale)
    assert "meter" == gfp.metadata["napari_ngff"]["axes"][1]["unit"]
    json.dumps(gfp.metadata)
