"""Decoded chunks, kept for the process and bounded in bytes.

Knows chunk grids and bytes; does not know zarr, stores or metadata: whoever asks
brings the function that loads a box. One lock, held only for look-ups.

What is fetched together is kept, and let go, together: a `_Block` is one array that
holds a box of whole chunks. So nothing is copied on the way in, and the bytes that
are counted are those that are held. Arrays too small to matter (coarse levels) are
let go last.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pixels.memory import machine_memory

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from napari_ngff.storage.pixels.grid import ChunkIndex, Corners
    from napari_ngff.storage.pixels.indexing import Box

BLOCK_BYTES = 64 * 2**20
"""The most that is fetched at once, unless one chunk is larger."""

MAX_CHUNKS = 2**16
"""Reads of more chunks than this are not remembered chunk by chunk."""

CHUNK_OVERHEAD = 256
"""Bytes that remembering one chunk costs beside its pixels."""

SMALL = 16
"""An array of at most this part of the limit is let go after all others."""

AHEAD = 8
"""What is loaded before it is asked for takes at most this part of the limit."""


class Chunked(Protocol):
    """What the cache must know of an array."""

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

    def load(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box, without the cache."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A box of whole chunks of one array, decoded."""

    box: Box
    pixels: NDArray[Any]
    chunks: tuple[ChunkIndex, ...]
    identity: Hashable
    nbytes: int
    small: bool


@dataclass(slots=True, eq=False)
class _Flight:
    """Chunks that one thread is loading, for others to wait for."""

    done: threading.Event = field(default_factory=threading.Event)
    blocks: list[_Block] = field(default_factory=list)


