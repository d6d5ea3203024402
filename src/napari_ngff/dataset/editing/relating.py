"""What an edit of an image means for its labels and its siblings.

Knows which edits they share and how axes and sizes of theirs go with those of the
image; what an edit changes in the JSON is known by `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from napari_ngff.dataset.editing.values import Values
    from napari_ngff.metadata.editing import Edit
    from napari_ngff.metadata.model import Multiscale

_AxisEdit: TypeAlias = (
    RenameAxis | SetAxisMember | SetAxisType | SetOrigin | SetPixelSize | SetUnit
)


def adapt(edit: Edit, values: Values, node: str, index: int) -> Edit | None:
    """Return the edit that a relative needs; None where it is not concerned.

    Axes are found by their names. A label image whose pixels have another size than
    those of the image keeps the proportion, and one that begins elsewhere keeps the
    distance. Siblings take names and colours of channels too; each keeps its own
    origin, for they lie side by side.

    Parameters
    ----------
    edit
        What is done to the image.
    values
        What documents say before it.
    node
        The relative, of which the first entry of ``multiscales`` is edited.
    index
        The entry of the image that is edited.
    """
    image = _multiscale(values, values.stored.node, index)
    relative = _multiscale(values, node, 0)
    if image is None or relative is None:
        return None
    is_label = values.group(node).image_label is not None
    if isinstance(edit, SetChannel):
        return None if is_label else edit
    if not isinstance(edit, _AxisEdit):
        return None
    axis = _same_axis(image, relative, edit.axis)
    if axis is None:
        return None
    if isinstance(edit, SetPixelSize) and is_label:
        size = _size(edit, image, relative, axis)
        return replace(edit, axis=axis, size=size)
    if isinstance(edit, SetOrigin):
        if not is_label:
            return None
        return replace(edit, axis=axis, origin=_origin(edit, image, relative, axis))
    if isinstance(edit, SetUnit):
        before = edit.before or image.axes[edit.axis].unit
        return replace(edit, axis=axis, before=before)
    return replace(edit, axis=axis)


def _multiscale(values: Values, node: str, index: int) -> Multiscale | None:
    entries = values.group(node).multiscales
    return entries[index] if index < len(entries) else None


def _same_axis(image: Multiscale, relative: Multiscale, axis: int) -> int | None:
    """Return the relative's axis that has the name of an axis of the image."""
    if not 0 <= axis < len(image.axes):
        return None
    names = [one.name for one in relative.axes]
    name = image.axes[axis].name
    return names.index(name) if name in names else None


class _Place(NamedTuple):
    """Size of the finest level's pixels along an axis, and where the first one is."""

    size: float
    origin: float


def _place(multiscale: Multiscale, axis: int) -> _Place | None:
    matrix = level_matrix(multiscale, 0) if multiscale.levels else None
    found = None if matrix is None else scale_and_translation(matrix)
    if found is None or axis >= len(found[0]):
        return None
    scale, translation = found
    return _Place(float(scale[axis]), float(translation[axis]))


def _size(
    edit: SetPixelSize, image: Multiscale, relative: Multiscale, axis: int
) -> float:
    ours, theirs = _place(image, edit.axis), _place(relative, axis)
    if ours is None or theirs is None or not ours.size or ours.size == theirs.size:
        return edit.size
    return float(exact(edit.size) * exact(theirs.size) / exact(ours.size))


def _origin(
    edit: SetOrigin, image: Multiscale, relative: Multiscale, axis: int
) -> float:
    ours, theirs = _place(image, edit.axis), _place(relative, axis)
    if ours is None or theirs is None or ours.origin == theirs.origin:
        return edit.origin
    return float(exact(edit.origin) + exact(theirs.origin) - exact(ours.origin))
