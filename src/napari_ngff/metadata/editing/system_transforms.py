"""Transformations between coordinate systems, with other parameters.

Knows what fits the axes at their ends, and how an image as a whole is shown.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import difference
from napari_ngff.metadata.editing.system_block import EDGES, end_of
from napari_ngff.metadata.transforms import (
    Affine,
    Identity,
    Rotation,
    Scale,
    Sequence,
    Translation,
    matrix,
)
from napari_ngff.metadata.writing.transforms import is_writable, write_transform

if TYPE_CHECKING:
    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.editing.system_block import Block, Json
    from napari_ngff.metadata.transforms import Transform

#: Keys of transformations that are of their type.
_PARAMETERS: Final = frozenset(
    (
        *("type", "scale", "translation", "rotation", "affine", "path", "mapAxis"),
        *("transformations", "droppedInputs", "createdOutputs", "interpolation"),
        *("forward", "inverse"),
    )
)


def replaced(
    block: Block, transform: Transform, index: int, edge: Json
) -> Changes | Problem:
    """Return what gives a transformation other parameters; its other keys stay."""
    ends = {key: end_of(edge, key) for key in ("input", "output")}
    sizes = [_ndim(end, block) for end in ends.values()]
    wrong = unfit(block, transform, sizes[0], sizes[1], index)
    if wrong is not None:
        return wrong
    if any(path for path, _ in ends.values()) and block.of == "image":
        steps = (
            transform.transforms if isinstance(transform, Sequence) else (transform,)
        )
        if not all(isinstance(s, Identity | Scale | Translation) for s in steps):
            text = "To a label image only identity, scale, translation and a sequence "
            text += "of those may lead."
            return block.problem("edge-label-type", text, EDGES, index)
    kept = {key: value for key, value in edge.items() if key not in _PARAMETERS}
    return difference(edge, kept | write_transform(transform), (EDGES, index))


def _ndim(end: tuple[str | None, str | None], block: Block) -> int | None:
    """Return the number of axes of a system of this document; None: not known."""
    path, name = end
    if path is not None:
        return None
    axes = (s.get("axes") for s in block.systems if s.get("name") == name)
    found = next(axes, None)
    return len(found) if isinstance(found, list) else None


def unfit(
    block: Block,
    transform: Transform,
    inputs: int | None,
    outputs: int | None,
    index: int = 0,
) -> Problem | None:
    """Return what is wrong with a transform between so many axes."""
    rows: Any = ()
    if isinstance(transform, Affine | Rotation):
        rows = transform.matrix or ()
    elif isinstance(transform, Scale):
        rows = (transform.scale,)
    elif isinstance(transform, Translation):
        rows = (transform.translation,)
    if not all(isfinite(number) for row in rows for number in row):
        text = "Every number of a transformation must be finite."
        return block.problem("transform-number", text, EDGES, index)
    if not is_writable(transform):
        text = "This transformation cannot be written."
        return block.problem("transform-lost", text, EDGES, index)
    if inputs is None or outputs is None or transform == Identity():
        return None
    if isinstance(transform, Affine | Rotation) and transform.matrix is None:
        return None  # its parameters are in an array
    found = matrix(transform, inputs)
    if found is not None and found.shape == (outputs + 1, inputs + 1):
        return None
    text = f"It must lead from {inputs} axes to {outputs}: an affine has {outputs} rows"
    text += f" of {inputs + 1} numbers, the last one the offset."
    return block.problem("transform-length", text, EDGES, index)
