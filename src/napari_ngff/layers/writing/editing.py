"""Copies of labels that are painted on: which pixels of which array they are.

Knows what `extract` copies and what a layer remembers of it; reads and writes no
pixels of a file, and knows no napari.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.painting.edits import Edit, Seen, see
from napari_ngff.layers.provenance import KEY, Provenance
from napari_ngff.layers.writing.label_looks import image_label_of
from napari_ngff.layers.writing.origins import read_origins
from napari_ngff.layers.writing.outgoing import take_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.metadata.model import ImageLabel
    from napari_ngff.storage.lazy import LazyArray

#: What of our record says which pixels a copy has, and what they held.
COPY: Final = "copy"
_ADVICE: Final = (
    "Select labels that were made with Layers > Data > Edit Labels, or add these as "
    "new ones: Layers > Data > Add Labels to Image."
)


def remember(
    array: LazyArray, pixels: NDArray[Any], metadata: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return a copy's metadata with what is needed to save it back.

    Parameters
    ----------
    array
        What was copied: a view of a stored array.
    pixels
        The copy.
    metadata
        Of the layer that shows it; without a record of ours it stays as it is.
    """
    window, source = array.window, array.source
    spans, record = window.spans, Provenance.from_metadata(metadata)
    of_labels = record is not None and record.kind == "labels"
    if not of_labels or any(span.step != 1 for span in spans):
        return metadata
    axes = [axis for axis, _ in window.dims]
    order = [axes.index(i) if i in axes else None for i in range(len(spans))]
    inside = arranged(pixels, order).astype(source.dtype, copy=False)
    seen = see(
        inside,
        start=[span.start for span in spans],
        shape=source.shape,
        chunks=source.chunks,
    )
    return {**metadata, KEY: {**metadata[KEY], COPY: _plain(seen, order)}}


def arranged(pixels: NDArray[Any], order: Sequence[int | None]) -> NDArray[Any]:
    """Return a view of a layer's pixels with the axes of the array.

    Parameters
    ----------
    pixels
        The layer's.
    order
        For each axis of the array that of the layer; None: it has one pixel of it.
    """
    known = [axis for axis in order if axis is not None]
    index = tuple(slice(None) if i in known else 0 for i in range(pixels.ndim))
    left = sorted(known)
    view = pixels[index].transpose([left.index(axis) for axis in known])
    return view[tuple(None if axis is None else slice(None) for axis in order)]


def _plain(seen: Seen, order: Sequence[int | None]) -> dict[str, Any]:
    return {
        "shape": list(seen.shape),
        "chunks": list(seen.chunks),
        "start": list(seen.start),
        "size": list(seen.size),
        "digests": seen.digests.hex(),
        "order": list(order),
    }


def is_copy(metadata: Mapping[str, Any]) -> bool:
    """Tell whether a layer is a copy that can be saved back."""
    record = metadata.get(KEY)
    return isinstance(record, dict) and isinstance(record.get(COPY), dict)


def edit_of(layer: LayerData) -> Edit:
    """Return what a layer has to be saved back; reads the file's metadata.

    Parameters
    ----------
    layer
        As ``layer.as_layer_data_tuple()`` gives it. Its pixels are not copied.

    Raises
    ------
    CannotSave
        If it is no copy of labels, or has another shape than what was copied.
    """
    data, state, kind = layer
    metadata = state.get("metadata") or {}
    record = Provenance.from_metadata(metadata)
    name = plain(state.get("name") or "labels", limit=80)
    own = record is not None and bool(record.levels) and record.kind == kind == "labels"
    if record is None or not own or not is_copy(metadata):
        reason = "this layer is no editable copy of labels that are stored"
        raise CannotSave(name, reason, _ADVICE)
    try:
        seen, order = _copied(metadata[KEY][COPY])
    except (KeyError, TypeError, ValueError) as error:
        reason = "what it remembers of the labels was changed"
        raise CannotSave(name, reason, _ADVICE) from error
    if not isinstance(data, np.ndarray) or not _fits(data, order, seen):
        reason = "this layer has another shape than the labels that were copied"
        raise CannotSave(name, reason, _ADVICE)
    return Edit(
        store=record.store,
        node=record.node,
        index=record.index,
        level=record.levels[0],
        pixels=arranged(data, order),
        seen=seen,
        image_label=_looks(layer),
    )


def _copied(record: Mapping[str, Any]) -> tuple[Seen, tuple[int | None, ...]]:
    """Return what was copied, and which axis of the layer each axis of it is."""
    seen = Seen(
        shape=tuple(map(index, record["shape"])),
        chunks=tuple(map(index, record["chunks"])),
        start=tuple(map(index, record["start"])),
        size=tuple(map(index, record["size"])),
        digests=bytes.fromhex(record["digests"]),
    )
    order = tuple(None if axis is None else index(axis) for axis in record["order"])
    known = [axis for axis in order if axis is not None]
    lengths = {len(each) for each in (seen.shape, seen.chunks, seen.start, seen.size)}
    if lengths != {len(order)} or min(known, default=0) < 0 or 0 in seen.chunks:
        message = "these do not belong together"
        raise ValueError(message)
    return seen, order


def _fits(data: NDArray[Any], order: Sequence[int | None], seen: Seen) -> bool:
    sizes = dict(zip(order, seen.size, strict=True))
    expected = tuple(sizes.get(axis, 1) for axis in range(data.ndim))
    known = [axis for axis in order if axis is not None]
    return data.shape == expected and all(axis < data.ndim for axis in known)


def _looks(layer: LayerData) -> ImageLabel | None:
    """Return colours and properties; None where they are those of the file."""
    outgoing = take_apart(0, layer, read_origins([layer]))
    if outgoing.origin is None:
        return None
    looks, _ = image_label_of(outgoing)
    before = outgoing.origin.image_label
    old = ({}, {}) if before is None else (before.colors, before.properties)
    return None if (looks.colors, looks.properties) == old else looks


def added(
    layer: LayerData, start: Sequence[int], stored: LayerData
) -> Mapping[str, Any] | None:
    """Return the metadata of a layer that was added to an image as labels.

    From then on it is a copy of these, to be painted and saved back. Reads what was
    stored: the layer may have been painted on since.

    Parameters
    ----------
    layer
        What was added.
    start
        On which of their pixels its first one is.
    stored
        The labels as they are opened.

    Returns
    -------
    mapping or None
        None where the layer is not in memory, or sticks out of the labels.
    """
    data, state, _ = layer
    levels, meta, _ = stored
    finest = levels[0] if meta.get("multiscale") else levels
    box = tuple(
        (at, at + size) for at, size in zip(start, np.shape(data), strict=False)
    )
    inside = all(
        low >= 0 and high <= size
        for (low, high), size in zip(box, finest.shape, strict=False)
    )
    if not isinstance(data, np.ndarray) or data.ndim != finest.ndim or not inside:
        return None
    part = finest[tuple(slice(low, high) for low, high in box)]
    own = {**(state.get("metadata") or {}), KEY: {**meta["metadata"][KEY]}}
    own[KEY] |= {"level": 0, "box": [list(side) for side in box]}
    return remember(part, part.compute(), own)


def saved(metadata: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """Return a copy's metadata once it was saved: what it holds is what is stored."""
    record = metadata[KEY]
    copied = {**record[COPY], "digests": seen.digests.hex()}
    return {**metadata, KEY: {**record, COPY: copied}}
