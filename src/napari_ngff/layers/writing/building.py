"""From what is known of an image to the value that is saved.

Knows the model of the format and its nodes; does not know layers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from napari_ngff.core.portable import unique
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.layers.writing.world import transforms
from napari_ngff.metadata.axes import EMPTY
from napari_ngff.metadata.model import Group, Level, Multiscale
from napari_ngff.metadata.transforms import obstacles, paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.layers.writing.assembling import Assembled
    from napari_ngff.layers.writing.origins import Origin
    from napari_ngff.metadata.axes import CoordinateSystem
    from napari_ngff.metadata.model import Edge, ImageLabel, Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One image or label image, without its labels.

    Attributes
    ----------
    assembled
        Its pixels, axes and places.
    origin
        The image of a file that its layers are parts of, beside layers of no file;
        None without one.
    name
        What it is called.
    rendering, image_label
        How it looks; a label image has an `image_label`.
    problems
        What is lost.
    """

    assembled: Assembled
    origin: Origin | None = None
    name: str | None = None
    rendering: Rendering | None = None
    image_label: ImageLabel | None = None
    problems: tuple[Problem, ...] = ()


def image_of(made: Made, name: str | None, labels: Sequence[Made] = ()) -> ImageData:
    """Return an image with its labels, whose names become unique.

    Parameters
    ----------
    made
        The image.
    name
        What it is called.
    labels
        Its label images.
    """
    names = unique([each.name or "labels" for each in labels])
    multiscale = _multiscale(made, name)
    own = made.origin.image.group if made.origin else None
    return ImageData(
        store="",
        node="",
        index=0,
        group=Group(
            version=None,
            dialect="",
            multiscales=(multiscale,),
            rendering=made.rendering,
            labels=tuple(names) or None,
            image_label=made.image_label,
            extra=own.extra if own else EMPTY,
            foreign=own.foreign if own else EMPTY,
        ),
        multiscale=multiscale,
        levels=made.assembled.placed.levels,
        labels=tuple(
            LabelData(
                name=label,
                image=image_of(each, label),
                image_label=each.image_label,
                parent="",
            )
            for each, label in zip(labels, names, strict=True)
        ),
    )


def _multiscale(made: Made, name: str | None) -> Multiscale:
    """Return the pyramid, with what its file says of it beside."""
    levels, whole = transforms(made.assembled.placed)
    multiscale = Multiscale(
        name=name,
        axes=made.assembled.axes,
        levels=tuple(
            Level(path=str(i), transform=transform)
            for i, transform in enumerate(levels)
        ),
        transform=whole,
    )
    if made.origin is None:
        return multiscale
    own = made.origin.image.multiscale
    multiscale = replace(multiscale, extra=own.extra)
    if made.assembled.origin is None:
        return multiscale
    multiscale = replace(multiscale, method=own.method, metadata=own.metadata)
    edges = kept_edges(made.assembled)
    if not edges:
        return multiscale
    return replace(
        multiscale,
        intrinsic=own.intrinsic,
        coordinate_systems=_systems(made.assembled, own),
        edges=edges,
    )


def _systems(assembled: Assembled, own: Multiscale) -> tuple[CoordinateSystem, ...]:
    """Return the file's coordinate systems, the image's own with its axes."""
    return tuple(
        replace(system, axes=assembled.axes) if system.name == own.intrinsic else system
        for system in own.coordinate_systems
    )


def kept_edges(assembled: Assembled) -> tuple[Edge, ...]:
    """Return the transformations to other systems, if all hold without their file."""
    if assembled.origin is None:
        return ()
    edges = assembled.origin.image.multiscale.edges
    lost = any(obstacles(e.transform) or paths(e.transform) for e in edges)
    return () if lost else edges
