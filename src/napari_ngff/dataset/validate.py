"""Whether a store, or one document of it, keeps to the specification.

Knows how the groups of a store hang together and walks down them; what the JSON of
one group may say is for `metadata.versions`, what its arrays and members must be for
`checks`. Reads metadata only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.document import parse
from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain, scrub, sentence
from napari_ngff.core.problems import CannotOpen, DocumentError, NgffError
from napari_ngff.dataset.checking.checking import NAMESPACED, ROLES, Member, prefix_of
from napari_ngff.dataset.checking.checks import check_group
from napari_ngff.dataset.checking.report import Report
from napari_ngff.dataset.reading.reading import Reading, failure, note, quoted
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from napari_ngff.core.problems import Level, Loc, Problem
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import Location, NodeDocument

__all__ = ["Report", "validate"]

_ARCHIVE: Final = b"PK"
#: Files of a store that hold no attributes.
_MARKERS: Final = frozenset((".zgroup", ".zarray", ".zmetadata"))
#: How deep images are looked for in groups that say nothing of themselves.
_DEPTH: Final = 3


def validate(
    path: str | os.PathLike[str], *, strict: bool = False, limits: Limits = LIMITS
) -> Report:
    """Check metadata, and in a store its arrays, against the specification.

    Parameters
    ----------
    path
        A store, or a path inside one; anything that `read` opens. Or a JSON file that
        holds the attributes of a group, a whole ``zarr.json`` or ``.zattrs``: of a
        file the document alone is checked.
    strict
        Whether a broken SHOULD makes it invalid, as a broken MUST does.
    limits
        Bounds on what is read.

    Returns
    -------
    Report
        Its `problems` say what is wrong, where, and what to do.

    Raises
    ------
    CannotOpen
        If there is nothing at `path`; `NotOmeZarr` if there is no Zarr metadata.
    """
    text = os.fspath(path)
    shown = plain(scrub(text), limit=limits.path_chars)
    try:
        if _is_document(text):
            found = _file(Path(text), limits)
        else:
            found = _store(open_location(text, limits=limits))
    except DocumentError as error:
        problems = tuple(replace(p, node=p.node or error.node) for p in error.problems)
        found = _Found(problems=list(problems), documents=1)
    return Report(
        path=shown,
        strict=strict,
        problems=_bounded(found.problems, limits),
        versions=tuple(found.versions),
        documents=found.documents,
        arrays=found.arrays,
    )


@dataclass(slots=True, kw_only=True)
class _Found:
    """What has been found so far."""

    problems: list[Problem] = field(default_factory=list)
    versions: dict[str, None] = field(default_factory=dict)
    documents: int = 0
    arrays: int = 0
    anything: bool = False


def _bounded(problems: list[Problem], limits: Limits) -> tuple[Problem, ...]:
    """Return each problem once, the worst of them within the limit."""
    unique = tuple(dict.fromkeys(problems))
    if len(unique) <= limits.problems:
        return unique
    order = {"error": 0, "warning": 1, "info": 2}
    kept = sorted(unique, key=lambda problem: order[problem.level])[: limits.problems]
    more = f"{len(unique) - len(kept)} more problems are not listed"
    return (*kept, note("info", "too-many-problems", more))


def _is_document(path: str) -> bool:
    """Tell whether it is a file that is neither an archive nor a mere marker."""
    if not os.path.isfile(path) or os.path.basename(path) in _MARKERS:
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(_ARCHIVE)) != _ARCHIVE
    except OSError as error:
        reason = plain(error.strerror or type(error).__name__)
        raise CannotOpen(plain(path), sentence(reason)) from error


def _file(path: Path, limits: Limits) -> _Found:
    """Check the document in a file, without what it describes."""
    with path.open("rb") as file:
        value, problems = parse(file.read(limits.document_bytes + 1), limits=limits)
    found = _Found(problems=list(problems), documents=1)
    attributes, prefix, zarr_format = _attributes(value)
    if path.name == ".zattrs":
        zarr_format = 2
    if isinstance(value, dict) and _is_array(value):
        text = "This describes an array; OME-Zarr metadata are in its group's document"
        found.problems.append(note("error", "not-a-group", text))
        return found
    group = read_group(attributes, zarr_format=zarr_format, limits=limits)
    found.problems += (replace(p, loc=(*prefix, *p.loc)) for p in group.problems)
    found.versions |= {group.version: None} if group.version else {}
    if not says_something(group):
        found.problems.append(_nothing("", prefix))
    return found


def _is_array(value: dict[str, Any]) -> bool:
    return value.get("node_type") == "array" or {"shape", "chunks"} <= value.keys()


def _attributes(value: Any) -> tuple[Any, Loc, int | None]:
    """Return the attributes in a document, where they are, and its Zarr format."""
    if not isinstance(value, dict):
        return value, (), None
    inner = value.get("attributes")
    if "node_type" in value or ("ome" not in value and isinstance(inner, dict)):
        stated = value.get("zarr_format")
        zarr_format = stated if type(stated) is int else None
        return ({} if inner is None else inner), ("attributes",), zarr_format
    return value, (), None


def says_something(group: Group) -> bool:
    """Tell whether a group has any block that makes it OME-Zarr."""
    blocks = (
        group.labels,
        group.image_label,
        group.plate,
        group.well,
        group.scene,
        group.bioformats2raw,
        group.series,
    )
    return bool(group.multiscales) or any(block is not None for block in blocks)


def _nothing(node: str, loc: Loc = ()) -> Problem:
    text = "There is no OME-Zarr metadata here: neither an image ('multiscales') nor "
    text += "labels, a plate, a well, a scene or a series"
    return note("error", "no-metadata", text, node=node, loc=loc)


def problems_at(location: Location) -> tuple[Problem, ...]:
    """Return what is wrong with a node of a store and all that its metadata lead to.

    Parameters
    ----------
    location
        The node; its store may be one that is not saved yet.

    Raises
    ------
    CannotOpen
        If there is nothing.
    """
    return _bounded(_store(location).problems, location.limits)


def _store(location: Location) -> _Found:
    """Check a node of a store and all that its metadata lead to."""
    limits = location.limits
    reading = Reading(location=location, limits=limits)
    found = _Found()
    start = _start(reading)
    if reading.document(start).kind == "array":
        return _Found(problems=[_nothing(start)], arrays=1)
    layer = [Member(node=start, role="any")]
    seen = {start}
    while layer:
        # All of one depth together: on the web each look costs a round trip.
        reading.location.documents([member.node for member in layer])
        below = [m for member in layer for m in _visit(reading, member, found)]
        layer = []
        for further in below:
            if further.node not in seen and len(seen) < limits.images:
                seen.add(further.node)
                layer.append(further)
    if not found.anything and not any(p.level == "error" for p in found.problems):
        found.problems.append(_nothing(start))
    return found


def _start(reading: Reading) -> str:
    """Return the group to begin with: of an array, the one that it is in."""
    node = reading.location.node
    document = reading.document(node)
    if document.kind == "array" and node:
        return node.rpartition("/")[0]
    return node


def _group(document: NodeDocument, limits: Limits) -> Group:
    return read_group(
        document.attributes,
        zarr_format=document.zarr_format,
        node=document.node,
        limits=limits,
    )


def _visit(reading: Reading, member: Member, found: _Found) -> list[Member]:
    """Check one group; return the groups that it leads to."""
    what = f"The group {quoted(member.node)}"
    try:
        document = reading.location.document(member.node)
    except NgffError as error:
        found.problems += failure(error, what=what, node=member.node)
        return []
    if document is None or document.kind != "group":
        state = "is not there" if document is None else "is an array"
        text = f"{what} {state}, but {member.said_by} lists it"
        problem = note("error", "missing-group", text, node=member.parent)
        found.problems.append(replace(problem, loc=member.loc))
        return []
    group = _group(document, reading.limits)
    prefix = prefix_of(document)
    found.documents += 1
    found.problems += document.problems
    found.problems += (replace(p, loc=(*prefix, *p.loc)) for p in group.problems)
    found.problems += _version_problems(group, member.node, found)
    if not says_something(group):
        return _children(reading, member, found)
    found.anything = True
    result = check_group(reading, document, group, member)
    found.problems += result.problems
    found.arrays += result.arrays
    return result.members


def _version_problems(group: Group, node: str, found: _Found) -> tuple[Problem, ...]:
    """Note a version that is not that of the groups above; remember it."""
    if not group.version:
        return ()
    before = next(iter(found.versions), group.version)
    found.versions[group.version] = None
    if before == group.version:
        return ()
    # 0.5 and later: "The OME-Zarr Metadata version MUST be consistent within a
    # hierarchy."
    text = f"The version is '{plain(group.version)}' here, but '{plain(before)}' above"
    level: Level = "error" if group.dialect in NAMESPACED else "warning"
    return (note(level, "version-differs", text, node=node),)


def _children(reading: Reading, member: Member, found: _Found) -> list[Member]:
    """Return what is in a group that says nothing of itself."""
    if member.role != "any":
        text = f"The group {quoted(member.node)} is not {ROLES[member.role]}, as "
        text += f"{member.said_by} says"
        problem = note("error", "wrong-group", text, node=member.parent)
        found.problems.append(replace(problem, loc=member.loc))
        return []
    if member.depth >= _DEPTH:
        return []
    names = reading.location.children(member.node)
    nodes = [f"{member.node}/{n}" if member.node else n for n in names or ()]
    documents = reading.location.documents(nodes)
    return [
        Member(node=node, role="any", depth=member.depth + 1)
        for node, document in zip(nodes, documents, strict=True)
        if document is not None
        and not isinstance(document, NgffError)
        and document.kind == "group"
    ]
