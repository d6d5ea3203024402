"""Drag and drop, File > Open Folder, menus, notifications: in a real window."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from app_model import Application
from app_model.types import SubmenuItem
from napari._qt.dialogs.qt_notification import NapariQtNotification
from napari._qt.dialogs.qt_reader_dialog import QtReaderDialog
from napari.settings import get_settings
from qtpy.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDropEvent
from qtpy.QtWidgets import QApplication, QFileDialog, QLabel, QRadioButton

from cases.build import build_image, zip_store
from napari_ngff.widgets import _work, preference

pytestmark = pytest.mark.window


def drop(viewer, *paths):
    """Let go of files over the canvas, as a file manager would."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    viewer.window._qt_viewer.dropEvent(event)


def readers_of(viewer):
    return [layer.source.reader_plugin for layer in viewer.layers]


@pytest.mark.parametrize("name", ["a.ome.zarr", "no suffix", "ünï cödé.ZARR"])
def test_a_folder_is_dropped(window, tmp_path, name):
    """With the preference of the command, a drop opens at once: no question."""
    preference.use_always()
    store = build_image(tmp_path / name)
    if ".zarr" not in name:
        get_settings().plugins.extension2reader = {"*": "napari-ngff"}

    drop(window, store)

    assert ["napari-ngff"] * 2 == readers_of(window)


def test_several_are_dropped(window, tmp_path):
    """A folder, an archive and a document inside a folder, in one drop."""
    preference.use_always()
    options = {"shape": (8, 8), "axes": "yx", "levels": 1}
    first = build_image(tmp_path / "a.zarr", **options)
    inner = build_image(tmp_path / "b.zarr", version="0.5", **options)
    archive = zip_store(first, tmp_path / "c.ozx")

    drop(window, first, inner / "zarr.json", archive)

    assert ["napari-ngff"] * 3 == readers_of(window)


def test_napari_asks_which_reader(window, tmp_path, monkeypatch):
    """Before any preference there is napari's dialog, and we are in it."""
    store = build_image(tmp_path / "a.zarr")
    offered = []

    def answer(dialog):
        buttons = dialog.findChildren(QRadioButton)
        offered.extend(button.text() for button in buttons)
        next(b for b in buttons if b.text() == "OME-Zarr by napari-ngff").click()
        return 1

    monkeypatch.setattr(QtReaderDialog, "exec_", answer)

    drop(window, store)

    assert "OME-Zarr by napari-ngff" in offered
    assert ["napari-ngff"] * 2 == readers_of(window)


def test_open_folder(window, tmp_path, monkeypatch):
    """File > Open Folder."""
    preference.use_always()
    store = build_image(tmp_path / "a.zarr")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(store))

    command = "napari.window.file.open_folder_dialog"
    app = Application.get_app("test_app")
    app.commands.execute_command(command).result()

    assert ["napari-ngff"] * 2 == readers_of(window)


def texts_shown():
    """Return the text of every notification that is on the screen."""
    return [
        dialog.message.text()
        for dialog in NapariQtNotification._instances
        if dialog.isVisible()
    ]


@pytest.fixture
def notifications(window):
    """Return the texts of the notifications that are shown now."""
    NapariQtNotification._instances.clear()
    yield texts_shown
    for dialog in NapariQtNotification._instances:
        dialog.timer_stop()
    NapariQtNotification._instances.clear()


def test_problems_are_one_notification(window, tmp_path, notifications, qtbot):
    """However many layers and tiles: one, in plain words."""
    evil = "<img src='file:///etc/passwd'>"
    store = build_image(
        tmp_path / "a.zarr",
        shape=(3, 4, 16, 16),
        axes=[
            {"name": "c", "type": "channel"},
            {"name": "z", "type": "space", "unit": evil},
            {"name": "y", "type": "space", "unit": "furlong"},
            {"name": "x", "type": "space", "unit": "furlong"},
        ],
    )

    window.open(str(store), plugin="napari-ngff")
    for z in range(4):
        window.dims.set_current_step(0, z)
        qtbot.wait(20)

    qtbot.waitUntil(lambda: bool(notifications()))
    (text,) = notifications()
    assert "a: units that are not known" == text.splitlines()[0]
    assert "furlong" in text
    for dialog in NapariQtNotification._instances:
        ours = dialog.findChildren(QLabel)
        assert not [x for x in ours if "<img" in x.text()]


def test_a_notification_is_inside_the_canvas(window, tmp_path, notifications, qtbot):
    """The first layer makes the canvas smaller: the buttons can be reached still."""
    scales = [[{"type": "scale", "scale": [f, f]}] for f in (1, 3, 9)]
    store = build_image(
        tmp_path / "a.zarr", shape=(64, 64), axes="yx", levels=3, transforms=scales
    )

    window.open(str(store), plugin="napari-ngff")
    qtbot.waitUntil(lambda: bool(notifications()))
    qtbot.wait(300)

    (dialog,) = NapariQtNotification._instances
    canvas = dialog.parent()
    assert canvas.rect().contains(dialog.geometry())
    assert "off when zoomed out" in dialog.message.text()


