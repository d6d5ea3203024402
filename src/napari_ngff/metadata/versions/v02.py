"""0.2: no axes; arrays are t, c, z, y, x.

Text: https://ngff.openmicroscopy.org/0.2
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from napari_ngff.metadata.versions import v03

VERSION: Final = replace(v03.VERSION, name="0.2", axes=None)
