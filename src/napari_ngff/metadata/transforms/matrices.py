"""What a transform does to points, as a matrix on homogeneous coordinates.

Knows no inverse (`inverses` does), no pixels and no units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from napari_ngff.core.limits import LIMITS
from napari_ngff.metadata.transforms.kinds import (
    Affine,
    Bijection,
    ByDimension,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Translation,
    Unknown,
)
from napari_ngff.metadata.transforms.parts import obstacles, with_assumed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Sequence as Items

    from numpy.typing import ArrayLike

    from napari_ngff.metadata.transforms.kinds import Transform

FloatArray: TypeAlias = NDArray[np.float64]

#: A matrix written with few digits is not orthonormal to the last of them.
_ROTATION_TOLERANCE: Final = 1e-2


def is_rotation(rows: Items[Items[float]]) -> bool:
    """Tell whether square rows are orthonormal, to a few digits, with determinant 1."""
    array = np.array(rows)
    with np.errstate(all="ignore"):
        off = np.abs(array @ array.T - np.eye(len(array))).max()
        return bool(off <= _ROTATION_TOLERANCE and np.linalg.det(array) > 0)


def output_ndim(t: Transform, ndim: int) -> int:
    """Return how many coordinates come out where `ndim` go in.

    This is what the transform says; whether it makes sense is for `matrix` to tell. A
    field, an unknown type and a matrix that is not resolved are taken to keep the
    number.
    """
    if isinstance(t, Affine) and t.matrix is not None:
        return len(t.matrix)
    if isinstance(t, ByDimension):
        return sum(len(part.output_axes) for part in t.parts)
    if isinstance(t, ProjectAxis):
        return max(ndim - len(t.dropped_inputs), 0) + len(t.created_outputs)
    if isinstance(t, Bijection):
        return output_ndim(t.forward, ndim)
    if isinstance(t, Sequence):
        for child in t.transforms:
            ndim = output_ndim(child, ndim)
    return ndim


def matrix(t: Transform, ndim: int) -> FloatArray | None:
    """Return the transform as a matrix on homogeneous coordinates.

    Parameters
    ----------
    t
        Any transform.
    ndim
        Number of input coordinates.

    Returns
    -------
    ndarray of float64, shape (output_ndim + 1, ndim + 1), or None
        Maps column vectors (coordinates, 1), axis order as in the file. None where
        there is no such matrix: `t` holds a field, an unknown type or a matrix that
        is not resolved; its parameters do not fit `ndim` coordinates; an output axis
        is not covered, or twice; the numbers overflow or are not finite; or it would
        be larger than `Limits.matrix_items`.
    """
    with np.errstate(all="ignore"):
        result = _matrix(t, ndim)
    return result if result is not None and np.isfinite(result).all() else None


def _matrix(t: Transform, ndim: int) -> FloatArray | None:
    if (output_ndim(t, ndim) + 1) * (ndim + 1) > LIMITS.matrix_items:
        return None
    return _MATRICES[type(t)](t, ndim)


def as_floats(values: object, shape: tuple[int, ...]) -> FloatArray | None:
    """Return numbers of a file as an array of that shape; None if they are not."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    return array if array.shape == shape else None


def _homogeneous(rows: FloatArray | None) -> FloatArray | None:
    """Return M x (N+1) rows with the last row (0 … 0 1) below."""
    if rows is None:
        return None
    last = np.zeros((1, rows.shape[1]))
    last[0, -1] = 1
    return np.concatenate([rows, last])


def _no_matrix(t: Field | Unknown, ndim: int) -> None:
    return None


def _identity_matrix(t: Identity, ndim: int) -> FloatArray:
    return np.eye(ndim + 1)


def _scale_matrix(t: Scale, ndim: int) -> FloatArray | None:
    factors = as_floats(t.scale, (ndim,))
    return None if factors is None else np.diag(np.append(factors, 1))


def _translation_matrix(t: Translation, ndim: int) -> FloatArray | None:
    offset = as_floats(t.translation, (ndim,))
    if offset is None:
        return None
    result = np.eye(ndim + 1)
    result[:-1, -1] = offset
    return result


def _rotation_matrix(t: Rotation, ndim: int) -> FloatArray | None:
    block = as_floats(t.matrix, (ndim, ndim))
    if block is None:
        return None
    return _homogeneous(np.concatenate([block, np.zeros((ndim, 1))], axis=1))


def _affine_matrix(t: Affine, ndim: int) -> FloatArray | None:
    return _homogeneous(as_floats(t.matrix, (output_ndim(t, ndim), ndim + 1)))


def is_permutation(indices: Items[int], ndim: int) -> bool:
    """Whether every axis from 0 to `ndim` - 1 is there, and there once."""
    return sorted(indices) == list(range(ndim))


