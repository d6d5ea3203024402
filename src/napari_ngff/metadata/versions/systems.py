"""One entry of ``multiscales`` from 0.6 on: named coordinate systems and edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.axes import CoordinateSystem, default_axes
from napari_ngff.metadata.model import Multiscale
from napari_ngff.metadata.transforms import (
    Identity,
    Scale,
    Sequence,
    Translation,
    Unknown,
)
from napari_ngff.metadata.versions import development, multiscales
from napari_ngff.metadata.versions.axes import check_axes, read_axes
from napari_ngff.metadata.versions.edges import check_connected, read_edges
from napari_ngff.metadata.versions.parameters import Ends
from napari_ngff.metadata.versions.transforms import read_transform
from napari_ngff.metadata.versions.values import ARRAY, NAME, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Edge, Level
    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_KEY: Final = "coordinateTransformations"


def read_systems(
    notes: Notes, holder: Mapping[str, Any], loc: Loc
) -> list[tuple[Loc, CoordinateSystem]]:
    """Return (location, system) of each of an image or a scene that has axes."""
    key, limit = "coordinateSystems", notes.limits.levels
    items = notes.items(holder, key, loc, of="group", limit=limit) or []
    found: list[tuple[Loc, CoordinateSystem]] = []
    names: set[str] = set()
    for _, item, where in notes.objects(items, (*loc, key), of="coordinate-system"):
        of = "coordinate-system"
        # "MUST contain the field `name`. The value MUST be a non-empty string that is
        # unique among all entries in a `coordinateSystems` array."
        name = notes.get(item, "name", where, NAME, of=of, absent="error")
        # "MUST contain the field `axes`, whose value is an array of valid `axes`".
        values = notes.get(item, "axes", where, ARRAY, of=of, absent="error")
        if values is None:
            continue
        axes = read_axes(notes, values, (*where, "axes"))
        if name in names:
            text = f"The name {shown(name)} is there twice; the first one is used."
            notes.add("coordinate-system-duplicate", (*where, "name"), text)
        names |= {name} if name else set()
        found.append((where, CoordinateSystem(name=name or "", axes=axes)))
    return found


def read_multiscale(
    notes: Notes, version: Version, entry: Mapping[str, Any], loc: Loc
) -> Multiscale:
    """Return an entry with coordinate systems."""
    if not entry.get("coordinateSystems"):
        # "`coordinateSystems` | JSON array of objects | yes".
        text = "'coordinateSystems' is missing or empty: there must be at least one."
        notes.add("coordinate-systems-missing", loc, text)
    placed = read_systems(notes, entry, loc)
    for where, system in placed:
        # "The following conditions apply to all coordinate systems inside multiscales
        # metadata".
        check_axes(notes, version, system.axes, (*where, "axes"))
    systems = tuple(system for _, system in placed)
    by_name = {system.name: system for system in reversed(systems)}
    datasets = multiscales.read_datasets(notes, entry, loc)
    intrinsic = _intrinsic(notes, datasets, by_name)
    axes = by_name[intrinsic].axes if intrinsic in by_name else ()
    if not axes:
        axes = systems[0].axes if systems else default_axes(5)
    names = tuple(axis.name for axis in axes) if systems else None
    ends = Ends(input=names, output=names)
    return Multiscale(
        name=None,
        axes=axes,
        levels=tuple(
            _level(notes, path, dataset, where, ends)
            for path, dataset, where in datasets
        ),
        transform=Identity(),
        intrinsic=intrinsic,
        coordinate_systems=systems,
        edges=_edges(notes, entry, loc, by_name, intrinsic),
    )


def _transforms(dataset: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = dataset.get(_KEY)
    items = items if isinstance(items, list) else [items]
    return [item for item in items if isinstance(item, Mapping)]


def _intrinsic(
    notes: Notes,
    datasets: list[tuple[str, Mapping[str, Any], Loc]],
    systems: Mapping[str, CoordinateSystem],
) -> str | None:
    """Return the system that the levels' transforms lead to, or the likeliest one."""
    named: list[str] = []
    for _, dataset, loc in datasets:
        for index, item in enumerate(_transforms(dataset)):
            name = item.get("output")
            name = name.get("name") if isinstance(name, Mapping) else name
            if not isinstance(name, str):
                continue
            named.append(name)
            where = (*loc, _KEY, index, "output")
            if name not in systems:
                # "The `name` field of `output` MUST be the `name` of a coordinate
                # system."
                text = f"There is no coordinate system {shown(name)}."
                notes.add("coordinate-system-unknown", where, text)
            if name != named[0]:
                # "It MUST be the same value for every resolution level in a single
                # multiscales".
                text = f"The output is {shown(name)}, but that of the first level is "
                notes.add("intrinsic-differs", where, text + f"{shown(named[0])}.")
    known = Counter(name for name in named if name in systems)
    return known.most_common(1)[0][0] if known else next(iter(named), None)


