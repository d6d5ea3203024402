"""Where pixels come from: anything that can read a box of an n-D array.

Knows shapes and dtypes; does not know files, zarr, or how indices compose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    Protocol,
    TypeAlias,
    runtime_checkable,
)

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from numpy.typing import NDArray

    from napari_ngff.storage.pixels.indexing import Box


@runtime_checkable
class Source(Protocol):
    """An n-D array that can be read box by box. Picklable and thread-safe.

    `chunks` is what is cheap to read at once; `dtype` is in the machine's byte order;
    `identity` is that of the store, the array and its metadata, so that it is equal
    only where the pixels are.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        ...

    @property
    def chunks(self) -> tuple[int, ...]:
        """Lengths of a chunk, each at least 1."""
        ...

    @property
    def identity(self) -> Hashable:
        """Equal where the pixels are."""
        ...

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box, an array that is the caller's own.

        Parameters
        ----------
        box
            One slice of step 1 per axis, in bounds and not empty.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class NumpySource:
    """A numpy array as a source.

    Attributes
    ----------
    array
        The pixels; they must not change.
    chunks
        What to call a chunk; the whole array if not given.
    """

    array: NDArray[Any]
    chunks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.chunks:
            whole = tuple(max(n, 1) for n in self.array.shape)
            object.__setattr__(self, "chunks", whole)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        return self.array.dtype

    @property
    def identity(self) -> Hashable:
        """The array object itself, which is not copied."""
        return ("numpy", id(self.array))

    def read(self, box: Box) -> NDArray[Any]:
        """Return a copy of a box."""
        return self.array[box].copy()


Part: TypeAlias = Literal["real", "imag", "conjugate"]
How: TypeAlias = Literal["astype", "view"] | Part

CONVERSIONS: Final[Mapping[How, Callable[[NDArray[Any], np.dtype[Any]], Any]]] = {
    "astype": lambda pixels, dtype: pixels.astype(dtype, copy=False),
    "view": lambda pixels, dtype: pixels.view(dtype),
    "real": lambda pixels, _: pixels.real.copy(),
    "imag": lambda pixels, _: pixels.imag.copy(),
    "conjugate": lambda pixels, _: pixels.conjugate(),
}
"""What a `CastSource` does to pixels, of which it may keep the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class CastSource:
    """The pixels of another source as another type, converted when they are read.

    Attributes
    ----------
    source
        Where the pixels come from.
    dtype
        Type of the items. For ``"view"`` it has the same size as that of the source.
    how
        ``"astype"`` converts values, ``"view"`` reinterprets their bytes; the others
        are parts of complex numbers.
    """

    source: Source
    dtype: np.dtype[Any]
    how: How = "astype"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the source."""
        return self.source.shape

    @property
    def chunks(self) -> tuple[int, ...]:
        """Chunks of the source."""
        return self.source.chunks

    @property
    def identity(self) -> Hashable:
        """The source's identity, the type and how it is reached."""
        return ("cast", self.source.identity, self.dtype.str, self.how)

    def read(self, box: Box) -> NDArray[Any]:
        """Return a box, converted."""
        turn = CONVERSIONS[self.how]
        pixels: NDArray[Any] = turn(self.source.read(box), self.dtype)
        return pixels


@dataclass(frozen=True, slots=True, eq=False)
class StackSource:
    """Arrays of one shape side by side along a new first axis.

    Attributes
    ----------
    parts
        The arrays; lazy or not, all of one shape.
    dtype
        Type of the items that are read.
    """

    parts: tuple[Any, ...]
    dtype: np.dtype[Any]
    chunks: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        inner = getattr(self.parts[0], "chunks", None) or self.parts[0].shape
        object.__setattr__(self, "chunks", (1, *(max(n, 1) for n in inner)))

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of parts and their shape."""
        return (len(self.parts), *self.parts[0].shape)

    @property
    def identity(self) -> Hashable:
        """The identities of the parts."""
        names = tuple(getattr(part, "identity", id(part)) for part in self.parts)
        return ("stack", names, self.dtype.str)

    def read(self, box: Box) -> NDArray[Any]:
        """Return a box; only the parts that it touches are read."""
        first, *rest = box
        out = np.empty([part.stop - part.start for part in box], self.dtype)
        for i, at in enumerate(range(first.start, first.stop)):
            out[i] = np.asarray(self.parts[at][tuple(rest)])
        return out
