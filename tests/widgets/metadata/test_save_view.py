"""Save, take back, restore and upgrade from the editor; problems and their remedies."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QPushButton, QWidget

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetMultiscaleName,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.widgets.metadata.preview import Preview
from napari_ngff.widgets.metadata.problems_view import ProblemsView
from napari_ngff.widgets.metadata.relatives_row import RelativesRow
from napari_ngff.widgets.metadata.save_view import SaveView
from napari_ngff.widgets.metadata.session import Session
from napari_ngff.widgets.metadata.systems_table import SystemsTable
from napari_ngff.widgets.metadata.upgrade_view import UpgradeDialog

LABELS = {"cells": {"axes": "zyx", "shape": (4, 16, 16)}}


@pytest.fixture(autouse=True)
def _history(monkeypatch, tmp_path):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))


@pytest.fixture
def frame(qtbot):
    """Return a window that the parts are in."""
    found = QWidget()
    qtbot.addWidget(found)
    return found


def opened(path):
    session = Session()
    session.show(Draft.open(path), subject="store")
    return session


def done(qtbot, session):
    qtbot.waitUntil(lambda: not session.busy, timeout=10_000)


def test_a_save_is_shown_before_it_is_made(qtbot, frame, tmp_path):
    """Nothing is written until then; what is edited meanwhile is not taken."""
    path = build_image(tmp_path / "a.zarr", version="0.5", name="<b>x</b>")
    before = (path / "zarr.json").read_bytes()
    session = opened(path)
    view = SaveView(session, ViewerModel())
    view.setParent(frame)
    assert not view.save.isEnabled()
    session.edit(SetPixelSize(axis=1, size=3))
    view.copy.click()
    assert "zarr.json" in json.loads(QApplication.clipboard().text())

    view.save.click()
    dialog = view.dialog
    assert "scale/1: 0.5 → 3.0" in dialog.text.toPlainText()
    assert "1 file in" in dialog.heading.text()
    assert before == (path / "zarr.json").read_bytes()
    dialog.accept()
    assert "Saving…" == view.message.text()
    session.edit(SetMultiscaleName(name="too late"))
    done(qtbot, session)

    assert before != (path / "zarr.json").read_bytes()
    assert not session.draft.is_changed
    assert "" == session.message


def test_saves_are_taken_back_and_made_again(qtbot, frame, tmp_path):
    """The file is as it was, to the byte; what is edited and not saved stays."""
    path = build_image(tmp_path / "a.zarr", version="0.5")
    before = (path / "zarr.json").read_bytes()
    session = opened(path)
    view = SaveView(session, ViewerModel())
    view.setParent(frame)
    stored = []
    session.stored.connect(stored.append)
    session.edit(SetPixelSize(axis=1, size=3))
    view.work.save()
    done(qtbot, session)
    session.edit(SetMultiscaleName(name="later"))
    view.undo.trigger()
    done(qtbot, session)
    assert before == (path / "zarr.json").read_bytes()
    assert "later" == session.draft.multiscale.name

    session.revert_all()
    view.history.trigger()
    dialog = view.dialog
    assert 2 == dialog.list.count()
    dialog.list.setCurrentRow(1)
    assert "scale/1: 0.5 → 3.0" in dialog.text.toPlainText()
    dialog.list.setCurrentRow(0)
    dialog.accept()
    done(qtbot, session)
    level = session.draft.multiscale.levels[0]
    assert 3.0 == level.transform.scale[1]
    assert before != (path / "zarr.json").read_bytes()
    assert ["saved", "restored", "restored"] == [each.how for each in stored]


def test_what_others_changed_is_shown_and_kept(qtbot, frame, tmp_path):
    """Nothing is overwritten; the edits are made to what is there now."""
    path = build_image(tmp_path / "a.zarr")
    document = path / ".zattrs"
    session = opened(path)
    view = SaveView(session, ViewerModel())
    view.setParent(frame)
    session.edit(SetMultiscaleName(name="mine"), SetUnit(axis=1, unit="meter"))
    theirs = json.loads(document.read_bytes())
    theirs["multiscales"][0]["name"] = "theirs"
    theirs["new"] = 1
    document.write_text(json.dumps(theirs))
    view.save.click()
    view.dialog.accept()
    done(qtbot, session)

    panes = view.dialog.panes
    shown = [pane.toPlainText().splitlines() for pane in panes.panes]
    (line,) = {each.index(line) for each in shown for line in each if line[:1] == "!"}
    names = [f'"name": "{name}"' for name in ("image", "theirs", "mine")]
    assert names == [lines[line][1:].strip() for lines in shown]
    assert '~   "new": 1' in shown[1]
    assert line in panes.changes
    first = panes.panes[0].textCursor().blockNumber()
    assert line == first
    panes.next.click()
    assert panes.changes[panes.changes.index(line) + 1] == (
        panes.panes[2].textCursor().blockNumber()
    )
    panes.previous.click()
    assert line == panes.panes[1].textCursor().blockNumber()
    view.dialog.resize(320, 500)
    QApplication.processEvents()
    assert Qt.Orientation.Vertical == panes.split.orientation()
    assert theirs == json.loads(document.read_bytes())
    view.dialog.both.click()
    assert '"theirs" → "mine"' in session.draft.patch_text()
    view.save.click()
    view.dialog.accept()
    done(qtbot, session)
    saved = json.loads(document.read_bytes())
    assert (1, "mine") == (saved["new"], saved["multiscales"][0]["name"])


def test_another_version_is_shown_and_made(qtbot, frame, tmp_path):
    """Of the whole store, and back; pixels are read as before."""
    path = build_image(tmp_path / "a.zarr", labels=LABELS)
    session = opened(path)
    view = SaveView(session, ViewerModel())
    view.setParent(frame)
    session.edit(SetMultiscaleName(name="x"))
    view.upgrade.trigger()
    assert view.dialog is None
    assert "before you change the version" in view.message.text()
    session.revert_all()
    view.upgrade.trigger()
    dialog = view.dialog
    assert "0.5" == dialog.version
    qtbot.waitUntil(dialog.button.isEnabled)
    assert "+ zarr.json" in dialog.text.toPlainText()
    dialog.versions.native.setCurrentIndex(0)
    assert not dialog.button.isEnabled()
    qtbot.waitUntil(lambda: "already" in dialog.text.toPlainText())
    assert not dialog.button.isEnabled()
    dialog.versions.native.setCurrentIndex(1)
    qtbot.waitUntil(dialog.button.isEnabled)
    assert not dialog.anew.isVisible()
    dialog.accept()
    done(qtbot, session)

    assert "0.5" == session.draft.group.version
    assert 3 == session.draft.documents.zarr_format
    assert 3 == len(read_layers(path))
    view.undo.trigger()
    done(qtbot, session)
    assert "0.4" == session.draft.group.version
    assert not (path / "zarr.json").exists()


def test_what_is_read_only_is_offered_as_a_new_image(qtbot, frame, tmp_path):
    """What a version would change is told all the same; nothing is changed."""
    path = build_image(tmp_path / "a.zarr")
    anew = []
    dialog = UpgradeDialog(str(path), "0.4", "It is locked.", print, anew.append, frame)
    dialog.show()

    qtbot.waitUntil(dialog.anew.isVisible)

    assert dialog.text.toPlainText().startswith("It is locked.")
    assert "+ zarr.json" in dialog.text.toPlainText()
    assert not dialog.button.isEnabled()
    dialog.versions.native.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "already" in dialog.text.toPlainText())
    assert not dialog.anew.isVisible()
    dialog.versions.native.setCurrentIndex(2)
    qtbot.waitUntil(dialog.anew.isVisible)
    dialog.anew.click()
    assert ["0.6"] == anew


def test_layers_are_read_on_after_every_change(qtbot, frame, tmp_path):
    """Also where the documents of the arrays are others, and when that is undone."""
    path = build_image(tmp_path / "a.zarr", labels=LABELS)
    viewer = ViewerModel()
    for each in read_layers(path):
        viewer.add_layer(Layer.create(*each))
    pixels = [np.asarray(layer.data[1]) for layer in viewer.layers]
    viewer.layers[0].opacity = 0.25
    session = opened(path)
    view, preview = SaveView(session, viewer), Preview(session, viewer)
    for each in (view, preview):
        each.setParent(frame)

    def seen():
        done(qtbot, session)
        assert "" == session.message
        for layer, wanted in zip(viewer.layers, pixels, strict=True):
            np.testing.assert_array_equal(wanted, np.asarray(layer.data[1]))
        return viewer.layers[0].axis_labels

    view.work.upgrade("0.5")
    assert ("z", "y", "x") == seen()
    session.edit(RenameAxis(axis=1, name="depth"))
    preview.box.native.setChecked(False)
    assert ("z", "y", "x") == viewer.layers[0].axis_labels
    view.work.save()
    assert ("depth", "y", "x") == seen()
    assert "depth" in (path / "0" / "zarr.json").read_text()
    preview.box.native.setChecked(True)
    session.edit(RenameAxis(axis=2, name="down"))
    assert ("depth", "down", "x") == viewer.layers[0].axis_labels
    view.work.undo_last()
    assert ("z", "down", "x") == seen()
    session.revert_all()
    view.work.undo_last()
    assert ("z", "y", "x") == seen()
    assert 2 == session.draft.documents.zarr_format
    assert 0.25 == viewer.layers[0].opacity
    preview.stop()


def test_problems_are_listed_as_they_come_and_fixed(qtbot, frame, tmp_path):
    """Each with its remedy where there is one; all at once as one step."""
    axes = [
        {"name": "z", "type": "space", "unit": "micron"},
        {"name": "y", "unit": "micrometer"},
        {"name": "x", "type": "space", "unit": "blorps"},
    ]
    path = build_image(tmp_path / "a.zarr", axes=axes, shape=(4, 8, 8), levels=1)
    session = opened(path)
    view = ProblemsView(session)
    view.setParent(frame)
    said = []
    view.counted.connect(lambda text, tone: said.append((text, tone)))
    count = len(view.problems)
    buttons = [b for b in view.findChildren(QPushButton) if b.text() == "Fix"]
    assert count > len(buttons) >= 2
    buttons[0].click()
    assert len(view.problems) < count
    assert said[-1][1] in ("wrong", "doubtful")
    session.undo()
    qtbot.waitUntil(lambda: count == len(view.problems))
    view.fix_all.click()
    draft = session.draft
    assert not any(draft.fix_of(problem) for problem in view.problems)
    assert "micrometer" == draft.multiscale.axes[0].unit
    assert not session.draft.undo().is_changed
    session.show_nothing()
    view.render_()
    assert () == view.problems
    assert ("none", "muted") == said[-1]


def test_systems_are_added_named_and_removed(frame, tmp_path):
    """And the transformation that leads there is a matrix to be edited."""
    path = build_image(tmp_path / "a.zarr", version="0.6", axes="yx", shape=(8, 8))
    session = opened(path)
    table = SystemsTable(session)
    table.setParent(frame)
    assert table.edges.count() == 0
    table.add.click()
    assert 1 == table.edges.count()
    assert table.edges.itemText(0).startswith("physical → world")
    table._wish(1, 0, "stage", "new")
    assert ["physical", "stage"] == [s.name for s in table.grid.systems]
    assert table.grid.cell(1, 0).edited
    table.matrix._wish(0, 2, "1/8", "new")
    table.matrix._wish(0, 1, "-1", "new")
    assert 0.125 == table.matrix.grid.rows[0, 2]
    assert "Affine" in table.edges.itemText(0)
    table._wish(1, 0, "physical", "new")
    assert "already" in table.fault.text()
    table.matrix._revert(0, 0)
    assert "Identity" in table.edges.itemText(0)
    table.table.setCurrentIndex(table.table.model_.index(0, 0))
    table.remove.click()
    assert "cannot be removed" in table.fault.text()
    table.table.setCurrentIndex(table.table.model_.index(1, 0))
    table.remove.click()
    assert ["physical"] == [s.name for s in table.grid.systems]
    session.show(Draft.open(build_image(tmp_path / "b.zarr")), subject="store")
    assert table.grid is None


def test_labels_are_edited_too_when_that_is_wanted(frame, tmp_path):
    """A box says so; it is checked again when the store is shown again."""
    path = build_image(tmp_path / "a.zarr", labels=LABELS)
    session = opened(path)
    row = RelativesRow(session)
    row.setParent(frame)
    assert "Edit its label image too" == row.labels.text
    assert not row.siblings.native.isVisibleTo(frame)
    row.labels.native.click()
    session.edit(SetPixelSize(axis=1, size=4))
    assert {".zattrs", "labels/cells/.zattrs"} == set(session.draft.patch.files)
    row.labels.native.click()
    assert {".zattrs"} == set(session.draft.patch.files)
