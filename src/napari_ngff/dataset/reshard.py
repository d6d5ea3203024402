"""Chunks into other files without decoding them: the public verb ``reshard``.

Knows in which order things are done, so that at no moment anything is lost; how a store
is planned is in `dataset.resharding`, how bytes are copied in `storage.resharding`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import (
    CannotSave,
    TargetExists,
)
from napari_ngff.dataset.resharding.options import ReshardOptions
from napari_ngff.dataset.resharding.plan_text import told
from napari_ngff.dataset.resharding.planning import make_plan
from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
from napari_ngff.dataset.resharding.writing import comment_of, write_store
from napari_ngff.dataset.saving.options import MEMORY
from napari_ngff.dataset.saving.stretch import Stretch
from napari_ngff.dataset.write import dask_client
from napari_ngff.storage.chunks.compression import Compression, compression_of
from napari_ngff.storage.commit.replacing import Replace
from napari_ngff.storage.commit.several import put_all
from napari_ngff.storage.commit.tree import stage
from napari_ngff.storage.inspecting.budget import Watch

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from napari_ngff.dataset.resharding.options import ShardWish
    from napari_ngff.storage.chunks.ordering import ChunkOrder
    from napari_ngff.storage.resharding.documents import IndexLocation

__all__ = ["ReshardOptions", "ReshardPlan", "execute", "plan_reshard", "reshard"]

_PLANNED = 0.1
_WRITTEN, _VERIFIED = 0.9, 0.98
"""Fractions that are done when all is planned, written, and verified."""


def reshard(
    path: str | os.PathLike[str],
    target: str | os.PathLike[str] | None = None,
    *,
    shard: ShardWish = "same",
    chunk: Mapping[str, int] | None = None,
    compression: Compression | str | None = None,
    order: ChunkOrder = "morton",
    index: IndexLocation = "end",
    overwrite: bool = False,
    dry_run: bool = False,
    memory: int = MEMORY,
    workers: int | None = None,
    scheduler: Any = None,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    limits: Limits = LIMITS,
) -> ReshardPlan:
    """Put the chunks of a store into other files, byte for byte, without decoding them.

    All levels of all images and labels in it, and plates and series as a whole. A store
    of Zarr format 2 becomes OME-Zarr 0.5 on the way; the metadata of one of format 3
    keep their bytes. Every chunk that was written is compared with its source.

    Parameters
    ----------
    path
        A store: a folder, a .zip or .ozx file, an address. Or a group in a folder, if
        it goes to a new place.
    target
        Where to; with ``.ozx`` at its end it becomes a single file. None: in place of
        the store itself, all of it and in one step, once everything is written.
    shard
        Length of a shard in pixels by axis name, such as ``{"z": 64, "y": 1024}``; one
        chunk along the other axes. It is rounded up to whole chunks; coarse levels get
        what fits them. ``"none"``: a file per chunk. ``"same"``: as it is.
    chunk, compression
        Other chunks by axis name, or another compression (``"zstd:3"``): then all has
        to be decoded and encoded, and the plan says so.
    order
        Of the chunks in a shard: ``"morton"``, along a Z; or ``"C"``.
    index
        Where in a shard its index is: at the ``"end"`` or the ``"start"``.
    overwrite
        Whether an OME-Zarr image at `target` may be replaced; nothing else ever is.
    dry_run
        Only say what would be done. Obstacles are in what is returned.
    memory
        Bytes that decoding may take.
    workers
        How many tasks at a time; None: as many as there are processors.
    scheduler
        A `dask.distributed` client; None: that of this process, or else threads.
    progress
        Is told the fraction that is done, from 0 to 1.
    cancelled
        Is asked often; once it says so, all ends without a trace.
    limits
        Bounds on what the files may ask for.

    Returns
    -------
    ReshardPlan
        What was done, or would be: files and bytes before and after.

    Raises
    ------
    ValueError
        If an option makes no sense.
    CannotOpen, NotOmeZarr
        If nothing at `path` can be opened.
    TargetExists, CannotSave
        If it is not possible; nothing was changed.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    NgffError
        What reading the store raises. Nothing was changed.
    """
    if isinstance(compression, str):
        compression = compression_of(compression)
    options = ReshardOptions(
        shard=shard,
        chunk=chunk or {},
        compression=compression,
        order=order,
        index=index,
        existing="replace" if overwrite else "refuse",
        memory=memory,
        workers=workers,
    )
    plan = plan_reshard(
        path,
        target,
        options,
        progress=lambda fraction: progress(fraction * (1 if dry_run else _PLANNED)),
        cancelled=cancelled,
        limits=limits,
    )
    if dry_run:
        return plan
    return execute(
        plan,
        progress=lambda fraction: progress(_PLANNED + (1 - _PLANNED) * fraction),
        cancelled=cancelled,
        scheduler=scheduler,
    )


def plan_reshard(
    path: str | os.PathLike[str],
    target: str | os.PathLike[str] | None = None,
    options: ReshardOptions | None = None,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    limits: Limits = LIMITS,
) -> ReshardPlan:
    """Say what `reshard` will do; nothing is changed.

    The index of each shard is read once, to count files and bytes.

    Parameters
    ----------
    path, target, progress, cancelled, limits
        See `reshard`.
    options
        What is wished.

    Raises
    ------
    CannotOpen, NotOmeZarr, NgffError
        If nothing there can be read.
    Cancelled
        If `cancelled` said so.
    """
    watch = Watch(progress=progress, cancelled=cancelled)
    chosen = options or ReshardOptions()
    return make_plan(path, target, chosen, watch=watch, limits=limits)


def execute(
    plan: ReshardPlan,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    scheduler: Any = None,
) -> ReshardPlan:
    """Carry out a plan.

    Parameters
    ----------
    plan
        From `plan_reshard`.
    progress, cancelled, scheduler
        See `reshard`; `progress` and `cancelled` are called by the thread that called
        this function.

    Returns
    -------
    ReshardPlan
        The same, with what could not be tidied up afterwards among its problems.

    Raises
    ------
    TargetExists, CannotSave, Cancelled, NgffError
        See `reshard`. The store and what is at the target are as they were.
    """
    check(plan)
    shown = plain(str(plan.target), limit=1024)
    whole = Stretch(progress, cancelled, target=shown)
    whole(0.0)
    place = plan.place
    allowed = place.allowed
    staging = stage(
        plan.target,
        replace=None if allowed is None else Replace(allowed=allowed, seen=place.seen),
        container=place.container,
        nbytes=plan.after.nbytes or plan.before.nbytes or 0,
    )
    with staging:
        receipts = write_store(
            plan,
            staging.root,
            whole.part(0.0, _WRITTEN),
            scheduler or dask_client(),
        )
        nbytes = max(sum(receipt.nbytes for receipt in receipts), 1)
        verified = whole.part(_WRITTEN, _VERIFIED).counter(nbytes)
        staging.verify(receipts, progress=verified, workers=plan.workers)
        packed = whole.part(_VERIFIED, 1.0).counter(nbytes)
        staging.make_ready(comment=comment_of(plan), progress=packed)
        left = put_all([(plan.target, staging)])
    whole.end()
    return replace(plan, problems=(*plan.problems, *left))


def check(plan: ReshardPlan) -> None:
    """Raise if a plan may not be carried out.

    Raises
    ------
    TargetExists, CannotSave
        See `reshard`.
    """
    if not plan.obstacles:
        return
    reason = " ".join(dict.fromkeys(map(told, plan.obstacles)))
    address = any(problem.kind == "address" for problem in plan.obstacles)
    shown = "there" if address else plain(str(plan.target), limit=1024)
    if any(problem.kind in ("target", "target-taken") for problem in plan.obstacles):
        raise TargetExists(shown, reason, files=plan.place.foreign)
    raise CannotSave(shown, reason)
