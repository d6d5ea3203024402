"""Make the sample image and open napari on it.

    python examples/sample.py FOLDER                  a window
    python examples/sample.py FOLDER --picture FILE   a picture of that window

The sample is written once, as FOLDER/sample.ome.zarr.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import napari
from napari.qt import get_qapp

from napari_ngff.dataset.sample import write_sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()

    store = options.folder / "sample.ome.zarr"
    if not store.exists():
        options.folder.mkdir(parents=True, exist_ok=True)
        write_sample(options.folder)

    viewer = napari.Viewer(show=options.picture is None)
    viewer.open(store, plugin="napari-ngff")
    viewer.canvas.overlays.scale_bar.visible = True
    if options.picture is None:
        napari.run()
    else:
        take_picture(viewer, options.picture)


def take_picture(viewer: napari.Viewer, file: Path) -> None:
    """Save what the window shows once it has been drawn."""
    viewer.window.resize(1200, 800)
    viewer.show()
    for _ in range(20):
        get_qapp().processEvents()
    viewer.screenshot(str(file), canvas_only=False, flash=False)
    viewer.close()


if __name__ == "__main__":
    main()
