"""Labels layers: a label image with its colours and features, where it truly is.

Knows ``image-label`` and the image that a label image belongs to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem
from napari_ngff.layers.provenance import sort_problems
from napari_ngff.layers.reading.colors import label_colormap, largest_colored
from napari_ngff.layers.reading.features import features_of
from napari_ngff.layers.reading.images import (
    Prepared,
    choose_form,
    prepare,
    texture_problem,
    warning,
)
from napari_ngff.layers.reading.naming import title, without_suffix
from napari_ngff.layers.reading.pictures import LayerData, data_of
from napari_ngff.layers.reading.space import Extent, extents
from napari_ngff.layers.reading.units import NO_DEFAULTS, defaults_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.nodes import LabelData
    from napari_ngff.layers.reading.space import Placement
    from napari_ngff.metadata.model import ImageLabel

_NO_AXES: tuple[Extent, ...] = ()


def label_layers(
    label: LabelData, limits: Limits, *, image: Prepared | None = None
) -> list[LayerData]:
    """Return the Labels layers of a label image: one, or one a channel.

    Parameters
    ----------
    label
        The label image.
    limits
        How many channels become layers.
    image
        The image that it belongs to: gives units that the label image lacks and the
        order of the axes, never its place.

    Raises
    ------
    CannotOpen
        If it has no pixels.
    """
    prepared = prepare_label(label, image)
    form, problems = choose_form(prepared, label.image, limits)
    form = "channels" if form == "rgb" else form
    block = label.image_label
    origin = replace(
        prepared.origin,
        kind="labels",
        form=form,
        label=label.name,
        parent=label.parent,
        source=block.source if block else None,
        problems=(*prepared.origin.problems, *problems, _read_only(label)),
    )
    prepared = replace(prepared, origin=origin)
    alone = not label.image.node  # then its folder is not named after it
    name = title(label.image) if alone else without_suffix(plain(label.name))
    if form != "channels" or prepared.split is None:
        return [_layer(prepared, prepared.place(None), block, name, None)]
    return [
        _layer(prepared, prepared.place(replace(prepared.split, index=i)), block, n, i)
        for i, n in enumerate(_names(name, prepared.count))
    ]


def prepare_label(label: LabelData, image: Prepared | None = None) -> Prepared:
    """Work out where a label image is, as `label_layers` shows it.

    Raises
    ------
    CannotOpen
        If it has no pixels.
    """
    defaults, parent = NO_DEFAULTS, _NO_AXES
    if image is not None and image.frame.placed:
        defaults = defaults_of(image.frame.axes)
        split = replace(image.split, index=0) if image.split else None
        placement = image.place(split)
        parent = extents(placement, placement.arrange(image.levels[0]).shape)
    return prepare(label.image, defaults=defaults, parent=parent)


def _names(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}: channel {i}" for i in range(count)]


def _layer(
    prepared: Prepared,
    placement: Placement,
    block: ImageLabel | None,
    name: str,
    channel: int | None,
) -> LayerData:
    levels = prepared.arranged(placement)
    if levels[0].dtype.kind == "f":
        levels = [level.astype(np.int64) for level in levels]
    meta: dict[str, Any] = {
        "name": name,
        **placement.meta(),
        "multiscale": len(levels) > 1,
        "visible": True,
    }
    found = texture_problem(prepared, placement)
    if block is not None:
        dtype = levels[0].dtype
        meta["colormap"] = label_colormap(block.colors, block.properties, dtype=dtype)
        meta["features"] = features_of(block.properties)
        found += _without_color(block, meta["colormap"], prepared.origin.node)
    origin = replace(
        prepared.origin,
        channel=channel,
        order=placement.order,
        problems=sort_problems(prepared.origin.problems, placement.problems, found),
    )
    meta["metadata"] = origin.to_metadata()
    return data_of(levels), meta, "labels"


def _without_color(
    block: ImageLabel, colormap: Mapping[int | None, Any] | None, node: str
) -> tuple[Problem, ...]:
    """Tell of colours in the file that napari cannot show."""
    largest = largest_colored()
    left = [v for v in block.colors if colormap and v not in colormap]
    if not any(abs(value) > largest // 2 for value in left):
        return ()
    text = (
        f"{len(left)} of the labels' colours are not shown: they are of values above "
        f"{largest}, which napari colours only where numba is installed. "
        "Install it with: pip install numba."
    )
    return (warning("label-colors-left-out", text, node=node),)


def _read_only(label: LabelData) -> Problem:
    return Problem(
        level="info",
        kind="labels-read-only",
        node=label.image.node,
        message=(
            f"The labels '{plain(label.name)}' are shown from the file and cannot be "
            "painted. Layers > Data > Edit Labels makes an editable copy, and Save "
            "Labels Back puts it in their place."
        ),
    )
