"""A layer of no file, edited as if it were one: what its metadata would be, and back.

Knows how napari tells where a layer is and what OME-Zarr calls that; changes no layer
and writes nothing. Types of axes, for which napari has no place, are remembered in the
layer's metadata for when it is saved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.documents import with_groups
from napari_ngff.dataset.editing.stored import StoredDocuments
from napari_ngff.layers.provenance import stated_axes, with_stated
from napari_ngff.layers.reading.units import PIXEL
from napari_ngff.layers.writing.axis_names import axes_of
from napari_ngff.metadata.axes import normal_unit
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.storage.keys.memory import MemoryKeys
from napari_ngff.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.metadata.axes import Axis

WHY: Final = "The layer is of no file. What is edited changes the layer itself."
_LEVEL: Final = "0"


def draft_of_layer(
    state: Mapping[str, Any], shape: Sequence[int], dtype: str, *, key: str
) -> Draft:
    """Return a draft of what a layer's metadata would be.

    Parameters
    ----------
    state
        ``name``, ``scale``, ``translate``, ``units``, ``axis_labels`` and
        ``metadata`` of the layer.
    shape
        Its pixels along each of its axes.
    dtype
        The type of its pixels, as Zarr calls it.
    key
        What tells it from other layers.
    """
    axes = axes_of(state, len(shape), stated_axes(state.get("metadata") or {}))
    documents = {"": _group(state, axes), _LEVEL: _array(axes, shape, dtype)}
    values = {
        f"{node}/zarr.json".lstrip("/"): json.dumps(document).encode()
        for node, document in documents.items()
    }
    name = str(state["name"]).replace("/", "_") or "layer"
    location = Location(MemoryKeys(f"{key}/{name}", values), "")
    empty = StoredDocuments(
        location=location, node="", documents={}, levels={}, read_only=WHY
    )
    return Draft.of(with_groups(empty, ("",)))


def _group(state: Mapping[str, Any], axes: Sequence[Axis]) -> dict[str, Any]:
    listed = []
    for axis in axes:
        members = {"name": axis.name, "type": axis.type, "unit": axis.unit}
        listed.append({k: v for k, v in members.items() if v is not None})
    transforms = [
        {"type": "scale", "scale": list(map(float, state["scale"]))},
        {"type": "translation", "translation": list(map(float, state["translate"]))},
    ]
    level = {"path": _LEVEL, "coordinateTransformations": transforms}
    block = {"axes": listed, "datasets": [level], "name": str(state["name"])}
    attributes = {"ome": {"version": "0.5", "multiscales": [block]}}
    return {"zarr_format": 3, "node_type": "group", "attributes": attributes}


def _array(axes: Sequence[Axis], shape: Sequence[int], dtype: str) -> dict[str, Any]:
    sizes = [max(1, int(size)) for size in shape]
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": sizes,
        "data_type": dtype,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": sizes}},
        "chunk_key_encoding": {"name": "default"},
        "fill_value": 0,
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
        "dimension_names": [axis.name for axis in axes],
    }


def look_of_layer(draft: Draft) -> dict[str, Any]:
    """Return what a draft of a layer makes of it, in napari's words.

    Returns
    -------
    dict
        ``name``, ``scale``, ``translate``, ``units``, ``axis_labels``. A unit that the
        specification does not know is ``"pixel"``.
    """
    multiscale = draft.multiscale
    if multiscale is None:
        return {}
    look: dict[str, Any] = {
        "name": multiscale.name or "",
        "units": tuple(normal_unit(axis.unit) or PIXEL for axis in multiscale.axes),
        "axis_labels": tuple(axis.name for axis in multiscale.axes),
    }
    matrix = level_matrix(multiscale, 0)
    found = None if matrix is None else scale_and_translation(matrix)
    if found is not None:
        look["scale"], look["translate"] = (tuple(map(float, part)) for part in found)
    return look


def edited_look(draft: Draft, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return those attributes of a layer that are edited, and their new values.

    Parameters
    ----------
    draft
        Of the layer.
    state
        What the layer has when nothing is edited; see `draft_of_layer`. An axis that
        is not edited keeps what it has: a label that says nothing, a unit that the
        specification does not know.
    """
    before = look_of_layer(Draft.of(draft.documents))
    now = look_of_layer(draft)
    found = {}
    for name, value in now.items():
        old = before.get(name)
        if value == old:
            continue
        if isinstance(value, tuple) and isinstance(old, tuple):
            kept = zip(value, old, state[name], strict=True)
            value = tuple(own if new == was else new for new, was, own in kept)
        found[name] = value
    return found


def remembered(metadata: Mapping[str, Any], draft: Draft) -> Mapping[str, Any]:
    """Return a layer's metadata in which its axes are as a draft says."""
    multiscale = draft.multiscale
    before = Draft.of(draft.documents).multiscale
    if multiscale is None or before is None or multiscale.axes == before.axes:
        return metadata
    return with_stated(metadata, multiscale.axes)
