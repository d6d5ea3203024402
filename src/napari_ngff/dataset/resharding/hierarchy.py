"""The groups and arrays of a store that is re-sharded, wherever it is.

A place that can be listed is walked through; of one that cannot, as on the web, what
its metadata name is found: levels, labels, wells, fields, series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from napari_ngff.core.names import join
from napari_ngff.core.problems import UnsafePath
from napari_ngff.dataset.reading.labels import LABELS
from napari_ngff.dataset.upgrading.hierarchy import read_hierarchy
from napari_ngff.metadata.transforms import paths
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.location import Location

_SERIES = "OME"


def is_listed(location: Location) -> bool:
    """Tell whether it can be known what is in a store."""
    return location.keys.folders("") is not None


def hierarchy_of(location: Location) -> Hierarchy:
    """Return every group and array, with the bytes of their documents.

    Raises
    ------
    Unreadable, LimitExceeded, DocumentError
        If something in it cannot be read.
    """
    keys = location.keys
    known = keys if is_listed(location) else cast("Keys", _Named(location))
    return read_hierarchy(known, location.limits)


class _Named:
    """Keys whose folders are those that metadata name: what a walk asks for."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._known: dict[str, None] = {}
        self.url = location.keys.url
        self.get = location.keys.get

    def folders(self, prefix: str) -> tuple[str, ...]:
        """Return the names of the nodes below a prefix that are known of."""
        node = prefix.rstrip("/")
        document = self._location.document(node)
        if document is not None and document.kind == "group":
            group = read_group(document.attributes, zarr_format=document.zarr_format)
            for name in _named(self._location, node, group):
                try:
                    path = join(node, name, limits=self._location.limits)
                except UnsafePath:
                    continue
                self._known[path] = None
        below = (path for path in self._known if path.startswith(prefix))
        return tuple({path[len(prefix) :].split("/")[0]: None for path in below})


def _named(location: Location, node: str, group: Group) -> Iterator[str]:
    """Give the paths that a group names, relative to it."""
    for image in group.multiscales:
        yield from (level.path for level in image.levels)
        yield from _parameters(image)
    if group.multiscales and group.image_label is None:
        yield from _there(location, node, LABELS)
    yield from group.labels or ()
    if group.plate is not None:
        yield from (well.path for well in group.plate.wells)
    if group.well is not None:
        yield from (image.path for image in group.well.images)
    if group.bioformats2raw is not None and group.plate is None:
        yield from _there(location, node, _SERIES)
        yield from _series(location, node)


def _there(location: Location, node: str, name: str) -> Iterator[str]:
    if location.document(join(node, name)) is not None:
        yield name


def _series(location: Location, node: str) -> Iterator[str]:
    """Give the images of a series: as listed, else as they are numbered."""
    document = location.document(join(node, _SERIES))
    listed = None if document is None else read_group(document.attributes).series
    if listed is not None:
        yield from listed
        return
    for number in range(location.limits.images):
        if location.document(join(node, str(number))) is None:
            return
        yield str(number)


def _parameters(image: Multiscale) -> Iterator[str]:
    """Give the paths of the arrays that hold parameters of transformations."""
    yield from (path for level in image.levels for path in paths(level.transform))
    yield from paths(image.transform)
    yield from (path for edge in image.edges for path in paths(edge.transform))
