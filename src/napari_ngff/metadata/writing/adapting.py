"""A group in the words of a version: what it can hold, as it will be read again.

Everything that is changed so that something is lost is noted. Knows no JSON.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.axes import normal_unit
from napari_ngff.metadata.versions.values import shown
from napari_ngff.metadata.writing.placing import (
    sized,
    to_lists,
    to_systems,
    writable_edges,
)
from napari_ngff.metadata.writing.values import Misfit, note_misfits, plain_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.model import (
        Group,
        ImageLabel,
        Multiscale,
        Rendering,
        Scene,
    )
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

#: What napari calls an axis without a unit; no unit of the specification.
_NO_UNITS: Final = frozenset(("pixel", "pixels", "px"))
#: The versions whose label images say their version themselves.
_SAID_BY_LABELS: Final = frozenset(("0.4", "0.5"))


def adapted(notes: Notes, group: Group, version: Version) -> Group:
    """Return a group as the version has it, without problems."""
    loc: Loc = () if version.namespace is None else (version.namespace,)
    foreign = _foreign(notes, group.foreign, (), "The group")
    extra = _foreign(notes, group.extra, loc, "The group")
    if version.namespace is None:
        foreign, extra = extra | foreign, {}
    speaks = group.multiscales or group.image_label or group.plate or group.well
    return replace(
        group,
        # Until 0.4 blocks say the version, and not every one of them.
        version=version.name if version.namespace or speaks else None,
        dialect=version.name,
        loc=loc,
        multiscales=tuple(
            _multiscale(notes, multiscale, version, (*loc, "multiscales", index))
            for index, multiscale in enumerate(group.multiscales)
        ),
        rendering=_rendering(notes, group.rendering, version, (*loc, "omero")),
        image_label=_image_label(
            notes, group.image_label, version, (*loc, "image-label")
        ),
        scene=_scene(notes, group.scene, version, (*loc, "scene")),
        extra=extra,
        foreign=foreign,
        problems=(),
    )


def _foreign(
    notes: Notes, extra: Mapping[str, Any], loc: Loc, of: str
) -> dict[str, Any]:
    misfits: list[Misfit] = []
    found: dict[str, Any] = plain_json(extra, misfits)
    note_misfits(notes, misfits, loc, of)
    return found


def _has_systems(version: Version) -> bool:
    return version.axes is None  # axes are in a coordinate system


def _multiscale(
    notes: Notes, multiscale: Multiscale, version: Version, loc: Loc
) -> Multiscale:
    multiscale = sized(multiscale)
    of = f"The image {shown(multiscale.name)}" if multiscale.name else "The image"
    misfits: list[Misfit] = []
    metadata = plain_json(multiscale.metadata, misfits, ("metadata",))
    note_misfits(notes, misfits, loc, of)
    cleaned = replace(
        multiscale,
        axes=_axes(notes, multiscale.axes, (*loc, "axes")),
        coordinate_systems=_systems(notes, multiscale.coordinate_systems, loc),
        metadata=metadata,
        extra=_foreign(notes, multiscale.extra, loc, of),
    )
    place = to_systems if _has_systems(version) else to_lists
    return place(notes, cleaned, loc)


def _systems(
    notes: Notes, systems: tuple[CoordinateSystem, ...], loc: Loc
) -> tuple[CoordinateSystem, ...]:
    key = "coordinateSystems"
    return tuple(
        replace(system, axes=_axes(notes, system.axes, (*loc, key, index, "axes")))
        for index, system in enumerate(systems)
    )


def _axes(notes: Notes, axes: tuple[Axis, ...], loc: Loc) -> tuple[Axis, ...]:
    return tuple(
        replace(
            axis,
            unit=_unit(axis.unit),
            orientation=axis.orientation
            and _foreign(notes, axis.orientation, (*loc, index), "The orientation"),
            extra=_foreign(
                notes, axis.extra, (*loc, index), f"The axis {shown(axis.name)}"
            ),
        )
        for index, axis in enumerate(axes)
    )


def _unit(unit: str | None) -> str | None:
    """Return the specification's name of a unit, a foreign one as it is."""
    if unit is None or unit.strip().casefold() in _NO_UNITS:
        return None
    return normal_unit(unit) or unit


def _rendering(
    notes: Notes, rendering: Rendering | None, version: Version, loc: Loc
) -> Rendering | None:
    if rendering is None:
        return None
    extra = _foreign(notes, rendering.extra, loc, "The rendering")
    # Until 0.4 the block says its version: that of the document.
    if extra.pop("version", None) is not None and version.namespace is None:
        extra["version"] = version.name
    channels = tuple(
        replace(
            channel,
            color=channel.color and channel.color.upper(),
            extra=_foreign(
                notes, channel.extra, (*loc, "channels", index), f"Channel {index}"
            ),
        )
        for index, channel in enumerate(rendering.channels)
    )
    return replace(rendering, channels=channels, extra=extra)


def _image_label(
    notes: Notes, block: ImageLabel | None, version: Version, loc: Loc
) -> ImageLabel | None:
    if block is None:
        return None
    properties: dict[int, Mapping[str, Any]] = {}
    misfits: list[Misfit] = []
    for index, (label, values) in enumerate(block.properties.items()):
        where = ("properties", index)
        properties[int(label)] = plain_json(values, misfits, where)
    # One for each property, not one for each label.
    firsts = {
        (where[2], what): one for one in misfits[::-1] for where, what, _ in [one]
    }
    counts = Counter((where[2], what) for where, what, _ in misfits)
    for kind, one in firsts.items():
        of = f"The property {shown(kind[0])} (of {counts[kind]} labels)"
        note_misfits(notes, [one], loc, of)
    colors = {
        int(label): (int(r), int(g), int(b), int(a))
        for label, (r, g, b, a) in block.colors.items()
    }
    return replace(
        block,
        colors=colors,
        properties=properties,
        version=version.name if version.name in _SAID_BY_LABELS else None,
    )


def _scene(
    notes: Notes, scene: Scene | None, version: Version, loc: Loc
) -> Scene | None:
    if scene is None:
        return None
    if not _has_systems(version):
        text = "This version has no scenes: how images are placed together is left "
        notes.add("scene-lost", loc, text + "out. 0.6 can hold it.", "warning")
        return None
    edges, _ = writable_edges(notes, scene.edges, loc)
    systems = _systems(notes, scene.coordinate_systems, loc)
    return replace(scene, coordinate_systems=systems, edges=edges)
