"""0.9.dev1, the newest: 0.6 with RFC-3 (any axes) and RFC-4 (orientation).

Text: https://github.com/ome/ngff-spec and https://ngff.openmicroscopy.org/rfc
"""

from __future__ import annotations

import re
from typing import Final

from napari_ngff.metadata.versions import systems
from napari_ngff.metadata.versions.version import Version

#: "The `path` MUST NOT consist only of periods (like `.` or `..`) or start with the
#: reserved prefix `__`; The `path` MUST NOT be an empty string and MUST NOT contain `/`
#: characters; The `path` MUST only use characters in the sets `a-z`, `A-Z`, `0-9`, `-`,
#: `_`, `.`."
_WELL_PATH: Final = re.compile(r"(?!__)(?!\.+$)[A-Za-z0-9._-]+")

VERSION: Final = Version(
    name="0.9",
    zarr_format=3,
    namespace="ome",
    multiscale=systems.read_multiscale,
    axis_rules="any",
    well_path=(
        _WELL_PATH,
        "made of letters, digits, '-', '_' and '.', not of periods alone, and not "
        "begin with '__'",
    ),
    # Of `omero` only the window's start and end are asked for.
    levels={
        "channel-color-missing": None,
        "channel-window-missing": None,
        "window-min-missing": None,
        "window-max-missing": None,
    },
)
