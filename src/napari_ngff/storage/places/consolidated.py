"""Consolidated metadata as a hint: which nodes a store says that it has.

Used where a store cannot be listed, and for names alone: what it says of a node may be
out of date, so each is looked at itself. Knows where Zarr v2 and v3 put it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.document import parse
from napari_ngff.core.problems import NgffError
from napari_ngff.storage.places.looks import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.places.nodes import NodeDocument

_KEY: Final = ".zmetadata"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def read_listing(keys: Keys, root: NodeDocument, limits: Limits) -> Mapping[str, Any]:
    """Return the consolidated metadata of a store; empty where there is none.

    Of format 3 it is in the root's document; of format 2 it is asked for. One that
    cannot be read is none: nothing depends on it.
    """
    found: object = root.metadata.get("consolidated_metadata")
    if root.zarr_format == 2:
        try:
            data = keys.get(_KEY, limit=limits.document_bytes)
            found = None if data is None else parse(data, limits=limits)[0]
        except NgffError:
            return _NOTHING
    metadata = found.get("metadata") if isinstance(found, dict) else None
    return metadata if isinstance(metadata, dict) else _NOTHING


def listed_in(listing: Mapping[str, Any], node: str) -> set[str]:
    """Return the names directly below a node in consolidated metadata.

    Parameters
    ----------
    listing
        Its paths (format 3), or its keys (format 2: those of the documents).
    node
        Path of a group; ``""`` is the root.
    """
    start = f"{node}/" if node else ""
    inside = (key[len(start) :] for key in listing if key.startswith(start))
    return {name.partition("/")[0] for name in inside} - {"", *DOCUMENTS}
