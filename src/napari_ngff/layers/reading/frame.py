"""The coordinate system that an image is shown in, made fit for napari.

Decides whether a transformation can be shown, and whether the channel axis can leave
a layer's axes exactly. Knows matrices and axes; knows neither napari nor pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.problems import Problem
from napari_ngff.metadata.axes import Axis, indices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: A part of a matrix that is this small beside its row and column is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An array and the coordinate system in which it is shown.

    Attributes
    ----------
    axes
        Axes of the coordinate system; one a row of `linear`.
    linear, offset
        ``linear @ indices + offset`` is where a pixel of level 0 is; shapes
        (n axes, n dimensions) and (n axes,).
    shape
        Shape of level 0.
    placed
        False where the transformation of the file cannot be shown and pixel indices
        stand in for it.
    """

    axes: tuple[Axis, ...]
    linear: Matrix
    offset: NDArray[np.float64]
    shape: tuple[int, ...]
    placed: bool = True
    problems: tuple[Problem, ...] = ()

    def untransformed(self, reason: str) -> Frame:
        """Return pixel indices in place of a transformation, and the problem."""
        ndim = len(self.shape)
        axes = self.axes
        if len(axes) != ndim:
            axes = tuple(Axis(name=f"dim_{i}") for i in range(ndim))
        problem = Problem(
            level="error",
            kind="not-placed",
            message=(
                f"The image is shown in pixels, not where it truly is: {reason}. "
                "Do not measure in it or compare its place with other layers."
            ),
        )
        return Frame(
            axes=axes,
            linear=np.eye(ndim),
            offset=np.zeros(ndim),
            shape=self.shape,
            placed=False,
            problems=(*self.problems, problem),
        )


def frame(
    axes: tuple[Axis, ...],
    matrix: Matrix | None,
    shape: tuple[int, ...],
    *,
    reason: str = "its transformation cannot be written as a matrix",
) -> Frame:
    """Return the frame of an image.

    Parameters
    ----------
    axes
        Of the coordinate system that the matrix leads to.
    matrix
        Homogeneous, (n axes + 1, n dimensions + 1), of level 0; None where the
        transformation has none (displacements, coordinates, an unknown type).
    shape
        Of level 0.
    reason
        Why there is no matrix, where there is none; for the problem's message.
    """
    ndim = len(shape)
    plain = Frame(axes=axes, linear=np.eye(ndim), offset=np.zeros(ndim), shape=shape)
    if matrix is None:
        return plain.untransformed(reason)
    if matrix.shape != (len(axes) + 1, ndim + 1):
        reason = (
            f"its transformation leads from {matrix.shape[1] - 1} to "
            f"{matrix.shape[0] - 1} axes, but the array has {ndim} and its coordinate "
            f"system {len(axes)}"
        )
        return plain.untransformed(reason)
    if not np.isfinite(matrix).all():
        return plain.untransformed(
            "its transformation holds numbers that are not finite"
        )
    linear = _without_rounding(np.asarray(matrix[:-1, :-1], dtype=np.float64))
    return replace(plain, linear=linear, offset=np.asarray(matrix[:-1, -1], np.float64))


def _without_rounding(linear: Matrix) -> Matrix:
    """Turn cos(90°) = 6e-17 and its like into the 0 they stand for."""
    size = np.abs(linear)
    rows, columns = size.max(axis=1, keepdims=True), size.max(axis=0, keepdims=True)
    return np.where(size > _ROUNDING * np.minimum(rows, columns), linear, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A channel axis that leaves the layer's axes.

    Attributes
    ----------
    row, column
        Its axis in the coordinate system and in the array.
    index
        The channel that the layer shows; None where all stay as the last axis of the
        data (RGB).
    """

    row: int
    column: int
    index: int | None = None


def separate(frame: Frame, *, count: int | None = None) -> tuple[Frame, Split | None]:
    """Return a frame that napari can show, and the channel axis that may leave it.

    The channel axis may leave where the channel's coordinate depends on one array
    axis alone. Other coordinates may depend on it: then each channel has a place of
    its own. What has no inverse is replaced by pixel indices, with a problem.

    Parameters
    ----------
    frame
        Of the image.
    count
        How many channels ``omero`` describes: decides between several channel axes.

    Returns
    -------
    frame
        As given, or untransformed; with a problem where a channel axis must stay.
    split
        None where there is no channel axis, or none that may leave.
    """
    split = _channel(frame, count)
    if reason := _not_invertible(frame, split):
        frame = frame.untransformed(reason)
        split = _channel(frame, count)
    if split is None and indices_of(frame.axes, "channel"):
        frame = replace(frame, problems=(*frame.problems, _inseparable()))
    return frame, split


def _channel(frame: Frame, count: int | None) -> Split | None:
    found = []
    for row in indices_of(frame.axes, "channel"):
        columns = np.flatnonzero(frame.linear[row])
        if not len(columns):  # A scale of 0: the array axis that nothing else uses.
            columns = np.flatnonzero(~frame.linear.any(axis=0))
        if len(columns) == 1:
            found.append(Split(row=row, column=int(columns[0])))
    fitting = [split for split in found if frame.shape[split.column] == count]
    return next(iter(fitting or found), None)


def _inseparable() -> Problem:
    return Problem(
        level="warning",
        kind="inseparable-channel",
        message=(
            "The transformation mixes the channel axis with others, so that the image "
            "cannot be split into channels: they are one layer with a slider."
        ),
    )


def parts(frame: Frame, split: Split | None) -> tuple[list[int], list[int], list[int]]:
    """Rows and columns that the layer has, and the columns that it drops."""
    rows = [row for row in world_order(frame.axes) if not split or row != split.row]
    columns = [c for c in range(len(frame.shape)) if not split or c != split.column]
    gone = [
        column
        for column in columns
        if frame.shape[column] == 1 and not frame.linear[rows, column].any()
    ]
    return rows, [column for column in columns if column not in gone], gone


def world_order(axes: Sequence[Axis]) -> list[int]:
    """Space last, for the viewer displays the last axes; else as in the file."""
    space = indices_of(axes, "space")
    return [i for i in range(len(axes)) if i not in space] + list(space)


def _not_invertible(frame: Frame, split: Split | None) -> str:
    """Return why pixels and places do not correspond one to one, or nothing."""
    rows, columns, _ = parts(frame, split)
    rows = [row for row in rows if frame.linear[row, columns].any()]
    linear = frame.linear[np.ix_(rows, columns)]
    if len(rows) < len(columns):
        return "its transformation drops an axis, so that pixels lie upon each other"
    size = np.abs(linear).max(axis=0, initial=0.0)
    if len(rows) > len(columns) or not size.all():
        return "its transformation has no inverse"
    if rows and abs(np.linalg.det(linear / size)) < _ROUNDING:
        return "its transformation has no inverse"
    return ""
