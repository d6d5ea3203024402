"""Which arrays of a store layers show, and what looking at them costs."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Layer

from cases.build import build_image
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.dataset.read import read
from napari_ngff.layers.read import layers_of
from napari_ngff.widgets.layout.on_screen import OnScreen, shown_layer
from napari_ngff.widgets.layout.session import Session
from napari_ngff.widgets.layout.view_asking import (
    cost_of_view,
    position_of,
    views_of_layers,
)


def plane(tmp_path: Path) -> Path:
    """An image of two axes, one level."""
    return build_image(tmp_path / "a.zarr", shape=(32, 32), axes="yx", levels=1)


def colours(tmp_path: Path) -> Path:
    """A picture in red, green and blue, whose colours come first."""
    channels = [{"color": color} for color in ("FF0000", "00FF00", "0000FF")]
    return build_image(
        tmp_path / "a.zarr",
        shape=(3, 32, 32),
        axes="cyx",
        dtype="uint8",
        omero={"channels": channels},
    )


def array(tmp_path: Path) -> Path:
    """An array without a word on what it is."""
    found = zarr.create_array(
        tmp_path / "a.zarr", shape=(4, 32, 32), chunks=(1, 16, 16), dtype="u1"
    )
    found[...] = 1
    return tmp_path / "a.zarr"


def archive(tmp_path: Path) -> Path:
    """An image in a single file."""
    folder = build_image(
        tmp_path / "a.zarr", version="0.5", chunks=(1, 2, 8, 8), shards=(2, 4, 16, 16)
    )
    with zipfile.ZipFile(tmp_path / "a.ozx", "w") as target:
        for file in filter(Path.is_file, sorted(folder.rglob("*"))):
            target.write(file, file.relative_to(folder))
    return tmp_path / "a.ozx"


def inside(tmp_path: Path) -> Path:
    """An image below the root of its store."""
    zarr.create_group(tmp_path / "a.zarr", zarr_format=2)
    return build_image(tmp_path / "a.zarr" / "well" / "0")


def opened(path: Path) -> tuple[Any, Session]:
    viewer: Any = ViewerModel()
    for layer in layers_of(read(path)):
        viewer.add_layer(Layer.create(*layer))
    session = Session()
    session.show(Findings.open(path))
    return viewer, session


@pytest.mark.parametrize("build", [plane, colours, array, archive, inside])
def test_every_kind_of_image_has_a_cost(qtbot: Any, tmp_path: Path, build: Any) -> None:
    """Its layers are found again in the store, and where the viewer stands there."""
    viewer, session = opened(build(tmp_path))
    screen = OnScreen(viewer)
    findings = session.findings
    assert findings is not None
    layers = screen.layers(findings)
    assert len(viewer.layers) == len(layers)
    main = screen.main(findings, 0)
    cost = cost_of_view(findings, views_of_layers(layers, viewer.dims))
    position, displayed = position_of(main, viewer.dims, session, screen.view())
    screen.stop()

    assert cost is not None
    assert cost.drawn.exact
    assert cost.drawn.stored == cost.drawn.chunks > 0
    shape = session.stored(0).stored.shape
    assert (len(shape) - 2, len(shape) - 1) == displayed
    assert all(0 <= at < n for at, n in zip(position, shape, strict=True))


def test_layers_of_other_stores_are_not_of_this_one(qtbot: Any, tmp_path: Path) -> None:
    """Nor are layers in memory, hidden ones, or those without a store."""
    viewer, session = opened(plane(tmp_path))
    own = viewer.layers[0]
    other = build_image(tmp_path / "b.zarr", shape=(32, 32), axes="yx")
    for layer in layers_of(read(other)):
        viewer.add_layer(Layer.create(*layer))
    viewer.add_image(np.zeros((8, 8)))
    viewer.add_image(np.zeros((8, 8)), metadata=dict(own.metadata))

    found = [shown_layer(layer, session.findings) for layer in viewer.layers]
    assert [True, False, False, False] == [each is not None for each in found]
    screen = OnScreen(viewer)
    own.visible = False
    assert [] == screen.layers(session.findings)
    assert screen.main(session.findings, 0) is None
    assert (None, None) == position_of(None, viewer.dims, session, None)
    screen.stop()
