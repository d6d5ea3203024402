"""What a multiscales entry asks of its arrays, checked without reading a pixel.

Knows shapes, dtypes and dimension names beside the model; reading warns of what it
finds and validating reports it. Reads nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.reading import note, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.storage.location import NodeDocument


_NAMELESS = ("0.1", "0.2")
_NAMED = ("0.5", "0.6", "0.9")
_ONE_DTYPE = ("0.6", "0.9")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayFacts:
    """What an array's metadata says of it.

    Attributes
    ----------
    node, loc
        The array's path; where the document of its image names it.
    shape
        As in the metadata; None where it is no list of sizes.
    dtype
        The numpy dtype; None where it is not one that numpy has.
    dimension_names
        Of Zarr v3, or ``_ARRAY_DIMENSIONS``; None where there are none.
    """

    node: str
    loc: Loc
    zarr_format: int
    shape: tuple[int, ...] | None
    dtype: np.dtype | None
    dimension_names: tuple[str | None, ...] | None


def array_facts(document: NodeDocument, loc: Loc = ()) -> ArrayFacts:
    """Take from an array's document what the checks need; never fails."""
    metadata = document.metadata
    kind = metadata.get("data_type" if document.zarr_format == 3 else "dtype")
    return ArrayFacts(
        node=document.node,
        loc=loc,
        zarr_format=document.zarr_format,
        shape=_shape(metadata.get("shape")),
        dtype=_dtype(kind),
        dimension_names=dimension_names(document),
    )


def _shape(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list | tuple):
        return None
    fine = all(type(size) is int and size >= 0 for size in value)
    return tuple(value) if fine else None


def _dtype(value: object) -> np.dtype | None:
    try:
        return np.dtype(value) if isinstance(value, str) else None
    except TypeError:
        return None


def dimension_names(document: NodeDocument) -> tuple[str | None, ...] | None:
    """Return an array's dimension names (Zarr v3, or xarray's); None without."""
    names = document.metadata.get("dimension_names")
    if names is None:
        names = document.attributes.get("_ARRAY_DIMENSIONS")
    if not isinstance(names, list | tuple) or not any(names):
        return None
    return tuple(name if isinstance(name, str) else None for name in names)


def problems_of_arrays(
    multiscale: Multiscale, arrays: Sequence[ArrayFacts], *, dialect: str
) -> tuple[Problem, ...]:
    """Check the arrays of a pyramid against its metadata.

    Parameters
    ----------
    multiscale
        The pyramid.
    arrays
        Those that are there, finest first.
    dialect
        The version whose rules hold: "0.1" … "0.9".
    """
    found: list[Problem] = []
    for facts in arrays:
        found += _ndim(multiscale, facts)
        found += _names(multiscale, facts, dialect)
    found += _dtypes(arrays, dialect)
    return tuple(found)


def _ndim(multiscale: Multiscale, facts: ArrayFacts) -> Iterator[Problem]:
    # "The number of axes MUST be equal to the dimensionality of the arrays" (0.4).
    if facts.shape is None or len(facts.shape) == len(multiscale.axes):
        return
    yield note(
        "error",
        "axes-length",
        f"The array {quoted(facts.node)} has {len(facts.shape)} dimensions, but the "
        f"image has {len(multiscale.axes)} axes: list one axis for each dimension",
        node=facts.node,
        loc=facts.loc,
    )


