"""The JSON of label groups, changed in place: colours, properties, the list of labels.

Knows where each version keeps them; reads and writes no files. Keys that are not ours
stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.versions import VERSIONS
from napari_ngff.metadata.writing.blocks import write_image_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import ImageLabel

_BLOCK, _VALUE, _LABELS = "image-label", "label-value", "labels"


def with_looks(
    attributes: Mapping[str, Any], looks: ImageLabel, loc: Loc
) -> dict[str, Any]:
    """Return a label group's attributes with other colours and properties.

    Parameters
    ----------
    attributes
        As the file has them.
    looks
        The colours and properties.
    loc
        Where the blocks are in the attributes: `metadata.model.Group.loc`.
    """
    inside = _inside(attributes, loc)
    old = inside.get(_BLOCK)
    old = old if isinstance(old, dict) else {}
    new = write_image_label(looks)
    block = {k: v for k, v in old.items() if k not in ("colors", "properties")}
    if looks.colors:
        block["colors"] = _merged(old.get("colors"), new["colors"])
    if looks.properties:
        block["properties"] = new["properties"]
    return _outside(attributes, {**inside, _BLOCK: block}, loc)


def with_labels(
    attributes: Mapping[str, Any], names: Iterable[str], version: str
) -> dict[str, Any]:
    """Return the ``labels`` group's attributes with more names, each of them once.

    `version` is that of the image: it says where new ones have their list.
    """
    namespace = VERSIONS[version].namespace
    loc: Loc = () if namespace is None or _LABELS in attributes else (namespace,)
    inside = _inside(attributes, loc)
    old = inside.get(_LABELS)
    old = old if isinstance(old, list) else []
    listed = [*old, *(name for name in names if name not in old)]
    said = {"version": version} if loc else {}
    return _outside(attributes, {**said, **inside, _LABELS: listed}, loc)


def _inside(attributes: Mapping[str, Any], loc: Loc) -> Mapping[str, Any]:
    found = attributes.get(str(loc[0])) if loc else attributes
    return found if isinstance(found, dict) else {}


def _outside(
    attributes: Mapping[str, Any], inside: dict[str, Any], loc: Loc
) -> dict[str, Any]:
    return {**attributes, str(loc[0]): inside} if loc else inside


def _merged(old: Any, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return new entries with what the old ones of the same labels say besides."""
    entries = old if isinstance(old, list) else []
    known = {
        entry[_VALUE]: entry
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get(_VALUE), int | float)
    }
    return [{**known.get(entry[_VALUE], {}), **entry} for entry in new]
