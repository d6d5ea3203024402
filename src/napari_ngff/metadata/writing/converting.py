"""A group's attributes in another version, JSON to JSON: nothing is lost on the way.

What both versions say alike stays as it is, with keys that no model knows; only what
they say otherwise is written anew (`converting_images`). Knows no files; the shapes of
arrays are told.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.metadata.versions import VERSIONS, dialect, read_group
from napari_ngff.metadata.versions.notes import Notes
from napari_ngff.metadata.writing.adapting import adapted
from napari_ngff.metadata.writing.converting_images import (
    convert_images,
    placed,
    says_alike,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.model import Group
    from napari_ngff.metadata.versions.version import Version
    from napari_ngff.metadata.writing import WriteVersion

#: Blocks that may say a version of their own, whichever version they are of.
_SPEAKING: Final = ("plate", "well", "image-label")
_WITHOUT_INDICES: Final = ("0.1", "0.2", "0.3")
_NO_SHAPES: Final[Mapping[str, Sequence[int]]] = MappingProxyType({})


class Converted(NamedTuple):
    """Attributes in another version; `problems`, errors all, are why they are not."""

    attributes: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def convert(
    attributes: Mapping[str, Any],
    version: WriteVersion,
    *,
    zarr_format: int | None = None,
    node: str = "",
    shapes: Mapping[str, Sequence[int]] = _NO_SHAPES,
    limits: Limits = LIMITS,
) -> Converted:
    """Return the attributes of a group in the words of a version.

    Parameters
    ----------
    attributes
        Those of a group, of any version; they are not changed.
    version
        In which version.
    zarr_format, node
        In which Zarr format the group is, and where; for the problems.
    shapes
        Of the arrays of its images, by their paths in it: 0.1 to 0.3 do not say how
        large pixels are, so that those of a coarser level follow from them.
    limits
        Bounds on how much is read.

    Returns
    -------
    Converted
        Attributes without OME-Zarr metadata, and those of that version, stay as they
        are. Problems tell what the
        version cannot hold, and what would be wrong in it that was not before; faults
        that are there already stay.
    """
    group = read_group(attributes, zarr_format=zarr_format, node=node, limits=limits)
    body, loc = dialect.split(attributes)
    if not dialect.has_blocks(body):
        return Converted(deepcopy(dict(attributes)))
    target, notes = VERSIONS[version], Notes(node=node, limits=limits)
    if _is_so(group, loc, target):
        return Converted(deepcopy(dict(attributes)))
    group = placed(notes, group, shapes)
    # What both say alike is taken over as it is, whatever it says.
    kept = adapted(Notes() if says_alike(group, target) else notes, group, target)
    new = _blocks(notes, body, group, kept, target)
    whole = _assembled(attributes, body, new, target, inside=bool(loc))
    problems = [replace(problem, level="error") for problem in notes.problems()]
    if not problems:
        again = read_group(
            whole, zarr_format=target.zarr_format, node=node, limits=limits
        )
        problems += _new_errors(group, again)
    return Converted(whole, tuple(problems))


def _is_so(group: Group, loc: Loc, target: Version) -> bool:
    """Tell whether attributes are of a version already, and say so where they must."""
    said = {target.name} if target.namespace is not None else {target.name, None}
    place = () if target.namespace is None else (target.namespace,)
    return group.dialect == target.name and group.version in said and loc == place


def _new_errors(group: Group, again: Group) -> list[Problem]:
    """Return what is wrong in the other version and was not in this one."""
    known = {problem.kind for problem in group.problems if problem.level == "error"}
    return [p for p in again.problems if p.level == "error" and p.kind not in known]


def _blocks(
    notes: Notes, body: Mapping[str, Any], group: Group, kept: Group, target: Version
) -> dict[str, Any]:
    """Return the blocks of the other version, and all that is beside them."""
    new = deepcopy(dict(body))
    new.pop("version", None)
    if group.multiscales:
        entries = new["multiscales"]
        new["multiscales"] = convert_images(notes, entries, group, kept, target)
    for key in _SPEAKING:
        if isinstance(new.get(key), dict):
            new[key] = _said(new[key], kept.image_label, key, target)
    omero = new.get("omero")
    if isinstance(omero, dict) and omero.get("version") is not None:
        new["omero"] = {k: v for k, v in omero.items() if k != "version"}
        if target.namespace is None:
            new["omero"]["version"] = target.name
    if group.dialect in _WITHOUT_INDICES and isinstance(new.get("plate"), dict):
        _index_wells(new["plate"], group)
    return new


def _said(
    block: dict[str, Any], label: Any, key: str, target: Version
) -> dict[str, Any]:
    """Return a block that says its version where that version's blocks do."""
    rest = {k: v for k, v in block.items() if k != "version"}
    speaks = key in target.versioned
    if key == "image-label":
        speaks = label is not None and label.version is not None
    return {"version": target.name, **rest} if speaks else rest


def _index_wells(plate: dict[str, Any], group: Group) -> None:
    """Say in which row and column a well is, which is a MUST from 0.4 on."""
    if group.plate is None or not isinstance(plate.get("wells"), list):
        return
    rows, columns = list(group.plate.rows), list(group.plate.columns)
    for well in plate["wells"]:
        if not isinstance(well, dict) or not isinstance(well.get("path"), str):
            continue
        row, _, column = well["path"].partition("/")
        if row in rows and column in columns:
            well.setdefault("rowIndex", rows.index(row))
            well.setdefault("columnIndex", columns.index(column))


def _assembled(
    attributes: Mapping[str, Any],
    body: Mapping[str, Any],
    new: dict[str, Any],
    target: Version,
    *,
    inside: bool,
) -> dict[str, Any]:
    """Return all attributes; those that are not the specification's stay outside."""
    if target.namespace is None:
        rest = {k: v for k, v in attributes.items() if k != "ome"} if inside else {}
        return {**new, **deepcopy(rest)}
    if inside:
        own = {target.namespace: {"version": target.name, **new}}
        return deepcopy(dict(attributes)) | own
    _, foreign = dialect.foreign(body, ())
    own = {key: value for key, value in new.items() if key not in foreign}
    others = {key: new[key] for key in foreign if key in new}
    return {target.namespace: {"version": target.name, **own}, **others}
