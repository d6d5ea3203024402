"""Where an image is, in napari's words: scale, translate or affine, units, labels.

Renames what `metadata.geometry` computed and arranges the array's axes so that axis k
of a layer is axis k of the world. It multiplies no scales of its own; it reads no
pixels; it knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.layers.reading.frame import Frame, Split, parts
from napari_ngff.layers.reading.units import NO_DEFAULTS, PIXEL, Defaults, units_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from napari_ngff.storage.lazy import LazyArray

    Matrix = NDArray[np.float64]

_FEWEST_AXES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a layer shows an array.

    Attributes
    ----------
    order
        For each axis of the layer the array's axis, or None for a new one of length 1.
    fixed
        (axis, index) of the array's axes that the layer does not have.
    last
        The array's axis that stays behind the layer's own (RGB); None without.
    names, units, scale, translate
        One an axis of the layer.
    affine
        In place of scale and translate: rows of a homogeneous matrix of the layer's
        axes; None where scale and translate say all.
    """

    order: tuple[int | None, ...]
    fixed: tuple[tuple[int, int], ...] = ()
    last: int | None = None
    names: tuple[str, ...]
    units: tuple[str, ...]
    scale: tuple[float, ...]
    translate: tuple[float, ...]
    affine: tuple[tuple[float, ...], ...] | None = None
    problems: tuple[Problem, ...] = ()

    def meta(self) -> dict[str, Any]:
        """Return the keyword arguments that place a layer."""
        place: dict[str, Any] = {
            "scale": self.scale,
            "translate": self.translate,
            "units": self.units,
            "axis_labels": tuple(map(plain, self.names)),
        }
        if self.affine is not None:
            del place["scale"], place["translate"]
            place["affine"] = np.array(self.affine)
        return place

    def arrange(self, array: LazyArray) -> LazyArray:
        """Return a lazy view of a level with the layer's axes."""
        fixed = dict(self.fixed)
        left = [axis for axis in range(array.ndim) if axis not in fixed]
        if fixed:
            array = array[tuple(fixed.get(a, slice(None)) for a in range(array.ndim))]
        wanted = [axis for axis in self.order if axis is not None]
        wanted += [] if self.last is None else [self.last]
        if wanted != left:
            array = array.transpose(tuple(left.index(axis) for axis in wanted))
        if None in self.order:
            index = [None if axis is None else slice(None) for axis in self.order]
            array = array[(*index, Ellipsis)]
        return array


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """One axis of a placed image, for the labels that belong to it."""

    name: str
    unit: str
    length: float
    centre: float


def extents(placement: Placement, shape: Sequence[int]) -> tuple[Extent, ...]:
    """Return the axes of a placed image; none where it is placed by a matrix.

    `shape` is that of level 0 of the layer.
    """
    if placement.affine is not None:
        return ()
    axes = zip(
        placement.names,
        placement.units,
        placement.scale,
        placement.translate,
        shape,
        strict=False,
    )
    return tuple(
        Extent(
            name=name,
            unit=unit,
            length=abs(scale) * size,
            centre=start + scale * (size - 1) / 2,
        )
        for name, unit, scale, start, size in axes
    )


@dataclass(slots=True)
class _Axis:
    """One axis of a layer in the making."""

    name: str
    unit: str = PIXEL
    row: int | None = None
    column: int | None = None
    scale: float = 1.0
    translate: float = 0.0


