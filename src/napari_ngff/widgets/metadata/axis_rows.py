"""What the table of axes shows: a row an axis, computed from what the group says now.

Knows drafts and the words of the table; no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.metadata.axes import kind_of, normal_unit, short_unit
from napari_ngff.metadata.editing.levels import finest
from napari_ngff.metadata.versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.metadata.axes import Axis

_DIGITS: Final = 6
_NAMES: Final = tuple(VERSIONS)
_WITH_SYSTEMS: Final = _NAMES[_NAMES.index("0.6") :]

#: What is in a row that can be edited, and the field that an edit of it names.
COLUMNS: Final = (
    "name",
    "type",
    "unit",
    "size",
    "origin",
    "longName",
    "discrete",
    "orientation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRow:
    """One axis: what the file says of it, and what follows from that.

    Attributes
    ----------
    index
        Which axis of the array.
    axis
        The axis in the model.
    size, origin
        Length of a pixel and place of the first pixel's centre at the finest level;
        None where no two numbers say it.
    can_be_placed
        Whether these can be set; a matrix or a field leaves no room for them.
    length
        Number of pixels; None where that is not known.
    extent
        The length in space or time that all pixels cover, in words; empty where it
        cannot be told.
    edited
        Those of `COLUMNS` that differ from the file.
    note
        What is doubtful about the unit; empty where nothing is.
    """

    index: int
    axis: Axis
    size: float | None
    origin: float | None
    can_be_placed: bool
    length: int | None
    extent: str
    edited: frozenset[str]
    note: str = ""

    @property
    def title(self) -> str:
        """What the axis is called, fit to be shown."""
        return plain(self.axis.name, limit=32) or f"axis {self.index}"


def field_of(index: int, column: str) -> tuple[str | int, ...]:
    """Return the field that an edit of a column of an axis names."""
    if column == "size":
        return ("pixel_size", index)
    if column == "origin":
        return ("origin", index)
    return ("axis", index, column)


def axis_rows(draft: Draft) -> tuple[AxisRow, ...]:
    """Return a row for each axis of the image that is edited."""
    multiscale = draft.multiscale
    if multiscale is None:
        return ()
    first = finest(multiscale)
    unknown = (None,) * len(multiscale.axes)
    sizes, origins = first.scale or unknown, first.translation or unknown
    shape = next(iter(draft.shapes), None)
    return tuple(
        AxisRow(
            index=index,
            axis=axis,
            size=sizes[index],
            origin=origins[index],
            can_be_placed=first.state != "mixed",
            length=shape[index] if shape and index < len(shape) else None,
            extent=_extent(axis, sizes[index], shape, index),
            edited=frozenset(c for c in COLUMNS if draft.is_edited(field_of(index, c))),
            note=_note(axis),
        )
        for index, axis in enumerate(multiscale.axes)
    )


def shows_systems(draft: Draft) -> bool:
    """Whether the version has long names, discrete axes and orientations."""
    return draft.group.dialect in _WITH_SYSTEMS


def alike(rows: tuple[AxisRow, ...], index: int) -> tuple[AxisRow, ...]:
    """Return the rows of all axes of space if this is one, else this row alone."""
    if kind_of(rows[index].axis) != "space":
        return (rows[index],)
    return tuple(row for row in rows if kind_of(row.axis) == "space")


def names_of(rows: tuple[AxisRow, ...]) -> str:
    """Return the names of axes as they are spoken: ``z, y and x``."""
    return names_of_axes([row.title for row in rows])


def names_of_axes(names: Sequence[str]) -> str:
    """Return names as they are spoken: ``z, y and x``; empty for none."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def brief(value: float) -> str:
    """Return a computed number in few digits; it is shown, never written."""
    return f"{value:.{_DIGITS}g}"


def _extent(
    axis: Axis, size: float | None, shape: tuple[int, ...] | None, index: int
) -> str:
    if size is None or shape is None or index >= len(shape):
        return ""
    if kind_of(axis) == "channel" or (axis.unit is None and size == 1):
        return ""
    unit = normal_unit(axis.unit) or axis.unit
    text = brief(shape[index] * abs(size))
    return f"{text} {short_unit(plain(unit, limit=16))}" if unit else text


def _note(axis: Axis) -> str:
    """Tell what is doubtful about an axis's unit."""
    kind = kind_of(axis)
    if axis.unit is None:
        return "It has no unit." if kind in ("space", "time") else ""
    normal = normal_unit(axis.unit)
    unit = plain(axis.unit, limit=32)
    if normal is None:
        return (
            f"'{unit}' is no unit that the specification names: other tools may not "
            "understand it."
        )
    if normal != axis.unit:
        return f"'{unit}' is called '{normal}' in the specification."
    return ""
