"""From one version of OME-Zarr to another in place: metadata alone, all of it or none.

Knows what an upgrade says and when it is refused; how documents become others is in
`dataset.upgrading`, how they are put in place in `storage.commit`. Chunks are neither
read nor moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain, sentence
from napari_ngff.core.problems import CannotSave, NotOmeZarr, Problem
from napari_ngff.dataset.upgrading.dropping import left_out
from napari_ngff.dataset.upgrading.foretelling import called_wrong
from napari_ngff.dataset.upgrading.hierarchy import read_hierarchy
from napari_ngff.dataset.upgrading.rewriting import rewritten
from napari_ngff.metadata.versions import VERSIONS, dialect, read_group
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy
    from napari_ngff.metadata.writing import WriteVersion

#: The versions that a store can be given.
TARGETS: Final[tuple[WriteVersion, ...]] = ("0.4", "0.5", "0.6")
#: Kinds of obstacles that lie in how pixels are stored, which metadata cannot change.
_STORED: Final = frozenset(("not-in-v3", "older-zarr-format"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What an upgrade does, or has done, to a store.

    Attributes
    ----------
    store
        The root: what is asked for may be inside of it, and changes with all of it.
    was, version
        In which versions it is before and after; `was` is empty where nothing says it.
    documents
        What is there and what is to be, by key; None: nothing. Empty where the store
        is in that version already.
    obstacles
        Why it cannot be, all errors; the first one is the nearest to the root.
    left_out
        What the other version does not say, where nothing else is lost by that.
    called_wrong
        What the other version will call an error, and the one before does not.
    problems
        What could not be tidied up afterwards.
    """

    store: str
    was: str
    version: WriteVersion
    documents: Mapping[str, tuple[bytes | None, bytes | None]] = field(
        default_factory=dict
    )
    obstacles: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()
    called_wrong: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def needs_new(self) -> bool:
        """Whether the way on is to save the image as a new one, pixels and all."""
        return any(problem.kind in _STORED for problem in self.obstacles)

    @property
    def text(self) -> str:
        """What is done: a line a document, ``+`` new, ``-`` gone, ``~`` other.

        What is left out, and what is called wrong then, stands below.
        """
        head = f"{plain(self.store, limit=1024)}: OME-Zarr {self.was or '?'} → "
        head += self.version
        if self.obstacles:
            reasons = "\n".join(f"  {told(problem)}" for problem in self.obstacles)
            return f"{head} is not possible:\n{reasons}"
        if not self.documents:
            return f"{plain(self.store, limit=1024)} is OME-Zarr {self.version} already"
        lines = [
            f"  {_sign(old, new)} {plain(key, limit=1024)}"
            for key, (old, new) in self.documents.items()
        ]
        lines += [f"  left out: {told(problem)}" for problem in self.left_out]
        lines += [f"  but then: {told(problem)}" for problem in self.called_wrong]
        return "\n".join((f"{head}, no chunk is changed:", *lines))


def _sign(old: bytes | None, new: bytes | None) -> str:
    return "+" if old is None else "-" if new is None else "~"


def told(problem: Problem) -> str:
    """Return an obstacle in words, with the place that it is at."""
    where = "#".join(p for p in (problem.node, problem.pointer) if p) or "the root"
    return f"{plain(where, limit=1024)}: {sentence(problem.message)}"


def upgrade(
    path: str | os.PathLike[str],
    version: WriteVersion,
    *,
    dry_run: bool = False,
    limits: Limits = LIMITS,
) -> Upgrade:
    """Give a store another version of OME-Zarr, without touching its pixels.

    The whole hierarchy changes together, as one step that can be undone: the image or
    plate, its wells, fields and labels, and their arrays. From Zarr format 2 to 3 (0.5
    and later) each ``.zarray`` becomes a ``zarr.json`` that reads the same chunks.

    Parameters
    ----------
    path
        A local OME-Zarr store, or something in it.
    version
        ``"0.4"`` (from 0.1 to 0.3), ``"0.5"`` or ``"0.6"``; also an older one than the
        store has, where nothing is lost.
    dry_run
        Only say what would be done. Obstacles are in what is returned.
    limits
        Bounds on what is read.

    Returns
    -------
    Upgrade
        What was done, or would be.

    Raises
    ------
    CannotOpen, NotOmeZarr
        If nothing at `path` can be opened, or it says nothing of OME-Zarr.
    CannotSave
        If it cannot be: the first thing in its way, and what to do. Nothing is changed.
    ChangedMeanwhile
        If another program changed the store at that time. Nothing is changed.
    """
    if version not in TARGETS:
        message = f"the version is {version!r}, but must be one of {', '.join(TARGETS)}"
        raise ValueError(message)
    plan = _planned(path, version, limits)
    if dry_run or not (plan.documents or plan.obstacles):
        return plan
    if plan.obstacles:
        reason = f"it cannot become OME-Zarr {version} in place. "
        raise CannotSave(
            plain(plan.store, limit=1024), reason + told(plan.obstacles[0])
        )
    from napari_ngff.storage.commit.documents import replace_documents

    note = f"OME-Zarr {plan.was} to {version}"
    problems = replace_documents(plan.store, plan.documents, note=note)
    return replace(plan, problems=problems)


def _planned(
    path: str | os.PathLike[str], version: WriteVersion, limits: Limits
) -> Upgrade:
    location = open_location(path, limits=limits)
    shown = plain(location.url, limit=1024)
    keys = location.keys
    if not isinstance(keys, LocalKeys):
        reason = "it is not a folder of this computer, and is not changed in place"
        advice = f"Save it as a new image: napari-ngff save {shown} NEW --version "
        raise CannotSave(shown, reason, advice + version)
    hierarchy = read_hierarchy(keys, limits)
    was = _version_of(hierarchy)
    if was is None and not hierarchy.obstacles:
        reason = "nothing in it says that it is OME-Zarr."
        raise NotOmeZarr(shown, reason)
    documents = rewritten(hierarchy, version, limits)
    wrong: tuple[Problem, ...] = ()
    if documents and not hierarchy.obstacles:
        wrong = tuple(called_wrong(keys, documents, version, limits))
    return Upgrade(
        store=location.url,
        was=was or "",
        version=version,
        documents=documents,
        left_out=tuple(left_out(hierarchy, version, limits)) if documents else (),
        called_wrong=wrong,
        obstacles=tuple(hierarchy.obstacles),
    )


def _version_of(hierarchy: Hierarchy) -> str | None:
    """Return the version of the first group that has one; None: there is none."""
    for node in hierarchy.nodes.values():
        if node.kind == "group":
            body, _ = dialect.split(node.attributes)
            if dialect.has_blocks(body):
                group = read_group(node.attributes, zarr_format=node.zarr_format)
                return group.dialect if group.dialect in VERSIONS else None
    return None
