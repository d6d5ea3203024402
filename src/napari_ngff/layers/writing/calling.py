"""What images and label images are called in a file: the inverse of `naming`.

Knows names of layers, and what may be the name of a folder everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.portable import portable, unique
from napari_ngff.layers.reading.naming import store_name
from napari_ngff.layers.writing.origins import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.writing.outgoing import Outgoing

_NUMBER = re.compile(r" \[\d+\]$")
_PREFIX = re.compile(r"^(.+?): ")


def image_name(group: Sequence[Outgoing]) -> str | None:
    """Return what the image that layers are is called.

    The file's name for it where it is still called so; a layer's name where it is
    alone; what stands before the colon in the names of all. None where nothing says.
    """
    first = group[0]
    if len(group) == 1 and first.renamed:
        return first.name
    known = [layer for layer in group if layer.record is not None]
    if len({key_of(layer.record) for layer in known if layer.record}) == 1:
        return _of_file(known[0])
    if len(group) == 1:
        return first.name
    found = {match[1] for layer in group if (match := _PREFIX.match(layer.name))}
    named = sum(bool(_PREFIX.match(layer.name)) for layer in group)
    return found.pop() if len(found) == 1 and named == len(group) else None


def _of_file(layer: Outgoing) -> str | None:
    origin = layer.origin
    if origin is not None and origin.image.multiscale.name:
        return origin.image.multiscale.name
    return _path(layer)


def _path(layer: Outgoing) -> str | None:
    """Return the store that a layer came from and the path inside, as a name."""
    record = layer.record
    if record is None:
        return None
    parts = (store_name(record.store), plain(record.node))
    return "/".join(part for part in parts if part) or None


def told_apart(groups: Sequence[Sequence[Outgoing]], names: Sequence[str]) -> list[str]:
    """Return a name for each of several images, no two alike.

    Those that their files call the same, such as fields of wells, are called by their
    paths in them; all else gets a number.
    """
    count = Counter(name.casefold() for name in names)
    found = []
    for group, name in zip(groups, names, strict=True):
        layer = next((one for one in group if one.record is not None), None)
        same = layer is not None and count[name.casefold()] > 1
        path = _path(layer) if layer and same and name == _of_file(layer) else None
        found.append(path or name)
    return list(unique(found))


def label_name(layer: Outgoing) -> tuple[str, bool]:
    """Return what a label image is called, fit to be a folder's name, and if it was."""
    record = layer.record
    if record and record.label and record.node and not layer.renamed:
        name = record.label
    else:
        name = _NUMBER.sub("", layer.name)
    found = folder_name(name)
    return found, found == name


def folder_name(name: str) -> str:
    """Return a name that every file system takes and `core.names` follows."""
    text = portable(name, "labels")
    return f"labels_{text}" if text.startswith("__") else text
