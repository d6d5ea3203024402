"""The session of each viewer: edits outlive the dock that they were made in.

Knows viewers by identity; nothing of what a session holds.
"""

from __future__ import annotations

import weakref
from typing import Any

from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.session import Session

_held: dict[int, Session] = {}


def session_of(viewer: Any) -> Session:
    """Return the session of a viewer: that of an editor that was closed, if any."""
    viewer = bare(viewer)
    found = _held.get(id(viewer))
    if found is None:
        found = _held[id(viewer)] = Session()
        weakref.finalize(viewer, _held.pop, id(viewer), None)
    return found
