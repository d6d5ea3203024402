"""LazyArray: an n-D window onto a source of pixels, which reads when it must.

Knows how numpy behaves and mimics it. Does not know files or zarr (sources do), nor
napari. Indexing, transposing and casting compose and read nothing; operators,
functions and reductions read, the latter block by block; dask is imported in
`LazyArray.to_dask` and nowhere else.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from napari_ngff.storage.pixels import indexing
from napari_ngff.storage.pixels.casting import Casting
from napari_ngff.storage.pixels.functions import refuse_assignment
from napari_ngff.storage.pixels.memory import check_fits, operation_limit
from napari_ngff.storage.pixels.methods import ArrayMethods
from napari_ngff.storage.pixels.source import (
    CastSource,
    NumpySource,
    Source,
    StackSource,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    import dask.array
    from numpy.typing import DTypeLike, NDArray

    from napari_ngff.storage.pixels.indexing import Box, Window

__all__ = [
    "CastSource",
    "LazyArray",
    "NumpySource",
    "Source",
    "StackSource",
]

BLOCK_BYTES = 32 * 2**20
"""Bytes that are read at a time where an operation goes block by block."""


class LazyArray(Casting, ArrayMethods):
    """An array whose pixels are read when they are needed.

    It equals the numpy array of the same pixels under every index and operation, but
    that assignment is refused. Basic indices, transpositions, `astype` and `view`
    give another LazyArray; arrays as indices, operators and functions read and give
    numpy arrays. An instance does not change: it may be shared between threads.

    Parameters
    ----------
    source
        Where the pixels come from.
    window
        Which of them, and in which order; all of them if not given.
    """

    __slots__ = ("_source", "_window")

    def __init__(self, source: Source, window: Window | None = None) -> None:
        self._source = source
        self._window = indexing.whole(source.shape) if window is None else window

    # What it is

    @property
    def source(self) -> Source:
        """Where the pixels come from."""
        return self._source

    @property
    def window(self) -> Window:
        """Which pixels of the source, in which order."""
        return self._window

    @property
    def identity(self) -> Hashable:
        """Equal for lazy arrays that show the same pixels."""
        return (self._source.identity, self._window)

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return self._window.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        return self._source.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._window.dims)

    @property
    def size(self) -> int:
        """Number of items."""
        return prod(self.shape)

    @property
    def itemsize(self) -> int:
        """Bytes per item."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes that the pixels would take in memory."""
        return self.size * self.itemsize

    @property
    def chunks(self) -> tuple[int, ...]:
        """Size along each axis of what is read at once, as zarr's ``chunks``.

        Where a view does not begin at a chunk's border, or steps, its chunks do not
        begin at multiples of these numbers.
        """
        return indexing.chunks_of(self._window, self._source.chunks)

    def __repr__(self) -> str:
        return (
            f"<LazyArray shape={self.shape} dtype={self.dtype} chunks={self.chunks} "
            f"of {self._source!r}>"
        )

    def __len__(self) -> int:
        if not self.shape:
            message = "len() of unsized object"
            raise TypeError(message)
        return self.shape[0]

    def __iter__(self) -> Iterator[LazyArray]:
        if not self.shape:
            message = "iteration over a 0-d array"
            raise TypeError(message)
        return (self[i] for i in range(self.shape[0]))

    def __contains__(self, value: object) -> bool:
        return any(bool(np.any(pixels == value)) for _, pixels in self.pieces())

    def __reduce__(self) -> tuple[type[LazyArray], tuple[Source, Window]]:
        return type(self), (self._source, self._window)

    def __copy__(self) -> LazyArray:
        return self

    def __deepcopy__(self, memo: object) -> LazyArray:
        return self

    def __dask_tokenize__(self) -> Hashable:
        return self.identity

    # Views, which read nothing

    def __getitem__(self, key: Any) -> Any:
        """Return a view for a basic index; read for arrays as indices."""
        if not isinstance(key, tuple):
            key = (key,)
        if indexing.is_basic(key):
            return self._view(indexing.narrow(self._window, key))
        from napari_ngff.storage.pixels.fancy import take

        return take(self, key)

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        refuse_assignment()

    def _view(self, window: Window) -> LazyArray:
        return LazyArray(self._source, window)

    def permuted(self, order: Sequence[int]) -> LazyArray:
        """Return a view with the axes in another order, each of them given once."""
        return self._view(indexing.permute(self._window, order))

    # Pixels

    def compute(self) -> NDArray[Any]:
        """Read the pixels into an array in memory, which is the caller's own.

        Raises
        ------
        TooLargeForMemory
            More than may be held.
        ChunkReadError, StoreChanged
            See `ChunkSource.read`.
        """
        return self._pixels(self._source.read)

    def _pixels(self, read: Callable[[Box], NDArray[Any]]) -> NDArray[Any]:
        if not self.size:
            return np.empty(self.shape, self.dtype)
        check_fits("Reading these pixels", self.nbytes)
        window = self._window
        if all(abs(span.step) == 1 or len(span) == 1 for _, span in window.dims):
            return indexing.arrange(window, read(indexing.box_of(window)))
        out = np.empty(self.shape, self.dtype)
        for block in self._blocks(BLOCK_BYTES):
            part = indexing.narrow(window, block)
            out[block] = indexing.arrange(part, read(indexing.box_of(part)))
        return out

    def _blocks(self, nbytes: int) -> Iterator[Box]:
        return indexing.blocks(
            self._window, self._source.chunks, itemsize=self.itemsize, nbytes=nbytes
        )

    def pieces(self, nbytes: int = BLOCK_BYTES) -> Iterator[tuple[Box, NDArray[Any]]]:
        """Read block by block.

        Parameters
        ----------
        nbytes
            About the size of a block, which is never less than one chunk.

        Yields
        ------
        tuple of slice, numpy.ndarray
            Where a block is, in C order, and its pixels. Blocks cover the array once.
        """
        if self.size:
            for block in self._blocks(min(nbytes, operation_limit() // 4)):
                yield block, self[block].compute()

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[Any]:
        """Read the pixels, for ``np.asarray`` and ``np.array``.

        What ``np.asarray`` gets may be memory that others look at, too, and is
        read-only then; ``np.array`` and `compute` give memory of one's own.
        """
        if copy is False:
            message = "the pixels must be read, so a copy cannot be avoided"
            raise ValueError(message)
        read = self._source.read
        if copy is None:
            read = getattr(self._source, "look", read)
        pixels = self._pixels(read)
        return pixels if dtype is None else pixels.astype(dtype, copy=False)

    def to_dask(self) -> dask.array.Array:
        """Return a dask array with one task per chunk, named after the identity."""
        import dask.array as da
        from dask.base import tokenize

        chunks = tuple(
            tuple(b - a for a, b in pairwise(edges)) if len(edges) > 1 else (0,)
            for edges in indexing.borders(self._window, self._source.chunks)
        )
        return da.from_array(
            self,
            chunks=chunks,
            name=f"napari-ngff-{tokenize(self.identity)}",
            asarray=True,
            fancy=False,
            meta=np.empty((0,) * self.ndim, self.dtype),
        )
