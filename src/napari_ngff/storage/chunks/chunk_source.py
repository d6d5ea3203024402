"""An array in a store as a source of pixels: through the cache, and never a mixture.

Knows the cache, and that chunks may fail or be replaced. Does not know where a store
is, nor who decodes: `chunks.chunk_reader`, or zarr where that does not cover it.
"""

from __future__ import annotations

import time
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from napari_ngff.core.names import plain, scrub
from napari_ngff.core.problems import ChunkReadError, NgffError, StoreChanged
from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pixels.ahead import AHEAD
from napari_ngff.storage.pixels.cache import CACHE
from napari_ngff.storage.renewed import leads

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from napari_ngff.storage.pixels.indexing import Box


class Pixels(Protocol):
    """An array in a store, which reads what it is asked for: ours, or one of zarr."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def chunks(self) -> tuple[int, ...]:
        """Lengths of what is read at once; of shards, of an inner chunk."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        ...

    def __getitem__(self, box: Any) -> Any:
        """Return the pixels of a box: one slice of step 1 per axis, in bounds."""
        ...


class ChunkSource:
    """The pixels of one stored array, read in whole chunks through the cache.

    Picklable if `pixels` and `stamp` are; what is unpickled uses its own process's
    cache.

    Parameters
    ----------
    pixels
        The array; of a sharded one, the inner chunks are what is read and kept.
    store
        The store, fit to be shown and told from all others: no credentials.
    node
        Path of the array inside the store.
    stamp
        Gives the present identity of the array's metadata (inode and modification
        time, ETag …). It is asked after every read from the store; if the answer is
        not `opened`, nor what our own edits have made of it, the pixels are not handed
        on.
    opened
        What `stamp` gave when the metadata was read; asked now if not given.

    Attributes
    ----------
    seconds
        How long the last load from the store took.
    """

    def __init__(
        self,
        pixels: Pixels,
        *,
        store: str,
        node: str,
        stamp: Callable[[], Hashable] | None = None,
        opened: Hashable = None,
    ) -> None:
        self._pixels = pixels
        self._store = store
        self._node = node
        self._stamp = stamp
        self._opened = stamp() if stamp is not None and opened is None else opened
        self.shape: tuple[int, ...] = tuple(int(n) for n in pixels.shape)
        self.chunks: tuple[int, ...] = tuple(max(1, int(n)) for n in pixels.chunks)
        self.dtype: np.dtype[Any] = np.dtype(pixels.dtype).newbyteorder("=")
        self.identity: Hashable = (store, node, self._opened)
        self.seconds = 0.0

    def __repr__(self) -> str:
        return f"<ChunkSource {self._node!r} of {self._store}>"

    @property
    def pixels(self) -> Pixels:
        """Who reads. What is read of it is not cached, nor is it known to be new."""
        return self._pixels

    @property
    def store(self) -> str:
        """The store, fit to be shown."""
        return self._store

    @property
    def node(self) -> str:
        """Path of the array inside the store."""
        return self._node

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box; chunks that are absent have the fill value.

        Parameters
        ----------
        box
            One slice of step 1 per axis, in bounds and not empty.

        Returns
        -------
        numpy.ndarray
            An array that is the caller's own.

        Raises
        ------
        ChunkReadError
            Pixels that are there could not be read or decoded.
        StoreChanged
            The array's metadata is not that with which it was opened.
        """
        pixels = CACHE.read(self, box)
        self._confirm(box)
        AHEAD.after(self, box)
        return pixels

    def look(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box as `read` does, perhaps as memory of the cache.

        That is read-only: it is for looking at pixels, as a viewer does, and a copy
        would take longer than finding them.
        """
        pixels = CACHE.look(self, box)
        self._confirm(box)
        AHEAD.after(self, box)
        return pixels

    def load(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box from the store, past the cache; see `read`."""
        begin = time.perf_counter()
        try:
            pixels = self._load(box)
        except (StoreChanged, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  (a codec or a store may raise any)
            return self._load_singly(box, error)
        self.seconds = time.perf_counter() - begin
        return pixels

    def _load(self, box: Box) -> NDArray[Any]:
        try:
            pixels = np.asarray(self._pixels[box])
        finally:
            # New chunks under old metadata may fail to decode, or worse, may not.
            self._check()
        return pixels.astype(self.dtype, copy=False)

    def _check(self) -> None:
        if self._stamp is None:
            return
        now = self._stamp()
        if now != self._opened and not leads(self._opened, now):
            raise StoreChanged(store=self._store, node=self._node)

    def _confirm(self, box: Box) -> None:
        """Make sure that what the cache held is still what the store shows."""
        try:
            self._check()
        except StoreChanged:
            raise
        except Exception as error:
            chunk = tuple(
                part.start // n for part, n in zip(box, self.chunks, strict=True)
            )
            raise self._failed(chunk, error) from error

    def _load_singly(self, box: Box, first: Exception) -> NDArray[Any]:
        """Load chunk by chunk, to name the one that fails."""
        spans = grid.touched(box, self.chunks)
        out = np.empty([part.stop - part.start for part in box], self.dtype)
        for chunk in product(*spans):
            whole = grid.span_of((chunk, chunk), self.chunks, self.shape)
            part = grid.meet(whole, box) or box
            try:
                if part == box:
                    raise first
                out[grid.inside(part, box)] = self._load(part)
            except StoreChanged:
                raise
            except Exception as error:
                raise self._failed(chunk, error) from error
        return out

    def _failed(self, chunk: tuple[int, ...], error: Exception) -> ChunkReadError:
        text = scrub(str(error))
        name = "" if isinstance(error, NgffError) else f"{type(error).__name__}: "
        return ChunkReadError(
            store=self._store, node=self._node, chunk=chunk, reason=plain(name + text)
        )
