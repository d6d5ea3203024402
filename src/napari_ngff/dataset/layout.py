"""How an image is stored, and what looking at it costs: the public verb ``inspect``.

Has everything at a path looked at; what is found of it is in `dataset.inspecting`, how
files are looked at in `storage.inspecting`. Nothing is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import Cancelled, NgffError
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.dataset.inspecting.health import Health
from napari_ngff.dataset.inspecting.layouts import Layout, Part
from napari_ngff.dataset.inspecting.levels import LevelLayout
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.storage.inspecting.level import StoredLevel

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

__all__ = [
    "Budget",
    "Health",
    "Layout",
    "LevelLayout",
    "Part",
    "StoredLevel",
    "inspect",
]

Check: TypeAlias = Literal["none", "files", "decode"]


def inspect(
    path: str | os.PathLike[str],
    *,
    check: Check = "none",
    levels: Sequence[int] | None = None,
    budget: Budget | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = LIMITS,
) -> Layout:
    """Say how an image is stored: exactly, from the indices of its shards.

    Parameters
    ----------
    path
        Whatever can be opened: an image with its labels, a label image, one array (a
        level by itself), a collection, whose images are all inspected.
    check
        "files": also whether the files are whole: checksums and entries of all indices,
        sizes, and files that belong to nothing. "decode": all chunks are decoded, too.
    levels
        Which levels, the finest being 0; None: all.
    budget
        What may be asked of the store for each array; beyond it numbers are estimates,
        which `LevelLayout.about` names.
    progress
        Is told the fraction that is done, from 0 to 1.
    cancelled
        Is asked often; may end it.
    limits
        Bounds on what the files may ask for.

    Raises
    ------
    CannotOpen
        If nothing there can be opened.
    DocumentError, UnsafePath, LimitExceeded
        If what was asked for itself cannot be read.
    Cancelled
        If `cancelled` said so.
    """
    watch = Watch(
        progress=progress or (lambda fraction: None),
        cancelled=cancelled or (lambda: False),
    )
    findings = Findings.open(path, levels=levels, limits=limits)
    total = len(findings.arrays)
    for done, which in enumerate(findings.arrays):
        one, decodes = watch.part(done, total), check == "decode"
        try:
            looking = one.part(0, 2) if decodes else one
            found = findings.look(which, budget=budget or Budget(), watch=looking)
        except NgffError as error:
            if isinstance(error, Cancelled):
                raise
            findings.fail(which, error)
            continue
        if check != "none":
            found = findings.check(which, found, check, watch=one.part(1, 2))
        findings.keep(which, found)
    watch.look(1, 1)
    return findings.layout()
