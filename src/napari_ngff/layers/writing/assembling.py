"""Layers that belong together as one array: channels, axis order, levels.

Knows shapes, axes and places; does not know how the layers look, nor which of them
belong together (`grouping` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.layers.writing.channel_axis import (
    channel_axis,
    channel_place,
    joined,
    one_file,
    place_of_channel,
)
from napari_ngff.layers.writing.world import Placed, composed, is_straight, straightened
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.geometry import whole_transform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.provenance import Provenance
    from napari_ngff.layers.writing.origins import Origin
    from napari_ngff.layers.writing.outgoing import Outgoing
    from napari_ngff.metadata.axes import Axis
    from napari_ngff.storage.lazy import LazyArray

#: "entries MUST be ordered by type": time, then channel or custom, then space.
_ORDER = {"time": 0, "channel": 1, None: 1, "space": 2}
_FEWEST_AXES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """One image as it can be written.

    Attributes
    ----------
    placed
        Its levels and where they are, axes in the order of the specification.
    axes
        One an axis of the arrays.
    channel_axis
        Where the channels are; None where there is no such axis.
    origin
        The image of a file that this is, array by array; None where it is not.
    """

    placed: Placed
    axes: tuple[Axis, ...]
    channel_axis: int | None = None
    origin: Origin | None = None


def assemble(group: Sequence[Outgoing]) -> Assembled:
    """Return the image that layers are together.

    Parameters
    ----------
    group
        One layer, or several that are the channels of an image, in their order.
    """
    return _as_in_file(group) or _anew(group)


def is_ordered(axes: Sequence[Axis]) -> bool:
    """Whether axes are in the order of the specification."""
    kinds = [_ORDER[kind_of(axis)] for axis in axes]
    return kinds == sorted(kinds)


def _as_in_file(group: Sequence[Outgoing]) -> Assembled | None:
    """Return the image of the file where the layers are all of it, unchanged."""
    origin, record = one_file(group), group[0].record
    if origin is None or record is None or not _is_all(group, origin, record):
        return None
    axes = _axes_in_file(group[0], origin, record)
    if axes is None or not is_ordered(axes):
        return None
    placed = _placed_in_file(origin, record.levels[: len(group[0].placed.levels)])
    if placed is None or len(axes) != placed.levels[0].ndim:
        return None
    split = origin.prepared.split
    return Assembled(
        placed=placed,
        axes=axes,
        channel_axis=split.column if split else None,
        origin=origin,
    )


def _is_all(group: Sequence[Outgoing], origin: Origin, record: Provenance) -> bool:
    """Whether layers are all channels of a file, in order, pixel by pixel its own."""
    if not origin.prepared.frame.placed:
        return False
    if not all(layer.untouched and _is_of_file(layer) for layer in group):
        return False
    if record.form != "channels":
        return len(group) == 1
    channels = [layer.record.channel for layer in group if layer.record]
    return channels == list(range(origin.prepared.count))


def _axes_in_file(
    layer: Outgoing, origin: Origin, record: Provenance
) -> tuple[Axis, ...] | None:
    """Return the file's axes as the layer has them; None where it renamed one."""
    file = origin.image.multiscale.axes
    by_name = {plain(axis.name): axis for axis in layer.axes}
    channel = {plain(axis.name) for axis in file if kind_of(axis) == "channel"}
    added = {
        plain(axis.name)
        for axis, place in zip(layer.axes, record.order, strict=True)
        if place is None
    }
    if ({plain(axis.name) for axis in file} ^ set(by_name)) - channel - added:
        return None
    return tuple(by_name.get(plain(axis.name), axis) for axis in file)


def _placed_in_file(origin: Origin, paths: Sequence[str]) -> Placed | None:
    """Return the file's levels; None where scale and translation do not place them."""
    multiscale = origin.image.multiscale
    every = [level.path for level in multiscale.levels]
    matrices = [
        composed(whole_transform(multiscale, every.index(path)), len(multiscale.axes))
        for path in paths
    ]
    found = tuple(matrix for matrix in matrices if matrix is not None)
    placed = Placed(levels=origin.prepared.levels[: len(paths)], matrices=found)
    if len(found) < len(matrices) or not is_straight(placed):
        return None
    positive = all((np.diagonal(matrix) > 0).all() for matrix in found)
    return placed if positive else None


def _is_of_file(layer: Outgoing) -> bool:
    """Whether the pixels of a layer are read from the file, and as it has them."""
    if layer.origin is None or layer.record is None:
        return False
    shown = layer.origin.placement(layer.record)
    return all(
        shown.arrange(own).identity == level.identity
        for own, level in zip(
            layer.origin.prepared.levels, layer.placed.levels, strict=False
        )
    )


def _anew(group: Sequence[Outgoing]) -> Assembled:
    """Return the image, channels as an axis, axes in order."""
    first = group[0]
    parts = [straightened(layer.placed) for layer in group]
    axes, places, placed = [*first.axes], _places_in_file(first), parts[0]
    channel, channel_at = channel_axis(group), None
    if channel is not None:
        channel_at = len(axes) if first.rgb else 0
        axes.insert(channel_at, channel)
        places.insert(channel_at, place_of_channel(first, channel))
        form: Literal["layers", "colors"] = "colors" if first.rgb else "layers"
        placed = joined(parts, channel_at, channel_place(group), form)
    kept = _kept(first, placed.levels, channel_at)
    order = sorted(kept, key=lambda i: (_ORDER[kind_of(axes[i])], places[i]))
    arranged = Placed(
        levels=tuple(_arranged(level, order) for level in placed.levels),
        matrices=tuple(m[np.ix_([*order, -1], [*order, -1])] for m in placed.matrices),
    )
    named = tuple(axes[i] for i in order)
    found = [i for i, axis in enumerate(named) if kind_of(axis) == "channel"]
    return Assembled(
        placed=arranged, axes=named, channel_axis=found[0] if found else None
    )


def _places_in_file(layer: Outgoing) -> list[float]:
    """Return where the axes of a layer are among those of its file."""
    names = (
        [plain(str(axis["name"])) for axis in layer.record.axes] if layer.record else []
    )
    places: list[float] = []
    for index, axis in enumerate(layer.axes):
        name = plain(axis.name)
        before = places[-1] if places else -1.0
        known = names.index(name) if name in names else before + 1 / 64
        places.append(float(known if names else index))
    return places


def _kept(
    layer: Outgoing, levels: Sequence[LazyArray], channel_at: int | None
) -> set[int]:
    """Return the axes that are written: not those that the reader had to add."""
    kept = set(range(levels[0].ndim))
    record = layer.record
    if record is None or not layer.untouched or len(record.order) != len(layer.axes):
        return kept
    shift = int(channel_at == 0)
    added = {
        i + shift
        for i, place in enumerate(record.order)
        if place is None and all(level.shape[i + shift] == 1 for level in levels)
    }
    return kept - added if len(kept - added) >= _FEWEST_AXES else kept


def _arranged(level: LazyArray, order: Sequence[int]) -> LazyArray:
    """Return a view with these axes alone, in this order."""
    index = tuple(slice(None) if i in order else 0 for i in range(level.ndim))
    left = sorted(order)
    view: LazyArray = level[index]
    return view.permuted([left.index(i) for i in order])
