"""Which layers and which part of a viewer are saved; and what else shows the target.

Knows napari's viewer and layers, which it only reads; knows no Qt.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from napari.layers import Shapes

from napari_ngff.layers.provenance import Provenance, is_overlay
from napari_ngff.layers.writing.region import WHOLE as EVERYTHING
from napari_ngff.layers.writing.region import Region
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.widgets.saving import save_choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.widgets.saving.save_choices import Choices, Which

Side: TypeAlias = tuple[float, float]

_PLANE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """An axis of the viewer that is not displayed, and has more than one position.

    Attributes
    ----------
    axis
        Which.
    name
        What it is called.
    position, count
        Where it is now, counted from 0, and how many positions there are.
    """

    axis: int
    name: str
    position: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What can be saved of a viewer.

    Attributes
    ----------
    counts
        How many layers are saved, by what is chosen.
    rectangles
        Names of the Shapes layers in which there is a rectangle.
    sliders
        Axes that can be cut to where they are now.
    flat
        Whether the canvas shows a plane, which can be cut to what it shows.
    """

    counts: dict[Which, int]
    rectangles: tuple[str, ...]
    sliders: tuple[Slider, ...]
    flat: bool


def scope_of(viewer: Any) -> Scope:
    """Return what can be saved of a viewer."""
    return Scope(
        counts={
            "all": len(chosen_layers(viewer, "all")),
            "visible": len(chosen_layers(viewer, "visible")),
            "selected": len(chosen_layers(viewer, "selected")),
        },
        rectangles=tuple(
            layer.name
            for layer in viewer.layers
            if isinstance(layer, Shapes) and _rectangles(layer)
        ),
        sliders=_sliders(viewer),
        flat=viewer.dims.ndisplay == _PLANE,
    )


def chosen_layers(viewer: Any, which: Which) -> list[Any]:
    """Return the layers that are chosen, in their order; no overlay of ours."""
    layers = [layer for layer in viewer.layers if not is_overlay(layer.metadata)]
    if which == "visible":
        return [layer for layer in layers if layer.visible]
    if which == "selected":
        return [layer for layer in layers if layer in viewer.layers.selection]
    return layers


def data_of(viewer: Any, which: Which) -> list[LayerData]:
    """Return what is to be known of the chosen layers to save them."""
    return [layer.as_layer_data_tuple() for layer in chosen_layers(viewer, which)]


def region_of(viewer: Any, choices: Choices) -> Region:
    """Return which part of the viewer is chosen, in world coordinates."""
    ndim = viewer.dims.ndim
    sides: list[Side | None] = [None] * ndim
    units = list(map(str, viewer.dims.units or ()))
    point = viewer.dims.point
    for axis in choices.current:
        if axis < ndim and axis not in viewer.dims.displayed:
            sides[axis] = (point[axis], point[axis])
    for axis, (side, unit) in _area(viewer, choices.area).items():
        sides[axis] = side
        if units and unit is not None:
            units[axis] = unit
    if all(side is None for side in sides):
        return EVERYTHING
    return Region(sides=tuple(sides), units=tuple(units))


def bystanders(viewer: Any, target: Path, saved: Sequence[Any]) -> list[Any]:
    """Return the layers that show an image without being among those saved."""
    return [
        layer
        for layer in viewer.layers
        if reads_from(layer, target) and layer not in saved
    ]


def shown_from(viewer: Any, store: str) -> list[Any]:
    """Return the layers that show a store, as they remember it."""
    return [
        layer
        for layer in viewer.layers
        if (record := Provenance.from_metadata(layer.metadata)) is not None
        and record.store == store
        and isinstance(_finest(layer), LazyArray)
    ]


def reads_from(layer: Any, target: str | os.PathLike[str]) -> bool:
    """Tell whether a layer reads its pixels from a store when they are looked at."""
    record = Provenance.from_metadata(layer.metadata)
    if record is None or "://" in record.store:
        return False
    if not isinstance(_finest(layer), LazyArray):
        return False
    return os.path.realpath(record.store) == os.path.realpath(target)


def _finest(layer: Any) -> Any:
    return layer.data[0] if getattr(layer, "multiscale", False) else layer.data


def _sliders(viewer: Any) -> tuple[Slider, ...]:
    dims = viewer.dims
    return tuple(
        Slider(
            axis=axis,
            name=str(dims.axis_labels[axis]),
            position=int(dims.current_step[axis]),
            count=int(dims.nsteps[axis]),
        )
        for axis in range(dims.ndim)
        if axis not in dims.displayed and dims.nsteps[axis] > 1
    )


def _area(viewer: Any, area: str) -> dict[int, tuple[Side, str | None]]:
    """Return the sides of the displayed axes, by axis; empty: all of them.

    Each with its unit, where that is not the viewer's.
    """
    if area == save_choices.VIEW:
        return _view(viewer)
    found = [layer for layer in viewer.layers if layer.name == area]
    if area == save_choices.WHOLE or not found or not _rectangles(found[0]):
        return {}
    layer = found[0]
    hidden = viewer.dims.ndim - layer.ndim
    corners = np.concatenate(_rectangles(layer))
    world = np.array([layer.data_to_world(corner) for corner in corners])
    return {
        axis: (
            (
                float(world[:, axis - hidden].min()),
                float(world[:, axis - hidden].max()),
            ),
            str(layer.units[axis - hidden]),
        )
        for axis in viewer.dims.displayed
        if axis >= hidden
    }


def _view(viewer: Any) -> dict[int, tuple[Side, str | None]]:
    """Return what the canvas shows of the plane."""
    if viewer.dims.ndisplay != _PLANE:
        return {}
    centre = viewer.scene.camera.center[-_PLANE:]
    half = [length / viewer.scene.camera.zoom / 2 for length in viewer.canvas.size]
    return {
        axis: ((middle - reach, middle + reach), None)
        for axis, middle, reach in zip(viewer.dims.displayed, centre, half, strict=True)
    }


def _rectangles(layer: Any) -> list[Any]:
    """Return the corners of a layer's rectangles: of those selected, if there are."""
    every = [
        (index, corners)
        for index, (corners, kind) in enumerate(
            zip(layer.data, layer.shape_type, strict=True)
        )
        if kind == "rectangle"
    ]
    selected = [corners for index, corners in every if index in layer.selected_data]
    return selected or [corners for _, corners in every]
