"""Save As OME-Zarr…, as a user does it: dialog, progress, cancel, replace, close."""

from __future__ import annotations

import time

import numpy as np
import pytest
from app_model import Application
from napari.utils.notifications import notification_manager
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QApplication, QMessageBox

import napari_ngff
from napari_ngff.core.problems import Cancelled, PartlySaved
from napari_ngff.storage.chunks.compression import Compression
from napari_ngff.widgets import _work, file_menu
from napari_ngff.widgets.saving import save_choices, save_command, saving, under_way
from napari_ngff.widgets.saving.save_dialog import SaveDialog
from napari_ngff.widgets.saving.save_progress import SaveProgress
from napari_ngff.widgets.saving.save_words import TIMES

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _all_has_ended(qtbot, tmp_path_factory, monkeypatch):
    """No save, plan or choice outlives a test; what is shown is closed."""
    last = tmp_path_factory.mktemp("settings") / "last.json"
    monkeypatch.setattr(save_choices, "_path", lambda: last)
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, SaveDialog | SaveProgress):
            widget.close()
    qtbot.waitUntil(
        lambda: not under_way._under_way and not _work._jobs, timeout=10_000
    )


def pixels(*shape):
    return np.random.default_rng(0).integers(0, 4000, shape, "u2")


def ready(qtbot, dialog):
    """Wait until what is chosen can be saved."""
    qtbot.waitUntil(dialog.save.isEnabled, timeout=10_000)
    return dialog


def settled(qtbot, dialog):
    """Wait until it is known what the choices lead to."""
    qtbot.waitUntil(lambda: dialog._fresh, timeout=10_000)
    return dialog


def ask(qtbot, viewer, target):
    dialog = save_command.ask(viewer)
    dialog.target.line.setText(str(target))
    return settled(qtbot, dialog)


def begin(dialog):
    """Press Save, and return the window that shows the progress."""
    dialog.save.click()
    (save,) = under_way._under_way
    return save.progress


def finished(qtbot, progress):
    qtbot.waitUntil(progress.done_.isVisible, timeout=30_000)
    return progress


def is_gone(widget):
    """Whether a window has been closed; Qt may have deleted it by then."""
    try:
        return not widget.isVisible()
    except RuntimeError:
        return True


def test_the_menus(window, qtbot):
    """The command is in IO Utilities, and in the File menu once we are in use."""
    app = Application.get_app("test_app")
    remove = file_menu.add_save_as("test_app")
    window.add_image(pixels(20, 30), name="cells")

    menu = window.window.file_menu
    titles = [action.text() for action in menu.actions()]
    assert "Save As OME-Zarr…" in titles
    app.commands.execute_command("napari-ngff.save_as_in_file").result()
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, SaveDialog)]
    assert [True] == [dialog.isVisible() for dialog in shown]
    assert not shown[0].isModal()
    app.commands.execute_command("napari-ngff.save_as").result()
    assert 1 == len(window.window._qt_window.findChildren(SaveDialog))
    remove()
    titles = [action.text() for action in window.window.file_menu.actions()]
    assert "Save As OME-Zarr…" not in titles


def test_a_save_and_a_look(window, qtbot, tmp_path):
    """Without a change it saves all layers; then it can be looked at."""
    image = pixels(4, 40, 50)
    window.add_image(image, scale=(2, 0.5, 0.5), units="um", name="cells")
    window.add_labels((image > 9).astype("u1"), scale=(2, 0.5, 0.5), units="um")

    dialog = ready(qtbot, ask(qtbot, window, tmp_path / "a"))
    progress = finished(qtbot, begin(dialog))

    assert "Saved a.ome.zarr" == progress.title.text()
    assert is_gone(dialog)
    found = napari_ngff.read(tmp_path / "a.ome.zarr")
    np.testing.assert_array_equal(image, found.levels[0])
    assert 1 == len(found.labels)
    progress.show_it.click()
    qtbot.waitUntil(lambda: len(window.layers) == 4, timeout=10_000)
    assert is_gone(progress)


