"""The axis that layers are put along as the channels of one image.

Knows what the file of layers said of that axis; does not know the other axes' order,
nor which layers are channels of one image.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from napari_ngff.layers.writing.world import Placed, same_matrix
from napari_ngff.metadata.axes import Axis, kind_of
from napari_ngff.storage.lazy import LazyArray, StackSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.writing.origins import Origin
    from napari_ngff.layers.writing.outgoing import Outgoing
    from napari_ngff.metadata.transforms import FloatArray


def one_file(group: Sequence[Outgoing]) -> Origin | None:
    """Return the image of a file of which all layers are parts; None without one."""
    if any(layer.origin is None for layer in group):
        return None
    return file_among(group)


def file_among(group: Sequence[Outgoing]) -> Origin | None:
    """Return the image of a file of which layers are parts, beside those of none."""
    found = [layer.origin for layer in group if layer.origin is not None]
    same = found and all(origin.image is found[0].image for origin in found)
    return found[0] if same else None


def channel_axis(group: Sequence[Outgoing]) -> Axis | None:
    """Return the axis that channels are put along; None where there is none."""
    first = group[0]
    record = first.record
    split_off = record is not None and record.form == "channels"
    if len(group) == 1 and not first.rgb and not split_off:
        return None
    taken = {axis.name for axis in first.axes}
    known: Sequence[Axis] = ()
    origin = file_among(group)
    if origin is not None:
        known = origin.image.multiscale.axes
    elif record is not None:
        known = [Axis(**axis) for axis in record.axes]
    for axis in known:
        if kind_of(axis) == "channel" and axis.name not in taken:
            return replace(axis, type="channel")
    name = next(name for name in ("c", "channel", "channel_axis") if name not in taken)
    return Axis(name=name, type="channel")


def place_of_channel(layer: Outgoing, channel: Axis) -> float:
    """Return where the channels' axis is in its file; else before all of its kind."""
    for index, axis in enumerate(layer.record.axes if layer.record else ()):
        if axis["name"] == channel.name:
            return float(index)
    return -1.0


def channel_place(group: Sequence[Outgoing]) -> tuple[float, float]:
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


def joined(
    parts: Sequence[Placed],
    at: int,
    where: tuple[float, float],
    form: Literal["layers", "colors"],
) -> Placed:
    """Return channels as one image; nothing is read.

    Parameters
    ----------
    parts
        The channels, with as many levels each; one alone that holds all as colours.
    at
        Where their axis will be: 0 for layers, the last for colours.
    where
        Scale and offset along it.
    form
        ``"layers"``: each part is a channel; ``"colors"``: the arrays of the only part
        have that axis already, as those of RGB layers.
    """
    levels = parts[0].levels
    if form == "layers":
        levels = tuple(
            LazyArray(StackSource(together, together[0].dtype))
            for together in zip(*(part.levels for part in parts), strict=True)
        )
    matrices = tuple(
        _with_channel(matrix, at, where, step)
        for matrix, step in zip(parts[0].matrices, _steps(parts), strict=True)
    )
    return Placed(levels=levels, matrices=matrices)


def _steps(parts: Sequence[Placed]) -> list[FloatArray | None]:
    """Return how far each level of a channel is from that of the one before."""
    first, second = parts[0].matrices, parts[-1].matrices
    if len(parts) == 1 or all(map(same_matrix, first, second)):
        return [None] * len(first)
    return [
        (other - one)[:, -1] / (len(parts) - 1)
        for one, other in zip(first, second, strict=True)
    ]


def _with_channel(
    matrix: FloatArray,
    at: int,
    where: tuple[float, float],
    step: FloatArray | None,
) -> FloatArray:
    """Return a matrix with one more axis, along which the others move by `step`."""
    rest = [i for i in range(len(matrix) + 1) if i != at]
    found = np.zeros((len(matrix) + 1,) * 2)
    found[np.ix_(rest, rest)] = matrix
    if step is not None:
        found[rest, at] = step
    found[at, at], found[at, -1] = where
    return found
