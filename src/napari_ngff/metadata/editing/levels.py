"""Where pixel sizes and shapes put the levels of a pyramid, beside what is stated.

Knows factors and offsets of axes; not how they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.transforms import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.metadata.editing.steps import Place
    from napari_ngff.metadata.model import Multiscale

    Shape: TypeAlias = tuple[int, ...] | None

#: Of a level's pixel: by so much may an offset be off and still be what is meant.
_SLACK: Final = Fraction(1, 1000)
#: Words for ways of making levels in which a pixel stays where the first one was.
_STRIDED: Final = ("nearest", "strid", "subsampl", "decimat")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """One level, as stated and as computed from the finest one and the shapes.

    All in the axes' units and their order, transformations of the image as a whole
    included.

    Attributes
    ----------
    index, path, shape
        Which level it is, and the shape of its array; None where it is not known.
    stated_scale, stated_translation
        As the file says; None where it says none, or a matrix.
    scale, translation
        As computed; None where the finest level's are not stated or shapes are not
        known. Those of the finest level are its own.
    agrees
        By axis: whether what is stated is what can be computed, however the level was
        made. True where nothing can be computed.
    """

    index: int
    path: str
    shape: Shape
    stated_scale: tuple[float, ...] | None
    stated_translation: tuple[float, ...] | None
    scale: tuple[float, ...] | None
    translation: tuple[float, ...] | None
    agrees: tuple[bool, ...]

    @property
    def is_consistent(self) -> bool:
        """Whether it is where it has to be along every axis."""
        return all(self.agrees)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finest:
    """Pixel sizes and origin of the finest level.

    Attributes
    ----------
    scale, translation
        One number an axis; None where `state` is not ``stated``.
    state
        ``stated``; ``unstated``: the file says none, and they can be set; ``mixed``:
        a matrix, or something that cannot be used, so that there are no such numbers.
    """

    scale: tuple[float, ...] | None
    translation: tuple[float, ...] | None
    state: Literal["stated", "unstated", "mixed"]


def level_rows(multiscale: Multiscale, shapes: Sequence[Shape]) -> tuple[LevelRow, ...]:
    """Return a row for each level of an image.

    Parameters
    ----------
    multiscale
        The image, arrays that its transforms name resolved.
    shapes
        The shape of each level; None where it is not known.
    """
    ndim = len(multiscale.axes)
    count = len(multiscale.levels)
    fit = [_fit(shapes, index, ndim) for index in range(count)]
    places = [stated_places(multiscale, index) for index in range(count)]
    by_factors = factors(fit)
    strided = is_strided(places, multiscale.method)
    return tuple(
        _row(multiscale, index, fit, places, by_factors[index], strided=strided)
        for index in range(count)
    )


def _fit(shapes: Sequence[Shape], index: int, ndim: int) -> Shape:
    shape = shapes[index] if index < len(shapes) else None
    return shape if shape is not None and len(shape) == ndim else None


def _row(
    multiscale: Multiscale,
    index: int,
    shapes: Sequence[Shape],
    places: Sequence[tuple[Place, ...] | None],
    factor: tuple[Fraction, ...] | None,
    *,
    strided: bool,
) -> LevelRow:
    base, stated, shape = places[0], places[index], shapes[index]
    wanted = None
    if base is not None and factor is not None:
        wanted = tuple(
            computed(place, f, strided=strided)
            for place, f in zip(base, factor, strict=True)
        )
    agree = (True,) * len(multiscale.axes)
    if wanted is not None and stated is None:
        agree = (False,) * len(agree)
    elif base is not None and stated is not None and index:
        agree = tuple(
            agrees(*pair, _size(shapes[0], axis), _size(shape, axis))
            for axis, pair in enumerate(zip(base, stated, strict=True))
        )
    return LevelRow(
        index=index,
        path=multiscale.levels[index].path,
        shape=shape,
        stated_scale=_floats(stated, 0),
        stated_translation=_floats(stated, 1),
        scale=_floats(wanted, 0),
        translation=_floats(wanted, 1),
        agrees=agree,
    )


def _size(shape: Shape, axis: int) -> int | None:
    return None if shape is None else shape[axis]


def _floats(
    places: tuple[Place, ...] | None, part: Literal[0, 1]
) -> tuple[float, ...] | None:
    return None if places is None else tuple(_float(place[part]) for place in places)


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def finest(multiscale: Multiscale) -> Finest:
    """Return pixel sizes and origin of the finest level of an image."""
    places = stated_places(multiscale, 0) if multiscale.levels else None
    if places is not None:
        return Finest(
            scale=_floats(places, 0), translation=_floats(places, 1), state="stated"
        )
    first = multiscale.levels[0].transform if multiscale.levels else None
    # What lacks or is of the wrong length; a matrix is of another type.
    unknown = isinstance(first, Unknown) and first.type in ("", "scale")
    state: Literal["unstated", "mixed"] = "unstated" if unknown else "mixed"
    return Finest(scale=None, translation=None, state=state)


def stated_places(multiscale: Multiscale, index: int) -> tuple[Place, ...] | None:
    """Return factor and offset of each axis of a level; None without such numbers."""
    rows = level_matrix(multiscale, index)
    numbers = None if rows is None else scale_and_translation(rows)
    if numbers is None or len(numbers[0]) != len(multiscale.axes):
        return None
    return tuple((exact(s), exact(t)) for s, t in zip(*numbers, strict=True))


def factors(shapes: Sequence[Shape]) -> tuple[tuple[Fraction, ...] | None, ...]:
    """Return how many pixels of the finest level one of each level is made of.

    Parameters
    ----------
    shapes
        Of the levels, the finest one first; None where it is not known.

    Returns
    -------
    tuple
        By level, a number an axis: whole from one level to the next where a whole
        number of pixels explains the shapes, else their ratio. None where a shape is
        not known, and for the levels after.
    """
    if not shapes or shapes[0] is None:
        return (None,) * len(shapes)
    found: list[tuple[Fraction, ...] | None] = [(Fraction(1),) * len(shapes[0])]
    for before, now in pairwise(shapes):
        last = found[-1]
        if before is None or now is None or last is None or 0 in (*before, *now):
            found.append(None)
            continue
        steps = map(_factor, before, now)
        found.append(tuple(f * step for f, step in zip(last, steps, strict=True)))
    return tuple(found)


def _factor(before: int, now: int) -> Fraction:
    whole = max(round(Fraction(before, now)), 1)
    if now in (before // whole, -(-before // whole)):
        return Fraction(whole)
    return Fraction(before, now)


def computed(base: Place, factor: Fraction, *, strided: bool) -> Place:
    """Return where a level is, from the place of the finest one.

    Parameters
    ----------
    base
        Factor and offset of an axis at the finest level.
    factor
        How many of its pixels become one.
    strided
        Whether a pixel stays where the first of those is, and not in their middle.
    """
    scale, offset = base
    shift = Fraction(0) if strided else (factor - 1) / 2 * scale
    return scale * factor, offset + shift


def is_strided(places: Sequence[tuple[Place, ...] | None], method: str | None) -> bool:
    """Tell whether levels were made of every second pixel or the like, as offsets say.

    Where no level's offset says it, the name of the method does.
    """
    votes = 0
    base = places[0] if places else None
    for level in places[1:]:
        for (scale, offset), (own, at) in zip(base or (), level or (), strict=False):
            half, shift = (own - scale) / 2, at - offset
            near = abs(own) * _SLACK
            if abs(half) > near:
                votes += (abs(shift) <= near) - (abs(shift - half) <= near)
    if votes:
        return votes > 0
    # A scale without any translation is what most writers leave of a mean, too.
    return any(word in (method or "").casefold() for word in _STRIDED)


def part_of_making(base: Place, level: Place, *, strided: bool) -> Fraction:
    """Return how much of a level's offset from the finest comes of making it.

    An offset between none and the middle of the pixels that become one is all of that
    kind. The rest of another one is deliberate.
    """
    half, shift = (level[0] - base[0]) / 2, level[1] - base[1]
    low, high = sorted((Fraction(0), half))
    near = abs(level[0]) * _SLACK
    if low - near <= shift <= high + near:
        return shift
    return Fraction(0) if strided else half


def agrees(base: Place, level: Place, size: int | None, own: int | None) -> bool:
    """Tell whether a level is where making it of the finest one puts it.

    Parameters
    ----------
    base, level
        Factor and offset of an axis at the finest level and at the other one.
    size, own
        Their numbers of pixels along it; None where they are not known.
    """
    if size is None or own is None or not base[0]:
        return True
    length, shift = level[0] / base[0], (level[1] - base[1]) / base[0]
    near = abs(length) * _SLACK
    if own == size > 1:
        return abs(length - 1) <= near and abs(shift) <= near
    return (
        length >= 1 - near
        and abs(size - own * length) < length
        and -near <= shift <= (length - 1) / 2 + near
    )
