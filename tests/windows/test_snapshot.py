"""The window that ``napari-ngff open`` shows, and the picture that is saved of it.

Here in this process; that the command ends well in its own is in `test_pixels`.
"""

from __future__ import annotations

import napari
import numpy as np
import pytest
from imageio.v3 import imread

from napari_ngff.dataset.sample import sample_of_process
from napari_ngff.widgets import preference, snapshot

pytestmark = pytest.mark.window


@pytest.fixture
def quick(make_napari_viewer, monkeypatch):
    """Have windows settle soon; what is left of one is found."""
    del make_napari_viewer  # it looks for what is left
    monkeypatch.setattr(snapshot, "_SETTLE_S", 0.2)
    preference._offered.clear()
    yield
    preference.reading().reset()
    preference._offered.clear()


@pytest.mark.usefixtures("quick")
def test_a_picture_shows_the_image_in_its_window(tmp_path, monkeypatch, capsys):
    """The whole window, with the layers' names at its side; it is closed again."""
    monkeypatch.chdir(tmp_path)

    code = snapshot.main([str(sample_of_process()), "picture.png"])

    out, _ = capsys.readouterr()
    assert (0, f"{tmp_path / 'picture.png'}\n") == (code, out)
    shot = imread(tmp_path / "picture.png")[..., :3].astype(int)
    assert shot.shape[:2] >= (820, 1200)
    orange = (shot[..., 0] > 150) & (shot[..., 1] > 80) & (shot[..., 2] < 60)
    assert orange.mean() > 0.02
    assert napari.current_viewer() is None


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["gone/picture.png", "folder.png"])
def test_a_window_is_closed_where_no_picture_can_be_saved(tmp_path, capsys, name):
    """The error is a line that names the file: no folder, or a folder."""
    target = tmp_path / name
    (tmp_path / "folder.png").mkdir()

    code = snapshot.main([str(sample_of_process()), str(target)])

    assert 2 == code
    (line,) = capsys.readouterr().err.splitlines()
    assert str(target) in line
    assert napari.current_viewer() is None


@pytest.mark.usefixtures("quick")
def test_a_window_stays_until_it_is_closed(monkeypatch):
    """The image is in it, with a scale bar, when napari begins to wait."""
    seen = []

    def run():
        viewer = napari.current_viewer()
        bar = viewer.canvas.overlays.scale_bar.visible
        seen.append(([layer.name for layer in viewer.layers], bar))
        viewer.close()

    monkeypatch.setattr(napari, "run", run)

    assert 0 == snapshot.main([str(sample_of_process())])
    [(names, bar)] = seen
    assert {"DNA", "tubulin", "nuclei"} <= set(names)
    assert bar


@pytest.mark.usefixtures("quick")
def test_nothing_is_shown_of_what_cannot_be_opened(tmp_path, capsys):
    """One line says why, before there is a window."""
    assert 2 == snapshot.main([str(tmp_path / "gone.zarr")])
    (line,) = capsys.readouterr().err.splitlines()
    assert "gone.zarr" in line
    assert napari.current_viewer() is None


@pytest.mark.usefixtures("quick")
def test_what_never_settles_is_drawn_as_it_is(monkeypatch, qapp):
    """The wait has an end, whatever Qt is busy with."""
    now = np.arange(0.0, 1000.0, 0.1).tolist()
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: now.pop(0))
    monkeypatch.setattr(snapshot, "_SETTLE_S", 1.0)
    monkeypatch.setattr(snapshot, "_PATIENCE_S", 2.0)

    snapshot._settle()

    assert 2.0 < now[0] < 3.0
