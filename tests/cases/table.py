"""One table of what tests open, and what each store is to be seen as.

Every row stands for one sentence: of what the plugin promises to open, or of what
today's readers were seen to lose or refuse. Expectations are written out by hand.
"""

from __future__ import annotations

from cases.axes import AXES
from cases.case import Case
from cases.channels import OMERO
from cases.inside import INSIDE, PIXELS
from cases.labels import LABELS
from cases.several import SEVERAL
from cases.transforms import BY_PATH, TRANSFORMS
from cases.versions import VERSIONS

__all__ = ["CASES", "IMAGES", "Case"]

CASES: tuple[Case, ...] = (
    *VERSIONS,
    *TRANSFORMS,
    *BY_PATH,
    *AXES,
    *OMERO,
    *LABELS,
    *INSIDE,
    *PIXELS,
    *SEVERAL,
)
IMAGES: tuple[Case, ...] = tuple(case for case in CASES if case.kind == "image")
