"""Reductions that go block by block, so that an array need not fit in memory.

Knows how partial results combine; does not know where pixels come from. Whatever has
`shape`, `dtype`, `ndim`, `size` and `pieces()` can be reduced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from napari_ngff.storage.pixels.memory import check_fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import DTypeLike, NDArray

    from napari_ngff.storage.pixels.indexing import Box

    Axis: TypeAlias = int | Sequence[int] | None


_SLAB = 2**20
"""Items that are taken at once where each is converted."""


class InPieces(Protocol):
    """An array that can be read block by block."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        ...

    def pieces(self) -> Iterator[tuple[Box, NDArray[Any]]]:
        """Give every block: where it is, and its pixels."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is reduced, and where in the result a block belongs.

    `dtype` is that of the result; `shape` has length one where an axis is reduced.
    """

    array: InPieces
    axes: tuple[int, ...]
    dtype: np.dtype[Any]
    shape: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        shape = tuple(
            1 if i in self.axes else n for i, n in enumerate(self.array.shape)
        )
        object.__setattr__(self, "shape", shape)
        check_fits("The result of this reduction", 3 * 8 * prod(shape))

    @property
    def count(self) -> int:
        """Items that are reduced to one."""
        return prod(self.array.shape[i] for i in self.axes)

    def pieces(self) -> Iterator[tuple[Box, Box, NDArray[Any]]]:
        """Give blocks: where in the array, where in the result, the pixels."""
        for block, pixels in self.array.pieces():
            at = tuple(
                slice(0, 1) if i in self.axes else part for i, part in enumerate(block)
            )
            yield block, at, pixels

    def is_first(self, block: Box) -> bool:
        """Tell whether a block is the first for its place in the result."""
        return all(block[i].start == 0 for i in self.axes)


