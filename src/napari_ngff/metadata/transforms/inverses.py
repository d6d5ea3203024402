"""Undoing transforms.

Knows which transforms have an inverse and what it is; estimates none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.metadata.transforms.kinds import (
    Affine,
    Bijection,
    ByDimension,
    ByDimensionPart,
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
from napari_ngff.metadata.transforms.matrices import (
    FloatArray,
    as_floats,
    is_permutation,
    matrix,
    output_ndim,
)
from napari_ngff.metadata.transforms.parts import as_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari_ngff.metadata.transforms.kinds import Transform


def inverse(t: Transform, ndim: int) -> Transform | None:
    """Return the transform that undoes `t`; None where there is none.

    Parameters
    ----------
    t
        Any transform. Matrices are truly inverted, those of rotations too: in files
        they are orthonormal to a few digits only. A bijection is turned round as it
        is given. Created axes are dropped again; a dropped axis is lost.
    ndim
        Number of input coordinates of `t`.
    """
    with np.errstate(all="ignore"):
        return _INVERSES[type(t)](t, ndim)


def inverse_matrix(matrix: FloatArray) -> FloatArray | None:
    """Return the inverse of a homogeneous matrix; None if it has none worth the name.

    Axes may differ by any number of magnitudes (other units): rows and columns are
    brought to one size first. What is then singular to ten digits has no inverse.

    Parameters
    ----------
    matrix
        Shape (n + 1, n + 1), its last row 0 … 0 1; of another shape it has none.
    """
    if matrix.shape[0] != matrix.shape[1]:
        return None
    linear = matrix[:-1, :-1]
    with np.errstate(all="ignore"):
        rows = np.abs(linear).max(axis=1, initial=0)
        columns = np.abs(linear / rows[:, None]).max(axis=0, initial=0)
        even = linear / rows[:, None] / columns
        if not np.isfinite(even).all() or _is_singular(even):
            return None
        result: FloatArray = np.eye(len(matrix))
        result[:-1, :-1] = np.linalg.inv(even) / columns[:, None] / rows
        result[:-1, -1] = -result[:-1, :-1] @ matrix[:-1, -1]
    return result if np.isfinite(result).all() else None


def _is_singular(square: FloatArray) -> bool:
    return len(square) > 0 and bool(np.linalg.cond(square) > 1e10)


def _no_inverse(t: Field | Unknown, ndim: int) -> None:
    return None


def _identity_inverse(t: Identity, ndim: int) -> Transform:
    return t


def _scale_inverse(t: Scale, ndim: int) -> Transform | None:
    factors = as_floats(t.scale, (ndim,))
    if factors is None or not np.isfinite(factors).all():
        return None
    result = 1 / factors
    return Scale(tuple(result.tolist())) if np.isfinite(result).all() else None


def _translation_inverse(t: Translation, ndim: int) -> Transform | None:
    offset = as_floats(t.translation, (ndim,))
    if offset is None or not np.isfinite(offset).all():
        return None
    return Translation(tuple((-offset).tolist()))


def _rotation_inverse(t: Rotation, ndim: int) -> Transform | None:
    rows = matrix(t, ndim)
    undone = None if rows is None else inverse_matrix(rows)
    return None if undone is None else Rotation(matrix=as_rows(undone[:-1, :-1]))


def _affine_inverse(t: Affine, ndim: int) -> Transform | None:
    rows = matrix(t, ndim)
    undone = None if rows is None else inverse_matrix(rows)
    return None if undone is None else Affine(matrix=as_rows(undone[:-1]))


def _map_axis_inverse(t: MapAxis, ndim: int) -> Transform | None:
    if not is_permutation(t.indices, ndim):
        return None
    return MapAxis(tuple(np.argsort(t.indices).tolist()))


def _project_axis_inverse(t: ProjectAxis, ndim: int) -> Transform | None:
    if t.dropped_inputs or matrix(t, ndim) is None:
        return None
    return ProjectAxis(dropped_inputs=t.created_outputs)


def _sequence_inverse(t: Sequence, ndim: int) -> Transform | None:
    undone: list[Transform] = []
    for child in t.transforms:
        step = inverse(child, ndim)
        if step is None:
            return None
        undone.append(step)
        ndim = output_ndim(child, ndim)
    return Sequence(tuple(reversed(undone)))


def _by_dimension_inverse(t: ByDimension, ndim: int) -> Transform | None:
    inputs = [axis for part in t.parts for axis in part.input_axes]
    outputs = [axis for part in t.parts for axis in part.output_axes]
    whole = is_permutation(inputs, ndim)
    if not whole or not is_permutation(outputs, len(outputs)):
        return None
    parts: list[ByDimensionPart] = []
    for part in t.parts:
        width = len(part.input_axes)
        step = inverse(part.transform, width)
        if step is None or output_ndim(part.transform, width) != len(part.output_axes):
            return None
        parts.append(ByDimensionPart(step, part.output_axes, part.input_axes))
    return ByDimension(tuple(parts))


def _bijection_inverse(t: Bijection, ndim: int) -> Transform:
    return Bijection(forward=t.inverse, inverse=t.forward)


_INVERSES: Final[Mapping[type, Callable[[Any, int], Transform | None]]] = {
    Identity: _identity_inverse,
    Scale: _scale_inverse,
    Translation: _translation_inverse,
    Rotation: _rotation_inverse,
    Affine: _affine_inverse,
    MapAxis: _map_axis_inverse,
    ByDimension: _by_dimension_inverse,
    ProjectAxis: _project_axis_inverse,
    Sequence: _sequence_inverse,
    Bijection: _bijection_inverse,
    Field: _no_inverse,
    Unknown: _no_inverse,
}
