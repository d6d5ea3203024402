"""Layers that belong together as one array: channels, axis order, levels.

Knows shapes, axes and places; does not know how the layers look, nor which of them
belong together (`grouping` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.layers.world import Placed, composed, is_straight, straightened
from napari_ngff.metadata.axes import Axis, kind_of
from napari_ngff.metadata.geometry import whole_transform
from napari_ngff.storage.lazy import LazyArray, StackSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.origins import Origin
    from napari_ngff.layers.outgoing import Outgoing
    from napari_ngff.metadata.transforms import FloatArray

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


def one_file(group: Sequence[Outgoing]) -> Origin | None:
    """Return the image of a file of which all layers are parts; None without one."""
    first = group[0].origin
    same = first is not None and all(
        layer.origin is not None and layer.origin.image is first.image
        for layer in group
    )
    return first if same else None


def _as_in_file(group: Sequence[Outgoing]) -> Assembled | None:
    """Return the image of the file where the layers are all of it, unchanged."""
    origin = one_file(group)
    if origin is None or not origin.prepared.frame.placed:
        return None
    if not all(layer.untouched and _is_of_file(layer) for layer in group):
        return None
    record, multiscale = group[0].record, origin.image.multiscale
    channels = [layer.record.channel for layer in group if layer.record]
    count = origin.prepared.count
    if record is None or (
        channels != list(range(count)) if record.form == "channels" else len(group) > 1
    ):
        return None
    by_name = {plain(axis.name): axis for axis in group[0].axes}
    axes = tuple(by_name.get(plain(axis.name), axis) for axis in multiscale.axes)
    left = {plain(axis.name) for axis in multiscale.axes} ^ set(by_name)
    gone = {plain(axis.name) for axis in axes if kind_of(axis) == "channel"}
    added = {
        plain(axis.name)
        for axis, place in zip(group[0].axes, record.order, strict=True)
        if place is None
    }
    levels = origin.prepared.levels[: len(group[0].placed.levels)]
    if left - gone - added or not is_ordered(axes) or len(axes) != levels[0].ndim:
        return None
    paths = [level.path for level in multiscale.levels]
    matrices = [
        composed(whole_transform(multiscale, paths.index(path)), len(axes))
        for path in record.levels[: len(levels)]
    ]
    found = tuple(matrix for matrix in matrices if matrix is not None)
    placed = Placed(levels=levels, matrices=found)
    positive = all((np.diagonal(matrix) > 0).all() for matrix in found)
    if len(found) < len(matrices) or not positive or not is_straight(placed):
        return None
    split = origin.prepared.split
    return Assembled(
        placed=placed,
        axes=axes,
        channel_axis=split.column if split else None,
        origin=origin,
    )


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
    axes = [*first.axes]
    places = _places_in_file(first)
    channel = _channel_axis(group)
    levels, matrices = parts[0].levels, parts[0].matrices
    if first.rgb and channel:
        channel_at = len(axes)
        axes.append(channel)
    elif channel:
        channel_at = 0
        axes.insert(0, channel)
        levels = tuple(
            _stacked([part.levels[i] for part in parts]) for i in range(len(levels))
        )
    if channel:
        where = _channel_place(group)
        matrices = tuple(_with_channel(m, channel_at, where) for m in matrices)
        places.insert(channel_at, _place_of_channel(first, channel))
    kept = _kept(first, levels, channel_at if channel else None)
    order = sorted(
        (i for i in range(len(axes)) if i in kept),
        key=lambda i: (_ORDER[kind_of(axes[i])], places[i]),
    )
    placed = Placed(
        levels=tuple(_arranged(level, order) for level in levels),
        matrices=tuple(m[np.ix_([*order, -1], [*order, -1])] for m in matrices),
    )
    named = tuple(axes[i] for i in order)
    found = [i for i, axis in enumerate(named) if kind_of(axis) == "channel"]
    return Assembled(
        placed=placed, axes=named, channel_axis=found[0] if found else None
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


def _place_of_channel(layer: Outgoing, channel: Axis) -> float:
    """Return where the channels' axis is in its file; else before all of its kind."""
    for index, axis in enumerate(layer.record.axes if layer.record else ()):
        if axis["name"] == channel.name:
            return float(index)
    return -1.0


def _channel_axis(group: Sequence[Outgoing]) -> Axis | None:
    """Return the axis that channels are put along; None where there is none."""
    first = group[0]
    record = first.record
    split_off = record is not None and record.form == "channels"
    if len(group) == 1 and not first.rgb and not split_off:
        return None
    taken = {axis.name for axis in first.axes}
    known: Sequence[Axis] = ()
    if first.origin is not None:
        known = first.origin.image.multiscale.axes
    elif record is not None:
        known = [Axis(**axis) for axis in record.axes]
    for axis in known:
        if kind_of(axis) == "channel" and axis.name not in taken:
            return Axis(
                name=axis.name,
                type="channel",
                unit=axis.unit,
                discrete=axis.discrete,
                long_name=axis.long_name,
                extra=axis.extra,
            )
    name = next(name for name in ("c", "channel", "channel_axis") if name not in taken)
    return Axis(name=name, type="channel")


def _channel_place(group: Sequence[Outgoing]) -> tuple[float, float]:
    """Return scale and offset along the channel axis: those of the file, if all."""
    origin = one_file(group)
    if origin is None or origin.prepared.split is None:
        return 1.0, 0.0
    split, frame = origin.prepared.split, origin.prepared.frame
    record = group[0].record
    first = record.channel if record and record.channel is not None else 0
    wanted = list(range(first, first + len(group)))
    scale = float(frame.linear[split.row, split.column])
    if [layer.record.channel or 0 for layer in group if layer.record] != wanted:
        return 1.0, 0.0
    if scale <= 0:
        return 1.0, 0.0
    return scale, float(frame.offset[split.row]) + scale * first


def _stacked(parts: Sequence[LazyArray]) -> LazyArray:
    return LazyArray(StackSource(tuple(parts), parts[0].dtype))


def _with_channel(
    matrix: FloatArray, at: int, where: tuple[float, float]
) -> FloatArray:
    """Return a matrix with one more axis that nothing else depends on."""
    rest = [i for i in range(len(matrix) + 1) if i != at]
    found = np.zeros((len(matrix) + 1,) * 2)
    found[np.ix_(rest, rest)] = matrix
    found[at, at], found[at, -1] = where
    return found


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
