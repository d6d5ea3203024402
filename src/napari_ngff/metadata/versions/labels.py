"""``labels``, the list of label images, and ``image-label``, what one of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from napari_ngff.metadata.model import ImageLabel
from napari_ngff.metadata.versions.values import INTEGER, OBJECT, TEXT, integer, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes

RGBA: TypeAlias = tuple[int, int, int, int]
_KEY = "image-label"


def read_paths(
    notes: Notes, body: Mapping[str, Any], key: str, loc: Loc, limit: int
) -> tuple[str, ...] | None:
    """Return a list of paths (``labels``, ``series``); None where there is none.

    "a JSON object with the key `labels`, whose value is a JSON array of paths to the
    labeled multiscale image(s)"; "`series` MUST be an array of string objects, each of
    which is a path to an image group."
    """
    items = notes.items(body, key, loc, of="group", limit=limit)
    if items is None:
        return None
    found: dict[str, None] = {}  # a set that keeps the order
    for index, item in enumerate(items):
        where = (*loc, key, index)
        if not isinstance(item, str) or not item:
            text = f"This is {shown(item)}, but must be a path. It is left out."
            notes.add(f"{key}-invalid", where, text)
        elif item in found:
            text = f"{shown(item)} is there twice. Remove one."
            notes.add(f"{key}-duplicate", where, text, "warning")
        else:
            found[item] = None
    return tuple(found)


def read_image_label(
    notes: Notes, body: Mapping[str, Any], loc: Loc
) -> ImageLabel | None:
    """Return the ``image-label`` block; None where there is none to be read."""
    block = notes.get(body, _KEY, loc, OBJECT, of="group")
    if block is None:
        return None
    where = (*loc, _KEY)
    if body.get("multiscales") is None:
        # 0.6: "The `zarr.json` file for the label image MUST implement the multiscales
        # specification."
        text = "There is no 'multiscales': a label image must be an image. Add it."
        notes.add("label-without-multiscales", loc, text)
    version = notes.get(block, "version", where, TEXT, of=_KEY)
    return ImageLabel(
        colors=_colors(notes, block, where),
        properties=_properties(notes, block, where),
        source=_source(notes, block, where),
        version=version,
    )


def _entries(
    notes: Notes, block: Mapping[str, Any], key: str, loc: Loc
) -> list[tuple[int, Mapping[str, Any], Loc]]:
    """Return (label value, entry, location) of each entry that has a label value."""
    # "That `image-label` object SHOULD contain a `colors` key, whose value MUST be a
    # JSON array"; "the `image-label` object MAY contain … a `properties` key".
    limit = notes.limits.document_items
    absent: Any = "warning" if key == "colors" else None
    items = notes.items(block, key, loc, of=_KEY, limit=limit, absent=absent)
    if items == []:
        text = f"'{key}' is empty. Remove it, or list label values."
        notes.add(f"{_KEY}-{key}-empty", (*loc, key), text)
    found = []
    seen: set[int] = set()
    for _, entry, where in notes.objects(items or [], (*loc, key), of=f"label-{key}"):
        # "Each of these objects MUST contain the `label-value` key, whose value MUST
        # be the integer corresponding to a particular label."
        name, of = "label-value", f"label-{key}"
        value = notes.get(entry, name, where, INTEGER, of=of, absent="error")
        if value is None:
            continue
        if value in seen:
            # 0.4: "All the values under the `label-value` key MUST be unique. Clients
            # who choose to not throw an error SHOULD ignore all except the _last_
            # entry."
            text = f"Label {value} is there twice; the last entry is used. Remove one."
            level: Any = "error" if key == "colors" else "warning"
            notes.add(f"{of}-duplicate", where, text, level)
        seen.add(value)
        found.append((value, entry, where))
    return found


def _colors(notes: Notes, block: Mapping[str, Any], loc: Loc) -> dict[int, RGBA]:
    colors: dict[int, RGBA] = {}
    for value, entry, where in _entries(notes, block, "colors", loc):
        colors.pop(value, None)
        if entry.get("rgba") is None:
            continue
        # "an `rgba` key whose value MUST be an array of four integers between 0 and
        # 255, inclusive."
        rgba = entry["rgba"]
        items = [integer(n) for n in rgba] if isinstance(rgba, (list, tuple)) else []
        taken = [n for n in items if n is not None and 0 <= n <= 255]
        if len(taken) != 4 or len(items) != 4:
            text = f"'rgba' is {shown(rgba)}, but must be four whole numbers from 0 to "
            text += f"255. Label {value} gets a color by its number."
            notes.add("label-rgba-invalid", (*where, "rgba"), text)
            continue
        colors[value] = (taken[0], taken[1], taken[2], taken[3])
    return colors


def _properties(
    notes: Notes, block: Mapping[str, Any], loc: Loc
) -> dict[int, Mapping[str, Any]]:
    return {
        value: {key: entry[key] for key in entry if key != "label-value"}
        for value, entry, _ in _entries(notes, block, "properties", loc)
    }


def _source(notes: Notes, block: Mapping[str, Any], loc: Loc) -> str | None:
    # "The value of the `source` key MUST be a JSON object … This object MAY include a
    # key `image`, whose value MUST be a string specifying the relative path to a Zarr
    # image group."
    source = notes.get(block, "source", loc, OBJECT, of=_KEY) or {}
    image: str | None = notes.get(source, "image", (*loc, "source"), TEXT, of="source")
    return image
