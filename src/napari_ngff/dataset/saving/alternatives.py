"""The other coordinate systems of an image, with the numbers that lead to them.

Parameters of a transformation may lie in an array of the store that it was read from;
in another store they are not there. So the numbers are written out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.reading.reading import note
from napari_ngff.metadata.transforms import paths, resolve
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.metadata.model import Edge


def edges_with_numbers(
    image: ImageData, *, node: str = ""
) -> tuple[tuple[Edge, ...], tuple[Problem, ...]]:
    """Return the edges between an image's coordinate systems, without arrays.

    Parameters
    ----------
    image
        As it was read: arrays are looked for where its group is.
    node
        Where it will be, for the problems.

    Returns
    -------
    edges
        Those whose numbers are known.
    problems
        Which are left out because theirs cannot be read.
    """
    edges: list[Edge] = []
    problems: list[Problem] = []
    for index, edge in enumerate(image.multiscale.edges):
        if not paths(edge.transform):
            edges.append(edge)
            continue
        try:
            lookup = partial(_array, image)
            edges.append(replace(edge, transform=resolve(edge.transform, lookup)))
        except (NgffError, ValueError) as error:
            text = "A transformation to another coordinate system is left out, for "
            text += f"its numbers cannot be read: {plain(str(error))}"
            where = ("coordinateTransformations", index)
            problems.append(
                note("warning", "transform-lost", text, node=node, loc=where)
            )
    return tuple(edges), tuple(problems)


def _array(image: ImageData, path: str) -> NDArray[Any]:
    found: NDArray[Any] = open_location(image.store).small_array(join(image.node, path))
    return found
