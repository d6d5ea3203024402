"""``scene`` (0.6): images placed in shared coordinate systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.model import Scene
from napari_ngff.metadata.versions.edges import check_connected, read_edges
from napari_ngff.metadata.versions.systems import read_systems
from napari_ngff.metadata.versions.values import OBJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

_KEY: Final = "scene"


def read_scene(notes: Notes, body: Mapping[str, Any], loc: Loc) -> Scene | None:
    """Return the ``scene`` block; None where there is none to be read."""
    scene = notes.get(body, _KEY, loc, OBJECT, of="group")
    if scene is None:
        return None
    where = (*loc, _KEY)
    systems = tuple(system for _, system in read_systems(notes, scene, where))
    by_name = {system.name: system for system in reversed(systems)}
    # "The `scene` object MUST contain the field `coordinateTransformations`, whose
    # value MUST be an array of valid transformations."
    edges = read_edges(notes, scene, where, by_name, absent="error")
    found = tuple(edge for _, edge in edges)
    check_connected(notes, by_name, found, where)
    return Scene(coordinate_systems=systems, edges=found)
