"""Where pixels are: the only place that multiplies scales.

Knows the transforms of a pyramid's levels and what napari makes of them: napari has
one transform per layer and draws every level over the extent of the first, knowing
only shapes. Knows no arrays and no napari names (`layers.space` renames).

Coordinates are those of pixel centres: pixel 0 covers [-0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import hypot
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Loc, Problem
from napari_ngff.metadata.axes import kind_of, normal_unit, short_unit
from napari_ngff.metadata.transforms import (
    FloatArray,
    Identity,
    Vector,
    compose,
    inverse_matrix,
    is_scale_translation,
    matrix,
    obstacles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.metadata.transforms import Transform

Method: TypeAlias = Literal["mean", "strided"]

# In pixels of the finest level. The half pixel of a level made by taking every second
# pixel is on the line and passes.
TOLERANCE = 0.5 + 1e-6


def level_matrix(multiscale: Multiscale, index: int) -> FloatArray | None:
    """Return where a level's pixels are.

    Parameters
    ----------
    multiscale
        The pyramid; arrays that its transforms name by path are resolved.
    index
        Which of its levels.

    Returns
    -------
    ndarray of float64, shape (n + 1, ndim + 1), or None
        From pixel indices to the intrinsic coordinate system, multiscales-level
        transforms of 0.4 and 0.5 applied; None where no matrix can express it.
    """
    return matrix(_whole_transform(multiscale, index), len(multiscale.axes))


def _whole_transform(multiscale: Multiscale, index: int) -> Transform:
    return compose(multiscale.levels[index].transform, multiscale.transform)


def scale_and_translation(matrix: FloatArray) -> tuple[Vector, Vector] | None:
    """Return the factor and offset of each axis; None where a matrix mixes axes."""
    if not is_scale_translation(matrix):
        return None
    return tuple(np.diagonal(matrix)[:-1].tolist()), tuple(matrix[:-1, -1].tolist())


def downsample_factors(base_shape: Sequence[int], shape: Sequence[int]) -> Vector:
    """Return how many pixels of the finest level napari draws one pixel over.

    Parameters
    ----------
    base_shape, shape
        Shapes of the finest and of the other level; no dimension is 0.
    """
    return tuple(big / small for big, small in zip(base_shape, shape, strict=True))


def level_transform(
    scale: Sequence[float],
    translation: Sequence[float],
    factors: Sequence[float],
    method: Method,
) -> tuple[Vector, Vector]:
    """Return scale and translation of a level made from another one.

    Parameters
    ----------
    scale, translation
        Of the level it is made from.
    factors
        How many pixels become one, per axis.
    method
        ``"mean"``: a pixel is made of all pixels that it covers, its centre is the
        centre of theirs ("translation = (scale_N - scale_0) / 2", 0.6).
        ``"strided"``: it is the first of them and stays where that is.

    Returns
    -------
    scale, translation
        Tuples with one number per axis.
    """
    shift = {"mean": 0.5, "strided": 0.0}[method]
    parts = tuple(zip(scale, translation, factors, strict=True))
    return (
        tuple(f * s for s, _, f in parts),
        tuple(t + shift * (f - 1) * s for s, t, f in parts),
    )


def misplacement(
    base: FloatArray,
    level: FloatArray,
    base_shape: Sequence[int],
    shape: Sequence[int],
) -> FloatArray | None:
    """Return how far from its stated place napari draws a level.

    napari draws the centre of pixel i at coordinate ``f * i + (f - 1) / 2`` of the
    finest level, f being the ratio of the shapes.

    Parameters
    ----------
    base, level
        The matrices of the finest and of the other level (`level_matrix`).
    base_shape, shape
        Their shapes.

    Returns
    -------
    ndarray of float64, shape (2 ** ndim, ndim), or None
        Drawn minus stated place of the level's corner pixels, the first pixel first
        and the last one last, in pixels of the finest level. None where that cannot
        be said: no pixels, or no inverse of `base`.
    """
    undone = inverse_matrix(base)
    if undone is None or level.shape != base.shape or 0 in (*base_shape, *shape):
        return None
    factors = np.array(downsample_factors(base_shape, shape))
    corners = np.array(list(product(*((0, n - 1) for n in shape))), dtype=np.float64)
    with np.errstate(all="ignore"):
        stated = undone @ level
        at = corners @ stated[:-1, :-1].T + stated[:-1, -1]
        error: FloatArray = factors * corners + (factors - 1) / 2 - at
    return error if np.isfinite(error).all() else None


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
        ``level-singular``: a scale of zero. ``level-mirrored``: a negative scale.
        ``level-misplaced``: napari draws the level more than half a pixel of the
        finest level away from where its transform says.
        Levels without a transform of their own, and those placed by a field or an
        unknown transform, are not judged.
    """
    if any(len(shape) != len(multiscale.axes) for shape in shapes):
        return ()
    found: list[Problem] = []
    for index in range(len(shapes)):
        findings = [*_order(multiscale, shapes, index), *_numbers(multiscale, index)]
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
    """Let all levels that are misplaced say the same in brief: the worst of it."""
    if all(problem.kind != "level-misplaced" for problem in found):
        return tuple(found)
    off = [_off(multiscale, shapes, index) for index in range(len(shapes))]
    axis, _, size = max((each for level in off for each in level), key=itemgetter(1))
    brief = f"up to {size:.2g} {short_unit(_unit(axis))} off when zoomed out"
    return tuple(
        replace(problem, brief=brief) if problem.kind == "level-misplaced" else problem
        for problem in found
    )


_Finding: TypeAlias = tuple[Literal["error", "warning"], str, str]


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


def _numbers(multiscale: Multiscale, index: int) -> Iterator[_Finding]:
    transform = _whole_transform(multiscale, index)
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
    zero = [name for name, factor in named if factor == 0]
    flat = parts is None and len(rows) == len(rows[0]) and inverse_matrix(rows) is None
    if zero or flat:
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


def _misplaced(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> Iterator[_Finding]:
    # Axes that are off by the same, in the same unit, are named together.
    alike: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for axis, pixels, size in _off(multiscale, shapes, index):
        far = f"{size:.4g} {_unit(axis)}"
        alike.setdefault(far, []).append(_name(axis))
        texts[far] = f"({pixels:.3g} pixels of the finest level)"
    off = [f"{far} along {_listed(alike[far])} {texts[far]}" for far in alike]
    if off:
        yield (
            "warning",
            "level-misplaced",
            f"is drawn up to {_listed(off)} away from its place. napari places coarse "
            "levels by their shapes alone; the finest is right. Where it matters lock "
            "the resolution to 0 or use Load level…, or correct the transformations.",
        )


def _off(
    multiscale: Multiscale, shapes: Sequence[Sequence[int]], index: int
) -> list[tuple[Axis, float, float]]:
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
    return [
        (axis, much, much * size)
        for axis, much, size in zip(multiscale.axes, pixels, sizes, strict=True)
        if kind_of(axis) != "channel" and much > TOLERANCE
    ]


def _name(axis: Axis) -> str:
    return plain(axis.name)


def _unit(axis: Axis) -> str:
    return normal_unit(axis.unit) or plain(axis.unit or "(no unit)")


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]