def _wide(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type in which partial sums are kept."""
    return np.result_type(dtype, np.float64)


def _fold(plan: _Plan, ufunc: np.ufunc, dtype: np.dtype[Any]) -> NDArray[Any]:
    out = np.empty(plan.shape, dtype)
    for block, at, pixels in plan.pieces():
        part = ufunc.reduce(pixels, axis=plan.axes, keepdims=True, dtype=dtype)
        out[at] = part if plan.is_first(block) else ufunc(out[at], part)
    return out


def _sum(plan: _Plan) -> NDArray[Any]:
    return _fold(plan, np.add, _accumulator(plan.dtype))


def _prod(plan: _Plan) -> NDArray[Any]:
    return _fold(plan, np.multiply, _accumulator(plan.dtype))


def _accumulator(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return _wide(dtype) if dtype.kind in "fc" else dtype


def _choose(ufunc: np.ufunc) -> Callable[[_Plan], NDArray[Any]]:
    def run(plan: _Plan) -> NDArray[Any]:
        return _fold(plan, ufunc, plan.dtype)

    return run


def _logical(ufunc: np.ufunc) -> Callable[[_Plan], NDArray[Any]]:
    def run(plan: _Plan) -> NDArray[Any]:
        return _fold(plan, ufunc, np.dtype(bool))

    return run


def _ptp(plan: _Plan) -> NDArray[Any]:
    low, high = np.empty((2, *plan.shape), plan.dtype)
    for block, at, pixels in plan.pieces():
        small = pixels.min(axis=plan.axes, keepdims=True)
        large = pixels.max(axis=plan.axes, keepdims=True)
        first = plan.is_first(block)
        low[at] = small if first else np.minimum(low[at], small)
        high[at] = large if first else np.maximum(high[at], large)
    return np.asarray(high - low)


def _mean(plan: _Plan) -> NDArray[Any]:
    return np.asarray(_fold(plan, np.add, _wide(plan.dtype)) / plan.count)


def _spread(plan: _Plan, ddof: float) -> NDArray[Any]:
    """Return the variance: block by block, combined as Chan, Golub and LeVeque do."""
    count = np.zeros(plan.shape)
    mean = np.zeros(plan.shape, _wide(plan.array.dtype))
    square = np.zeros(plan.shape)
    for at, pixels in _slabs(plan):
        n = prod(pixels.shape[i] for i in plan.axes)
        part = pixels.mean(axis=plan.axes, keepdims=True, dtype=mean.dtype)
        spread = np.square(np.abs(pixels - part)).sum(axis=plan.axes, keepdims=True)
        total = count[at] + n
        shift = part - mean[at]
        square[at] += spread + np.square(np.abs(shift)) * count[at] * n / total
        mean[at] += shift * n / total
        count[at] = total
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(square / max(plan.count - ddof, 0))


def _slabs(plan: _Plan) -> Iterator[tuple[Box, NDArray[Any]]]:
    """Give slabs of the blocks, for what needs some times as much memory as these."""
    for _, at, pixels in plan.pieces():
        if not at:
            yield at, pixels
            continue
        rows = max(1, _SLAB * len(pixels) // pixels.size)
        for start in range(0, len(pixels), rows):
            slab = pixels[start : start + rows]
            begin = at[0].start + start
            place = at[0] if 0 in plan.axes else slice(begin, begin + len(slab))
            yield (place, *at[1:]), slab


def _var(plan: _Plan, ddof: float = 0) -> NDArray[Any]:
    return _spread(plan, ddof)


def _std(plan: _Plan, ddof: float = 0) -> NDArray[Any]:
    return np.sqrt(_spread(plan, ddof))


def _extreme(
    position: Callable[..., Any], better: np.ufunc
) -> Callable[[_Plan], NDArray[Any]]:
    def run(plan: _Plan) -> NDArray[Any]:
        where = np.zeros(plan.shape, np.intp)
        best = np.empty(plan.shape, plan.array.dtype)
        for block, at, pixels in plan.pieces():
            found, value = _positions(plan, block, pixels, position)
            if not plan.is_first(block):
                is_nan, was_nan = value != value, best[at] != best[at]
                same = (value == best[at]) | (is_nan & was_nan)
                wins = better(value, best[at]) & ~was_nan | (is_nan & ~was_nan)
                wins |= same & (found < where[at])
                value = np.where(wins, value, best[at])
                found = np.where(wins, found, where[at])
            best[at], where[at] = value, found
        return where

    return run


def _positions(
    plan: _Plan, block: Box, pixels: NDArray[Any], position: Callable[..., Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return where each extreme of a block is in the whole array, and its value."""
    if len(plan.axes) == 1:
        axis = plan.axes[0]
        found = position(pixels, axis=axis, keepdims=True)
        value = np.take_along_axis(pixels, found, axis)
        return found + block[axis].start, value
    local = np.unravel_index(position(pixels), pixels.shape)
    at = tuple(part.start + int(i) for part, i in zip(block, local, strict=True))
    shape = (1,) * pixels.ndim
    flat = np.ravel_multi_index(at, plan.array.shape)
    return np.full(shape, flat), pixels[local].reshape(shape)


def _count(plan: _Plan) -> NDArray[Any]:
    out = np.zeros(plan.shape, np.intp)
    for _, at, pixels in plan.pieces():
        out[at] += np.count_nonzero(pixels, axis=plan.axes, keepdims=True)
    return out


REDUCERS: dict[Callable[..., Any], Callable[..., NDArray[Any]]] = {
    np.sum: _sum,
    np.prod: _prod,
    np.min: _choose(np.minimum),
    np.max: _choose(np.maximum),
    np.amin: _choose(np.minimum),
    np.amax: _choose(np.maximum),
    np.nanmin: _choose(np.fmin),
    np.nanmax: _choose(np.fmax),
    np.any: _logical(np.logical_or),
    np.all: _logical(np.logical_and),
    np.ptp: _ptp,
    np.mean: _mean,
    np.var: _var,
    np.std: _std,
    np.argmin: _extreme(np.argmin, np.less),
    np.argmax: _extreme(np.argmax, np.greater),
    np.count_nonzero: _count,
}
"""Functions of numpy that can go block by block."""

OPTIONS: dict[Callable[..., Any], frozenset[str]] = {
    np.sum: frozenset({"dtype"}),
    np.prod: frozenset({"dtype"}),
    np.mean: frozenset({"dtype"}),
    np.var: frozenset({"ddof"}),
    np.std: frozenset({"ddof"}),
}
"""What they take beside ``axis`` and ``keepdims`` and still go block by block."""


def reduce(
    func: Callable[..., Any],
    array: InPieces,
    *,
    axis: Axis = None,
    keepdims: Any = False,
    dtype: DTypeLike | None = None,
    **options: Any,
) -> Any:
    """Reduce an array block by block.

    Parameters
    ----------
    func
        A key of `REDUCERS`: numpy's own function.
    array
        What is reduced; no axis of it is empty.
    axis, keepdims, dtype
        As of the function.
    options
        Others of `OPTIONS`.

    Returns
    -------
    numpy.ndarray or numpy scalar
        What the function would return, floating-point sums apart, which may differ
        in the last digits for the order in which they are added.
    """
    ndim = len(array.shape)
    axes = (
        tuple(range(ndim)) if axis is None else tuple(normalize_axis_tuple(axis, ndim))
    )
    like = np.ones((1,) * ndim, array.dtype)
    given = {} if dtype is None else {"dtype": dtype}
    result_dtype = np.asarray(func(like, **given)).dtype
    plan = _Plan(array=array, axes=axes, dtype=result_dtype)
    out = REDUCERS[func](plan, **options).astype(result_dtype, copy=False)
    if not keepdims:
        out = out.reshape([n for i, n in enumerate(plan.shape) if i not in axes])
    return out if out.ndim else out[()]
