"""Where a layer is, as one matrix a level: the inverse of `space`.

Knows the numbers of a layer's state and how napari multiplies them; knows no axis
names, no colours and no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.metadata.transforms import (
    Affine,
    FloatArray,
    Identity,
    Scale,
    Sequence,
    Translation,
    is_scale_translation,
)
from napari_ngff.metadata.transforms import matrix as matrix_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Items

    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.storage.lazy import LazyArray

#: A part of a matrix that is this small beside its row and column is rounding.
_ROUNDING = 1e-12
_CLOSE = 1e-9
_PLANE_AXES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The levels of an image and where the pixels of each are.

    Attributes
    ----------
    levels
        Finest first; axis k of the world is axis k of the arrays, an RGB layer's
        colours are one axis more, the last.
    matrices
        Homogeneous, (n + 1, n + 1), one a level: from pixel indices to the world.
    """

    levels: tuple[LazyArray, ...]
    matrices: tuple[FloatArray, ...]

    @property
    def ndim(self) -> int:
        """How many axes the world has."""
        return len(self.matrices[0]) - 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Pixels of the finest level along each axis of the world."""
        return self.levels[0].shape[: self.ndim]


def layer_matrix(state: Mapping[str, Any], ndim: int) -> FloatArray:
    """Return where the pixels of a layer's finest level are in the world.

    Parameters
    ----------
    state
        As ``layer.as_layer_data_tuple()[1]``; what is missing is napari's default.
    ndim
        Axes of the layer, without the colours of RGB.

    Returns
    -------
    ndarray of float64, shape (ndim + 1, ndim + 1)
        ``affine @ translate @ rotate @ shear @ scale``, rounding taken out.
    """
    affine = state.get("affine")
    affine = getattr(affine, "affine_matrix", affine)
    whole = np.eye(ndim + 1)
    if affine is not None:
        given = np.asarray(affine, dtype=np.float64)
        used = min(len(given), ndim + 1)
        whole[-used:, -used:] = given[-used:, -used:]
    found = whole @ physical_matrix(state, ndim)
    found[:-1, :-1] = _without_rounding(found[:-1, :-1])
    return found


def physical_matrix(state: Mapping[str, Any], ndim: int) -> FloatArray:
    """Return the matrix of scale, shear, rotate and translate, in napari's order."""
    linear = _rotation(state.get("rotate"), ndim) @ _shear(state.get("shear"), ndim)
    matrix = np.eye(ndim + 1)
    matrix[:-1, :-1] = linear @ np.diag(_vector(state.get("scale"), ndim, 1.0))
    matrix[:-1, -1] = _vector(state.get("translate"), ndim, 0.0)
    return matrix


def _vector(given: Any, ndim: int, default: float) -> FloatArray:
    """Return one number an axis; fewer are those of the last axes, as in napari."""
    full = np.full(ndim, default)
    if given is not None:
        values = np.broadcast_to(given, (ndim,)) if np.ndim(given) == 0 else given
        used = min(len(values), ndim)
        full[ndim - used :] = np.asarray(values, dtype=np.float64)[len(values) - used :]
    return full


def _rotation(given: Any, ndim: int) -> FloatArray:
    """Return a rotation; an angle in degrees turns the last two axes."""
    rotation = np.eye(ndim)
    if given is None:
        return rotation
    values = np.asarray(given, dtype=np.float64)
    if values.ndim == 0:
        cos, sin = np.cos(np.deg2rad(values)), np.sin(np.deg2rad(values))
        values = np.array([[cos, -sin], [sin, cos]])
    rotation[-len(values) :, -len(values) :] = values
    return rotation


def _shear(given: Any, ndim: int) -> FloatArray:
    """Return a shear from its upper triangle or from all of its matrix."""
    shear = np.eye(ndim)
    if given is None:
        return shear
    values = np.asarray(given, dtype=np.float64)
    if values.ndim == _PLANE_AXES:
        return values
    shear[np.triu_indices(ndim, 1)] = values
    return shear


def _without_rounding(linear: FloatArray) -> FloatArray:
    """Turn cos(90°) = 6e-17 and its like into the 0 they stand for."""
    size = np.abs(linear)
    rows, columns = size.max(axis=1, keepdims=True), size.max(axis=0, keepdims=True)
    return np.where(size > _ROUNDING * np.minimum(rows, columns), linear, 0.0)


