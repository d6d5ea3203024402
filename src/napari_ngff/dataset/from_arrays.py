"""From a bare array and what its pixels mean to an image that can be saved.

Knows axes, pixel sizes and units as a script states them. Does not know how they are
stored, nor layers, which bring their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.metadata.axes import (
    Axis,
    default_axes,
    indices_of,
    kind_of,
    normal_unit,
)
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.model import (
    Channel,
    Group,
    ImageLabel,
    Level,
    Multiscale,
    Rendering,
)
from napari_ngff.metadata.transforms import Identity, Scale, Translation
from napari_ngff.metadata.transforms import Sequence as Steps
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.sources_in import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from napari_ngff.metadata.transforms import Transform

    Numbers: TypeAlias = Mapping[str, float] | Sequence[float]
    Units: TypeAlias = Mapping[str, str | None] | str

_NO_UNIT = "pixel"
_KINDS = {axis.name: axis.type for axis in default_axes(5)}


def image_of(
    data: Any,
    *,
    axes: str | Sequence[str | Axis] | None = None,
    scale: Numbers | None = None,
    translation: Numbers | None = None,
    units: Units | None = None,
    name: str | None = None,
    channels: Sequence[str | Channel] | None = None,
    labels: Mapping[str, Any] | None = None,
) -> ImageData:
    """Make an image of an array.

    Parameters
    ----------
    data
        A numpy, dask or zarr array, a `LazyArray`, or anything with ``shape``,
        ``dtype`` and numpy's indices. It is read when it is saved.
    axes
        A name for each axis of the array: one letter each (``"czyx"``), or a list of
        names or of `Axis`. ``t`` is time, ``c`` channel, ``z``, ``y`` and ``x`` are
        space. None: the last of t, c, z, y, x.
    scale
        Size of a pixel along each axis: by axis name, or a number for each axis. What
        is not named is 1.
    translation
        Where the centre of the first pixel is; what is not named is 0.
    units
        By axis name, or one for all space axes: the specification's names
        (``"micrometer"``) or what is usual for them (``"um"``).
    name
        What the image is called.
    channels
        A name for each channel.
    labels
        Label images by name: integer arrays, with all axes of the image but that of
        the channels, or with all of them.

    Returns
    -------
    ImageData
        The image, with one level, to be given to `dataset.plan.make_plan`.

    Raises
    ------
    ValueError
        If what is said does not fit the array.
    """
    array = _lazy(data)
    named = _with_units(_axes(axes, array.ndim), units)
    image = _image(
        array,
        named,
        _transform(named, scale, translation),
        name=name,
        rendering=_rendering(named, array.shape, channels),
    )
    made = tuple(_label(image, key, value) for key, value in (labels or {}).items())
    return replace(image, labels=made)


def _image(
    array: LazyArray,
    axes: tuple[Axis, ...],
    transform: Transform,
    *,
    name: str | None,
    rendering: Rendering | None = None,
    image_label: ImageLabel | None = None,
) -> ImageData:
    multiscale = Multiscale(
        name=name,
        axes=axes,
        levels=(Level(path="0", transform=transform),),
        transform=Identity(),
    )
    group = Group(
        version=None,
        dialect="0.5",
        multiscales=(multiscale,),
        rendering=rendering,
        image_label=image_label,
    )
    return ImageData(
        store="",
        node="",
        index=0,
        group=group,
        multiscale=multiscale,
        levels=(array,),
    )


def _lazy(data: Any) -> LazyArray:
    if not (hasattr(data, "shape") and hasattr(data, "dtype")):
        message = f"{type(data).__name__} is not an array that can be saved"
        raise ValueError(message)
    return data if isinstance(data, LazyArray) else LazyArray(source_of(data))


def _axes(axes: str | Sequence[str | Axis] | None, ndim: int) -> tuple[Axis, ...]:
    if axes is None:
        return default_axes(ndim)
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


def _with_units(axes: tuple[Axis, ...], units: Units | None) -> tuple[Axis, ...]:
    if units is None:
        return axes
    if isinstance(units, str):
        units = {axis.name: units for axis in axes if kind_of(axis) == "space"}
    _check_names("units", units, axes)
    return tuple(
        replace(axis, unit=_unit(units[axis.name])) if axis.name in units else axis
        for axis in axes
    )


def _unit(text: str | None) -> str | None:
    if text is None or text == _NO_UNIT:
        return None
    unit = normal_unit(text)
    if unit is None:
        message = f"{text!r} is not a unit of OME-Zarr. Use one such as 'micrometer'"
        raise ValueError(message)
    return unit


def _transform(
    axes: tuple[Axis, ...], scale: Numbers | None, translation: Numbers | None
) -> Transform:
    size = _numbers("scale", scale, axes, 1.0)
    if not all(number > 0 for number in size):
        message = f"scale={scale!r}: the size of a pixel is a number above 0"
        raise ValueError(message)
    place = _numbers("translation", translation, axes, 0.0)
    if not any(place):
        return Scale(size)
    return Steps((Scale(size), Translation(place)))


def _numbers(
    what: str, given: Numbers | None, axes: tuple[Axis, ...], default: float
) -> tuple[float, ...]:
    if given is None:
        return (default,) * len(axes)
    if isinstance(given, Mapping):
        _check_names(what, given, axes)
        numbers = tuple(float(given.get(axis.name, default)) for axis in axes)
    else:
        numbers = tuple(float(number) for number in given)
    if len(numbers) != len(axes):
        message = f"{what}={given!r}: {len(axes)} numbers are needed, one for each axis"
        raise ValueError(message)
    if not all(map(isfinite, numbers)):
        message = f"{what}={given!r}: each number must be finite"
        raise ValueError(message)
    return numbers


def _check_names(what: str, given: Mapping[str, Any], axes: tuple[Axis, ...]) -> None:
    names = [axis.name for axis in axes]
    if unknown := sorted(set(given) - set(names)):
        message = f"{what}: there is no axis {unknown[0]!r}; there are {names}"
        raise ValueError(message)


def _rendering(
    axes: tuple[Axis, ...],
    shape: tuple[int, ...],
    channels: Sequence[str | Channel] | None,
) -> Rendering | None:
    if channels is None:
        return None
    [count] = [shape[index] for index in indices_of(axes, "channel")] or [1]
    if len(channels) != count:
        message = f"{len(channels)} channels are named, and there are {count}"
        raise ValueError(message)
    return Rendering(
        channels=tuple(
            channel if isinstance(channel, Channel) else Channel(label=channel)
            for channel in channels
        )
    )


def _label(image: ImageData, name: str, data: Any) -> LabelData:
    array = _lazy(data)
    axes = image.multiscale.axes
    keep = tuple(range(len(axes)))
    if array.ndim < len(axes):
        channels = indices_of(axes, "channel")
        keep = tuple(index for index in keep if index not in channels)
    expected = tuple(image.levels[0].shape[index] for index in keep)
    fits = len(expected) == array.ndim and all(
        size in (1, whole) for size, whole in zip(array.shape, expected, strict=True)
    )
    if not fits or array.dtype.kind not in "iub":
        message = f"labels: {name!r} must be integers of the shape {expected}, "
        message += f"and is {array.dtype} of the shape {array.shape}"
        raise ValueError(message)
    matrix = level_matrix(image.multiscale, 0)
    known = None if matrix is None else scale_and_translation(matrix)
    size, place = known or ((1.0,) * len(axes), (0.0,) * len(axes))
    transform = Steps(
        (
            Scale(tuple(size[index] for index in keep)),
            Translation(tuple(place[index] for index in keep)),
        )
    )
    named = tuple(axes[index] for index in keep)
    block = ImageLabel()
    labelled = _image(array, named, transform, name=name, image_label=block)
    return LabelData(name=name, image=labelled, image_label=block)
