"""What layers are called: after their channel, else their image, and never twice.

Knows texts; what comes out of a file is fit to be shown before it is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.layers.reading.pictures import LayerData

_SUFFIX = re.compile(r"(\.ome)?\.(zarr|ozx|zip)$", re.IGNORECASE)


def title(image: ImageData) -> str:
    """Return what an image is called.

    Its own name if that says more than its path does, else the store's name and the
    path inside it; an entry of ``multiscales`` after the first has its number.
    """
    name = plain(image.multiscale.name or "").strip(" /")
    if name and not name.isdigit() and name != image.node:
        return name
    return path_title(image)


def path_title(image: ImageData) -> str:
    """Return an image's store and the path inside it, as a name."""
    parts = [store_name(image.store), image.node]
    text = plain("/".join(part for part in parts if part))
    return f"{text} ({image.index})" if image.index else text


def store_name(store: str) -> str:
    """Return what a store is called: the last part of its path or address."""
    last = re.split(r"[/\\]", store.partition("?")[0].rstrip("/\\"))[-1]
    return plain(without_suffix(last))


def titles(images: Sequence[ImageData]) -> list[str]:
    """Return what each of several images is called: its path where names repeat."""
    found = [title(image) for image in images]
    paths = [path_title(image) for image in images]
    return [
        name if found.count(name) == 1 else path
        for name, path in zip(found, paths, strict=True)
    ]


def without_suffix(name: str) -> str:
    """Return a file's name without ``.ome.zarr`` and its like."""
    return _SUFFIX.sub("", name) or name


def named(layers: list[LayerData], image_title: str) -> list[LayerData]:
    """Name the layers of an image: channels without a label by their number."""
    alone = len(layers) == 1
    return [
        _renamed(
            layer,
            layer[1]["name"]
            or (image_title if alone else f"{image_title}: channel {i}"),
        )
        for i, layer in enumerate(layers)
    ]


def prefixed(layers: list[LayerData], image_title: str) -> list[LayerData]:
    """Put the image's name before names that do not have it."""
    start = f"{image_title}: "
    return [
        layer
        if layer[1]["name"] == image_title or layer[1]["name"].startswith(start)
        else _renamed(layer, start + layer[1]["name"])
        for layer in layers
    ]


def unique(layers: list[LayerData]) -> list[LayerData]:
    """Give names that occur before a number, as napari does."""
    taken: set[str] = set()
    result = []
    for layer in layers:
        name, number = layer[1]["name"], 0
        while name in taken:
            number += 1
            name = f"{layer[1]['name']} [{number}]"
        taken.add(name)
        result.append(_renamed(layer, name))
    return result


def _renamed(layer: LayerData, name: str) -> LayerData:
    data, meta, kind = layer
    return data, {**meta, "name": name}, kind
