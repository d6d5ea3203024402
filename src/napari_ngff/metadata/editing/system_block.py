"""An image or a scene with coordinate systems, as it is written and as it is meant.

Knows where names of systems and transformations stand in the JSON; changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.patch import at
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.shown import KEY as MARK
from napari_ngff.metadata.shown import SHOWN_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Group

    Json: TypeAlias = Mapping[str, Any]

#: Whose systems: those of an image, or those of the scene that images are placed in.
Holder: TypeAlias = Literal["image", "scene"]

SYSTEMS: Final = "coordinateSystems"
EDGES: Final = "coordinateTransformations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An image or a scene: where it is, what it says, and what the model makes of it.

    Attributes
    ----------
    marked
        The system that the image as a whole is shown in; the model has it, and what
        leads there, as the transform of the image.
    """

    loc: Loc
    json: Json
    of: Holder
    intrinsic: str | None
    ndim: int | None
    marked: str | None

    @property
    def systems(self) -> list[Json]:
        """Its coordinate systems, as they are written."""
        return _objects(self.json.get(SYSTEMS))

    @property
    def names(self) -> list[str]:
        """The names of its coordinate systems."""
        return [s["name"] for s in self.systems if isinstance(s.get("name"), str)]

    @property
    def edges(self) -> list[tuple[int, Json]]:
        """Its transformations and their places in the list."""
        found = self.json.get(EDGES)
        items = enumerate(found if isinstance(found, list) else [])
        return [(index, item) for index, item in items if isinstance(item, Mapping)]

    def is_way_shown(self, edge: Json) -> bool:
        """Tell whether a transformation is how the image as a whole is shown."""
        ends = end_of(edge, "input"), end_of(edge, "output")
        return self.marked is not None and ends == (
            (None, self.intrinsic),
            (None, self.marked),
        )

    def problem(self, kind: str, text: str, *loc: str | int) -> Problem:
        """Return why an edit cannot be made."""
        return Problem(level="error", kind=kind, loc=(*self.loc, *loc), message=text)


def block_of(
    of: Holder, attributes: Json, group: Group, multiscale: int
) -> Block | Problem:
    """Return an image, or a scene; a problem where it has no coordinate systems."""
    loc: Loc = (*group.loc, "scene")
    intrinsic = ndim = marked = None
    if of == "image":
        loc = (*group.loc, "multiscales", multiscale)
    json = at(attributes, loc)
    if not isinstance(json, Mapping) or (of == "image" and SYSTEMS not in json):
        text = "Coordinate systems are there from OME-Zarr 0.6 on. Upgrade the store "
        text += "to 0.6 first."
        return Problem(level="error", kind="no-systems", loc=group.loc, message=text)
    if of == "image":
        image = group.multiscales[multiscale]
        intrinsic, ndim = image.intrinsic, len(image.axes)
        mark = json.get(MARK)
        found = mark.get(SHOWN_IN) if isinstance(mark, Mapping) else None
        if found not in {system.name for system in image.coordinate_systems}:
            marked = found
    return Block(
        loc=loc,
        json=json,
        of=of,
        intrinsic=intrinsic,
        ndim=ndim,
        marked=marked,
    )


def _objects(value: Any) -> list[Json]:
    found = value if isinstance(value, list) else []
    return [item for item in found if isinstance(item, Mapping)]


def end_of(edge: Json, key: str) -> tuple[str | None, str | None]:
    """Return path and name of one end of a transformation."""
    value = edge.get(key)
    if isinstance(value, str):  # development versions
        return None, value
    if not isinstance(value, Mapping):
        return None, None
    path, name = value.get("path"), value.get("name")
    return (path or None, name if isinstance(name, str) else None)


def own_ends(edge: Json) -> list[str]:
    """Return the names of the systems of this document that an edge leads to."""
    ends = (end_of(edge, key) for key in ("input", "output"))
    return [name for path, name in ends if path is None and name is not None]


def places_of(name: str, block: Block) -> Iterator[Loc]:
    """Yield every place in a document where a system is named."""
    systems = block.json.get(SYSTEMS)
    for index, system in enumerate(systems if isinstance(systems, list) else []):
        if isinstance(system, Mapping) and system.get("name") == name:
            yield (SYSTEMS, index, "name")
            break  # of two of a name the first one is meant
    datasets = block.json.get("datasets")
    for number, dataset in enumerate(datasets if isinstance(datasets, list) else []):
        steps = dataset.get(EDGES) if isinstance(dataset, Mapping) else None
        for index, step in enumerate(steps if isinstance(steps, list) else []):
            if isinstance(step, Mapping):
                where = ("datasets", number, EDGES, index)
                yield from _ends_at(step, ("output",), name, where)
    for index, edge in block.edges:
        yield from _ends_at(edge, ("input", "output"), name, (EDGES, index))
    if name == at(block.json, (MARK, SHOWN_IN)):
        yield (MARK, SHOWN_IN)


def _ends_at(edge: Json, keys: tuple[str, ...], name: str, loc: Loc) -> Iterator[Loc]:
    for key in keys:
        if end_of(edge, key) == (None, name):
            yield (*loc, key) if isinstance(edge[key], str) else (*loc, key, "name")
