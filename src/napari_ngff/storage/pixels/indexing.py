"""How indices compose on an n-D array: pure arithmetic on ranges.

Knows nothing of pixels, files or chunks' contents; it reads nothing. A `Window` is
what is left of an array after any number of basic indices and transpositions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from operator import index
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Box: TypeAlias = tuple[slice, ...]
Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A view onto an n-D array: which indices of which axes, in which order.

    Attributes
    ----------
    fixed
        One entry per axis of the array: the index at which the axis was taken, or
        None where the axis is still there.
    dims
        The axes of the view, in order: (axis of the array, indices along it); the
        axis is None for a new axis, whose indices are ``range(1)`` or ``range(0)``.
    """

    fixed: tuple[int | None, ...]
    dims: tuple[tuple[int | None, range], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the view."""
        return tuple(len(span) for _, span in self.dims)

    @property
    def spans(self) -> tuple[range, ...]:
        """Indices along every axis of the array, in the array's axis order."""
        spans = [range(at, at + 1) if at is not None else range(0) for at in self.fixed]
        for axis, span in self.dims:
            if axis is not None:
                spans[axis] = span
        return tuple(spans)


def whole(shape: Sequence[int]) -> Window:
    """Return the window that shows all of an array of that shape."""
    return Window(
        (None,) * len(shape), tuple((i, range(n)) for i, n in enumerate(shape))
    )


def is_basic(key: Key) -> bool:
    """Tell whether every part of the key is an integer, slice, None or Ellipsis."""
    return all(
        part is None or part is Ellipsis or isinstance(part, slice) or _is_int(part)
        for part in key
    )


def _is_int(part: object) -> bool:
    if isinstance(part, (bool, np.bool_)):
        return False
    if isinstance(part, (int, np.integer)):
        return True
    return (
        getattr(part, "ndim", 0) == 0
        and hasattr(part, "__index__")
        and not isinstance(part, (list, tuple))
        and getattr(getattr(part, "dtype", None), "kind", "i") in "iu"
    )


def _consumed(part: object) -> int:
    """Count the axes that one part of a key uses up."""
    if part is None or part is Ellipsis or isinstance(part, (bool, np.bool_)):
        return 0
    dtype = getattr(part, "dtype", None)
    return int(part.ndim) if dtype == np.bool_ else 1  # type: ignore[attr-defined]


def expand(key: Key, ndim: int) -> Key:
    """Replace the Ellipsis, or the missing end, of a key by full slices.

    Raises
    ------
    IndexError
        More than one Ellipsis, or more indices than axes.
    """
    dots = [i for i, part in enumerate(key) if part is Ellipsis]
    if len(dots) > 1:
        message = "an index can only have a single ellipsis ('...')"
        raise IndexError(message)
    used = sum(_consumed(part) for part in key)
    if used > ndim:
        message = (
            f"too many indices for array: array is {ndim}-dimensional, "
            f"but {used} were indexed"
        )
        raise IndexError(message)
    fill = (slice(None),) * (ndim - used)
    at = dots[0] if dots else len(key)
    return (*key[:at], *fill, *key[at + 1 :])


def narrow(window: Window, key: Key) -> Window:
    """Apply a basic index to a window, with numpy's meaning.

    Parameters
    ----------
    window
        What is indexed.
    key
        Integers, slices of any step, None and at most one Ellipsis.

    Raises
    ------
    IndexError
        An integer out of bounds, or too many indices.
    """
    fixed = list(window.fixed)
    dims: list[tuple[int | None, range]] = []
    rest = iter(window.dims)
    for part in expand(key, len(window.dims)):
        if part is None:
            dims.append((None, range(1)))
            continue
        axis, span = next(rest)
        if isinstance(part, slice):
            dims.append((axis, span[part]))
            continue
        at = _element(span, index(part), len(dims))
        if axis is not None:
            fixed[axis] = at
    return Window(tuple(fixed), tuple(dims))


def _element(span: range, at: int, axis: int) -> int:
    if not -len(span) <= at < len(span):
        message = f"index {at} is out of bounds for axis {axis} with size {len(span)}"
        raise IndexError(message)
    return span[at]


def permute(window: Window, order: Sequence[int]) -> Window:
    """Reorder the axes of a window; `order` holds each of them once."""
    return Window(window.fixed, tuple(window.dims[i] for i in order))


def box_of(window: Window) -> Box:
    """Return the smallest box (slices of step 1) of the array that holds the window."""
    return tuple(
        slice(min(span[0], span[-1]), max(span[0], span[-1]) + 1)
        if len(span)
        else slice(0, 0)
        for span in window.spans
    )


def arrange(window: Window, pixels: NDArray[Any]) -> NDArray[Any]:
    """Turn the pixels of `box_of(window)` into those of the window, as a view.

    Parameters
    ----------
    window
        No axis of it may be empty.
    pixels
        What the box holds, in the array's axis order.
    """
    steps: list[int | slice] = [0] * len(window.fixed)
    order: list[int] = []
    for axis, span in window.dims:
        if axis is not None:
            steps[axis] = slice(None, None, span.step if len(span) > 1 else 1)
            order.append(axis)
    taken = pixels[(*steps, ...)]
    if order != sorted(order):
        kept = sorted(order)
        taken = taken.transpose([kept.index(axis) for axis in order])
    if len(order) == len(window.dims):
        return taken
    return taken[
        tuple(None if axis is None else slice(None) for axis, _ in window.dims)
    ]


def chunks_of(window: Window, chunks: Sequence[int]) -> tuple[int, ...]:
    """Return the size of a chunk along each axis of the window; at least 1."""
    return tuple(
        1 if axis is None else max(1, min(chunks[axis] // abs(span.step), len(span)))
        for axis, span in window.dims
    )


def edges(span: range, chunk: int) -> list[int]:
    """Return where along a span a new chunk begins, with 0 and its length.

    Parameters
    ----------
    span
        Indices along an axis of an array; not empty.
    chunk
        Size of the array's chunks along that axis.
    """
    n = len(span)
    if span.step < 0:
        return [n - edge for edge in reversed(edges(span[::-1], chunk))]
    if span.step >= chunk:
        return list(range(n + 1))
    starts = range((span.start // chunk + 1) * chunk, span[-1] + 1, chunk)
    inner = [-((span.start - border) // span.step) for border in starts]
    return [0, *inner, n]


def blocks(
    window: Window, chunks: Sequence[int], *, itemsize: int, nbytes: int
) -> Iterator[Box]:
    """Divide a window into blocks of whole chunks of at most about `nbytes` each.

    Parameters
    ----------
    window
        No axis of it may be empty.
    chunks
        Shape of the array's chunks, in the array's axis order.
    itemsize
        Bytes per item.
    nbytes
        The size aimed at; a block is never less than one chunk.

    Yields
    ------
    tuple of slice
        Basic indices of the window, in C order; together they cover it once.
    """
    sizes = grown(window, chunks, itemsize=itemsize, nbytes=nbytes)
    cuts = [
        pairwise(edges(span, n))
        for (_, span), n in zip(window.dims, sizes, strict=True)
    ]
    for corner in product(*cuts):
        yield tuple(slice(start, stop) for start, stop in corner)


def borders(window: Window, chunks: Sequence[int]) -> list[list[int]]:
    """Return where chunks begin along each axis of the window, and its length."""
    return [
        edges(span, 1 if axis is None else chunks[axis]) if len(span) else [0]
        for axis, span in window.dims
    ]


def grown(
    window: Window, chunks: Sequence[int], *, itemsize: int, nbytes: int
) -> tuple[int, ...]:
    """Return multiples of the chunk size per axis of the window that fill `nbytes`."""
    sizes = [1 if axis is None else max(1, chunks[axis]) for axis, _ in window.dims]
    size = itemsize * prod(
        min(chunk, abs(span[-1] - span[0]) + 1)
        for chunk, (_, span) in zip(sizes, window.dims, strict=True)
    )
    for i in reversed(range(len(sizes))):
        span = window.dims[i][1]
        if abs(span.step) >= sizes[i] > 1:
            continue  # steps over whole chunks, which are then not read
        extent = abs(span[-1] - span[0]) + 1
        times = min(nbytes // max(size, 1), -(-extent // sizes[i]))
        if times > 1:
            sizes[i] *= times
            size *= times
    return tuple(sizes)
