"""From a group's ``multiscales`` to images with lazy pixels.

Knows how levels find their arrays and what is done where metadata and arrays do not
agree; knows neither labels nor what else a group may be. Reads documents and, for
parameters of transformations, small arrays; never a chunk of an image.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import CannotOpen, Loc, NgffError, Problem
from napari_ngff.dataset.nodes import ArrayData, ImageData
from napari_ngff.dataset.reading.arrays import (
    ArrayFacts,
    array_facts,
    dimension_names,
    problems_of_arrays,
    same_pixels,
)
from napari_ngff.dataset.reading.fitting import fit_axes, resolve_transforms
from napari_ngff.dataset.reading.reading import (
    Reading,
    bounded,
    note,
    part,
    quoted,
)
from napari_ngff.metadata.level_problems import problems_of_levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.metadata.model import Group, Level, Multiscale
    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.location import NodeDocument

Found: TypeAlias = "Mapping[str, NodeDocument | NgffError | None]"
#: Kinds of numbers that can be shown: bool, integers, floating point.
SHOWN = "biuf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image as it was read, with what its labels have to agree with."""

    data: ImageData
    facts: tuple[ArrayFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """One level whose array is there."""

    level: Level
    facts: ArrayFacts
    array: LazyArray


def find_documents(
    reading: Reading, node: str, group: Group, *others: str
) -> dict[str, NodeDocument | NgffError | None]:
    """Fetch the documents of all levels of a group, and of `others`, together."""
    wanted: dict[str, None] = dict.fromkeys(others)
    for multiscale in group.multiscales[: reading.limits.images_opened]:
        for level in multiscale.levels:
            make = partial(_level_node, reading, node, level)
            path, _ = part(make, what="", node=node)
            if path is not None:
                wanted[path] = None
    nodes = list(wanted)
    return dict(zip(nodes, reading.location.documents(nodes), strict=True))


def _level_node(reading: Reading, node: str, level: Level) -> str:
    return join(node, level.path, limits=reading.limits)


def read_images(
    reading: Reading, node: str, group: Group, found: Found
) -> tuple[list[Image], tuple[Problem, ...]]:
    """Read the entries of ``multiscales``, at most ``limits.images_opened`` of them.

    One that fails becomes a problem.
    """
    images: list[Image] = []
    problems: list[Problem] = []
    count, limit = len(group.multiscales), reading.limits.images_opened
    if count > limit:
        text = f"multiscales has {count} entries; the first {limit} are opened"
        where = (*group.loc, "multiscales")
        problems.append(note("warning", "not-all-opened", text, node=node, loc=where))
    for index in range(min(count, limit)):
        image, failed = part(
            partial(read_image, reading, node, group, index, found),
            what=f"Entry {index} of multiscales",
            node=node,
            loc=(*group.loc, "multiscales", index),
        )
        problems += failed
        if image is not None:
            images.append(image)
    return images, tuple(problems)


def read_image(
    reading: Reading, node: str, group: Group, index: int, found: Found
) -> Image:
    """Read one entry of ``multiscales``.

    Parameters
    ----------
    reading, node, group, index
        The store, the image's group, and which entry of it.
    found
        The documents of its levels (`find_documents`).

    Raises
    ------
    CannotOpen
        If not one of its levels can be opened.
    """
    multiscale = group.multiscales[index]
    loc: Loc = (*group.loc, "multiscales", index)
    opened, problems = _open_levels(reading, node, multiscale, loc, found)
    if not opened:
        reasons = " ".join(p.message for p in problems[:3])
        what = (
            "it lists no level" if not multiscale.levels else "no level can be opened"
        )
        raise CannotOpen(reading.store, f"{what}. {reasons}".strip())
    ndim = len(opened[0].array.shape)
    multiscale = replace(multiscale, levels=tuple(o.level for o in opened))
    facts = tuple(o.facts for o in opened)
    problems += problems_of_arrays(multiscale, facts, dialect=group.dialect)
    multiscale, unresolved = resolve_transforms(reading, node, multiscale, loc)
    multiscale = fit_axes(multiscale, ndim, dialect=group.dialect)
    shapes = [o.array.shape for o in opened]
    problems += unresolved
    problems += problems_of_levels(multiscale, shapes, loc=loc, node=node)
    data = ImageData(
        store=reading.store,
        node=node,
        index=index,
        group=group,
        multiscale=multiscale,
        levels=tuple(o.array for o in opened),
        problems=bounded((*_of_entry(group, index), *problems), reading.limits),
    )
    return Image(data=data, facts=facts)


def _of_entry(group: Group, index: int) -> tuple[Problem, ...]:
    """Return the group's problems that concern this entry; the first has the rest."""
    base = (*group.loc, "multiscales")

    def entry(problem: Problem) -> object:
        inside = problem.loc[: len(base)] == base and len(problem.loc) > len(base)
        return problem.loc[len(base)] if inside else 0

    return tuple(p for p in group.problems if entry(p) == index)


def _open_levels(
    reading: Reading, node: str, multiscale: Multiscale, loc: Loc, found: Found
) -> tuple[list[_Opened], list[Problem]]:
    opened: list[_Opened] = []
    problems: list[Problem] = []
    for index, level in enumerate(multiscale.levels):
        where = (*loc, "datasets", index)
        what = f"Level {index} ({quoted(level.path)})"
        one, failed = part(
            partial(_open_level, reading, node, level, where, found),
            what=what,
            node=node,
            loc=where,
        )
        problems += failed
        if one is None:
            continue
        if opened and (reason := _misfit(opened[0], one)):
            text = f"{what} is left out: {reason}"
            problems.append(note("error", "level-misfit", text, node=node, loc=where))
            continue
        opened.append(one)
    ordered = sorted(opened, key=lambda o: -prod(o.array.shape))
    if ordered != opened:
        text = "The levels are not listed from the finest to the coarsest, and are "
        text += "shown in that order. List the datasets in that order"
        problems.append(note("error", "level-order", text, node=node, loc=loc))
    return ordered, problems


def _open_level(
    reading: Reading, node: str, level: Level, loc: Loc, found: Found
) -> _Opened:
    path = _level_node(reading, node, level)
    document = found.get(path)
    if isinstance(document, NgffError):
        raise document
    if document is None:
        raise CannotOpen(reading.store, f"there is no array {quoted(path)}")
    if document.kind != "array":
        raise CannotOpen(reading.store, f"{quoted(path)} is a group, not an array")
    array = open_array(reading, document)
    return _Opened(level=level, facts=array_facts(document, loc), array=array)


def open_array(reading: Reading, document: NodeDocument) -> LazyArray:
    """Open an array whose numbers can be shown.

    Raises
    ------
    CannotOpen
        If they are complex, text, dates or structures, or there is no dimension.
    NgffError
        As `Location.array`.
    """
    array = reading.location.array(document)
    if array.dtype.kind not in SHOWN:
        reason = f"its pixels are of the type {array.dtype}, which napari does not show"
        raise CannotOpen(reading.store, reason)
    if not 1 <= len(array.shape) <= reading.limits.axes:
        reason = f"it has {len(array.shape)} dimensions; 1 to {reading.limits.axes} "
        raise CannotOpen(reading.store, reason + "are shown")
    return array


def read_array(reading: Reading, document: NodeDocument) -> ArrayData:
    """Open a bare array as what it is."""
    document = reading.location.complete(document)
    problems = document.problems
    array = open_array(reading, document)
    names = dimension_names(document)
    if names is not None and len(names) != len(array.shape):
        told = plain(", ".join(name or "none" for name in names))
        text = f"The array has {len(array.shape)} dimensions and other dimension names "
        text += f"({told}); they are not used"
        problems += (note("warning", "dimension-names", text, node=document.node),)
        names = None
    return ArrayData(
        store=reading.store,
        node=document.node,
        array=array,
        dimension_names=names,
        problems=problems,
    )


def _misfit(first: _Opened, other: _Opened) -> str:
    """Say why a level cannot be shown together with the first one, if so."""
    ours, theirs = first.array, other.array
    if len(ours.shape) != len(theirs.shape):
        return f"it has {len(theirs.shape)} dimensions, the first {len(ours.shape)}"
    if not same_pixels(ours.dtype, theirs.dtype):
        return f"its pixels are {theirs.dtype}, the first level's {ours.dtype}"
    return ""


def title(data: ImageData) -> str:
    """Name an image for a person: its own name, its folder's, or its store's."""
    last = data.node.rpartition("/")[2] or data.store.rstrip("/\\").rpartition("/")[2]
    return plain(data.multiscale.name or last or data.store)
