"""What a save will do, before it does it.

Knows images, options and what is at the target. Reads metadata, and pixels only to see
that the finest level was not lost; changes nothing. What it returns says all: see
`save_plan`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.options import DEFAULT_OPTIONS
from napari_ngff.dataset.saving.planning import plan_image
from napari_ngff.dataset.saving.pyramids import how_to_save_memory, memory_of_image
from napari_ngff.dataset.saving.replacing import kept_labels, look_at
from napari_ngff.dataset.saving.save_plan import (
    ImagePlan,
    LabelPlan,
    SavePlan,
    StorePlan,
    all_images,
)
from napari_ngff.dataset.saving.series import nodes_of, series_files, series_groups
from napari_ngff.dataset.saving.surroundings import obstacles_around, told_of_name
from napari_ngff.dataset.saving.targets import beside, container_of, split, target_of
from napari_ngff.metadata.model import Group
from napari_ngff.metadata.writing import losses, write_group
from napari_ngff.storage.pyramids.shares import files_of, nbytes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.replacing import Present

_As: TypeAlias = Literal["image", "series"]

__all__ = ["ImagePlan", "LabelPlan", "SavePlan", "StorePlan", "make_plan"]


def make_plan(
    images: Sequence[ImageData],
    target: str | os.PathLike[str],
    options: SaveOptions = DEFAULT_OPTIONS,
    *,
    problems: Sequence[Problem] = (),
) -> SavePlan:
    """Plan a save.

    Parameters
    ----------
    images
        What to save, each with its labels: the pixels are those of the first of its
        `levels`, wherever they come from; that may be the target itself.
    target
        Where to: a path in the local file system.
    options
        How.
    problems
        What is known to be lost already; those of the plan follow.

    Returns
    -------
    SavePlan
        Also where the save is not possible: then its `obstacles` say why.
    """
    path = target_of(target, options)
    if not images:
        nothing = note("error", "nothing", "There is no image to save")
        return SavePlan(
            options=options,
            stores=(),
            obstacles=(nothing,),
            problems=tuple(problems),
        )
    made = [
        _store(members, where, options)
        for members, where in _targets(images, path, options)
    ]
    stores = tuple(one.store for one in made)
    return _summed(
        SavePlan(
            options=options,
            stores=stores,
            obstacles=(
                *obstacles_around(path, target),
                *_unknown_axes(images, options),
                *(p for one in made for p in one.obstacles),
            ),
            problems=(
                *problems,
                *told_of_name(path),
                *(p for one in made for p in one.problems),
            ),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The plan of one store, why it cannot be carried out, and what is lost by it."""

    store: StorePlan
    obstacles: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def _targets(
    images: Sequence[ImageData], path: Path, options: SaveOptions
) -> list[tuple[tuple[ImageData, ...], Path]]:
    """Return which images go where."""
    if len(images) == 1 or options.several == "series":
        return [(tuple(images), path)]
    paths = beside(path, [image.multiscale.name for image in images])
    return [((image,), where) for image, where in zip(images, paths, strict=True)]


def _store(images: Sequence[ImageData], target: Path, options: SaveOptions) -> _Made:
    series = options.several == "series" and len(images) > 1
    present = look_at(target)
    as_what: _As = "series" if series else "image"
    obstacles = [*_may_replace(present, options, as_what), *_container(target, options)]
    nodes = nodes_of(len(images)) if series else ("",)
    name = plain(split(target.name)[0])
    old = None if series else present.image
    planned = []
    for image, node in zip(images, nodes, strict=True):
        image = _with_foreign(image, old)
        kept, lost = kept_labels(image, present, options)
        obstacles += lost
        planned.append(plan_image(image, options, node=node, name=name, kept=kept))
    problems = [p for one in planned for p in (*one.problems,)]
    obstacles += (p for one in planned for p in one.obstacles)
    found = tuple(one.image for one in planned if one.image is not None)
    groups, said = _groups(found, options, as_what)
    files, unsaid = series_files(found) if series else ({}, ())
    store = StorePlan(
        target=target,
        container=container_of(target, options),
        images=found,
        groups=groups,
        files=files,
        replaced=present.belongings,
        seen=present.seen,
        foreign=present.foreign,
    )
    return _Made(
        store=store,
        obstacles=(*obstacles, *(p for p in said if p.level == "error")),
        problems=(*problems, *(p for p in said if p.level != "error"), *unsaid),
    )