def test_the_offer_can_be_taken(window, tmp_path, notifications, qtbot):
    """The first image that opens well comes with an offer, whose button works."""
    window.open(str(build_image(tmp_path / "a.zarr")), plugin="napari-ngff")

    qtbot.waitUntil(lambda: bool(notifications()))
    (text,) = notifications()
    assert "every .zarr" in text
    (dialog,) = NapariQtNotification._instances
    buttons = [dialog.row2.itemAt(i).widget() for i in range(dialog.row2.count())]
    next(
        b for b in buttons if b is not None and getattr(b, "text", str)() == "Always"
    ).click()
    assert preference.is_used_always()

    window.layers.clear()
    drop(window, build_image(tmp_path / "b.ome.zarr"))
    assert ["napari-ngff"] * 2 == readers_of(window)


def test_a_broken_store_is_one_clear_notification(window, tmp_path, notifications):
    """A dropped store that cannot be opened: our words, not a traceback."""
    from napari.utils.notifications import notification_manager

    preference.use_always()
    store = tmp_path / "broken.zarr"
    store.mkdir()
    (store / "zarr.json").write_text('{"zarr_format": 3, <b>')

    try:
        window.open(str(store), plugin="napari-ngff")
    except Exception as error:  # noqa: BLE001 - what napari's excepthook is given
        notification_manager.receive_error(type(error), error)

    (text,) = notifications()
    assert "broken.zarr" in text
    assert "<" not in text
    assert "Traceback" not in text


def test_the_default_plane_is_shown(window, tmp_path):
    """What ``rdefs`` says is where the sliders stand once the image is open."""
    rdefs = {"defaultT": 1, "defaultZ": 5}
    store = build_image(
        tmp_path / "a.zarr",
        shape=(3, 2, 7, 16, 16),
        axes="tczyx",
        omero={"channels": [{"color": "FF0000"}, {"color": "00FF00"}], "rdefs": rdefs},
    )

    window.open(str(store), plugin="napari-ngff")

    assert (1, 5) == window.dims.current_step[:2]


def titles_in(app, menu):
    """Return the titles of a menu, those of its submenus included."""
    found = []
    for item in app.menus.get_menu(menu):
        if isinstance(item, SubmenuItem):
            found += titles_in(app, item.submenu)
        else:
            found.append(item.command.title)
    return found


@pytest.mark.parametrize(
    ("menu", "titles"),
    [
        (
            "napari/file/io_utilities",
            ["Open OME-Zarr…", "Use napari-ngff for Every .zarr"],
        ),
        (
            "napari/layers/data",
            ["Load Level…", "Edit Labels", "Save Labels Back", "Add Labels to Image…"],
        ),
        ("napari/layers/visualize", ["Show as RGB", "Show as Channels"]),
    ],
)
def test_commands_are_in_the_menus(window, menu, titles):
    """Each command is where the manifest puts it."""
    found = titles_in(Application.get_app("test_app"), menu)

    for title in titles:
        assert [True] == [x.startswith(title) for x in found if title in x]


def test_the_sample_is_in_the_menu(window, qtbot):
    """File > Open Sample opens it."""
    app = Application.get_app("test_app")

    app.commands.execute_command("napari-ngff.cells").result()

    assert ["DNA", "tubulin", "nuclei"] == [layer.name for layer in window.layers]


def test_a_command_is_given_the_viewer(window, tmp_path, qtbot):
    """Load Level through the menu: napari hands over the viewer, a layer comes."""
    window.open(str(build_image(tmp_path / "a.zarr")), plugin="napari-ngff")
    window.layers.selection = {window.layers[0]}
    app = Application.get_app("test_app")

    dialog = app.commands.execute_command("napari-ngff.load_level").result()
    assert dialog.isVisible()
    assert dialog.parent() is window.window._qt_window
    dialog.level.setCurrentIndex(1)
    dialog.visible_part.click()
    dialog.accept()
    qtbot.waitUntil(lambda: not _work._under_way, timeout=10_000)

    assert 3 == len(window.layers)
    assert window.layers[2].name.endswith("(level 1)")


def test_the_window_may_be_closed_while_it_works(make_napari_viewer, qtbot):
    """Closing napari ends the work and its thread."""
    viewer = make_napari_viewer(show=True)
    going = threading.Event()

    def task():
        for step in range(1000):
            yield step / 1000
            going.wait(0.01)

    work = _work.Work(
        task, doing="Testing", done=lambda _: None, parent=viewer.window._qt_window
    )
    thread = work.thread_
    qtbot.waitUntil(lambda: work.value() > 0)
    viewer.close()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=15_000)
    qtbot.waitUntil(lambda: work not in _work._under_way)


def test_a_drop_into_the_other_window(make_napari_viewer, window, tmp_path):
    """Not the window used last: the default plane and the lock are there too."""
    from napari import current_viewer

    preference.use_always()
    store = build_image(
        tmp_path / "a.zarr",
        shape=(7, 16, 16),
        axes="zyx",
        levels=1,
        omero={"channels": [{"color": "FFFFFF"}], "rdefs": {"defaultZ": 5}},
        labels={"cells": {}},
    )
    used_last = make_napari_viewer(show=True)
    # What the window system tells a window that the user clicks on.
    QApplication.sendEvent(
        used_last.window._qt_window, QEvent(QEvent.Type.WindowActivate)
    )
    assert current_viewer() is used_last

    drop(window, store)

    assert 5 == window.dims.current_step[0]
    assert not window.layers["cells"].editable
    used_last.add_labels(np.zeros((4, 4), int), name="mine")
    assert used_last.layers["mine"].editable
