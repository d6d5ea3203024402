"""An image in the order and orientation that can be stored: axes, and where it is.

Knows the specification's order of axes and what a level's transform may be. Pixels
are turned lazily: nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.resample import resampled
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.geometry import (
    level_matrix,
    scale_and_translation,
    whole_transform,
)
from napari_ngff.metadata.transforms import (
    Affine,
    Field,
    Identity,
    Scale,
    Sequence,
    Translation,
    Unknown,
    assumed_axes,
    is_scale_translation,
    obstacles,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.resample import Interpolation
    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.transforms import FloatArray, Transform, Vector
    from napari_ngff.storage.lazy import LazyArray

Turn: TypeAlias = Literal["keep", "resample", "drop"]

_STRAIGHT: Mapping[Turn, str] = {
    "resample": "The image is turned or sheared: it is resampled to a grid along the "
    "axes",
    "drop": "The image is turned or sheared: that is left out",
}
_MOVES = frozenset(("displacements", "translation"))
"""Transformations that leave the pixel size as it is."""
_ORDER = {"time": 0, "space": 2}
"""Axes come in the order time, channel or other, space (0.4 to 0.6, "axes")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Pixels and where they are, as they can be stored.

    Attributes
    ----------
    pixels
        Of the finest level.
    axes
        In the order of the specification, each with its type where that is known.
    scale, translation
        From pixels to the intrinsic coordinate system; each scale is above 0.
    rest
        What applies after: `Identity`, or an `Affine` where the image is turned.
    problems
        What is not as it was.
    """

    pixels: LazyArray
    axes: tuple[Axis, ...]
    scale: Vector
    translation: Vector
    rest: Transform
    problems: tuple[Problem, ...] = ()


def place(
    image: ImageData,
    *,
    turn: Turn = "keep",
    how: Interpolation = "linear",
    node: str = "",
) -> Placed:
    """Return an image's finest level so that it can be stored.

    Axes are put into the specification's order, and an axis that runs backwards is
    turned round; the image shows the same.

    Parameters
    ----------
    image
        Of any version.
    turn
        What becomes of what a scale and a translation cannot say: kept in
        `Placed.rest`, or resampled, or dropped.
    how
        How pixels are resampled.
    node
        Where it will be, for the problems.
    """
    ndim = len(image.multiscale.axes)
    axes, pixels = image.multiscale.axes, image.levels[0]
    matrix = _matrix(image)
    problems: tuple[Problem, ...] = ()
    whole = whole_transform(image.multiscale, 0)
    unsized = assumed_axes(whole, ndim)
    if matrix is None or matrix.shape != (ndim + 1, ndim + 1):
        text = "Where the image is cannot be said by its pixel size, an offset and a "
        text += "turn: it is saved with a pixel size of 1, without a unit"
        problems = (note("warning", "transform", text, node=node),)
        matrix, unsized = np.eye(ndim + 1), tuple(range(ndim))
    elif level_matrix(image.multiscale, 0) is None:
        text = "What is more than a pixel size, an offset and a turn is left out of "
        text += "where the image is"
        problems = (note("warning", "transform", text, node=node),)
    axes = tuple(_stated(axis, is_unsized=i in unsized) for i, axis in enumerate(axes))
    order = sorted(range(ndim), key=lambda i: _ORDER.get(kind_of(axes[i]) or "", 1))
    if order != list(range(ndim)):
        axes, pixels = tuple(axes[i] for i in order), pixels.permuted(order)
        rows = [*order, ndim]
        matrix = matrix[np.ix_(rows, rows)]
        names = ", ".join(plain(axis.name, limit=40) for axis in axes)
        text = f"The axes are saved in the order {names}"
        problems += (note("info", "axis-order", text, node=node),)
    pixels, matrix = _forwards(pixels, matrix)
    if turn != "keep" and not is_scale_translation(matrix):
        pixels, matrix = _straight(pixels, matrix, turn, how)
        problems += (note("warning", "affine", _STRAIGHT[turn], node=node),)
    scale, translation, rest = _split(matrix)
    return Placed(
        pixels=pixels,
        axes=axes,
        scale=scale,
        translation=translation,
        rest=rest,
        problems=problems,
    )


def _matrix(image: ImageData) -> FloatArray | None:
    """Return where the pixels are; what only moves them may be left out."""
    found = level_matrix(image.multiscale, 0)
    in_the_way = obstacles(image.multiscale.transform)
    only_moved = all(
        isinstance(obstacle, Field | Unknown) and obstacle.type in _MOVES
        for obstacle in in_the_way
    )
    if found is not None or not in_the_way or not only_moved:
        return found
    return level_matrix(replace(image.multiscale, transform=Identity()), 0)


def transform_of(scale: Vector, translation: Vector) -> Transform:
    """Return a level's transform in its usual form."""
    if not any(translation):
        return Scale(scale)
    return Sequence((Scale(scale), Translation(translation)))


def _stated(axis: Axis, *, is_unsized: bool) -> Axis:
    """Return an axis with its type; without the unit of a size that nobody stated."""
    typed = axis if axis.type is not None else replace(axis, type=kind_of(axis))
    return replace(typed, unit=None) if is_unsized else typed


def _forwards(pixels: LazyArray, matrix: FloatArray) -> tuple[LazyArray, FloatArray]:
    """Turn round each axis whose scale is negative, where no axes are mixed."""
    found = scale_and_translation(matrix)
    if found is None or min(found[0]) >= 0:
        return pixels, matrix
    matrix = matrix.copy()
    for axis, (size, n) in enumerate(zip(found[0], pixels.shape, strict=True)):
        if size < 0:
            index = [slice(None)] * pixels.ndim
            index[axis] = slice(None, None, -1)
            pixels = pixels[tuple(index)]
            matrix[axis, -1] += size * (n - 1)
            matrix[axis, axis] = -size
    return pixels, matrix


def _straight(
    pixels: LazyArray, matrix: FloatArray, turn: Turn, how: Interpolation
) -> tuple[LazyArray, FloatArray]:
    """Return the pixels on a grid along the axes, or where they are without a turn."""
    if turn == "resample":
        return resampled(pixels, matrix, how)
    lengths = np.linalg.norm(matrix[:-1, :-1], axis=0)
    lengths[lengths == 0] = 1.0
    straight = np.diag([*lengths, 1.0])
    straight[:-1, -1] = matrix[:-1, -1]
    return pixels, straight


def _split(matrix: FloatArray) -> tuple[Vector, Vector, Transform]:
    """Split a matrix into scale and translation and, if need be, what comes after."""
    found = scale_and_translation(matrix)
    if found is not None and min(found[0]) > 0:
        return *found, Identity()
    lengths = np.linalg.norm(matrix[:-1, :-1], axis=0)
    lengths[lengths == 0] = 1.0
    rest = matrix.copy()
    rest[:-1, :-1] /= lengths
    rows = tuple(tuple(row) for row in rest[:-1].tolist())
    return tuple(lengths.tolist()), (0.0,) * len(lengths), Affine(rows)
