"""What is wrong with where a pyramid's levels are, in words.

Knows what a user has to be told; where things are it asks `geometry`. Knows no arrays,
only their shapes.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Loc, Problem
from napari_ngff.metadata.axes import kind_of, normal_unit, short_unit
from napari_ngff.metadata.geometry import (
    explained_by_making,
    level_matrix,
    misplacement,
    scale_and_translation,
    whole_transform,
)
from napari_ngff.metadata.transforms import Identity, obstacles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.metadata.transforms import FloatArray

# In pixels of the finest level. The half pixel of a level made by taking every second
# pixel is on the line and passes.
TOLERANCE = 0.5 + 1e-6


def problems_of_levels(
    multiscale: Multiscale,
    shapes: Sequence[Sequence[int]],
    *,
    loc: Loc = (),
    node: str = "",
) -> tuple[Problem, ...]:
    """Return what is wrong with the places of a pyramid's levels.

    Parameters
    ----------
    multiscale
        The pyramid, its transforms resolved.
    shapes
        The shape of each level's array, axis order as in ``multiscale.axes``.
    loc
        Where the entry of ``multiscales`` is in the document.
    node
        The image's group.

    Returns
    -------
    tuple of Problem
        ``level-order``: a level has more pixels along an axis than the one before.
        ``level-transform``: numbers that are not finite or do not fit the axes.
        ``level-singular``: a scale of zero along an axis of more than one pixel, or
        a matrix that puts pixels upon each other. ``level-mirrored``: a negative
        scale.
        ``level-misplaced``: napari draws the level more than half a pixel of the
        finest level away from where its transform says; only worth knowing where the
        way levels are made explains it.
        Levels without a transform of their own, and those placed by a field or an
        unknown transform, are not judged.
    """
    if any(len(shape) != len(multiscale.axes) for shape in shapes):
        return ()
    found: list[Problem] = []
    for index in range(len(shapes)):
        findings = [
            *_order(multiscale, shapes, index),
            *_numbers(multiscale, shapes, index),
        ]
        if not any(level == "error" for level, _, _ in findings):
            findings += _misplaced(multiscale, shapes, index)
        path = plain(multiscale.levels[index].path)
        found.extend(
            Problem(
                level=level,
                kind=kind,
                loc=(*loc, "datasets", index),
                message=f"Level {index} ('{path}') {text}",
                node=node,
            )
            for level, kind, text in findings
        )
    return _briefly(multiscale, shapes, found)


def _briefly(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], found: list[Problem]
) -> tuple[Problem, ...]:
    """Let all levels that are misplaced alike say the worst of it in brief."""
    worst: dict[str, tuple[float, str]] = {}
    for index in range(len(shapes)):
        off = _off(multiscale, shapes, index)
        for each in off:
            text = f"up to {each.size:.2g} {short_unit(_unit(each.axis))}"
            here = worst.get(_grave(off), (0.0, ""))
            worst[_grave(off)] = max(here, (each.pixels, text), key=itemgetter(0))
    return tuple(
        replace(problem, brief=f"{worst[problem.level][1]} off when zoomed out")
        if problem.kind == "level-misplaced"
        else problem
        for problem in found
    )


_Finding: TypeAlias = tuple[Literal["error", "warning", "info"], str, str]


class _Off(NamedTuple):
    """An axis along which a level is drawn elsewhere."""

    axis: Axis
    pixels: float  # of the finest level
    size: float  # in the axis' unit
    explained: bool  # by how levels are made: then the file is right


def _order(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> Iterator[_Finding]:
    # 0.4, "multiscales": "The 'path's MUST be ordered from largest (i.e. highest
    # resolution) to smallest."
    if index == 0:
        return
    larger = [
        f"{_name(axis)} ({now} pixels after {before})"
        for axis, before, now in zip(
            multiscale.axes, shapes[index - 1], shapes[index], strict=True
        )
        if now > before
    ]
    if larger:
        yield (
            "error",
            "level-order",
            f"has more pixels than the level before it along {_listed(larger)}. "
            "Levels must be listed from the finest to the coarsest; napari takes the "
            "first as the finest. List the datasets in that order.",
        )


def _numbers(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> Iterator[_Finding]:
    transform = whole_transform(multiscale, index)
    rows = level_matrix(multiscale, index)
    if rows is None:
        if not obstacles(transform):
            yield (
                "error",
                "level-transform",
                "has a transformation whose numbers are not finite or do not fit the "
                f"{len(multiscale.axes)} axes. Its place is unknown; correct its "
                "coordinateTransformations.",
            )
        return
    parts = scale_and_translation(rows)
    factors = () if parts is None else parts[0]
    named = list(zip(map(_name, multiscale.axes), factors, strict=False))
    zero = [
        name
        for (name, factor), size in zip(named, shapes[index], strict=False)
        if factor == 0 and size > 1
    ]
    if zero or (parts is None and _is_flat(rows, shapes[index])):
        where = f"has a scale of 0 along {_listed(zero)}" if zero else "is flattened"
        yield (
            "error",
            "level-singular",
            f"{where}: all its pixels would be in one place. Correct the scale of its "
            "coordinateTransformations.",
        )
    mirrored = [name for name, factor in named if factor < 0]
    if mirrored:
        yield (
            "warning",
            "level-mirrored",
            f"has a negative scale along {_listed(mirrored)}: the image is shown "
            "mirrored. If that is not meant, make the scale positive.",
        )


def _is_flat(rows: FloatArray, shape: Sequence[int]) -> bool:
    """Whether pixels of a level lie upon each other.

    An axis of one pixel may be dropped. Embeddings in more axes are not judged.
    """
    if rows.shape[0] != rows.shape[1]:
        return False
    linear = rows[:-1, :-1][:, [size > 1 for size in shape]]
    if not linear.size:
        return False
    # Axes may differ by any number of magnitudes: rows and columns are brought to one
    # size, as for the inverse.
    for axis in (1, 0):
        size = np.abs(linear).max(axis=axis, initial=0, keepdims=True)
        linear = linear / np.where(size > 0, size, 1)
    return bool(np.linalg.matrix_rank(linear, rtol=1e-10) < linear.shape[1])


def _misplaced(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> Iterator[_Finding]:
    # Axes that are off by the same, in the same unit, are named together.
    alike: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    off = _off(multiscale, shapes, index)
    for axis, pixels, size, _ in off:
        far = f"{size:.4g} {_unit(axis)}"
        alike.setdefault(far, []).append(_name(axis))
        texts[far] = f"({pixels:.3g} pixels of the finest level)"
    listed = [f"{far} along {_listed(alike[far])} {texts[far]}" for far in alike]
    if off:
        level = _grave(off)
        yield (
            level,
            "level-misplaced",
            f"is drawn up to {_listed(listed)} away from its place. napari places "
            f"coarse levels by their shapes alone; the finest is right. {_WHAT[level]}",
        )


_WHAT: Final = {
    "warning": "Where it matters lock the resolution to 0 or use Load level…; if the "
    "numbers of the file are wrong, correct its transformations.",
    "info": "The file is right: sizes that do not divide evenly, or levels of every "
    "second pixel, do that. Where it matters lock the resolution to 0 or use Load "
    "level….",
}


def _grave(off: Sequence[_Off]) -> Literal["warning", "info"]:
    return "info" if all(each.explained for each in off) else "warning"


def _off(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> list[_Off]:
    """Axes along which a level is drawn elsewhere: how far in pixels, and in units."""
    # 0.1 to 0.3 state no place at all; nor does a level that only lacks a transform.
    if isinstance(multiscale.levels[index].transform, Identity):
        return []
    base, level = level_matrix(multiscale, 0), level_matrix(multiscale, index)
    if base is None or level is None:
        return []
    errors = misplacement(base, level, shapes[0], shapes[index])
    if errors is None:
        return []
    pixels = np.abs(errors).max(axis=0).tolist()
    # In plain floats, whose overflow is infinity and no warning.
    sizes = [hypot(*column) for column in base[:-1, :-1].T.tolist()]
    right = explained_by_making(base, level, shapes[0], shapes[index])
    return [
        _Off(axis, much, much * size, explained)
        for axis, much, size, explained in zip(
            multiscale.axes, pixels, sizes, right, strict=True
        )
        if kind_of(axis) != "channel" and much > TOLERANCE
    ]


def _name(axis: Axis) -> str:
    return plain(axis.name)


def _unit(axis: Axis) -> str:
    return normal_unit(axis.unit) or plain(axis.unit or "(no unit)")


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]
