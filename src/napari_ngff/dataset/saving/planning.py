"""One image and the options: its levels, how they are stored, what they will say.

Knows what the specification asks of an image's arrays and metadata. Knows neither
where the store goes nor what is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.alternatives import edges_with_numbers
from napari_ngff.dataset.saving.axis_types import with_space
from napari_ngff.dataset.saving.completeness import lost_pixels
from napari_ngff.dataset.saving.copying import stored_levels
from napari_ngff.dataset.saving.label_names import saved_names
from napari_ngff.dataset.saving.placing import place, transform_of
from napari_ngff.dataset.saving.pyramids import fault_of, pyramid_of
from napari_ngff.dataset.saving.remarks import misfits, remarks
from napari_ngff.dataset.saving.save_plan import ImagePlan, LabelPlan
from napari_ngff.dataset.saving.showing import shown_at_first
from napari_ngff.metadata.geometry import level_transform
from napari_ngff.metadata.model import ImageLabel, Level
from napari_ngff.storage.chunks.array_documents import layout_for
from napari_ngff.storage.chunks.compression import DEFAULT_COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData, LabelData
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.placing import Placed, Turn
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.geometry import Method as Placement
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.pyramids.downsample import Method
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan

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
_EXACT = ("0.6",)
"""Versions that hold any affine transformation."""


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
    obstacles = list(own.obstacles)
    problems = [*own.problems, *remarks(own.image, options)]
    levels = len(own.image.pyramid.levels)
    labels: list[LabelPlan] = []
    every = (*image.labels, *kept)
    names, renamed = saved_names([label.name for label in every], node=node)
    problems += renamed
    for label, called in zip(every, names, strict=True):
        planned = plan_label(
            replace(label, name=called), options, node=node, levels=levels
        )
        obstacles += planned.obstacles
        problems += planned.problems
        if planned.image is not None:
            labels.append(
                LabelPlan(name=called, image=planned.image, kept=label in kept)
            )
            problems += misfits(own.image, planned.image, called)
    return Planned(
        image=replace(own.image, labels=tuple(labels)),
        obstacles=tuple(obstacles),
        problems=tuple(problems),
    )


def plan_label(
    label: LabelData, options: SaveOptions, *, node: str, levels: int
) -> Planned:
    """Plan a label image of an image.

    Parameters
    ----------
    label
        What to save.
    options
        How.
    node
        The image's group inside the store.
    levels
        How many levels the image has: the label image should have as many.
    """
    return _plan_alone(
        _as_image(label),
        replace(options, levels=levels, name=None),
        node=f"{labels_node(node)}/{label.name}",
        name=label.name,
        method=options.label_method,
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
    image, retyped = with_space(image, node=node)
    turn: Turn = "keep" if options.affine == "raise" else options.affine
    placed = place(
        _integer_labels(image),
        turn="keep" if options.version in _EXACT else turn,
        how="nearest" if method in ("mode", "nearest") else "linear",
        node=node,
    )
    if fault := fault_of(placed, method) or lost_pixels(image.levels):
        return Planned(
            image=None, obstacles=(note("error", "pixels", fault, node=node),)
        )
    try:
        pyramid = pyramid_of(placed, options, method)
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
    edges, lost = edges_with_numbers(image, node=node)
    known = replace(image.multiscale, edges=edges if image.multiscale.intrinsic else ())
    name = options.name or known.name or name
    multiscale = _multiscale(known, placed, pyramid, name)
    group, unseen, problems = shown_at_first(
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
    untouched = placed.pixels is image.levels[0]
    plan = ImagePlan(
        data=data,
        node=node,
        pyramid=pyramid,
        layouts=layouts,
        stored=stored_levels(image, multiscale, layouts) if untouched else (),
        unseen=unseen,
    )
    return Planned(image=plan, problems=(*retyped, *placed.problems, *lost, *problems))


def _integer_labels(image: ImageData) -> ImageData:
    """Return a label image of integers: "one of u/int8-64" (0.5, "labels")."""
    if image.group.image_label is None or image.levels[0].dtype.kind != "b":
        return image
    return replace(image, levels=tuple(level.astype("uint8") for level in image.levels))


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
        name=name,
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
    """Return the coordinate systems; none where no level leads to one of them."""
    if multiscale.intrinsic is None:
        return ()
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
