"""What a transform is made of: joining, looking for arrays, putting them in.

Knows the structure of a transform, not what it does to points.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from napari_ngff.core.limits import LIMITS
from napari_ngff.metadata.transforms.kinds import (
    Affine,
    Bijection,
    ByDimension,
    Field,
    Identity,
    Rotation,
    Scale,
    Sequence,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from napari_ngff.metadata.transforms.kinds import Matrix, Transform


def compose(*transforms: Transform) -> Transform:
    """Return one transform that applies all of them, the first one first.

    Sequences are flattened and identities left out: what remains is an `Identity`, a
    single transform, or a `Sequence` of neither.
    """
    flat = tuple(chain.from_iterable(_flattened(t) for t in transforms))
    if len(flat) == 1:
        return flat[0]
    return Sequence(flat) if flat else Identity()


def _flattened(t: Transform) -> tuple[Transform, ...]:
    if isinstance(t, Sequence):
        return tuple(chain.from_iterable(_flattened(part) for part in t.transforms))
    return () if isinstance(t, Identity) else (t,)


def _children(t: Transform) -> tuple[Transform, ...]:
    if isinstance(t, Sequence):
        return t.transforms
    if isinstance(t, ByDimension):
        return tuple(part.transform for part in t.parts)
    return (t.forward, t.inverse) if isinstance(t, Bijection) else ()


def _is_unresolved(t: Transform) -> bool:
    return isinstance(t, Rotation | Affine) and t.matrix is None


def paths(t: Transform) -> tuple[str, ...]:
    """Return the paths of the arrays that `resolve` will look up, each once."""
    found = chain.from_iterable(paths(child) for child in _children(t))
    if _is_unresolved(t):
        own = cast("Rotation | Affine", t).path
        found = chain(found, () if own is None else (own,))
    return tuple(dict.fromkeys(found))


def obstacles(t: Transform) -> tuple[Transform, ...]:
    """Return the parts of a transform that no matrix can express.

    These are fields, unknown types, and matrices that are not resolved. The inverse
    of a bijection is not looked at.
    """
    if isinstance(t, Field | Unknown) or _is_unresolved(t):
        return (t,)
    children = (t.forward,) if isinstance(t, Bijection) else _children(t)
    return tuple(chain.from_iterable(obstacles(child) for child in children))


def resolve(t: Transform, lookup: Callable[[str], NDArray[Any]]) -> Transform:
    """Return the transform with the arrays that it names by path put in.

    Parameters
    ----------
    t
        Any transform.
    lookup
        Gives the array at a path, as the path stands in the file.

    Raises
    ------
    ValueError
        If an array cannot be the matrix: not two-dimensional, empty, too large
        (`Limits.matrix_items`), not square (rotation), not of real numbers, or with a
        number that is not finite. The text says which array and why. Whatever
        `lookup` raises passes through.
    """

    def looked_up(t: Transform) -> Transform:
        if isinstance(t, Rotation | Affine) and t.matrix is None and t.path is not None:
            array = np.asarray(lookup(t.path))
            _check_parameters(array, t)
            return replace(t, matrix=as_rows(array))
        return t

    return _rebuilt(t, looked_up)


def with_assumed(t: Transform, factor: float) -> Transform:
    """Return the transform with `factor` for each that is not the file's."""

    def filled(t: Transform) -> Transform:
        if not isinstance(t, Scale) or not t.assumed:
            return t
        factors = (factor if i in t.assumed else f for i, f in enumerate(t.scale))
        return replace(t, scale=tuple(factors))

    return _rebuilt(t, filled)


def _rebuilt(t: Transform, change: Callable[[Transform], Transform]) -> Transform:
    """Return the transform with each part that has no parts itself changed."""
    if isinstance(t, Sequence):
        return Sequence(tuple(_rebuilt(child, change) for child in t.transforms))
    if isinstance(t, Bijection):
        return Bijection(_rebuilt(t.forward, change), _rebuilt(t.inverse, change))
    if isinstance(t, ByDimension):
        parts = (
            replace(part, transform=_rebuilt(part.transform, change))
            for part in t.parts
        )
        return ByDimension(tuple(parts))
    return change(t)


def _check_parameters(array: NDArray[Any], t: Rotation | Affine) -> None:
    """Raise ValueError if `array` cannot be the matrix of `t`."""
    name = type(t).__name__.lower()
    wanted = "N x N" if isinstance(t, Rotation) else "M x (N+1)"
    start = f"The array {t.path!r} cannot be the matrix of a transformation ({name})"
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{start}: its shape is {array.shape}, not {wanted}.")
    if isinstance(t, Rotation) and array.shape[0] != array.shape[1]:
        raise ValueError(f"{start}: its shape is {array.shape}, not {wanted}.")
    if array.size > LIMITS.matrix_items:
        raise ValueError(f"{start}: it has {array.size} numbers, too many.")
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{start}: its numbers are {array.dtype}, not real numbers.")
    if not np.isfinite(array).all():
        raise ValueError(f"{start}: not all of its numbers are finite.")


def as_rows(array: NDArray[Any]) -> Matrix:
    """Return a two-dimensional array as the rows of a matrix, in full precision."""
    return tuple(tuple(row) for row in array.astype(np.float64).tolist())
