"""The groups and arrays of a store that is re-sharded, wherever it is.

A place that can be listed is walked through; of one on the web only what its images
name is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.dataset.upgrading.hierarchy import read_hierarchy

if TYPE_CHECKING:
    import os

    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy
    from napari_ngff.storage.location import Location


def hierarchy_of(location: Location, path: str | os.PathLike[str]) -> Hierarchy:
    """Return every group and array, with the bytes of their documents."""
    del path
    return read_hierarchy(location.keys, location.limits)
