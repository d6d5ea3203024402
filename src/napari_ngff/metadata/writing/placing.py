"""Where pixels are, in the words of a version.

Until 0.5 a level has a scale and perhaps a translation, and so has the image as a
whole, applied after. From 0.6 on the levels lead to the intrinsic coordinate system;
what an image has beside that leads from there to other systems.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from napari_ngff.metadata.axes import CoordinateSystem
from napari_ngff.metadata.geometry import scale_and_translation
from napari_ngff.metadata.model import Endpoint
from napari_ngff.metadata.shown import free_name, to_edge
from napari_ngff.metadata.transforms import (
    Identity,
    Scale,
    Sequence,
    Translation,
    Unknown,
    assumed_axes,
    compose,
    inverse,
    matrix,
)
from napari_ngff.metadata.versions.values import shown
from napari_ngff.metadata.writing.transforms import is_writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Edge, Level, Multiscale
    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.metadata.versions.notes import Notes

INTRINSIC: Final = "physical"
_KEY: Final = "coordinateTransformations"


def sized(multiscale: Multiscale) -> Multiscale:
    """Return an image without the unit of any axis whose pixel size nobody stated."""
    if not multiscale.levels:
        return multiscale
    whole = compose(multiscale.levels[0].transform, multiscale.transform)
    assumed = assumed_axes(whole, len(multiscale.axes))
    axes = tuple(
        replace(axis, unit=None) if index in assumed else axis
        for index, axis in enumerate(multiscale.axes)
    )
    return replace(multiscale, axes=axes)


def to_lists(notes: Notes, multiscale: Multiscale, loc: Loc) -> Multiscale:
    """Return an image in the words of 0.4 and 0.5: no systems, no edges."""
    ndim = len(multiscale.axes)
    levels = tuple(
        replace(level, transform=_of_level(notes, level.transform, ndim, where))
        for level, where in _levels(multiscale, loc)
    )
    whole: Transform = Identity()
    if multiscale.transform != whole:
        whole = _of_level(notes, multiscale.transform, ndim, (*loc, _KEY))
    for index, system in enumerate(multiscale.coordinate_systems):
        if system.name not in (multiscale.intrinsic, None):
            text = f"This version has no coordinate systems: {shown(system.name)} and "
            text += "the transformations to it are left out. 0.6 can hold them."
            where = (*loc, "coordinateSystems", index)
            notes.add("coordinate-system-lost", where, text, "warning")
    known = {system.name for system in multiscale.coordinate_systems}
    for index, edge in enumerate(multiscale.edges):
        if {edge.input.name, edge.output.name} <= known and not _has_path(edge):
            continue  # told with the system
        text = "This version has no transformations between coordinate systems: "
        text += "it is left out. 0.6 can hold it."
        notes.add("coordinate-system-lost", (*loc, _KEY, index), text, "warning")
    return replace(
        multiscale,
        levels=levels,
        transform=whole,
        intrinsic=None,
        coordinate_systems=(),
        edges=(),
    )


def to_systems(notes: Notes, multiscale: Multiscale, loc: Loc) -> Multiscale:
    """Return an image in the words of 0.6: the levels lead to the intrinsic system.

    What applies to the image as a whole goes into the levels where it is scale and
    translation; else it leads from the intrinsic system to one of its own; see `shown`.
    """
    ndim = len(multiscale.axes)
    multiscale = _named(multiscale)
    whole = multiscale.transform
    if _is_diagonal(whole, ndim):
        multiscale = _folded(notes, multiscale, loc)
    elif matrix(whole, ndim) is None:
        _refuse(notes, whole, (*loc, _KEY))
    else:
        multiscale = to_edge(multiscale)
    levels = tuple(
        replace(level, transform=_of_level(notes, level.transform, ndim, where))
        for level, where in _levels(multiscale, loc)
    )
    multiscale = replace(multiscale, levels=levels, transform=Identity())
    return _linked(notes, multiscale, loc)


def writable_edges(
    notes: Notes, edges: Iterable[Edge], loc: Loc
) -> tuple[tuple[Edge, ...], frozenset[str]]:
    """Return the edges that can be written, and the systems that others led to."""
    kept, lost = [], set()
    for index, edge in enumerate(edges):
        if is_writable(edge.transform):
            kept.append(edge)
            continue
        text = "The transformation is of a type that is not known, or could not be "
        text += "read: it is left out."
        notes.add("transform-lost", (*loc, _KEY, index), text, "warning")
        lost |= {end.name for end in (edge.input, edge.output) if not end.path}
    return tuple(kept), frozenset(name for name in lost if name is not None)


def _levels(multiscale: Multiscale, loc: Loc) -> Iterator[tuple[Level, Loc]]:
    for index, level in enumerate(multiscale.levels):
        yield level, (*loc, "datasets", index, _KEY)


def _of_level(notes: Notes, transform: Transform, ndim: int, loc: Loc) -> Transform:
    """Return a scale, alone or before a translation; an error where it is neither.

    An identity becomes a scale, which every reader of 0.6 takes.
    """
    rows = matrix(transform, ndim)
    if rows is None or rows.shape != (ndim + 1, ndim + 1):
        _refuse(notes, transform, loc)
        return transform
    match transform:
        case Scale(scale):
            return Scale(scale)
        case Sequence((Scale(scale), Translation(offset))):
            return Sequence((Scale(scale), Translation(offset)))
        case Identity():
            return Scale((1.0,) * ndim)
    found = scale_and_translation(rows)
    if found is None:
        _refuse(notes, transform, loc)
        return transform
    scale, offset = found
    own = Scale(scale)
    return Sequence((own, Translation(offset))) if any(offset) else own


def _refuse(notes: Notes, transform: Transform, loc: Loc) -> None:
    if isinstance(transform, Unknown) and not transform.type:
        text = "Nothing says how large a pixel is. Give each axis a scale; 1 and no "
        notes.add("scale-unknown", loc, text + "unit where it is not known.")
        return
    text = "Pixels are placed by more than a pixel size and an offset for each axis, "
    text += "which cannot be written here. Resample the image, or leave the "
    text += "transformation out; version 0.6 can hold it for the image as a whole."
    notes.add("transform-not-held", loc, text)


def _is_diagonal(transform: Transform, ndim: int) -> bool:
    rows = matrix(transform, ndim)
    return (
        rows is not None
        and rows.shape == (ndim + 1, ndim + 1)
        and scale_and_translation(rows) is not None
    )


def _named(multiscale: Multiscale) -> Multiscale:
    """Return an image whose axes are those of a named system, the intrinsic one."""
    name = multiscale.intrinsic or free_name(INTRINSIC, multiscale)
    own = CoordinateSystem(name=name, axes=multiscale.axes)
    systems = tuple(
        own if system.name == name else system
        for system in multiscale.coordinate_systems
    )
    if own not in systems:
        systems = (own, *systems)
    return replace(multiscale, intrinsic=name, coordinate_systems=systems)


def _folded(notes: Notes, multiscale: Multiscale, loc: Loc) -> Multiscale:
    """Return an image without a transform of its own: its levels have it."""
    whole, ndim = multiscale.transform, len(multiscale.axes)
    if whole == Identity():
        return multiscale
    levels = tuple(
        replace(level, transform=compose(level.transform, whole))
        for level in multiscale.levels
    )
    undone = inverse(whole, ndim)
    edges = []
    for edge in multiscale.edges:
        # The intrinsic system has moved; the others have not.
        step = edge.transform
        if edge.output == Endpoint(name=multiscale.intrinsic):
            step = compose(step, whole)
        elif edge.input == Endpoint(name=multiscale.intrinsic):
            step = compose(undone or Unknown(""), step)
        edges.append(replace(edge, transform=step))
    return replace(multiscale, levels=levels, transform=Identity(), edges=tuple(edges))


def _linked(notes: Notes, multiscale: Multiscale, loc: Loc) -> Multiscale:
    """Return an image without edges that cannot be written, and what they led to."""
    edges, lost = writable_edges(notes, multiscale.edges, loc)
    ends = {end.name for edge in edges for end in (edge.input, edge.output)}
    gone = lost - ends - {multiscale.intrinsic}
    systems = tuple(s for s in multiscale.coordinate_systems if s.name not in gone)
    return replace(multiscale, edges=edges, coordinate_systems=systems)


def _has_path(edge: Edge) -> bool:
    return bool(edge.input.path or edge.output.path)
