"""The pictures in the dock: they show what the session shows, and choose in it."""

from functools import partial

import numpy as np
import pytest
from qtpy.QtCore import QPoint, QPointF, Qt

from cases.sharded import document, some_pixels, write
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.dataset.inspecting.pictures import UNKNOWN
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.widgets.layout.level_picture import LevelPictureView
from napari_ngff.widgets.layout.session import Session
from napari_ngff.widgets.layout.shard_picture import ShardPictureView
from napari_ngff.widgets.metadata.look import Colors

SHAPE, SHARD, CHUNK = (4, 40, 33), (2, 16, 16), (1, 4, 8)


@pytest.fixture
def session(tmp_path):
    """Return a session that shows an array of 2 x 3 x 3 shards, one of them damaged."""
    path = write(
        tmp_path / "a", document(SHAPE, SHARD, CHUNK), some_pixels(SHAPE, CHUNK)
    )
    (path / "c/1/2/2").write_bytes(b"too short")
    session = Session()
    session.show(Findings.open(path))
    return session


def scanned(session, reads=100):
    """Look at the files, as the dock does in a thread."""
    findings = session.findings
    found = findings.look((0, 0), budget=Budget(reads=reads), watch=Watch())
    session.keep(findings, (0, 0), found)


def shown(qtbot, view):
    qtbot.addWidget(view)
    view.show_colors(Colors("dark"))
    view.resize(420, 700)
    view.show()
    return view


def center(view, row, column):
    """Return the middle of a cell of the 3 x 3."""
    area, (rows, columns) = view.canvas.area(), view.canvas.picture.shape
    x, y = (column + 0.4) * 16 / columns, (row + 0.4) * 16 / rows
    if column == 2:
        x = 32.5 / columns
    return QPoint(
        round(area.left() + x * area.width()), round(area.top() + y * area.height())
    )


def test_a_level_is_painted_and_a_shard_chosen(qtbot, session):
    """By mouse and by keys; words and frame follow the session."""
    view = shown(qtbot, LevelPictureView(session))
    view.places.go((1, 0, 0))

    assert view.canvas.picture is None
    assert view.words.isHidden()

    scanned(session)
    assert "Click a shard, or use the arrow keys, to choose it." == view.words.text()
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=center(view, 1, 1))
    assert (1, 1, 1) == session.shard
    assert view.words.text().startswith("Shard (1, 1, 1): ")
    assert view.words.text().endswith("File c/1/1/1")
    assert view.canvas.accessibleDescription() in view.words.text()

    for key, place in (
        (Qt.Key.Key_Right, (1, 1, 2)),
        (Qt.Key.Key_Right, (1, 1, 2)),
        (Qt.Key.Key_Down, (1, 2, 2)),
        (Qt.Key.Key_PageUp, (1, 0, 2)),
    ):
        qtbot.keyClick(view.canvas, key)
        assert place == session.shard


def test_the_picture_follows_the_viewer(qtbot, session):
    """Sliders and axes go where the viewer's are; hovering tells of that place."""
    view = shown(qtbot, LevelPictureView(session))
    scanned(session)
    session.look((3, 0, 0), (1, 2))

    assert (1, 0, 0) == view.places.at
    assert [0] == list(view.places.sliders)
    told = view.canvas.hint(QPointF(center(view, 2, 2)))
    assert told.startswith("Shard (1, 2, 2): 9 bytes, its index has 9 bytes")
    assert "" == view.canvas.hint(QPointF(1, 1))

    session.look((3, 20, 0), (0, 2))
    assert [1] == list(view.places.sliders)
    assert (2, 3) == view.canvas.picture.grid
    view.places.sliders[1].setValue(2)
    assert (0, 2, 0) == view.canvas.picture.at


def test_a_picture_is_painted_once(qtbot, session):
    """Choosing another shard paints a frame, and not the cells anew."""
    view = shown(qtbot, LevelPictureView(session))
    scanned(session)
    before = view.canvas.grab().toImage()
    image = view.canvas._image
    session.choose((0, 1, 1))
    after = view.canvas.grab().toImage()

    assert image is not None
    assert view.canvas._image is image
    assert before != after
    view.show_colors(Colors("light"))
    assert view.canvas.grab().toImage() != after


