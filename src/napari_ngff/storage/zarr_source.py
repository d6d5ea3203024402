"""A zarr array as a source of pixels, through the cache; and how arrays are opened.

Knows zarr and the cache. Does not know where a store is, nor checks its metadata:
documents come here checked. zarr is imported when the first array is opened.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.names import plain, scrub
from napari_ngff.core.problems import ChunkReadError, NgffError, StoreChanged
from napari_ngff.storage import grid
from napari_ngff.storage.ahead import AHEAD
from napari_ngff.storage.cache import CACHE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    import zarr
    from numpy.typing import NDArray
    from zarr.abc.store import Store

    from napari_ngff.storage.indexing import Box

_OPENING = threading.Lock()
_FUSED = "zarr.core.codec_pipeline.FusedCodecPipeline"


class ZarrSource:
    """The pixels of one zarr array, read in whole chunks through the cache.

    Picklable if `array` and `stamp` are; what is unpickled uses its own process's
    cache.

    Parameters
    ----------
    array
        The array; of a sharded one, the inner chunks are what is read and kept.
    store
        The store, fit to be shown and told from all others: no credentials.
    node
        Path of the array inside the store.
    stamp
        Gives the present identity of the array's metadata (inode and modification
        time, ETag …). It is asked after every read from the store; if the answer is
        not `opened`, the pixels are not handed on.
    opened
        What `stamp` gave when the metadata was read; asked now if not given.
    """

    def __init__(
        self,
        array: zarr.Array[Any],
        *,
        store: str,
        node: str,
        stamp: Callable[[], Hashable] | None = None,
        opened: Hashable = None,
    ) -> None:
        self._array = array
        self._store = store
        self._node = node
        self._stamp = stamp
        self._opened = stamp() if stamp is not None and opened is None else opened
        self.shape: tuple[int, ...] = tuple(int(n) for n in array.shape)
        self.chunks: tuple[int, ...] = tuple(max(1, int(n)) for n in array.chunks)
        self.dtype: np.dtype[Any] = np.dtype(array.dtype).newbyteorder("=")
        self.identity: Hashable = (store, node, self._opened)

    def __repr__(self) -> str:
        return f"<ZarrSource {self._node!r} of {self._store}>"

    @property
    def array(self) -> zarr.Array[Any]:
        """The zarr array itself. What is read from it is not cached nor checked."""
        return self._array

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

    def load(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box from the store, past the cache; see `read`."""
        try:
            pixels = self._load(box)
        except (StoreChanged, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  (a codec or a store may raise any)
            return self._load_singly(box, error)
        return pixels

    def _load(self, box: Box) -> NDArray[Any]:
        try:
            pixels = np.asarray(self._array[box])
        finally:
            # New chunks under old metadata may fail to decode, or worse, may not.
            self._check()
        return pixels.astype(self.dtype, copy=False)

    def _check(self) -> None:
        if self._stamp is not None and self._stamp() != self._opened:
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


def open_array(store: Store, node: str, document: Mapping[str, Any]) -> zarr.Array[Any]:
    """Make an array from its checked metadata, with the fastest codec pipeline.

    No metadata is read from the store. zarr has no choice of pipeline per array: it
    is configuration of the process while the array is made, and stays with the array.
    So it is set here, in one place, and reset at once.

    Parameters
    ----------
    store
        A zarr store.
    node
        Path of the array inside the store; ``""`` is the root.
    document
        The whole ``zarr.json`` or ``.zarray`` (with ``attributes``), checked.
    """
    import zarr
    from zarr.storage import StorePath

    at = StorePath(store, node)
    with _OPENING, _unwarned(document):
        if not _has_fused_pipeline():
            return zarr.Array.from_dict(at, dict(document))
        with zarr.config.set({"codec_pipeline.path": _FUSED}):
            return zarr.Array.from_dict(at, dict(document))


@contextmanager
def _unwarned(document: Mapping[str, Any]) -> Iterator[None]:
    """Keep zarr from warning of what nobody who opens a file can change.

    Of codecs that others may not read (3.1), and of shards that are read whole.
    """
    codecs = str(document.get("codecs"))
    if not any(name in codecs for name in ("numcodecs.", "sharding_indexed")):
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Numcodecs codecs are not in the Zarr ver")
        warnings.filterwarnings("ignore", "Combining a `sharding_indexed` codec")
        yield


@cache
def _has_fused_pipeline() -> bool:
    """Tell whether this zarr has the fused codec pipeline (3.3 and newer)."""
    import zarr
    from zarr.registry import get_pipeline_class

    with zarr.config.set({"codec_pipeline.path": _FUSED}):
        try:
            get_pipeline_class()
        except ValueError:
            return False
    return True