def _may_replace(
    present: Present, options: SaveOptions, as_what: _As
) -> tuple[Problem, ...]:
    if present.obstacles or present.belongings is None:
        return present.obstacles
    text = "There is an image already"
    if options.existing == "refuse":
        advice = "Choose another name, or let it be replaced"
        return (note("error", "target-taken", f"{text}. {advice}"),)
    if as_what == "series":
        advice = "A series does not replace it. Choose another name"
        return (note("error", "target", f"{text}. {advice}"),)
    return ()


def _container(target: Path, options: SaveOptions) -> tuple[Problem, ...]:
    if container_of(target, options) == "ozx" and options.version == "0.4":
        text = (
            "An .ozx file holds version 0.5 or later. Choose one of these, or a folder"
        )
        return (note("error", "options", text),)
    return ()


def _unknown_axes(
    images: Sequence[ImageData], options: SaveOptions
) -> tuple[Problem, ...]:
    """Tell of lengths of chunks and shards along axes that no image has."""
    names = dict.fromkeys(a.name for i in images for a in i.multiscale.axes)
    shards = () if options.shards == "none" else options.shards
    unknown = [name for name in (*options.chunks, *shards) if name not in names]
    if not unknown:
        return ()
    text = f"A length along {plain(repr(unknown[0]), limit=80)} was asked for, and the "
    text += f"axes are {plain(', '.join(names))}. Use their names"
    return (note("error", "options", text),)


def _with_foreign(image: ImageData, old: ImageData | None) -> ImageData:
    """Return an image with what is not the specification's from the one replaced."""
    if old is None:
        return image
    group, multiscale = image.group, image.multiscale
    return replace(
        image,
        group=replace(
            group,
            extra={**old.group.extra, **group.extra},
            foreign={**old.group.foreign, **group.foreign},
        ),
        multiscale=replace(
            multiscale, extra={**old.multiscale.extra, **multiscale.extra}
        ),
    )


def _groups(
    images: Sequence[ImagePlan], options: SaveOptions, as_what: _As
) -> tuple[dict[str, Mapping[str, object]], tuple[Problem, ...]]:
    """Return the attributes of every group, and what is lost or forbidden by them."""
    groups: dict[str, Group] = {}
    if as_what == "series":
        groups = series_groups(images, options.version)
    for image in images:
        groups[image.node] = image.data.group
        if image.labels:
            names = tuple(label.name for label in image.labels)
            groups[labels_node(image.node)] = Group(
                version=None, dialect=options.version, labels=names
            )
        for label in image.labels:
            groups[label.image.node] = label.image.data.group
    attributes: dict[str, Mapping[str, object]] = {}
    problems: list[Problem] = []
    for node, group in groups.items():
        said = losses(group, options.version, node=node)
        problems += said
        if not any(p.level == "error" for p in said):
            attributes[node] = write_group(group, options.version, node=node)
    return attributes, tuple(problems)


def _summed(plan: SavePlan) -> SavePlan:
    """Return a plan with its figures."""
    images = [image for store in plan.stores for image in all_images(store)]
    pyramids = [image.pyramid for image in images]
    if not pyramids:
        return plan
    limit, one = plan.options.memory, max(memory_of_image(image, 1) for image in images)
    workers = plan.options.workers or max(1, min(os.cpu_count() or 1, limit // one))
    each = 2 if plan.options.version == "0.4" else 1  # .zgroup and .zattrs
    documents = sum(each * len(s.groups) + len(s.files) for s in plan.stores)
    files = sum(n + 1 for pyramid in pyramids for n in files_of(pyramid))
    memory = max(memory_of_image(image, workers) for image in images)
    obstacles = plan.obstacles
    if memory > limit:
        text = f"The save needs {memory / 1e6:.0f} MB of memory, and may take "
        text += f"{limit / 1e6:.0f} MB. {how_to_save_memory(images, limit)}"
        obstacles += (note("error", "memory", text),)
    return replace(
        plan,
        obstacles=obstacles,
        files=files + documents,
        nbytes=sum(sum(nbytes_of(pyramid)) for pyramid in pyramids),
        memory=memory,
        workers=workers,
    )
