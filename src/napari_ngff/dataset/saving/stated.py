"""What a script states of axes, pixel sizes and units, checked and in our words.

Knows how each may be said; does not know arrays. All raise a ValueError that says what
was said, and what is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.axes import UNITS, Axis, default_axes, kind_of, normal_unit
from napari_ngff.metadata.transforms import Scale, Translation
from napari_ngff.metadata.transforms import Sequence as Steps

if TYPE_CHECKING:
    from napari_ngff.metadata.transforms import Transform

_NO_UNIT = "pixel"
_SUCH_AS = {"space": "micrometer", "time": "second"}
_NAMES = (str, Axis)
_KINDS = {axis.name: axis.type for axis in default_axes(5)}


def axes_of(axes: Any, ndim: int) -> tuple[Axis, ...]:
    """Return the axes that are named; None are the last of t, c, z, y, x."""
    if axes is None:
        return default_axes(ndim)
    if not isinstance(axes, Iterable) or not all(isinstance(a, _NAMES) for a in axes):
        message = f"axes={axes!r}: give a name for each axis, such as 'zyx'"
        raise ValueError(message)
    named = tuple(
        axis if isinstance(axis, Axis) else Axis(name=axis, type=_KINDS.get(axis))
        for axis in axes
    )
    names = [axis.name for axis in named]
    if len(named) != ndim:
        message = f"axes={axes!r} names {len(named)} axes, and the array has {ndim}"
        raise ValueError(message)
    if len(set(names)) < ndim:
        message = f"axes={axes!r}: each axis must have a name of its own"
        raise ValueError(message)
    return named


def with_units(axes: tuple[Axis, ...], units: Any) -> tuple[Axis, ...]:
    """Return the axes in the units that are named."""
    if units is None:
        return axes
    if isinstance(units, str):
        units = {axis.name: units for axis in axes if kind_of(axis) == "space"}
    if not isinstance(units, Mapping):
        units = _by_name("units", units, axes)
    _check_names("units", units, axes)
    return tuple(
        replace(axis, unit=_unit(units[axis.name], axis))
        if axis.name in units
        else axis
        for axis in axes
    )


def _by_name(what: str, given: Any, axes: tuple[Axis, ...]) -> dict[str, Any]:
    """Return by name what is said for each axis in order."""
    if not isinstance(given, Iterable) or len(values := tuple(given)) != len(axes):
        message = f"{what}={given!r}: {len(axes)} are needed, one for each axis"
        raise ValueError(message)
    return {axis.name: value for axis, value in zip(axes, values, strict=True)}


def _unit(text: Any, axis: Axis) -> str | None:
    if text is None or text == _NO_UNIT:
        return None
    unit = normal_unit(text) if isinstance(text, str) else None
    if unit is None:
        message = f"{text!r} is not a unit of OME-Zarr. Use one such as 'micrometer'"
        raise ValueError(message)
    # 0.4, "axes": "The unit SHOULD be one of" those of space, or those of time.
    kind = kind_of(axis) or ""
    if unit not in UNITS.get(kind, (unit,)):
        message = (
            f"units: {text!r} is no unit of {kind}, and the axis {axis.name!r} is "
        )
        message += f"one of {kind}. Use one such as {_SUCH_AS[kind]!r}"
        raise ValueError(message)
    return unit


def transform_of(axes: tuple[Axis, ...], scale: Any, translation: Any) -> Transform:
    """Return where pixels are, by their size and where the first of them is."""
    size = _numbers("scale", scale, axes, 1.0)
    if not all(number > 0 for number in size):
        message = f"scale={scale!r}: the size of a pixel is a number above 0"
        raise ValueError(message)
    place = _numbers("translation", translation, axes, 0.0)
    if not any(place):
        return Scale(size)
    return Steps((Scale(size), Translation(place)))


def _numbers(
    what: str, given: Any, axes: tuple[Axis, ...], default: float
) -> tuple[float, ...]:
    if given is None:
        return (default,) * len(axes)
    if not isinstance(given, Mapping):
        given = _by_name(what, given, axes)
    _check_names(what, given, axes)
    try:
        numbers = tuple(float(given.get(axis.name, default)) for axis in axes)
    except (TypeError, ValueError) as error:
        message = f"{what}={given!r}: each must be a number"
        raise ValueError(message) from error
    if not all(map(isfinite, numbers)):
        message = f"{what}={given!r}: each number must be finite"
        raise ValueError(message)
    return numbers


def _check_names(what: str, given: Mapping[str, Any], axes: tuple[Axis, ...]) -> None:
    names = [axis.name for axis in axes]
    if unknown := sorted(set(given) - set(names)):
        message = f"{what}: there is no axis {unknown[0]!r}; there are {names}"
        raise ValueError(message)
