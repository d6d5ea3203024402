"""0.6: coordinate systems; 2 to 5 axes in a fixed order.

Text: https://ngff.openmicroscopy.org/0.6
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from napari_ngff.metadata.versions import v09

VERSION: Final = replace(v09.VERSION, name="0.6", axis_rules="image", levels={})
