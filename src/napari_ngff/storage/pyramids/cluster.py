"""Running tasks on a dask cluster: the same tasks, on its workers.

Knows a `distributed.Client`, which it is given. Every worker must see the folder that
is written into and the store that is read from; arrays in memory are sent there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from napari_ngff.storage.pixels.source import NumpySource
from napari_ngff.storage.pyramids.sources_in import DaskSource
from napari_ngff.storage.pyramids.tasks import PixelTask, run, run_on, without_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pyramids.running import Watch
    from napari_ngff.storage.pyramids.tasks import Task

_LOOK_EVERY = 0.2
"""Seconds between looks at which tasks are done and whether to stop."""


def run_on_cluster(
    tasks: Iterable[Task], workers: int, watch: Watch, client: Any
) -> Iterator[Receipt]:
    """Run the tasks of one stage; give their receipts as they come.

    Parameters
    ----------
    tasks, workers, watch
        See `running.run_all`.
    client
        A `distributed.Client`.
    """
    waiting = iter(tasks)
    running: dict[Any, int] = {}
    try:
        while True:
            for task in islice(waiting, workers - len(running)):
                running[_submitted(client, task)] = task.nbytes
            if not running:
                return
            for future in _ended(client, running, "FIRST_COMPLETED", _LOOK_EVERY):
                nbytes = running.pop(future)
                yield from future.result()
                watch.tick(nbytes)
            watch.look()
    except BaseException:
        # One that is cancelled on a worker would go on there, and write, unseen.
        _ended(client, running, "ALL_COMPLETED", None)
        raise


def _submitted(client: Any, task: Task) -> Any:
    """Let a worker run a task; send it no more of the source than the task reads."""
    if not isinstance(task, PixelTask):
        return client.submit(run, task, pure=False)
    if isinstance(task.source, DaskSource):
        pixels = client.compute(task.source.array[task.box])
        return client.submit(run_on, pixels, without_source(task), pure=False)
    if isinstance(task.source, NumpySource):
        pixels = task.source.array[task.box].copy()
        box = tuple(slice(0, n) for n in pixels.shape)
        task = replace(task, source=NumpySource(pixels), box=box)
    return client.submit(run, task, pure=False)


def _ended(
    client: Any, futures: Iterable[Any], when: str, timeout: float | None
) -> list[Any]:
    """Return those that have ended, well or not, after waiting for the first or all."""
    from distributed import wait

    given = list(futures)
    if not given:
        return []
    with client.as_current(), suppress(TimeoutError):
        wait(given, timeout=timeout, return_when=when)
    return [future for future in given if future.done()]
