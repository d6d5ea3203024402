"""An image that is turned or sheared as a whole is seen again where it was (0.6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from napari_ngff.metadata.axes import Axis, CoordinateSystem
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.model import Edge, Endpoint, Group, Level, Multiscale
from napari_ngff.metadata.shown import KEY, from_edge, to_edge
from napari_ngff.metadata.transforms import Affine, Identity, Scale
from napari_ngff.metadata.versions import read_group
from napari_ngff.metadata.writing import write_group

AXES = tuple(Axis(name=name, type="space", unit="micrometer") for name in "yx")
SHEAR = Affine(matrix=((1.0, 0.25, 3.0), (0.0, 1.0, -2.0)))
IMAGE = Multiscale(
    name="sheared",
    axes=AXES,
    levels=(Level(path="0", transform=Scale((0.5, 0.5))),),
    transform=SHEAR,
    intrinsic="physical",
    coordinate_systems=(CoordinateSystem(name="physical", axes=AXES),),
)


def _written(image: Multiscale) -> Multiscale:
    group = Group(version=None, dialect="", multiscales=(image,))
    [found] = read_group(write_group(group, "0.6"), zarr_format=3).multiscales
    return found


def test_what_is_written_is_shown_there() -> None:
    """Reading what was written gives the same places."""
    found = _written(IMAGE)

    assert SHEAR == found.transform
    assert level_matrix(IMAGE, 0).tolist() == level_matrix(found, 0).tolist()


def test_no_trace_in_the_model() -> None:
    """The edge, its system and the key beside them are how it is written, no more."""
    found = _written(IMAGE)

    assert ((), {}) == (found.edges, dict(found.extra))
    assert ["physical"] == [system.name for system in found.coordinate_systems]


def test_moved_back() -> None:
    """An image that is turned back before it is saved again is not turned."""
    straight = replace(_written(IMAGE), transform=Identity())

    assert Identity() == _written(straight).transform


def test_name_taken() -> None:
    """A system of the file's own with the usual name stays what it is."""
    other = CoordinateSystem(name="world", axes=AXES)
    own = Edge(
        transform=Scale((2.0, 2.0)),
        input=Endpoint(name="physical"),
        output=Endpoint(name="world"),
    )
    systems = (*IMAGE.coordinate_systems, other)
    image = replace(IMAGE, coordinate_systems=systems, edges=(own,))

    found = _written(image)

    assert (SHEAR, (own,)) == (found.transform, found.edges)


MARKED = to_edge(IMAGE)


@pytest.mark.parametrize(
    "image",
    [
        replace(MARKED, extra={}),
        replace(MARKED, extra={KEY: "world"}),
        replace(MARKED, extra={KEY: {"shown_in": ["world"]}}),
        replace(MARKED, extra={KEY: {"shown_in": "nowhere"}}),
        replace(MARKED, edges=(*MARKED.edges, replace(MARKED.edges[0], name="b"))),
        replace(MARKED, edges=(replace(MARKED.edges[0], transform=Affine(path="a")),)),
        replace(
            MARKED,
            coordinate_systems=(
                MARKED.coordinate_systems[0],
                CoordinateSystem(name="world", axes=AXES[:1]),
            ),
        ),
    ],
    ids=["unmarked", "text", "list", "elsewhere", "two ways", "by path", "other axes"],
)
def test_not_followed(image: Multiscale) -> None:
    """Where the key is not there, or what it names is not one place, nothing is done.

    "Viewers should use the intrinsic coordinate system by default" (0.6).
    """
    assert image == from_edge(image)
