"""The one place that an image is shown at, where a level's scale cannot say it (0.6).

"Viewers should use the intrinsic coordinate system by default" (0.6, "multiscales"
metadata), and levels lead there by scale and translation alone. So an image that is
turned or sheared as a whole is written with a transformation from there to a system of
its own, and a key beside it that says that this is where it was seen; what others wrote
without that key is shown in the intrinsic system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from napari_ngff.metadata.axes import CoordinateSystem
from napari_ngff.metadata.model import Edge, Endpoint
from napari_ngff.metadata.transforms import Identity, matrix

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Multiscale

WORLD: Final = "world"
KEY: Final = "napari_ngff"
SHOWN_IN: Final = "shown_in"


def free_name(name: str, multiscale: Multiscale) -> str:
    """Return a name that no coordinate system has: `name`, or `name` with a number."""
    taken = {system.name for system in multiscale.coordinate_systems}
    names = (name, *(f"{name}_{count}" for count in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def to_edge(multiscale: Multiscale) -> Multiscale:
    """Return an image whose own transform leads to a coordinate system, and says so.

    Parameters
    ----------
    multiscale
        In the words of 0.6, its intrinsic system named.
    """
    name = free_name(WORLD, multiscale)
    edge = Edge(
        transform=multiscale.transform,
        input=Endpoint(name=multiscale.intrinsic),
        output=Endpoint(name=name),
    )
    system = CoordinateSystem(name=name, axes=multiscale.axes)
    return replace(
        multiscale,
        transform=Identity(),
        coordinate_systems=(*multiscale.coordinate_systems, system),
        edges=(edge, *multiscale.edges),
        extra={**multiscale.extra, KEY: {SHOWN_IN: name}},
    )


def from_edge(multiscale: Multiscale) -> Multiscale:
    """Return what `to_edge` was given; what has no such edge is returned as it is."""
    mark = multiscale.extra.get(KEY)
    name = mark.get(SHOWN_IN) if isinstance(mark, Mapping) else None
    edge = next((e for e in multiscale.edges if _leads(e, multiscale, name)), None)
    others = tuple(e for e in multiscale.edges if e is not edge)
    elsewhere = {end.name for e in others for end in (e.input, e.output)}
    if edge is None or name in elsewhere or multiscale.transform != Identity():
        return multiscale
    systems = multiscale.coordinate_systems
    return replace(
        multiscale,
        transform=edge.transform,
        coordinate_systems=tuple(s for s in systems if s.name != name),
        edges=others,
        extra={key: v for key, v in multiscale.extra.items() if key != KEY},
    )


def _leads(edge: Edge, multiscale: Multiscale, name: object) -> bool:
    """Whether an edge leads from where the levels are to a like system."""
    ends = edge.input == Endpoint(name=multiscale.intrinsic), edge.output.name == name
    if name is None or not all(ends) or edge.output.path:
        return False
    axes = (s.axes for s in multiscale.coordinate_systems if s.name == name)
    if next(axes, ()) != multiscale.axes:
        return False
    rows = matrix(edge.transform, len(multiscale.axes))
    return rows is not None and rows.shape[0] == rows.shape[1]
