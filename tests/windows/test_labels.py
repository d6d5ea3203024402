"""Labels painted and saved in a real window, by napari's own menu commands."""

from __future__ import annotations

import numpy as np
import pytest

from cases.build import build_image
from cases.painting import stored
from napari_ngff import read_layers
from napari_ngff.widgets import _work
from napari_ngff.widgets.add_labels_dialog import AddLabelsDialog

pytestmark = pytest.mark.window

SCALE = (2, 0.5, 0.25)


def run(command):
    """Run a command of ours, as a menu does."""
    from napari._app_model import get_app_model

    return get_app_model().commands.execute_command(f"napari-ngff.{command}").result()


def ended(qtbot):
    qtbot.waitUntil(lambda: not _work._under_way, timeout=20_000)


def test_drawn_added_painted_and_saved_back(window, qtbot, tmp_path):
    """New labels into the file of the image, and what is painted on after that."""
    store = build_image(
        tmp_path / "a.zarr", shape=(6, 32, 24), axes="zyx", levels=2, scale=SCALE
    )
    window.open(store, plugin="napari-ngff")
    drawn = window.add_labels(np.zeros((6, 32, 24), "u1"), scale=SCALE, name="nuclei")
    drawn.paint((1, 4, 4), 3)

    run("add_labels")
    [dialog] = window.window._qt_window.findChildren(AddLabelsDialog)
    qtbot.waitUntil(dialog.isVisible)
    dialog.add_button.click()
    ended(qtbot)
    drawn.paint((3, 20, 20), 4)
    run("save_labels_back")
    ended(qtbot)

    found, coarse = stored(store, "labels/nuclei")
    np.testing.assert_array_equal(drawn.data, found)
    assert {0, 3, 4} == set(np.unique(found))
    assert 3 in coarse


def test_what_the_file_shows_follows(window, qtbot, tmp_path):
    """The layer that reads from the file, and its picture, are those of the file."""
    store = build_image(
        tmp_path / "a.zarr",
        shape=(32, 24),
        axes="yx",
        levels=2,
        labels={"cells": {"axes": "yx", "shape": (32, 24)}},
    )
    for layer in read_layers(store):
        window.add_layer(_layer(layer))
    lazy = window.layers["cells"]
    window.layers.selection = {lazy}
    run("edit_labels").accept()
    ended(qtbot)
    copy = window.layers[-1]
    copy.data = np.full_like(copy.data, 5)
    run("save_labels_back")
    ended(qtbot)

    window.layers.remove(copy)
    lazy.visible = True
    qtbot.wait(100)

    assert (5 == np.asarray(lazy.data[0])).all()
    assert (5 == lazy._slice.image.raw).all()


def _layer(data):
    from napari.layers import Layer

    return Layer.create(*data)
