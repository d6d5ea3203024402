"""Which arrays belong to what is at a path: levels, labels, members of collections.

Knows groups and their documents; opens no array: one whose pixels cannot be read can
be inspected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import NgffError, Problem
from napari_ngff.dataset.nodes import CollectionData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.dataset.reading.arrays import dimension_names
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.location import NodeDocument

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.nodes import Node
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedArray:
    """One array: its document and the axes that it has as far as is known."""

    document: NodeDocument
    axes: tuple[Axis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrays:
    """Arrays that belong together; see `layouts.Part`.

    `index` says which entry of ``multiscales`` they are.
    """

    name: str
    kind: Literal["image", "label", "array"]
    node: str
    axes: tuple[Axis, ...]
    arrays: tuple[InspectedArray, ...]
    index: int = 0


def find_arrays(
    location: Location,
    path: str | os.PathLike[str],
    levels: Sequence[int] | None,
    limits: Limits,
) -> tuple[list[Arrays], list[Problem]]:
    """Return the arrays of what is at a path, and what is wrong with naming them.

    Parameters
    ----------
    location
        The path, opened.
    path
        The path itself.
    levels
        Which levels of images; None: all.
    limits
        Bounds on what the files may ask for.

    Raises
    ------
    CannotOpen, DocumentError, UnsafePath, LimitExceeded
        See `dataset.read.read`.
    """
    finder = _Finder(location, levels, limits)
    document = location.document(location.node)
    if document is not None and document.kind == "array":
        finder.array(document)
    elif document is None or not finder.group(document):
        node = read(path, limits=limits)
        for found in _nodes_of(node):
            finder.node(found)
        if isinstance(node, CollectionData):
            finder.problems += node.problems
    return finder.found, finder.problems


def _nodes_of(node: Node) -> tuple[str, ...]:
    """Return the nodes of all images and arrays that were opened, each once."""
    if isinstance(node, CollectionData):
        nodes = (n for child in node.children for n in _nodes_of(child))
        return tuple(dict.fromkeys(nodes))
    return (node.image.node if isinstance(node, LabelData) else node.node,)


def _fitted(axes: tuple[Axis, ...], document: NodeDocument) -> tuple[Axis, ...]:
    """Return as many axes as an array has; of too many, as in 0.1, the last ones."""
    shape = document.metadata.get("shape")
    ndim = len(shape) if isinstance(shape, list) else 0
    return axes[len(axes) - ndim :] if ndim <= len(axes) else ()


class _Finder:
    def __init__(
        self, location: Location, levels: Sequence[int] | None, limits: Limits
    ) -> None:
        self._location = location
        self._levels = levels
        self._limits = limits
        self.found: list[Arrays] = []
        self.problems: list[Problem] = []

    def node(self, node: str) -> None:
        """Add what is at a node."""
        [document] = self._location.documents([node])
        if isinstance(document, NgffError) or document is None:
            self._fail(node, document)
        elif document.kind == "array":
            self.array(document)
        else:
            self.group(document)

    def array(self, document: NodeDocument) -> None:
        """Add an array that stands alone."""
        document = self._location.complete(document)
        names = dimension_names(document) or ()
        axes = tuple(Axis(name=name or "") for name in names)
        array = InspectedArray(document=document, axes=axes)
        arrays = Arrays(
            name="", kind="array", node=document.node, axes=axes, arrays=(array,)
        )
        self.found.append(arrays)

    def group(self, document: NodeDocument) -> bool:
        """Add the images of a group, and its label images; tell if it has any."""
        group = self._group(document)
        for index, multiscale in enumerate(group.multiscales):
            if index < self._limits.images_opened:
                self._image(document.node, group, multiscale, index)
        if group.multiscales and group.image_label is None:
            self._labels(labels_node(document.node))
        return bool(group.multiscales)

    def _group(self, document: NodeDocument) -> Group:
        return read_group(
            document.attributes, zarr_format=document.zarr_format, node=document.node
        )

    def _labels(self, node: str) -> None:
        [document] = self._location.documents([node])
        if document is None or isinstance(document, NgffError):
            return
        for name in (self._group(document).labels or ())[: self._limits.labels]:
            try:
                self.node(join(node, name, limits=self._limits))
            except NgffError as error:
                self._fail(node, error)

    def _image(
        self, node: str, group: Group, multiscale: Multiscale, index: int
    ) -> None:
        nodes = []
        for number, level in enumerate(multiscale.levels):
            if self._levels is not None and number not in self._levels:
                continue
            try:
                nodes.append(join(node, level.path, limits=self._limits))
            except NgffError as error:
                self._fail(node, error)
        arrays = []
        documents = self._location.documents(nodes)
        for path, document in zip(nodes, documents, strict=True):
            if not isinstance(document, NodeDocument) or document.kind != "array":
                failed = document if isinstance(document, NgffError) else None
                self._fail(path, failed)
                continue
            axes = _fitted(multiscale.axes, document)
            arrays.append(InspectedArray(document=document, axes=axes))
        name = multiscale.name or node.rpartition("/")[2] or self._location.name
        self.found.append(
            Arrays(
                name=name,
                kind="image" if group.image_label is None else "label",
                node=node,
                axes=arrays[0].axes if arrays else (),
                arrays=tuple(arrays),
                index=index,
            )
        )

    def _fail(self, node: str, error: NgffError | None) -> None:
        text = "there is no such array" if error is None else str(error)
        message = plain(text, limit=1024)
        problem = Problem(
            level="error", kind="not-inspected", node=node, message=message
        )
        self.problems.append(problem)
