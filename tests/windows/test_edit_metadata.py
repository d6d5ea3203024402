"""OME-Zarr metadata, as a user edits it: the dock, the layers, the file, and again."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import QApplication

import napari_ngff
from cases.build import build_image
from napari_ngff.widgets import _work
from napari_ngff.widgets.metadata.saving_anew import save_anew
from napari_ngff.widgets.saving.save_dialog import SaveDialog

pytestmark = pytest.mark.window

NAMES = ("napari-ngff", "OME-Zarr metadata")
OMERO = {
    "channels": [
        {
            "label": label,
            "color": "00FF00",
            "active": True,
            "window": {"start": 0, "end": 900, "min": 0, "max": 65535},
        }
        for label in ("DAPI", "GFP")
    ]
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path, qtbot):
    """Earlier versions are kept apart, and all work has ended."""
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))
    yield
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)


@pytest.fixture
def path(tmp_path):
    """Return an image of two channels with labels."""
    return build_image(
        tmp_path / "cells.zarr",
        version="0.5",
        omero=OMERO,
        scale=(1, 2, 0.5, 0.5),
        labels={"nuclei": {"axes": "zyx", "shape": (4, 16, 16)}},
    )


def docked(window):
    found = window.window.add_plugin_dock_widget(*NAMES)
    QApplication.processEvents()
    return found


def typed(qtbot, field, text):
    """Type into a field, and press Return."""
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_type_see_save_and_open_again(window, qtbot, path):
    """The layers move as is typed; what is saved is there when it is opened."""
    _, editor = docked(window)
    assert "No OME-Zarr" == editor.header.title.text()
    window.open(path, plugin="napari-ngff")
    dapi, gfp, nuclei = window.layers
    window.layers.selection.active = dapi
    z, x = (editor.parts.axes.lines[i].cells for i in (1, 3))
    assert ("z", "2") == (z["name"].text(), z["size"].text())

    typed(qtbot, x["size"], "0.16254371")
    editor.parts.relatives.labels.native.click()
    typed(qtbot, z["unit"].field, "nm")
    channels = editor.parts.channels
    channels.table.wished.emit(1, 2, "Lamin", "new")

    assert "cells.zarr" == editor.header.title.text()
    for layer in (dapi, gfp, nuclei):
        assert 0.16254371 == layer.scale[-1]
        assert "nanometer" == str(layer.units[-3])
    assert ["DAPI", "Lamin", "nuclei"] == [layer.name for layer in window.layers]
    editor.foot.save.click()
    with qtbot.waitSignal(editor.session.stored, timeout=10_000):
        editor.foot.dialog.button.click()
    assert not editor.session.draft.is_changed
    assert not editor.foot.save.isEnabled()
    found = napari_ngff.read_layers(path)
    assert [0.16254371] * 3 == [attributes["scale"][-1] for _, attributes, _ in found]
    assert "Lamin" == found[1][1]["name"]
    image, label = napari_ngff.read(path), napari_ngff.read(path / "labels/nuclei")
    for each in (image, label):
        assert "nanometer" == each.multiscale.axes[-3].unit
        assert "0.32508742" in str(each.multiscale.levels[1].transform)
    np.testing.assert_array_equal(image.levels[0][0], dapi.data[0])


def test_edits_outlive_the_dock(window, qtbot, path):
    """A closed dock takes its preview back; a new one has the edits, in any theme."""
    dock, editor = docked(window)
    window.open(path, plugin="napari-ngff")
    layer = window.layers.selection.active = window.layers[0]
    editor.parts.axes.lines[1].cells["size"].take("7")
    assert 7 == layer.scale[0]
    gone = weakref.ref(editor)

    dock.destroyOnClose()
    del dock, editor
    QApplication.processEvents()
    gc.collect()
    assert gone() is None
    assert 2 == layer.scale[0]
    _, editor = docked(window)
    assert "7" == editor.parts.axes.lines[1].cells["size"].text()
    assert 7 == layer.scale[0]
    before = editor.styleSheet()
    window.theme = "light"
    assert before != editor.styleSheet()
    undo = QKeySequence(QKeySequence.StandardKey.Undo)
    (shortcut,) = (s for s in editor.findChildren(QShortcut) if s.key() == undo)
    shortcut.activated.emit()
    assert 2 == layer.scale[0]


def test_a_layer_of_no_store_and_a_store_of_no_layer(window, qtbot, tmp_path, path):
    """The same table edits the layer; what is only opened is edited as well."""
    _, editor = docked(window)
    layer = window.add_image(np.zeros((3, 8, 8)), scale=(2, 1, 1), name="plain")
    size = editor.parts.axes.lines[0].cells["size"]
    typed(qtbot, size, "1/4")
    assert 0.25 == layer.scale[0]
    assert "plain" == editor.header.title.text()
    assert not editor.parts.sections["Levels"].isVisible()

    dialog = editor.open()
    dialog.address.setText(str(path))
    dialog.accept()
    assert "cells.zarr" == editor.header.title.text()
    assert editor.parts.sections["Levels"].isVisible()
    dialog = editor.open()
    dialog.address.setText(str(tmp_path / "nowhere.zarr"))
    dialog.accept()
    assert "nothing" in editor.header.said.text()
    assert not editor.parts.isVisible()


def test_what_cannot_be_upgraded_is_saved_as_a_new_image(window, qtbot, path):
    """Save As has the layers of that store, which is opened for it, and the version."""
    _, editor = docked(window)
    plain = window.add_image(np.zeros((8, 8)))
    editor.following.open(str(path / "labels/nuclei"))
    editor.foot.upgrade.trigger()
    dialog = editor.foot.dialog
    dialog.versions.native.setCurrentIndex(0)
    qtbot.waitUntil(dialog.anew.isVisible, timeout=10_000)
    assert not dialog.button.isEnabled()
    assert "which is older" in dialog.text.toPlainText()

    dialog.anew.click()

    main = window.window._qt_window
    qtbot.waitUntil(lambda: bool(main.findChildren(SaveDialog)))
    (asked,) = main.findChildren(SaveDialog)
    qtbot.waitUntil(lambda: asked._fresh, timeout=10_000)
    assert 4 == len(window.layers)
    assert set(window.layers) - {plain} == set(window.layers.selection)
    chosen = asked.choices()
    assert ("selected", "0.4") == (chosen.which, chosen.options.version)
    assert str(path.parent / "cells.ome.zarr") == chosen.target
    assert asked.save.isEnabled()
    asked.version.choose("0.5")
    save_anew(window, editor.session.draft, "0.6")
    assert "0.6" == asked.choices().options.version
    asked.close()


def test_a_hidden_dock_waits(window, qtbot, path):
    """It follows the active layer again, once it is shown."""
    dock, editor = docked(window)
    window.open(path, plugin="napari-ngff")
    dapi, _, nuclei = window.layers
    window.layers.selection.active = dapi
    assert "" == editor.session.draft.documents.node
    dock.hide()
    window.layers.selection.active = nuclei
    assert "" == editor.session.draft.documents.node

    dock.show()

    assert "labels/nuclei" == editor.session.draft.documents.node
