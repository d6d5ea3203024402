"""The dialog that asks for a path or an address."""

from __future__ import annotations

import pytest
from qtpy.QtWidgets import QDialogButtonBox, QFileDialog

from napari_ngff.widgets.open_dialog import OpenDialog


@pytest.fixture
def dialog(qtbot):
    dialog = OpenDialog()
    qtbot.addWidget(dialog)
    return dialog


def test_there_has_to_be_something_to_open(dialog):
    """Open is off until something is typed."""
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)

    assert not button.isEnabled()
    dialog.address.setText("  ")
    assert not button.isEnabled()
    dialog.address.setText("/data/a.zarr")
    assert button.isEnabled()


@pytest.mark.parametrize("typed", [' "/a b.zarr" ', "'/a b.zarr'", "/a b.zarr\t"])
def test_spaces_and_quotes_around_are_dropped(dialog, typed):
    """As file managers and terminals copy a path."""
    dialog.address.setText(typed)

    assert "/a b.zarr" == dialog.text()


def test_browsing_fills_in(dialog, monkeypatch):
    """A folder or a file that was chosen is written down; a cancel changes nothing."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/a.zarr")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/b.ozx", ""))

    dialog.folder_button.click()
    assert "/a.zarr" == dialog.text()
    dialog.file_button.click()
    assert "/b.ozx" == dialog.text()

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    dialog.folder_button.click()
    assert "/b.ozx" == dialog.text()
