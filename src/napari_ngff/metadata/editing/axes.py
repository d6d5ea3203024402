"""Names, types and other words of axes, and the name of an image: what an edit changes.

Knows the axes of each version and who repeats their names; units that are converted
are known by `placing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import MISSING, at
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.axes import default_axes, normal_unit
from napari_ngff.metadata.editing.image import (
    TRANSFORMS,
    Image,
    Outcome,
    is_writable,
    joined,
)
from napari_ngff.metadata.editing.placing import converted
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.editing.edits import (
        RenameAxis,
        SetAxisMember,
        SetAxisType,
        SetMultiscaleName,
        SetUnit,
    )

#: Members of an axis that only versions with coordinate systems have.
_NEW: Final = ("longName", "discrete", "orientation")
_OLD_NAMES: Final = tuple(axis.name for axis in default_axes(5))


def set_name(edit: SetMultiscaleName, image: Image) -> Outcome | Problem:
    """Return what gives an image another name."""
    if not image.json:
        return no_image(image)
    value = MISSING if edit.name is None else edit.name
    return Outcome(attributes=joined(image.attributes, ((*image.loc, "name"), value)))


def no_image(image: Image) -> Problem:
    """Return that there is no image to be edited."""
    return image.refusal("no-image", "There is no image in this group to be edited.")


def rename(edit: RenameAxis, image: Image) -> Outcome | Problem:
    """Return what gives an axis another name, here and in its arrays."""
    if (why := _unfit(edit.axis, image)) is not None:
        return why
    axes = image.model.axes if image.model is not None else ()
    name = edit.name.strip()
    if not name:
        return image.refusal("axis-name-missing", "An axis must have a name.")
    if any(a.name == name for i, a in enumerate(axes) if i != edit.axis):
        text = f"There is an axis {shown(name)} already. Choose another name."
        return image.refusal("axis-name-duplicate", text)
    if image.group.dialect == "0.3":
        return _rename_text(edit.axis, name, image)
    if (old := axes[edit.axis].name) in _named(image):
        text = f"A transformation names the axis {shown(old)}, as only development "
        text += "versions of OME-Zarr do. Upgrade the store to 0.6 first."
        return image.refusal("axis-named", text)
    found = _members(image, edit.axis, "name", name)
    if isinstance(found, Problem):
        return found
    return Outcome(attributes=found, dimension_names=_repeated(edit.axis, name, image))


def _rename_text(axis: int, name: str, image: Image) -> Outcome | Problem:
    # "The values MUST be unique and one of `{"t", "c", "z", "y", "x"}`."
    if name not in _OLD_NAMES:
        text = f"In OME-Zarr 0.3 an axis is one of {', '.join(_OLD_NAMES)}. Upgrade "
        return image.refusal("axis-name-unknown", text + "the store to 0.5 first.")
    loc = (*image.loc, "axes", axis)
    return Outcome(attributes=joined(image.attributes, (loc, name)))


def _repeated(axis: int, name: str, image: Image) -> dict[int, tuple[str | None, ...]]:
    """Return the names of dimensions of the arrays that have them, with a new one.

    0.5: "The "dimension_names" attribute MUST be included in the `zarr.json` of the
    Zarr array of a multiscale level and MUST match the names in the "axes" metadata."
    """
    count = len(image.model.axes) if image.model is not None else 0
    return {
        level: (*names[:axis], name, *names[axis + 1 :])
        for level, names in enumerate(image.dimension_names)
        if names is not None and len(names) == count and names[axis] != name
    }


def _named(image: Image) -> set[str]:
    """Return the axes that transformations name (development versions of 0.6)."""
    return set(_texts(image.json.get(TRANSFORMS)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("input_axes", "output_axes", "inputAxes", "outputAxes"):
                listed = item if isinstance(item, list) else []
            elif key == "mapAxis":
                pairs = item.items() if isinstance(item, Mapping) else ()
                listed = [part for pair in pairs for part in pair]
                listed += item if isinstance(item, list) else []
            else:
                yield from _texts(item)
                continue
            yield from (part for part in listed if isinstance(part, str))


def set_type(edit: SetAxisType, image: Image) -> Outcome | Problem:
    """Return what gives an axis another type."""
    return _set(image, edit.axis, "type", (edit.type or "").strip() or None)


def set_member(edit: SetAxisMember, image: Image) -> Outcome | Problem:
    """Return what gives an axis another member."""
    if edit.member in ("name", "type", "unit"):
        text = f"'{edit.member}' of an axis has an edit of its own."
        return image.refusal("axis-member", text)
    if edit.member in _NEW and not image.has_systems and edit.value is not None:
        text = f"'{edit.member}' is there from OME-Zarr 0.6 on. Upgrade the store to "
        return image.refusal("axis-member", text + "0.6 first.")
    if not is_writable(edit.value):
        text = f"{shown(edit.value)} cannot be written as JSON."
        return image.refusal("axis-member", text)
    return _set(image, edit.axis, edit.member, edit.value)


def set_unit(edit: SetUnit, image: Image) -> Outcome | Problem:
    """Return what gives an axis another unit, its numbers converted or kept."""
    unit = (edit.unit or "").strip() or None
    unit = normal_unit(unit) or unit
    found = _set(image, edit.axis, "unit", unit)
    if isinstance(found, Problem) or edit.keep == "number" or image.model is None:
        return found
    before = image.model.axes[edit.axis].unit or edit.before
    numbers = converted(image, edit.axis, before, unit)
    if isinstance(numbers, Problem):
        return numbers
    return Outcome(attributes=(*found.attributes, *numbers))


def _set(image: Image, axis: int, member: str, value: Any) -> Outcome | Problem:
    if (why := _unfit(axis, image)) is not None:
        return why
    if image.group.dialect == "0.3":
        text = "In OME-Zarr 0.3 an axis is a name alone. Upgrade the store to 0.5 "
        return image.refusal("axis-member", text + "first, to state more.")
    found = _members(image, axis, member, MISSING if value is None else value)
    return found if isinstance(found, Problem) else Outcome(attributes=found)


def _members(image: Image, axis: int, member: str, value: Any) -> Changes | Problem:
    """Return what changes a member of an axis wherever the axis is written."""
    parts: list[tuple[Loc, Any]] = []
    for count, axes in enumerate(image.axes_locs):
        loc = (*axes, axis)
        found = at(image.attributes, loc)
        if isinstance(found, str) and not count:
            found = {"name": found}
            new = {**found, member: value} if value is not MISSING else found
            parts.append((loc, new))
        elif isinstance(found, Mapping):
            parts.append(((*loc, member), value))
        elif not count:
            text = "The axis is not written as an object. Write 'axes' as a list of "
            return image.refusal("axis-invalid", text + "objects first.", loc)
    return joined(image.attributes, *parts)


def _unfit(axis: int, image: Image) -> Problem | None:
    """Return why an axis cannot be edited; None where it can."""
    if image.model is None or not image.json:
        return no_image(image)
    if not 0 <= axis < len(image.model.axes):
        return image.refusal("axis-unknown", f"There is no axis {axis}.")
    written = at(image.attributes, image.axes_locs[0]) if image.axes_locs else MISSING
    if isinstance(written, list) and axis < len(written):
        return None
    version = image.group.dialect
    if version in ("0.1", "0.2"):
        text = f"OME-Zarr {version} does not state axes: they are t, c, z, y, x. "
        return image.refusal("axes-missing", text + "Upgrade the store to 0.5 first.")
    text = "The file does not list its axes. Add them to the file, or save the image "
    return image.refusal("axes-missing", text + "anew.")
