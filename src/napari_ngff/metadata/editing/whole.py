"""What is done to an image as a whole, after its levels' own transformations.

Knows it axis by axis, where it does not mix axes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.metadata.editing.image import TRANSFORMS
from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.editing.steps import steps_of
from napari_ngff.metadata.transforms import (
    Affine,
    Scale,
    Sequence,
    Translation,
    is_scale_translation,
    matrix,
)

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.editing.image import Image
    from napari_ngff.metadata.editing.steps import Place, Steps
    from napari_ngff.metadata.transforms import FloatArray, Transform

#: Of an axis to which nothing is done.
SAME: Final[Place] = (Fraction(1), Fraction(0))
_TURNED: Final = (
    "The image as a whole is turned, sheared or placed by an array along this axis, so "
    "that no single number says its pixel size. Edit that transformation."
)


def transform_of(rows: FloatArray) -> Transform:
    """Return the plainest transform that has a matrix."""
    if not is_scale_translation(rows):
        return Affine(tuple(tuple(row) for row in rows[:-1].tolist()))
    move = Translation(tuple(rows[:-1, -1].tolist()))
    return Sequence((Scale(tuple(np.diagonal(rows)[:-1].tolist())), move))


def whole_of(
    image: Image, axis: int | None, ndim: int
) -> tuple[tuple[Place | None, ...], Steps | None] | Problem:
    """Return what is done to each axis, and the steps of 0.4 and 0.5 that say it.

    Parameters
    ----------
    image
        The image.
    axis
        The axis to be edited, which must not be mixed with others. None: nothing of it
        counts.
    ndim
        The number of axes.
    """
    if axis is None or image.model is None:
        steps = None if image.has_systems else steps_of([], ndim, "list")
        return (SAME,) * ndim, steps
    if image.has_systems:
        places = _separate(matrix(image.model.transform, ndim), ndim)
        if places[axis] is None:
            return image.refusal("transform-mixed", _TURNED)
        return places, None
    steps = steps_of(image.json.get(TRANSFORMS), ndim, "list")
    if steps.state == "other":
        return image.refusal("transform-mixed", _TURNED, (*image.loc, TRANSFORMS))
    return tuple(steps.place(axis) for axis in range(ndim)), steps


def _separate(rows: FloatArray | None, ndim: int) -> tuple[Place | None, ...]:
    """Return factor and offset of each axis that a matrix does not mix with others."""
    if rows is None or rows.shape != (ndim + 1, ndim + 1):
        return (None,) * ndim
    found: list[Place | None] = []
    for axis in range(ndim):
        factor, offset = (float(rows[axis, column]) for column in (axis, -1))
        others = np.delete(rows[axis, :-1], axis).any()
        others = others or np.delete(rows[:-1, axis], axis).any()
        alone = bool(factor) and not others
        found.append((exact(factor), exact(offset)) if alone else None)
    return tuple(found)
