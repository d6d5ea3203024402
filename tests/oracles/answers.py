"""What an implementation says about one multiscale image, in words that all share.

An aspect that an implementation does not speak of is None. Knows no implementation.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Numbers = tuple[float, ...]
DIGITS = 9  # significant ones that numbers must share
PIXELS_BYTES = 64 * 2**20  # larger levels are not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One implementation's view of one image.

    Attributes
    ----------
    axes, types, units
        Per axis, in array order.
    scales, translations
        Per level and axis: each dataset's own transform.
    outer_scale, outer_translation
        The multiscales-level transform, per axis.
    spacing
        Size of a pixel of the finest level along each axis, all transforms applied.
    shapes, pixels
        Per level; a digest of the data type's name and the little-endian pixels in C
        order, or ``"unreadable"``; None where the level is too large to compare.
    channels
        Their labels.
    """

    axes: tuple[str, ...] | None = None
    types: tuple[str | None, ...] | None = None
    units: tuple[str | None, ...] | None = None
    scales: tuple[Numbers, ...] | None = None
    translations: tuple[Numbers, ...] | None = None
    outer_scale: Numbers | None = None
    outer_translation: Numbers | None = None
    spacing: Numbers | None = None
    shapes: tuple[tuple[int, ...], ...] | None = None
    pixels: tuple[str | None, ...] | None = None
    channels: tuple[str | None, ...] | None = None


ASPECTS = tuple(field.name for field in fields(Answer))


def differences(ours: Answer, theirs: Answer) -> Iterator[tuple[str, bool]]:
    """Yield each aspect of which both speak, and whether they agree on it."""
    for aspect in ASPECTS:
        mine, other = getattr(ours, aspect), getattr(theirs, aspect)
        if mine is not None and other is not None:
            yield aspect, mine == other


def numbers(values: Sequence[float]) -> Numbers:
    """Make numbers that may be compared: what is beyond `DIGITS` is cut."""
    return tuple(float(f"{float(value):.{DIGITS}g}") for value in values)


def digest(array: Any) -> str | None:
    """Digest the pixels of a level; None if it is too large to compare."""
    if array.dtype.itemsize * int(np.prod(array.shape)) > PIXELS_BYTES:
        return None
    try:
        pixels = np.asarray(array)
    except Exception:  # noqa: BLE001 - every implementation has errors of its own
        return "unreadable"
    plain = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    return hashlib.sha256(plain.dtype.name.encode() + plain.tobytes()).hexdigest()[:16]


def scale_and_translation(
    steps: Sequence[Mapping[str, Any]] | None, ndim: int
) -> tuple[Numbers, Numbers] | None:
    """Combine a list of scale, translation and identity objects, one after the other.

    None where there is any other, or one that has no numbers.
    """
    scale, translation = np.ones(ndim), np.zeros(ndim)
    for step in steps or ():
        kind = step["type"]
        values = step.get(kind)
        if kind == "scale" and values is not None:
            scale, translation = scale * values, translation * values
        elif kind == "translation" and values is not None:
            translation = translation + values
        elif kind != "identity":
            return None
    return numbers(scale), numbers(translation)
