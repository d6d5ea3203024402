"""Coordinate systems as a graph, and the way from one to another."""

from __future__ import annotations

import numpy as np
import pytest

from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.model import Edge, Endpoint, Level, Multiscale
from napari_ngff.metadata.spaces import (
    edges_of,
    is_connected,
    path_between,
    systems_of,
)
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    ByDimensionPart,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Transform,
    Translation,
    Unknown,
    apply,
)


def edge(source: str, target: str, transform: Transform) -> Edge:
    return Edge(
        transform=transform, input=Endpoint(name=source), output=Endpoint(name=target)
    )


def way(edges: list[Edge], source: str, target: str) -> Transform | None:
    return path_between(edges, Endpoint(name=source), Endpoint(name=target))


HALF_SCALED = ByDimension(
    (
        ByDimensionPart(Identity(), (0,), (0,)),
        ByDimensionPart(Scale((10,)), (1,), (1,)),
    )
)
THERE_AND_BACK = [
    (Identity(), [[1, 2]], [[1, 2]]),
    (Scale((10, 20)), [[1, 2]], [[10, 40]]),
    (Translation((10, 20)), [[1, 2]], [[11, 22]]),
    (Affine(((1, 0, 0), (0, 1, 0))), [[1, 2]], [[1, 2]]),
    (Rotation(((1, 0), (0, 1))), [[1, 2]], [[1, 2]]),
    (
        Rotation(((0.17, -0.985), (0.985, 0.17))),
        [[-1, -1], [0, 0], [2, 2]],
        [[0.815, -1.155], [0, 0], [-1.63, 2.31]],
    ),
    (MapAxis((1, 0)), [[1, 2]], [[2, 1]]),
    (HALF_SCALED, [[1, 2]], [[1, 20]]),
    (Sequence((Scale((10, 20)), Scale((0.1, 0.05)))), [[1, 2]], [[1, 2]]),
    (ProjectAxis(created_outputs=(2,)), [[1, 2]], [[1, 2, 0]]),
    (
        Sequence((Identity(), ProjectAxis(created_outputs=(0,)), Scale((2, 3, 4)))),
        [[1, 2]],
        [[0, 3, 8]],
    ),
    (
        Sequence((Identity(), ProjectAxis(created_outputs=(2,)))),
        [[1, 2]],
        [[1, 2, 0]],
    ),
    (Bijection(Scale((2, 2)), Scale((0.5, 0.5))), [[1, 2]], [[2, 4]]),
]