def test_the_plan_follows_the_viewer(window, qtbot, tmp_path):
    """Layers, sliders and the rectangle: what is shown is what is saved."""
    image = pixels(6, 40, 50)
    window.add_image(image, name="cells", axis_labels="zyx")
    dialog = ready(qtbot, ask(qtbot, window, tmp_path / "a"))

    window.dims.set_current_step(0, 4)
    settled(qtbot, dialog)
    qtbot.waitUntil(lambda: "z = 4" in dialog.region.boxes[0].text())
    dialog.region.boxes[0].setChecked(True)
    rectangle = [[10, 20], [10, 40], [30, 40], [30, 20]]
    window.add_shapes([rectangle], shape_type="rectangle", name="crop")
    qtbot.waitUntil(lambda: dialog.region.area.count() == 3, timeout=5000)
    dialog.region.area.choose("crop")
    qtbot.waitUntil(lambda: "1 x 21 x 21" in table(dialog), timeout=5000)
    finished(qtbot, begin(ready(qtbot, dialog)))

    saved = napari_ngff.read(tmp_path / "a.ome.zarr")
    np.testing.assert_array_equal(image[4:5, 10:31, 20:41], saved.levels[0])


def table(dialog):
    """Return the text of the plan."""
    tree, texts = dialog.plan, []
    for i in range(tree.topLevelItemCount()):
        top = tree.topLevelItem(i)
        items = (top, *(top.child(k) for k in range(top.childCount())))
        texts += [[item.text(c) for c in range(tree.columnCount())] for item in items]
    return "\n".join(" | ".join(row) for row in texts).replace(TIMES, " x ")


def test_the_canvas_is_saved(window, qtbot, tmp_path):
    """Zoomed in, only what is seen is written, and it stays where it was."""
    image = pixels(400, 600)
    layer = window.add_image(image, name="cells")
    window.scene.camera.zoom = 8
    window.scene.camera.center = (0, 100, 200)
    dialog = ready(qtbot, ask(qtbot, window, tmp_path / "a"))
    dialog.region.area.choose("view")
    qtbot.waitUntil(lambda: "400 x 600" not in table(dialog), timeout=5000)
    height, width = window.canvas.size
    finished(qtbot, begin(ready(qtbot, dialog)))

    window.open(str(tmp_path / "a.ome.zarr"), plugin="napari-ngff")
    saved = window.layers[-1]
    rows, columns = saved.data.shape
    assert abs(rows - height / 8) <= 2
    assert abs(columns - width / 8) <= 2
    y, x = (round(float(t)) for t in saved.translate)
    np.testing.assert_array_equal(layer.data[y : y + rows, x : x + columns], saved.data)


def test_losses_and_questions_are_in_the_page(window, qtbot, tmp_path):
    """A turned image: it is asked what to do, beneath the rows, before anything."""
    window.add_image(pixels(40, 50), rotate=20, gamma=0.5, name="cells")

    dialog = ask(qtbot, window, tmp_path / "a")

    assert not dialog.save.isEnabled()
    assert "gamma" in dialog.report.text()
    box = dialog.questions.boxes["affine"]
    assert box.isVisible()
    box.choose("resample")
    ready(qtbot, dialog)
    assert "resample" == dialog.choices().options.affine
    box.choose("0.6")
    ready(qtbot, dialog)
    assert "0.6" == dialog.choices().options.version
    assert [] == list(tmp_path.iterdir())


def slow(monkeypatch, gate):
    """Let every save wait at its half until `gate` is filled."""
    real = saving.execute

    def execute(plan, *, progress, cancelled):
        for step in range(2000):
            progress(min(step / 200, 0.5))
            if cancelled():
                raise Cancelled("a.ome.zarr")
            if gate:
                return real(plan, cancelled=cancelled)
            time.sleep(0.005)
        raise AssertionError

    monkeypatch.setattr(saving, "execute", execute)


