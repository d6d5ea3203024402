"""Carry out a plan: the only way in which images come into being.

Knows in which order things are done, so that at no moment anything is lost: stage,
pixels, metadata, verify, and then the one step that puts all in place. How each is
done is in `storage`.

No consolidated metadata is written: no version of the specification speaks of it, it
is a second truth that goes stale, and readers find a level in one request without it.
"""

from __future__ import annotations

import json
import sys
import warnings
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import (
    Cancelled,
    CannotSave,
    TargetExists,
    WouldLose,
)
from napari_ngff.dataset.saving.estimate import bytes_on_disk
from napari_ngff.dataset.saving.save_plan import all_images
from napari_ngff.dataset.saving.showing import measured
from napari_ngff.dataset.saving.stretch import Stretch
from napari_ngff.metadata.axes import indices_of
from napari_ngff.metadata.writing import write_group
from napari_ngff.storage.chunks.array_documents import array_document
from napari_ngff.storage.chunks.compression import DEFAULT_COMPRESSION
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.replacing import Replace
from napari_ngff.storage.commit.several import put_all
from napari_ngff.storage.commit.tree import stage
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.places.consolidating import in_utf8
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.pyramids.shares import nbytes_of
from napari_ngff.storage.pyramids.sources_in import source_of
from napari_ngff.storage.pyramids.tasks import copy_tasks, pixel_tasks
from napari_ngff.storage.pyramids.written import WrittenSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.save_plan import ImagePlan, SavePlan, StorePlan
    from napari_ngff.storage.commit.tree import Staging
    from napari_ngff.storage.pyramids.tasks import Task

_MEASURED_BYTES = 2**26
"""A coarsest level that is larger is not read again for its contrast limits."""
_PIXELS, _VERIFIED = 0.9, 0.98
"""Fractions of a save that are done when pixels are written, and when verified."""


def execute(
    plan: SavePlan,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    scheduler: Any = None,
) -> tuple[Path, ...]:
    """Write what is planned.

    All stores are staged, verified and durable before the first one is put in place.

    Parameters
    ----------
    plan
        From `make_plan`.
    progress
        Is called with the fraction that is done, from 0 to 1, never less than before,
        by the thread that called this function.
    cancelled
        Is asked often, by that thread; once it says so, the save ends without a trace.
    scheduler
        A `dask.distributed` client on whose workers the tasks run; None: the client
        of this process where there is one, else a pool of threads.

    Returns
    -------
    tuple of Path
        The stores, in the order of the plan. What could not be tidied up, such as an
        old image that may not be deleted, is told by a warning.

    Raises
    ------
    WouldLose
        If something would be lost and the options forbid that. Nothing was written.
    TargetExists
        If there is something that may not be replaced.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    CannotSave
        If it is not possible, or a file is not as it was written; the target is as it
        was.
    PartlySaved
        If one of several stores could not be put in place, and others were before.
    NgffError
        What reading the pixels raises; the target is as it was.
    """
    check(plan)
    told = Stretch(progress, cancelled, target=_shown(plan.stores[0]))
    told(0.0)
    shares = [sum(_nbytes(store)) for store in plan.stores]
    with ExitStack() as stack:
        stagings = [stack.enter_context(_stage(plan, store)) for store in plan.stores]
        start, whole, written = 0.0, max(sum(shares), 1), []
        pairs = list(zip(plan.stores, stagings, strict=True))
        for (store, staging), share in zip(pairs, shares, strict=True):
            part = told.part(start, start + _VERIFIED * share / whole)
            written.append(
                _fill(plan, store, staging, part, scheduler or dask_client())
            )
            start += _VERIFIED * share / whole
        packed = told.part(_VERIFIED, 1.0)
        for index, (store, staging) in enumerate(pairs):
            part = packed.part(index / len(pairs), (index + 1) / len(pairs))
            total = max(sum(_nbytes(store)), 1)
            staging.make_ready(
                comment=_comment(store, plan.options), progress=part.counter(total)
            )
        for problem in put_all([(s.target, staging) for s, staging in pairs]):
            warnings.warn(problem.message, stacklevel=2)
    told.end()
    return tuple(store.target for store in plan.stores)


def check(plan: SavePlan) -> None:
    """Raise if a plan may not be carried out; nothing is written before this is sure.

    Raises
    ------
    TargetExists, WouldLose, CannotSave
        See `execute`.
    """
    target = _shown(plan.stores[0]) if plan.stores else ""
    if any(problem.kind == "address" for problem in plan.obstacles):
        target = "there"  # it may have a password in it
    if plan.obstacles:
        reason = " ".join(_told(plan.obstacles))
        foreign = tuple(key for store in plan.stores for key in store.foreign)
        if any(p.kind in ("target", "target-taken") for p in plan.obstacles):
            raise TargetExists(target, reason, files=foreign)
        raise CannotSave(target, reason)
    if plan.losses and plan.options.on_loss == "raise":
        reason = "Something would be lost: " + " ".join(_told(plan.losses))
        raise WouldLose(target, reason, problems=plan.losses)


def _told(problems: Iterable[Problem]) -> Iterator[str]:
    for problem in dict.fromkeys(problems):
        where = f"{plain(problem.node)}: " if problem.node else ""
        yield where + problem.message


def _shown(store: StorePlan) -> str:
    return plain(str(store.target), limit=1024)


