"""0.3: axes are names, each one of t, c, z, y, x; there are no transformations.

Text: https://ngff.openmicroscopy.org/0.3
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.axes import Axis, default_axes
from napari_ngff.metadata.versions import lists, v04
from napari_ngff.metadata.versions.axes import read_axes
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_AXES: Final = {axis.name: axis for axis in default_axes(5)}


def name_axes(
    notes: Notes, version: Version, entry: Mapping[str, Any], loc: Loc
) -> tuple[Axis, ...] | None:
    """Return the axes of an entry that names them; None where it has none."""
    # "It MUST contain the field "axes", which is a list of dimension names of the
    # axes. The values MUST be unique and one of `{"t", "c", "z", "y", "x"}`."
    limit, key = notes.limits.images, "axes"
    items = notes.items(entry, key, loc, of="multiscale", limit=limit, absent="error")
    if items is None:
        return None
    named = [{"name": item} if isinstance(item, str) else item for item in items]
    axes = read_axes(notes, named, (*loc, key))
    for index, axis in enumerate(axes):
        if axis.name not in _AXES:
            text = f"The axis {shown(axis.name)} is not one of {', '.join(_AXES)}."
            notes.add("axis-name-unknown", (*loc, key, index), text)
    return tuple(_AXES.get(axis.name, axis) for axis in axes) or None


VERSION: Final = replace(
    v04.VERSION,
    name="0.3",
    multiscale=lists.no_transforms,
    axes=name_axes,
    levels={
        **v04.VERSION.levels,
        # A name has no type.
        "axis-type-missing": None,
        # `omero` is described by an example alone.
        "channel-color-missing": "info",
        "channel-window-missing": "info",
        "window-start-missing": "info",
        "window-end-missing": "info",
        "window-min-missing": "info",
        "window-max-missing": "info",
        # A well has a path alone; of plates little is a MUST.
        "well-row-index-missing": None,
        "well-column-index-missing": None,
        "plate-rows-missing": "warning",
        "plate-columns-missing": "warning",
        "plate-name-missing": "info",
    },
)
