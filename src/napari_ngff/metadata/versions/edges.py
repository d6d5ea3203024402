"""Transformations between coordinate systems (0.6), and the graph that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.model import Edge, Endpoint
from napari_ngff.metadata.versions import development
from napari_ngff.metadata.versions.parameters import Ends
from napari_ngff.metadata.versions.transforms import read_transform
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from napari_ngff.core.problems import Level, Loc
    from napari_ngff.metadata.axes import CoordinateSystem
    from napari_ngff.metadata.versions.notes import Notes

_KEY: Final = "coordinateTransformations"


def read_edges(
    notes: Notes,
    holder: Mapping[str, Any],
    loc: Loc,
    systems: Mapping[str, CoordinateSystem],
    *,
    absent: Level | None = None,
) -> list[tuple[int, Edge]]:
    """Return (index, edge) of each transformation of an image or a scene."""
    limit = notes.limits.images
    items = notes.items(holder, _KEY, loc, of="group", limit=limit, absent=absent)
    found = []
    for index, item, where in notes.objects(items or [], (*loc, _KEY), of="transform"):
        source = development.endpoint(notes, item, "input", where, "name")
        target = development.endpoint(notes, item, "output", where, "name")
        _check_known(notes, source, systems, (*where, "input"))
        _check_known(notes, target, systems, (*where, "output"))
        ends = Ends(input=_names(source, systems), output=_names(target, systems))
        name = item.get("name")
        edge = Edge(
            transform=read_transform(notes, item, where, ends),
            input=source,
            output=target,
            name=name if isinstance(name, str) else None,
        )
        found.append((index, edge))
    return found


def _names(
    end: Endpoint, systems: Mapping[str, CoordinateSystem]
) -> tuple[str, ...] | None:
    """Return the axis names of a system in the same document; else None."""
    if end.path or end.name is None or end.name not in systems:
        return None
    return tuple(axis.name for axis in systems[end.name].axes)


def _check_known(
    notes: Notes, end: Endpoint, systems: Mapping[str, CoordinateSystem], loc: Loc
) -> None:
    if end == Endpoint():
        return  # noted already
    if end.name is None:
        # "Both `input` and `output` MUST specify a coordinate system `name`"; "by
        # `name` and `path`".
        text = "There is no 'name'; the coordinate system must have one."
        notes.add("endpoint-name-missing", loc, text)
        return
    if end.path or end.name in systems:
        return
    # "If the `path` field is null or omitted, this is to be interpreted as referring
    # to a named coordinate system in the same `zarr.json` file."
    text = f"There is no coordinate system {shown(end.name)} in this document."
    notes.add("coordinate-system-unknown", loc, text)


def check_connected(
    notes: Notes,
    systems: Iterable[str],
    edges: Iterable[Edge],
    loc: Loc,
) -> None:
    """Note if the graph of systems falls apart.

    A child's systems are joined by the child's own document, so that a child is one
    node. "The graph MUST be connected (but need not be complete): any two coordinate
    systems in the metadata MUST be linked by a path of one or more coordinate
    transformations".
    """
    parents = {("", name): ("", name) for name in systems}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for edge in edges:
        if Endpoint() in (edge.input, edge.output):
            continue  # noted already
        parents[root(_node(edge.input))] = root(_node(edge.output))
    groups = {root(node) for node in list(parents)}
    if len(groups) > 1:
        text = f"The coordinate systems fall into {len(groups)} groups that no "
        text += "transformation joins. Add the missing ones."
        notes.add("graph-not-connected", loc, text)


def _node(end: Endpoint) -> tuple[str, str]:
    return (end.path, "") if end.path else ("", end.name or "")
