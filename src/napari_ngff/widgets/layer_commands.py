"""What the Layers menu can do with layers that came from OME-Zarr.

Wires layers, dialogs and work together. Each command takes the viewer and answers at
once; what takes time goes on in a thread.
"""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Labels, Layer
from napari.utils.notifications import show_info, show_warning
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QMessageBox

from napari_ngff.core.names import plain
from napari_ngff.layers import extract
from napari_ngff.storage.pixels.memory import check_fits, operation_limit
from napari_ngff.widgets._work import Work, main_window
from napari_ngff.widgets.load_dialog import LoadDialog, Pyramid, in_words, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.extract import Box, Part


def bare(proxy: Any) -> Any:
    """Return the napari object itself.

    napari hands plugins proxies that wrap whatever comes from a module whose name
    begins with "napari", our lazy arrays included.
    """
    return getattr(proxy, "__wrapped__", proxy)


def load_level(viewer: Any) -> LoadDialog | None:
    """Ask for a part of the selected layers and add it as layers in memory."""
    viewer = bare(viewer)
    layers = [x for x in viewer.layers if x in viewer.layers.selection]
    layers = [layer for layer in layers if isinstance(layer, Image | Labels)]
    if not layers:
        show_info("Select an image or labels layer first.")
        return None
    if len({shapes_of(layer) for layer in layers}) > 1:
        show_warning("The selected layers differ in size: select those of one image.")
        return None
    dialog = LoadDialog(_pyramid(viewer, layers), main_window())
    dialog.accepted.connect(lambda: _load(viewer, layers, dialog.part()))
    dialog.open()
    return dialog


def edit_labels(viewer: Any) -> QMessageBox | None:
    """Ask, and replace selected labels by their finest level, editable in memory."""
    viewer = bare(viewer)
    chosen = [x for x in viewer.layers.selection if isinstance(x, Labels)]
    if len(chosen) != 1:
        show_info("Select one labels layer first.")
        return None
    layer = chosen[0]
    if not layer.multiscale and isinstance(layer.data, np.ndarray):
        show_info("These labels can be edited as they are.")
        return None
    shape = shapes_of(layer)[0]
    nbytes = prod(shape) * np.dtype(layer.dtype).itemsize
    check_fits("Editing these labels", nbytes)
    box = QMessageBox(main_window())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Edit Labels")
    box.setText(
        f"Read all {times(shape)} pixels of "
        f"{plain(layer.name, limit=60)} into memory ({in_words(nbytes)})?"
    )
    box.setInformativeText(
        "A copy that can be painted is added; the layer itself is hidden. The file "
        "stays as it is until you save the copy: Layers > Data > Save Labels Back."
    )
    box.setStandardButtons(
        QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel
    )
    box.button(QMessageBox.StandardButton.Ok).setText("Edit")
    box.accepted.connect(lambda: _edit(viewer, layer))
    box.open()
    return box


def shapes_of(layer: Any) -> tuple[tuple[int, ...], ...]:
    """Shape of each level in the layer's axes (an RGB layer's colours left out)."""
    return tuple(tuple(level.shape[: layer.ndim]) for level in _levels(layer))


def view_of(viewer: Any, layer: Any) -> Box:
    """Return what the viewer shows of a layer, in pixels of its finest level."""
    shapes = shapes_of(layer)
    level = layer.data_level if layer.multiscale else 0
    low, high = layer.corner_pixels
    corners = [
        (min(max(0, int(a)), size - 1), max(1, min(size, int(b) + 1)))
        for a, b, size in zip(low, high, shapes[level], strict=True)
    ]
    box = list(extract.rescale(tuple(corners), shapes[level], shapes[0]))
    hidden = viewer.dims.ndim - layer.ndim
    centre = layer.world_to_data(np.asarray(viewer.dims.point)[hidden:])
    for axis in range(layer.ndim):
        if axis + hidden not in viewer.dims.displayed:
            at = min(max(0, round(float(centre[axis]))), shapes[0][axis] - 1)
            box[axis] = (at, at + 1)
    return tuple(box)


def _levels(layer: Any) -> list[Any]:
    return list(layer.data) if layer.multiscale else [layer.data]


def _pyramid(viewer: Any, layers: Sequence[Any]) -> Pyramid:
    first = layers[0]
    return Pyramid(
        names=tuple(layer.name for layer in layers),
        axes=tuple(first.axis_labels),
        shapes=shapes_of(first),
        dtype=", ".join(dict.fromkeys(str(layer.dtype) for layer in layers)),
        pixel_bytes=sum(
            np.dtype(layer.dtype).itemsize * prod(_levels(layer)[0].shape[layer.ndim :])
            for layer in layers
        ),
        view=view_of(viewer, first),
        limit=operation_limit(),
    )


def _load(viewer: Any, layers: Sequence[Any], part: Part) -> Work:
    tuples = [layer.as_layer_data_tuple() for layer in layers]
    for _, state, _ in tuples:
        state["name"] = f"{state['name']} (level {part.level})"
    whole = part == extract.whole(shapes_of(layers[0])[part.level], part.level)
    names = ", ".join(layer.name for layer in layers)
    return Work(
        partial(extract.read_layers, tuples, part),
        doing=f"Reading level {part.level} of {names}",
        done=partial(_add, viewer, layers if whole else ()),
        parent=main_window(),
    )


def _edit(viewer: Any, layer: Any) -> Work:
    data, state, kind = layer.as_layer_data_tuple()
    part = extract.whole(shapes_of(layer)[0], 0)
    state["name"] = f"{state['name']} (editable)"
    state["visible"] = True
    return Work(
        partial(extract.read_layers, [(data, state, kind)], part),
        doing=f"Reading {layer.name}",
        done=partial(_add, viewer, (layer,)),
        parent=main_window(),
    )


def _add(viewer: Any, replaced: Sequence[Any], tuples: list[Any]) -> None:
    """Add layers; those that they show all of are hidden."""
    for layer in replaced:
        layer.visible = False
    added = [viewer.add_layer(Layer.create(*each)) for each in tuples]
    viewer.layers.selection = set(added)
