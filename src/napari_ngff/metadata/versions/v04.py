"""0.4: in Zarr format 2, without the `ome` namespace; blocks have their own version.

Text: https://ngff.openmicroscopy.org/0.4
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from napari_ngff.metadata.versions import v05

VERSION: Final = replace(
    v05.VERSION,
    name="0.4",
    zarr_format=2,
    namespace=None,
    versioned=("multiscales", "plate", "well", "image-label"),
    levels={
        **v05.VERSION.levels,
        # "The length of the `scale` and `translation` array MUST be the same as the
        # length of "axes"": the test data of 0.4 count two factors for three axes as
        # valid (those of 0.5 do not), so that it is told as a warning.
        "transform-length": "warning",
        # "The `path` MUST consist of a `name` in the `rows` list, a file separator
        # (`/`), and a `name` from the `columns` list, in that order": the test data of
        # 0.4 have the column first throughout, also where every SHOULD counts.
        "well-path-swapped": "info",
    },
)
