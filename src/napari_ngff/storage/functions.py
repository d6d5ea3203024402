"""What numpy's functions, operators and fancy indices do with a lazy array.

Knows numpy's protocols; does not know where pixels come from. By table: some
functions give a view, some need only the shape, reductions go block by block; all
others read the array, if it fits in memory.
"""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.lib.mixins import NDArrayOperatorsMixin

from napari_ngff.storage import indexing
from napari_ngff.storage.memory import check_fits
from napari_ngff.storage.reduce import OPTIONS, REDUCERS, reduce
from napari_ngff.storage.source import StackSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

READ_ONLY = (
    "these pixels are a view of what is stored and cannot be assigned to; "
    "compute() gives an array in memory that can"
)


def _method(func: Any) -> Callable[..., Any]:
    """Make a method of one of numpy's functions."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return func(self, *args, **kwargs)

    method.__name__ = func.__name__
    method.__doc__ = f"As `numpy.{func.__name__}`, with the same parameters."
    return method


class NumpyMethods(NDArrayOperatorsMixin):
    """Operators and methods of a numpy array, each as numpy's function of that name."""

    __slots__ = ()

    sum = _method(np.sum)
    prod = _method(np.prod)
    min = _method(np.min)
    max = _method(np.max)
    mean = _method(np.mean)
    std = _method(np.std)
    var = _method(np.var)
    any = _method(np.any)
    all = _method(np.all)
    argmin = _method(np.argmin)
    argmax = _method(np.argmax)
    clip = _method(np.clip)
    round = _method(np.round)
    ravel = _method(np.ravel)
    flatten = _method(np.ravel)
    nonzero = _method(np.nonzero)
    repeat = _method(np.repeat)
    take = _method(np.take)
    cumsum = _method(np.cumsum)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any
    ) -> Any:
        out = kwargs.get("out", ())
        if any(isinstance(one, NumpyMethods) for one in out) or method == "at":
            refuse_assignment()
        _check_all_fit(ufunc.__name__, (inputs, kwargs))
        return getattr(ufunc, method)(*_read(inputs), **_read(kwargs))

    def __array_function__(
        self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if not all(issubclass(kind, (NumpyMethods, np.ndarray)) for kind in types):
            return NotImplemented
        if func in VIEWS:
            return VIEWS[func](*args, **kwargs)
        if func in SHAPES:
            return func(*_described(args), **_described(kwargs))
        if func in REDUCERS:
            return _reduced(func, args, kwargs)
        return _computed(func, args, kwargs)


def refuse_assignment() -> NoReturn:
    """Say that a lazy array cannot be assigned to, and what can be."""
    raise ValueError(READ_ONLY)


def _flat(value: Any) -> list[NumpyMethods]:
    """Return the lazy arrays in nested arguments."""
    if isinstance(value, NumpyMethods):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [one for part in value for one in _flat(part)]
    return []


def _check_all_fit(name: str, value: Any) -> None:
    arrays = {id(one): one for one in _flat(value)}
    # The result is about as large as the largest of what goes in.
    sizes = [one.nbytes for one in arrays.values()]  # type: ignore[attr-defined]
    check_fits(f"numpy.{name} of these pixels", sum(sizes) + max(sizes, default=0))


def _mapped(value: Any, turn: Callable[[Any], Any]) -> Any:
    if isinstance(value, NumpyMethods):
        return turn(value)
    if isinstance(value, dict):
        return {key: _mapped(part, turn) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_mapped(part, turn) for part in value)
    return value


def _read(value: Any) -> Any:
    return _mapped(value, np.asarray)


def _described(value: Any) -> Any:
    """Put in place of lazy arrays empty-handed ones of that shape and type."""
    return _mapped(
        value, lambda one: np.broadcast_to(np.empty((), one.dtype), one.shape)
    )


def _computed(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    out = kwargs.get("out")
    if _flat(out):
        refuse_assignment()
    _check_all_fit(func.__name__, (args, kwargs))
    return func(*_read(args), **_read(kwargs))


def _reduced(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    given = signature(func).bind(*args, **kwargs).arguments
    array = given.pop(next(iter(given)))
    options = {key: value for key, value in given.items() if value is not None}
    allowed = {"axis", "keepdims"} | OPTIONS.get(func, frozenset())
    plain = isinstance(array, NumpyMethods) and not options.keys() - allowed
    if not plain or not array.size or not array.ndim:
        return _computed(func, args, kwargs)
    return reduce(func, array, **options)


def _stack(arrays: Any, axis: int = 0, **kwargs: Any) -> Any:
    """Stack arrays of one shape along a new axis, lazily."""
    parts = tuple(arrays)
    alike = len({part.shape for part in parts}) == 1 if not kwargs else False
    if not alike or not all(isinstance(part, NumpyMethods) for part in parts):
        return _computed(np.stack, (list(parts),), {"axis": axis, **kwargs})
    at = normalize_axis_index(axis, parts[0].ndim + 1)
    source = StackSource(parts, np.result_type(*(part.dtype for part in parts)))
    return _moveaxis(type(parts[0])(source), 0, at)


def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    start = normalize_axis_tuple(source, a.ndim)
    end = normalize_axis_tuple(destination, a.ndim)
    order = [i for i in range(a.ndim) if i not in start]
    for to, at in sorted(zip(end, start, strict=True)):
        order.insert(to, at)
    return a.transpose(order)


def _expand_dims(a: Any, axis: Any) -> Any:
    wanted = axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = normalize_axis_tuple(wanted, a.ndim + len(wanted))
    key = (None if i in axes else slice(None) for i in range(a.ndim + len(axes)))
    return a[tuple(key)]


def _flip(m: Any, axis: Any = None) -> Any:
    axes = range(m.ndim) if axis is None else normalize_axis_tuple(axis, m.ndim)
    back = slice(None, None, -1)
    return m[tuple(back if i in axes else slice(None) for i in range(m.ndim))]


def _astype(x: Any, dtype: Any, /, *, copy: Any = True, device: Any = None) -> Any:
    return x.astype(dtype)


VIEWS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.transpose: lambda a, axes=None: a.transpose(axes),
    np.permute_dims: lambda a, axes=None: a.transpose(axes),
    np.swapaxes: lambda a, axis1, axis2: a.swapaxes(axis1, axis2),
    np.squeeze: lambda a, axis=None: a.squeeze(axis),
    np.moveaxis: _moveaxis,
    np.expand_dims: _expand_dims,
    np.flip: _flip,
    np.flipud: lambda m: _flip(m, 0),
    np.fliplr: lambda m: _flip(m, 1),
    np.astype: _astype,
    np.stack: _stack,
}
"""Functions that give a lazy array."""

SHAPES: set[Callable[..., Any]] = {
    np.shape,
    np.ndim,
    np.size,
    np.iscomplexobj,
    np.isrealobj,
    np.result_type,
    np.can_cast,
    np.empty_like,
    np.zeros_like,
    np.ones_like,
    np.shares_memory,
    np.may_share_memory,
}
"""Functions that need nothing but shapes and types."""


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
    for part in indexing.expand(tuple(_as_index(part) for part in key), array.ndim):
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


def normal_axes(
    axes: Any, ndim: int, repeat: Literal["allow", "refuse"] = "refuse"
) -> tuple[int, ...]:
    """Return axes as numbers from 0; numpy's AxisError where there is no such axis."""
    return tuple(normalize_axis_tuple(axes, ndim, allow_duplicate=repeat == "allow"))


def complete_shape(shape: Any, old: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape with its -1 worked out, as numpy does."""
    described: NDArray[Any] = np.broadcast_to(np.empty((), "V0"), old)
    return tuple(described.reshape(shape).shape)
