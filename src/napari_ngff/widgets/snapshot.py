"""Open napari on an image and save what it shows: ``python -m … PATH PICTURE``.

Knows how to start a window of its own and to end it; nothing of images. Without a
display it is run under ``xvfb-run``. napari's own open would refuse ``file://`` and
web addresses without ``.zarr``, which `napari_ngff.read_layers` takes.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, NgffError

_SETTLE_S = 1.0
_PATIENCE_S = 60.0


def render(path: str, picture: str) -> Path:
    """Open an image in a window, wait until it is drawn, save the window's picture.

    Parameters
    ----------
    path
        What napari-ngff can open.
    picture
        The PNG to write.

    Returns
    -------
    Path
        `picture`, absolute.

    Raises
    ------
    NgffError
        If it cannot be opened.
    CannotSave
        If the picture cannot be written.
    """
    from napari_ngff.widgets import preference

    target = Path(picture).resolve()
    if not target.parent.is_dir():
        advice = "Make the folder, or choose another one."
        raise CannotSave(plain(str(target)), "its folder is not there", advice)
    preference.skip_offer()
    viewer = _viewer_on(path)
    try:
        viewer.window.resize(1200, 820)
        _settle()
        viewer.reset_view()
        _settle()
        viewer.screenshot(str(target), canvas_only=False, flash=False)
    except OSError as error:
        reason = plain(error.strerror or str(error))
        raise CannotSave(plain(str(target)), reason) from error
    finally:
        viewer.close()
    return target


def _settle() -> None:
    """Let Qt draw until nothing has been left to do for a while."""
    from qtpy.QtWidgets import QApplication

    start = time.monotonic()
    quiet = start
    while time.monotonic() - quiet < _SETTLE_S:
        before = time.monotonic()
        QApplication.processEvents()
        if time.monotonic() - before > 0.05:
            quiet = time.monotonic()
        if time.monotonic() - start > _PATIENCE_S:
            return
        time.sleep(0.02)


def show(path: str) -> None:
    """Open napari on an image and stay until the user closes it.

    Raises
    ------
    NgffError
        If it cannot be opened.
    """
    import napari

    _viewer_on(path)
    napari.run()


def _viewer_on(path: str) -> Any:
    """Return a window with an image; none is opened where the image cannot be."""
    import napari
    from npe2 import PluginManager

    from napari_ngff.layers.read import read_layers
    from napari_ngff.widgets import open_command, preference

    layers = read_layers(path)
    viewer: Any = napari.Viewer(title="napari-ngff", show_welcome_screen=False)
    PluginManager.instance().activate(preference.PLUGIN)
    viewer.canvas.overlays.scale_bar.visible = True
    open_command.add_to(viewer, layers)
    return viewer


def main(argv: list[str]) -> int:
    """Run ``PATH`` (show it) or ``PATH PICTURE`` (save a picture of it)."""
    try:
        if len(argv) == 1:
            show(argv[0])
        else:
            sys.stdout.write(f"{render(argv[0], argv[1])}\n")
            sys.stdout.flush()
    except NgffError as error:
        sys.stderr.write(f"napari-ngff: {plain(str(error), limit=4096)}\n")
        sys.stderr.flush()
        return 2
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Some OpenGL drivers crash when they are unloaded; everything is written by now.
    os._exit(code)
