"""Which arrays of a store are re-sharded, and what their axes are called. Pure.

Knows groups and what they say of their levels; an array that no image names, such as
the columns of a table, is not cut into shards: it is carried along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import UnsafePath
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.resharding.reshard_plan import Kind
    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy, Node

_LABELS = "labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An array that is re-sharded.

    Attributes
    ----------
    node
        It, with its documents.
    kind
        What it is a level of.
    axes
        Names of its axes; numbers where they have none.
    stated
        Names that its document is to have if it gets another one; None: it has some,
        or there are none.
    """

    node: Node
    kind: Kind
    axes: tuple[str, ...]
    stated: tuple[str, ...] | None


def find(hierarchy: Hierarchy, limits: Limits) -> tuple[Found, ...]:
    """Return the levels of all images and labels; every array where there are none."""
    levels = dict(_levels(hierarchy, limits))
    arrays = [node for node in hierarchy.nodes.values() if node.kind == "array"]
    if any(node.path in levels for node in arrays):
        arrays = [node for node in arrays if node.path in levels]
    return tuple(_found(node, *levels.get(node.path, ("array", ()))) for node in arrays)


def _levels(
    hierarchy: Hierarchy, limits: Limits
) -> Iterator[tuple[str, tuple[Kind, tuple[str, ...]]]]:
    for node in hierarchy.nodes.values():
        if node.kind == "array":
            continue
        group = read_group(
            node.attributes, zarr_format=node.zarr_format, node=node.path
        )
        of_label = group.image_label is not None or _LABELS in node.path.split("/")
        for image in group.multiscales:
            names = tuple(axis.name for axis in image.axes)
            for level in image.levels:
                try:
                    path = join(node.path, level.path, limits=limits)
                except UnsafePath:
                    continue
                yield path, ("label" if of_label else "image", names)


def _found(node: Node, kind: Kind, names: Sequence[str]) -> Found:
    shape: Any = node.metadata.get("shape")
    ndim = len(shape) if isinstance(shape, list) else 0
    # Versions 0.1 and 0.2 have five axes, of which an array may have the last ones.
    fitted = tuple(names[len(names) - ndim :]) if 0 < ndim <= len(names) else None
    own = node.metadata.get("dimension_names") if node.zarr_format == 3 else None
    known = fitted or (own if isinstance(own, list) and len(own) == ndim else None)
    axes = tuple(
        plain(name) if isinstance(name, str) and name else str(i)
        for i, name in enumerate(known or [None] * ndim)
    )
    said = isinstance(own, list)
    return Found(node=node, kind=kind, axes=axes, stated=None if said else fitted)
