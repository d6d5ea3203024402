"""Which coordinate system an image is shown in, and which it could be.

Knows what the versions of the format say about that (the intrinsic system, with the
multiscales-level transformations of 0.4 and 0.5); knows no napari.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.layers.frame import Frame, frame
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.transforms import Field, Identity, Unknown, obstacles

if TYPE_CHECKING:
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.metadata.transforms import Transform


def image_frame(image: ImageData) -> Frame:
    """Return where the pixels of an image's finest level are.

    In the intrinsic coordinate system, after the multiscales-level transformations
    of 0.4 and 0.5. Where only the latter cannot be expressed they are left out, with
    a problem.
    """
    multiscale, shape = image.multiscale, image.levels[0].shape
    matrix = level_matrix(multiscale, 0)
    problems: tuple[Problem, ...] = ()
    transform = multiscale.levels[0].transform
    if matrix is None and not isinstance(multiscale.transform, Identity):
        matrix = level_matrix(replace(multiscale, transform=Identity()), 0)
        if matrix is not None:
            problems = (_left_out(image, multiscale.transform),)
    shown = frame(multiscale.axes, matrix, shape, reason=_reason(transform))
    found = (*problems, *shown.problems)
    return replace(shown, problems=tuple(replace(p, node=image.node) for p in found))


def _reason(transform: Transform) -> str:
    """Say why a transformation has no matrix."""
    for obstacle in obstacles(transform):
        if isinstance(obstacle, Field | Unknown):
            return (
                f"its transformation is of the type {plain(obstacle.type)!r}, which "
                "napari cannot show"
            )
        return "the numbers of its transformation could not be read"
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
    bad = [edge.transform for edge in edges if obstacles(edge.transform)]
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
