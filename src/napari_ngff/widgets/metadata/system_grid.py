"""Coordinate systems and transformations between them as cells (0.6); no Qt.

Knows drafts and the words of the tables; what an edit does is known by
`metadata.editing.systems`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.metadata.editing.numbers import number
from napari_ngff.metadata.editing.systems import (
    AddSystem,
    RenameSystem,
    SetTransform,
    affine,
)
from napari_ngff.metadata.transforms import Scale, Translation, matrix
from napari_ngff.widgets.metadata.cells import Cell
from napari_ngff.widgets.metadata.number_text import shown

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.editing.system_block import Holder
    from napari_ngff.metadata.model import Edge, Endpoint
    from napari_ngff.metadata.transforms import Transform

_WITH_SYSTEMS: Final = ("0.6", "0.9")
_HEADS: Final = ("Name", "Axes")
_AXES: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemGrid:
    """The coordinate systems of an image or a scene; see `cells.Grid`."""

    draft: Draft
    of: Holder
    systems: tuple[CoordinateSystem, ...]
    edges: tuple[Edge, ...]
    intrinsic: str | None

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""
        return _HEADS

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.systems)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        system = self.systems[row]
        if column == _AXES:
            axes = ", ".join(map(_axis, system.axes))
            own = " — the levels lead here" if system.name == self.intrinsic else ""
            return Cell(kind="fact", value=plain(axes) + own)
        edited = self._renaming(row) is not None or self._is_new(row)
        return Cell(kind="text", value=system.name, edited=edited)

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that the last edit of a name has."""
        del column
        found = self._renaming(row)
        if found is not None:
            return found.field
        return ("system", self.of, self.systems[row].name)

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return the edit that renames a system."""
        del column
        name = self.systems[row].name
        return (RenameSystem(name=name, new=str(value), of=self.of),)

    def _renaming(self, row: int) -> RenameSystem | None:
        name = self.systems[row].name
        for edit in reversed(self.draft.edits):
            if isinstance(edit, RenameSystem) and edit.new == name:
                return edit
        return None

    def _is_new(self, row: int) -> bool:
        name = self.systems[row].name
        return any(
            isinstance(e, AddSystem) and e.name == name for e in self.draft.edits
        )


def system_grid(draft: Draft) -> SystemGrid | None:
    """Return the coordinate systems of a draft; None before 0.6."""
    group, image = draft.group, draft.multiscale
    if group.dialect not in _WITH_SYSTEMS:
        return None
    if group.scene is not None and image is None:
        return SystemGrid(
            draft=draft,
            of="scene",
            systems=group.scene.coordinate_systems,
            edges=group.scene.edges,
            intrinsic=None,
        )
    if image is None:
        return None
    return SystemGrid(
        draft=draft,
        of="image",
        systems=image.coordinate_systems,
        edges=image.edges,
        intrinsic=image.intrinsic,
    )


def new_system(grid: SystemGrid) -> AddSystem:
    """Return the edit that adds a system under a name that is free."""
    taken = {system.name for system in grid.systems}
    names = ("world", *(f"world_{i}" for i in range(2, len(taken) + 3)))
    name = next(name for name in names if name not in taken)
    return AddSystem(name=name, of=grid.of)


def edge_titles(grid: SystemGrid) -> tuple[str, ...]:
    """Return what each transformation leads from and to, and what it is."""
    return tuple(
        plain(f"{_end(e.input)} → {_end(e.output)}: {type(e.transform).__name__}")
        for e in grid.edges
    )


def _end(end: Endpoint) -> str:
    return " ".join(part for part in (end.path, end.name) if part) or "?"


def _axis(axis: Axis) -> str:
    return f"{axis.name} ({axis.unit})" if axis.unit else axis.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixGrid:
    """A transformation as a matrix; see `cells.Grid`. The last column is the offset."""

    of: Holder
    edge: int
    transform: Transform
    rows: NDArray[np.float64]
    inputs: tuple[str, ...]
    edited: bool

    @property
    def heads(self) -> tuple[str, ...]:
        """The head of each column."""
        return (*self.inputs, "offset")

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        value = float(self.rows[row, column])
        return Cell(kind="number", value=shown(value), edited=self.edited)

    def field(self, row: int, column: int) -> Hashable:
        """Return the field that an edit of any cell names: the transformation."""
        del row, column
        return ("transform", self.of, self.edge)

    def wishes(self, row: int, column: int, value: object) -> tuple[AnyEdit, ...]:
        """Return the edit that gives the matrix a number."""
        rows = self.rows.copy()
        rows[row, column] = number(str(value))
        transform = _simplest(rows, self.transform)
        return (SetTransform(edge=self.edge, transform=transform, of=self.of),)


def matrix_grid(grid: SystemGrid, index: int) -> MatrixGrid | None:
    """Return a transformation as a matrix; None where it has none."""
    if not 0 <= index < len(grid.edges):
        return None
    edge = grid.edges[index]
    names = _axes_of(grid, edge.input) or _axes_of(grid, edge.output)
    if not names:
        return None
    found = matrix(edge.transform, len(names))
    if found is None or found.shape[1] != len(names) + 1:
        return None
    return MatrixGrid(
        of=grid.of,
        edge=index,
        transform=edge.transform,
        rows=found[:-1],
        inputs=names,
        edited=grid.draft.is_edited(("transform", grid.of, index)),
    )


def _axes_of(grid: SystemGrid, end: Endpoint) -> tuple[str, ...]:
    """Return the axes of a system of this document; nothing for another's."""
    if end.path is not None:
        return ()
    for system in grid.systems:
        if system.name == end.name:
            return tuple(axis.name for axis in system.axes)
    return ()


def _simplest(rows: NDArray[np.float64], before: Transform) -> Transform:
    """Return what rows say: of the type that it was, where that can say it."""
    square, offset = rows[:, :-1], rows[:, -1]
    diagonal: Sequence[float] = np.diag(square).tolist()
    if len(square) == len(diagonal) and np.array_equal(square, np.diag(diagonal)):
        if isinstance(before, Scale) and not offset.any():
            return Scale(tuple(diagonal))
        if isinstance(before, Translation) and set(diagonal) == {1.0}:
            return Translation(tuple(offset.tolist()))
    return affine(rows.tolist())
