"""Real windows: what a user does with napari, as a user does it."""

from __future__ import annotations

import pytest
from napari._qt.dialogs.qt_reader_dialog import QtReaderDialog
from qtpy.QtWidgets import QLabel

from napari_ngff.widgets import _work, preference


def _refuse(dialog):
    """Fail where napari would wait for an answer for ever."""
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    pytest.fail(f"napari asks which reader to take: {texts}")


@pytest.fixture
def window(make_napari_viewer, qtbot, monkeypatch):
    """Return a viewer whose window is shown; our settings are reset afterwards."""
    preference._offered.clear()
    monkeypatch.setattr(QtReaderDialog, "exec_", _refuse)
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(900, 700)
    qtbot.wait(50)
    yield viewer
    qtbot.waitUntil(lambda: not _work._under_way, timeout=10_000)
    preference.reading().reset()
    preference._offered.clear()
