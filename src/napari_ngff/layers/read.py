"""What a location holds as napari layers: plain ``LayerData`` tuples.

Names the layers and puts images, labels and collections together; what one image
becomes is known to `pictures` and `labels`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotOpen, NgffError, Problem
from napari_ngff.dataset.nodes import (
    ArrayData,
    CollectionData,
    ImageData,
    LabelData,
    Node,
)
from napari_ngff.dataset.read import read
from napari_ngff.layers.provenance import Form, Provenance, opened_as, with_problems
from napari_ngff.layers.reading.images import choose_form, prepare
from napari_ngff.layers.reading.labels import label_layers
from napari_ngff.layers.reading.naming import named, prefixed, title, titles, unique
from napari_ngff.layers.reading.pictures import LayerData, in_order, picture_layers
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.model import Group, Level, Multiscale
from napari_ngff.metadata.transforms import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def read_layers(
    path: str | os.PathLike[str], *, limits: Limits = LIMITS
) -> list[LayerData]:
    """Read whatever is at a location as layers for napari.

    Parameters
    ----------
    path
        Anything that `napari_ngff.read` takes: a directory, a path inside one, a
        ``.ozx`` or ``.zip`` file, a URL.
    limits
        What a file may ask for.

    Returns
    -------
    list of (data, meta, type)
        As napari's readers return; pixels are lazy. ``Layer.create(*item)`` or
        ``viewer.add_layer`` take them. What was found wrong is in
        ``meta["metadata"]["napari_ngff"]["problems"]``.

    Raises
    ------
    NgffError
        Where nothing can be shown; its text says why.
    """
    return layers_of(read(path, limits=limits), limits=limits)


def layers_of(node: Node, *, limits: Limits = LIMITS) -> list[LayerData]:
    """Return what was read as layers for napari, as `read_layers`.

    Raises
    ------
    CannotOpen
        If nothing of it can be shown.
    """
    if isinstance(node, CollectionData):
        layers = _collection(node, limits)
    else:
        layers = _READERS[type(node)](node, limits, title(_image_of(node)))
    return _as_one_opening(unique(layers), os.urandom(8).hex())


def show_as(
    origin: Provenance, form: Literal["rgb", "channels"], *, limits: Limits = LIMITS
) -> list[LayerData]:
    """Read the image that a layer came from again, as colours or as channels.

    Parameters
    ----------
    origin
        What the layer remembers (`Provenance.from_metadata`).
    form
        ``"rgb"``: one layer of colours; ``"channels"``: a layer a channel.
    limits
        What a file may ask for.

    Returns
    -------
    list of (data, meta, type)
        The image's layers, without its labels.

    Raises
    ------
    CannotOpen
        If the image cannot be shown so, or is no longer there.
    """
    path = f"{origin.store.rstrip('/')}/{origin.node}" if origin.node else origin.store
    node = read(path, limits=limits)
    children = node.children if isinstance(node, CollectionData) else (node,)
    for image in map(_image_of, children):
        if (image.node, image.index) == (origin.node, origin.index):
            prepared = prepare(image)
            layers = picture_layers(prepared, form, image.group.rendering)
            layers = named(layers, title(image))
            layers = unique(in_order(layers, form, image.group.rendering))
            return _as_one_opening(layers, origin.opening)
    raise CannotOpen(origin.store, f"There is no image {plain(origin.node)!r} in it.")


def _image(image: ImageData, limits: Limits, name: str) -> list[LayerData]:
    """Return the layers of an image and of its labels, not yet unique in name."""
    prepared = prepare(image)
    form, problems = choose_form(prepared, image, limits)
    labels: list[LayerData] = []
    failed: list[Problem] = []
    for label in image.labels:
        try:
            labels += label_layers(label, limits, image=prepared)
        except NgffError as error:
            failed.append(_failure(error, label.image.node))
    rendering = image.group.rendering
    layers = picture_layers(prepared, form, rendering, (*problems, *failed))
    return [*in_order(named(layers, name), form, rendering), *labels]


def _label(label: LabelData, limits: Limits, _name: str) -> list[LayerData]:
    return label_layers(label, limits)


def _array(array: ArrayData, limits: Limits, name: str) -> list[LayerData]:
    """Return one layer: an array says too little to take it apart."""
    image = _as_image(array)
    prepared = prepare(image)
    form, _ = choose_form(prepared, image, limits)
    origin = replace(prepared.origin, kind="array", dialect=None, levels=("",))
    prepared = replace(prepared, origin=origin)
    kept: Form = "rgb" if form == "rgb" else "plain" if form == "plain" else "slider"
    return named(picture_layers(prepared, kept, None), name)


def _as_image(array: ArrayData) -> ImageData:
    """Return an array as an image of one level, in pixels."""
    names = array.dimension_names or (None,) * array.array.ndim
    axes = tuple(Axis(name=name or f"dim_{i}") for i, name in enumerate(names))
    return ImageData(
        store=array.store,
        node=array.node,
        index=0,
        group=Group(version=None, dialect=""),
        multiscale=Multiscale(
            name=None,
            axes=axes,
            levels=(Level(path="", transform=Identity()),),
            transform=Identity(),
        ),
        levels=(array.array,),
        problems=array.problems,
    )


def _collection(collection: CollectionData, limits: Limits) -> list[LayerData]:
    """Return the layers of all that was opened, each named after its own image.

    The entries of one ``multiscales`` show the same thing: those after the first are
    hidden.
    """
    entries = collection.kind == "images"
    layers: list[LayerData] = []
    failed: list[Problem] = list(collection.problems)
    images = [_image_of(child) for child in collection.children]
    names = titles(images)
    for child, image, name in zip(collection.children, images, names, strict=True):
        try:
            found = _READERS[type(child)](child, limits, name)
        except NgffError as error:
            failed.append(_failure(error, image.node))
            continue
        later = entries and image.index > 0
        if later or (not entries and len(images) > 1):
            found = prefixed(found, name)
        layers += [_hidden(layer) for layer in found] if later else found
    if not layers:
        reasons = " ".join(problem.message for problem in failed[:3])
        raise CannotOpen(collection.store, reasons or "There is nothing in it.")
    return _with_problems(layers, failed)


_READERS: dict[type, Callable[[Any, Limits, str], list[LayerData]]] = {
    ImageData: _image,
    LabelData: _label,
    ArrayData: _array,
}


def _image_of(child: ImageData | LabelData | ArrayData) -> ImageData:
    if isinstance(child, ArrayData):
        return _as_image(child)
    return child.image if isinstance(child, LabelData) else child


def _hidden(layer: LayerData) -> LayerData:
    data, meta, kind = layer
    return data, {**meta, "visible": False}, kind


def _with_problems(
    layers: list[LayerData], problems: Iterable[Problem]
) -> list[LayerData]:
    """Let the first layer remember what concerns all."""
    data, meta, kind = layers[0]
    meta = {**meta, "metadata": with_problems(meta["metadata"], problems)}
    return [(data, meta, kind), *layers[1:]]


def _as_one_opening(layers: list[LayerData], opening: str) -> list[LayerData]:
    """Let the layers remember that they belong together, and what they are called."""
    return [
        (data, {**meta, "metadata": _opened(meta, opening)}, kind)
        for data, meta, kind in layers
    ]


def _opened(meta: dict[str, Any], opening: str) -> Mapping[str, Any]:
    return opened_as(meta["metadata"], opening, meta["name"])


def _failure(error: NgffError, node: str) -> Problem:
    return Problem(level="error", kind="not-shown", message=str(error), node=node)
