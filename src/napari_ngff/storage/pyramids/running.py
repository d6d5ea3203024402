"""Running tasks: on threads of this process, or on a dask cluster; never too many.

Knows when to stop: at the first error, and when the user says so. Returns only after
all tasks have ended, so that nothing is written afterwards.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from napari_ngff.core.problems import Cancelled
from napari_ngff.storage.pyramids.shares import THREADS_PER_TASK
from napari_ngff.storage.pyramids.tasks import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from napari_ngff.storage.chunks.encoding import Each
    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pyramids.tasks import Task

Begin: TypeAlias = "Callable[[Iterable[Task], int, Watch, Any], Iterator[Receipt]]"

_LOOK_EVERY = 0.1
"""Seconds between looks at how far the tasks are and whether to stop."""


def run_all(
    stages: Sequence[Iterable[Task]],
    *,
    total: int,
    workers: int,
    scheduler: Any = None,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Receipt]:
    """Run tasks, stage after stage.

    Parameters
    ----------
    stages
        Tasks of a stage need what those of the one before have written.
    total
        Bytes of pixels of all levels that are written, for the progress.
    workers
        How many tasks run at a time; all processors share their work.
    scheduler
        A `dask.distributed` client; None: threads of this process.
    progress
        Is told the fraction that is done, from 0 to 1, never less than before; from
        the thread that called this function.
    cancelled
        Is asked often, from that thread.

    Raises
    ------
    Cancelled
        If `cancelled` said so; its target is empty: the caller knows it.
    Exception
        What the first task that failed raised.
    """
    begin: Begin = _run_on_threads
    if scheduler is not None:
        from napari_ngff.storage.pyramids.cluster import run_on_cluster as begin
    watch = Watch(total, progress, cancelled)
    receipts: list[Receipt] = []
    for tasks in stages:
        receipts.extend(begin(tasks, workers, watch, scheduler))
    watch.look()
    return receipts


class Watch:
    """How far the tasks are, and whether they should go on.

    Parameters
    ----------
    total, progress, cancelled
        See `run_all`.
    """

    def __init__(
        self,
        total: int,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._total = max(total, 1)
        self._progress = progress
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._done = 0
        self._told = -1.0
        self.stop = threading.Event()

    def tick(self, nbytes: int) -> None:
        """Count what is done; end the task that calls it once all are to stop."""
        with self._lock:
            self._done += nbytes
        if self.stop.is_set():
            raise Cancelled(target="")

    def look(self) -> None:
        """Tell how far it is; raise `Cancelled` if the user wants no more."""
        fraction = min(self._done / self._total, 1.0)
        if fraction > self._told:
            self._told = fraction
            self._progress(fraction)
        if self._cancelled():
            raise Cancelled(target="")


def _run_on_threads(
    tasks: Iterable[Task], workers: int, watch: Watch, scheduler: object
) -> Iterator[Receipt]:
    """Run the tasks of one stage; give their receipts as they come."""
    waiting = iter(tasks)
    running: set[Future[tuple[Receipt, ...]]] = set()
    pool = ThreadPoolExecutor(workers, "napari-ngff-save")
    with _shared(workers) as (each, cut), pool:
        try:
            while True:
                for task in islice(waiting, workers - len(running)):
                    running.add(pool.submit(run, task, watch.tick, each, cut))
                if not running:
                    return
                done, running = wait(running, _LOOK_EVERY, FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
                watch.look()
        except BaseException:
            watch.stop.set()
            raise


@contextmanager
def _shared(workers: int) -> Iterator[tuple[Each, Each]]:
    """Give what applies a function to chunks, and to pieces of what is read; see `run`.

    Chunks are shared also where there are no more processors than tasks: one that waits
    for the disk, or is the last of its stage, leaves its processor to the chunks of the
    others. To read in pieces costs a copy, which only idle processors make up for.
    """
    processors = _processors()
    if processors == 1:
        yield map, map
        return
    threads = min(processors, THREADS_PER_TASK * workers)
    with ThreadPoolExecutor(threads, "napari-ngff-encode") as pool:
        yield pool.map, pool.map if processors > workers else map


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
