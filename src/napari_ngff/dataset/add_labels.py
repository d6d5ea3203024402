"""Add label images to an image that is there, and touch nothing else of it.

Knows what the specification asks of labels beside their image, and which documents
have to tell of them. The pixels are written as in any save.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import (
    Cancelled,
    CannotSave,
)
from napari_ngff.dataset.painting.label_documents import with_labels
from napari_ngff.dataset.painting.label_target import (
    check_fits,
    check_name,
    label_target,
)
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.saving.options import DEFAULT_OPTIONS
from napari_ngff.dataset.saving.planning import plan_label
from napari_ngff.dataset.saving.pyramids import memory_of_image
from napari_ngff.dataset.saving.stretch import Stretch
from napari_ngff.dataset.write import array_documents, dask_client, tasks_of
from napari_ngff.metadata.writing import losses, write_group
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.commit.amending import Amending
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.places.consolidating import (
    as_bytes,
    read_json,
    repeat,
    repeating,
)
from napari_ngff.storage.places.nodes import key_of
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.pyramids.shares import nbytes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import LabelData
    from napari_ngff.dataset.painting.label_target import LabelTarget
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.save_plan import ImagePlan

_PIXELS = 0.85
"""Fraction of a save that is done when pixels are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was added: the nodes of the label images, and what is not as it was."""

    store: str
    nodes: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def add_labels(
    store: str,
    node: str,
    labels: Sequence[LabelData],
    options: SaveOptions = DEFAULT_OPTIONS,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
    scheduler: Any = None,
) -> Added:
    """Write label images into the ``labels`` of an image.

    Parameters
    ----------
    store, node
        The image, as `ImageData` has them: in a folder.
    labels
        The label images, their pixels the first of their levels: each as long as the
        image along every axis that it has, or 1. They are written in the version of
        the image, with as many levels.
    options
        How chunks, shards, compression, method, check, memory and workers are chosen;
        the rest does not matter.
    progress, cancelled, scheduler
        As of `dataset.write.execute`.

    Raises
    ------
    TargetExists
        If the image has labels of such a name already.
    CannotSave
        If the image is an archive, on the web, of a version that is only read, or the
        labels do not fit it. Nothing was changed.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    NgffError
        What reading the pixels or the image raises.
    """
    target = label_target(store, node)
    names = [check_name(target, label.name) for label in labels]
    if len(set(names)) < len(names):
        raise CannotSave(target.shown, "two of the labels have the same name")
    options = replace(options, version=target.group.dialect)  # type: ignore[arg-type]
    plans, problems = _plans(target, labels, options)
    documents, said = _documents(target, plans, options)
    told = Stretch(progress, cancelled, target=target.shown)
    told(0.0)
    with Amending(
        target.location.url, _folder(target, documents), nbytes=_estimate(plans)
    ) as amending:
        inside = _relative(plans, _folder(target, documents))
        pixels = told.part(0.0, _PIXELS)
        try:
            _write(amending, inside, options, pixels, scheduler)
        except Cancelled as error:
            raise Cancelled(target=target.shown) from error
        except Mismatch as error:
            advice = "The memory of this computer, or a library, is broken. Try again."
            raise CannotSave(target.shown, str(error), advice) from error
        for key, document in documents.items():
            amending.put(key, as_bytes(document))
        end = told.part(_PIXELS, 1.0)
        left = amending.commit(progress=lambda done, total: end(done / total))
    told.end()
    return Added(
        store=target.location.url,
        nodes=tuple(plan.node for plan in plans),
        problems=(*problems, *said, *left),
    )


def _plans(
    target: LabelTarget, labels: Sequence[LabelData], options: SaveOptions
) -> tuple[list[ImagePlan], list[Problem]]:
    """Plan the levels of each label image, or say why that cannot be."""
    plans: list[ImagePlan] = []
    problems: list[Problem] = []
    for label in labels:
        check_fits(target, label)
        planned = plan_label(label, options, node=target.node, levels=target.levels)
        if planned.obstacles or planned.image is None:
            reason = " ".join(problem.message for problem in planned.obstacles)
            raise CannotSave(target.shown, reason)
        plans.append(planned.image)
        problems += planned.problems
    return plans, problems


def _documents(
    target: LabelTarget, plans: Sequence[ImagePlan], options: SaveOptions
) -> tuple[dict[str, Mapping[str, Any]], list[Problem]]:
    """Return all documents that are new or have to tell of the labels."""
    keys = LocalKeys(target.location.url)
    parent = labels_node(target.node)
    found: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for plan in plans:
        found.update(array_documents(plan, options))
        group, version = plan.data.group, options.version
        problems += losses(group, version, node=plan.node)
        attributes = write_group(group, version, node=plan.node)
        found.update(_group(plan.node, attributes, target.format))
    names = [plan.node.removeprefix(f"{parent}/") for plan in plans]
    key = key_of(parent, ".zattrs" if target.format == 2 else "zarr.json")
    old = read_json(keys, key, LIMITS) or {}
    before = old if target.format == 2 else old.get("attributes", {})
    new = with_labels(before, names, options.version)
    if target.format == 2:
        found.update(_group(parent, new, target.format))
    else:
        kind = {"zarr_format": 3, "node_type": "group"}
        found[key] = {**kind, **old, "attributes": new}
    return repeat(repeating(keys, parent, LIMITS), found), problems


def _group(
    node: str, attributes: Mapping[str, Any], zarr_format: int
) -> dict[str, Mapping[str, Any]]:
    """Return the documents of a group."""
    if zarr_format == 2:
        zattrs, zgroup = key_of(node, ".zattrs"), key_of(node, ".zgroup")
        return {zattrs: attributes, zgroup: {"zarr_format": 2}}
    group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    return {key_of(node, "zarr.json"): group}


def _folder(target: LabelTarget, documents: Mapping[str, Any]) -> str:
    """Return the smallest group that takes in the labels and all documents."""
    nodes = [key.rpartition("/")[0] for key in documents]
    return min([labels_node(target.node), *nodes], key=len)


def _relative(plans: Sequence[ImagePlan], folder: str) -> list[ImagePlan]:
    """Return plans whose nodes are counted from the folder that is staged."""
    start = f"{folder}/" if folder else ""
    return [replace(plan, node=plan.node.removeprefix(start)) for plan in plans]


def _estimate(plans: Sequence[ImagePlan]) -> int:
    return sum(sum(nbytes_of(plan.pyramid)) for plan in plans)


def _write(
    amending: Amending,
    plans: Sequence[ImagePlan],
    options: SaveOptions,
    told: Stretch,
    scheduler: Any,
) -> None:
    """Write the pixels."""
    each: Iterator[Any] = (tasks_of(plan, options, amending.root) for plan in plans)
    stages = zip_longest(*each, fillvalue=())
    receipts = run_all(
        [chain.from_iterable(stage) for stage in stages],
        total=_estimate(plans),
        workers=_workers(plans, options),
        scheduler=scheduler or dask_client(),
        progress=told,
        cancelled=told.cancelled,
    )
    amending.add(receipts)


def _workers(plans: Sequence[ImagePlan], options: SaveOptions) -> int:
    one = max(memory_of_image(plan, 1) for plan in plans)
    return options.workers or max(1, min(os.cpu_count() or 1, options.memory // one))
