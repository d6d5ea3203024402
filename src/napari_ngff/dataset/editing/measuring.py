"""The range of an image's channels, for contrast limits that nobody stated.

Knows which pixels are read, how many at most, and that none are read twice; nothing of
how limits are written. The only place of editing that reads pixels.
"""

from __future__ import annotations

from itertools import islice
from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.reading.sampling import (
    channel_pixels,
    finite_range,
    sample_box,
)
from napari_ngff.metadata.axes import indices_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.dataset.editing.stored import StoredDocuments
    from napari_ngff.dataset.reading.sampling import Range
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.lazy import LazyArray

#: By array, axis of channels and channel: the range; None where there is none.
Ranges: TypeAlias = "dict[tuple[str, int | None, int], Range | None]"

#: At most so many channels are measured, and of each so much is decoded.
_CHANNELS = 64
_BYTES = 2**28
_KINDS = "biuf"


def measured(
    stored: StoredDocuments,
    node: str,
    group: Group,
    index: int,
    channels: Iterable[int],
) -> dict[int, Range]:
    """Return the range of channels, from a bounded part of the coarsest level.

    Parameters
    ----------
    stored
        The documents, which remember what was measured.
    node, group, index
        The image's group, what it says, and which entry of its ``multiscales``.
    channels
        Which are wanted; of very many only the first are measured.

    Returns
    -------
    dict
        Without channels that cannot be read, or have one value only.
    """
    levels = [level for level in stored.nodes(node, index) if level is not None]
    if not levels or index >= len(group.multiscales):
        return {}
    [axis] = indices_of(group.multiscales[index].axes, "channel")[:1] or (None,)
    keys = {channel: (levels[-1], axis, channel) for channel in channels}
    keys = dict(islice(keys.items(), _CHANNELS))
    missing = [key for key in keys.values() if key not in stored.ranges]
    pixels = _pixels(stored, levels[-1]) if missing else None
    for key in missing:
        stored.ranges[key] = None if pixels is None else _range(pixels, axis, key[-1])
    found = ((channel, stored.ranges[key]) for channel, key in keys.items())
    return {channel: limits for channel, limits in found if limits is not None}


def _pixels(stored: StoredDocuments, node: str) -> LazyArray | None:
    """Return the pixels of a level; None where they are none that can be shown."""
    try:
        document = stored.location.document(node)
        pixels = None if document is None else stored.location.array(document)
    except NgffError:
        return None  # told by reading; windows are as wide as the type then
    return pixels if pixels is not None and pixels.dtype.kind in _KINDS else None


def _range(pixels: LazyArray, axis: int | None, channel: int) -> Range | None:
    found = channel_pixels(pixels, channel, axis)
    if found is None or not prod(found.shape):
        return None
    nbytes = prod(pixels.chunks) * pixels.dtype.itemsize
    if nbytes > _BYTES:  # more than that is no sample any more
        return None
    try:
        return finite_range(np.asarray(found[sample_box(found.shape, found.chunks)]))
    except NgffError:
        return None  # told by reading; as above
