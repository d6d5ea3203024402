"""All files of a re-sharded store, put into a folder.

Knows in which order: chunks, what is carried along, and documents, the root's last. How
that folder takes its place is in `dataset.reshard`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Cancelled, CannotSave, StoreChanged
from napari_ngff.dataset.resharding.carrying import carry
from napari_ngff.dataset.resharding.decoding import Decoding
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.resharding.listing import listed
from napari_ngff.storage.resharding.tasks import reshard_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from napari_ngff.dataset.resharding.reshard_plan import ArrayPlan, How, ReshardPlan
    from napari_ngff.dataset.saving.stretch import Stretch
    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pyramids.tasks import Task


def write_store(
    plan: ReshardPlan, root: Path, told: Stretch, scheduler: Any
) -> list[Receipt]:
    """Write chunks, other files and documents, those that make it a store last.

    Parameters
    ----------
    plan
        What is done.
    root
        The staging's folder.
    told
        Is told how far it is; may end it.
    scheduler
        A `dask.distributed` client; None: threads of this process.

    Returns
    -------
    list of Receipt
        One for each file.

    Raises
    ------
    Cancelled
        If `told` said so.
    CannotSave, NgffError, OSError
        If a file cannot be read, or written, or is not what it should be.
    """
    keys = plan.keys
    plan = replace(plan, arrays=tuple(map(_listed, plan.arrays)))
    works = [(array.how, array.work.nbytes) for array in plan.arrays]
    copied = sum(nbytes for how, nbytes in works if how == "copied")
    middle = copied / max(sum(nbytes for _, nbytes in works), 1)
    first, second = told.part(0.0, middle), told.part(middle, 1.0)
    # Every chunk of what is copied is compared with its source once it is there.
    copies = _run(plan, str(root), "copied", first, scheduler)
    made = [replace(receipt, digest=b"") for receipt in copies]
    made += _run(plan, str(root), "decoded", second, scheduler)
    for array in plan.arrays:
        if keys.stamp(array.source.key) != array.source.stamp:
            raise StoreChanged(keys.url, array.node)
    made += carry(plan, keys, root, look=lambda: told(1.0))
    for key, data in reversed(list(plan.documents.items())):
        if data is not None:
            made.append(put(root, key, data))
    return made


def _listed(array: ArrayPlan) -> ArrayPlan:
    """Return an array with which of its files there will be, as far as can be known."""
    work = array.work
    return array if isinstance(work, Decoding) else replace(array, work=listed(work))


def _tasks(plan: ReshardPlan, root: str, how: How) -> Iterator[Task]:
    """Give the tasks of the arrays that are copied, or of those that are decoded."""
    works = [array.work for array in plan.arrays if array.how == how]
    return chain.from_iterable(
        work.tasks(root)
        if isinstance(work, Decoding)
        else reshard_tasks(work, root=root)
        for work in works
    )


def _run(
    plan: ReshardPlan,
    root: str,
    how: How,
    told: Stretch,
    scheduler: Any,
) -> list[Receipt]:
    """Run the tasks of the arrays that are copied, or of those that are decoded."""
    total = sum(array.work.nbytes for array in plan.arrays if array.how == how)
    shown = plain(str(plan.target), limit=1024)
    try:
        return run_all(
            [_tasks(plan, root, how)],
            total=total,
            workers=plan.workers,
            scheduler=scheduler,
            progress=told,
            cancelled=told.cancelled,
        )
    except Cancelled as error:
        raise Cancelled(target=shown) from error
    except Mismatch as error:
        advice = "It was changed meanwhile, or the memory of this computer is broken."
        raise CannotSave(shown, str(error), f"{advice} Try again.") from error


def comment_of(plan: ReshardPlan) -> bytes:
    """Return the comment of an archive (RFC-9); nothing for a folder."""
    if plan.place.container == "directory":
        return b""
    said = {
        "version": plan.version,
        "zipFile": {"centralDirectory": {"jsonFirst": True}},
    }
    return json.dumps({"ome": said}).encode()
