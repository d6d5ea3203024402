"""What is at a location, as plain values: for ``info`` and whoever wants to print it.

Knows nodes and turns them into JSON types; knows nothing of terminals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.dataset.nodes import ArrayData, CollectionData, ImageData, LabelData
from napari_ngff.dataset.reading.images import title
from napari_ngff.metadata.axes import normal_unit
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import Node
    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Channel, Window
    from napari_ngff.storage.lazy import LazyArray


def describe(node: Node) -> dict[str, Any]:
    """Describe what was opened in JSON types.

    Returns
    -------
    dict
        ``kind`` ("image", "label", "array", "collection"), ``store``, ``node``,
        ``problems``, and by kind: ``name``, ``version``, ``axes``, ``levels`` (each
        with ``shape``, ``chunks``, ``dtype``, ``nbytes``, ``scale``, ``translation``,
        or ``matrix`` where those do not tell all), ``channels``, ``labels``;
        ``collection``, ``paths`` and ``children``. Numbers in axis order of the array
        and units of the axes.
    """
    return _DESCRIBE[type(node)](node)


def _image(image: ImageData) -> dict[str, Any]:
    rendering = image.group.rendering
    return {
        "kind": "image",
        "store": image.store,
        "node": image.node,
        "index": image.index,
        "name": title(image),
        "version": image.group.version,
        "dialect": image.group.dialect,
        "axes": [_axis(axis) for axis in image.multiscale.axes],
        "levels": [_level(image, index) for index in range(len(image.levels))],
        "channels": [_channel(c) for c in rendering.channels] if rendering else [],
        "labels": [_label(label) for label in image.labels],
        "problems": problems_as_json(image.problems),
    }


def _axis(axis: Axis) -> dict[str, Any]:
    unit = normal_unit(axis.unit)
    return {"name": axis.name, "type": axis.type, "unit": unit or axis.unit}


def _level(image: ImageData, index: int) -> dict[str, Any]:
    place: dict[str, Any] = {"scale": None, "translation": None}
    matrix = level_matrix(image.multiscale, index)
    if matrix is not None:
        parts = scale_and_translation(matrix)
        if parts is None:
            place["matrix"] = matrix[:-1].tolist()
        else:
            place = {"scale": list(parts[0]), "translation": list(parts[1])}
    path = image.multiscale.levels[index].path
    return {"path": path} | _pixels(image.levels[index]) | place


def _pixels(array: LazyArray) -> dict[str, Any]:
    return {
        "shape": list(array.shape),
        "chunks": list(array.chunks),
        "dtype": array.dtype.name,
        "nbytes": array.nbytes,
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "label": channel.label,
        "color": channel.color,
        "window": _window(channel.window),
        "active": channel.active,
    }


def _window(window: Window | None) -> dict[str, float | None] | None:
    if window is None:
        return None
    return {
        "start": window.start,
        "end": window.end,
        "min": window.min,
        "max": window.max,
    }


def _label(label: LabelData) -> dict[str, Any]:
    block = label.image_label
    own = {
        "kind": "label",
        "label": label.name,
        "parent": label.parent,
        "colors": len(block.colors) if block else 0,
        "properties": len(block.properties) if block else 0,
    }
    return _image(label.image) | own


def _array(array: ArrayData) -> dict[str, Any]:
    names = array.dimension_names
    return {
        "kind": "array",
        "store": array.store,
        "node": array.node,
        "dimension_names": None if names is None else list(names),
        **_pixels(array.array),
        "problems": problems_as_json(array.problems),
    }


def _collection(collection: CollectionData) -> dict[str, Any]:
    return {
        "kind": "collection",
        "collection": collection.kind,
        "store": collection.store,
        "node": collection.node,
        "paths": list(collection.paths),
        "children": [describe(child) for child in collection.children],
        "problems": problems_as_json(collection.problems),
    }


def problems_as_json(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    """Return problems in JSON types; ``pointer`` is the JSON pointer of ``loc``."""
    return [
        {
            "level": problem.level,
            "kind": problem.kind,
            "node": problem.node,
            "loc": list(problem.loc),
            "pointer": problem.pointer,
            "message": problem.message,
        }
        for problem in problems
    ]


_DESCRIBE: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    ImageData: _image,
    LabelData: _label,
    ArrayData: _array,
    CollectionData: _collection,
}
