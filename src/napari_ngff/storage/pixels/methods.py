"""The methods of a numpy array, for a lazy one.

Knows numpy's methods; does not know where pixels come from. Each is numpy's function of
that name, or reads the array if it fits in memory; those that write are refused.
"""

from __future__ import annotations

from math import prod
from operator import index
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from napari_ngff.storage.pixels.functions import NumpyMethods, refuse_assignment

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def _method(func: Any) -> Callable[..., Any]:
    """Make a method of one of numpy's functions."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return func(self, *args, **kwargs)

    method.__name__ = func.__name__
    method.__doc__ = f"As `numpy.{func.__name__}`, with the same parameters."
    return method


def _refused(name: str) -> Callable[..., NoReturn]:
    """Make a method that would write."""

    def method(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_assignment()

    method.__name__ = name
    method.__doc__ = "Refuse it: the pixels cannot be assigned to."
    return method


def _not_one_item() -> NoReturn:
    message = "can only convert an array of size 1 to a Python scalar"
    raise ValueError(message)


def _unravelled(number: int, shape: tuple[int, ...]) -> list[int]:
    """Return where the item of that number is, in C order; negative from the end."""
    size = prod(shape)
    if not -size <= number < size:
        message = f"index {number} is out of bounds for size {size}"
        raise IndexError(message)
    return [int(i) for i in np.unravel_index(number % size, shape)]


class ArrayMethods(NumpyMethods):
    """Methods of a numpy array. Whoever has them has ``compute()`` and indices too."""

    __slots__ = ()

    all = _method(np.all)
    any = _method(np.any)
    argmax = _method(np.argmax)
    argmin = _method(np.argmin)
    argpartition = _method(np.argpartition)
    argsort = _method(np.argsort)
    choose = _method(np.choose)
    clip = _method(np.clip)
    cumprod = _method(np.cumprod)
    cumsum = _method(np.cumsum)
    diagonal = _method(np.diagonal)
    dot = _method(np.dot)
    flatten = _method(np.ravel)
    max = _method(np.max)
    mean = _method(np.mean)
    min = _method(np.min)
    nonzero = _method(np.nonzero)
    prod = _method(np.prod)
    ravel = _method(np.ravel)
    repeat = _method(np.repeat)
    round = _method(np.round)
    searchsorted = _method(np.searchsorted)
    squeeze = _method(np.squeeze)
    std = _method(np.std)
    sum = _method(np.sum)
    swapaxes = _method(np.swapaxes)
    take = _method(np.take)
    trace = _method(np.trace)
    var = _method(np.var)

    fill = _refused("fill")
    partition = _refused("partition")
    put = _refused("put")
    resize = _refused("resize")
    setfield = _refused("setfield")
    sort = _refused("sort")

    def transpose(self: Any, *axes: Any) -> Any:
        """Return a view with the axes in another order; reversed if none is given."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    @property
    def T(self: Any) -> Any:  # noqa: N802  (numpy's name)
        """A view with the axes reversed."""
        return self.permuted(range(self.ndim)[::-1])

    @property
    def mT(self: Any) -> Any:  # noqa: N802  (numpy's name)
        """A view with the last two axes exchanged."""
        if self.ndim < 2:
            message = "matrix transpose with ndim < 2 is undefined"
            raise ValueError(message)
        return self.permuted([*range(self.ndim - 2), self.ndim - 1, self.ndim - 2])

    def reshape(self, *shape: Any, order: Any = "C") -> Any:
        """Return a view where only axes of length one come or go; else read."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order)

    def compress(self: Any, condition: Any, axis: Any = None, out: Any = None) -> Any:
        """As `numpy.compress`, with the same parameters."""
        return np.compress(condition, self, axis, out)

    @property
    def flat(self: Any) -> np.flatiter[Any]:
        """An iterator over the pixels in C order, which are read; see `compute`."""
        pixels = self.compute()
        # What is assigned to would be a copy that nobody has.
        pixels.flags.writeable = False
        return pixels.flat  # type: ignore[no-any-return]

    def copy(self: Any, order: Any = "C") -> NDArray[Any]:
        """Return an array in memory, which can be written to; see `compute`."""
        return np.array(self.compute(), order=order, copy=None)

    def byteswap(self: Any, inplace: Any = False) -> NDArray[Any]:
        """Read the pixels and return them with their bytes in the other order."""
        if inplace:
            refuse_assignment()
        return self.compute().byteswap()  # type: ignore[no-any-return]

    def tobytes(self: Any, order: Any = "C") -> bytes:
        """Return the bytes of the pixels; see `compute`."""
        return self.compute().tobytes(order)  # type: ignore[no-any-return]

    def tofile(self: Any, fid: Any, sep: str = "", format: str = "%s") -> None:
        """Write the pixels to a file, as numpy does; see `compute`."""
        self.compute().tofile(fid, sep, format)

    def tolist(self: Any) -> Any:
        """Return the pixels as nested lists."""
        return self.compute().tolist()

    def item(self: Any, *at: Any) -> Any:
        """Return one item as a Python scalar, given by its place or number."""
        place = at[0] if len(at) == 1 and isinstance(at[0], tuple) else at
        if not place:
            return self.compute().item() if self.size == 1 else _not_one_item()
        where = [index(each) for each in place]
        if len(where) == 1 and self.ndim != 1:
            where = _unravelled(where[0], self.shape)
        if len(where) != self.ndim:
            message = "incorrect number of indices for array"
            raise ValueError(message)
        return self[tuple(where)].compute().item()

    def __bool__(self: Any) -> bool:
        if self.size != 1:
            return bool(np.empty(self.shape[:1] or 1))  # numpy's own error
        return bool(self.compute())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self: Any) -> int:
        if self.ndim:
            message = "only integer scalar arrays can be converted to a scalar index"
            raise TypeError(message)
        return self.compute().__index__()  # type: ignore[no-any-return]
