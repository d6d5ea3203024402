"""The parts of the editor together: which are there, and for what."""

import pytest
from napari.components import ViewerModel

from cases.build import build_image
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import SetPixelSize
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.metadata.parts import Parts
from napari_ngff.widgets.metadata.preview import Preview
from napari_ngff.widgets.metadata.session import Session


@pytest.fixture
def parts(qtbot):
    """Return the parts of an editor that shows nothing."""
    session, viewer = Session(), ViewerModel()
    preview = Preview(session, viewer)
    qtbot.addWidget(preview)
    found = Parts(session, viewer, preview.layers)
    qtbot.addWidget(found)
    found.resize(280, 600)
    return found


def titles(parts):
    return [title for title, each in parts.sections.items() if not each.isHidden()]


def test_each_part_is_there_for_what_has_it(parts, tmp_path):
    """Images, labels and versions with coordinate systems; for nothing, nothing."""
    assert parts.isHidden()
    path = build_image(tmp_path / "a.zarr", version="0.6", labels={"cells": {}})
    common = ["Problems", "Axes", "Levels", "Coordinate systems"]

    parts.session.show(Draft.open(path), subject="store")
    assert {*common, "Channels"} == set(titles(parts))
    parts.session.show(Draft.open(path / "labels/cells"), subject="store")
    assert {*common, "Labels"} == set(titles(parts))
    parts.session.show(Draft.open(path / "labels"), subject="store")
    assert ["Problems"] == titles(parts)
    assert not parts.collection.isHidden()
    old = build_image(tmp_path / "b.zarr", version="0.4")
    parts.session.show(Draft.open(old), subject="store")
    assert ["Problems", "Axes", "Channels", "Levels"] == titles(parts)
    assert "c, z, y, x" == parts.sections["Axes"].summary.text()


def test_it_fits_a_narrow_dock(parts, tmp_path):
    """Whatever the names of its channels, axes and levels are."""
    long = "a very long name that somebody thought was needed for it"
    channels = [{"label": long, "color": "FFFFFF"}] * 2
    path = build_image(tmp_path / "a.zarr", name=long, omero={"channels": channels})
    parts.show_colors(Colors("dark"))
    parts.session.show(Draft.open(path), subject="store")
    for section in parts.sections.values():
        section.unfold()

    assert parts.minimumSizeHint().width() <= 300


def test_what_was_typed_for_one_image_is_not_there_for_another(parts, tmp_path):
    """Nor why it could not be taken."""
    paths = [build_image(tmp_path / f"{name}.zarr") for name in "ab"]
    parts.session.show(Draft.open(paths[0]), subject="store")
    size = parts.axes.lines[3].cells["size"]
    size.take("wide")
    assert parts.axes.fault.text()

    parts.session.show(Draft.open(paths[1]), subject="store")
    assert ("0.5", "") == (size.text(), parts.axes.fault.text())
    assert "stored" == size.property("state")


def test_nothing_is_edited_while_it_is_saved(parts, tmp_path):
    """The parts are there, but take nothing."""
    path = build_image(tmp_path / "a.zarr")
    parts.session.show(Draft.open(path), subject="store")
    parts.session.work("Saving…")
    assert not parts.isEnabled()

    parts.session.edit(SetPixelSize(axis=1, size=3))
    assert not parts.session.draft.is_changed
    parts.session.work("")
    assert parts.isEnabled()
