"""One image and the options: its levels, how they are stored, what they will say.

Knows what the specification asks of an image's arrays and metadata. Knows neither
where the store goes nor what is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from napari_ngff.dataset.labels import labels_node
from napari_ngff.dataset.placing import Placed, place, transform_of
from napari_ngff.dataset.reading import note
from napari_ngff.dataset.save_plan import ImagePlan, LabelPlan
from napari_ngff.dataset.showing import shown_at_first
from napari_ngff.metadata.axes import kind_of, normal_unit
from napari_ngff.metadata.geometry import level_transform
from napari_ngff.metadata.lengths import relative_sizes
from napari_ngff.metadata.model import ImageLabel, Level
from napari_ngff.storage.array_documents import layout_for
from napari_ngff.storage.compression import DEFAULT_COMPRESSION
from napari_ngff.storage.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.shares import memory_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData, LabelData
    from napari_ngff.dataset.options import SaveOptions
    from napari_ngff.dataset.placing import Turn
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.geometry import Method as Placement
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.downsample import Method
    from napari_ngff.storage.pyramid import PyramidPlan

_PLACEMENTS: Mapping[Method, Placement] = {
    "mean": "mean",
    "mode": "mean",
    "nearest": "strided",
    "strided": "strided",
}
_WORDS: Mapping[Method, str] = {
    "mean": "the mean of the pixels that it covers, rounded half to even",
    "strided": "the first of the pixels that it covers",
    "mode": "the value that most of the pixels that it covers have",
    "nearest": "the first of the pixels that it covers",
}
_TYPES = "iuf"
_EXACT = ("0.6",)
"""Versions that hold any affine transformation."""
_LEAST_SHARD = 2**21


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan of an image, why it cannot be carried out, and what is lost by it.

    `image` is None where there are obstacles that leave nothing to show.
    """

    image: ImagePlan | None
    obstacles: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def plan_image(
    image: ImageData,
    options: SaveOptions,
    *,
    node: str,
    name: str,
    kept: Sequence[LabelData] = (),
) -> Planned:
    """Plan an image and its labels.

    Parameters
    ----------
    image
        What to save. With ``group.image_label`` it is a label image itself.
    options
        How.
    node
        Its group inside the store.
    name
        What it is called if it has no name.
    kept
        Further labels, those of the image that is replaced.
    """
    method = _method(image.group, options)
    own = _plan_alone(image, options, node=node, name=name, method=method)
    if own.image is None:
        return own
    obstacles, problems = list(own.obstacles), list(own.problems)
    levels = len(own.image.pyramid.levels)
    labels: list[LabelPlan] = []
    for label in (*image.labels, *kept):
        inside = f"{labels_node(node)}/{label.name}"
        planned = _plan_alone(
            _as_image(label),
            replace(options, levels=levels, name=None),
            node=inside,
            name=label.name,
            method=options.label_method,
        )
        obstacles += planned.obstacles
        problems += planned.problems
        if planned.image is not None:
            labels.append(
                LabelPlan(name=label.name, image=planned.image, kept=label in kept)
            )
            problems += _misfits(own.image, planned.image, label.name)
    return Planned(
        image=replace(own.image, labels=tuple(labels)),
        obstacles=tuple(obstacles),
        problems=tuple(problems),
    )


def _method(group: Group, options: SaveOptions) -> Method:
    return options.method if group.image_label is None else options.label_method


def label_alone(label: LabelData) -> ImageData:
    """Return a label image as an image of its own, not that of another one."""
    return _as_image(label, None)


def _as_image(label: LabelData, source: str | None = "../../") -> ImageData:
    """Return a label image with the block that says that it is one."""
    block = replace(label.image_label or ImageLabel(), source=source)
    group = replace(label.image.group, image_label=block)
    return replace(label.image, group=group)


def _plan_alone(
    image: ImageData, options: SaveOptions, *, node: str, name: str, method: Method
) -> Planned:
    turn: Turn = "keep" if options.affine == "raise" else options.affine
    placed = place(
        _integer_labels(image),
        turn="keep" if options.version in _EXACT else turn,
        how="nearest" if method in ("mode", "nearest") else "linear",
        node=node,
    )
    if fault := _fault(placed, method):
        return Planned(
            image=None, obstacles=(note("error", "pixels", fault, node=node),)
        )
    try:
        pyramid = _pyramid(placed, options, method)
        layouts = tuple(
            layout_for(
                level,
                pyramid.dtype,
                zarr_format=2 if options.version == "0.4" else 3,
                compression=options.compression or DEFAULT_COMPRESSION,
            )
            for level in pyramid.levels
        )
    except ValueError as error:
        return Planned(
            image=None, obstacles=(note("error", "options", str(error), node=node),)
        )
    multiscale = _multiscale(image.multiscale, placed, pyramid, options.name or name)
    group, problems = shown_at_first(
        _group(image.group, multiscale), pyramid.dtype, node=node
    )
    data = replace(
        image,
        store="",
        node=node,
        index=0,
        group=group,
        multiscale=multiscale,
        levels=(placed.pixels,),
        labels=(),
        problems=(),
    )
    plan = ImagePlan(data=data, node=node, pyramid=pyramid, layouts=layouts)
    return Planned(image=plan, problems=(*placed.problems, *problems))


