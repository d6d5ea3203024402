"""After opening: the default plane, the offer, and the commands that open and show."""

from __future__ import annotations

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer
from napari.settings import get_plugin_settings, get_settings
from napari.utils.notifications import notification_manager
from npe2 import PluginManifest

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.widgets import _work, form_command, open_command, opened, preference


@pytest.fixture(autouse=True)
def _ours(plugin_settings, npe2pm, monkeypatch):
    """Settings of our own, and no offer made yet."""
    npe2pm.register(PluginManifest.from_distribution("napari-ngff"))
    monkeypatch.setattr(preference, "_offered", [])
    # napari's fixture keeps the settings of plugins apart from napari's own
    monkeypatch.setattr(preference, "was_changed", lambda: True)


def ended(qtbot):
    qtbot.waitUntil(lambda: not _work._under_way, timeout=10_000)


def store_with_defaults(folder, **rdefs):
    return build_image(
        folder / "a.zarr",
        shape=(5, 7, 16, 16),
        axes="tzyx",
        scale=(30, 2, 0.5, 0.5),
        translation=(0, 10, 0, 0),
        omero={"channels": [{"color": "FFFFFF"}], "rdefs": rdefs},
    )


def add(viewer, layers):
    for each in layers:
        viewer.add_layer(Layer.create(*each))


def test_the_default_plane_is_shown(tmp_path):
    """An empty viewer goes to the plane that the file names."""
    layers = read_layers(store_with_defaults(tmp_path, defaultT=1, defaultZ=5))
    viewer = ViewerModel()

    opened.show_default_plane([viewer], layers)
    add(viewer, layers)

    assert (1, 5) == viewer.dims.current_step[:2]
    np.testing.assert_allclose((30, 20), viewer.dims.point[:2])


def test_without_defaults_napari_decides(tmp_path):
    """Napari's own middle stays where the file says nothing."""
    layers = read_layers(build_image(tmp_path / "a.zarr", shape=(9, 8, 8), axes="zyx"))
    viewer = ViewerModel()

    opened.show_default_plane([viewer], layers)
    add(viewer, layers)

    assert 4 == viewer.dims.current_step[0]


@pytest.mark.parametrize("rdefs", [{"defaultZ": 99}, {"defaultT": 7, "defaultZ": 5}])
def test_planes_that_are_not_there_are_left_out(tmp_path, rdefs):
    """A default out of range moves nothing; the other one counts."""
    layers = read_layers(store_with_defaults(tmp_path, **rdefs))
    viewer = ViewerModel()

    opened.show_default_plane([viewer], layers)
    add(viewer, layers)

    assert (2, 5 if rdefs["defaultZ"] == 5 else 3) == viewer.dims.current_step[:2]


def test_a_viewer_in_use_stays_where_it_is(tmp_path):
    """Who looks at something is not taken elsewhere."""
    layers = read_layers(store_with_defaults(tmp_path, defaultT=1, defaultZ=5))
    viewer = ViewerModel()
    viewer.add_image(np.zeros((5, 7, 16, 16)))
    before = viewer.dims.point

    opened.show_default_plane([viewer], layers)
    add(viewer, layers)

    assert before == viewer.dims.point


def test_another_image_is_not_moved(tmp_path):
    """If what was read is never shown, the next image is left alone, and so on."""
    layers = read_layers(store_with_defaults(tmp_path, defaultT=1, defaultZ=5))
    viewer = ViewerModel()

    opened.show_default_plane([viewer], layers)
    viewer.add_image(np.zeros((5, 7, 16, 16)))
    before = viewer.dims.point
    viewer.layers.clear()
    add(viewer, layers)

    assert (2, 3) == before[:2]
    assert (1, 5) != viewer.dims.current_step[:2]


def test_of_two_viewers_the_one_that_gets_the_image_moves(tmp_path):
    """A drop need not go to the window that was used last; the other one stays."""
    layers = read_layers(store_with_defaults(tmp_path, defaultT=1, defaultZ=5))
    one, other = ViewerModel(), ViewerModel()

    opened.show_default_plane([one, other], layers)
    add(other, layers)
    add(one, layers)

    assert (1, 5) == other.dims.current_step[:2]
    assert (1, 5) != one.dims.current_step[:2]


@pytest.mark.parametrize("levels", [1, 2])
def test_labels_of_a_store_are_not_painted(tmp_path, levels):
    """The brush is out of reach, and the status bar says what to do instead."""
    store = build_image(tmp_path / "a.zarr", levels=levels, labels={"cells": {}})
    viewer = ViewerModel()
    opened.lock_labels(viewer)
    opened.lock_labels(viewer)
    mine = viewer.add_labels(np.zeros((4, 4), int))

    add(viewer, read_layers(store))
    cells = viewer.layers["cells"]
    cells.mode = "paint"

    assert not cells.editable
    assert "paint" != cells.mode
    assert "Edit Labels" in viewer.help
    assert mine.editable


def offers():
    return [r for r in notification_manager.records if "every .zarr" in str(r.message)]


def test_the_offer_is_made_once():
    """One question a session, with two answers."""
    notification_manager.records.clear()

    preference.offer_always()
    preference.offer_always()

    (offer,) = offers()
    assert ["Always", "Don't ask again"] == [text for text, _ in offer.actions]


@pytest.mark.parametrize("answer", [0, 1])
def test_an_answer_is_remembered(answer, monkeypatch):
    """Whatever is answered, the question does not come back."""
    notification_manager.records.clear()
    preference.offer_always()
    offers()[0].actions[answer][1](None)
    notification_manager.records.clear()
    monkeypatch.setattr(preference, "_offered", [])

    preference.offer_always()

    assert [] == offers()
    assert preference.is_used_always() is (answer == 0)


