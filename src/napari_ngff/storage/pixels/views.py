"""Numpy's functions that give a lazy array other axes or types and read nothing.

Knows axes and shapes; does not know where pixels come from. Each answers
NotImplemented where pixels would have to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from napari_ngff.storage.pixels.source import StackSource

if TYPE_CHECKING:
    from collections.abc import Callable


def _transpose(a: Any, axes: Any = None) -> Any:
    order = range(a.ndim)[::-1] if axes is None else normalize_axis_tuple(axes, a.ndim)
    if len(order) != a.ndim:
        message = "axes don't match array"
        raise ValueError(message)
    return a.permuted(order)


def _swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    first = normalize_axis_index(axis1, a.ndim)
    second = normalize_axis_index(axis2, a.ndim)
    order = list(range(a.ndim))
    order[first], order[second] = order[second], order[first]
    return a.permuted(order)


def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    start = normalize_axis_tuple(source, a.ndim)
    end = normalize_axis_tuple(destination, a.ndim)
    if len(start) != len(end):
        message = (
            "`source` and `destination` arguments must have the same number of elements"
        )
        raise ValueError(message)
    order = [i for i in range(a.ndim) if i not in start]
    for to, at in sorted(zip(end, start, strict=True)):
        order.insert(to, at)
    return a.permuted(order)


def _squeeze(a: Any, axis: Any = None) -> Any:
    if axis is None:
        gone = tuple(i for i, n in enumerate(a.shape) if n == 1)
    else:
        gone = normalize_axis_tuple(axis, a.ndim)
    if any(a.shape[i] != 1 for i in gone):
        message = "cannot select an axis to squeeze out which has size not equal to one"
        raise ValueError(message)
    return a[(*(0 if i in gone else slice(None) for i in range(a.ndim)), ...)]


def _expand_dims(a: Any, axis: Any) -> Any:
    wanted = axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = normalize_axis_tuple(wanted, a.ndim + len(wanted))
    return a[
        tuple(None if i in axes else slice(None) for i in range(a.ndim + len(axes)))
    ]


def _reshape(
    a: Any, /, shape: Any = None, order: Any = "C", *, newshape: Any = None, **_: Any
) -> Any:
    described = np.broadcast_to(np.empty((), np.bool_), a.shape)
    wanted = described.reshape(newshape if shape is None else shape).shape
    same = [n for n in wanted if n != 1] == [n for n in a.shape if n != 1]
    if not same or order not in ("C", "A"):
        return NotImplemented
    return _squeeze(a)[tuple(None if n == 1 else slice(None) for n in wanted)]


def _flip(m: Any, axis: Any = None) -> Any:
    axes = range(m.ndim) if axis is None else normalize_axis_tuple(axis, m.ndim)
    back = slice(None, None, -1)
    return m[tuple(back if i in axes else slice(None) for i in range(m.ndim))]


def _astype(x: Any, dtype: Any, /, **_: Any) -> Any:
    return x.astype(dtype)


def _stack(arrays: Any, axis: int = 0, **options: Any) -> Any:
    parts = tuple(arrays)
    if options or len({(type(part), np.shape(part)) for part in parts}) != 1:
        return NotImplemented
    at = normalize_axis_index(axis, parts[0].ndim + 1)
    source = StackSource(parts, np.result_type(*(part.dtype for part in parts)))
    return _moveaxis(type(parts[0])(source), 0, at)


VIEWS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.transpose: _transpose,
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.squeeze: _squeeze,
    np.expand_dims: _expand_dims,
    np.reshape: _reshape,
    np.flip: _flip,
    np.flipud: lambda m: _flip(m, 0),
    np.fliplr: lambda m: _flip(m, 1),
    np.matrix_transpose: lambda x: x.mT,
    np.astype: _astype,
    np.real: lambda val: val.real,
    np.imag: lambda val: val.imag,
    np.stack: _stack,
}
"""Functions that give a lazy array."""
