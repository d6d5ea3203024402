"""Problems that have one sure remedy, and the edit that is it.

Knows kinds of problems and what they leave no doubt about; where something has to be
guessed, such as a unit that nobody states, there is no fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import at
from napari_ngff.metadata.axes import UNITS, Axis, kind_of, normal_unit
from napari_ngff.metadata.editing.edits import (
    Edit,
    Repair,
    SetAxisType,
    SetChannel,
    SetUnit,
)
from napari_ngff.metadata.editing.image import Image, Outcome
from napari_ngff.metadata.editing.repairs import OF_ARRAYS, REPAIRS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.editing.image import Names, Shape
    from napari_ngff.metadata.model import Channel, Group, Window


def fix_of(
    problem: Problem,
    attributes: Any,
    group: Group,
    *,
    multiscale: int = 0,
    shapes: Sequence[Shape] = (),
    dimension_names: Sequence[Names] = (),
) -> Edit | None:
    """Return the edit that remedies a problem; None where there is no sure remedy.

    Parameters
    ----------
    problem
        Its `loc` is relative to the attributes; one of an array's names of dimensions
        may have any.
    attributes, group, multiscale, shapes, dimension_names
        As for `changes_of`.
    """
    image = Image(
        attributes=attributes,
        group=group,
        index=multiscale,
        shapes=shapes,
        dimension_names=dimension_names,
    )
    found = _EDITS.get(problem.kind)
    if found is not None:
        return found(image, problem.loc)
    if problem.kind in REPAIRS:
        edit = Repair(kind=problem.kind, loc=problem.loc)
        return edit if repaired(edit, image) != Outcome() else None
    return None


def repaired(edit: Repair, image: Image) -> Outcome:
    """Return what a repair changes; nothing where the problem is not there any more."""
    told = {(problem.kind, problem.loc) for problem in image.group.problems}
    make = REPAIRS.get(edit.kind)
    if make is None or not ((edit.kind, edit.loc) in told or edit.kind in OF_ARRAYS):
        return Outcome()
    return make(image, edit.loc)


def _axis(image: Image, loc: Loc) -> tuple[int, Axis] | None:
    """Return the axis of the image at a place; None where it is no axis of it."""
    for axes in image.axes_locs[:1]:
        if len(loc) > len(axes) and loc[: len(axes)] == axes:
            index = loc[len(axes)]
            known = image.model.axes if image.model is not None else ()
            if isinstance(index, int) and index < len(known):
                return index, known[index]
    return None


def _axis_type(image: Image, loc: Loc) -> Edit | None:
    # Of t, c, z, y and x everyone knows what they are.
    found = _axis(image, loc)
    kind = None if found is None else kind_of(found[1])
    if found is None or kind is None:
        return None
    return SetAxisType(axis=found[0], type=kind)


def _unit(image: Image, loc: Loc) -> Edit | None:
    # A synonym means one unit of the specification.
    found = _axis(image, loc)
    unit = None if found is None else normal_unit(found[1].unit)
    if found is None or unit is None:
        return None
    if unit not in UNITS.get(found[1].type or "", (unit,)):
        return None
    return SetUnit(axis=found[0], unit=unit)


def _channel(image: Image, loc: Loc) -> tuple[int, Channel] | None:
    where: Loc = (*image.group.loc, "omero", "channels")
    rendering = image.group.rendering
    index = loc[len(where)] if loc[: len(where)] == where != loc else None
    if rendering is None or not isinstance(index, int) or not image.json:
        return None
    if index >= len(rendering.channels):
        return None
    return index, rendering.channels[index]


def _color(image: Image, loc: Loc) -> Edit | None:
    # Six digits are in it, with a # or an opacity.
    found = _channel(image, loc)
    if found is None or found[1].color is None:
        return None
    return SetChannel(channel=found[0], member="color", value=found[1].color)


def _label(image: Image, loc: Loc) -> Edit | None:
    # A number that is a label is meant as text.
    found = _channel(image, loc)
    if found is None or found[1].label is None:
        return None
    return SetChannel(channel=found[0], member="label", value=found[1].label)


def _end(member: str, other: str) -> Callable[[Image, Loc], Edit | None]:
    """Return what gives a window one end, which is that of what is beside it."""

    def fix(image: Image, loc: Loc) -> Edit | None:
        found = _channel(image, loc)
        window: Window | None = None if found is None else found[1].window
        value = None if window is None else getattr(window, other)
        if found is None or value is None:
            return None
        written = at(image.attributes, (*loc, other))
        number = written if isinstance(written, (int, float)) else value
        return SetChannel(channel=found[0], member=f"window.{member}", value=number)

    return fix


_EDITS: Final[Mapping[str, Callable[[Image, Loc], Edit | None]]] = {
    "axis-type-missing": _axis_type,
    "axis-unit-unknown": _unit,
    "channel-color-form": _color,
    "channel-label-invalid": _label,
    "window-start-missing": _end("start", "min"),
    "window-end-missing": _end("end", "max"),
    "window-min-missing": _end("min", "start"),
    "window-max-missing": _end("max", "end"),
}
