"""Which version a document is written in: by its structure first, then by its word.

Version texts lie, are missing or are private (``0.4-dev-spatialdata``). The structure
leaves one version or a few; the text decides between those, and is noted where it says
something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Level, Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_BLOCKS: Final = (
    "multiscales",
    "labels",
    "image-label",
    "plate",
    "well",
    "scene",
    "omero",
    "series",
    "bioformats2raw.layout",
)
_SAID_BY: Final = ("multiscales", "plate", "well", "image-label")

#: Version texts, how to judge them, and what they are.
_TAGS: Final[tuple[tuple[re.Pattern[str], Level | None, str], ...]] = (
    (re.compile(r"0\.[1-6]"), None, "a version"),
    (re.compile(r"0\.6rc(0|[1-9]\d*)"), "info", "a release candidate of 0.6"),
    (re.compile(r"0\.6\.?dev\d+"), "warning", "a development version of 0.6"),
    (re.compile(r"0\.9\.dev1"), "info", "a development version of what follows 0.6"),
    (re.compile(r"0\.[4-6]-dev-spatialdata"), "warning", "a version of spatialdata's"),
)
_DEVELOPMENT: Final = re.compile(r"0\.6\.?dev\d+")


def split(attributes: Mapping[str, Any]) -> tuple[Mapping[str, Any], Loc]:
    """Return the object that holds the blocks, and where it is."""
    inner = attributes.get("ome")
    if not isinstance(inner, Mapping):
        return attributes, ()
    if not has_blocks(inner) and has_blocks(attributes):
        return attributes, ()
    return inner, ("ome",)


def foreign(
    attributes: Mapping[str, Any], loc: Loc
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keys that are not the specification's: of ``ome``, and beside it.

    `loc` is where the blocks are, as `split` found it.
    """
    known = {*_BLOCKS, "version", "ome"}
    inside = attributes["ome"] if loc else {}
    return (
        {key: inside[key] for key in inside if key not in known},
        {key: attributes[key] for key in attributes if key not in known},
    )


def has_blocks(body: Mapping[str, Any]) -> bool:
    """Tell whether an object has any key of the specification."""
    return any(block in body for block in _BLOCKS)


def candidates(body: Mapping[str, Any], loc: Loc) -> tuple[str, ...]:
    """Return the versions that the structure allows, the likeliest one first."""
    entries = list(_entries(body))
    datasets = [d for entry in entries for d in _objects(entry.get("datasets"))]
    key = "coordinateTransformations"
    transforms = [
        t for holder in (*datasets, *entries) for t in _objects(holder.get(key))
    ]
    if (
        "scene" in body
        or any("coordinateSystems" in entry for entry in entries)
        or any("input" in t or "output" in t for t in transforms)
    ):
        return ("0.6", "0.9")
    axes = [axis for entry in entries for axis in _list(entry.get("axes"))]
    listed = any(key in dataset for dataset in datasets)
    if listed or any(isinstance(axis, Mapping) for axis in axes):
        return ("0.5",) if loc else ("0.4",)
    if any(isinstance(axis, str) for axis in axes):
        return ("0.5",) if loc else ("0.3",)
    if loc:
        return ("0.5", "0.6", "0.9")
    return ("0.2", "0.1", "0.4", "0.3") if entries else ("0.4", "0.3", "0.2", "0.1")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, Mapping)]


def _entries(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from _objects(body.get("multiscales"))


def version_text(body: Mapping[str, Any], loc: Loc) -> str | None:
    """Return the first version that the document says; None where it says none."""
    for _, value in _said(body, loc):
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return shown(value)
    return None


def _said(body: Mapping[str, Any], loc: Loc) -> Iterator[tuple[Loc, Any]]:
    """Yield (location, value) of every version in the document."""
    if body.get("version") is not None:
        yield (*loc, "version"), body["version"]
    for block in _SAID_BY:
        value = body.get(block)
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            if isinstance(item, Mapping) and item.get("version") is not None:
                inside = (block, index) if isinstance(value, list) else (block,)
                yield (*loc, *inside, "version"), item["version"]


def name_of(text: str | None) -> str | None:
    """Return the version that a known version text stands for; else None."""
    known = text is not None and any(tag.fullmatch(text) for tag, _, _ in _TAGS)
    return text[:3] if known and text is not None else None


def is_development(text: str | None) -> bool:
    """Tell whether it is a version whose syntax was still changing."""
    return text is not None and bool(_DEVELOPMENT.fullmatch(text))


def check(notes: Notes, version: Version, body: Mapping[str, Any], loc: Loc) -> None:
    """Note what is wrong with the versions that the document says, or does not say."""
    said = list(_said(body, loc))
    for where, value in said:
        _check_text(notes, version, value, where)
    if version.namespace is not None:
        # "a JSON object that MUST contain a `version` key, the value of which MUST be a
        # string specifying the version of the OME-Zarr specification".
        if body.get("version") is None:
            text = "'version' is missing. Add it: "
            notes.add("version-missing", loc, f'{text}"{version.name}".')
    else:
        _check_blocks(notes, version, body, loc)
    _check_same(notes, said)


def _check_blocks(
    notes: Notes, version: Version, body: Mapping[str, Any], loc: Loc
) -> None:
    # "It SHOULD contain the field "version""; "The `plate` dictionary SHOULD contain a
    # `version` key"; so `well` and `image-label`.
    for block in version.versioned:
        value = body.get(block)
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            if isinstance(item, Mapping) and item.get("version") is None:
                inside = (block, index) if isinstance(value, list) else (block,)
                text = f"'version' is missing. Add it: \"{version.name}\"."
                notes.add("version-missing", (*loc, *inside), text, "warning")


def _check_text(notes: Notes, version: Version, value: Any, loc: Loc) -> None:
    if not isinstance(value, str):
        text = f"The version is {shown(value)}, but must be text. Write "
        notes.add("version-invalid", loc, f'{text}"{version.name}".')
        return
    for tag, level, what in _TAGS:
        if not tag.fullmatch(value):
            continue
        if level is not None:
            text = f"{shown(value)} is {what}; read as {version.name}."
            notes.add("version-not-released", loc, text, level)
        if value[:3] != version.name:
            text = f"The version is {shown(value)}, but the document is written as in "
            text += f"{version.name}, as which it is read. Correct the version."
            notes.add("version-mismatch", loc, text)
        return
    text = f"{shown(value)} is no version that is known; read as {version.name}. "
    notes.add("version-unknown", loc, text + "Correct it, or update napari-ngff.")


def _check_same(notes: Notes, said: list[tuple[Loc, Any]]) -> None:
    for where, value in said[1:]:
        if value != said[0][1]:
            # "The OME-Zarr Metadata version MUST be consistent within a hierarchy."
            text = (
                f"The version is {shown(value)} here, but {shown(said[0][1])} before."
            )
            notes.add("version-differs", where, text)
