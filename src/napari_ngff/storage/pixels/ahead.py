"""Reading ahead: the next plane is fetched while someone looks at this one.

Knows the order in which boxes are read; does not know what they show. Whoever moves a
slider, or goes through a stack, reads neighbouring planes one after another: once two
were read, the next one in that direction is loaded into the cache by a thread of the
process. Measured: a third to a half less waiting for each new plane that takes long to
load. One that is there within a frame is not read ahead: that takes the processors from
whoever draws, and measures as a loss.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from napari_ngff.core.problems import NgffError
from napari_ngff.storage.pixels.cache import CACHE, Chunked

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.storage.pixels.cache import ChunkCache
    from napari_ngff.storage.pixels.indexing import Box

    Place: TypeAlias = tuple[tuple[int, int], ...]

LANES = 128
"""How many lines of neighbouring planes are followed."""

WAITING = 8
"""How many boxes wait at most; the oldest of more is given up."""

QUICK: Final = 0.025
"""Seconds within which a box is there before anyone notices."""


class Loading(Chunked, Protocol):
    """What must be known of an array besides what the cache must know."""

    @property
    def seconds(self) -> float:
        """How long the last load took."""
        ...


class ReadAhead:
    """Guesses what will be read next, and loads it into a cache.

    Parameters
    ----------
    cache
        Where it is loaded into.
    """

    def __init__(self, cache: ChunkCache) -> None:
        self._cache = cache
        self.forget()

    def forget(self) -> None:
        """Begin anew, lock and thread included; for a process that was just forked."""
        self._news = threading.Condition()
        self._lanes: OrderedDict[Hashable, int] = OrderedDict()
        self._waiting: OrderedDict[tuple[Hashable, Place], Loading] = OrderedDict()
        self._thread: threading.Thread | None = None

    def after(self, source: Loading, box: Box) -> None:
        """Take note that a box was read; have the one that should follow loaded.

        Parameters
        ----------
        source
            The array.
        box
            One slice of step 1 per axis, in bounds.
        """
        place = tuple((part.start, part.stop) for part in box)
        with self._news:
            guesses = self._guess(source, place)
        if source.seconds <= QUICK:
            return
        wanted = [each for each in guesses if self._cache.lacks(source, _box(each))]
        if not wanted:
            return
        with self._news:
            for each in wanted:
                self._waiting[source.identity, each] = source
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            if self._thread is None:
                name = "napari-ngff-read-ahead"
                self._thread = threading.Thread(
                    target=self._run, name=name, daemon=True
                )
                self._thread.start()
            self._news.notify()

    def _guess(self, source: Loading, place: Place) -> list[Place]:
        """Return the plane after this one on each axis on which the last was before."""
        found: list[Place] = []
        for axis, ((at, stop), n) in enumerate(zip(place, source.shape, strict=True)):
            if stop - at != 1 or n == 1:
                continue
            low, high = place[:axis], place[axis + 1 :]
            lane = (source.identity, low, high)
            step = at - self._lanes.pop(lane, at)
            self._lanes[lane] = at
            on, size = at + step, source.chunks[axis]
            if abs(step) == 1 and 0 <= on < n and on // size != at // size:
                found.append((*low, (on, on + 1), *high))
        while len(self._lanes) > LANES:
            self._lanes.popitem(last=False)
        return found

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._waiting:
                    self._news.wait()
                (_, place), source = self._waiting.popitem(last=False)
            try:
                self._cache.load(source, _box(place))
            except (NgffError, MemoryError):
                continue  # nobody asked for it; whoever does will be told


def _box(place: Place) -> Box:
    return tuple(slice(start, stop) for start, stop in place)


AHEAD = ReadAhead(CACHE)
"""The one of the process, for its cache."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=AHEAD.forget)
