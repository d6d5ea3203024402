"""What an edit of an image means for its labels and its siblings.

Knows which edits they share and how axes and sizes of theirs go with those of the
image; what an edit changes in the JSON is known by `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from napari_ngff.metadata.editing import (
    MakeConsistent,
    RenameAxis,
    Repair,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetChannelOrder,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.editing.repairs import OF_ARRAYS
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.editing.values import Values
    from napari_ngff.metadata.editing import Edit
    from napari_ngff.metadata.editing.image import Shape
    from napari_ngff.metadata.model import Group, Multiscale

_AxisEdit: TypeAlias = (
    RenameAxis | SetAxisMember | SetAxisType | SetOrigin | SetPixelSize | SetUnit
)


def adapted(edit: Edit, values: Values, node: str, index: int) -> tuple[Edit, ...]:
    """Return the edits that a relative needs; none where it is not concerned.

    Axes are found by their names. A label image of as many pixels as the image has
    takes its sizes and origins. Another one whose pixels have another size keeps the
    proportion, and one that begins elsewhere keeps the distance. Siblings take names
    and colours of channels too; each keeps its own origin, for they lie side by side.
    Levels are made consistent with the relative's own finest one. A problem that is
    repaired is repaired wherever the relative has it, but for places where the image
    has another of its kind: that one's repair is for those.

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
    if isinstance(edit, Repair):
        return tuple(_repairs(edit, values, node, index))
    image = _multiscale(values, values.stored.node, index)
    relative = _multiscale(values, node, 0)
    if image is None or relative is None:
        return ()
    if isinstance(edit, MakeConsistent):
        return (edit,) if len(relative.levels) > 1 else ()
    shapes = _shape(values, values.stored.node, index), _shape(values, node, 0)
    is_label = values.group(node).image_label is not None
    found = _Pair(image, relative, *shapes).adapted(edit, is_label=is_label)
    return () if found is None else (found,)


def _repairs(edit: Repair, values: Values, node: str, index: int) -> Iterator[Repair]:
    """Yield the repairs of a relative, those of later entries of a list first."""
    if edit.kind in OF_ARRAYS:
        yield edit
        return
    group, ours = values.group(node), values.group(values.stored.node)
    others = {_spot(p.loc, ours, index) for p in ours.problems if p.kind == edit.kind}
    others.discard(_spot(edit.loc, ours, index))
    for problem in reversed(group.problems):
        if problem.kind == edit.kind and _spot(problem.loc, group, 0) not in others:
            yield Repair(kind=problem.kind, loc=problem.loc)


def _spot(loc: Loc, group: Group, index: int) -> Loc:
    """Return a place in attributes such that images of any version compare."""
    start = (*group.loc, "multiscales", index)
    if loc[: len(start)] == start:
        return ("image", *loc[len(start) :])
    return loc[len(group.loc) :] if loc[: len(group.loc)] == group.loc else loc


def _multiscale(values: Values, node: str, index: int) -> Multiscale | None:
    entries = values.group(node).multiscales
    return entries[index] if index < len(entries) else None


def _shape(values: Values, node: str, index: int) -> Shape:
    return next(iter(values.stored.shapes(node, index)), None)


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


class _Pair(NamedTuple):
    """An image and a relative of it, with the shapes of their finest levels."""

    image: Multiscale
    relative: Multiscale
    image_shape: Shape
    relative_shape: Shape

    def adapted(self, edit: Edit, *, is_label: bool) -> Edit | None:
        """Return the edit that the relative needs; None where it is not concerned."""
        if isinstance(edit, SetChannel | SetChannelOrder):
            return None if is_label else edit
        if not isinstance(edit, _AxisEdit):
            return None
        axis = self._same_axis(edit.axis)
        if axis is None:
            return None
        if isinstance(edit, SetPixelSize) and is_label:
            return replace(edit, axis=axis, size=self._size(edit, axis))
        if isinstance(edit, SetOrigin):
            if not is_label:
                return None
            return replace(edit, axis=axis, origin=self._origin(edit, axis))
        if isinstance(edit, SetUnit):
            before = edit.before or self.image.axes[edit.axis].unit
            return replace(edit, axis=axis, before=before)
        return replace(edit, axis=axis)

    def _same_axis(self, axis: int) -> int | None:
        """Return the relative's axis that has the name of an axis of the image."""
        if not 0 <= axis < len(self.image.axes):
            return None
        names = [one.name for one in self.relative.axes]
        name = self.image.axes[axis].name
        return names.index(name) if name in names else None

    def _is_alike(self, axis: int) -> bool:
        """Tell whether the pixels are the same ones, whatever sizes are stated.

        Along an axis that the relative has one pixel of, as a projection has, others
        may differ.

        Parameters
        ----------
        axis
            Of the image, along which they have to be as many in any case.
        """
        ours, theirs = self.image_shape, self.relative_shape
        if ours is None or theirs is None or len(ours) != len(self.image.axes):
            return False
        if len(theirs) != len(self.relative.axes):
            return False
        for one, own in enumerate(ours):
            other = self._same_axis(one)
            if other is None or theirs[other] == own:
                continue
            if one == axis or theirs[other] != 1:
                return False
        return True

    def _size(self, edit: SetPixelSize, axis: int) -> float:
        ours, theirs = _place(self.image, edit.axis), _place(self.relative, axis)
        if ours is None or theirs is None or not ours.size or ours.size == theirs.size:
            return edit.size
        if self._is_alike(edit.axis):
            return edit.size
        return float(exact(edit.size) * exact(theirs.size) / exact(ours.size))

    def _origin(self, edit: SetOrigin, axis: int) -> float:
        ours, theirs = _place(self.image, edit.axis), _place(self.relative, axis)
        if ours is None or theirs is None or ours.origin == theirs.origin:
            return edit.origin
        if self._is_alike(edit.axis):
            return edit.origin
        return float(exact(edit.origin) + exact(theirs.origin) - exact(ours.origin))