def place(
    frame: Frame,
    *,
    split: Split | None = None,
    defaults: Defaults = NO_DEFAULTS,
    parent: Sequence[Extent] = (),
) -> Placement:
    """Return how napari is to show an image.

    Axes that are not space come first, so that space is what the viewer displays.
    Where the matrix has one number a row and a column, the array's axes are put in
    the order of the world's (a lazy transposition) and scale and translate say the
    rest; else the matrix is given as ``affine``.

    Parameters
    ----------
    frame
        Of the image, as `separate` returned it.
    split
        The channel axis that leaves, and the channel shown.
    defaults
        Units for axes without one.
    parent
        Axes of the image that a label image belongs to: the label's are put in their
        order, and one that it lacks between its own spans all of the image.
    """
    rows, columns, gone = parts(frame, split)
    units, problems = units_of(frame.axes, defaults)
    axes = [
        _Axis(frame.axes[row].name, units[row] if frame.placed else PIXEL, row)
        for row in rows
    ]
    axes = _like_parent(axes, parent)
    axes = [_Axis("") for _ in range(_FEWEST_AXES - len(axes))] + axes
    _match(axes, frame.linear, columns)
    offset = frame.offset.copy()
    fixed = [(column, 0) for column in gone]
    if split and split.index is not None:
        offset += frame.linear[:, split.column] * split.index
        fixed.append((split.column, split.index))
    placement = Placement(
        order=tuple(axis.column for axis in axes),
        fixed=tuple(sorted(fixed)),
        last=split.column if split and split.index is None else None,
        names=tuple(axis.name for axis in axes),
        units=tuple(_unit_of_new(axis, axes) for axis in axes),
        scale=(),
        translate=(),
        problems=(*frame.problems, *(problems if frame.placed else ())),
    )
    return _with_numbers(placement, axes, frame.linear, offset)


def _like_parent(axes: list[_Axis], parent: Sequence[Extent]) -> list[_Axis]:
    """Order the axes as the image's; one missing between them spans the image."""
    names = [extent.name for extent in parent]
    present = [axis.name for axis in axes]
    if not axes or not set(present) <= set(names) or len(set(names)) < len(names):
        return axes
    by_name = {axis.name: axis for axis in axes}
    first = min(names.index(name) for name in present)
    return [
        by_name.get(extent.name)
        or _Axis(
            extent.name,
            extent.unit,
            scale=extent.length or 1.0,
            translate=extent.centre,
        )
        for extent in parent[first:]
    ]


def _match(axes: list[_Axis], linear: Matrix, columns: list[int]) -> None:
    """Give each axis of the layer its array axis: its own where it has one alone."""
    free = list(columns)
    placed = [axis for axis in axes if axis.row is not None]
    for axis in placed:
        own = [c for c in columns if linear[axis.row, c]]
        alone = len(own) == 1 and np.count_nonzero(linear[:, own[0]]) == 1
        if alone and own[0] in free:
            axis.column = own[0]
            free.remove(own[0])
    for axis in placed:
        if free and axis.column is None and linear[axis.row, columns].any():
            axis.column = free.pop(0)


def _unit_of_new(axis: _Axis, axes: list[_Axis]) -> str:
    """Return an axis' unit; a nameless one has that of the axis beside it."""
    return axis.unit if axis.name else axes[-1].unit


def _with_numbers(
    placement: Placement, axes: list[_Axis], linear: Matrix, offset: Any
) -> Placement:
    """Fill in scale and translate, or the matrix."""
    matrix = np.eye(len(axes) + 1)
    for i, axis in enumerate(axes):
        matrix[i, i], matrix[i, -1] = axis.scale, axis.translate
        if axis.row is None:
            continue
        matrix[i, -1] = offset[axis.row]
        if axis.column is None:
            continue
        for j, other in enumerate(axes):
            if other.column is not None:
                matrix[i, j] = linear[axis.row, other.column]
    square = matrix[:-1, :-1]
    numbers = replace(
        placement,
        scale=tuple(np.diag(square).tolist()),
        translate=tuple(matrix[:-1, -1].tolist()),
    )
    if np.array_equal(square, np.diag(np.diag(square))):
        return numbers
    problems = (*placement.problems, *_oblique(square))
    rows = tuple(tuple(row) for row in matrix.tolist())
    return replace(numbers, affine=rows, problems=problems)


def _oblique(square: Matrix) -> tuple[Problem, ...]:
    """Warn where the planes of the array are tilted against those of the viewer."""
    shown = slice(-2, None)
    hidden = slice(None, -2)
    if not square[shown, hidden].any() and not square[hidden, shown].any():
        return ()
    problem = Problem(
        level="warning",
        kind="oblique-planes",
        message=(
            "The image is turned or sheared out of the plane that the viewer shows. "
            "In 2-D napari draws its planes without that; look at it in 3-D."
        ),
    )
    return (problem,)
