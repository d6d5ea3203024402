"""Which groups belong together: labels to an image, fields to wells, images to series.

Knows what collections list; reads metadata documents only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import join
from napari_ngff.core.problems import NgffError, UnsafePath
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.reading.listings import OME
from napari_ngff.dataset.reading.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import Location

#: How far up a collection is looked for: field, well, row, plate.
_CLIMB = 3


def labels_of(location: Location, node: str) -> tuple[str, ...]:
    """Return the label images of an image that are there, as its labels group lists."""
    reading = Reading(location=location, limits=location.limits)
    below = labels_node(node)
    group = _group(reading, below)
    names = group.labels if group is not None and group.labels else ()
    return tuple(_images(reading, _below(reading, below, names)))


def siblings_of(location: Location, node: str) -> tuple[str, ...]:
    """Return the other images of the plate, well or series that an image is in.

    Of several collections that list it, directly or by way of others, the outermost.
    """
    reading = Reading(location=location, limits=location.limits)
    parts = node.split("/") if node else []
    found: tuple[str, ...] = ()
    for up in range(1, min(_CLIMB, len(parts)) + 1):
        listed = members_of(location, "/".join(parts[:-up]))
        found = listed if node in listed else found
    return tuple(_images(reading, (n for n in found if n != node)))


def members_of(location: Location, node: str) -> tuple[str, ...]:
    """Return the images that a plate, a well or a series lists; none of another group.

    They are as listed, whether they are there or not.
    """
    reading = Reading(location=location, limits=location.limits)
    group = _group(reading, node)
    if group is None:
        return ()
    if group.plate is not None:
        wells = tuple(_below(reading, node, (w.path for w in group.plate.wells)))
        reading.location.documents(wells)  # together: each costs a round trip
        return tuple(n for well in wells for n in members_of(location, well))
    if group.well is not None:
        return tuple(_below(reading, node, (i.path for i in group.well.images)))
    if group.bioformats2raw is not None:
        return tuple(_below(reading, node, _series(reading, node)))
    return ()


def _series(reading: Reading, node: str) -> tuple[str, ...]:
    listing = _group(reading, f"{node}/{OME}" if node else OME)
    if listing is not None and listing.series is not None:
        return listing.series
    names = reading.location.children(node) or ()
    return tuple(name for name in names if name.isdigit())


def _group(reading: Reading, node: str) -> Group | None:
    """Return what a group says; None where none can be read there."""
    try:
        document = reading.location.document(node)
    except NgffError:
        return None  # told by reading, where somebody asks for it
    if document is None or document.kind != "group":
        return None
    return reading.group(document)


def _below(reading: Reading, node: str, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        try:
            yield join(node, path, limits=reading.limits)
        except UnsafePath:
            continue  # a problem of the collection, told where that is read


def _images(reading: Reading, nodes: Iterable[str]) -> Iterator[str]:
    """Yield those nodes that are images."""
    wanted = tuple(nodes)
    reading.location.documents(wanted)
    for node in wanted:
        group = _group(reading, node)
        if group is not None and group.multiscales:
            yield node
