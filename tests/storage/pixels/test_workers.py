"""Several things are done at once, each of them once, and no failure is lost."""

from __future__ import annotations

import os
import threading
import time

import pytest

from napari_ngff.storage.pixels.workers import WAITING, Workers, one_of_several


@pytest.fixture
def workers():
    """Threads that end with the test."""
    made = Workers()
    yield made
    if made._pool is not None:
        made._pool.shutdown()


@pytest.mark.parametrize("at_once", [1, 2, 8, 100])
@pytest.mark.parametrize("number", [0, 1, 2, 50])
def test_the_order_is_kept(workers, number, at_once):
    """Whoever does it, the answers come in the order of the things."""
    found = workers.each(lambda n: n * n, range(number), at_once=at_once)

    assert [n * n for n in range(number)] == found


def test_they_work_at_once(workers):
    """As many as asked for are at work at the same time, the asker among them."""
    meeting = threading.Barrier(4)
    names = workers.each(
        lambda _: (meeting.wait(10), threading.current_thread())[1],
        range(4),
        at_once=4,
    )

    assert 4 == len(set(names))
    assert threading.current_thread() in names


def test_the_asker_knows_that_it_is_one_of_several(workers):
    """What shares the machine can be told from what has it to itself."""
    here = threading.current_thread()
    alone = workers.each(lambda _: one_of_several(), range(2), at_once=1)
    told = workers.each(
        lambda _: (time.sleep(0.01), threading.current_thread(), one_of_several())[1:],
        range(8),
        at_once=2,
    )

    assert [False, False] == alone
    assert {True} == {several for thread, several in told if thread is here}
    assert not one_of_several()


def test_an_asker_that_is_interrupted_leaves_the_rest(workers):
    """Ctrl-C comes out at once, and what was not begun is left."""
    here = threading.current_thread()
    begun = []

    def work(n):
        begun.append(n)
        time.sleep(0.01)
        if threading.current_thread() is here:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workers.each(work, range(100), at_once=2)
    assert len(begun) < 5
    assert not one_of_several()


def test_an_asker_does_not_wait_for_threads_that_are_busy(workers):
    """Where all threads have other work, whoever asks does it alone."""
    over = threading.Event()
    for _ in range(WAITING):
        workers._started().submit(over.wait, 30)
    found = workers.each(lambda n: n * n, range(20), at_once=4)
    over.set()

    assert [n * n for n in range(20)] == found


@pytest.mark.parametrize(("number", "at_once"), [(1, 8), (8, 1)])
def test_no_thread_for_one_thing(workers, number, at_once):
    """What one can do wakes nobody."""
    found = workers.each(
        lambda _: threading.current_thread(), range(number), at_once=at_once
    )

    assert {threading.current_thread()} == set(found)
    assert workers._pool is None


@pytest.mark.parametrize("bad", [0, 3, 7])
def test_the_first_failure_is_told(workers, bad):
    """A failure comes out, and what was not begun is left."""
    begun = []

    def work(n):
        begun.append(n)
        time.sleep(0.01)
        if n == bad:
            raise ValueError(str(n))

    with pytest.raises(ValueError, match=str(bad)):
        workers.each(work, range(100), at_once=2)
    assert len(begun) < bad + 4


def test_many_ask_at_once(workers):
    """Those who ask share the threads, and nobody waits for ever."""
    found = {}

    def ask(i):
        found[i] = workers.each(lambda n: n + i, range(20), at_once=8)

    asking = [threading.Thread(target=ask, args=(i,)) for i in range(12)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(30)

    assert {i: [n + i for n in range(20)] for i in range(12)} == found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks need POSIX")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_its_own():
    """A child does not wait for threads that stayed with its parent."""
    from napari_ngff.storage.pixels.workers import WORKERS

    WORKERS.each(abs, range(10), at_once=4)
    child = os.fork()
    if not child:
        found = WORKERS.each(abs, range(10), at_once=4)
        os._exit(0 if found == list(range(10)) else 1)
    _, status = os.waitpid(child, 0)

    assert 0 == os.waitstatus_to_exitcode(status)
