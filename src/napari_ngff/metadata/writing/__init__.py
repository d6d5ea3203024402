"""Model to JSON: `write_group`, the mirror image of `metadata.versions.read_group`.

Knows what a version of the specification can hold, and how it is written. What it
forbids is an error, what it cannot hold a warning; nothing is left out untold.

==============  ==================================================================
`adapting`      a group in the words of a version, and what is lost by it
`placing`       the same for where pixels are
`blocks`        blocks to JSON; `transforms`: transformations to JSON
`converting`    JSON of one version to that of another one, when a file is upgraded
`refusing`      what is wrong with the result, by the rules that reading judges by
`ome_xml`       the text beside the images of a series
==============  ==================================================================
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.core.problems import VersionForbids
from napari_ngff.metadata.shown import from_edge
from napari_ngff.metadata.versions import VERSIONS
from napari_ngff.metadata.versions.notes import Notes
from napari_ngff.metadata.writing.adapting import adapted
from napari_ngff.metadata.writing.blocks import with_versions, write_blocks
from napari_ngff.metadata.writing.refusing import refusals
from napari_ngff.metadata.writing.values import (
    Misfit,
    merged,
    note_misfits,
    plain_json,
)

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.model import Group

__all__ = ["WriteVersion", "as_version", "losses", "write_group"]

WriteVersion: TypeAlias = Literal["0.4", "0.5", "0.6"]


def write_group(
    group: Group, version: WriteVersion, *, node: str = ""
) -> dict[str, Any]:
    """Return the attributes of a group as a version has them.

    Parameters
    ----------
    group
        What to write. Its own version, dialect, place and problems do not count. A
        multiscale's `transform` applies after its levels' in every version: in 0.6 it
        goes into them where it is scale and translation, else it leads to a
        coordinate system of its own, marked to be shown. Arrays that transformations
        name by path are not its matter.
    version
        0.4 is for Zarr format 2; 0.5 and 0.6 are for format 3, with all under
        ``"ome"``.
    node
        The group's path inside its store, for the problems.

    Returns
    -------
    dict
        Plain JSON, nothing of it shared with `group`: what is under ``"attributes"``
        of ``zarr.json``, or in ``.zattrs``. `read_group` reads `as_version` of it.

    Raises
    ------
    VersionForbids
        If the version does not allow it: with the errors of `losses`.
    """
    attributes, problems = _written(group, version, node)
    errors = tuple(problem for problem in problems if problem.level == "error")
    if errors:
        raise VersionForbids(version, errors)
    return attributes


def losses(
    group: Group, version: WriteVersion, *, node: str = ""
) -> tuple[Problem, ...]:
    """Return what would not be written as it is, and where it is in the group.

    ``error``: the version forbids it (`write_group` raises). ``warning``: the version
    cannot hold it, and it is left out. Parameters as of `write_group`.
    """
    return _written(group, version, node)[1]


def as_version(group: Group, version: WriteVersion) -> Group:
    """Return the group as it will be when it is read again.

    In the words of the version: coordinate systems from 0.6 on, a multiscales-level
    transformation before; without what the version cannot hold.
    """
    read = adapted(Notes(), group, VERSIONS[version])
    return replace(read, multiscales=tuple(map(from_edge, read.multiscales)))


def _written(
    group: Group, version: WriteVersion, node: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    notes = Notes(node=node)
    target = VERSIONS[version]
    kept = adapted(notes, group, target)
    problems = notes.problems()
    if any(problem.level == "error" for problem in problems):
        return {}, problems
    blocks = write_blocks(kept)
    if target.namespace is None:
        blocks = with_versions(blocks, target.versioned, version)
        attributes = merged(blocks, kept.foreign)
    else:
        own = merged({"version": version, **blocks}, kept.extra)
        attributes = merged({target.namespace: own}, kept.foreign)
    misfits: list[Misfit] = []
    attributes = plain_json(attributes, misfits)
    note_misfits(notes, misfits, (), "The group")
    return attributes, (*notes.problems(), *refusals(attributes, kept, target, node))
