"""Borders of chunks on the canvas, where they must be; what the current view costs.

A border's place is worked out here from the shapes alone, and looked for in the picture
of a real window.
"""

from __future__ import annotations

import gzip
import re
from functools import partialmethod
from itertools import product

import numpy as np
import pytest
from napari.utils.notifications import notification_manager
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QApplication

from cases.build import build_image
from napari_ngff import read
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pixels.ahead import ReadAhead
from napari_ngff.storage.pixels.cache import CACHE
from napari_ngff.widgets import _work
from napari_ngff.widgets.layout.overlay import COLORS
from napari_ngff.widgets.saving.save_scope import scope_of

pytestmark = pytest.mark.window

NAMES = ("napari-ngff", "OME-Zarr layout")
SHAPE, CHUNK, SHARD = (2, 6, 72, 104), (1, 2, 12, 16), (1, 4, 24, 48)


@pytest.fixture
def path(tmp_path):
    """Two channels, labels, two levels; no pixel is zero, so no chunk is missing."""
    scale, translation = (2, 0.5, 0.25), (11, 7, -3)
    return build_image(
        tmp_path / "cells.zarr",
        version="0.5",
        shape=SHAPE,
        chunks=CHUNK,
        shards=SHARD,
        scale=(1, *scale),
        translation=(0, *translation),
        labels={"nuclei": {"scale": scale, "translation": translation}},
    )


@pytest.fixture
def shown(window, qtbot, path):
    """Return the viewer, the part of the dock, and the layer; nothing is painted."""
    window.open(str(path), plugin="napari-ngff")
    docked, dock = window.window.add_plugin_dock_widget(*NAMES)
    for layer in window.layers:
        layer.opacity = 0.0
    window.layers.selection.active = window.layers[0]
    view = dock.places.parts["Current view"]
    settle(qtbot, view)
    yield window, view, window.layers[0]
    settle(qtbot, view)
    docked.destroyOnClose()
    QApplication.processEvents()


def settle(qtbot, view):
    """Wait until what was moved is followed, and no file is looked into."""
    timers = view.screen._timers

    def still():
        return not any(t.isActive() for t in timers) and not _work._jobs

    for _ in range(2):
        QApplication.processEvents()
        qtbot.waitUntil(still, timeout=10_000)


def picture(viewer, qtbot, view):
    """Return the canvas once it shows what it will."""
    for _ in range(2):  # napari chooses a level when it draws
        viewer.screenshot(canvas_only=True, flash=False)
        settle(qtbot, view)
    return viewer.screenshot(canvas_only=True, flash=False)[..., :3].astype(float)


def is_of(colour, kind):
    """Tell whether a pixel is painted as a border of a kind, on black."""
    wanted = np.array(QColor(COLORS[kind]).getRgb()[:3])
    length = np.linalg.norm(colour)
    cosine = colour @ wanted / (max(length, 1) * np.linalg.norm(wanted))
    return length > 60 and cosine > 0.98


def check(viewer, qtbot, view, layer, *, least):
    """Compare the canvas with where the borders of the level on screen must be."""
    shot = picture(viewer, qtbot, view)
    level = layer.data_level
    rows, columns = viewer.dims.displayed
    fine, coarse = (np.array(layer.data[i].shape) for i in (0, level))
    point = np.asarray(layer.world_to_data(viewer.dims.point))

    def on_canvas(row, column):
        place = point.copy()
        for axis, edge in ((rows, row), (columns, column)):
            place[axis] = edge * fine[axis] / coarse[axis] - 0.5
        world = np.asarray(layer.data_to_world(place))[list(viewer.dims.displayed)]
        camera = viewer.scene.camera
        centre = np.asarray(camera.center[-2:])
        return (world - centre) * camera.zoom + np.array(shot.shape[:2]) / 2

    def colour(place):
        row, column = np.floor(place).astype(int)
        return shot[row, column]

    seen = {"chunk": 0, "shard": 0}
    for turned, (axis, other) in enumerate([(rows, columns), (columns, rows)]):
        length, chunk, shard = (n[axis] for n in (coarse, CHUNK[1:], SHARD[1:]))
        borders = sorted({*range(0, length, chunk), length})
        middles = np.arange(CHUNK[1:][other] / 2, coarse[other], CHUNK[1:][other])
        for border, middle in product(borders, middles):
            pair = (border, middle) if not turned else (middle, border)
            step = (1, 0) if not turned else (0, 1)
            place = on_canvas(*pair)
            aside = on_canvas(*np.add(pair, step)) - place
            aside *= 5 / np.linalg.norm(aside)
            if (place < 8).any() or (place > np.array(shot.shape[:2]) - 8).any():
                continue
            kind = "shard" if border % shard == 0 or border == length else "chunk"
            assert is_of(colour(place), kind), (border, middle, kind, place)
            assert colour(place + aside).max() < 30, (border, middle)
            assert colour(place - aside).max() < 30, (border, middle)
            seen[kind] += 1
    assert all(count >= least for count in seen.values()), seen


def counting(keys, sized, counted, key, span=None, *, limit):
    """Read as `LocalKeys.sized` does; count what is read of chunks."""
    found = sized(keys, key, span, limit=limit)
    if "/c/" in key:
        counted.append(0 if found is None else len(found[0]))
    return found


def check_volume(viewer, qtbot, view, own):
    """In 3-D nothing is drawn, and that is said; back in 2-D all is as before."""
    viewer.dims.ndisplay = 3
    settle(qtbot, view)
    assert "Borders are drawn in 2-D only." == view.crowded.text()
    assert not len(own.data)
    viewer.dims.ndisplay = 2
    settle(qtbot, view)
    assert len(own.data)
    assert not own.editable


