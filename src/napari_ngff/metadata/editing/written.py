"""The places of all levels of an image as they are written, and written otherwise.

Knows a level's own transformations and those of the image as a whole, which come after;
what places mean is known by `placing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from napari_ngff.core.patch import apply
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.image import TRANSFORMS, Image, put
from napari_ngff.metadata.editing.levels import computed, factors, is_strided
from napari_ngff.metadata.editing.steps import Steps, fresh, moved, steps_of
from napari_ngff.metadata.editing.systems import SetTransform, system_changes
from napari_ngff.metadata.editing.whole import SAME, transform_of, whole_of
from napari_ngff.metadata.transforms import matrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.patch import Change, Changes
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.editing.steps import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where levels are, as it is written.

    Attributes
    ----------
    image
        The image that it is written of.
    levels
        The transformations of each.
    whole
        What is done to each axis of the image as a whole; None where axes are mixed.
    whole_steps
        That as it is written in 0.4 and 0.5; None in later versions.
    factors
        By level: how many of the finest level's pixels make one, an axis a number.
    """

    image: Image
    levels: tuple[Steps, ...]
    whole: tuple[Place | None, ...]
    whole_steps: Steps | None
    factors: tuple[tuple[Fraction, ...] | None, ...]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.whole)

    @property
    def whole_is_listed(self) -> bool:
        """Whether there are transformations of the whole that numbers can be put in."""
        steps = self.whole_steps
        return steps is not None and steps.state == "plain" and bool(steps.found)

    @property
    def is_strided(self) -> bool:
        """Whether pixels of the levels are where the first that they are made of is."""
        places = [self.places(level) for level in range(len(self.levels))]
        model = self.image.model
        return is_strided(places, None if model is None else model.method)

    def is_sized(self, level: int) -> bool:
        """Tell whether a pixel size is stated for a level, as the reader sees it."""
        steps = self.levels[level]
        if steps.state != "plain":
            return False
        whole = self.whole_steps is not None and self.whole_steps.has_scale
        return whole or steps.style == "single" or not steps.only_moves

    def own(self, level: int, axis: int) -> Place:
        """Return what is done to an axis of a level, transformations of the whole too.

        What is not stated is as if it were 1, at 0.
        """
        factor, offset = self.whole[axis] or SAME
        own = self.levels[level].place(axis)
        return factor * own[0], factor * own[1] + offset

    def sized(self, axis: int) -> dict[int, Place]:
        """Return what is done to an axis of each level whose pixel size is stated."""
        levels = range(len(self.levels))
        return {i: self.own(i, axis) for i in levels if self.is_sized(i)}

    def place(self, level: int, axis: int) -> Place | None:
        """Return the same; None where no pixel size is stated that can be used."""
        steps = self.levels[level]
        if not self.is_sized(level) or (steps.has_scale and not steps.states(axis)):
            return None
        if self.whole[axis] is None:
            return None
        return self.own(level, axis)

    def places(self, level: int) -> tuple[Place, ...] | None:
        """Return that of every axis; None where one of them has none."""
        found = [self.place(level, axis) for axis in range(self.ndim)]
        known = tuple(place for place in found if place is not None)
        return known if len(known) == self.ndim else None

    def placed(self, targets: Mapping[int, Mapping[int, Place]]) -> Written:
        """Return levels put elsewhere.

        Parameters
        ----------
        targets
            By axis and level: its factor and offset then, transformations of the whole
            included. Levels that state nothing yet state something for every axis.
        """
        levels = list(self.levels)
        for level in sorted({level for found in targets.values() for level in found}):
            own = {
                axis: found[level] for axis, found in targets.items() if level in found
            }
            if not self.is_sized(level):
                own = self._others(level, targets) | own
            levels[level] = self._moved(level, own)
        return replace(self, levels=tuple(levels))

    def _others(
        self, level: int, targets: Mapping[int, Mapping[int, Place]]
    ) -> dict[int, Place]:
        """Return where a level is along each axis, as the finest one has it."""
        by_axis = self.factors[level] or (Fraction(1),) * self.ndim
        strided = self.is_strided
        found = {}
        for axis, factor in enumerate(by_axis):
            base = targets.get(axis, {}).get(0) or self.own(0, axis)
            found[axis] = computed(base, factor, strided=strided)
        return found

    def _moved(self, level: int, targets: Mapping[int, Place]) -> Steps:
        steps = self.levels[level]
        own: dict[int, Place] = {}
        for axis, (scale, offset) in targets.items():
            factor, shift = self.whole[axis] or SAME
            own[axis] = scale / factor, (offset - shift) / factor
        if steps.state == "absent":
            places = tuple(own[axis] for axis in range(self.ndim))
            value = fresh(places, steps.style, self._ends(level))
            return steps_of(value, self.ndim, steps.style)
        for axis, place in own.items():
            steps = moved(steps, axis, place)
        return steps

    def _ends(self, level: int) -> dict[str, Any]:
        model = self.image.model
        if model is None or not self.image.has_systems:
            return {}
        systems = [system.name for system in model.coordinate_systems]
        name = model.intrinsic or next(iter(systems), "")
        path = model.levels[level].path
        return {"input": {"path": path}, "output": {"name": name}}

    def with_whole(self, axis: int, place: Place) -> Written:
        """Return the image with something else done to an axis of it as a whole."""
        if self.whole[axis] == place:
            return self
        whole = (*self.whole[:axis], place, *self.whole[axis + 1 :])
        steps = self.whole_steps
        if steps is not None:
            steps = moved(steps, axis, place)
        return replace(self, whole=whole, whole_steps=steps)

    def changes(self) -> Changes:
        """Return what makes the attributes say this."""
        image = self.image
        attributes = image.attributes
        found: list[Change] = []
        parts: list[tuple[Loc, Any]] = [
            ((*loc, TRANSFORMS), steps.value)
            for (loc, item), steps in zip(image.datasets, self.levels, strict=True)
            if steps != steps_of(item.get(TRANSFORMS), self.ndim, steps.style)
        ]
        if self.whole_is_listed and self.whole_steps is not None:
            parts.append(((*image.loc, TRANSFORMS), self.whole_steps.value))
        for loc, value in parts:
            changes = put(attributes, loc, value)
            attributes = apply(attributes, changes)
            found += changes
        return (*found, *self._changes_of_whole(attributes))

    def _changes_of_whole(self, attributes: Any) -> Changes:
        """Return what changes the transformation of the whole image from 0.6 on."""
        model = self.image.model
        if self.whole_steps is not None or model is None:
            return ()
        rows = matrix(model.transform, self.ndim)
        if rows is None:
            return ()
        other = rows.copy()
        for axis, place in enumerate(self.whole):
            if place is not None:
                other[axis, axis], other[axis, -1] = map(float, place)
        if np.array_equal(rows, other):
            return ()
        edit = SetTransform(edge=None, transform=transform_of(other))
        found = system_changes(
            edit, attributes, self.image.group, multiscale=self.image.index
        )
        return () if isinstance(found, Problem) else found


