"""JSON to model: `read_group`, and a table of the versions of the specification.

`dialect` says in which version a document is written, by its structure; each version
is a module, `v01` to `v09`, that holds its difference to the next one; each subject
(`axes`, `transforms`, `omero`, `labels`, `plates`, `scenes` …) is read by one module
for all versions. Nothing raises: what is wrong is noted, what can be shown is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.metadata.model import Group
from napari_ngff.metadata.versions import (
    dialect,
    labels,
    multiscales,
    omero,
    plates,
    scenes,
    v01,
    v02,
    v03,
    v04,
    v05,
    v06,
    v09,
)
from napari_ngff.metadata.versions.notes import Notes
from napari_ngff.metadata.versions.values import INTEGER, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.version import Version

__all__ = ["VERSIONS", "read_group"]

VERSIONS: Final[Mapping[str, Version]] = {
    module.VERSION.name: module.VERSION
    for module in (v01, v02, v03, v04, v05, v06, v09)
}
_LAYOUT: Final = "bioformats2raw.layout"


def read_group(
    attributes: Any,
    *,
    zarr_format: int | None = None,
    node: str = "",
    limits: Limits = LIMITS,
) -> Group:
    """Return all that the attributes of one group say.

    Parameters
    ----------
    attributes
        The attributes object of a group, any JSON: in Zarr format 3 what is under
        ``"attributes"``, in format 2 what is in ``.zattrs``.
    zarr_format
        2 or 3; None where it is not known.
    node
        The group's path inside its store, for the problems.
    limits
        Bounds on how much is read.

    Returns
    -------
    Group
        What could be read; all that is wrong is in its `problems`, whose `loc` is
        relative to `attributes`. A group without OME-Zarr metadata has no blocks and
        no problems.
    """
    notes = Notes(node=node, limits=limits)
    if not isinstance(attributes, Mapping):
        what = f"The attributes are {shown(attributes)}, but must be an object."
        notes.add("attributes-invalid", (), what)
        return Group(version=None, dialect="0.4", problems=notes.problems())
    body, loc = dialect.split(attributes)
    text = dialect.version_text(body, loc)
    allowed = dialect.candidates(body, loc)
    said = dialect.name_of(text)
    version = VERSIONS[said if said in allowed else allowed[0]]
    notes.levels = version.levels
    if dialect.is_development(text):
        notes.levels = {**version.levels, "development-syntax": "warning"}
    _check_place(notes, version, attributes, body, loc, zarr_format)
    extra, foreign = dialect.foreign(attributes, loc)
    group = _blocks(notes, version, text, body, loc)
    return replace(group, extra=extra, foreign=foreign)


def _blocks(
    notes: Notes, version: Version, text: str | None, body: Mapping[str, Any], loc: Loc
) -> Group:
    limits = notes.limits
    blocks: dict[str, Any] = {
        "multiscales": multiscales.read_multiscales(notes, version, body, loc),
        "rendering": omero.read_omero(notes, body, loc),
        "labels": labels.read_paths(notes, body, "labels", loc, limits.labels),
        "image_label": labels.read_image_label(notes, body, loc),
        "plate": plates.read_plate(notes, body, loc),
        "well": plates.read_well(notes, version, body, loc),
        "scene": scenes.read_scene(notes, body, loc),
        "bioformats2raw": _layout(notes, body, loc),
        "series": labels.read_paths(notes, body, "series", loc, limits.images),
    }
    if any(block not in (None, ()) for block in blocks.values()):
        dialect.check(notes, version, body, loc)
    return Group(
        version=text,
        dialect=version.name,
        loc=loc,
        problems=notes.problems(),
        **blocks,
    )


def _layout(notes: Notes, body: Mapping[str, Any], loc: Loc) -> int | None:
    # "MUST have the value `3` for the `bioformats2raw.layout` key".
    layout: int | None = notes.get(body, _LAYOUT, loc, INTEGER, of="group")
    if layout not in (None, 3):
        text = f"The layout is {layout}; it must be 3, as which it is read."
        notes.add("layout-unknown", (*loc, _LAYOUT), text)
    return layout


def _check_place(
    notes: Notes,
    version: Version,
    attributes: Mapping[str, Any],
    body: Mapping[str, Any],
    loc: Loc,
    zarr_format: int | None,
) -> None:
    """Note metadata in the wrong place, or in the wrong format of Zarr."""
    if not (dialect.has_blocks(body) or "ome" in attributes):
        return
    if "ome" in attributes and not isinstance(attributes["ome"], Mapping):
        text = f"'ome' is {shown(attributes['ome'])}, but must be an object."
        notes.add("namespace-invalid", ("ome",), text)
    elif version.namespace is not None and not loc:
        # "The group `attributes` MUST contain a key `ome`."
        text = "The metadata must be under the key 'ome'. Move it there."
        notes.add("namespace-missing", loc, text)
    if zarr_format in (None, version.zarr_format):
        return
    # 0.4: "Arrays MUST be defined and stored in a hierarchical organization as defined
    # by the version 2 of the Zarr specification." 0.5: "OME-Zarr is implemented using
    # the Zarr format as defined by the version 3".
    text = f"Version {version.name} must be stored in Zarr format {version.zarr_format}"
    text += f"; this is format {zarr_format}. Readers may refuse it: upgrade it."
    notes.add("zarr-format", loc, text)
