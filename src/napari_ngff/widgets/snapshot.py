"""Open napari on an image and save what it shows: ``python -m … PATH PICTURE``.

Knows how to start a window of its own and to end it; nothing of images. Without a
display it is run under ``xvfb-run``.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

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
    """
    import napari

    from napari_ngff.widgets import preference

    preference.skip_offer()
    viewer = napari.Viewer(title="napari-ngff", show=True, show_welcome_screen=False)
    try:
        viewer.canvas.overlays.scale_bar.visible = True
        viewer.window.resize(1200, 820)
        viewer.open(path, plugin="napari-ngff")
        _settle()
        viewer.reset_view()
        _settle()
        target = Path(picture).resolve()
        viewer.screenshot(str(target), canvas_only=False, flash=False)
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
    """Open napari on an image and stay until the user closes it."""
    import napari

    viewer: Any = napari.Viewer(title="napari-ngff", show_welcome_screen=False)
    viewer.canvas.overlays.scale_bar.visible = True
    viewer.open(path, plugin="napari-ngff")
    napari.run()


def main(argv: list[str]) -> int:
    """Run ``PATH`` (show it) or ``PATH PICTURE`` (save a picture of it)."""
    if len(argv) == 1:
        show(argv[0])
        return 0
    sys.stdout.write(f"{render(argv[0], argv[1])}\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Some OpenGL drivers crash when they are unloaded; everything is written by now.
    os._exit(code)