def written_of(image: Image, axis: int | None) -> Written | Problem:
    """Return where the levels of an image are.

    Parameters
    ----------
    image
        The image.
    axis
        The axis to be edited. None: every level, beside the others; then what is done
        to the image as a whole is left out of all places.

    Returns
    -------
    Written or Problem
        A problem where no factors and offsets say where levels are.
    """
    if (why := _unfit(image, axis)) is not None or image.model is None:
        return why or image.refusal("no-image", "There is no image to be edited.")
    ndim = len(image.model.axes)
    style: Literal["list", "single"] = "single" if image.has_systems else "list"
    levels = tuple(
        steps_of(item.get(TRANSFORMS), ndim, style) for _, item in image.datasets
    )
    for index, ((loc, _), steps) in enumerate(zip(image.datasets, levels, strict=True)):
        listed = steps.value if isinstance(steps.value, list) else []
        several = style == "single" and len(listed) > 1
        kinds = [step.kind for step in steps.found]
        if steps.state == "other" or (several and kinds != ["scale", "translation"]):
            text = f"Level {index} is placed by more than pixel sizes and an offset, "
            text += "such as a matrix. Edit its coordinateTransformations in the file."
            return image.refusal("level-transform", text, loc)
    found = whole_of(image, axis, ndim)
    if isinstance(found, Problem):
        return found
    return Written(
        image=image,
        levels=levels,
        whole=found[0],
        whole_steps=found[1],
        factors=factors([image.shape(level) for level in range(len(levels))]),
    )


def _unfit(image: Image, axis: int | None) -> Problem | None:
    version, model = image.group.dialect, image.model
    if model is None or not model.levels or len(model.levels) != len(image.datasets):
        text = "There is no image in this group whose levels could be edited."
        return image.refusal("no-image", text)
    if version in ("0.1", "0.2", "0.3"):
        text = (
            f"OME-Zarr {version} has no pixel sizes and no origin. Upgrade the store "
        )
        return image.refusal("version-forbids", text + "to 0.5 first, or save it anew.")
    if axis is not None and not 0 <= axis < len(model.axes):
        return image.refusal("axis-unknown", f"There is no axis {axis}.")
    return None
