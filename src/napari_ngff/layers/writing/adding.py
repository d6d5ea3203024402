"""A Labels layer as labels of an image that is stored: on that image's own pixels.

Knows layers, where they are, and what the image's file says of its axes and place.
Writes nothing; of pixels it reads only those that would be cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.painting.embedding import EmbeddedSource, outside
from napari_ngff.layers.provenance import KEY, Provenance
from napari_ngff.layers.writing.label_looks import image_label_of
from napari_ngff.layers.writing.outgoing import take_apart
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.lengths import unit_ratio
from napari_ngff.metadata.model import Group, Level, Multiscale
from napari_ngff.metadata.transforms import (
    Affine,
    Identity,
    Scale,
    Sequence,
    Translation,
)
from napari_ngff.storage.lazy import LazyArray

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Items

    from napari_ngff.core.problems import Problem
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.origins import Origin, OriginKey
    from napari_ngff.layers.writing.outgoing import Outgoing
    from napari_ngff.metadata.transforms import FloatArray, Transform

_OFF: Final = 0.1
"""By how much of a pixel labels may lie beside those of the image."""
_INSTEAD: Final = "Save both as a new image: File > Save As OME-Zarr."


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Labels for an image that is stored.

    Attributes
    ----------
    store, node
        The image.
    label
        The labels.
    start
        On which pixel of the labels, as napari shows them, the layer's first one is.
    problems
        What of the layer is not saved.
    """

    store: str
    node: str
    label: LabelData
    start: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


def is_target(layer: LayerData) -> bool:
    """Tell whether a layer shows an image that labels may be added to."""
    _, state, kind = layer
    metadata = state.get("metadata") or {}
    record = Provenance.from_metadata(metadata)
    if record is None or "box" in metadata[KEY]:
        return False  # of other origin, or a part
    return kind == "image" and record.kind == "image"


def addition(
    image: LayerData,
    labels: LayerData,
    name: str,
    origins: Mapping[OriginKey, Origin],
) -> Addition:
    """Return a Labels layer as labels of the image that another layer shows.

    Parameters
    ----------
    image
        A layer of the image, as ``layer.as_layer_data_tuple()`` gives it.
    labels
        The Labels layer: on the pixels of the image, which it may not all cover.
    name
        What the labels will be called.
    origins
        From `writing.origins.read_origins`, of the image.

    Raises
    ------
    CannotSave
        If the image's file is gone or has changed, or the labels are not on its
        pixels, or beside it.
    """
    shown = plain(name, limit=80)
    target = take_apart(0, image, origins)
    record, origin = target.record, target.origin
    if record is None or origin is None or not _is_whole(target, origin, record):
        reason = "the image has changed since it was opened, or is gone"
        raise CannotSave(shown, reason, "Open it again.")
    layer = take_apart(1, labels, {})
    pixels, relative = _on_image(layer, target, shown)
    first = len(target.axes) - pixels.ndim
    sizes = target.placed.shape[first:]
    source = EmbeddedSource(pixels, _start(relative, sizes, shown), sizes)
    if any(np.any(np.asarray(part)) for part in outside(source)):
        reason = "some of the labels are outside of the image"
        raise CannotSave(shown, reason, _INSTEAD)
    array, columns = _in_file(LazyArray(source), record.order[first:])
    block, problems = image_label_of(layer)
    multiscale = _multiscale(origin.image.multiscale, columns, name, shown)
    label = ImageData(
        store="",
        node="",
        index=0,
        group=Group(
            version=None, dialect="", multiscales=(multiscale,), image_label=block
        ),
        multiscale=multiscale,
        levels=(array,),
    )
    return Addition(
        store=record.store,
        node=record.node,
        label=LabelData(name=name, image=label, image_label=block, parent=record.node),
        start=source.start,
        problems=problems,
    )


def _is_whole(target: Outgoing, origin: Origin, record: Provenance) -> bool:
    """Whether a layer has all pixels of its image, wherever it was moved."""
    shown = origin.placement(record).arrange(origin.prepared.levels[0])
    return target.placed.levels[0].shape == shown.shape


