"""Where pixels are: the only place that multiplies scales.

Knows the transforms of a pyramid's levels and what napari makes of them: napari has
one transform per layer and draws every level over the extent of the first, knowing
only shapes. Knows no arrays and no napari names (`reading.space` renames).

Coordinates are those of pixel centres: pixel 0 covers [-0.5, 0.5).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from napari_ngff.metadata.transforms import (
    FloatArray,
    Vector,
    compose,
    inverse_matrix,
    is_scale_translation,
    matrix,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.metadata.transforms import Transform

Method: TypeAlias = Literal["mean", "strided"]


def level_matrix(multiscale: Multiscale, index: int) -> FloatArray | None:
    """Return where a level's pixels are.

    Parameters
    ----------
    multiscale
        The pyramid; arrays that its transforms name by path are resolved.
    index
        Which of its levels.

    Returns
    -------
    ndarray of float64, shape (n + 1, ndim + 1), or None
        From pixel indices to the intrinsic coordinate system, multiscales-level
        transforms of 0.4 and 0.5 applied; None where no matrix can express it.
    """
    return matrix(whole_transform(multiscale, index), len(multiscale.axes))


def whole_transform(multiscale: Multiscale, index: int) -> Transform:
    """Return a level's transform with that of the whole image after it."""
    return compose(multiscale.levels[index].transform, multiscale.transform)


def scale_and_translation(matrix: FloatArray) -> tuple[Vector, Vector] | None:
    """Return the factor and offset of each axis; None where a matrix mixes axes."""
    if not is_scale_translation(matrix):
        return None
    return tuple(np.diagonal(matrix)[:-1].tolist()), tuple(matrix[:-1, -1].tolist())


def downsample_factors(base_shape: Sequence[int], shape: Sequence[int]) -> Vector:
    """Return how many pixels of the finest level napari draws one pixel over.

    Parameters
    ----------
    base_shape, shape
        Shapes of the finest and of the other level; no dimension is 0.
    """
    return tuple(big / small for big, small in zip(base_shape, shape, strict=True))


def level_transform(
    scale: Sequence[float],
    translation: Sequence[float],
    factors: Sequence[float],
    method: Method,
) -> tuple[Vector, Vector]:
    """Return scale and translation of a level made from another one.

    Parameters
    ----------
    scale, translation
        Of the level it is made from.
    factors
        How many pixels become one, per axis.
    method
        ``"mean"``: a pixel is made of all pixels that it covers, its centre is the
        centre of theirs ("translation = (scale_N - scale_0) / 2", 0.6).
        ``"strided"``: it is the first of them and stays where that is.

    Returns
    -------
    scale, translation
        Tuples with one number per axis.
    """
    shift = {"mean": 0.5, "strided": 0.0}[method]
    parts = tuple(zip(scale, translation, factors, strict=True))
    return (
        tuple(f * s for s, _, f in parts),
        tuple(t + shift * (f - 1) * s for s, t, f in parts),
    )


def misplacement(
    base: FloatArray,
    level: FloatArray,
    base_shape: Sequence[int],
    shape: Sequence[int],
) -> FloatArray | None:
    """Return how far from its stated place napari draws a level.

    napari draws the centre of pixel i at coordinate ``f * i + (f - 1) / 2`` of the
    finest level, f being the ratio of the shapes.

    Parameters
    ----------
    base, level
        The matrices of the finest and of the other level (`level_matrix`).
    base_shape, shape
        Their shapes.

    Returns
    -------
    ndarray of float64, shape (2 ** ndim, ndim), or None
        Drawn minus stated place of the level's corner pixels, the first pixel first
        and the last one last, in pixels of the finest level. None where that cannot
        be said: no pixels, or no inverse of `base`.
    """
    undone = inverse_matrix(base)
    if undone is None or level.shape != base.shape or 0 in (*base_shape, *shape):
        return None
    factors = np.array(downsample_factors(base_shape, shape))
    corners = np.array(list(product(*((0, n - 1) for n in shape))), dtype=np.float64)
    with np.errstate(all="ignore"):
        stated = undone @ level
        at = corners @ stated[:-1, :-1].T + stated[:-1, -1]
        error: FloatArray = factors * corners + (factors - 1) / 2 - at
    return error if np.isfinite(error).all() else None


def explained_by_making(
    base: FloatArray,
    level: FloatArray,
    base_shape: Sequence[int],
    shape: Sequence[int],
) -> tuple[bool, ...]:
    """Return, by axis, whether a level is where making it smaller puts it.

    Such a level is right, and napari draws it elsewhere all the same: by less than a
    pixel of its own where sizes do not divide evenly, and by up to half of one where
    a pixel stays where the first of those that it stands for is.

    Parameters
    ----------
    base, level, base_shape, shape
        As for `misplacement`, which is not None for them.

    Returns
    -------
    tuple of bool
        True where a pixel of the level is a pixel of the finest or larger, its number
        of pixels covers the finest level but for a part of one pixel, and its first
        pixel lies between the first and the middle of those that it is made of.
    """
    undone = inverse_matrix(base)
    if undone is None:
        return (False,) * len(shape)
    with np.errstate(all="ignore"):
        stated = undone @ level
        lengths, offsets = np.diagonal(stated)[:-1], stated[:-1, -1]
        sizes, counts = np.array(base_shape), np.array(shape)
        slack = 1e-3 * np.abs(lengths)
        mixed = np.abs(stated[:-1, :-1] - np.diag(lengths)) @ counts
        right: np.ndarray[tuple[int], np.dtype[np.bool]] = (
            (mixed <= slack)
            & (lengths >= 1 - slack)
            & (np.abs(sizes - counts * lengths) < lengths)
            & (offsets >= -slack)
            & (offsets <= (lengths - 1) / 2 + slack)
        )
    return tuple(right.tolist())
