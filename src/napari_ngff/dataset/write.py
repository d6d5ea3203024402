"""Carry out a plan: the only way in which images come into being.

Knows in which order things are done, so that at no moment anything is lost: stage,
pixels, metadata, verify, then the exchange. How each is done is in `storage`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.dataset.plan import SavePlan


def execute(
    plan: SavePlan,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    scheduler: object = None,
) -> tuple[Path, ...]:
    """Write what is planned.

    Parameters
    ----------
    plan
        From `make_plan`.
    progress
        Is called with the fraction that is done, from 0 to 1, never less than before.
    cancelled
        Is asked often; once it says so, the save ends without a trace.
    scheduler
        A `dask.distributed` client on whose workers the tasks run; None: the client
        of this process where there is one, else a pool of threads.

    Returns
    -------
    tuple of Path
        The stores, in the order of the plan.

    Raises
    ------
    WouldLose
        If the plan has problems that its options do not allow. Nothing was written.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    CannotSave
        If it is not possible; the target is as it was.
    """
    raise NotImplementedError