def test_what_a_sample_left_out_is_looked_at(qtbot, session):
    """A button offers it; the picture is then as if all had been looked at."""
    view = shown(qtbot, LevelPictureView(session))
    view.places.go((1, 0, 0))
    scanned(session, reads=3)
    unknown = int((view.canvas.picture.states == UNKNOWN).sum())
    assert not view.further.isHidden()
    assert f"Look at {unknown} more shards" == view.further.text()

    qtbot.mouseClick(view.further, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(view.further.isHidden)
    sampled = view.canvas.picture.states.tolist()
    scanned(session)
    assert sampled == view.canvas.picture.states.tolist()
    assert view.looked.complete


def test_a_level_of_which_nothing_is_known(qtbot):
    """Where nothing is shown, nothing fails."""
    session = Session()
    level = shown(qtbot, LevelPictureView(session))
    shard = shown(qtbot, ShardPictureView(session))
    level.grab()
    shard.grab()

    assert level.canvas.picture is None
    assert shard.canvas.isHidden()


def test_a_level_without_pixels(qtbot, tmp_path):
    """Nothing is painted, which is said."""
    metadata = document((0, 33), (16, 16), (4, 8))
    session = Session()
    path = write(tmp_path / "a", metadata, np.zeros((0, 33), "u2"))
    session.show(Findings.open(path))
    view = shown(qtbot, LevelPictureView(session))
    scanned(session)
    view.grab()

    assert view.canvas.picture is None
    assert "This level has no pixels." == view.canvas.empty
    assert view.words.isHidden()


def test_the_shard_that_is_chosen_is_painted(qtbot, session):
    """Its index is read in a thread; a click and the arrow keys choose a chunk."""
    view = shown(qtbot, ShardPictureView(session))

    assert "Choose a shard in the picture of the level." == view.title.text()
    session.choose((1, 1, 1))
    qtbot.waitUntil(lambda: view.canvas.picture is not None)
    index = session.stored(0).shard((1, 1, 1))
    stored = int((~index.missing).sum())
    order = session.stored(0).files.map_of((1, 1, 1)).order
    assert view.title.text().startswith(
        f"Shard (1, 1, 1): {stored} of 16 chunks, {order} order"
    )
    assert stored == view.sizes.canvas.histogram.count

    area = view.canvas._plot()
    qtbot.mouseClick(
        view.canvas,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(area.left()) + 2, round(area.bottom()) - 5),
    )
    assert view.words.text().startswith("Chunk (")
    assert " from byte 0 on, 1 of " in view.words.text()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    first = np.sort(index.offsets[~index.missing])[1]
    assert f" from byte {first} on, 2 of " in view.words.text()
    assert view.words.text() == view.canvas.accessibleDescription()


def test_the_chunk_under_the_cursor_is_marked(qtbot, session):
    """In the picture of the level, and of the shard if it is in that one."""
    level = shown(qtbot, LevelPictureView(session))
    shard = shown(qtbot, ShardPictureView(session))
    scanned(session)
    session.choose((1, 1, 1))
    qtbot.waitUntil(lambda: shard.canvas.picture is not None)
    index = session.stored(0).shard((1, 1, 1))
    at = np.argwhere(~index.missing)[-1]
    before = shard.canvas.grab().toImage()
    plain = level.canvas.grab().toImage()

    session.point((2 + at[0], 4 + at[1], 2 + at[2]))
    assert before != shard.canvas.grab().toImage()
    assert plain == level.canvas.grab().toImage()
    level.places.go((1, 0, 0))
    level.places.moved.emit()
    marked = level.canvas.grab().toImage()
    session.point((0, 0, 0))
    assert before == shard.canvas.grab().toImage()
    assert marked != level.canvas.grab().toImage()


def test_only_the_last_shard_that_was_chosen_is_shown(qtbot, session):
    """Chosen one after another: those between are not read; what fails is told."""
    view = shown(qtbot, ShardPictureView(session))
    asked = []
    level = session.stored(0)
    read = level.shard
    level.shard = lambda place: asked.append(place) or read(place)
    for place in ((1, 0, 0), (1, 0, 1), (1, 0, 2), (0, 2, 1), (1, 2, 2)):
        session.choose(place)
    words = "Shard (1, 2, 2): its index has 9 bytes"
    qtbot.waitUntil(partial(_begins, view, words))

    assert [(1, 0, 0), (1, 2, 2)] == asked
    assert view.canvas.picture is None


def _begins(view, words):
    assert view.title.text().startswith(words)
