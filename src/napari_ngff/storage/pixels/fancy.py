"""Arrays as indices: the box that holds what is wanted is read, and indexed by numpy.

Knows numpy's rules for integer and boolean arrays in an index; does not know where
pixels come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.storage.pixels.indexing import expand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def take(array: Any, key: tuple[Any, ...]) -> NDArray[Any]:
    """Index with arrays: read the box that holds what is wanted, and take it.

    Parameters
    ----------
    array
        A lazy array.
    key
        What numpy accepts: integers, slices, None, an Ellipsis, and arrays or lists
        of integers or booleans.
    """
    parts: list[Any] = []
    for part in expand(tuple(_as_index(part) for part in key), array.ndim):
        masks = isinstance(part, np.ndarray) and part.dtype == bool and part.ndim
        parts.extend(_mask_indices(array, parts, part) if masks else [part])
    outer: list[Any] = []
    inner: list[Any] = []
    for part in parts:
        box, rest = _split(part, array.shape, len(outer))
        outer.extend(box)
        inner.append(rest)
    pixels: NDArray[Any] = array[tuple(outer)].compute()[tuple(inner)]
    return pixels


def _as_index(part: Any) -> Any:
    if part is None or part is Ellipsis or isinstance(part, slice):
        return part
    is_empty_list = isinstance(part, list) and not part
    return np.asarray(part, dtype=np.intp if is_empty_list else None)


def _mask_indices(
    array: Any, before: Sequence[Any], mask: NDArray[Any]
) -> tuple[NDArray[Any], ...]:
    """Return a boolean array as integer arrays, one per axis that it covers."""
    at = sum(not _adds_axis(part) for part in before)
    for i, n in enumerate(mask.shape):
        if n != array.shape[at + i]:
            message = (
                "boolean index did not match indexed array along axis "
                f"{at + i}; size of axis is {array.shape[at + i]} but size of "
                f"corresponding boolean axis is {n}"
            )
            raise IndexError(message)
    return mask.nonzero()


def _adds_axis(part: Any) -> bool:
    return part is None or (
        isinstance(part, np.ndarray) and part.dtype == bool and not part.ndim
    )


def _split(part: Any, shape: tuple[int, ...], axis: int) -> tuple[list[slice], Any]:
    """Divide one index into what is read and what is then taken from that."""
    if _adds_axis(part):
        return [], part
    if isinstance(part, slice):
        return [part], slice(None)
    if part.dtype.kind not in "iu":
        message = (
            "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) "
            "and integer or boolean arrays are valid indices"
        )
        raise IndexError(message)
    n = shape[axis]
    if part.size and (part.min() < -n or part.max() >= n):
        worst = part.max() if part.max() >= n else part.min()
        message = f"index {worst} is out of bounds for axis {axis} with size {n}"
        raise IndexError(message)
    wrapped = np.where(part < 0, part + n, part).astype(np.intp)
    if not wrapped.size:
        return [slice(0, 1)] if n else [slice(0, 0)], wrapped
    low = int(wrapped.min())
    return [slice(low, int(wrapped.max()) + 1)], wrapped - low
