"""What is on the screen is the data, where the file puts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cases.build import build_image
from napari_ngff.dataset.sample import sample_of_process

pytestmark = pytest.mark.window

SCALE = (1.5, 0.5)
TRANSLATION = (100.0, -40.0)


def canvas(viewer, qtbot):
    """Return the canvas as it is drawn, shape (height, width, 3)."""
    qtbot.wait(150)
    return viewer.screenshot(canvas_only=True, flash=False)[..., :3]


def on_canvas(viewer, shot, world):
    """Return row and column of the canvas at which the camera puts a place."""
    camera = viewer.scene.camera
    centre = np.asarray(camera.center[-2:])
    return (np.asarray(world) - centre) * camera.zoom + np.array(shot.shape[:2]) / 2


def colour_at(viewer, shot, world):
    row, column = np.floor(on_canvas(viewer, shot, world)).astype(int)
    return shot[row, column]


@pytest.fixture
def square(tmp_path):
    """Return a store: white from rows 40 to 59 and columns 80 to 119, else black."""
    data = np.zeros((128, 256), np.uint8)
    data[40:60, 80:120] = 255
    return build_image(
        tmp_path / "a.zarr",
        shape=data.shape,
        axes="yx",
        dtype="uint8",
        data=data,
        levels=3,
        scale=SCALE,
        translation=TRANSLATION,
        omero={"channels": [{"color": "FFFFFF", "window": {"start": 0, "end": 255}}]},
    )


@pytest.mark.parametrize("zoom", [None, 20.0, 0.5])
def test_a_square_is_drawn_where_it_is(window, qtbot, square, zoom):
    """Its edges lie at the known places of the world, at every level."""
    window.open(str(square), plugin="napari-ngff")
    scale, start = np.array(SCALE), np.array(TRANSLATION)
    # A pixel's centre is its place: its edges are half a pixel away.
    low = start + scale * (np.array((40, 80)) - 0.5)
    high = start + scale * (np.array((60, 120)) - 0.5)
    window.scene.camera.center = tuple((low + high) / 2)
    if zoom is not None:
        window.scene.camera.zoom = zoom
    if zoom == 20.0:
        window.scene.camera.center = tuple(low)
    shot = canvas(window, qtbot)

    slack = np.full(2, 2.0 / window.scene.camera.zoom)
    inside = [low + slack]
    outside = [low - slack, (low[0] - slack[0], low[1] + slack[1])]
    outside.append((low[0] + slack[0], low[1] - slack[1]))
    if zoom != 20.0:
        inside += [
            (low + high) / 2,
            high - slack,
            (low[0] + slack[0], high[1] - slack[1]),
        ]
        outside += [high + slack, (high[0] + slack[0], low[1] + slack[1])]
    for world in inside:
        assert colour_at(window, shot, world).min() > 200, world
    for world in outside:
        assert colour_at(window, shot, world).max() < 60, world


def test_pixels_are_those_of_the_data(window, qtbot, tmp_path):
    """At many places of the world the colour is the datum there."""
    rng = np.random.default_rng(0)
    data = rng.integers(0, 256, (2, 24, 32), dtype=np.uint8)
    store = build_image(
        tmp_path / "a.zarr",
        shape=data.shape,
        axes="zyx",
        dtype="uint8",
        data=data,
        levels=1,
        scale=(3.0, *SCALE),
        translation=(7.0, *TRANSLATION),
        omero={"channels": [{"color": "FFFFFF", "window": {"start": 0, "end": 255}}]},
    )
    window.open(str(store), plugin="napari-ngff")

    for z in (0, 1):
        window.dims.set_point(0, 7.0 + 3.0 * z)
        shot = canvas(window, qtbot)
        for y, x in rng.integers((0, 0), (24, 32), (100, 2)):
            world = np.array(TRANSLATION) + np.array(SCALE) * (y, x)
            colour = colour_at(window, shot, world).astype(int)
            assert abs(colour - int(data[z, y, x])).max() <= 2


def test_labels_lie_on_their_image(window, qtbot):
    """The sample's labels cover the bright nuclei on the screen."""
    window.open(str(sample_of_process()), plugin="napari-ngff")
    nuclei = window.layers["nuclei"]
    window.layers["tubulin"].visible = False
    nuclei.visible = False
    light = canvas(window, qtbot).max(axis=-1).astype(float)
    window.layers["DNA"].visible = False
    nuclei.visible = True
    labelled = canvas(window, qtbot).max(axis=-1) > 20

    assert labelled.mean() > 0.02
    assert light[labelled].mean() > 5 * light[~labelled].mean()


def run_snapshot(*arguments):
    command = [sys.executable, "-m", "napari_ngff.widgets.snapshot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("form", [str, Path.as_uri])
def test_a_picture_of_the_window_is_saved(tmp_path, form):
    """The command that shows the sample without a display leaves a picture."""
    from imageio.v3 import imread

    picture = tmp_path / "picture.png"

    answer = run_snapshot(form(sample_of_process()), str(picture))

    assert answer.returncode == 0, answer.stderr
    assert str(picture) in answer.stdout
    assert "Open every .zarr" not in answer.stdout + answer.stderr
    shot = imread(picture)[..., :3]
    orange = (shot[..., 0] > 150) & (shot[..., 1] > 80) & (shot[..., 2] < 60)
    assert orange.mean() > 0.02


def test_no_picture_of_what_cannot_be_opened(tmp_path):
    """One line says why; no window opens."""
    answer = run_snapshot(str(tmp_path / "gone.zarr"), str(tmp_path / "a.png"))

    assert 2 == answer.returncode
    (line,) = answer.stderr.splitlines()
    assert "gone.zarr" in line
    assert not (tmp_path / "a.png").exists()
