"""What numpy's functions and operators do with a lazy array.

Knows numpy's protocols; does not know where pixels come from. By table: some
functions give a view, some need only the shape, reductions go block by block; all
others read the array, if it fits in memory.
"""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from napari_ngff.storage.pixels.memory import check_fits
from napari_ngff.storage.pixels.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

READ_ONLY = (
    "these pixels are a view of what is stored and cannot be assigned to; "
    "compute() gives an array in memory that can"
)


class NumpyMethods(NDArrayOperatorsMixin):
    """Operators of a numpy array, and what numpy's functions ask an array for."""

    __slots__ = ()

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
            view = VIEWS[func](*args, **kwargs)
            return _computed(func, args, kwargs) if view is NotImplemented else view
        if func in SHAPES:
            return func(*_described(args), **_described(kwargs))
        return _reduced(func, args, kwargs)


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
    if _flat(kwargs.get("out")) or (func in WRITERS and _flat(args[:1])):
        refuse_assignment()
    _check_all_fit(func.__name__, (args, kwargs))
    return func(*_read(args), **_read(kwargs))


def _reduced(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    from napari_ngff.storage.pixels.reduce import OPTIONS, REDUCERS, reduce

    if func not in REDUCERS:
        return _computed(func, args, kwargs)
    given = signature(func).bind(*args, **kwargs).arguments
    array = given.pop(next(iter(given)))
    options = {key: value for key, value in given.items() if value is not None}
    allowed = {"axis", "keepdims"} | OPTIONS.get(func, frozenset())
    plain = isinstance(array, NumpyMethods) and not options.keys() - allowed
    if not plain or not array.size or not array.ndim:
        return _computed(func, args, kwargs)
    return reduce(func, array, **options)


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

WRITERS: set[Callable[..., Any]] = {
    np.copyto,
    np.fill_diagonal,
    np.place,
    np.put,
    np.put_along_axis,
    np.putmask,
}
"""Functions that write into their first argument."""
