"""Where a level lies on the finest, in a layer's axes.

Knows matrices, and how to ask the file again; does not know boxes, pixels or viewers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.dataset.nodes import CollectionData, ImageData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.layers.provenance import Provenance
from napari_ngff.metadata.geometry import level_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.dataset.nodes import Node


def relative_to_finest(
    levels: Sequence[Any], state: Mapping[str, Any], level: int
) -> NDArray[np.float64]:
    """Map pixels of a level to those of the finest, in the layer's axes.

    As the file says where the layer came from one, else as napari draws it.
    """
    ndim = len(state["scale"])
    if level == 0:
        return np.eye(ndim + 1)
    record = Provenance.from_metadata(state["metadata"])
    matrices = None if record is None else _matrices(record, level)
    if record is None or matrices is None:
        return from_shapes(levels[0].shape[:ndim], levels[level].shape[:ndim])
    return from_matrices(*matrices, record.order)


def _matrices(
    record: Provenance, level: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Read again where the file puts the finest level and this one."""
    path = "/".join(part for part in (record.store, record.node) if part)
    for image in _images(read(path)):
        if (image.node, image.index) != (record.node, record.index):
            continue
        paths = [each.path for each in image.multiscale.levels]
        finest = level_matrix(image.multiscale, 0)
        other = level_matrix(image.multiscale, paths.index(record.levels[level]))
        return None if finest is None or other is None else (finest, other)
    return None


def _images(node: Node) -> Iterator[ImageData]:
    """Every image of what was read, label images included."""
    if isinstance(node, CollectionData):
        for child in node.children:
            yield from _images(child)
    elif isinstance(node, LabelData):
        yield node.image
    elif isinstance(node, ImageData):
        yield node
        for label in node.labels:
            yield label.image


def from_shapes(fine: Sequence[int], coarse: Sequence[int]) -> NDArray[np.float64]:
    """Map pixels of a coarse level to those of the finest as napari draws them.

    Returns
    -------
    ndarray, shape (n + 1, n + 1)
        Pixel centres of the coarse level to pixel indices of the finest: both cover
        the same extent.
    """
    factors = np.divide(fine, coarse)
    relative = np.diag([*factors, 1.0])
    relative[:-1, -1] = (factors - 1) / 2
    return relative


def from_matrices(
    finest: NDArray[np.float64],
    level: NDArray[np.float64],
    order: Sequence[int | None],
) -> NDArray[np.float64]:
    """Map pixels of a level to those of the finest, as the file says.

    Parameters
    ----------
    finest, level
        Where the pixels of the two levels are, as `metadata.geometry.level_matrix`
        says, in the array's axes.
    order
        For each axis of the layer the array's axis; None for one that only the layer
        has.

    Returns
    -------
    ndarray, shape (n + 1, n + 1)
        In the layer's axes.
    """
    between = np.linalg.pinv(finest) @ level
    ndim = len(order)
    relative = np.eye(ndim + 1)
    for i, row in enumerate(order):
        if row is None:
            continue
        relative[i, -1] = between[row, -1]
        for j, column in enumerate(order):
            relative[i, j] = 0.0 if column is None else between[row, column]
    return relative
