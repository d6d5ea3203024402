"""A lazy array's items as another type: which conversions are lazy.

Knows dtypes; does not know where pixels come from, nor which of them are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.storage.pixels.source import CONVERSIONS, CastSource

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from napari_ngff.storage.pixels.source import Part


class Casting:
    """Methods of a numpy array that give other types."""

    __slots__ = ()

    def astype(
        self: Any,
        dtype: DTypeLike,
        order: Any = "K",
        casting: Any = "unsafe",
        subok: Any = True,
        copy: Any = True,
    ) -> Any:
        """Return a lazy array with the items converted when they are read.

        Parameters
        ----------
        dtype
            Type of the items.
        order, subok, copy
            Accepted for numpy's sake.
        casting
            What conversions are allowed, as numpy's.
        """
        target = np.dtype(dtype)
        if target == self.dtype:
            return self
        if not np.can_cast(self.dtype, target, casting):
            message = (
                f"Cannot cast array data from {self.dtype!r} to {target!r} "
                f"according to the rule {casting!r}"
            )
            raise TypeError(message)
        return type(self)(CastSource(self.source, target, "astype"), self.window)

    def view(self: Any, dtype: DTypeLike | None = None) -> Any:
        """Return the same bytes as another type; lazy where its size is the same."""
        if dtype is None:
            return self
        target = np.dtype(dtype)
        if target.itemsize != self.itemsize:
            return self.compute().view(target)
        if target == self.dtype:
            return self
        return type(self)(CastSource(self.source, target, "view"), self.window)

    @property
    def real(self: Any) -> Any:
        """The real parts, lazily; the array itself where its numbers are real."""
        return self._part("real")

    @property
    def imag(self: Any) -> Any:
        """The imaginary parts, lazily; zeros where its numbers are real."""
        if self.dtype.kind != "c":
            return np.broadcast_to(np.zeros((), self.dtype), self.shape)
        return self._part("imag")

    def conj(self: Any) -> Any:
        """Return the complex conjugate, lazily; real numbers are their own."""
        if self.dtype.kind not in "biufc":
            message = "cannot conjugate non-numeric dtype"
            raise TypeError(message)
        return self._part("conjugate")

    conjugate = conj

    def _part(self: Any, how: Part) -> Any:
        if self.dtype.kind != "c":
            return self
        dtype = CONVERSIONS[how](np.empty((), self.dtype), self.dtype).dtype
        return type(self)(CastSource(self.source, dtype, how), self.window)
