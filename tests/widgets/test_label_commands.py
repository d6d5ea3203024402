"""Save Labels Back and Add Labels to Image: from the brush into the file, again."""

from __future__ import annotations

import errno
import time

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer

from cases.build import build_image
from cases.painting import stored
from napari_ngff import read_layers, write
from napari_ngff.layers.provenance import KEY
from napari_ngff.storage.commit import tree
from napari_ngff.widgets import _work, label_commands, layer_commands

LABELS = {"cells": {"axes": "zyx", "shape": (6, 32, 24), "scale": (2, 0.5, 0.25)}}


@pytest.fixture
def told(monkeypatch):
    """Collect what the user is told."""
    found = []
    for name in ("show_info", "show_warning"):
        monkeypatch.setattr(label_commands, name, found.append)
    dispatch = "napari_ngff.widgets._work.notification_manager.dispatch"
    monkeypatch.setattr(dispatch, lambda each: found.append(each.message))
    return found


def show(path, viewer=None):
    viewer = ViewerModel() if viewer is None else viewer
    for each in read_layers(path):
        viewer.add_layer(Layer.create(*each))
    return viewer


@pytest.fixture
def store(tmp_path):
    return build_image(
        tmp_path / "a.zarr",
        shape=(2, 6, 32, 24),
        axes="czyx",
        levels=2,
        scale=(1, 2, 0.5, 0.25),
        labels=LABELS,
    )


def ended(qtbot):
    qtbot.waitUntil(lambda: not _work._under_way, timeout=20_000)


def select(viewer, layer):
    viewer.layers.selection = {layer}
    viewer.layers.selection.active = layer


def copy(qtbot, viewer):
    """Make an editable copy of the labels."""
    labels = next(x for x in viewer.layers if x.name == "cells")
    select(viewer, labels)
    layer_commands.edit_labels(viewer).accept()
    ended(qtbot)
    return labels, viewer.layers[-1]


def test_paint_save_and_go_on(qtbot, store, told):
    """Painted, saved, painted on, saved: every time all of it, and shown everywhere."""
    viewer = show(store)
    lazy, layer = copy(qtbot, viewer)
    for value in (7, 8):
        select(viewer, layer)
        layer.paint((2, 5, 6), value)

        label_commands.save_labels_back(viewer)
        ended(qtbot)

        np.testing.assert_array_equal(stored(store)[0], layer.data)
        np.testing.assert_array_equal(np.asarray(lazy.data[0]), layer.data)
        assert value == layer.data[2, 5, 6]
    assert not lazy.editable
    assert 2 == sum(text.startswith("Saved cells (editable): ") for text in told)
    label_commands.save_labels_back(viewer)
    ended(qtbot)
    assert "nothing was painted" in told[-1]


def test_what_could_not_be_tidied_up_is_told(qtbot, store, told, monkeypatch):
    """The labels are saved all the same, and then added once more."""
    viewer = show(store)
    _, layer = copy(qtbot, viewer)
    select(viewer, layer)
    layer.paint((2, 5, 6), 7)
    settle = tree.settle

    def settled(places):
        settle(places)
        raise OSError(errno.EBUSY, "in use", str(places.folder))

    monkeypatch.setattr(tree, "settle", settled)

    label_commands.save_labels_back(viewer)
    ended(qtbot)
    dialog = label_commands.add_labels(viewer)
    dialog.name.setText("more")
    dialog.accept()
    ended(qtbot)

    assert 7 == stored(store)[0][2, 5, 6] == stored(store, "labels/more")[0][2, 5, 6]
    assert 2 == sum("left by a save, cannot be removed" in text for text in told)


def test_somebody_elses_change_is_told(qtbot, store, told):
    """The error says what to do, and the file stays as it is."""
    import zarr

    viewer = show(store)
    _, layer = copy(qtbot, viewer)
    array = zarr.open_group(store / "labels/cells", mode="r+")["0"]
    array[...] = 3
    layer.paint((2, 5, 6), 7)
    select(viewer, layer)

    label_commands.save_labels_back(viewer)
    ended(qtbot)

    assert "another program changed the labels" in told[-1]
    assert (3 == stored(store)[0]).all()


def test_what_cannot_be_saved_back_is_told(qtbot, store, told):
    """Nothing selected, an image, lazy labels, new labels."""
    viewer = show(store)
    for layer in (None, viewer.layers[0]):
        viewer.layers.selection = set() if layer is None else {layer}
        assert label_commands.save_labels_back(viewer) is None
        assert "Select one labels layer" in told[-1]
    for layer in (viewer.layers[-1], viewer.add_labels(np.zeros((6, 32, 24), int))):
        select(viewer, layer)
        assert label_commands.save_labels_back(viewer) is None
        assert "no copy of labels in a file" in told[-1]


def test_a_layer_is_saved_once_at_a_time(qtbot, store, told, monkeypatch):
    """Pressed twice, it says that it is under way."""
    viewer = show(store)
    _, layer = copy(qtbot, viewer)
    save = label_commands._save_back

    def slow(*args):
        time.sleep(0.3)
        return save(*args)

    monkeypatch.setattr(label_commands, "_save_back", slow)
    layer.paint((2, 5, 6), 7)
    select(viewer, layer)

    first = label_commands.save_labels_back(viewer)
    second = label_commands.save_labels_back(viewer)
    ended(qtbot)

    assert first is not None
    assert second is None
    assert any("being saved just now" in text for text in told)