def same_matrix(one: FloatArray, other: FloatArray) -> bool:
    """Whether two matrices are equal but for rounding."""
    if one.shape != other.shape:
        return False
    size = np.maximum(np.abs(one), np.abs(other)).max(axis=1, keepdims=True)
    return bool((np.abs(one - other) <= _CLOSE * size).all())


def straightened(placed: Placed) -> Placed:
    """Exchange and turn round axes of the arrays, so that scale and translation do.

    What is turned by a right angle or mirrored needs no more than that: it stays
    where it is, pixel by pixel, and nothing is read. What is turned by another angle
    or sheared is returned as it is.
    """
    linear = placed.matrices[0][:-1, :-1]
    used = linear != 0
    if not ((used.sum(axis=0) == 1).all() and (used.sum(axis=1) == 1).all()):
        return placed
    order = [int(np.flatnonzero(row)[0]) for row in used]
    levels, matrices = placed.levels, placed.matrices
    if order != sorted(order):
        levels = tuple(_permuted(level, order) for level in levels)
        columns = [*order, placed.ndim]
        matrices = tuple(matrix[:, columns] for matrix in matrices)
    for axis in np.flatnonzero(np.diagonal(matrices[0])[:-1] < 0).tolist():
        turned = [_turned(*pair, axis) for pair in zip(levels, matrices, strict=True)]
        levels = tuple(level for level, _ in turned)
        matrices = tuple(matrix for _, matrix in turned)
    return Placed(levels=levels, matrices=matrices)


def _permuted(level: LazyArray, order: Items[int]) -> LazyArray:
    return level.permuted([*order, *range(len(order), level.ndim)])


def _turned(
    level: LazyArray, matrix: FloatArray, axis: int
) -> tuple[LazyArray, FloatArray]:
    """Turn one axis of an array round, and leave every pixel where it is."""
    key = (slice(None),) * axis + (slice(None, None, -1),)
    matrix = matrix.copy()
    matrix[:, -1] += matrix[:, axis] * (level.shape[axis] - 1)
    matrix[:-1, axis] *= -1
    return level[key], matrix


def is_straight(placed: Placed) -> bool:
    """Whether scale and translation say where every level is."""
    return all(map(is_scale_translation, placed.matrices))


def extent(placed: Placed) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest world coordinate along each axis.

    Pixels have a size: those at the border reach half of it further.
    """
    ends = [(-0.5, n - 0.5) for n in placed.shape]
    corners = np.array(list(product(*ends)))
    matrix = placed.matrices[0]
    world = corners @ matrix[:-1, :-1].T + matrix[:-1, -1]
    return world.min(axis=0), world.max(axis=0)


def spacing(matrix: FloatArray) -> FloatArray:
    """Return the distance between pixels along each axis of the array."""
    return np.asarray(np.sqrt((matrix[:-1, :-1] ** 2).sum(axis=0)))


def transforms(placed: Placed) -> tuple[tuple[Transform, ...], Transform]:
    """Return each level's transformation, and the one that applies after all of them.

    Returns
    -------
    levels
        Scale and, where it is not 0, translation.
    whole
        Identity; an `Affine` where scale and translation do not say where the levels
        are: the levels' own then give the size of pixels and how they lie on the
        finest.
    """
    if is_straight(placed):
        return tuple(map(scale_translation, placed.matrices)), Identity()
    own = np.diag([*spacing(placed.matrices[0]), 1.0])
    after = placed.matrices[0] @ np.linalg.inv(own)
    undone = np.linalg.inv(after)
    levels = tuple(scale_translation(undone @ m) for m in placed.matrices)
    return levels, Affine(tuple(tuple(row) for row in after[:-1].tolist()))


def scale_translation(matrix: FloatArray) -> Transform:
    """Return the diagonal and the offset of a matrix as a transformation."""
    scale = Scale(tuple(np.diagonal(matrix)[:-1].tolist()))
    offset = tuple(matrix[:-1, -1].tolist())
    return Sequence((scale, Translation(offset))) if any(offset) else scale


def composed(transform: Transform, ndim: int) -> FloatArray | None:
    """Return a transformation's matrix, rounding taken out; None where it has none."""
    found = matrix_of(transform, ndim)
    if found is None or found.shape != (ndim + 1, ndim + 1):
        return None
    found = found.copy()
    found[:-1, :-1] = _without_rounding(found[:-1, :-1])
    return found
