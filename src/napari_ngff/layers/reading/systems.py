"""Which coordinate system an image is shown in, and which it could be.

Knows what the versions of the format say about that (the intrinsic system, with the
multiscales-level transformations of 0.4 and 0.5); knows no napari.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.layers.reading.frame import Frame, frame
from napari_ngff.layers.reading.units import PIXEL
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.transforms import (
    Field,
    Identity,
    Unknown,
    assumed_axes,
    compose,
    obstacles,
)

if TYPE_CHECKING:
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.metadata.transforms import Transform


def image_frame(image: ImageData) -> Frame:
    """Return where the pixels of an image's finest level are.

    In the intrinsic coordinate system, after the multiscales-level transformations
    of 0.4 and 0.5. Where only the latter cannot be expressed, and leave the pixel size
    as it is, they are left out, with a problem.

    An axis whose pixel size is no good has the size 1, which nobody stated. Its unit
    is ``pixel`` here, for "1 micrometer" would be a wrong number shown as a true one;
    that napari then converts no units costs less.
    """
    multiscale, shape = image.multiscale, image.levels[0].shape
    whole = multiscale.transform
    problems: tuple[Problem, ...] = ()
    if level_matrix(multiscale, 0) is None and _keeps_size(whole):
        multiscale = replace(multiscale, transform=Identity())
        if level_matrix(multiscale, 0) is not None:
            problems = (_left_out(image, whole),)
    transform = compose(multiscale.levels[0].transform, multiscale.transform)
    assumed = assumed_axes(transform, len(multiscale.axes))
    axes = tuple(
        replace(axis, unit=PIXEL) if index in assumed else axis
        for index, axis in enumerate(multiscale.axes)
    )
    matrix = level_matrix(multiscale, 0)
    shown = frame(axes, matrix, shape, reason=_reason(transform))
    found = (*problems, *shown.problems)
    return replace(shown, problems=tuple(replace(p, node=image.node) for p in found))


def _keeps_size(transform: Transform) -> bool:
    """Whether what has no matrix in it moves pixels and does not resize them."""
    found = obstacles(transform)
    return bool(found) and all(
        isinstance(obstacle, Field | Unknown)
        and obstacle.type in ("displacements", "translation")
        for obstacle in found
    )


def _reason(transform: Transform) -> str:
    """Say why a transformation has no matrix."""
    match obstacles(transform):
        case (Field(type=name), *_):
            kind = f"its transformation is of the type '{plain(name)}'"
            return f"{kind}, which napari cannot show"
        case (Unknown(type=""), *_):
            return "the file says nothing of use about its pixel size"
        case (Unknown(type=name), *_):
            return f"its transformation of the type '{plain(name)}' cannot be used"
        case (_, *_):
            return "the numbers of its transformation could not be read"
        case _:
            return "the numbers of its transformation do not fit its axes"


def _left_out(image: ImageData, transform: Transform) -> Problem:
    return Problem(
        level="error",
        kind="not-placed",
        loc=("multiscales", image.index, "coordinateTransformations"),
        message=(
            "The transformation of the whole image is not applied: "
            f"{_reason(transform)}. The pixel size is right, the place is not."
        ),
    )


def other_systems(image: ImageData) -> tuple[Problem, ...]:
    """Tell of the coordinate systems of 0.6 that the image is not shown in.

    "Viewers should use the intrinsic coordinate system by default" (0.6,
    "multiscales" metadata): the others are alternatives. One that only displacements
    or coordinates lead to could not be shown: that is a warning.
    """
    edges = image.multiscale.edges
    if not edges:
        return ()
    names = {end.name for edge in edges for end in (edge.input, edge.output)}
    names -= {image.multiscale.intrinsic, None}
    listed = ", ".join(sorted(plain(name) for name in names)) or "without a name"
    # A matrix that is in an array was not read, for nothing is done with it.
    bad = [
        edge.transform
        for edge in edges
        if any(isinstance(o, Field | Unknown) for o in obstacles(edge.transform))
    ]
    text = (
        f"The image is shown in its own coordinate system "
        f"({plain(image.multiscale.intrinsic or 'intrinsic')}); the file also "
        f"describes: {listed}."
    )
    if bad:
        text += f" Not applied: {_reason(bad[0])}."
    return (
        Problem(
            level="warning" if bad else "info",
            kind="other-systems",
            loc=("multiscales", image.index, "coordinateTransformations"),
            message=text,
            node=image.node,
        ),
    )