@pytest.mark.parametrize("late", [False, True])
def test_cancelled(qtbot, store, told, monkeypatch, late):
    """The file is as it was, or it came too late and everyone knows what is there."""
    viewer = show(store)
    lazy, layer = copy(qtbot, viewer)
    before = stored(store)[0]
    save = label_commands._save_back

    def slow(state, tell, cancelled):
        while not cancelled() and not late:
            time.sleep(0.01)
        result = save(state, tell, (lambda: False) if late else cancelled)
        time.sleep(0.2)
        return result

    monkeypatch.setattr(label_commands, "_save_back", slow)
    layer.data = np.where(layer.data >= 0, 5, 0).astype(layer.data.dtype)
    select(viewer, layer)

    label_commands.save_labels_back(viewer).canceled.emit()
    ended(qtbot)

    expected = layer.data if late else before
    np.testing.assert_array_equal(expected, stored(store)[0])
    np.testing.assert_array_equal(expected, np.asarray(lazy.data[0]))
    monkeypatch.setattr(label_commands, "_save_back", save)
    label_commands.save_labels_back(viewer)
    ended(qtbot)
    assert (5 == stored(store)[0]).all()


def test_new_labels_are_added_and_then_saved_back(qtbot, store, told):
    """Labels that napari made are drawn, added, painted on and saved back."""
    viewer = show(store)
    viewer.layers.selection.clear()
    drawn = viewer.add_labels(
        np.zeros((6, 32, 24), "u1"), scale=(2, 0.5, 0.25), name="my: nuclei"
    )
    drawn.paint((1, 4, 4), 3)
    select(viewer, drawn)

    dialog = label_commands.add_labels(viewer)
    assert "my_ nuclei" == dialog.label_name()
    dialog.name.setText("nuclei")
    dialog.accept()
    ended(qtbot)

    np.testing.assert_array_equal(stored(store, "labels/nuclei")[0], drawn.data)
    assert "Added the labels nuclei" in told[-1]
    drawn.paint((3, 20, 20), 4)
    label_commands.save_labels_back(viewer)
    ended(qtbot)
    np.testing.assert_array_equal(stored(store, "labels/nuclei")[0], drawn.data)
    names = [layer.name for layer in show(store).layers]
    assert {"cells", "nuclei"} <= set(names)


def test_a_copy_is_added_beside_its_own(qtbot, store, told):
    """Edited labels become new ones; the name proposed is a free one."""
    viewer = show(store)
    _, layer = copy(qtbot, viewer)
    layer.paint((2, 5, 6), 7)
    select(viewer, layer)

    dialog = label_commands.add_labels(viewer)
    assert "cells_2" == dialog.label_name()
    dialog.name.setText("Cells")
    assert not dialog.add_button.isEnabled()
    assert "already" in dialog.problem.text()
    dialog.name.setText("a/b")
    assert "a_b" in dialog.problem.text()
    dialog.name.setText("")
    assert not dialog.add_button.isEnabled()
    dialog.name.setText("cells_2")
    assert dialog.add_button.isEnabled()
    dialog.accept()
    ended(qtbot)

    np.testing.assert_array_equal(stored(store, "labels/cells_2")[0], layer.data)
    assert "cells_2" == layer.metadata[KEY]["label"]


def test_the_image_is_chosen(qtbot, store, tmp_path, told):
    """Of several images the labels' own is the first; each has its own names."""
    other = write(tmp_path / "b.ome.zarr", np.zeros((6, 32, 24), "u1"), axes="zyx")
    viewer = show(store, show(other))
    _, layer = copy(qtbot, viewer)
    select(viewer, layer)

    dialog = label_commands.add_labels(viewer)

    images = [dialog.images.itemText(i) for i in range(dialog.images.count())]
    assert ["a.zarr", "b.ome.zarr"] == images
    assert "cells_2" == dialog.label_name()
    dialog.images.setCurrentIndex(1)
    assert "cells" == dialog.label_name()
    dialog.name.setText("mine")
    dialog.images.setCurrentIndex(0)
    assert "mine" == dialog.label_name()
    dialog.reject()


def test_without_an_image_it_says_what_to_do(qtbot, tmp_path, told):
    """Labels alone have no place to go."""
    viewer = ViewerModel()
    select(viewer, viewer.add_labels(np.zeros((4, 4), int)))

    assert label_commands.add_labels(viewer) is None

    assert "Save As" in told[-1]


def test_labels_that_do_not_fit_are_told(qtbot, store, told):
    """The error of the save is shown, and nothing is written."""
    viewer = show(store)
    drawn = viewer.add_labels(np.ones((6, 32, 24), "u1"), scale=(2, 0.5, 0.5))
    select(viewer, drawn)

    label_commands.add_labels(viewer).accept()
    ended(qtbot)

    assert "do not lie on the pixels of the image" in told[-1]
    assert ["cells"] == [f.name for f in (store / "labels").iterdir() if f.is_dir()]
