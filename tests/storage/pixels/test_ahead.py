"""The plane that comes next is loaded before it is asked for."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from napari_ngff.core.problems import ChunkReadError
from napari_ngff.storage.pixels.ahead import ReadAhead
from napari_ngff.storage.pixels.cache import ChunkCache


class Pixels:
    """An array that remembers which planes were loaded of it, and by whom."""

    dtype = np.dtype("u1")
    seconds = 1.0

    def __init__(self, shape=(3, 20, 40, 40), chunks=(1, 1, 20, 20), identity="a"):
        self.shape, self.chunks, self.identity = shape, chunks, identity
        self.ahead = []
        self.loads = 0

    def load(self, box):
        self.loads += 1
        if threading.current_thread() is not threading.main_thread():
            self.ahead.append(tuple(part.start for part in box))
        return np.full([part.stop - part.start for part in box], self.loads, "u1")


class Reader:
    """Reads planes as a source does."""

    def __init__(self, limit=10**6):
        self.cache = ChunkCache(limit)
        self.ahead = ReadAhead(self.cache)

    def read(self, source, *at):
        box = (*(slice(i, i + 1) for i in at), slice(0, 40), slice(0, 40))
        self.cache.read(source, box)
        self.ahead.after(source, box)


@pytest.fixture
def reader():
    """Give a cache, and what reads ahead into it."""
    return Reader()


def settled(source, expected):
    """Wait until the planes that are loaded ahead are those expected, and no more."""
    end = time.monotonic() + 5
    while len(source.ahead) < len(expected) and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(0.02)
    return source.ahead == expected


def test_the_next_plane_is_loaded(reader):
    """After two neighbouring planes the third is there before it is asked for."""
    source = Pixels()
    reader.read(source, 0, 4)
    reader.read(source, 0, 5)

    assert settled(source, [(0, 6, 0, 0)])
    loads = source.loads
    reader.cache.read(source, (slice(0, 1), slice(6, 7), slice(0, 40), slice(0, 40)))
    assert loads == source.loads


def test_it_goes_on_while_one_goes_on(reader):
    """What is already held is noted too: the slider may go on."""
    source = Pixels()
    for z in range(10, 4, -1):
        reader.read(source, 0, z)
        expected = [(0, i, 0, 0) for i in range(8, z - 2, -1)]

        assert settled(source, expected)


def test_nothing_is_loaded_for_a_jump_or_a_return(reader):
    """Planes apart, one plane twice, or the end of the stack lead nowhere."""
    source = Pixels()
    for z in (3, 7, 7, 15, 13, 0, 19):
        reader.read(source, 0, z)
    reader.read(source, 0, 18)
    reader.read(source, 0, 19)

    assert settled(source, [(0, 17, 0, 0)])


def test_channels_are_followed_each_for_itself(reader):
    """Two layers that read in turns have their next planes loaded both."""
    source = Pixels((2, 20, 40, 40))
    for z in (4, 5):
        for channel in (0, 1):
            reader.read(source, channel, z)

    assert settled(source, [(0, 6, 0, 0), (1, 6, 0, 0)])


def test_what_is_quickly_there_is_not_loaded(reader):
    """It would take the processors from whoever draws."""
    source = Pixels()
    source.seconds = 0.02

    for z in range(4, 8):
        reader.read(source, 1, z)

    assert settled(source, [])


def test_within_a_chunk_there_is_nothing_to_load(reader):
    """Chunks of several planes are loaded when the border is reached."""
    source = Pixels(chunks=(1, 4, 20, 20))
    for z in (1, 2):
        reader.read(source, 0, z)
    before = settled(source, [])
    reader.read(source, 0, 3)

    assert before
    assert settled(source, [(0, 4, 0, 0)])


@pytest.mark.parametrize("limit", [0, 8 * 1600 - 1])
def test_what_takes_much_of_the_cache_is_not_loaded(limit):
    """Reading ahead does not push out what is being looked at."""
    reader, source = Reader(limit), Pixels()
    for z in (4, 5, 6):
        reader.read(source, 0, z)

    assert settled(source, [])


def test_a_failure_is_told_to_whoever_reads():
    """What fails ahead of time is not told, does no harm, and fails when it is read."""

    class Broken(Pixels):
        def load(self, box):
            if box[1].start == 6:
                super().load(box)
                raise ChunkReadError("store", "0", (6,), "broken")
            return super().load(box)

    reader, source = Reader(), Broken()
    for z in (4, 5):
        reader.read(source, 0, z)

    assert settled(source, [(0, 6, 0, 0)])
    with pytest.raises(ChunkReadError):
        reader.read(source, 0, 6)
    reader.read(source, 1, 9)
    reader.read(source, 1, 10)
    assert settled(source, [(0, 6, 0, 0), (1, 11, 0, 0)])


def test_few_boxes_wait(reader):
    """When someone is faster than the store, what is behind is given up."""

    class Slow(Pixels):
        def load(self, box):
            if threading.current_thread() is not threading.main_thread():
                go_on.wait(5)
            return super().load(box)

    go_on = threading.Event()
    source = Slow((3, 200, 40, 40))
    for z in range(0, 120, 4):
        reader.read(source, 0, z)
        reader.read(source, 0, z + 1)
    waiting = len(reader.ahead._waiting)
    go_on.set()

    assert waiting <= 8
    assert settled(source, source.ahead)
