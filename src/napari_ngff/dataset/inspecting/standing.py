"""What is known of a store as a whole: whether it is consolidated, or was replaced.

Knows documents and their stamps; nothing of how arrays are stored.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from napari_ngff.core.problems import LimitExceeded, NgffError, Unreadable

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from napari_ngff.dataset.inspecting.arrays import Arrays
    from napari_ngff.storage.location import Location

#: Of so many arrays it is known whether their documents were replaced.
_STAMPED: Final = 64


def stamp_of(location: Location, parts: Sequence[Arrays]) -> tuple[Hashable, ...]:
    """Return what changes when documents of arrays do; nothing of what is far away."""
    if location.keys.remote:
        return ()
    found: list[Hashable] = []
    documents = (array.document for part in parts for array in part.arrays)
    for document in islice(documents, _STAMPED):
        name = "zarr.json" if document.zarr_format == 3 else ".zarray"
        key = f"{document.node}/{name}" if document.node else name
        try:
            found.append(location.keys.stamp(key))
        except Unreadable:
            found.append(None)
    return tuple(found)


def is_consolidated(location: Location) -> bool:
    """Tell whether the root says what is below it; asked only where it matters."""
    if not location.keys.remote:
        return False
    try:
        root = location.document("")
        if root is not None and root.zarr_format == 3:
            return bool(root.metadata.get("consolidated_metadata"))
        limit = location.limits.document_bytes
        return location.file(".zmetadata", limit=limit) is not None
    except LimitExceeded:
        return True
    except NgffError:
        return False
