"""Change sharding…, as a user sees it: the preview, the new files, the layers after."""

from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtWidgets import QApplication

import napari_ngff
from cases.build import build_image
from napari_ngff.widgets import _work
from napari_ngff.widgets.saving import under_way
from napari_ngff.widgets.saving.save_progress import SaveProgress

pytestmark = pytest.mark.window

NAMES = ("napari-ngff", "OME-Zarr layout")


def planned(qtbot, dialog):
    """Wait until the preview shows what the choices lead to."""
    qtbot.waitUntil(lambda: not dialog._timer.isActive(), timeout=5000)
    qtbot.waitUntil(lambda: dialog._job is None, timeout=10_000)
    return dialog.preview


def test_chunks_go_into_shards_in_place_and_the_layer_shows_them(
    window, qtbot, tmp_path
):
    """The dialog foretells files; what is shown afterwards is the same image."""
    path = build_image(tmp_path / "cells.zarr", version="0.5", chunks=(1, 2, 8, 8))
    before = napari_ngff.read(path)
    pixels = [np.array(level) for level in before.levels]
    files = napari_ngff.inspect(path).levels[0].files
    window.open(path, plugin="napari-ngff")
    _, dock = window.window.add_plugin_dock_widget(*NAMES)
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)

    dialog = dock.change_sharding()
    preview = planned(qtbot, dialog)
    assert f"{files} → 1" == preview.table.item(0, 4).text()
    dialog.form.in_place.setChecked(True)
    planned(qtbot, dialog)
    dialog.button.click()
    qtbot.waitUntil(lambda: not under_way._under_way, timeout=20_000)
    [told] = [w for w in QApplication.topLevelWidgets() if isinstance(w, SaveProgress)]
    assert "Re-sharded cells.zarr" == told.title.text()
    assert "all chunks compared" in told.status.text()
    told.close()

    after = napari_ngff.read(path)
    for expected, level in zip(pixels, after.levels, strict=True):
        np.testing.assert_array_equal(expected, np.asarray(level))
    assert 1 == napari_ngff.inspect(path).levels[0].files
    for layer in window.layers:
        np.asarray(layer.data[0])  # not StoreChanged: it reads the new files
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)
    stored = dock.session.stored(0).stored
    assert stored.shard is not None


def test_what_is_cancelled_or_closed_changes_nothing(window, qtbot, tmp_path):
    """A dialog that is left plans no more, and nothing was written."""
    path = build_image(tmp_path / "cells.zarr", version="0.5", chunks=(1, 2, 8, 8))
    files = sorted(p for p in tmp_path.rglob("*") if p.is_file())
    window.open(path, plugin="napari-ngff")
    _, dock = window.window.add_plugin_dock_widget(*NAMES)
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)

    dialog = dock.change_sharding()
    dialog.reject()
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)

    assert files == sorted(p for p in tmp_path.rglob("*") if p.is_file())