def test_the_viewer_stays_usable(window, qtbot, tmp_path, monkeypatch):
    """While it is saved, layers can be moved through; progress is painted."""
    gate = []
    slow(monkeypatch, gate)
    window.add_image(pixels(5, 40, 50))
    progress = begin(ready(qtbot, ask(qtbot, window, tmp_path / "a")))

    qtbot.waitUntil(lambda: progress.bar.value() > 100, timeout=5000)
    window.dims.set_current_step(0, 4)
    window.add_points([[1, 1, 1]])

    assert not progress.isModal()
    assert "%" in progress.status.text()
    gate.append(1)
    finished(qtbot, progress)
    assert ["a.ome.zarr"] == [path.name for path in tmp_path.iterdir()]


def test_cancel_leaves_nothing(window, qtbot, tmp_path):
    """Of a real save, in the middle."""
    window.add_image(pixels(48, 1024, 1024))
    dialog = ready(qtbot, ask(qtbot, window, tmp_path / "a"))
    notification_manager.records.clear()

    progress = begin(dialog)
    progress.cancel.click()
    qtbot.waitUntil(lambda: not under_way._under_way, timeout=20_000)

    assert [] == list(tmp_path.iterdir())
    assert "was cancelled" in notification_manager.records[-1].message


def test_an_error_is_told_in_the_window(window, qtbot, tmp_path):
    """The folder goes while the user looks at the plan."""
    folder = tmp_path / "gone"
    folder.mkdir()
    window.add_image(pixels(40, 50))
    dialog = ready(qtbot, ask(qtbot, window, folder / "a"))
    folder.rmdir()

    progress = finished(qtbot, begin(dialog))

    assert "a.ome.zarr was not saved" == progress.title.text()
    assert "gone" in progress.status.text()
    assert not progress.show_it.isVisible()


def test_what_of_several_was_saved_is_shown(window, qtbot, tmp_path, monkeypatch):
    """The layers of those follow, and it is said what was not."""
    image = pixels(2, 4, 40, 50)
    store = an_image(tmp_path / "a.ome.zarr", image)
    window.open(str(store), plugin="napari-ngff")
    execute = saving.execute

    def partly(*args, **options):
        execute(*args, **options)
        raise PartlySaved("b.ome.zarr", "the disk is gone", "", saved=(str(store),))

    monkeypatch.setattr(saving, "execute", partly)
    dialog = ask(qtbot, window, store)
    dialog.target.replace.setChecked(True)

    progress = finished(qtbot, begin(ready(qtbot, dialog)))

    assert "a.ome.zarr was saved in part" == progress.title.text()
    assert "the disk is gone" in progress.status.text()
    assert "Shown anew" in progress.details.text()
    np.testing.assert_array_equal(image[0], window.layers[0].data)


def an_image(path, image):
    """Write an image with labels, otherwise than the dialog would."""
    return napari_ngff.write(
        path,
        image,
        axes="czyx",
        scale={"z": 2, "y": 0.5, "x": 0.5},
        units="micrometer",
        labels={"nuclei": (image[0] > 2000).astype("u1")},
        chunks={"y": 64, "x": 64},
        levels=2,
        compression=Compression(name="zstd"),
    )


def change_nothing(qtbot, window, dialog):
    return (slice(None),) * 4


def change_chunks(qtbot, window, dialog):
    dialog.storage.chunks["y"].setValue(50)
    return (slice(None),) * 4


def change_codec(qtbot, window, dialog):
    dialog.storage.codec.choose("gzip")
    return (slice(None),) * 4


def change_shards(qtbot, window, dialog):
    dialog.storage.sharded.setChecked(False)
    return (slice(None),) * 4


