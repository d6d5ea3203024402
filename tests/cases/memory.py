"""Nodes made by hand, without a store: what reading would give, over numpy arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.model import Group, Level, Multiscale, Rendering
from napari_ngff.metadata.transforms import (
    Affine,
    Identity,
    Scale,
    Sequence,
    Transform,
    Translation,
)
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.pixels.source import NumpySource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Items

    from napari_ngff.metadata.model import ImageLabel

TYPES = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}
UNITS = {"time": "second", "space": "micrometer"}


def axis(name: str, **more: Any) -> Axis:
    """Make an axis of the usual type and unit."""
    kind = TYPES.get(name)
    return Axis(**({"name": name, "type": kind, "unit": UNITS.get(kind or "")} | more))


def lazy(array: Any, chunks: tuple[int, ...] = ()) -> LazyArray:
    """Make a lazy array of numbers."""
    return LazyArray(NumpySource(np.asarray(array), chunks))


def ramp(*shape: int, dtype: str = "uint16") -> np.ndarray:
    """Make pixels that are all different, as far as the type allows."""
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


def scaled(scale: Items[float], translation: Items[float] | None = None) -> Transform:
    """Make a level's usual transformation."""
    if translation is None:
        return Scale(tuple(scale))
    return Sequence((Scale(tuple(scale)), Translation(tuple(translation))))


def affine(matrix: Any) -> Transform:
    """Make an affine of rows with the offset last."""
    return Affine(tuple(tuple(float(x) for x in row) for row in matrix))


def image(
    levels: Any,
    axes: str | Items[Axis] = "yx",
    *,
    transform: Transform | None = None,
    whole: Transform | None = None,
    rendering: Rendering | None = None,
    labels: Iterable[LabelData] = (),
    name: str | None = None,
    node: str = "",
    index: int = 0,
    **more: Any,
) -> ImageData:
    """Make an image of one array or of a list of levels."""
    arrays = levels if isinstance(levels, list) else [levels]
    lazies = tuple(a if isinstance(a, LazyArray) else lazy(a) for a in arrays)
    own = transform or Identity()
    multiscale = Multiscale(
        name=name,
        axes=tuple(axis(a) if isinstance(a, str) else a for a in axes),
        levels=tuple(Level(path=str(i), transform=own) for i in range(len(lazies))),
        transform=whole or Identity(),
        **more,
    )
    return ImageData(
        store="folder/sample.ome.zarr",
        node=node,
        index=index,
        group=Group(
            version="0.5",
            dialect="0.5",
            multiscales=(multiscale,),
            rendering=rendering,
        ),
        multiscale=multiscale,
        levels=lazies,
        labels=tuple(labels),
    )


def label(
    levels: Any,
    axes: str | Items[Axis] = "yx",
    *,
    name: str = "cells",
    block: ImageLabel | None = None,
    parent: str | None = "",
    **more: Any,
) -> LabelData:
    """Make a label image."""
    pixels = image(levels, axes, node=f"labels/{name}", **more)
    return LabelData(name=name, image=pixels, image_label=block, parent=parent)
