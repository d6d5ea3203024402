"""Whether an image that was saved and read again is the one that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff import read
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.metadata.axes import kind_of, normal_unit
from napari_ngff.metadata.geometry import level_matrix, level_transform
from napari_ngff.metadata.model import Endpoint
from napari_ngff.metadata.spaces import edges_of, path_between
from napari_ngff.metadata.transforms import Identity, assumed_axes, compose, matrix

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.dataset.nodes import LabelData


def save(image: ImageData, target: Path, **options: Any) -> ImageData:
    """Save an image and read it again."""
    [path] = execute(make_plan([image], target, SaveOptions(**options)))
    again = read(path)
    assert isinstance(again, ImageData)
    return again


def seen(image: ImageData) -> dict[str, Any]:
    """Return all that an image shows, so that two of them can be compared.

    In a form that does not depend on the version: axes in the specification's order,
    units by their names, one matrix for where the finest level is.
    """
    axes = image.multiscale.axes
    rank = {"time": 0, "space": 2}
    order = sorted(range(len(axes)), key=lambda i: rank.get(kind_of(axes[i]) or "", 1))
    whole = compose(image.multiscale.levels[0].transform, image.multiscale.transform)
    unsized = assumed_axes(whole, len(axes))
    place = where(image)
    return {
        "axes": [axes[i].name for i in order],
        "kinds": [kind_of(axes[i]) for i in order],
        "units": [None if i in unsized else normal_unit(axes[i].unit) for i in order],
        "orientation": [axes[i].orientation for i in order],
        "pixels": np.asarray(image.levels[0]).transpose(order),
        "matrix": place[np.ix_([*order, len(axes)], [*order, len(axes)])],
        "name": image.multiscale.name,
        "channels": _channels(image),
        "labels": {label.name: _label(label) for label in image.labels},
        "foreign": dict(image.group.foreign),
        "extra": dict(image.group.extra),
        "own": dict(image.multiscale.extra),
    }


def where(image: ImageData) -> np.ndarray:
    """Return where the finest level is: of 0.6 in the world, where there is one."""
    multiscale = image.multiscale
    if any(system.name == "world" for system in multiscale.coordinate_systems):
        way = path_between(
            edges_of(multiscale),
            Endpoint(path=multiscale.levels[0].path),
            Endpoint(name="world"),
        )
        found = matrix(way or Identity(), len(multiscale.axes))
    else:
        found = level_matrix(multiscale, 0)
    return np.eye(len(multiscale.axes) + 1) if found is None else found


def _channels(image: ImageData) -> list[Any]:
    rendering = image.group.rendering
    if rendering is None:
        return []
    return [
        (channel.label, channel.color, channel.window, channel.active, channel.extra)
        for channel in rendering.channels
    ]


def _label(label: LabelData) -> dict[str, Any]:
    found = seen(label.image)
    block = label.image_label
    found["colors"] = dict(block.colors) if block else {}
    found["properties"] = dict(block.properties) if block else {}
    return found


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """Say where two values differ; arrays of numbers by their values."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = dict.fromkeys((*before, *after))
        return [
            found
            for key in keys
            for found in differences(before.get(key), after.get(key), f"{path}/{key}")
        ]
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        if path.endswith("matrix"):
            same = before.shape == after.shape and np.allclose(before, after, rtol=1e-9)
        else:
            same = before.dtype.newbyteorder("=") == after.dtype
            same = same and np.array_equal(before, after, equal_nan=_has_nan(before))
    else:
        same = before == after
    return [] if same else [f"{path}: {before!r} became {after!r}"]


def _has_nan(array: np.ndarray) -> bool:
    return array.dtype.kind == "f"


def check_levels(image: ImageData) -> None:
    """Every level is where the first one and its factors say.

    That is so before an image is turned as a whole.
    """
    shapes = [level.shape for level in image.levels]
    ndim = len(image.multiscale.axes)
    own = [matrix(level.transform, ndim) for level in image.multiscale.levels]
    base = own[0]
    assert base is not None
    scale, offset = np.diagonal(base)[:-1], base[:-1, -1]
    method = "strided" if image.multiscale.method in ("strided", "nearest") else "mean"
    for index, shape in enumerate(shapes):
        found = own[index]
        assert found is not None
        factors = np.diagonal(found)[:-1] / scale
        assert list(shape) == [
            -(-n // round(f)) for n, f in zip(shapes[0], factors, strict=True)
        ]
        expected = level_transform(scale, offset, factors, method)
        assert np.allclose(expected[1], found[:-1, -1])
