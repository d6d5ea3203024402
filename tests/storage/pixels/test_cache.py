"""The cache holds decoded chunks, within its bounds, and loads each once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.storage.pixels import cache
from napari_ngff.storage.pixels.cache import CHUNK_OVERHEAD, ChunkCache


class Pixels:
    """An array that remembers which boxes were loaded of it."""

    def __init__(self, shape=(8, 40, 40), chunks=(1, 10, 10), identity="image"):
        self.pixels = np.arange(np.prod(shape), dtype="u4").reshape(shape)
        self.shape, self.chunks, self.dtype = shape, chunks, self.pixels.dtype
        self.identity = identity
        self.loads = []

    def load(self, box):
        self.loads.append(tuple((part.start, part.stop) for part in box))
        return self.pixels[box].copy()


PLANE = (slice(3, 4), slice(0, 40), slice(0, 40))
PLANE_BYTES = 40 * 40 * 4 + 16 * CHUNK_OVERHEAD


@st.composite
def boxes(draw, shape=(8, 40, 40)):
    """Draw a box of an array."""
    box = []
    for n in shape:
        start = draw(st.integers(0, n - 1))
        box.append(slice(start, draw(st.integers(start + 1, n))))
    return tuple(box)


@given(st.lists(boxes(), max_size=8), st.sampled_from([0, 999, 20_000, 10**6]))
def test_any_reads_give_the_pixels(reads, limit):
    """Any boxes, one after another, hold the right pixels, whatever the limit."""
    source, held = Pixels(), ChunkCache(limit)
    for box in reads:
        assert source.pixels[box].tolist() == held.read(source, box).tolist()
        assert source.pixels[box].tolist() == held.look(source, box).tolist()
        assert held.nbytes <= limit


def test_misses_are_loaded_in_one_batch_and_hits_not_at_all():
    """A plane is one load of whole chunks; any part of it then costs none."""
    source, held = Pixels(), ChunkCache(10**6)
    held.read(source, (slice(3, 4), slice(5, 35), slice(1, 40)))
    held.read(source, PLANE)

    assert [((3, 4), (0, 40), (0, 40))] == source.loads


def test_only_what_is_missing_is_loaded():
    """Moving the view by a chunk loads the chunks that come into it."""
    source, held = Pixels(), ChunkCache(10**6)
    held.read(source, (slice(0, 1), slice(0, 20), slice(0, 20)))
    held.read(source, (slice(0, 1), slice(10, 30), slice(10, 30)))
    inner = ((0, 1), (0, 20), (0, 20))

    assert [inner, ((0, 1), (10, 20), (20, 30)), ((0, 1), (20, 30), (10, 30))] == (
        source.loads
    )


def test_what_is_handed_out_is_the_callers_own():
    """Writing into what was read does not change what is held."""
    source, held = Pixels(), ChunkCache(10**6)
    for _ in range(2):
        held.read(source, PLANE)[...] = 0

    assert source.pixels[PLANE].tolist() == held.read(source, PLANE).tolist()


def test_what_is_only_looked_at_is_not_copied():
    """Where it is just what is held: read-only; parts of that keep nothing alive."""
    source, held = Pixels(), ChunkCache(10**6)
    whole, again = held.look(source, PLANE), held.look(source, PLANE)
    part = held.look(source, (slice(3, 4), slice(0, 40), slice(0, 39)))
    part[:] = 0

    assert whole is again
    assert not whole.flags.writeable
    assert part.base is None
    assert source.pixels[PLANE].tolist() == held.read(source, PLANE).tolist()


def test_layers_of_one_image_share_chunks():
    """Sources of one identity share chunks; others do not."""
    one, same, other = Pixels(), Pixels(), Pixels(identity="other")
    held = ChunkCache(10**6)
    for source in (one, same, other):
        held.read(source, PLANE)

    assert [1, 0, 1] == [len(source.loads) for source in (one, same, other)]


def test_the_longest_unused_goes_first():
    """When it is full, what was not used for longest is let go."""
    source, held = Pixels(), ChunkCache(2 * PLANE_BYTES)
    planes = [(slice(i, i + 1), slice(0, 40), slice(0, 40)) for i in range(3)]
    for i in (0, 1, 0, 2, 0, 1):
        held.read(source, planes[i])

    assert [0, 1, 2, 1] == [load[0][0] for load in source.loads]


def test_small_arrays_are_kept():
    """A coarse level stays when planes of a fine one pass through."""
    fine, coarse = Pixels(), Pixels((1, 5, 5), (1, 5, 5), "coarse")
    held = ChunkCache(2 * PLANE_BYTES)
    for i in range(8):
        held.read(coarse, (slice(0, 1), slice(0, 5), slice(0, 5)))
        held.read(fine, (slice(i, i + 1), slice(0, 40), slice(0, 40)))

    assert 1 == len(coarse.loads)
    assert 8 == len(fine.loads)


def test_small_arrays_do_not_crowd_out_all_else():
    """However many small arrays there are, they take half of the room at most."""
    held = ChunkCache(2 * PLANE_BYTES)
    for i in range(1000):
        small = Pixels((1, 5, 5), (1, 5, 5), i)
        held.read(small, (slice(0, 1), slice(0, 5), slice(0, 5)))
    fine = Pixels()
    held.read(fine, PLANE)
    held.read(fine, PLANE)

    assert 1 == len(fine.loads)


def test_too_large_for_the_cache_goes_past_it():
    """What would fill the cache is read as it is asked for, and not held."""
    source, held = Pixels(), ChunkCache(PLANE_BYTES)
    held.read(source, (slice(3, 4), slice(1, 39), slice(1, 39)))

    assert [((3, 4), (1, 39), (1, 39))] == source.loads
    assert 0 == held.nbytes


def test_a_lower_limit_takes_effect_at_once():
    """Setting the limit lets go what is over it; clearing lets go everything."""
    source, held = Pixels(), ChunkCache(10**6)
    held.read(source, PLANE)
    held.set_limit(10)
    after = held.nbytes
    held.set_limit(10**6)
    held.read(source, PLANE)
    held.clear()

    assert (0, 0) == (after, held.nbytes)
    assert 2 == len(source.loads)


def test_absent_chunks_take_hardly_any_room():
    """A block of one value is held as one value, and read as the block it is."""
    source, held = Pixels(), ChunkCache(10**6)
    source.pixels[3] = 7
    held.read(source, PLANE)
    own = held.read(source, PLANE)
    own[...] = 1

    assert held.nbytes < 16 * CHUNK_OVERHEAD + 100
    assert {7} == set(held.read(source, PLANE).ravel().tolist())


def test_large_reads_are_divided(monkeypatch):
    """No more than a block is loaded at once, so that it can be let go in parts."""
    monkeypatch.setattr(cache, "BLOCK_BYTES", 2 * 40 * 40 * 4)
    source, held = Pixels(), ChunkCache(10**6)
    box = (slice(0, 8), slice(0, 40), slice(0, 40))

    assert source.pixels.tolist() == held.read(source, box).tolist()
    assert [(0, 2), (2, 4), (4, 6), (6, 8)] == [load[0] for load in source.loads]


def test_one_chunk_is_loaded_by_one_thread():
    """Threads that want the same chunks at once wait for one load of each."""

    class Slow(Pixels):
        def load(self, box):
            started.set()
            barrier.wait(10)
            return super().load(box)

    source, held = Slow(), ChunkCache(10**6)
    started, barrier = threading.Event(), threading.Barrier(2)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(held.read, source, PLANE)
        started.wait(10)
        others = [pool.submit(held.read, source, PLANE) for _ in range(5)]
        barrier.wait(10)
        results = [job.result(10) for job in (first, *others)]

    assert 1 == len(source.loads)
    assert all((source.pixels[PLANE] == result).all() for result in results)


def test_many_threads_read_what_they_ask_for():
    """Overlapping reads from many threads are right, and load no chunk twice."""
    source, held = Pixels(), ChunkCache(10**6)
    rng = np.random.default_rng(0)
    corners = rng.integers(0, 20, (200, 2)).tolist()
    wanted = [(slice(0, 8), slice(y, y + 20), slice(x, x + 20)) for y, x in corners]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda box: held.read(source, box), wanted))
    loaded = sum(
        np.prod([stop - start for start, stop in load]) for load in source.loads
    )

    assert all(
        (source.pixels[box] == pixels).all()
        for box, pixels in zip(wanted, found, strict=True)
    )
    assert loaded == source.pixels.size


def test_a_failed_load_is_tried_again_by_whoever_waits():
    """An error reaches the reader that met it; the next one loads for itself."""

    class Flaky(Pixels):
        def load(self, box):
            if not self.loads:
                super().load(box)
                started.set()
                go_on.wait(10)
                message = "lost"
                raise OSError(message)
            return super().load(box)

    source, held = Flaky(), ChunkCache(10**6)
    started, go_on = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(held.read, source, PLANE)
        started.wait(10)
        second = pool.submit(held.read, source, PLANE)
        go_on.set()
        with pytest.raises(OSError, match="lost"):
            first.result(10)

        assert source.pixels[PLANE].tolist() == second.result(10).tolist()


def test_arrays_without_axes():
    """An array without axes is one chunk."""
    source = Pixels((), ())

    assert 0 == ChunkCache(10**6).read(source, ())[()]


def test_the_default_is_a_part_of_the_memory():
    """Unless told otherwise the cache takes at most a quarter of the memory."""
    limit = ChunkCache().limit

    assert 0 < limit <= cache.machine_memory().total // 4


def test_the_limit_of_the_process():
    """The module's function bounds the cache that all arrays use."""
    before = cache.CACHE.limit
    cache.set_limit(12345)
    after = cache.CACHE.limit
    cache.set_limit(before)

    assert 12345 == after