def _integer_labels(image: ImageData) -> ImageData:
    """Return a label image of integers: "one of u/int8-64" (0.5, "labels")."""
    if image.group.image_label is None or image.levels[0].dtype.kind != "b":
        return image
    return replace(image, levels=tuple(level.astype("uint8") for level in image.levels))


def _fault(placed: Placed, method: Method) -> str:
    """Say why pixels cannot be saved, if so."""
    kind, shape = placed.pixels.dtype, placed.pixels.shape
    if not prod(shape):
        return f"There are no pixels: the shape is {shape}"
    if kind.kind == "c":
        text = "The pixels are complex numbers. Save their real and imaginary parts, "
        return text + "or magnitude and phase, as channels"
    if kind.kind not in _TYPES + "b" or kind.itemsize > 8:
        return f"Pixels of the type {kind} cannot be saved. Convert them"
    if method in ("mode", "nearest") and kind.kind == "f":
        return f"Labels must be integers, and these are {kind}. Convert them"
    return ""


def _pyramid(placed: Placed, options: SaveOptions, method: Method) -> PyramidPlan:
    """Plan levels that can be made within the memory that may be taken.

    Raises
    ------
    ValueError
        If what is asked for makes no sense.
    """
    names = [axis.name for axis in placed.axes]
    shards = "none" if options.version == "0.4" else options.shards
    wished = PyramidOptions(
        levels=options.levels,
        method=method,
        chunk=_per_axis(options.chunks, names),
        shard="none" if shards == "none" else _per_axis(shards, names),
    )
    space = tuple(kind_of(axis) == "space" for axis in placed.axes)
    shape, dtype = placed.pixels.shape, placed.pixels.dtype
    spacing = _spacing(placed, space)
    while True:
        plan = plan_pyramid(
            shape, dtype, spacing=spacing, may_shrink=space, options=wished
        )
        small = wished.shard_bytes // 2
        if memory_of(plan, 1) <= options.memory or small < _LEAST_SHARD:
            return plan
        wished = replace(wished, shard_bytes=small)


def _per_axis(
    sizes: Mapping[str, int], names: Sequence[str]
) -> tuple[int | None, ...] | None:
    found = tuple(sizes.get(name) for name in names)
    return found if any(size is not None for size in found) else None


def _spacing(placed: Placed, space: Sequence[bool]) -> tuple[float, ...]:
    """Return pixel sizes that can be compared along the axes of space; else 1."""
    at = [i for i, is_space in enumerate(space) if is_space]
    found = relative_sizes(
        tuple(placed.scale[i] for i in at),
        tuple(normal_unit(placed.axes[i].unit) for i in at),
    )
    sizes = dict(zip(at, found, strict=True))
    return tuple(sizes.get(i, 1.0) for i in range(len(space)))


def _multiscale(
    multiscale: Multiscale, placed: Placed, pyramid: PyramidPlan, name: str
) -> Multiscale:
    method = pyramid.method
    levels = tuple(
        Level(
            path=str(index),
            transform=transform_of(
                *level_transform(
                    placed.scale,
                    placed.translation,
                    level.scale_factors,
                    _PLACEMENTS[method],
                )
            ),
        )
        for index, level in enumerate(pyramid.levels)
    )
    made: dict[str, object] = {
        "method": f"napari_ngff, {method}",
        "description": f"Each pixel of a coarser level is {_WORDS[method]}.",
    }
    return replace(
        multiscale,
        name=multiscale.name or name,
        axes=placed.axes,
        levels=levels,
        transform=placed.rest,
        coordinate_systems=_systems(multiscale, placed.axes),
        method=method,
        metadata=made,
    )


def _systems(
    multiscale: Multiscale, axes: tuple[Axis, ...]
) -> tuple[CoordinateSystem, ...]:
    return tuple(
        replace(system, axes=axes) if system.name == multiscale.intrinsic else system
        for system in multiscale.coordinate_systems
    )


def _group(group: Group, multiscale: Multiscale) -> Group:
    """Return all that a group says, but what its place in another store made it be."""
    return replace(
        group,
        loc=(),
        multiscales=(multiscale,),
        labels=None,
        plate=None,
        well=None,
        scene=None,
        bioformats2raw=None,
        series=None,
        problems=(),
    )


def _misfits(image: ImagePlan, label: ImagePlan, name: str) -> tuple[Problem, ...]:
    """Say what of a label image is not as the specification wants it to be."""
    found = []
    if len(label.pyramid.levels) != len(image.pyramid.levels):
        text = f"The label image '{name}' has {len(label.pyramid.levels)} levels, the "
        text += f"image {len(image.pyramid.levels)}; they should have the same number"
        found.append(note("info", "label-levels", text, node=label.node))
    return tuple(found)
