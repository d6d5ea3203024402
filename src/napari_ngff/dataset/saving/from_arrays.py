"""From a bare array and what its pixels mean to an image that can be saved.

Knows axes, pixel sizes and units as a script states them. Does not know how they are
stored, nor layers, which bring their own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import check_path, plain
from napari_ngff.core.portable import fault_of, unique
from napari_ngff.core.problems import UnsafePath
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.saving.stated import axes_of, transform_of, with_units
from napari_ngff.metadata.axes import indices_of
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
from napari_ngff.storage.pyramids.sources_in import source_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.transforms import Transform

    Numbers: TypeAlias = Mapping[str, float] | Sequence[float]
    Units: TypeAlias = Mapping[str, str | None] | Sequence[str | None] | str

_TAKEN = frozenset(("zarr.json", ".zgroup", ".zattrs", ".zarray", ".zmetadata"))


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
        By axis name, one for each axis, or one for all space axes: the specification's
        names (``"micrometer"``) or what is usual for them (``"um"``).
    name
        What the image is called.
    channels
        A name for each channel.
    labels
        Label images by name, which becomes that of a folder: integer arrays, with all
        axes of the image but that of the channels, or with all of them.

    Returns
    -------
    ImageData
        The image, with one level, to be given to `saving.plan.make_plan`.

    Raises
    ------
    ValueError
        If what is said does not fit the array.
    """
    array = _lazy(data)
    named = with_units(axes_of(axes, array.ndim), units)
    image = _image(
        array,
        named,
        transform_of(named, scale, translation),
        name=name,
        rendering=_rendering(named, array.shape, channels),
    )
    return image if labels is None else replace(image, labels=_labels(image, labels))


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
    array = data if isinstance(data, LazyArray) else LazyArray(source_of(data))
    if not array.ndim:
        message = "the array has no axes: it is one number, not an image"
        raise ValueError(message)
    return array


def _rendering(
    axes: tuple[Axis, ...],
    shape: tuple[int, ...],
    channels: Sequence[object] | None,
) -> Rendering | None:
    if channels is None:
        return None
    [count] = [shape[index] for index in indices_of(axes, "channel")] or [1]
    is_list = hasattr(channels, "__len__") and not isinstance(channels, str)
    if not is_list:
        message = f"channels={channels!r}: give a list of names, one for each channel"
        raise ValueError(message)
    if len(channels) != count:
        message = f"{len(channels)} channels are named, and there are {count}"
        raise ValueError(message)
    return Rendering(
        channels=tuple(
            channel
            if isinstance(channel, Channel)
            else Channel(label=None if channel is None else str(channel))
            for channel in channels
        )
    )


def _check_label_name(name: object) -> None:
    try:
        check_path(name)
    except UnsafePath as error:
        reason = error.reason
    else:
        text = str(name)
        reason = fault_of(text)
        if not reason and (text.startswith("__") or text in _TAKEN):
            reason = "Zarr does not take it for one"
        if not reason:
            return
    shown = plain(repr(name), limit=80)
    message = f"labels: {shown} cannot be the name of a folder: {reason}"
    raise ValueError(message)


def _labels(image: ImageData, labels: Any) -> tuple[LabelData, ...]:
    if not hasattr(labels, "items"):
        message = "labels: give each a name, such as {'cells': array}"
        raise ValueError(message)
    made = tuple(_label(image, name, array) for name, array in labels.items())
    names = [label.name for label in made]
    if alike := [a for a, b in zip(names, unique(names), strict=True) if a != b]:
        message = f"labels: {alike[0]!r} is there in capitals and in small letters, "
        message += "which many file systems do not tell apart. Choose other names"
        raise ValueError(message)
    return made


def _label(image: ImageData, name: str, data: Any) -> LabelData:
    _check_label_name(name)
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
