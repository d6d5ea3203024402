"""Coordinate systems as a graph: which there are, and the way from one to another.

Knows names and transformations, not axes, arrays or units. A node of the graph is an
`Endpoint`, an edge an `Edge`; an edge is also walked backwards where its transform
has an inverse.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.core.limits import LIMITS
from napari_ngff.metadata.model import Edge, Endpoint
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    MapAxis,
    Rotation,
    Scale,
    Sequence,
    Transform,
    Translation,
    compose,
    inverse,
    obstacles,
    output_ndim,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Items

    from napari_ngff.metadata.model import Multiscale

_Steps: TypeAlias = dict[Endpoint, list[tuple[Endpoint, Transform]]]


def edges_of(multiscale: Multiscale) -> tuple[Edge, ...]:
    """Return all edges of one image: from its levels, and those given beside them.

    A level is ``Endpoint(path=…)``; its edge leads to the intrinsic system, which has
    no name before 0.6.
    """
    intrinsic = Endpoint(name=multiscale.intrinsic)
    levels = (
        Edge(
            transform=compose(level.transform, multiscale.transform),
            input=Endpoint(path=level.path),
            output=intrinsic,
        )
        for level in multiscale.levels
    )
    return (*levels, *multiscale.edges)


def systems_of(edges: Iterable[Edge]) -> tuple[Endpoint, ...]:
    """Return the coordinate systems at the ends of edges, each once, in order."""
    ends = (end for edge in edges for end in (edge.input, edge.output))
    return tuple(dict.fromkeys(ends))


def is_connected(edges: Items[Edge], systems: Iterable[Endpoint] = ()) -> bool:
    """Whether every coordinate system can be reached from every other one.

    "The graph MUST be connected … Non-invertible transformations count as connected
    even if traversal is not computable in both directions." (0.6, section "Graph
    connectedness".)

    Parameters
    ----------
    edges
        The edges; the systems at their ends belong to the graph.
    systems
        Further systems that belong to it.
    """
    neighbours: dict[Endpoint, list[Endpoint]] = {
        end: [] for end in (*systems_of(edges), *systems)
    }
    for edge in edges:
        neighbours[edge.input].append(edge.output)
        neighbours[edge.output].append(edge.input)
    waiting = list(neighbours)[:1]
    reached = set(waiting)
    while waiting:
        new = set(neighbours[waiting.pop()]) - reached
        reached |= new
        waiting.extend(new)
    return len(reached) == len(neighbours)


def path_between(
    edges: Items[Edge], source: Endpoint, target: Endpoint
) -> Transform | None:
    """Return the transform from one coordinate system to another.

    The way over the fewest edges; of two such, the one over the edges listed first.
    A way whose transforms all have a matrix is preferred to a shorter one over a
    field or an unknown transformation.

    Parameters
    ----------
    edges
        The edges of the graph.
    source, target
        Systems at the ends of edges.

    Returns
    -------
    Transform or None
        Composed of the edges' transforms; `Identity` from a system to itself. None
        where a system is not in the graph or no way leads there.
    """
    if not {source, target} <= set(systems_of(edges)):
        return None
    steps = _steps(edges)
    clear = {
        start: [step for step in leading if not obstacles(step[1])]
        for start, leading in steps.items()
    }
    found = _shortest(clear, source, target)
    return _shortest(steps, source, target) if found is None else found


def _steps(edges: Iterable[Edge]) -> _Steps:
    """Return where one can go from each system, forwards before backwards."""
    forwards: _Steps = {}
    backwards: _Steps = {}
    for edge in edges:
        forwards.setdefault(edge.input, []).append((edge.output, edge.transform))
        # Where the parameters do not tell the number of axes, any that is large
        # enough gives the same inverse.
        ndim = _input_ndim(edge.transform)
        undone = inverse(edge.transform, LIMITS.axes if ndim is None else ndim)
        if undone is not None:
            backwards.setdefault(edge.output, []).append((edge.input, undone))
    return {
        start: forwards.get(start, []) + backwards.get(start, [])
        for start in {**forwards, **backwards}
    }


def _shortest(steps: _Steps, source: Endpoint, target: Endpoint) -> Transform | None:
    """Breadth first, so that the first way found is a shortest one."""
    ways: dict[Endpoint, tuple[Transform, ...]] = {source: ()}
    waiting = deque([source])
    while waiting and target not in ways:
        here = waiting.popleft()
        for there, transform in steps.get(here, []):
            if there not in ways:
                ways[there] = (*ways[here], transform)
                waiting.append(there)
    return compose(*ways[target]) if target in ways else None


def _input_ndim(t: Transform) -> int | None:
    """Return how many coordinates go in; None where the parameters do not tell."""
    match t:
        case Scale(values) | Translation(values) | MapAxis(values):
            return len(values)
        case Rotation(rows) if rows is not None:
            return len(rows)
        case Affine(rows) if rows:
            return len(rows[0]) - 1
        case ByDimension(parts):
            return sum(len(part.input_axes) for part in parts)
        case Bijection(forward):
            return _input_ndim(forward)
        case Sequence(transforms):
            return _first_ndim(transforms)
        case _:
            return None


def _first_ndim(transforms: Iterable[Transform]) -> int | None:
    added = 0
    for child in transforms:
        width = _input_ndim(child)
        if width is not None:
            return max(width - added, 0)
        added += output_ndim(child, LIMITS.axes) - LIMITS.axes
    return None
