"""What napari's own File > Save does with us: no options, no questions, no replacing.

Knows what has to be decided elsewhere, and says so before anything is written.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari.utils.notifications import show_warning

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.save_plan import with_advice
from napari_ngff.dataset.write import check, execute
from napari_ngff.layers.writing.proposing import propose
from napari_ngff.widgets.saving.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.save_plan import SavePlan
    from napari_ngff.layers.reading.pictures import LayerData

MENU = "File > IO Utilities > Save As OME-Zarr…"
_SAVED = ("image", "labels")
_LINES = 6
_ADVICE = dict.fromkeys(("target-taken", "old-labels"), f"Choose in {MENU}")


def write_layers(path: str, layers: Sequence[LayerData]) -> list[str]:
    """Save layers as OME-Zarr, with the usual options.

    Parameters
    ----------
    path
        Where to; it gets the suffix ``.ome.zarr`` if it has none.
    layers
        As npe2 gives them to a writer.

    Returns
    -------
    list of str
        The stores that were written.

    Raises
    ------
    CannotSave
        If there is neither an image nor labels, if something is there already, or if
        the user has to choose. Nothing was written.
    Cancelled
        If the user ended it. Nothing was written.
    """
    target = plain(path, limit=1024)
    if not any(kind in _SAVED for _, _, kind in layers):
        reason = "OME-Zarr holds images and labels, and there is neither"
        raise CannotSave(target, reason, "Select a layer of pixels.")
    plan, written = wait_for(
        partial(_save, path, list(layers)), what=Path(path).name or target
    )
    if lost := _told(plan.losses):
        show_warning("\n".join([f"Saved {target}, but:", *lost]))
    return [str(store) for store in written]


def _save(
    path: str,
    layers: Sequence[LayerData],
    tell: Callable[[float], Any],
    cancelled: Callable[[], bool],
) -> tuple[SavePlan, tuple[Path, ...]]:
    proposal = propose(layers, path, SaveOptions())
    if proposal.questions:
        reason = " ".join(question.text for question in proposal.questions)
        raise CannotSave(plain(path, limit=1024), reason, f"Choose in {MENU}")
    check(with_advice(proposal.plan, _ADVICE))
    return proposal.plan, execute(proposal.plan, progress=tell, cancelled=cancelled)


def _told(problems: Sequence[Problem]) -> list[str]:
    """Return what is lost, a line each."""
    lines = [
        f"{plain(problem.node)}: {problem.message}" if problem.node else problem.message
        for problem in dict.fromkeys(problems)
    ]
    more = len(lines) - _LINES
    return [*lines[:_LINES], *([f"… and {more} more"] if more > 0 else [])]