def _level(
    notes: Notes, path: str, dataset: Mapping[str, Any], loc: Loc, ends: Ends
) -> Level:
    # "Each object in `datasets` MUST contain the field `coordinateTransformations`,
    # whose value is an array of objects".
    limit, where = notes.limits.levels, (*loc, _KEY)
    items = notes.items(dataset, _KEY, loc, of="dataset", limit=limit, absent="error")
    if not items:
        if items is not None:
            text = "There is no transformation; there must be one, such as 'identity'."
            notes.add("level-transform-count", where, text)
        return multiscales.level(notes, path, Unknown(""), loc)
    steps = [
        read_transform(notes, item, (*where, index), ends)
        for index, item in enumerate(items)
    ]
    transform, at = steps[0], (*where, 0)
    if len(steps) > 1:
        # "be restricted to a single `scale`, `identity` or `sequence` of a scale
        # followed by a translation transformation."
        text = f"There are {len(steps)} transformations; there must be one, such as a "
        notes.add("level-transform-count", where, text + "'sequence'.")
        if [type(step) for step in steps] == [Scale, Translation]:
            transform = Sequence(tuple(steps))  # as 0.5 would have it
    elif not _is_allowed(items[0]):
        text = "A level must have a 'scale', an 'identity' or a 'sequence' of a scale "
        notes.add("level-transform-type", at, text + "followed by a translation.")
    for index, item in enumerate(items):
        if isinstance(item, Mapping):
            _check_ends(notes, item, path, (*where, index))
    return multiscales.level(notes, path, transform, at)


def _is_allowed(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return True  # noted already
    steps = item.get("transformations")
    if item.get("type") != "sequence" or not isinstance(steps, list):
        return item.get("type") in ("scale", "identity")
    kinds = [step.get("type") for step in steps if isinstance(step, Mapping)]
    return kinds == ["scale", "translation"] and len(steps) == 2


def _check_ends(notes: Notes, item: Mapping[str, Any], path: str, loc: Loc) -> None:
    source = development.endpoint(notes, item, "input", loc, "path")
    target = development.endpoint(notes, item, "output", loc, "name")
    # "The `input` object MUST specify a `path` field matching the `path` field of the
    # dataset." — "Implementations SHOULD always treat the dataset's `path` field as if
    # it were equal to the value of `path` under `input`."
    if isinstance(item.get("input"), (str, Mapping)) and source.path != path:
        said = "missing" if source.path is None else shown(source.path)
        text = f"The path of the input is {said}; that of the level is {shown(path)} "
        text += "and is used. Make them the same."
        notes.add("level-input-path", (*loc, "input"), text)
    if source.name is not None:
        # "The `name` field under `input` SHOULD be omitted."
        text = "The input of a level has no 'name'. Remove it."
        notes.add("level-input-name", (*loc, "input", "name"), text, "warning")
    # "in the `output` object provide `name` and omit `path`."
    if isinstance(item.get("output"), Mapping) and target.name is None:
        text = "The output of a level must have the 'name' of a coordinate system."
        notes.add("level-output-name", (*loc, "output"), text)
    if target.path is not None:
        # "The `path` field of `output` SHOULD be omitted."
        text = "The output of a level has no 'path'. Remove it."
        notes.add("level-output-path", (*loc, "output", "path"), text, "warning")


def _edges(
    notes: Notes,
    entry: Mapping[str, Any],
    loc: Loc,
    systems: Mapping[str, CoordinateSystem],
    intrinsic: str | None,
) -> tuple[Edge, ...]:
    edges = read_edges(notes, entry, loc, systems)
    for index, edge in edges:
        where = (*loc, _KEY, index)
        # "One of `input` or `output` MUST reference the "intrinsic" coordinate system
        # by `name` (`path` MAY be omitted or null)."
        ends = {(end.name, end.path or None) for end in (edge.input, edge.output)}
        if (intrinsic, None) not in ends:
            text = f"Neither 'input' nor 'output' is {shown(intrinsic)}, the system of "
            text += "the levels; one of them must be."
            notes.add("edge-intrinsic", where, text)
        _check_label_edge(notes, edge, where)
    found = tuple(edge for _, edge in edges)
    check_connected(notes, systems, found, loc)
    return found


def _check_label_edge(notes: Notes, edge: Edge, loc: Loc) -> None:
    if not (edge.input.path or edge.output.path):
        return
    # "When referencing a child labels group, the transformation MUST be `identity`,
    # `scale`, or `translation`" — and, under "labels": "or a `sequence` of a scale and
    # a translation transformation".
    steps: tuple[Transform, ...] = (edge.transform,)
    if isinstance(edge.transform, Sequence):
        steps = edge.transform.transforms
    if not all(isinstance(step, (Identity, Scale, Translation)) for step in steps):
        text = "To a label image only identity, scale, translation and a sequence of "
        notes.add("edge-label-type", loc, text + "those may lead.")
