"""0.5: a list of axes, and lists of one scale and at most one translation.

Text: https://ngff.openmicroscopy.org/0.5
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from napari_ngff.metadata.versions import lists, v06

VERSION: Final = replace(
    v06.VERSION,
    name="0.5",
    multiscale=lists.read_multiscale,
    axes=lists.object_axes,
    # "The `path` MUST contain only alphanumeric characters".
    well_path=(re.compile("[A-Za-z0-9]+"), "letters and digits only"),
    levels={
        # "The `zarr.json` file for the label image MUST implement the multiscales
        # specification": the specification's own test data count an `image-label`
        # alone as valid, so that it is told as a warning.
        "label-without-multiscales": "warning",
        # Table of transformation types: "one of: `"scale":List[float]`,
        # `"path":str`". Not read; nothing in the wild has it.
        "transform-path": "warning",
    },
)
