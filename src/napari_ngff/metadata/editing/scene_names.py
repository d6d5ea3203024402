"""Names that a scene has for the coordinate systems of the images that it places (0.6).

Knows where a scene names them; which image a path leads to is known by who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from napari_ngff.core.patch import Change, at
from napari_ngff.metadata.editing.system_block import EDGES, end_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Group


def renamed_in_scene(
    attributes: Any,
    group: Group,
    is_meant: Callable[[str], bool],
    name: str,
    new: str,
) -> Changes:
    """Return what has a scene call the system of an image by another name.

    Parameters
    ----------
    attributes, group
        What the group of the scene says, as JSON and as the model.
    is_meant
        Whether a path in it leads to the image.
    name, new
        What the system is called, and what it is to be called.

    Returns
    -------
    tuple of Change
        Relative to the attributes; none where the scene does not name it.
    """
    return tuple(
        Change(loc, name, new) for loc in _places(attributes, group, is_meant, name)
    )


def _places(
    attributes: Any, group: Group, is_meant: Callable[[str], bool], name: str
) -> Iterator[Loc]:
    loc: Loc = (*group.loc, "scene", EDGES)
    edges = at(attributes, loc)
    for index, edge in enumerate(edges if isinstance(edges, list) else ()):
        for key in ("input", "output") if isinstance(edge, Mapping) else ():
            path, found = end_of(edge, key)
            if path is not None and found == name and is_meant(path):
                yield (*loc, index, key, "name")
