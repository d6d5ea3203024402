"""Where levels are."""

from __future__ import annotations

from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.geometry import (
    downsample_factors,
    level_matrix,
    level_transform,
    scale_and_translation,
)
from napari_ngff.metadata.model import Level, Multiscale
from napari_ngff.metadata.transforms import (
    Identity,
    MapAxis,
    Scale,
    Sequence,
    Transform,
    Translation,
    Unknown,
    matrix,
)

WHOLE = Sequence((Scale((10,)), Translation((1,))))


def pyramid(*transforms: Transform, transform: Transform) -> Multiscale:
    levels = (Level(path=f"s{i}", transform=t) for i, t in enumerate(transforms))
    return Multiscale(
        name=None, axes=(Axis(name="x"),), levels=tuple(levels), transform=transform
    )


def test_level_matrix_applies_the_image_after_the_level():
    """0.4: multiscales-level transforms are applied after those of the level."""
    image = pyramid(Scale((2,)), Scale((4,)), transform=WHOLE)

    assert [[40, 1], [0, 1]] == level_matrix(image, 1).tolist()
    assert level_matrix(pyramid(Unknown("?"), transform=Identity()), 0) is None


def test_scale_and_translation_of_a_matrix():
    """Only where axes are not mixed."""
    rows = matrix(Sequence((Scale((2, -3)), Translation((5, 7)))), 2)

    assert ((2.0, -3.0), (5.0, 7.0)) == scale_and_translation(rows)
    assert scale_and_translation(matrix(MapAxis((1, 0)), 2)) is None


def test_downsample_factors_are_ratios_of_shapes():
    """As napari has them, not rounded."""
    assert (1.0, 2.002) == downsample_factors((3, 1001), (3, 500))


def test_a_mean_level_is_centred_and_a_strided_one_is_not():
    """Translation = t0 + (f - 1) / 2 * s0, or t0."""
    mean = level_transform((0.5, 2), (10, 0), (4, 1), "mean")
    strided = level_transform((0.5, 2), (10, 0), (4, 1), "strided")

    assert ((2.0, 2), (10.75, 0)) == mean
    assert ((2.0, 2), (10.0, 0)) == strided
