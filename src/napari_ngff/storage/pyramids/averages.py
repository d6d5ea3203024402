"""Means of the pixels in each window of a block: exact for integers, fast for all.

Knows windows of equal size that tile a block; knows no levels and no odd ends.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mean(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return the mean of each window.

    Parameters
    ----------
    pixels
        Integers, floats or bool of up to 64 bits, in the machine's byte order; whole
        windows along every axis.
    counts
        Size of a window per axis.

    Returns
    -------
    ndarray
        Integers and bool rounded half to even, in a type that holds them; floats in
        double precision, NaN left out.
    """
    if pixels.dtype.kind == "f":
        return _of_floats(pixels, counts)
    if pixels.dtype.kind == "b":
        pixels = pixels.view(np.uint8)
    return (_of_narrow if pixels.itemsize < 8 else _of_wide)(pixels, counts)


def _of_narrow(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return rounded means of integers whose sums fit a type."""
    fits = prod(counts) <= 1 << 8 * pixels.itemsize
    wide = np.dtype(f"{pixels.dtype.kind}{2 * pixels.itemsize if fits else 8}")
    *outer, last = range(pixels.ndim)
    if counts[last] == 2 and fits:
        total = _pairs(np.ascontiguousarray(pixels), wide)
    else:
        total = _along(pixels, last, counts[last], wide)
    for axis in outer:
        total = _along(total, axis, counts[axis], wide)
    return _rounded(total, prod(counts))


def _pairs(pixels: NDArray[Any], wide: np.dtype[Any]) -> NDArray[Any]:
    """Return sums of neighbours on the last axis.

    Two pixels are read as one number of twice the width, whose halves are summed up:
    reading every second pixel instead takes twice as long.
    """
    both = pixels.view(wide)
    bits = wide.type(8 * pixels.itemsize)
    high: NDArray[Any] = both >> bits
    low = both << bits
    low >>= bits
    high += low
    return high


def _of_wide(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return rounded means of integers whose sum fits no type.

    Quotients and remainders of the division are summed up apart. The sum of quotients
    may wrap around where the mean does not: it wraps back.
    """
    count = prod(counts)
    quotients, remainders = _divided(pixels, count)
    for axis, size in enumerate(counts):
        quotients = _along(quotients, axis, size, pixels.dtype)
        remainders = _along(remainders, axis, size, pixels.dtype)
    more, rest = _divided(remainders, count)
    quotients += more
    return _to_even(quotients, rest, count)


def _divided(numbers: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return quotients, rounded down, and remainders."""
    kind = numbers.dtype.type
    shift = count.bit_length() - 1
    if count == 1 << shift:
        return numbers >> kind(shift), numbers & kind(count - 1)
    return np.divmod(numbers, kind(count))


def _rounded(total: NDArray[Any], count: int) -> NDArray[Any]:
    """Return sums divided by a count, rounded half to even; the sums are used up."""
    shift = count.bit_length() - 1
    if count != 1 << shift:
        return _to_even(*_divided(total, count), count)
    if shift:
        # Half of the count less one is added, and one more where the result is odd.
        odd = total >> total.dtype.type(shift)
        odd &= 1
        total += odd
        total += (count >> 1) - 1
        total >>= total.dtype.type(shift)
    return total


def _to_even(quotient: NDArray[Any], rest: NDArray[Any], count: int) -> NDArray[Any]:
    """Return quotients rounded half to even, given what the division left."""
    other = count - rest
    up = (rest > other) | ((rest == other) & (quotient % 2 == 1))
    quotient += up.astype(quotient.dtype)
    return quotient


def _of_floats(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return means of floats without NaN, whatever their size."""
    with np.errstate(all="ignore"):
        total = pixels
        for axis, size in enumerate(counts):
            total = _along(total, axis, size, np.dtype(np.float64))
        total /= prod(counts)
        odd = ~np.isfinite(total)
        if odd.any():
            total[odd] = _careful(_windows(pixels, counts)[odd])
    return total


def _careful(windows: NDArray[Any]) -> NDArray[Any]:
    """Return means along the last axis where there are NaN, infinities or huge sums."""
    missing = np.isnan(windows)
    present = windows.shape[-1] - missing.sum(axis=-1, keepdims=True)
    parts = np.where(missing, 0.0, windows.astype(np.float64) / present)
    # No mean lies beyond what it is made of, whatever rounding did to its parts.
    least = np.where(missing, np.inf, windows).min(axis=-1)
    most = np.where(missing, -np.inf, windows).max(axis=-1)
    means: NDArray[Any] = parts.sum(axis=-1).clip(least, most)
    means[present[..., 0] == 0] = np.nan
    return means


def _windows(pixels: NDArray[Any], counts: tuple[int, ...]) -> NDArray[Any]:
    """Return the pixels of each window along one new last axis."""
    split = [
        part for n, k in zip(pixels.shape, counts, strict=True) for part in (n // k, k)
    ]
    ndim = pixels.ndim
    order = (*range(0, 2 * ndim, 2), *range(1, 2 * ndim, 2))
    apart = pixels.reshape(split).transpose(order)
    return apart.reshape(*apart.shape[:ndim], -1)


def _along(
    pixels: NDArray[Any], axis: int, count: int, wide: np.dtype[Any]
) -> NDArray[Any]:
    """Return sums of so many neighbours along an axis, in another type."""
    if count == 1:
        return pixels.astype(wide, copy=False)
    before = (slice(None),) * axis
    first, second, *others = (
        pixels[(*before, slice(at, None, count))] for at in range(count)
    )
    total: NDArray[Any] = np.add(first, second, dtype=wide)
    for part in others:
        total += part
    return total