def change_region(qtbot, window, dialog):
    corners = [[0, 10, 20], [0, 10, 60], [0, 80, 60], [0, 80, 20]]
    window.add_shapes([corners], shape_type="rectangle", name="crop", units="um")
    qtbot.waitUntil(lambda: dialog.region.area.count() == 3, timeout=5000)
    dialog.region.area.choose("crop")
    return (slice(None), slice(None), slice(20, 161), slice(40, 121))


CHANGES = {
    "chunks": change_chunks,
    "codec": change_codec,
    "no shards": change_shards,
    "crop": change_region,
    "one level": change_nothing,
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_an_open_image_is_replaced_by_itself(window, qtbot, tmp_path, change):
    """Layers that read from what is replaced show the new image, and it is said."""
    image = pixels(2, 6, 300, 400)
    store = an_image(tmp_path / "a.ome.zarr", image)
    window.open(str(store), plugin="napari-ngff")
    layers = list(window.layers)
    layers[0].contrast_limits = (5, 77)
    dialog = ask(qtbot, window, store)
    said = dialog.target.said.text().replace(TIMES, " x ")
    assert "Replaces a.ome.zarr: 2 x 6 x 300 x 400 (czyx)" in said
    assert not dialog.save.isEnabled()
    dialog.storage.levels.setValue(1 if change == "one level" else 2)
    part = CHANGES[change](qtbot, window, dialog)
    settled(qtbot, dialog)
    dialog.target.replace.setChecked(True)

    progress = finished(qtbot, begin(ready(qtbot, dialog)))

    assert "Saved a.ome.zarr" == progress.title.text()
    assert "Shown anew" in progress.details.text()
    assert [store] == list(tmp_path.iterdir())
    if change == "one level":  # which napari can only show in another layer
        assert [layer.name for layer in layers] == [x.name for x in window.layers]
        layers = list(window.layers)
    for index, layer in enumerate(layers[:2]):
        assert layer in window.layers
        np.testing.assert_array_equal(image[index][part[1:]], finest(layer))
    np.testing.assert_array_equal(image[0][part[1:]] > 2000, finest(layers[2]))
    assert (5, 77) == tuple(layers[0].contrast_limits)
    assert not layers[2].editable
    for z in range(6):
        window.dims.set_current_step(0, z)
        qtbot.wait(5)
    assert (2, 0.5, 0.5) == tuple(layers[0].scale)
    moved = (0, 10, 20) if change == "crop" else (0, 0, 0)
    np.testing.assert_allclose(layers[0].translate, moved)


def finest(layer):
    return layer.data[0] if layer.multiscale else layer.data


def test_labels_of_the_replaced_image(window, qtbot, tmp_path):
    """They move over unless the user says that they may go."""
    store = an_image(tmp_path / "a.ome.zarr", pixels(2, 6, 300, 400))
    window.add_image(pixels(6, 300, 400), scale=(2, 0.5, 0.5), units="um")

    dialog = ask(qtbot, window, store)

    assert dialog.old_labels.isVisible()
    assert "kept labels nuclei" in table(dialog)
    dialog.old_labels.choose("drop")
    settled(qtbot, dialog)
    qtbot.waitUntil(lambda: "nuclei" not in table(dialog), timeout=5000)
    assert not dialog.save.isEnabled()
    dialog.target.replace.setChecked(True)
    finished(qtbot, begin(ready(qtbot, dialog)))
    assert () == napari_ngff.read(store).labels


def test_what_is_foreign_is_never_replaced(window, qtbot, tmp_path):
    """It is named, and no box can allow it."""
    store = an_image(tmp_path / "a.ome.zarr", pixels(2, 6, 300, 400))
    (store / "thesis.docx").write_text("years of work")
    window.add_image(pixels(6, 300, 400))

    dialog = ask(qtbot, window, store)

    assert "thesis.docx" in dialog.report.text()
    assert dialog.target.replace.isHidden()
    assert not dialog.save.isEnabled()


def test_several_images(window, qtbot, tmp_path):
    """Side by side, or together on request; the names are shown before."""
    window.add_image(pixels(40, 50), name="a")
    window.add_image(pixels(30, 30), name="b")
    dialog = ready(qtbot, ask(qtbot, window, tmp_path / "x"))

    assert "x_a.ome.zarr" in dialog.target.said.text()
    dialog.several.choose("series")
    finished(qtbot, begin(ready(qtbot, dialog)))

    assert ["x.ome.zarr"] == [path.name for path in tmp_path.iterdir()]


def test_text_of_layers_is_plain(window, qtbot, tmp_path):
    """No name of a layer is taken for HTML, and none makes the dialog too wide."""
    window.add_image(pixels(40, 50), name="<b>x</b> " + "long " * 60, gamma=0.5)
    window.add_points([[1, 1]], name="<img src='file:///etc/passwd'>")

    dialog = ask(qtbot, window, tmp_path / "a")

    assert "<" not in dialog.report.text() + table(dialog)
    assert dialog.width() <= dialog.screen().availableGeometry().width()
    assert dialog.scroll.widget().width() <= dialog.scroll.viewport().width()


def closing(window):
    """Close napari as the window system does; return the question that is asked."""
    main = window.window._qt_window
    main.close()
    boxes = main.findChildren(QMessageBox)
    assert main.isVisible()
    return next(box for box in boxes if box.isVisible())


def press(box, text):
    next(b for b in box.buttons() if b.text() == text).click()


@pytest.fixture
def busy(make_napari_viewer, qtbot, tmp_path, monkeypatch):
    """Return a viewer with a save under way, its gate and its progress."""
    gate = []
    slow(monkeypatch, gate)
    viewer = make_napari_viewer(show=True)
    viewer.add_image(pixels(40, 50))
    progress = begin(ready(qtbot, ask(qtbot, viewer, tmp_path / "a")))
    qtbot.waitUntil(lambda: progress.bar.value() > 50, timeout=5000)
    return viewer, gate, progress


@pytest.fixture
def kept(busy):
    """Return the same; the window is only hidden when it is closed.

    napari's fixture wants to close it once more.
    """
    viewer, _, _ = busy
    viewer.window._qt_window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return busy


def test_napari_is_not_closed_on_a_save(kept, qtbot, tmp_path):
    """The user does not want to close: all goes on."""
    viewer, gate, progress = kept

    press(closing(viewer), "Don't Close")
    gate.append(1)
    finished(qtbot, progress)

    assert viewer.window._qt_window.isVisible()
    assert ["a.ome.zarr"] == [path.name for path in tmp_path.iterdir()]


def test_napari_waits_for_a_save(kept, qtbot, tmp_path):
    """The user waits: it closes when the save has ended."""
    viewer, gate, _ = kept
    main = viewer.window._qt_window

    press(closing(viewer), "Wait, Then Close")
    qtbot.wait(50)
    assert main.isVisible()
    gate.append(1)
    qtbot.waitUntil(lambda: is_gone(main), timeout=10_000)

    assert (40, 50) == napari_ngff.read(tmp_path / "a.ome.zarr").levels[0].shape


def test_napari_closes_and_the_save_ends(kept, qtbot, tmp_path):
    """The user cancels the save: it closes, and nothing is left."""
    viewer, _, _ = kept
    main = viewer.window._qt_window

    press(closing(viewer), "Cancel Save and Close")
    qtbot.waitUntil(lambda: is_gone(main), timeout=10_000)

    assert [] == list(tmp_path.iterdir())
    assert not under_way._under_way


def test_a_script_closes_napari(busy, qtbot, tmp_path):
    """Nobody can be asked: the save has ended cleanly before the window goes."""
    viewer, _, _ = busy
    (save,) = under_way._under_way

    viewer.close()

    assert not save.job.thread_.is_alive()
    assert [] == list(tmp_path.iterdir())
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not under_way._under_way, timeout=5000)
