"""The picker: an OME-Zarr folder is chosen, never entered."""

from __future__ import annotations

import pytest
from qtpy.QtCore import Qt

from napari_ngff.widgets.saving.save_dialog_picker import SavePicker, is_image


@pytest.fixture
def place(tmp_path):
    """Return a folder with an image, another folder, an archive and a picture."""
    (tmp_path / "old.ome.zarr" / "0").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "one.ozx").touch()
    (tmp_path / "picture.tif").touch()
    return tmp_path


@pytest.fixture
def picker(qtbot, place):
    picker = SavePicker(str(place / "new.ome.zarr"))
    picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(picker)
    picker.show()
    root = picker.view.rootIndex()
    qtbot.waitUntil(lambda: picker.model.rowCount(root) >= 3, timeout=5000)
    return picker


def row(picker, place, name):
    return picker.model.index(str(place / name))


def test_what_is_listed(picker, place):
    """Folders and archives; other files cannot be replaced."""
    root = picker.view.rootIndex()
    count = picker.model.rowCount(root)
    names = {
        picker.model.fileName(picker.model.index(i, 0, root)) for i in range(count)
    }

    assert {"old.ome.zarr", "data", "one.ozx"} == names


@pytest.mark.parametrize("name", ["old.ome.zarr", "one.ozx"])
def test_an_image_is_chosen(picker, place, name):
    """A double click takes it: it is not walked into."""
    picker.view.activated.emit(row(picker, place, name))

    assert str(place / name) == picker.path()
    assert picker.result() == picker.DialogCode.Accepted


def test_a_click_only_takes_the_name(picker, place):
    """And says that something is there."""
    picker.view.clicked.emit(row(picker, place, "old.ome.zarr"))

    assert "old.ome.zarr" == picker.name.text()
    assert "asked" in picker.note.text()
    assert picker.isVisible()


def test_other_folders_are_entered(picker, place):
    """The name that was typed stays."""
    picker.view.activated.emit(row(picker, place, "data"))

    assert str(place / "data" / "new.ome.zarr") == picker.path()
    assert picker.isVisible()
    picker.up.click()
    assert str(place / "new.ome.zarr") == picker.path()


def test_a_folder_that_is_typed_is_opened(picker, place):
    """It is no place for an image."""
    picker.name.setText("data")

    assert "Open" == picker.choose.text()
    picker.choose.click()
    assert str(place / "data") == picker.folder.text()


@pytest.mark.parametrize("name", ["", "  ", "a/b"])
def test_a_name_has_to_be_one(picker, name):
    """Choose is off until then."""
    picker.name.setText(name)

    assert not picker.choose.isEnabled()


def test_names_of_images():
    """By suffix, in any case."""
    assert all(map(is_image, ("a.zarr", "a.OME.ZARR", "a.ozx")))
    assert not any(map(is_image, ("a", "zarr", "a.tif")))