def _map_axis_matrix(t: MapAxis, ndim: int) -> FloatArray | None:
    if not is_permutation(t.indices, ndim):
        return None
    return np.eye(ndim + 1)[[*t.indices, ndim]]


def _project_axis_matrix(t: ProjectAxis, ndim: int) -> FloatArray | None:
    rows = output_ndim(t, ndim)
    kept = [i for i in range(ndim) if i not in t.dropped_inputs]
    filled = [i for i in range(rows) if i not in t.created_outputs]
    whole = is_permutation([*kept, *t.dropped_inputs], ndim)
    if not whole or not is_permutation([*filled, *t.created_outputs], rows):
        return None
    result = np.zeros((rows + 1, ndim + 1))
    result[[*filled, rows], [*kept, ndim]] = 1
    return result


def _sequence_matrix(t: Sequence, ndim: int) -> FloatArray | None:
    result: FloatArray = np.eye(ndim + 1)
    for child in t.transforms:
        step = _matrix(child, len(result) - 1)
        if step is None:
            return None
        result = step @ result
    return result


def _by_dimension_matrix(t: ByDimension, ndim: int) -> FloatArray | None:
    rows = output_ndim(t, ndim)
    covered = [axis for part in t.parts for axis in part.output_axes]
    if not is_permutation(covered, rows):
        return None
    result = np.zeros((rows + 1, ndim + 1))
    result[-1, -1] = 1
    for part in t.parts:
        inputs, outputs = part.input_axes, part.output_axes
        if len(set(inputs) & set(range(ndim))) < len(inputs):
            return None
        block = _matrix(part.transform, len(inputs))
        if block is None or len(block) != len(outputs) + 1:
            return None
        result[np.ix_(outputs, [*inputs, ndim])] = block[:-1]
    return result


def _bijection_matrix(t: Bijection, ndim: int) -> FloatArray | None:
    return _matrix(t.forward, ndim)


_MATRICES: Final[Mapping[type, Callable[[Any, int], FloatArray | None]]] = {
    Identity: _identity_matrix,
    Scale: _scale_matrix,
    Translation: _translation_matrix,
    Rotation: _rotation_matrix,
    Affine: _affine_matrix,
    MapAxis: _map_axis_matrix,
    ByDimension: _by_dimension_matrix,
    ProjectAxis: _project_axis_matrix,
    Sequence: _sequence_matrix,
    Bijection: _bijection_matrix,
    Field: _no_matrix,
    Unknown: _no_matrix,
}


def apply(t: Transform, points: ArrayLike) -> FloatArray:
    """Return where a transform takes points.

    Parameters
    ----------
    t
        Any transform that has a `matrix`.
    points
        Shape (n, ndim), axis order as in the file.

    Returns
    -------
    ndarray of float64, shape (n, output_ndim)

    Raises
    ------
    ValueError
        If the transform has no matrix; the text says what in it has none.
    """
    coordinates = np.asarray(points, dtype=np.float64)
    ndim = coordinates.shape[-1]
    rows = matrix(t, ndim)
    if rows is None:
        raise ValueError(_why_not(t, ndim))
    moved: FloatArray = coordinates @ rows[:-1, :-1].T + rows[:-1, -1]
    return moved


def _why_not(t: Transform, ndim: int) -> str:
    blocked = obstacles(t)
    if not blocked:
        return (
            f"The transformation ({type(t).__name__}) cannot be applied: its "
            f"parameters are not finite numbers that fit {ndim} axes."
        )
    first = blocked[0]
    if isinstance(first, Rotation | Affine):
        return f"The matrix of the transformation is in the array {first.path!r}."
    name = cast("Field | Unknown", first).type
    return f"A transformation of type {name!r} cannot be applied to points here."


def assumed_axes(t: Transform, ndim: int) -> tuple[int, ...]:
    """Return the output axes that depend on a factor that is not the file's.

    They are those that change with what stands in for a bad pixel size
    (`Scale.assumed`), whatever else is done to it.
    """
    other = with_assumed(t, 2.0)
    if t == other:
        return ()
    before, after = matrix(t, ndim), matrix(other, ndim)
    if before is None or after is None:
        return ()
    return tuple(np.flatnonzero((before != after).any(axis=1)).tolist())


def is_scale_translation(matrix: FloatArray) -> bool:
    """Whether a homogeneous matrix only scales and moves each axis for itself.

    Whatever mixes axes by less than 1e-12 of a pixel per pixel counts as rounding.
    Factors may be zero or negative.
    """
    if matrix.shape[0] != matrix.shape[1]:
        return False
    linear = np.abs(matrix[:-1, :-1])
    factors = np.diagonal(linear)
    return bool((linear - np.diag(factors) <= 1e-12 * factors[:, None]).all())
