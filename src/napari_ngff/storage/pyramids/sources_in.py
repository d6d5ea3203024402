"""What may be saved, as a source: numpy, dask, zarr and lazy arrays.

Knows how each is best read once, box by box. What has a cache is read past it, so that
a save does not push out what is looked at. Neither dask nor zarr is imported for an
array of another kind.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from napari_ngff.core.problems import NgffError
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.pixels.source import (
    CastSource,
    NumpySource,
    Source,
    StackSource,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    import dask.array
    import zarr
    from numpy.typing import NDArray

    from napari_ngff.storage.pixels.indexing import Box


@runtime_checkable
class Loading(Source, Protocol):
    """A source that can also be read past its cache."""

    def load(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box; the cache neither gives nor takes them."""
        ...


def source_of(array: Any) -> Source:
    """Return the source that an array is saved from; nothing is read.

    Parameters
    ----------
    array
        A numpy, dask, zarr or lazy array, a source, or anything that has a shape and
        a dtype and gives what numpy takes for an array when it is sliced.

    Returns
    -------
    Source
        Of the machine's byte order.

    Raises
    ------
    ValueError
        If an array has masked pixels, or not a known shape. Reading raises it for what
        only shows then: masked pixels, and others than the shape and dtype promise.
    """
    source = _source(array)
    if source.dtype.isnative:
        return source
    return CastSource(source, source.dtype.newbyteorder("="))


def _source(array: Any) -> Source:
    if isinstance(array, LazyArray):
        return past_cache(LazySource(array))
    if isinstance(array, np.ndarray):
        _refuse_masked(array)
        return NumpySource(np.asarray(array))
    if isinstance(array, Source):
        return past_cache(array)
    dask_array, zarr_module = sys.modules.get("dask.array"), sys.modules.get("zarr")
    if dask_array is not None and isinstance(array, dask_array.Array):
        _refuse_unknown(array.shape)
        return DaskSource(array)
    if zarr_module is not None and isinstance(array, zarr_module.Array):
        return _zarr_source(array)
    return SlicedSource(array)


def _refuse_masked(pixels: Any) -> None:
    if isinstance(pixels, np.ma.MaskedArray) and np.ma.is_masked(pixels):
        message = "OME-Zarr has no place for a mask: fill it first, as .filled(0) does"
        raise ValueError(message)


def _refuse_unknown(shape: tuple[Any, ...]) -> None:
    if any(n != n for n in shape):
        message = f"the shape {shape} is not known: .compute_chunk_sizes() finds it"
        raise ValueError(message)


def _as_promised(pixels: Any, box: Box, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return what an array gave for a box, if it has the shape and type it should."""
    _refuse_masked(pixels)
    given = np.asarray(pixels)
    shape = tuple(part.stop - part.start for part in box)
    if given.shape != shape:
        message = f"the array gave pixels of the shape {given.shape} where it promised "
        raise ValueError(f"{message}{shape}: check how it was made")
    with np.errstate(all="ignore"):
        found = given.astype(dtype, copy=False)
    both_float = given.dtype.kind == dtype.kind == "f"
    if given.dtype != dtype and not both_float and not np.array_equal(found, given):
        message = f"the array gave pixels of the type {given.dtype} that do not fit "
        raise ValueError(f"{message}{dtype}, as which it was made: check its dtype")
    return found


def past_cache(source: Source) -> Source:
    """Return the same pixels read past the cache, where there is one."""
    if isinstance(source, LazySource):
        array = source.array
        return LazySource(LazyArray(past_cache(array.source), array.window))
    if isinstance(source, CastSource):
        return replace(source, source=past_cache(source.source))
    if isinstance(source, StackSource):
        return replace(source, parts=tuple(map(_part, source.parts)))
    return Uncached(source) if isinstance(source, Loading) else source


def decoded_at_once(array: LazyArray) -> tuple[int, ...] | None:
    """Return the lengths of what is decoded where one pixel of an array is read.

    None where that is no more than is asked for: its pixels are in memory already, or
    nothing is known of how they come about.
    """
    return array.chunks if _decodes(array.source) else None


def _decodes(source: Any) -> bool:
    if isinstance(source, CastSource):
        return _decodes(source.source)
    if isinstance(source, StackSource):
        lazy = [part for part in source.parts if isinstance(part, LazyArray)]
        return any(_decodes(part.source) for part in lazy)
    inner = getattr(source, "array", None)
    if isinstance(inner, LazyArray):
        return _decodes(inner.source)
    if isinstance(source, SlicedSource):
        return hasattr(inner, "chunks")
    return not isinstance(source, NumpySource)


def _part(array: Any) -> Any:
    """Return an array of a stack, read past its cache."""
    if not isinstance(array, LazyArray):
        return array
    return LazyArray(past_cache(array.source), array.window)


def _zarr_source(array: zarr.Array[Any]) -> Source:
    """Return a zarr array, read by our own reader where it is in a local folder."""
    from zarr.storage import LocalStore

    from napari_ngff.storage.chunks.chunk_source import ChunkSource
    from napari_ngff.storage.chunks.zarr_array import open_array
    from napari_ngff.storage.location import open_location

    if isinstance(array.store, LocalStore):
        try:
            found = open_location(os.path.join(array.store.root, array.path))
            document = found.document(found.node)
            own = None if document is None else found.array(document)
        except NgffError:
            own = None  # zarr may read what we do not: then zarr does
        if own is not None and (own.shape, own.dtype) == (array.shape, array.dtype):
            return past_cache(own.source)
    fast = open_array(array.store, array.path, array.metadata.to_dict())
    return Uncached(ChunkSource(fast, store=str(array.store), node=array.path))


@dataclass(frozen=True, slots=True, eq=False)
class _Wrapped:
    """An array of any kind, as it is.

    Attributes
    ----------
    array
        Something with a shape and a dtype.
    """

    array: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return tuple(int(n) for n in self.array.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        dtype: np.dtype[Any] = np.dtype(self.array.dtype)
        return dtype

    @property
    def chunks(self) -> tuple[int, ...]:
        """The array's own chunks, if it tells; else all of it."""
        chunks = getattr(self.array, "chunks", None) or self.shape
        return tuple(max(1, int(np.max(n))) for n in chunks)

    @property
    def identity(self) -> Hashable:
        """The array object itself."""
        return (type(self).__name__, id(self.array))


class LazySource(_Wrapped):
    """A lazy array, whatever its window."""

    __slots__ = ()
    array: LazyArray

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box."""
        pixels: NDArray[Any] = self.array[box].compute()
        return pixels


class SlicedSource(_Wrapped):
    """Anything that can be sliced."""

    __slots__ = ()

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box."""
        return _as_promised(self.array[box], box, self.dtype)


class DaskSource(_Wrapped):
    """A dask array, of which a box is computed at a time."""

    __slots__ = ()
    array: dask.array.Array

    def read(self, box: Box) -> NDArray[Any]:
        """Compute a box: in this thread, unless dask was told where to compute."""
        from dask.base import get_scheduler

        here = {} if get_scheduler() is not None else {"scheduler": "synchronous"}
        return _as_promised(self.array[box].compute(**here), box, self.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Uncached:
    """The pixels of a source that has a cache, read past it.

    Attributes
    ----------
    source
        Where the pixels come from.
    """

    source: Loading

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the source."""
        return self.source.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        return self.source.dtype

    @property
    def chunks(self) -> tuple[int, ...]:
        """Chunks of the source."""
        return self.source.chunks

    @property
    def identity(self) -> Hashable:
        """Identity of the source."""
        return self.source.identity

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box."""
        return self.source.load(box)
