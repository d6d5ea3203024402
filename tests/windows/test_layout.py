"""OME-Zarr layout, as a user sees it: the dock, its parts, what is copied."""

from __future__ import annotations

import gc
import json
import weakref
from functools import partial

import pytest
from qtpy.QtWidgets import QApplication

from cases.build import build_image
from napari_ngff.dataset.layout import inspect
from napari_ngff.widgets import _work

pytestmark = pytest.mark.window

NAMES = ("napari-ngff", "OME-Zarr layout")


def has_costs(views):
    return bool(views.costs)


def test_look_check_copy_and_close(window, qtbot, tmp_path):
    """The table has what files show; the report is that of the verb; nothing stays."""
    path = build_image(
        tmp_path / "cells.zarr",
        version="0.5",
        chunks=(1, 2, 8, 8),
        shards=(2, 4, 16, 16),
        labels={"nuclei": {"axes": "zyx", "shape": (4, 16, 16)}},
    )
    docked, dock = window.window.add_plugin_dock_widget(*NAMES)
    QApplication.processEvents()
    assert "No OME-Zarr" == dock.header.title.text()
    assert not dock.places.isVisible()

    window.open(path, plugin="napari-ngff")
    cells, *_, nuclei = window.layers
    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)
    for layer, kind in ((nuclei, "label"), (cells, "image")):
        window.layers.selection.active = layer
        assert kind == dock.session.part.kind
        qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)
    assert "cells.zarr" == dock.header.title.text()
    table = dock.places.parts["Levels"].table
    lines = [table.verticalHeaderItem(row).text() for row in range(table.rowCount())]
    column = {line: table.item(row, 0).text() for row, line in enumerate(lines)}
    assert ("16 of 16", "1") == (column["Chunks stored"], column["Files"])
    table.setCurrentCell(0, 1)
    assert 1 == dock.session.level
    assert not table.isRowHidden(lines.index("Dead bytes"))
    window.layers.selection.active = nuclei
    assert table.isRowHidden(lines.index("Dead bytes"))
    views = dock.places.parts["What other views cost"]
    qtbot.waitUntil(partial(has_costs, views), timeout=10_000)

    dock.foot.json.trigger()
    copied = json.loads(QApplication.clipboard().text())
    assert inspect(path).to_json() == copied
    dock.foot.text.trigger()
    assert inspect(path).text() == QApplication.clipboard().text()

    qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)
    gone = weakref.ref(dock)
    before = dock.styleSheet()
    window.theme = "light"
    assert before != dock.styleSheet()
    docked.destroyOnClose()
    del dock, docked, table, views
    QApplication.processEvents()
    gc.collect()
    assert gone() is None