@pytest.mark.parametrize(("transform", "inside", "outside"), THERE_AND_BACK)
def test_an_edge_is_walked_both_ways(
    transform: Transform, inside: list[list[float]], outside: list[list[float]]
):
    """One edge leads forwards, and backwards by its inverse."""
    edges = [edge("input", "output", transform)]

    there = apply(way(edges, "input", "output"), inside)
    back = apply(way(edges, "output", "input"), outside)

    np.testing.assert_allclose(outside, there, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(inside, back, rtol=1e-3, atol=1e-12)


def test_a_bijection_leads_back_by_its_given_inverse():
    """The inverse in the file counts, even if it is not the true one."""
    edges = [edge("a", "b", Bijection(Translation((1, 1)), Translation((10, 10))))]

    assert [[11, 12]] == apply(way(edges, "b", "a"), [[1, 2]]).tolist()


@pytest.mark.parametrize(("source", "target"), [("x", "b"), ("a", "x"), ("x", "x")])
def test_unknown_systems_lead_nowhere(source: str, target: str):
    """A system that no edge mentions has no way from or to it."""
    assert way([edge("a", "b", Identity())], source, target) is None


def test_a_system_is_where_it_is():
    """From a system to itself nothing happens."""
    assert Identity() == way([edge("a", "b", Scale((2,)))], "b", "b")


def test_a_way_leads_over_other_systems():
    """Edges are composed in the order they are walked, some of them backwards."""
    edges = [
        edge("a", "b", Scale((2,))),
        edge("c", "b", Translation((5,))),
        edge("c", "d", Scale((10,))),
    ]

    expected = Sequence((Scale((2.0,)), Translation((-5.0,)), Scale((10.0,))))
    assert expected == way(edges, "a", "d")


def test_the_shortest_way_is_taken():
    """Fewer edges win, and of two alike the one listed first."""
    edges = [
        edge("a", "m", Scale((7,))),
        edge("m", "c", Scale((7,))),
        edge("a", "c", Scale((2,))),
        edge("a", "c", Scale((3,))),
    ]

    assert Scale((2,)) == way(edges, "a", "c")


def test_the_shortest_way_is_found_among_long_ones():
    """Two edges win over three, wherever they are listed."""
    edges = [
        edge("a", "p", Scale((2,))),
        edge("a", "q", Scale((7,))),
        edge("q", "r", Scale((7,))),
        edge("r", "c", Scale((7,))),
        edge("p", "c", Scale((3,))),
    ]

    assert Sequence((Scale((2,)), Scale((3,)))) == way(edges, "a", "c")


@pytest.mark.parametrize(
    "blocked", [Field("displacements", "f"), Unknown("?"), Affine(path="p")]
)
def test_a_way_with_a_matrix_is_preferred(blocked: Transform):
    """A detour that can be shown beats a field; a field beats nothing."""
    edges = [
        edge("a", "c", blocked),
        edge("a", "b", Scale((2,))),
        edge("b", "c", Scale((3,))),
    ]

    assert Sequence((Scale((2,)), Scale((3,)))) == way(edges, "a", "c")
    assert blocked == way(edges[:1], "a", "c")


@pytest.mark.parametrize(
    "transform",
    [
        Field("coordinates", "f"),
        Scale((0, 1)),
        Affine(((1, 0, 0),)),
        Affine(()),
        ProjectAxis(dropped_inputs=(0,)),
        Sequence((ProjectAxis(created_outputs=(0, 1, 2)), Scale((1,)))),
    ],
)
def test_what_cannot_be_undone_is_not_walked_backwards(transform: Transform):
    """Without an inverse there is no way back, though the systems are connected."""
    edges = [edge("a", "b", transform)]

    assert way(edges, "b", "a") is None
    assert is_connected(edges)


def test_endless_circles_end():
    """A graph with circles is walked once."""
    edges = [edge("a", "b", Scale((2,))), edge("b", "a", Scale((0.5,)))]

    assert way([*edges, edge("c", "d", Identity())], "a", "d") is None


def test_systems_are_told_apart_by_name_and_path():
    """The same name in two images means two systems."""
    first = Edge(
        transform=Identity(),
        input=Endpoint(name="physical", path="tile_0"),
        output=Endpoint(name="world"),
    )
    second = Edge(
        transform=Translation((3,)),
        input=Endpoint(name="physical", path="tile_1"),
        output=Endpoint(name="world"),
    )

    assert (first.input, first.output, second.input) == systems_of([first, second])
    assert Translation((-3.0,)) == path_between(
        [first, second], first.input, second.input
    )


def test_connectedness_asks_for_every_system():
    """Islands and systems without an edge are not connected; nothing at all is."""
    edges = [edge("a", "b", Identity()), edge("c", "d", Identity())]
    bridge = edge("d", "b", Unknown("?"))

    assert not is_connected(edges)
    assert is_connected([*edges, bridge])
    assert not is_connected([*edges, bridge], [Endpoint(name="lonely")])
    assert is_connected([*edges, bridge], [Endpoint(name="a")])
    assert is_connected([])


def test_levels_are_systems_of_their_image():
    """Each level leads to the intrinsic system, and from there on."""
    image = Multiscale(
        name=None,
        axes=(Axis(name="x"),),
        levels=(
            Level(path="0", transform=Scale((2,))),
            Level(path="1", transform=Scale((4,))),
        ),
        transform=Identity(),
        intrinsic="physical",
        edges=(edge("physical", "world", Translation((1,))),),
    )

    edges = edges_of(image)

    assert 3 == len(edges)
    found = path_between(edges, Endpoint(path="1"), Endpoint(name="world"))
    assert Sequence((Scale((4,)), Translation((1,)))) == found
    levels = path_between(edges, Endpoint(path="1"), Endpoint(path="0"))
    assert [[6.0]] == apply(levels, [[3]]).tolist()


def test_transforms_of_the_whole_image_belong_to_its_levels():
    """In 0.4 and 0.5 the multiscales-level transforms apply after the level's."""
    image = Multiscale(
        name=None,
        axes=(Axis(name="x"),),
        levels=(Level(path="0", transform=Scale((2,))),),
        transform=Translation((7,)),
    )

    found = path_between(edges_of(image), Endpoint(path="0"), Endpoint())

    assert Sequence((Scale((2,)), Translation((7,)))) == found
