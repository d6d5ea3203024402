"""Coordinate systems made, renamed and removed, with the ways to them.

Knows what hangs on a system: whatever needs it keeps it from being removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from napari_ngff.core.patch import MISSING, Change, difference
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.system_block import (
    EDGES,
    SYSTEMS,
    end_of,
    own_ends,
    places_of,
)
from napari_ngff.metadata.editing.system_transforms import replaced, unfit
from napari_ngff.metadata.shown import KEY as MARK
from napari_ngff.metadata.shown import SHOWN_IN, WORLD
from napari_ngff.metadata.transforms import Identity
from napari_ngff.metadata.versions.values import shown
from napari_ngff.metadata.writing.transforms import write_transform

if TYPE_CHECKING:
    from napari_ngff.core.patch import Changes
    from napari_ngff.metadata.editing.system_block import Block, Json
    from napari_ngff.metadata.transforms import Transform


def add(
    block: Block, name: str, transform: Transform, source: str | None
) -> Changes | Problem:
    """Return what makes a system: itself, with the axes of `source`, and the way."""
    if (wrong := _unfit_name(block, name)) is not None:
        return wrong
    source = source or block.intrinsic or next(iter(block.names), None)
    axes = next((s.get("axes") for s in block.systems if s.get("name") == source), None)
    if source is None or not isinstance(axes, list):
        text = f"There is no coordinate system {shown(source)} to make one from."
        return block.problem("coordinate-system-unknown", text, SYSTEMS)
    if block.of == "image" and source != block.intrinsic:
        # "One of `input` or `output` MUST reference the "intrinsic" coordinate system".
        text = f"The way to a system of an image begins at {shown(block.intrinsic)}."
        return block.problem("edge-intrinsic", text, EDGES)
    if (wrong := unfit(block, transform, len(axes), len(axes))) is not None:
        return wrong
    ends = {"input": {"name": source}, "output": {"name": name}}
    return (
        *_appended(block, SYSTEMS, {"name": name, "axes": axes}),
        *_appended(block, EDGES, ends | write_transform(transform)),
    )


def _unfit_name(block: Block, name: str) -> Problem | None:
    # "The value MUST be a non-empty string that is unique among all entries".
    if not name.strip():
        text = "A coordinate system must have a name."
        return block.problem("coordinate-system-name", text, SYSTEMS)
    if name in block.names:
        text = f"There is a coordinate system {shown(name)} already."
        return block.problem("coordinate-system-duplicate", text, SYSTEMS)
    return None


def _appended(block: Block, key: str, item: Any) -> Changes:
    found = block.json.get(key, MISSING)
    if not isinstance(found, list):
        return (Change((key,), found, [item]),)
    return (Change((key, len(found)), MISSING, item),)


def rename(block: Block, name: str, new: str) -> Changes | Problem:
    """Return what gives a system another name, wherever the document names it."""
    if name not in block.names:
        return _unknown(block, name)
    if name == new:
        return ()
    if (wrong := _unfit_name(block, new)) is not None:
        return wrong
    return tuple(Change(loc, name, new) for loc in places_of(name, block))


def _unknown(block: Block, name: str) -> Problem:
    text = f"There is no coordinate system {shown(name)}."
    return block.problem("coordinate-system-unknown", text, SYSTEMS)


def remove(block: Block, name: str) -> Changes | Problem:
    """Return what takes a system and the ways to it away, if nothing needs it."""
    if name not in block.names:
        return _unknown(block, name)
    if (reason := _need(block, name)) is not None:
        text = f"{shown(name)} cannot be removed: {reason}"
        return block.problem("coordinate-system-used", text, SYSTEMS)
    ways = [(index, edge) for index, edge in block.edges if name in own_ends(edge)]
    return (
        *(
            Change((SYSTEMS, index), system, MISSING)
            for index, system in reversed([*enumerate(block.json[SYSTEMS])])
            if isinstance(system, Mapping) and system.get("name") == name
        ),
        *_without(block, ways),
    )


def _without(block: Block, edges: list[tuple[int, Json]]) -> Changes:
    """Return what takes transformations away; an image says nothing of having none."""
    written = block.json.get(EDGES)
    if block.of == "image" and edges and len(edges) == len(written or ()):
        return (Change((EDGES,), written, MISSING),)
    return tuple(Change((EDGES, index), edge, MISSING) for index, edge in edges[::-1])


def _need(block: Block, name: str) -> str | None:
    """Return what needs a system, in words; None: nothing does."""
    if name == block.intrinsic:
        return "the levels lead there."
    if name == block.marked:
        return "the image is shown in it."
    own = [edge for _, edge in block.edges if name in own_ends(edge)]
    ends = [end_of(edge, key) for edge in own for key in ("input", "output")]
    if path := next((path for path, _ in ends if path is not None), None):
        return f"the image {shown(path)} is placed in it."
    rest = [other for other in block.names if other != name]
    start = block.intrinsic or next(iter(rest), None)
    others = [edge for _, edge in block.edges if name not in own_ends(edge)]
    before = _reached(start, [*own, *others])
    lost = before - _reached(start, others) - {name}
    return f"{shown(min(lost))} is placed by it alone." if lost else None


def _reached(start: str | None, edges: list[Json]) -> set[str]:
    """Return the systems that edges join with one."""
    found = set() if start is None else {start}
    size = -1
    while size != len(found):
        size = len(found)
        for edge in edges:
            ends = set(own_ends(edge))
            found |= ends if ends & found else set()
    return found


def set_edge(block: Block, number: int, transform: Transform) -> Changes | Problem:
    """Return what gives one of the transformations, as the model counts, another."""
    others = [(i, edge) for i, edge in block.edges if not block.is_way_shown(edge)]
    if not 0 <= number < len(others):
        text = f"There is no transformation {number}."
        return block.problem("transform-unknown", text, EDGES)
    index, edge = others[number]
    return replaced(block, transform, index, edge)


def set_whole(block: Block, transform: Transform) -> Changes | Problem:
    """Return what changes how an image is shown: the way to a system that is marked."""
    if block.of == "scene":
        text = "A scene as a whole is not placed anywhere."
        return block.problem("transform-unknown", text, EDGES)
    found = [(i, edge) for i, edge in block.edges if block.is_way_shown(edge)]
    if transform == Identity():
        return _unmarked(block, *found[0]) if found else ()
    if found:
        return replaced(block, transform, *found[0])
    names = (WORLD, *(f"{WORLD}_{count}" for count in range(2, len(block.names) + 3)))
    name = next(name for name in names if name not in block.names)
    made = add(block, name, transform, None)
    if isinstance(made, Problem):
        return made
    old = block.json.get(MARK, MISSING)
    new = {**(old if isinstance(old, Mapping) else {}), SHOWN_IN: name}
    return (*made, *difference(old, new, (MARK,)))


def _unmarked(block: Block, index: int, edge: Json) -> Changes:
    """Return what has an image shown where its levels are."""
    mark = block.json[MARK]
    rest = {key: value for key, value in mark.items() if key != SHOWN_IN}
    place, system = next(
        (i, system)
        for i, system in enumerate(block.json[SYSTEMS])
        if isinstance(system, Mapping) and system.get("name") == block.marked
    )
    return (
        Change((SYSTEMS, place), system, MISSING),
        *_without(block, [(index, edge)]),
        *difference(mark, rest or MISSING, (MARK,)),
    )
