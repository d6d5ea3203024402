"""What saving layers would do: conversion, plan and open questions in one value.

Knows the steps from layers to a plan. Reads metadata of files that layers came from and
of what is at the target; no pixels, and changes nothing. Does not know who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from napari_ngff.dataset.saving.options import DEFAULT_OPTIONS
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.saving.replacing import look_at
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import read_origins
from napari_ngff.layers.writing.region import WHOLE

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.save_plan import SavePlan
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.questions import Question
    from napari_ngff.layers.writing.region import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A save of layers that is not done yet.

    Attributes
    ----------
    plan
        What would be written; while there are questions it is only to be shown.
    questions
        What must be decided first.
    present
        The images that are at the targets now, in the order of the plan's stores;
        None where there is none.
    """

    plan: SavePlan
    questions: tuple[Question, ...] = ()
    present: tuple[ImageData | None, ...] = ()

    @property
    def dropped(self) -> tuple[str, ...]:
        """Names of label images at the targets that the new images do not bring."""
        found: list[str] = []
        for store, old in zip(self.plan.stores, self.present, strict=True):
            new = {
                label.name
                for image in store.images
                for label in image.labels
                if not label.kept
            }
            names = (label.name for label in (old.labels if old else ()))
            found += (name for name in names if name not in new)
        return tuple(found)


def propose(
    layers: Sequence[LayerData],
    target: str | os.PathLike[str],
    options: SaveOptions = DEFAULT_OPTIONS,
    *,
    region: Region = WHOLE,
    answers: Mapping[str, str] | None = None,
) -> Proposal:
    """Return what saving layers would do.

    Parameters
    ----------
    layers
        As npe2's writers get them, or ``layer.as_layer_data_tuple()``.
    target, options
        Where to, and how: see `saving.plan.make_plan`.
    region
        Which part.
    answers
        Answers to questions about labels, by `Question.key`.
    """
    found = to_images(
        layers,
        region=region,
        version=options.version,
        affine=options.affine,
        answers=answers,
        origins=read_origins(layers),
    )
    plan = make_plan(found.images, target, options, problems=found.problems)
    # A layer that cannot be saved is not left out in silence: the user does that.
    unfit = tuple(p for p in found.problems if p.level == "error")
    others = tuple(p for p in plan.problems if p not in unfit)
    return Proposal(
        plan=replace(plan, obstacles=(*plan.obstacles, *unfit), problems=others),
        questions=found.questions,
        present=tuple(look_at(store.target).image for store in plan.stores),
    )
