"""From what was read to images that can be saved, whatever it was.

Knows the nodes that reading gives. A collection is saved image by image: what holds
its images together is told as lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.nodes import ArrayData, CollectionData, ImageData, LabelData
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.dataset.saving.planning import label_alone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import Node

_WHOLE = frozenset(("images", "series", "group", "arrays"))
"""Collections of which nothing is lost when their images are saved one by one."""


def images_of(
    node: Node, **means: Any
) -> tuple[tuple[ImageData, ...], tuple[Problem, ...]]:
    """Return the images that are in what was read, and what is lost on the way.

    Parameters
    ----------
    node
        From `dataset.read.read`.
    **means
        What a bare array means, see `from_arrays.image_of`; its ``dimension_names``
        are its axes where none are given. Images bring their own.

    Raises
    ------
    CannotSave
        If not all images of a collection have been opened.
    ValueError
        If what is said does not fit the array, or there is an image.
    """
    if isinstance(node, ArrayData):
        return (_of_array(node, means),), ()
    if given := [name for name, value in means.items() if value is not None]:
        message = f"{', '.join(given)}: an image brings its own"
        raise ValueError(message)
    if isinstance(node, LabelData):
        return (label_alone(node),), ()
    if isinstance(node, ImageData):
        return (node,), ()
    return _of_collection(node)


def _of_array(node: ArrayData, means: dict[str, Any]) -> ImageData:
    axes, names = means.pop("axes", None), node.dimension_names
    if axes is None and names and None not in names and len(set(names)) == len(names):
        axes = names
    return image_of(node.array, axes=axes, **means)


def _of_collection(
    node: CollectionData,
) -> tuple[tuple[ImageData, ...], tuple[Problem, ...]]:
    if len(node.paths) > max(len(node.children), 1):
        count, opened = len(node.paths), len(node.children)
        reason = f"it holds {count} images, of which only {opened} are opened at once"
        advice = "Save them one by one, each by its path."
        raise CannotSave(plain(node.store), reason, advice)
    images: list[ImageData] = []
    problems: list[Problem] = []
    for child in node.children:
        found, lost = images_of(child)
        images += found
        problems += lost
    if node.kind not in _WHOLE:
        text = f"The images are saved one by one, not as a {node.kind}"
        problems.append(note("warning", "collection", text, node=node.node))
    return _named(images), tuple(problems)


def _named(images: Sequence[ImageData]) -> tuple[ImageData, ...]:
    """Call images by their paths where names do not tell them apart.

    Fields of wells have none, or all the same.
    """
    names = [image.multiscale.name for image in images]
    return tuple(
        replace(image, multiscale=replace(image.multiscale, name=image.node))
        if image.node and (not name or names.count(name) > 1)
        else image
        for image, name in zip(images, names, strict=True)
    )