def _names(
    multiscale: Multiscale, facts: ArrayFacts, dialect: str
) -> Iterator[Problem]:
    axes = tuple(axis.name for axis in multiscale.axes)
    names = facts.dimension_names
    if names == axes or dialect in _NAMELESS:
        return
    # "dimension_names MUST be included in the zarr.json of the arrays and match the
    # names of the axes" (0.5.2, 0.6). Zarr v2 has _ARRAY_DIMENSIONS, which is free.
    if names is None:
        if dialect in _NAMED:
            yield note(
                "warning",
                "missing-dimension-names",
                f"The array {quoted(facts.node)} has no dimension_names; the "
                f"specification asks for {plain(', '.join(axes))}",
                node=facts.node,
                loc=("dimension_names",),
            )
        return
    v3 = dialect in _NAMED
    told = ", ".join(name or "none" for name in names)
    yield note(
        "error" if v3 else "warning",
        "dimension-names",
        f"The array {quoted(facts.node)} calls its dimensions {plain(told)}, its image "
        f"{plain(', '.join(axes))}; the image's names are used",
        node=facts.node,
        loc=("dimension_names",) if v3 else ("_ARRAY_DIMENSIONS",),
    )


def _dtypes(arrays: Sequence[ArrayFacts], dialect: str) -> Iterator[Problem]:
    first = next((a for a in arrays if a.dtype is not None), None)
    for facts in arrays:
        if (
            first is None
            or facts.dtype is None
            or same_pixels(first.dtype, facts.dtype)
        ):
            continue
        # "All levels MUST have the same data type" (0.6); before, by common sense.
        yield note(
            "error" if dialect in _ONE_DTYPE else "warning",
            "dtype-mismatch",
            f"The array {quoted(facts.node)} is {facts.dtype.name}, the finest level "
            f"{first.dtype.name if first.dtype else 'unknown'}: all levels of an "
            "image have one type",
            node=facts.node,
            loc=facts.loc,
        )


def same_pixels(one: np.dtype | None, other: np.dtype | None) -> bool:
    """Tell whether two dtypes are the same but for their byte order."""
    return (
        one is not None
        and other is not None
        and (one.kind, one.itemsize) == (other.kind, other.itemsize)
    )


def problems_of_label(
    label: Sequence[ArrayFacts],
    image: Sequence[ArrayFacts],
    *,
    node: str,
    axes: Mapping[str, int],
    label_axes: Sequence[str],
    dialect: str,
) -> tuple[Problem, ...]:
    """Check a label image's arrays against those of its image.

    Parameters
    ----------
    label, image
        The arrays of both, finest first.
    node
        The label's path.
    axes
        The image's axis names → their index.
    label_axes
        The label's axis names, in order.
    dialect
        The version whose rules hold.
    """
    found = list(_label_dtype(label))
    if len(label) != len(image):
        # "the same number of entries (scale levels) as the original image" (MUST in
        # the text of 0.4 and later).
        found.append(
            note(
                "warning",
                "label-levels",
                f"The label image {quoted(node)} has {len(label)} levels, its image "
                f"{len(image)}",
                node=node,
                loc=("multiscales",),
            )
        )
    if dialect in _NAMED:
        found += _label_shapes(label, image, node, axes, label_axes)
    return tuple(found)


def _label_dtype(label: Sequence[ArrayFacts]) -> Iterator[Problem]:
    for facts in label:
        if facts.dtype is not None and facts.dtype.kind not in "iu":
            yield note(
                "error",
                "label-dtype",
                f"The label image {quoted(facts.node)} holds "
                f"{facts.dtype.name}; labels are integers",
                node=facts.node,
                loc=facts.loc,
            )


def _label_shapes(
    label: Sequence[ArrayFacts],
    image: Sequence[ArrayFacts],
    node: str,
    axes: Mapping[str, int],
    label_axes: Sequence[str],
) -> Iterator[Problem]:
    # "each dimension of the label MUST be either the same as the image's or 1" (0.5).
    for ours, theirs in zip(label, image, strict=False):
        if ours.shape is None or theirs.shape is None:
            continue
        for name, size in zip(label_axes, ours.shape, strict=False):
            place = axes.get(name)
            if place is None or place >= len(theirs.shape):
                continue
            if size not in (1, theirs.shape[place]):
                yield note(
                    "warning",
                    "label-shape",
                    f"The label image {quoted(ours.node)} has {size} pixels along "
                    f"{plain(name)}, its image {theirs.shape[place]}",
                    node=node,
                    loc=ours.loc,
                )
                return
