"""Pixel sizes and origins carried through every level of an image.

Knows what an edit means for each level: how far apart levels are goes with the pixel
size, where the image is does not. How it is written is known by `written`.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.image import Image, Outcome
from napari_ngff.metadata.editing.levels import (
    agrees,
    computed,
    part_of_making,
)
from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.editing.units import ratio
from napari_ngff.metadata.editing.written import Written, written_of
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from napari_ngff.core.patch import Changes
    from napari_ngff.metadata.editing.edits import (
        MakeConsistent,
        SetOrigin,
        SetPixelSize,
    )
    from napari_ngff.metadata.editing.steps import Place


def set_pixel_size(edit: SetPixelSize, image: Image) -> Outcome | Problem:
    """Return what gives the pixels of an image another size along an axis."""
    written = written_of(image, edit.axis)
    if isinstance(written, Problem):
        return written
    size = _number(edit.size, image, "pixel-size", "A pixel size")
    if isinstance(size, Problem):
        return size
    factor, offset = written.whole[edit.axis] or (Fraction(1), Fraction(0))
    if factor < 0:  # mirrored: it says so, the levels do not
        size = -abs(size)
    elif size <= 0:
        text = "A pixel size must be more than 0."
        return image.refusal("pixel-size", text)
    if _is_of_whole(written, edit.axis):
        written = written.with_whole(edit.axis, (size, offset))
    else:
        targets = _sized(written, edit.axis, size, image)
        if isinstance(targets, Problem):
            return targets
        written = written.placed({edit.axis: targets})
    return Outcome(attributes=written.changes())


def _number(value: float, image: Image, kind: str, what: str) -> Fraction | Problem:
    if isinstance(value, bool) or not isfinite(value):
        return image.refusal(kind, f"{what} must be a finite number.")
    return exact(value)


def _is_of_whole(written: Written, axis: int) -> bool:
    """Tell whether the pixel size is stated once, for the image as a whole.

    0.4 has an example of that: the levels say 1, and the multiscales-level scale says
    how long a frame takes.
    """
    place = written.whole[axis]
    if place is None or place[0] == 1 or not written.whole_is_listed:
        return False
    plain = (Fraction(1), Fraction(0))
    return all(
        level.state == "plain" and level.place(axis) == plain
        for level in written.levels
    )


def _sized(
    written: Written, axis: int, size: Fraction, image: Image
) -> dict[int, Place] | Problem:
    """Return where each level goes when the finest one's pixels change their size."""
    base = written.place(0, axis)
    origin = (size, written.own(0, axis)[1])
    strided = written.is_strided
    found = {0: origin}
    for level in range(1, len(written.levels)):
        place = written.place(level, axis)
        if base is not None and place is not None:
            found[level] = _resized(base, place, size, strided=strided)
            continue
        factor = written.factors[level]
        if factor is None:
            return image.refusal(
                "level-shape",
                f"Level {level} states no pixel size along this axis, and without the "
                "shapes of all levels none can be computed. Correct the levels first.",
            )
        found[level] = computed(origin, factor[axis], strided=strided)
    return found


def _resized(base: Place, level: Place, size: Fraction, *, strided: bool) -> Place:
    """Return where a level is when pixels become larger by what the finest one's do.

    What its pixels are made of stays; an offset beyond that is of the place and not of
    the pixels, and stays as it is.
    """
    larger = size / base[0]
    made = part_of_making(base, level, strided=strided)
    extra = level[1] - base[1] - made
    return level[0] * larger, base[1] + made * larger + extra


def set_origin(edit: SetOrigin, image: Image) -> Outcome | Problem:
    """Return what moves an image along an axis, all levels by the same."""
    written = written_of(image, edit.axis)
    if isinstance(written, Problem):
        return written
    origin = _number(edit.origin, image, "origin", "An origin")
    if isinstance(origin, Problem):
        return origin
    factor, offset = written.whole[edit.axis] or (Fraction(1), Fraction(0))
    if not written.is_sized(0):
        text = "The file states no pixel size. State it first: without it nothing "
        return image.refusal("pixel-size-missing", text + "says what an origin means.")
    by = origin - written.own(0, edit.axis)[1]
    if offset and written.whole_is_listed:
        written = written.with_whole(edit.axis, (factor, offset + by))
    else:
        places = {
            level: (own[0], own[1] + by)
            for level, own in written.sized(edit.axis).items()
        }
        written = written.placed({edit.axis: places})
    return Outcome(attributes=written.changes())


def make_consistent(edit: MakeConsistent, image: Image) -> Outcome | Problem:
    """Return what puts every level where the finest one and the shapes put it."""
    del edit
    written = written_of(image, None)
    if isinstance(written, Problem):
        return written
    bases = written.places(0)
    if bases is None:
        text = "The finest level states no pixel sizes. State them first: the others "
        return image.refusal("pixel-size-missing", text + "follow from them.")
    if None in written.factors:
        text = "The shapes of some levels cannot be read, so that nothing can be "
        return image.refusal("level-shape", text + "computed from them.")
    strided = written.is_strided
    targets: dict[int, dict[int, Place]] = {}
    for axis, base in enumerate(bases):
        for level in range(1, len(written.levels)):
            factor = written.factors[level]
            sizes = image.shape(0), image.shape(level)
            if factor is None or None in sizes:
                continue
            place = written.place(level, axis)
            size, own = (shape[axis] for shape in sizes if shape is not None)
            if place is not None and agrees(base, place, size, own):
                continue
            wanted = computed(base, factor[axis], strided=strided)
            targets.setdefault(axis, {})[level] = wanted
    return Outcome(attributes=written.placed(targets).changes())


def converted(
    image: Image, axis: int, before: str | None, unit: str | None
) -> Changes | Problem:
    """Return what writes all numbers of an axis in another unit.

    Parameters
    ----------
    image
        The image.
    axis
        Index of the axis in the array.
    before, unit
        The unit of the numbers that are written, and the one to write them in.
    """
    much = ratio(before, unit)
    if much is None:
        told = "no unit" if before is None else shown(before)
        to = "no unit" if unit is None else shown(unit)
        text = f"Sizes cannot be converted from {told} to {to}. Change the unit alone, "
        return image.refusal("unit-conversion", text + "and the numbers by hand.")
    if much == 1 or image.model is None:
        return ()
    written = written_of(image, axis)
    if isinstance(written, Problem):
        return written
    if image.model.edges:
        text = "Transformations lead from this image to other coordinate systems, and "
        text += "would mean something else in another unit. Change the unit alone, or "
        return image.refusal("unit-conversion", text + "remove them first.")
    factor, offset = written.whole[axis] or (Fraction(1), Fraction(0))
    places = {
        level: (own[0] * much, own[1] * much)
        for level, own in written.sized(axis).items()
    }
    written = written.with_whole(axis, (factor, offset * much))
    return written.placed({axis: places}).changes()
