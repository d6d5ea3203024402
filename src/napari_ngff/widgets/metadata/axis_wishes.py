"""What is wished when a cell of the table of axes is edited; no Qt.

Knows the columns of the table and the edits they stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisMember,
    SetAxisType,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.widgets.metadata.axis_rows import alike
from napari_ngff.widgets.metadata.axis_words import orientation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.widgets.metadata.axis_rows import AxisRow
    from napari_ngff.widgets.metadata.axis_words import UnitChange


def wishes_of(
    row: AxisRow, column: str, value: Any, *, keep: UnitChange
) -> tuple[AnyEdit, ...]:
    """Return the edits that give a column of an axis a value.

    Parameters
    ----------
    row
        The axis.
    column
        One of `axis_rows.COLUMNS`.
    value
        What was typed or chosen; None for nothing.
    keep
        What another unit keeps: the number of the pixel size, or the size itself.
    """
    axis = row.index
    match column:
        case "name":
            return (RenameAxis(axis=axis, name=value),)
        case "type":
            return (SetAxisType(axis=axis, type=value),)
        case "unit":
            return (SetUnit(axis=axis, unit=value, keep=keep),)
        case "size":
            return (SetPixelSize(axis=axis, size=value),)
        case "origin":
            return (SetOrigin(axis=axis, origin=value),)
        case "longName":
            value = value or None
        case "orientation":
            value = orientation_of(row.axis, value)
    return (SetAxisMember(axis=axis, member=column, value=value),)


def repeated(
    rows: Sequence[AxisRow], index: int, column: str, *, keep: UnitChange
) -> tuple[AnyEdit, ...]:
    """Return the edits that give all axes of space what one of them has."""
    row = rows[index]
    value = {"unit": row.axis.unit, "type": row.axis.type, "size": row.size}[column]
    others = (each for each in alike(tuple(rows), index) if each.index != index)
    return tuple(
        wish for each in others for wish in wishes_of(each, column, value, keep=keep)
    )
