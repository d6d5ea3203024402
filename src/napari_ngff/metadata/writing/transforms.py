"""Coordinate transformations to JSON: every type of 0.6, and the lists before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Translation,
    Unknown,
    is_rotation,
)
from napari_ngff.metadata.writing.values import without_none

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari_ngff.metadata.transforms import Transform


def is_writable(transform: Transform) -> bool:
    """Tell whether all of a transform is known, so that it can be written."""
    match transform:
        case Unknown():
            return False
        case Sequence(steps):
            return all(map(is_writable, steps))
        case ByDimension(parts):
            return all(is_writable(part.transform) for part in parts)
        case Bijection(forward, inverse):
            return is_writable(forward) and is_writable(inverse)
        case Rotation(matrix, path) | Affine(matrix, path):
            return not (matrix is None and path is None)
        case _:
            return True


def write_transform(transform: Transform) -> dict[str, Any]:
    """Return a transform as an object of 0.6; it `is_writable`."""
    return _WRITERS[type(transform)](transform)


def write_list(transform: Transform) -> list[dict[str, Any]]:
    """Return the list of 0.4 and 0.5 for a scale, alone or before a translation."""
    steps = transform.transforms if isinstance(transform, Sequence) else (transform,)
    return [write_transform(step) for step in steps]


def _identity(_: Identity) -> dict[str, Any]:
    return {"type": "identity"}


def _scale(t: Scale) -> dict[str, Any]:
    return {"type": "scale", "scale": list(t.scale)}


def _translation(t: Translation) -> dict[str, Any]:
    return {"type": "translation", "translation": list(t.translation)}


def _affine(t: Affine) -> dict[str, Any]:
    if t.matrix is None:
        return {"type": "affine", "path": t.path}
    return {"type": "affine", "affine": [list(row) for row in t.matrix]}


def _rotation(t: Rotation) -> dict[str, Any]:
    """Return a rotation; as affine where files call so what is none."""
    if t.matrix is None:
        return {"type": "rotation", "path": t.path}
    if not is_rotation(t.matrix):
        return _affine(Affine(tuple((*row, 0.0) for row in t.matrix)))
    return {"type": "rotation", "rotation": [list(row) for row in t.matrix]}


def _map_axis(t: MapAxis) -> dict[str, Any]:
    return {"type": "mapAxis", "mapAxis": list(t.indices)}


def _project_axis(t: ProjectAxis) -> dict[str, Any]:
    return {
        "type": "projectAxis",
        "droppedInputs": list(t.dropped_inputs),
        "createdOutputs": list(t.created_outputs),
    }


def _by_dimension(t: ByDimension) -> dict[str, Any]:
    parts = [
        {
            "transformation": write_transform(part.transform),
            "inputAxes": list(part.input_axes),
            "outputAxes": list(part.output_axes),
        }
        for part in t.parts
    ]
    return {"type": "byDimension", "transformations": parts}


def _sequence(t: Sequence) -> dict[str, Any]:
    steps = [write_transform(step) for step in t.transforms]
    return {"type": "sequence", "transformations": steps}


def _bijection(t: Bijection) -> dict[str, Any]:
    return {
        "type": "bijection",
        "forward": write_transform(t.forward),
        "inverse": write_transform(t.inverse),
    }


def _field(t: Field) -> dict[str, Any]:
    return without_none(type=t.type, path=t.path, interpolation=t.interpolation)


_WRITERS: Final[Mapping[type, Callable[[Any], dict[str, Any]]]] = {
    Identity: _identity,
    Scale: _scale,
    Translation: _translation,
    Rotation: _rotation,
    Affine: _affine,
    MapAxis: _map_axis,
    ProjectAxis: _project_axis,
    ByDimension: _by_dimension,
    Sequence: _sequence,
    Bijection: _bijection,
    Field: _field,
}
