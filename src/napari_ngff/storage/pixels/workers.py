"""Doing the same with several things at once, by threads that the process keeps.

Knows threads; does not know chunks. No thread is woken for one thing. Whoever asks for
more does some of them: that is one thread less to wake, and one that is awake already.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    In = TypeVar("In")
    Out = TypeVar("Out")

WAITING: Final = 8
"""How many are at work at once where most of it is waiting for others."""

CORES: Final = min(os.cpu_count() or 1, WAITING)
"""How many are at work at once where the machine itself has the work."""


_here = threading.local()


def one_of_several() -> bool:
    """Tell if what this thread does is one of several things that it asked for."""
    return getattr(_here, "several", False)


class Workers:
    """Threads of the process, started when they are first needed."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, lock included; for a process that was just forked."""
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def each(
        self, work: Callable[[In], Out], things: Sequence[In], *, at_once: int
    ) -> list[Out]:
        """Return what `work` returns of each thing, in their order.

        Parameters
        ----------
        work
            What is done; it must not call this method.
        things
            What it is done with.
        at_once
            How many at once, this thread among them.

        Raises
        ------
        Exception
            What `work` raised first, once all others have ended; what was not begun
            by then is left.
        """
        workers = min(at_once, len(things))
        if workers < 2:
            return [work(thing) for thing in things]
        done: dict[int, Out] = {}
        todo = deque(enumerate(things))

        def drain() -> None:
            while todo:
                try:
                    i, thing = todo.popleft()
                except IndexError:
                    return  # another one was faster
                try:
                    done[i] = work(thing)
                except BaseException:
                    todo.clear()
                    raise

        helping = [self._started().submit(drain) for _ in range(workers - 1)]
        failures: list[BaseException | None] = []
        _here.several = True
        try:
            drain()
        except Exception as error:  # noqa: BLE001  (raised below, when all have ended)
            failures.append(error)
        finally:
            _here.several = False
            todo.clear()  # where this thread was told to stop
        failures += [helper.exception() for helper in helping if not helper.cancel()]
        for failure in failures:
            if failure is not None:
                raise failure
        return [done[i] for i in range(len(things))]

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(WAITING, "napari-ngff-chunks")
            return self._pool


WORKERS = Workers()
"""Those of the process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WORKERS.forget)