class ChunkCache:
    """Decoded chunks of any number of arrays, at most `limit` bytes of them.

    Parameters
    ----------
    limit
        Bytes that may be held; 0 switches the cache off. None: a quarter of the
        machine's memory, but not more than half of what is free at first use.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self.forget()

    def forget(self) -> None:
        """Begin anew, locks included; for a process that was just forked."""
        self._lock = threading.Lock()
        self._index: dict[Hashable, dict[ChunkIndex, _Block]] = {}
        self._flights: dict[tuple[Hashable, ChunkIndex], _Flight] = {}
        self._large: OrderedDict[_Block, None] = OrderedDict()
        self._small: OrderedDict[_Block, None] = OrderedDict()
        self._nbytes = self._small_nbytes = 0

    @property
    def limit(self) -> int:
        """Bytes that may be held."""
        if self._limit is None:
            memory = machine_memory()
            self._limit = min(memory.total // 4, memory.free // 2)
        return self._limit

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._nbytes

    def set_limit(self, nbytes: int) -> None:
        """Bound the cache to `nbytes`; what is over it is let go at once."""
        with self._lock:
            self._limit = max(0, int(nbytes))
            self._evict()

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            for block in [*self._large, *self._small]:
                self._drop(block)

    def read(self, source: Chunked, box: Box) -> NDArray[Any]:
        """Return the pixels of a box, loading the chunks that are not held.

        Parameters
        ----------
        source
            The array.
        box
            One slice of step 1 per axis, in bounds and not empty.

        Returns
        -------
        numpy.ndarray
            An array that is the caller's own.
        """
        chunks = self._chunks(source, box, self.limit // 2)
        if not chunks:
            return source.load(box)
        # Before the chunks: what the last one who read has freed is used again, and the
        # new memory is first touched by those that decode.
        out = np.empty([part.stop - part.start for part in box], source.dtype)
        return _assemble(out, box, self._blocks(source, chunks))

    def look(self, source: Chunked, box: Box) -> NDArray[Any]:
        """Return the pixels of a box to be looked at, not written to.

        Parameters
        ----------
        source, box
            As of `read`.

        Returns
        -------
        numpy.ndarray
            What the cache itself holds, read-only, where that is just this box: nothing
            is copied, nor is more kept alive than is asked for. Else as of `read`.
        """
        chunks = self._chunks(source, box, self.limit // 2)
        if not chunks:
            return source.load(box)
        blocks = self._blocks(source, chunks)
        if len(blocks) == 1 and blocks[0].box == box and all(blocks[0].pixels.strides):
            return blocks[0].pixels
        out = np.empty([part.stop - part.start for part in box], source.dtype)
        return _assemble(out, box, blocks)

    def lacks(self, source: Chunked, box: Box) -> bool:
        """Tell whether `load` would load anything for that box."""
        chunks = self._chunks(source, box, self.limit // AHEAD)
        with self._lock:
            held = self._index.get(source.identity, {})
            return any(chunk not in held for chunk in chunks)

    def load(self, source: Chunked, box: Box) -> None:
        """Have the chunks of a box held, if they take a small part of the room."""
        chunks = self._chunks(source, box, self.limit // AHEAD)
        if chunks:
            self._blocks(source, chunks)

    def _chunks(self, source: Chunked, box: Box, nbytes: int) -> list[ChunkIndex]:
        """Return the chunks that a box touches; none if they are too large or many."""
        spans = grid.touched(box, source.chunks)
        count = prod(len(span) for span in spans)
        size = prod(source.chunks) * source.dtype.itemsize
        if count > MAX_CHUNKS or count * size > nbytes:
            return []
        return list(product(*spans))

    def _blocks(self, source: Chunked, chunks: list[ChunkIndex]) -> list[_Block]:
        """Return blocks that hold the chunks: held, loaded here, or by others."""
        blocks: dict[_Block, None] = {}
        wanted = chunks
        while wanted:
            mine, flights = _Flight(), dict[_Flight, None]()
            claimed: list[ChunkIndex] = []
            with self._lock:
                held = self._index.get(source.identity, {})
                for chunk in wanted:
                    if (block := held.get(chunk)) is not None:
                        blocks[block] = None
                    elif flight := self._flights.get((source.identity, chunk)):
                        flights[flight] = None
                    else:
                        claimed.append(chunk)
                        self._flights[source.identity, chunk] = mine
                for block in blocks:
                    self._touch(block)
            if claimed:
                self._load(source, claimed, mine)
                blocks.update(dict.fromkeys(mine.blocks))
            if not flights:
                break
            for flight in flights:
                flight.done.wait()
                blocks.update(dict.fromkeys(flight.blocks))
            have = {chunk for block in blocks for chunk in block.chunks}
            wanted = [chunk for chunk in wanted if chunk not in have]
        return list(blocks)

    def _load(
        self, source: Chunked, claimed: list[ChunkIndex], flight: _Flight
    ) -> None:
        """Load chunks in as few boxes as they form, and hold them."""
        size = prod(source.chunks) * source.dtype.itemsize
        at_most = BLOCK_BYTES // max(size, 1)
        small = prod(source.shape) * source.dtype.itemsize <= self.limit // SMALL
        try:
            for corners in grid.merged(claimed):
                for part in grid.portions(corners, at_most):
                    block = _make_block(source, part, small=small)
                    flight.blocks.append(block)
                    with self._lock:
                        self._hold(block)
        finally:
            with self._lock:
                for chunk in claimed:
                    del self._flights[source.identity, chunk]
            flight.done.set()

    def _hold(self, block: _Block) -> None:
        held = self._index.setdefault(block.identity, {})
        held.update(dict.fromkeys(block.chunks, block))
        (self._small if block.small else self._large)[block] = None
        self._nbytes += block.nbytes
        self._small_nbytes += block.nbytes * block.small
        self._evict()

    def _touch(self, block: _Block) -> None:
        order = self._small if block.small else self._large
        if block in order:
            order.move_to_end(block)

    def _evict(self) -> None:
        while self._nbytes > self.limit:
            small_first = self._small_nbytes > self.limit // 2 or not self._large
            self._drop(next(iter(self._small if small_first else self._large)))

    def _drop(self, block: _Block) -> None:
        del (self._small if block.small else self._large)[block]
        self._nbytes -= block.nbytes
        self._small_nbytes -= block.nbytes * block.small
        held = self._index[block.identity]
        for chunk in block.chunks:
            if held.get(chunk) is block:
                del held[chunk]
        if not held:
            del self._index[block.identity]


def _make_block(source: Chunked, corners: Corners, *, small: bool) -> _Block:
    box = grid.span_of(corners, source.chunks, source.shape)
    chunks = tuple(grid.within(corners))
    pixels = _uniform(source.load(box))
    pixels.flags.writeable = False
    nbytes = pixels.nbytes if all(pixels.strides) else pixels.itemsize
    return _Block(
        box=box,
        pixels=pixels,
        chunks=chunks,
        identity=source.identity,
        nbytes=nbytes + CHUNK_OVERHEAD * len(chunks),
        small=small,
    )


def _uniform(pixels: NDArray[Any]) -> NDArray[Any]:
    """Hold one value only where all are the same, as in chunks that are absent."""
    first = pixels[(0,) * pixels.ndim]
    sample = pixels[tuple(slice(None, None, n // 8 or 1) for n in pixels.shape)]
    if not (sample == first).all() or not (pixels == first).all():
        return pixels
    return np.broadcast_to(np.array(first), pixels.shape)


def _assemble(out: NDArray[Any], box: Box, blocks: list[_Block]) -> NDArray[Any]:
    for block in blocks:
        shared = grid.meet(box, block.box)
        if shared is not None:
            part = block.pixels[grid.inside(shared, block.box)]
            out[grid.inside(shared, box)] = part
    return out


CACHE = ChunkCache()
"""The one cache of the process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=CACHE.forget)


def set_limit(nbytes: int) -> None:
    """Bound the process's cache of decoded chunks to `nbytes`; 0 switches it off."""
    CACHE.set_limit(nbytes)
