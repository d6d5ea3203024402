"""Blocks of the metadata to JSON: one function a block, keys in the usual order.

Writes what `adapting` has left; judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.display import ORDER
from napari_ngff.metadata.shown import KEY
from napari_ngff.metadata.writing.transforms import write_list, write_transform
from napari_ngff.metadata.writing.values import merged, without_none

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.model import (
        Acquisition,
        Channel,
        Edge,
        Endpoint,
        Group,
        ImageLabel,
        Multiscale,
        Plate,
        Rendering,
        Scene,
        Well,
        Window,
    )

_TRANSFORMS: Final = "coordinateTransformations"


def write_multiscale(multiscale: Multiscale) -> dict[str, Any]:
    """Return an entry of ``multiscales``."""
    own = without_none(name=multiscale.name)
    placed = _with_systems if multiscale.intrinsic is not None else _with_lists
    own |= placed(multiscale)
    own |= without_none(type=multiscale.method, metadata=multiscale.metadata)
    return merged(own, multiscale.extra)


def _with_lists(multiscale: Multiscale) -> dict[str, Any]:
    own: dict[str, Any] = {
        "axes": [_axis(axis) for axis in multiscale.axes],
        "datasets": [
            {"path": level.path, _TRANSFORMS: write_list(level.transform)}
            for level in multiscale.levels
        ],
    }
    whole = write_list(multiscale.transform)
    if whole != [{"type": "identity"}]:
        own[_TRANSFORMS] = whole
    return own


def _with_systems(multiscale: Multiscale) -> dict[str, Any]:
    output = {"name": multiscale.intrinsic}
    own: dict[str, Any] = {
        "coordinateSystems": [_system(s) for s in multiscale.coordinate_systems],
        "datasets": [
            {
                "path": level.path,
                _TRANSFORMS: [
                    {"input": {"path": level.path}, "output": dict(output)}
                    | write_transform(level.transform)
                ],
            }
            for level in multiscale.levels
        ],
    }
    if multiscale.edges:
        own[_TRANSFORMS] = [_edge(edge) for edge in multiscale.edges]
    return own


def _axis(axis: Axis) -> dict[str, Any]:
    own = without_none(
        name=axis.name,
        type=axis.type,
        unit=axis.unit,
        discrete=axis.discrete,
        longName=axis.long_name,
        orientation=axis.orientation,
    )
    return merged(own, axis.extra)


def _system(system: CoordinateSystem) -> dict[str, Any]:
    return {"name": system.name, "axes": [_axis(axis) for axis in system.axes]}


def _edge(edge: Edge) -> dict[str, Any]:
    ends = {"input": _endpoint(edge.input), "output": _endpoint(edge.output)}
    return without_none(name=edge.name) | ends | write_transform(edge.transform)


def _endpoint(end: Endpoint) -> dict[str, Any]:
    return without_none(path=end.path, name=end.name)


def write_rendering(rendering: Rendering) -> dict[str, Any]:
    """Return the ``omero`` block."""
    own: dict[str, Any] = {"channels": [_channel(c) for c in rendering.channels]}
    rdefs = without_none(
        defaultT=rendering.default_t,
        defaultZ=rendering.default_z,
        model=rendering.model,
    )
    rdefs = merged(rdefs, rendering.extra.get("rdefs", {}))
    if rdefs:
        own["rdefs"] = rdefs
    if rendering.order is not None:
        ours = rendering.extra.get(KEY)
        rest = ours if isinstance(ours, Mapping) else {}
        own[KEY] = merged({ORDER: list(rendering.order)}, rest)
    return merged(own, rendering.extra)


def _channel(channel: Channel) -> dict[str, Any]:
    window = None if channel.window is None else _window(channel.window)
    own = without_none(
        label=channel.label,
        color=channel.color,
        active=channel.active,
        window=window,
    )
    return merged(own, channel.extra)


def _window(window: Window) -> dict[str, Any]:
    return without_none(
        min=window.min, max=window.max, start=window.start, end=window.end
    )


def write_image_label(block: ImageLabel) -> dict[str, Any]:
    """Return the ``image-label`` block."""
    own = without_none(version=block.version)
    key = "label-value"
    if block.colors:
        own["colors"] = [
            {key: label, "rgba": list(rgba)} for label, rgba in block.colors.items()
        ]
    if block.properties:
        own["properties"] = [
            merged({key: label}, values) for label, values in block.properties.items()
        ]
    if block.source is not None:
        own["source"] = {"image": block.source}
    return own


def write_plate(plate: Plate) -> dict[str, Any]:
    """Return the ``plate`` block."""
    own = without_none(name=plate.name)
    own["rows"] = [{"name": name} for name in plate.rows]
    own["columns"] = [{"name": name} for name in plate.columns]
    own["wells"] = [
        without_none(
            path=well.path, rowIndex=well.row_index, columnIndex=well.column_index
        )
        for well in plate.wells
    ]
    if plate.acquisitions:
        own["acquisitions"] = [_acquisition(one) for one in plate.acquisitions]
    return own | without_none(field_count=plate.field_count)


def _acquisition(one: Acquisition) -> dict[str, Any]:
    return without_none(
        id=one.id,
        name=one.name,
        description=one.description,
        maximumfieldcount=one.maximum_field_count,
        starttime=one.start_time,
        endtime=one.end_time,
    )


def write_well(well: Well) -> dict[str, Any]:
    """Return the ``well`` block."""
    images = [
        without_none(path=image.path, acquisition=image.acquisition)
        for image in well.images
    ]
    return {"images": images}


def write_scene(scene: Scene) -> dict[str, Any]:
    """Return the ``scene`` block."""
    own: dict[str, Any] = {}
    if scene.coordinate_systems:
        own["coordinateSystems"] = [_system(s) for s in scene.coordinate_systems]
    return own | {_TRANSFORMS: [_edge(edge) for edge in scene.edges]}


def write_blocks(group: Group) -> dict[str, Any]:
    """Return every block that a group has, by its key."""
    found: dict[str, Any] = {}
    if group.bioformats2raw is not None:
        found["bioformats2raw.layout"] = group.bioformats2raw
    if group.multiscales:
        found["multiscales"] = [write_multiscale(m) for m in group.multiscales]
    for key, block, write in _blocks(group):
        if block is not None:
            found[key] = write(block)
    return found


def _blocks(group: Group) -> tuple[tuple[str, Any, Callable[[Any], Any]], ...]:
    return (
        ("omero", group.rendering, write_rendering),
        ("image-label", group.image_label, write_image_label),
        ("labels", group.labels, list),
        ("plate", group.plate, write_plate),
        ("well", group.well, write_well),
        ("scene", group.scene, write_scene),
        ("series", group.series, list),
    )


def with_versions(blocks: Mapping[str, Any], keys: tuple[str, ...], text: str) -> Any:
    """Return blocks that say their version themselves (0.4)."""
    said = {"version": text}
    return {
        key: block
        if key not in keys
        else [said | entry for entry in block]
        if isinstance(block, list)
        else said | block
        for key, block in blocks.items()
    }
