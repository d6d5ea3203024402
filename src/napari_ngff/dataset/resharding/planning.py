"""What a re-sharding will do, before it does it.

Knows the parts beside it and puts them together. Reads metadata, and the indices of all
shards to count files and bytes; changes nothing.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.reading.reading import bounded, note
from napari_ngff.dataset.resharding.arrays import ArrayPlanner
from napari_ngff.dataset.resharding.decoding import Decoding
from napari_ngff.dataset.resharding.documents import VERSION, documents_of, is_older
from napari_ngff.dataset.resharding.finding import find
from napari_ngff.dataset.resharding.hierarchy import hierarchy_of, is_listed
from napari_ngff.dataset.resharding.placing import in_place, new_place
from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
from napari_ngff.metadata.versions import VERSIONS, dialect, read_group
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import Location, open_location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.resharding.finding import Found
    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.dataset.resharding.reshard_plan import ArrayPlan
    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy
    from napari_ngff.storage.inspecting.budget import Watch

#: What a task that copies holds at once, at most, in bytes.
_COPYING = 2**26
#: So many tasks that copy run at a time, if there are no more processors.
_WAITING = 4


def make_plan(
    path: str | os.PathLike[str],
    target: str | os.PathLike[str] | None,
    options: ReshardOptions,
    *,
    watch: Watch,
    limits: Limits,
) -> ReshardPlan:
    """Plan a re-sharding; see `dataset.reshard.plan_reshard`."""
    location = _part(open_location(path, limits=limits), target is None)
    hierarchy = hierarchy_of(location)
    found = find(hierarchy, limits)
    planner = ArrayPlanner(location=location, options=options)
    arrays: dict[str, ArrayPlan] = {}
    for done, each in enumerate(found):
        planned = planner.plan(each, watch.part(done, len(found)))
        if planned is not None:
            arrays[each.node.path] = planned
    watch.look(1, 1)
    where = new_place(target, options.existing, location.keys) if target else None
    place = where or in_place(location.keys)
    said = tuple(_unknown_axes(found, options)) + tuple(planner.problems)
    errors = tuple(problem for problem in said if problem.level == "error")
    documents = {} if errors else documents_of(hierarchy, arrays, limits)
    was = version_of(hierarchy)
    plan = ReshardPlan(
        source=location.url,
        node=location.node,
        target=place.target,
        where="new" if target else "in-place",
        options=options,
        was=was,
        version=VERSION if was and is_older(hierarchy) else was,
        arrays=tuple(arrays.values()),
        documents=documents,
        keys=location.keys,
        place=place,
        obstacles=bounded(
            (*place.obstacles, *_nothing(found), *errors, *hierarchy.obstacles), limits
        ),
        problems=bounded(
            (
                *(p for p in said if p.level != "error"),
                *_unlisted(location),
                *place.problems,
            ),
            limits,
        ),
    )
    return _sized(plan)


def _part(location: Location, whole: bool) -> Location:
    """Return what is re-sharded: what was asked for, or all of the store around it."""
    if not location.node or whole:
        return Location(location.keys, "", limits=location.limits)
    if not isinstance(location.keys, LocalKeys):
        advice = "Give the address of the store, all of which is re-sharded."
        reason = f"{plain(location.node)!r} is a part of a store that is no folder"
        raise CannotOpen(plain(location.url, limit=1024), f"{reason}. {advice}")
    folder = os.path.join(location.keys.url, *location.node.split("/"))
    return Location(LocalKeys(folder), "", limits=location.limits)


def _unlisted(location: Location) -> Iterator[Problem]:
    if not is_listed(location):
        text = "What is in it cannot be listed: what its images and labels name is "
        yield note("info", "not-listed", f"{text}taken, and no other file")


def _nothing(found: Sequence[Found]) -> Iterator[Problem]:
    if not found:
        yield note("error", "nothing", "There is no array in it")


def _unknown_axes(found: Sequence[Found], options: ReshardOptions) -> Iterator[Problem]:
    """Tell of names among the wishes that no array has."""
    known = dict.fromkeys(name for each in found for name in each.axes)
    asked = dict(options.chunk)
    if not isinstance(options.shard, str):
        asked |= options.shard
    for name in asked:
        if name not in known:
            text = f"There is no axis '{plain(name)}': the axes are {', '.join(known)}"
            yield note("error", "axes", text)


def version_of(hierarchy: Hierarchy) -> str:
    """Return the version of the first group that has one; empty: none says it."""
    for node in hierarchy.nodes.values():
        if node.kind == "group":
            body, _ = dialect.split(node.attributes)
            if dialect.has_blocks(body):
                group = read_group(node.attributes, zarr_format=node.zarr_format)
                return group.dialect if group.dialect in VERSIONS else ""
    return ""


def _sized(plan: ReshardPlan) -> ReshardPlan:
    """Return a plan with how many tasks run at a time, and what they hold."""
    decodings = [a.work for a in plan.arrays if isinstance(a.work, Decoding)]
    waiting = 1 if decodings else _WAITING  # copying mostly waits for the disk
    workers = plan.options.workers or max(waiting, _processors())
    while workers > 1 and _memory(decodings, workers) > plan.options.memory:
        workers -= 1
    memory = _memory(decodings, workers)
    problems = plan.problems
    if decodings and memory > plan.options.memory:
        text = f"Decoding takes about {memory / 1e6:.0f} MB of memory. Choose smaller "
        problems += (note("warning", "memory", f"{text}shards to need less"),)
    return replace(plan, workers=workers, memory=memory, problems=problems)


def _memory(decodings: Sequence[Decoding], workers: int) -> int:
    return max([workers * _COPYING, *(each.memory(workers) for each in decodings)])


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
