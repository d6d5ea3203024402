"""What the choices of a save lead to, as a value, and what of it is shown where.

Knows plans and proposals; knows no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_ngff.widgets.saving import save_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.dataset.saving.save_plan import SavePlan
    from napari_ngff.layers.writing.proposing import Proposal
    from napari_ngff.layers.writing.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the choices lead to.

    Attributes
    ----------
    proposal
        The plan; None while there is none.
    questions
        Those that were asked, answered or not.
    notes
        What else happens, a sentence each.
    error
        Why there is no plan.
    """

    proposal: Proposal | None = None
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisSizes:
    """How an axis is cut.

    Attributes
    ----------
    name
        Of the axis.
    length
        Of the image.
    chunk, shard
        Of the finest level; without shards, `shard` is None.
    """

    name: str
    length: int
    chunk: int
    shard: int | None


def report(shown: Shown) -> Mapping[str, Sequence[str]]:
    """Return what is to be said, under titles."""
    proposal = shown.proposal
    if proposal is None:
        return {"Not possible yet:": [shown.error] if shown.error else []}
    plan = proposal.plan
    return {
        "Not possible yet:": list(save_words.obstacles(proposal)),
        "Not saved:": list(save_words.losses(plan)),
        "Worth knowing:": [*shown.notes, *save_words.remarks(plan)],
    }


def axes_of(plan: SavePlan) -> list[AxisSizes]:
    """Return how each axis of the images is cut, those of the first image first."""
    found: dict[str, AxisSizes] = {}
    for store in plan.stores:
        for image in store.images:
            level = image.pyramid.levels[0]
            for index, axis in enumerate(image.data.multiscale.axes):
                found.setdefault(
                    axis.name,
                    AxisSizes(
                        name=axis.name,
                        length=level.shape[index],
                        chunk=level.chunk[index],
                        shard=level.shard[index] if level.shard else None,
                    ),
                )
    return list(found.values())
