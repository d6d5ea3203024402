"""Running tasks: on threads of this process, or on a dask cluster; never too many.

Knows when to stop: at the first error, and when the user says so. Returns only after
all tasks have ended, so that nothing is written afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.tasks import Task


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
        How many tasks run at a time.
    scheduler
        A `dask.distributed` client; None: threads of this process.
    progress
        Is told the fraction that is done, from 0 to 1, never less than before; from
        the thread that called this function.
    cancelled
        Is asked often.

    Raises
    ------
    Cancelled
        If `cancelled` said so; its target is empty: the caller knows it.
    Exception
        What the first task that failed raised.
    """
    raise NotImplementedError
