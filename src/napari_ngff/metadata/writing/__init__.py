"""Model to JSON: `write_group`, the mirror image of `metadata.versions.read_group`.

Knows what a version of the specification can hold, and how it is written. What it
forbids is an error, what it cannot hold a warning; nothing is left out untold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.model import Group

WriteVersion: TypeAlias = Literal["0.4", "0.5", "0.6"]


def write_group(group: Group, version: WriteVersion) -> dict[str, Any]:
    """Return the attributes of a group as a version has them.

    Parameters
    ----------
    group
        What to write. Its own version, dialect, place and problems do not count. A
        multiscale's `transform` applies after its levels', in every version.
    version
        0.4 is for Zarr format 2, 0.5 and 0.6 are for format 3, with all under
        ``"ome"``.

    Returns
    -------
    dict
        Plain JSON: what is under ``"attributes"`` of ``zarr.json``, or in ``.zattrs``.

    Raises
    ------
    VersionForbids
        If the version does not allow it: with the errors of `losses`.
    """
    raise NotImplementedError


def losses(group: Group, version: WriteVersion, node: str = "") -> tuple[Problem, ...]:
    """Return what would not be written as it is, and where it is in the group.

    ``error``: the version forbids it (`write_group` raises). ``warning``: the version
    cannot hold it, and it is left out.
    """
    raise NotImplementedError


def as_version(group: Group, version: WriteVersion) -> Group:
    """Return the group as it will be when it is read again.

    In the words of the version: coordinate systems from 0.6 on, a multiscales-level
    transformation before; without what the version cannot hold.
    """
    raise NotImplementedError
