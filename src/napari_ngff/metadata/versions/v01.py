"""0.1: chunk files are named "0.0.0.0.0" (the array's matter); the JSON is that of 0.2.

Text: https://ngff.openmicroscopy.org/0.1
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from napari_ngff.metadata.versions import v02

VERSION: Final = replace(v02.VERSION, name="0.1")