def _on_image(
    layer: Outgoing, target: Outgoing, shown: str
) -> tuple[LazyArray, FloatArray]:
    """Return labels with no more axes than the image, and where they are on its pixels.

    Axes are matched from the last one on, as napari does.
    """
    pixels, own = layer.placed.levels[0], layer.placed.matrices[0]
    more = max(0, pixels.ndim - len(target.axes))
    if any(size > 1 for size in pixels.shape[:more]):
        reason = f"the labels have {pixels.ndim} axes, the image {len(target.axes)}"
        raise CannotSave(shown, reason, _INSTEAD)
    pixels, own = pixels[(0,) * more], own[more:, more:]
    ndim = pixels.ndim
    whole = target.placed.matrices[0]
    first = len(whole) - 1 - ndim
    if whole[:first, first:-1].any() or whole[first:-1, :first].any():
        reason = "the image is turned out of the plane of the labels"
        raise CannotSave(shown, reason, _INSTEAD)
    ratios = [
        unit_ratio(mine.unit, theirs.unit) if mine.unit and theirs.unit else 1.0
        for mine, theirs in zip(layer.axes[more:], target.axes[first:], strict=True)
    ]
    if None in ratios:
        raise CannotSave(shown, "the units cannot be compared", _INSTEAD)
    own = np.diag([*ratios, 1.0]) @ own
    found: FloatArray = np.linalg.inv(whole[first:, first:]) @ own
    return pixels, found


def _start(relative: FloatArray, sizes: Items[int], shown: str) -> tuple[int, ...]:
    """Return on which pixel of the image the first pixel of the labels lies."""
    start = np.rint(relative[:-1, -1])
    turned = np.abs(relative[:-1, :-1] - np.eye(len(start))) @ np.asarray(sizes)
    if max(*turned, *np.abs(relative[:-1, -1] - start)) > _OFF:
        reason = "the labels do not lie on the pixels of the image: they have another "
        reason += "pixel size, are turned, or lie between its pixels"
        raise CannotSave(shown, reason, _INSTEAD)
    return tuple(int(at) for at in start)


def _in_file(
    array: LazyArray, order: Items[int | None]
) -> tuple[LazyArray, tuple[int, ...]]:
    """Return labels with the axes in the file's order, and which of its axes."""
    index = tuple(0 if axis is None else slice(None) for axis in order)
    known = [axis for axis in order if axis is not None]
    view: LazyArray = array[index]
    columns = sorted(known)
    return view.permuted([known.index(axis) for axis in columns]), tuple(columns)


def _multiscale(
    image: Multiscale, columns: Items[int], name: str, shown: str
) -> Multiscale:
    """Return the place of the image, along some of its axes."""
    matrix = level_matrix(image, 0)
    if matrix is None:
        matrix = np.eye(len(image.axes) + 1)
    others = [i for i in range(len(image.axes)) if i not in columns]
    if matrix[np.ix_(columns, others)].any():
        reason = "the image is turned out of the plane of the labels"
        raise CannotSave(shown, reason, _INSTEAD)
    rows = [*columns, len(matrix) - 1]
    return Multiscale(
        name=name,
        axes=tuple(replace(image.axes[i]) for i in columns),
        levels=(Level(path="0", transform=_transform(matrix[np.ix_(rows, rows)])),),
        transform=Identity(),
    )


def _transform(matrix: FloatArray) -> Transform:
    found = scale_and_translation(matrix)
    if found is None:
        return Affine(tuple(tuple(row) for row in matrix[:-1].tolist()))
    return Sequence((Scale(found[0]), Translation(found[1])))


def names_taken(image: LayerData, origins: Mapping[OriginKey, Origin]) -> set[str]:
    """Return the names of the labels that an image has."""
    target: Any = take_apart(0, image, origins).origin
    return set() if target is None else {label.name for label in target.image.labels}
