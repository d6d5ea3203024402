"""Metadata made to fit its arrays: parameters put in, axes counted.

Knows transforms and axes; of arrays only how many dimensions they have and the
parameters that a transformation names by path.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import Loc, NgffError, Problem
from napari_ngff.dataset.reading.reading import Reading, note
from napari_ngff.metadata.axes import Axis, default_axes
from napari_ngff.metadata.transforms import (
    ByDimension,
    ByDimensionPart,
    Identity,
    Scale,
    Sequence,
    Translation,
    Unknown,
    paths,
    resolve,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.metadata.transforms import Transform

_NAMELESS = ("0.1", "0.2")


def resolve_transforms(
    reading: Reading, node: str, multiscale: Multiscale, loc: Loc
) -> tuple[Multiscale, tuple[Problem, ...]]:
    """Put in the parameters that transformations name by path.

    Those of the levels and of the multiscales entry, not the alternatives of 0.6,
    which are not applied. What cannot be put in stays as it is, with a problem.
    """
    problems: list[Problem] = []
    levels = []
    for index, level in enumerate(multiscale.levels):
        where = (*loc, "datasets", index, "coordinateTransformations")
        fixed, failed = _resolved(reading, node, level.transform, where)
        levels.append(replace(level, transform=fixed))
        problems += failed
    where = (*loc, "coordinateTransformations")
    whole, failed = _resolved(reading, node, multiscale.transform, where)
    problems += failed
    return replace(multiscale, levels=tuple(levels), transform=whole), tuple(problems)


def _resolved(
    reading: Reading, node: str, transform: Transform, loc: Loc
) -> tuple[Transform, tuple[Problem, ...]]:
    if not paths(transform):
        return transform, ()
    try:
        return resolve(transform, partial(_lookup, reading, node)), ()
    except (NgffError, ValueError) as error:
        text = (
            f"The parameters of a transformation cannot be read: {plain(str(error))} "
            "What it places is shown untransformed"
        )
        kind = "transform-parameters"
        return transform, (note("error", kind, text, node=node, loc=loc),)


def _lookup(reading: Reading, node: str, path: str) -> NDArray[Any]:
    return reading.location.small_array(join(node, path, limits=reading.limits))


def fit_axes(multiscale: Multiscale, ndim: int, *, dialect: str) -> Multiscale:
    """Return the pyramid with as many axes as its arrays have dimensions.

    Where the file names too few axes, they are those of the last dimensions, and the
    others are called ``dim_0`` …; where too many, the last ones are taken. Where it
    names none (0.1, 0.2), the arrays' last dimensions are t, c, z, y, x. That a number
    was wrong is for `problems_of_arrays` to say.
    """
    count = len(multiscale.axes)
    if count == ndim:
        return multiscale
    if dialect in _NAMELESS:
        return replace(multiscale, axes=default_axes(ndim))
    added = _new_axes(multiscale.axes, ndim - count)
    axes = (*added, *multiscale.axes[max(count - ndim, 0) :])
    levels = tuple(
        replace(level, transform=_fit(level.transform, count, ndim))
        for level in multiscale.levels
    )
    whole = _fit(multiscale.transform, count, ndim)
    return replace(multiscale, axes=axes, levels=levels, transform=whole)


def _new_axes(axes: tuple[Axis, ...], count: int) -> tuple[Axis, ...]:
    taken = {axis.name for axis in axes}
    names = (f"dim_{i}" for i in range(count + len(axes)))
    free = [name for name in names if name not in taken]
    return tuple(Axis(name=name) for name in free[: max(count, 0)])


def _fit(transform: Transform, count: int, ndim: int) -> Transform:
    """Make a transform of `count` axes one of `ndim`: the last ones are the same."""
    if ndim < count:
        return _last(transform, ndim)
    new = tuple(range(ndim - count))
    old = tuple(range(ndim - count, ndim))
    return ByDimension(
        (
            ByDimensionPart(transform=Identity(), input_axes=new, output_axes=new),
            ByDimensionPart(transform=transform, input_axes=old, output_axes=old),
        )
    )


def _last(transform: Transform, ndim: int) -> Transform:
    if isinstance(transform, Scale):
        first = len(transform.scale) - ndim
        assumed = tuple(i - first for i in transform.assumed if i >= first)
        return Scale(transform.scale[-ndim:], assumed)
    if isinstance(transform, Translation):
        return Translation(transform.translation[-ndim:])
    if isinstance(transform, Sequence):
        return Sequence(tuple(_last(child, ndim) for child in transform.transforms))
    return transform if isinstance(transform, Identity | Unknown) else Unknown("")