def check_toggle(viewer, qtbot, view, own):
    """The layer stays on top; it goes when asked to; to delete it is to ask so."""
    viewer.add_image(np.zeros((4, 4)))
    settle(qtbot, view)
    assert own is viewer.layers[-1]
    view.borders.setChecked(False)
    assert own not in viewer.layers
    view.borders.setChecked(True)
    viewer.layers.remove(viewer.layers[-1])
    settle(qtbot, view)
    assert not view.borders.isChecked()


def check_unsaved(viewer, before, target):
    """Compare what can be saved with what could be before; save it through napari."""
    assert before == scope_of(viewer).counts
    assert len(viewer.layers) == before["all"] + 1
    notification_manager.records.clear()
    viewer.layers.save(str(target), plugin="napari-ngff")
    assert SHAPE == read(target).levels[0].shape
    assert not [r for r in notification_manager.records if "borders" in r.message]


def check_cursor(viewer, qtbot, view, layer, path):
    """Compare the bytes that are told with the pixels; then point at nothing."""
    viewer.dims.ndisplay = 2
    viewer.dims.order = (0, 1, 2)
    viewer.reset_view()

    viewer.mouse_over_canvas = True
    viewer.dims.set_point(0, 11 + 2 * 3)
    picture(viewer, qtbot, view)
    viewer.cursor.position = tuple(layer.data_to_world((3, 25, 50)))
    settle(qtbot, view)
    place = (0, 3 // 2, 25 // 12, 50 // 16)
    assert place == view.session.cursor
    file = [n // m for n, m in zip((0, 3, 25, 50), SHARD, strict=True)]
    key = "0/c/" + "/".join(map(str, file))
    found = re.search(r"bytes ([\d,]+) to ([\d,]+) ", view.pointed.text())
    assert view.pointed.text().startswith(f"Chunk {place} of level 0: {key}, ")
    start, stop = (int(text.replace(",", "")) for text in found.groups())
    packed = (path / key).read_bytes()[start:stop]
    pixels = np.frombuffer(gzip.decompress(packed), "<u2").reshape(CHUNK[1:])
    stored = np.asarray(layer.data[0][2:4, 24:36, 48:64])
    assert np.array_equal(stored, pixels)

    viewer.cursor.position = (0, -500, -500)
    settle(qtbot, view)
    assert view.session.cursor is None
    assert "Point at" in view.pointed.text()


def test_borders_are_where_chunks_end(shown, qtbot, tmp_path):
    """At both levels, moved, zoomed, with axes transposed, turned; not in 3-D.

    They are never saved, neither by us nor through napari.
    """
    viewer, view, layer = shown
    before = scope_of(viewer).counts
    ranges = viewer.dims.range[0]
    view.borders.setChecked(True)
    check(viewer, qtbot, view, layer, least=20)
    own = viewer.layers[-1]
    assert "Chunk borders" == own.name
    assert layer is viewer.layers.selection.active
    assert not own.editable

    viewer.dims.set_point(0, 11 + 2 * 4)
    viewer.scene.camera.zoom *= 5
    viewer.scene.camera.center = (0, 7 + 18.2, -3 + 12.7)
    check(viewer, qtbot, view, layer, least=1)
    assert len(own.data) < 12

    for layer_ in viewer.layers[:-1]:
        layer_.locked_data_level = 1
    viewer.reset_view()
    check(viewer, qtbot, view, layer, least=5)
    layer.locked_data_level = None

    viewer.dims.order = (1, 0, 2)
    viewer.reset_view()
    check(viewer, qtbot, view, layer, least=5)
    viewer.dims.order = (1, 2, 0)
    check(viewer, qtbot, view, layer, least=5)
    viewer.dims.order = (0, 1, 2)
    settle(qtbot, view)
    assert ranges == viewer.dims.range[0]

    layer.rotate = 30
    viewer.reset_view()
    check(viewer, qtbot, view, layer, least=20)
    layer.rotate = 0

    check_volume(viewer, qtbot, view, own)
    viewer.layers.selection.active = own
    check_unsaved(viewer, before | {"selected": 0}, tmp_path / "new.zarr")
    check_toggle(viewer, qtbot, view, own)


def test_the_cost_is_what_the_store_counts(shown, qtbot, monkeypatch, path):
    """Of all layers together, zoomed, moved, transposed and in 3-D.

    The chunk under the cursor is named with its file, and its bytes there.
    """
    viewer, view, layer = shown
    counted = []

    sized = partialmethod(counting, LocalKeys.sized, counted)
    monkeypatch.setattr(ReadAhead, "after", lambda *_: None)

    def count():
        picture(viewer, qtbot, view)
        CACHE.clear()
        counted.clear()
        with monkeypatch.context() as patch:
            patch.setattr(LocalKeys, "sized", sized)
            for each in viewer.layers:
                each.refresh()
        cost = view.cost.everything
        assert cost.exact
        assert (sum(counted), len(counted)) == (cost.nbytes, cost.requests)
        return cost.nbytes

    whole = count()
    assert view.costs.text().startswith("This view reads ")
    assert {0, 1} == set(view.cost.parts)
    viewer.scene.camera.zoom *= 12
    viewer.layers[1].visible = False
    for each in viewer.layers:  # napari keeps what it has, if that is enough
        each.locked_data_level = 1
        each.locked_data_level = None
    assert count() < whole / 2
    viewer.dims.set_point(0, 11 + 2 * 3)
    count()
    viewer.dims.order = (2, 0, 1)
    count()
    viewer.dims.ndisplay = 3
    count()
    check_cursor(viewer, qtbot, view, layer, path)
