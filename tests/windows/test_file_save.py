"""File > Save All Layers…, as a user does it: the filter, progress, cancel."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from app_model import Application
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication, QFileDialog

import napari_ngff
from napari_ngff.core.problems import Cancelled
from napari_ngff.widgets.saving import writer
from napari_ngff.widgets.saving.save_progress import SaveProgress

pytestmark = pytest.mark.window


def save_all(monkeypatch, path, suffix=".ome.zarr"):
    """Take File > Save All Layers…, choose our filter, type a path; return filters."""
    offered = []

    def answer(*args, **kwargs):
        filters = kwargs["filter"].split(";;")
        offered.extend(filters)
        return str(path), next((f for f in filters if suffix in f), filters[0])

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    app = Application.get_app("test_app")
    command = "napari.window.file.save_layers_dialog"
    app.commands.execute_command(command).result()
    return offered


@pytest.mark.parametrize("typed", ["a.ome.zarr", "a"])
def test_our_filter_is_offered(window, tmp_path, monkeypatch, typed):
    """With layers of any type; what is typed without suffix gets one."""
    window.add_image(np.ones((20, 30), np.uint8), name="cells")
    window.add_points([[1, 1]])
    window.add_tracks([[0, 0, 1, 1]])

    offered = save_all(monkeypatch, tmp_path / typed)

    ours = [text for text in offered if "OME-Zarr" in text]
    assert ["OME-Zarr by napari-ngff (*.ome.zarr *.zarr *.ozx)"] == ours
    assert (20, 30) == napari_ngff.read(tmp_path / "a.ome.zarr").levels[0].shape


def slow_save(monkeypatch, begun):
    """Have a save take long; it notices a cancel as a real one does."""

    def execute(plan, *, progress, cancelled):
        begun.append(threading.current_thread())
        for step in range(600):
            progress(step / 600)
            if cancelled():
                raise Cancelled("a.ome.zarr")
            time.sleep(0.01)
        return tuple(store.target for store in plan.stores)

    monkeypatch.setattr(writer, "execute", execute)


def test_a_long_save_shows_progress_and_can_be_cancelled(window, tmp_path, monkeypatch):
    """The window is alive meanwhile, and a cancel leaves nothing."""
    window.add_image(np.ones((20, 30), np.uint8))
    begun, seen = [], []
    slow_save(monkeypatch, begun)

    def cancel():
        shown = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, SaveProgress)
        ]
        assert len(shown) == 1
        seen.append((shown[0].bar.value(), shown[0].status.text()))
        shown[0].cancel.click()

    QTimer.singleShot(1500, cancel)
    with pytest.raises(Cancelled):
        window.layers.save(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")

    ((value, text),) = seen
    assert value > 0
    assert "%" in text
    assert begun[0] is not threading.main_thread()
    assert [] == list(tmp_path.iterdir())


def test_a_real_save_is_cancelled(window, tmp_path):
    """Whenever the user cancels, nothing is left of it."""
    window.add_image(np.random.default_rng(0).integers(0, 9, (64, 1024, 1024), "u2"))

    def cancel():
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, SaveProgress):
                widget.stop()

    QTimer.singleShot(50, cancel)
    with pytest.raises(Cancelled):
        window.layers.save(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")

    assert [] == list(tmp_path.iterdir())
