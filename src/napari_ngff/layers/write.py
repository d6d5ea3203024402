"""Layers as images that can be saved: the inverse of `read`.

Knows plain ``LayerData`` tuples, as napari gives them to writers or our reader makes
them, and puts them together to images and labels. Does not know napari, files, nor
how images are written; reads no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.layers.provenance import is_overlay
from napari_ngff.layers.writing.assembling import Assembled, assemble
from napari_ngff.layers.writing.building import Made, image_of, kept_edges
from napari_ngff.layers.writing.calling import image_name, label_name, told_apart
from napari_ngff.layers.writing.channel_axis import file_among
from napari_ngff.layers.writing.grouping import Layers, assign, grouped
from napari_ngff.layers.writing.label_looks import image_label_of
from napari_ngff.layers.writing.losses import loss, state_losses, unsaved
from napari_ngff.layers.writing.outgoing import Outgoing, take_apart
from napari_ngff.layers.writing.region import WHOLE, Region, crop
from napari_ngff.layers.writing.rendering import rendering_of
from napari_ngff.layers.writing.turned import EXACT, question
from napari_ngff.layers.writing.world import is_straight
from napari_ngff.metadata.axes import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.options import OnAffine, Version
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.origins import Origin, OriginKey
    from napari_ngff.layers.writing.questions import Question
    from napari_ngff.metadata.axes import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What layers are as images, and what has to be said before they are saved.

    Attributes
    ----------
    images
        In the order of the layers, each with its labels. Labels without an image are
        an image of their own whose ``group.image_label`` is not None. `store` and
        `node` are empty. ``multiscale.name`` is unique, and None only for an image that
        is alone and has no name of its own.
        ``multiscale.transform`` is an `Affine` where an image is turned or sheared,
        else Identity.
    problems
        What is lost: ``"warning"``: a layer, or something of it, that is not saved;
        ``"info"``: worth knowing; ``"error"``: a layer that must be left out, or
        nothing can be saved. `Problem.node` is the name of the layer.
    questions
        What must be decided first; while there are some, nothing should be saved.
    """

    images: tuple[ImageData, ...]
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()


def to_images(
    layers: Sequence[LayerData],
    *,
    region: Region = WHOLE,
    version: Version = "0.5",
    affine: OnAffine = "raise",
    answers: Mapping[str, str] | None = None,
    origins: Mapping[OriginKey, Origin] | None = None,
) -> Converted:
    """Return the images and labels that layers show, as they can be saved.

    Parameters
    ----------
    layers
        As ``layer.as_layer_data_tuple()``, npe2's writers and our reader give them.
        Overlays of ours (`provenance.is_overlay`) are left out without a word.
    region
        Which part is saved.
    version
        Of the format: what it cannot hold is told, and decides how layers are joined.
    affine
        What will become of a turned or sheared image where the version cannot hold
        that: ``"raise"`` makes it a question; else `saving.plan` does it.
    answers
        Answers to questions about labels of an earlier call, by `Question.key`.
    origins
        From `writing.origins.read_origins`: what the layers came from, as far as it is
        still there. Without it, that is known only as far as the layers tell.
    """
    layers = [one for one in layers if not is_overlay(one[1].get("metadata") or {})]
    lost = [problem for layer in layers if (problem := unsaved(layer))]
    apart = [
        take_apart(position, layer, origins or {})
        for position, layer in enumerate(layers)
        if unsaved(layer) is None
    ]
    kept, outside = _in_region(apart, region)
    lost += outside
    groups = grouped(kept, version)
    made = [_one(group) for group in groups]
    assigned = assign(groups, answers or {})
    for layer in kept:
        lost += _looks_lost(layer)
    problems = [*lost, *(problem for each in made for problem in each.problems)]
    return Converted(
        images=_with_labels(groups, made, assigned.parents),
        problems=tuple(dict.fromkeys(problems)),
        questions=(*assigned.questions, *_turned(groups, made, version, affine)),
    )


def _in_region(
    layers: Sequence[Outgoing], region: Region
) -> tuple[list[Outgoing], list[Problem]]:
    """Return the parts of layers that are in a region, and which are not in it."""
    kept, outside = [], []
    for layer in layers:
        placed = crop(layer.placed, [axis.unit for axis in layer.axes], region)
        if placed is None:
            text = "The layer is not saved: nothing of it is in the region."
            outside.append(loss(layer.name, "outside-region", text))
        elif placed is layer.placed:
            kept.append(layer)
        else:
            kept.append(replace(layer, placed=placed, untouched=False))
    return kept, outside