def test_no_offer_where_it_is_so_already():
    """Who set it in napari's preferences is not asked."""
    get_settings().plugins.extension2reader = {"*.zarr*": "napari-ngff"}
    notification_manager.records.clear()

    preference.offer_always()

    assert [] == offers()


def test_no_offer_on_request():
    """The preference switches the offer off."""
    get_plugin_settings("napari-ngff").reading.offer_default = False
    notification_manager.records.clear()

    preference.offer_always()

    assert [] == offers()


@pytest.mark.parametrize("form", ["{}", "file://{}", "{}/", "{}/0"])
def test_opens_what_is_typed(qtbot, tmp_path, form):
    """Our own open takes every way in, file:// included."""
    store = build_image(tmp_path / "a b.zarr")
    viewer = ViewerModel()

    dialog = open_command.ask(viewer)
    dialog.address.setText(form.format(store))
    dialog.accept()
    ended(qtbot)

    assert 2 == len(viewer.layers)


def test_what_cannot_be_opened_is_told(qtbot, tmp_path, told):
    """One clear error, and the viewer as it was."""
    viewer = ViewerModel()

    with told() as messages:
        open_command.open_in(viewer, str(tmp_path / "nowhere.zarr"))
        ended(qtbot)

    assert 1 == len(messages)
    assert "nowhere.zarr" in messages[0]
    assert [] == list(viewer.layers)


@pytest.fixture
def pictures(tmp_path):
    """Return a viewer that shows an image of three channels, and points."""
    rng = np.random.default_rng(0)
    store = build_image(
        tmp_path / "a.zarr",
        shape=(3, 16, 24),
        axes="cyx",
        dtype="uint8",
        data=rng.integers(0, 255, (3, 16, 24), dtype=np.uint8),
        levels=1,
    )
    viewer = ViewerModel()
    viewer.add_points(np.zeros((1, 2)), name="below")
    add(viewer, read_layers(store))
    viewer.add_points(np.zeros((1, 2)), name="above")
    return viewer


def test_channels_become_colours_and_back(qtbot, pictures):
    """The image's layers are exchanged where they were; the others stay."""
    channels = [np.asarray(layer.data) for layer in pictures.layers[1:4]]
    names = [layer.name for layer in pictures.layers]
    pictures.scene.camera.zoom = 3.5
    pictures.layers.selection = {pictures.layers[2]}

    form_command.show_as(pictures, "rgb")
    ended(qtbot)

    below, colours, above = pictures.layers
    assert ("below", "above") == (below.name, above.name)
    assert colours.rgb
    np.testing.assert_array_equal(np.stack(channels, -1), np.asarray(colours.data))
    assert 3.5 == pictures.scene.camera.zoom
    assert {colours} == set(pictures.layers.selection)

    form_command.show_as(pictures, "channels")
    ended(qtbot)

    assert names == [layer.name for layer in pictures.layers]
    for expected, layer in zip(channels, pictures.layers[1:4], strict=True):
        np.testing.assert_array_equal(expected, np.asarray(layer.data))


@pytest.mark.parametrize("copy", [0, 1])
def test_only_the_selected_copy_is_exchanged(qtbot, tmp_path, copy):
    """The same image opened twice: the other copy stays as it is, back and forth."""
    store = build_image(
        tmp_path / "a.zarr", shape=(3, 8, 8), axes="cyx", dtype="uint8", levels=1
    )
    viewer = ViewerModel()
    add(viewer, read_layers(store))
    add(viewer, read_layers(store))
    # Whatever their order in the list.
    viewer.layers.move(1, 5)
    first, second = viewer.layers[0], viewer.layers[3]
    chosen, other = ((first, second), (second, first))[copy]
    viewer.layers.selection = {chosen}
    kept = mine(viewer, other)

    form_command.show_as(viewer, "rgb")
    ended(qtbot)
    (colours,) = viewer.layers.selection
    shown = list(viewer.layers)
    form_command.show_as(viewer, "channels")
    ended(qtbot)

    assert colours.rgb
    assert 4 == len(shown)
    assert kept == [layer for layer in shown if layer is not colours]
    assert kept == [layer for layer in viewer.layers if layer in kept]
    assert 6 == len(viewer.layers)


def mine(viewer, layer):
    """All layers that were opened together with one."""
    opening = layer.metadata["napari_ngff"]["opening"]
    return [x for x in viewer.layers if x.metadata["napari_ngff"]["opening"] == opening]


def test_what_has_no_colours_says_so(qtbot, tmp_path, told):
    """Two channels are no colours: the viewer stays as it is."""
    viewer = ViewerModel()
    add(viewer, read_layers(build_image(tmp_path / "a.zarr")))
    viewer.layers.selection = {viewer.layers[0]}

    with told() as messages:
        form_command.show_as(viewer, "rgb")
        ended(qtbot)

    assert "3 or 4 channels" in messages[0]
    assert 2 == len(viewer.layers)


def test_what_is_not_ours_is_left_alone(pictures, told):
    """Layers that did not come from a store have no other form."""
    pictures.layers.selection = {pictures.layers["below"]}

    with told() as messages:
        assert form_command.show_as(pictures, "rgb") is None

    assert "OME-Zarr" in messages[0]


def test_the_form_it_has_is_not_made_again(pictures, told):
    """Nothing happens but a word."""
    pictures.layers.selection = {pictures.layers[1]}

    with told() as messages:
        assert form_command.show_as(pictures, "channels") is None

    assert 1 == len(messages)