def _nbytes(store: StorePlan) -> Iterator[int]:
    return (sum(nbytes_of(image.pyramid)) for image in all_images(store))


def _stage(plan: SavePlan, store: StorePlan) -> Staging:
    allowed = store.replaced
    return stage(
        store.target,
        replace=None if allowed is None else Replace(allowed=allowed, seen=store.seen),
        container=store.container,
        nbytes=bytes_on_disk(plan, store),
    )


def _fill(
    plan: SavePlan, store: StorePlan, staging: Staging, told: Stretch, scheduler: Any
) -> int:
    """Write pixels, then metadata, then verify; return how many bytes there are."""
    pixels = told.part(0.0, _PIXELS)
    try:
        receipts = run_all(
            _tasks(plan, store, str(staging.root)),
            total=sum(_nbytes(store)),
            workers=plan.workers,
            scheduler=scheduler,
            progress=pixels,
            cancelled=told.cancelled,
        )
    except Cancelled as error:
        raise Cancelled(target=_shown(store)) from error
    except Mismatch as error:
        advice = "The memory of this computer, or a library, is broken. Try again."
        raise CannotSave(_shown(store), str(error), advice) from error
    for image in all_images(store):
        for level in image.stored:
            level.confirm()
    seen = replace(store, groups=_measured(plan, store, str(staging.root)))
    for key, data in _documents(seen, plan.options):
        receipts.append(put(staging.root, key, data))
    written = max(sum(receipt.nbytes for receipt in receipts), 1)
    staging.verify(
        receipts,
        progress=told.part(_PIXELS, 1.0).counter(written),
        workers=plan.workers,
    )
    return written


def _tasks(plan: SavePlan, store: StorePlan, root: str) -> list[Iterator[Task]]:
    """Return the tasks of all images, stage by stage."""
    each = [tasks_of(image, plan.options, root) for image in all_images(store)]
    return [chain.from_iterable(stage) for stage in zip_longest(*each, fillvalue=())]


def tasks_of(
    image: ImagePlan, options: SaveOptions, root: str
) -> tuple[Iterator[Task], ...]:
    """Return the tasks that write the pixels of an image, stage by stage."""
    if image.stored:
        return (_copies(image, options, root),)
    return pixel_tasks(
        image.pyramid,
        source_of(image.data.levels[0]),
        root=root,
        nodes=_level_nodes(image),
        layouts=image.layouts,
        check=options.check,
    )


def _copies(image: ImagePlan, options: SaveOptions, root: str) -> Iterator[Task]:
    nodes = _level_nodes(image)
    for stored, node, layout in zip(image.stored, nodes, image.layouts, strict=True):
        yield from copy_tasks(
            stored.keys,
            stored.node,
            layout,
            root=root,
            node=node,
            check=options.check,
        )


def _level_nodes(image: ImagePlan) -> tuple[str, ...]:
    prefix = f"{image.node}/" if image.node else ""
    return tuple(prefix + level.path for level in image.data.multiscale.levels)


def _measured(
    plan: SavePlan, store: StorePlan, root: str
) -> Mapping[str, Mapping[str, object]]:
    """Return the groups' attributes with contrast limits from the coarsest levels."""
    groups = dict(store.groups)
    for image in all_images(store):
        if not image.unseen or nbytes_of(image.pyramid)[-1] > _MEASURED_BYTES:
            continue
        coarsest = WrittenSource(root, _level_nodes(image)[-1], image.layouts[-1])
        [axis] = indices_of(image.data.multiscale.axes, "channel")[:1] or (None,)
        group = measured(image.data.group, image.unseen, LazyArray(coarsest), axis)
        groups[image.node] = write_group(group, plan.options.version, node=image.node)
    return groups


def _documents(store: StorePlan, options: SaveOptions) -> Iterator[tuple[str, bytes]]:
    """Give the key and text of every document; what makes it a store comes last."""
    for image in all_images(store):
        for key, document in array_documents(image, options):
            yield key, _text(document)
    yield from store.files.items()
    for node in sorted(store.groups, reverse=True):
        prefix = f"{node}/" if node else ""
        attributes = store.groups[node]
        if options.version == "0.4":
            yield f"{prefix}.zattrs", _text(attributes)
            yield f"{prefix}.zgroup", _text({"zarr_format": 2})
        else:
            group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
            yield f"{prefix}zarr.json", _text(group)


def array_documents(
    image: ImagePlan, options: SaveOptions
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give the key and the document of each array of an image."""
    names = [axis.name for axis in image.data.multiscale.axes]
    levels = zip(_level_nodes(image), image.pyramid.levels, image.layouts, strict=True)
    for node, level, layout in levels:
        document = array_document(
            level,
            image.pyramid.dtype,
            zarr_format=layout.zarr_format,
            compression=options.compression or DEFAULT_COMPRESSION,
            dimension_names=names,
        )
        yield f"{node}/{layout.document_name}", document


def _text(document: Mapping[str, object]) -> bytes:
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return in_utf8(text)


def _comment(store: StorePlan, options: SaveOptions) -> bytes:
    """Return the comment of an archive (RFC-9); nothing for a folder."""
    if store.container == "directory":
        return b""
    said = {
        "version": options.version,
        "zipFile": {"centralDirectory": {"jsonFirst": True}},
    }
    return json.dumps({"ome": said}).encode()


def dask_client() -> Any:
    """Return the dask client of this process, if there is one."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None