def _turned(
    groups: Sequence[Layers], made: Sequence[Made], version: Version, affine: OnAffine
) -> tuple[Question, ...]:
    """Ask what becomes of images that are turned or sheared, if that is not known."""
    if version in EXACT or affine != "raise":
        return ()
    names = [
        group[0].name
        for group, each in zip(groups, made, strict=True)
        if not is_straight(each.assembled.placed)
    ]
    return (question(names),) if names else ()


def _one(group: Layers) -> Made:
    """Make an image, or a label image, of the layers that are one."""
    first, assembled = group[0], assemble(group)
    made = Made(assembled=assembled, origin=file_among(group))
    if first.kind == "labels":
        block, lost = image_label_of(first)
        name, same = label_name(first)
        if not same:
            text = f"They are saved as '{name}', which is a name on every computer."
            lost = (*lost, loss(first.name, "label-name", text, "info"))
        return replace(made, name=name, image_label=block, problems=lost)
    rendering, lost = rendering_of(group, _channels_in_one(group, assembled))
    lost = (*lost, *_other_losses(group, assembled))
    return replace(made, name=image_name(group), rendering=rendering, problems=lost)


def _channels_in_one(group: Layers, assembled: Assembled) -> int | None:
    """Return how many channels one layer shows, as colours or with a slider."""
    axis, record = assembled.channel_axis, group[0].record
    if axis is None or len(group) > 1:
        return None
    if record is not None and record.form == "channels":
        return None
    return assembled.placed.levels[0].shape[axis]


def _other_losses(group: Layers, assembled: Assembled) -> tuple[Problem, ...]:
    """Tell of what the file of an image says beside and that cannot be kept."""
    origin, name = group[0].origin, group[0].name
    found = []
    edges = origin.image.multiscale.edges if origin else ()
    if len(kept_edges(assembled)) < len(edges):
        text = "The other coordinate systems that its file describes are not saved."
        found.append(loss(name, "systems-not-saved", text))
    if group[0].rgb and assembled.placed.levels[0].dtype != np.uint8:
        text = (
            "Its colours are saved as channels: only pixels of 8 bits are opened as "
            "a colour picture."
        )
        found.append(loss(name, "rgb-as-channels", text, "info"))
    file = origin.image.multiscale.axes if origin else ()
    return (*found, *_unit_losses(name, assembled.axes, file))


def _unit_losses(
    name: str, axes: Sequence[Axis], file: Sequence[Axis]
) -> tuple[Problem, ...]:
    """Tell of axes in pixels beside others in a unit, if their file has none so."""
    space = [axis for axis in axes if kind_of(axis) == "space"]
    units = {axis.unit for axis in space if axis.unit}
    same = {axis.name for axis in file if not axis.unit}
    bare = ", ".join(a.name for a in space if not a.unit and a.name not in same)
    if not bare or not units:
        return ()
    text = (
        f"The axes {bare} have no unit while others are in {', '.join(sorted(units))}: "
        "programs, napari-ngff too, will take them to be in the same. Set the pixel "
        "size and the unit of all axes before saving."
    )
    return (loss(name, "unit-missing", text),)


def _looks_lost(layer: Outgoing) -> tuple[Problem, ...]:
    found = state_losses(layer.name, layer.kind, layer.state)
    record = layer.record
    if record is None or layer.origin is not None or record.kind == "array":
        return found
    text = (
        "What its file says beside pixels, axes and looks is not saved: the file is "
        "gone, or has changed since it was opened."
    )
    return (*found, loss(layer.name, "origin-gone", text, "info"))


def _with_labels(
    groups: Sequence[Layers], made: Sequence[Made], parents: Mapping[int, int | None]
) -> tuple[ImageData, ...]:
    """Put label images to their images, and give all names.

    `parents` has for each label image, by its index, that of its image.
    """
    alone = [i for i in range(len(groups)) if parents.get(i) is None]
    names: list[str | None] = [made[i].name for i in alone]
    if names != [None]:
        own = [groups[i] for i in alone]
        names = [*told_apart(own, [_name(groups[i], made[i]) for i in alone])]
    return tuple(
        image_of(made[i], name, [made[k] for k, own in parents.items() if own == i])
        for i, name in zip(alone, names, strict=True)
    )


def _name(group: Layers, made: Made) -> str:
    return made.name or group[0].name
