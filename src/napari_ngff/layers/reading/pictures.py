"""Image layers of an image that is prepared: looks, contrast and LayerData.

Knows what the layers of one image are; `read` names them and puts images together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.core.problems import CannotOpen, NgffError, Problem
from napari_ngff.layers.provenance import Form, Provenance, sort_problems
from napari_ngff.layers.reading.channels import Look, looks, may_be_rgb
from napari_ngff.layers.reading.images import Prepared, texture_problem
from napari_ngff.layers.reading.limits import Limits, sampled_limits, window_limits
from napari_ngff.metadata.display import display_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.layers.reading.frame import Split
    from napari_ngff.layers.reading.space import Placement
    from napari_ngff.metadata.model import Rendering
    from napari_ngff.storage.lazy import LazyArray

LayerData: TypeAlias = tuple[Any, dict[str, Any], str]

_FULL_8_BIT = (0.0, 255.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One image layer in the making; ``look.limits`` is None where to be measured."""

    look: Look
    channel: int | None
    placement: Placement


def pictures(
    prepared: Prepared, form: Form, rendering: Rendering | None
) -> tuple[Picture, ...]:
    """Return the image layers in the form given.

    Raises
    ------
    CannotOpen
        If the image cannot be shown in that form.
    """
    if form == "channels":
        split = _need_split(prepared)
        shown = looks(rendering, prepared.count)
        return tuple(
            Picture(
                look=look,
                channel=i,
                placement=prepared.place(replace(split, index=i)),
            )
            for i, look in enumerate(shown)
        )
    if form == "plain":
        (look,) = looks(rendering, 1)
        return (Picture(look=look, channel=None, placement=prepared.place(None)),)
    colours = _need_rgb(prepared) if form == "rgb" else None
    eight_bit = prepared.levels[0].dtype == np.uint8
    together = _together(rendering, prepared.count)
    limits = _FULL_8_BIT if colours and eight_bit else together
    look = Look(label=None, colormap="gray", limits=limits, visible=True)
    return (Picture(look=look, channel=None, placement=prepared.place(colours)),)


def _together(rendering: Rendering | None, count: int) -> Limits | None:
    """Return limits that hold those of all channels; None where one has none.

    Without end may be the channels of an array, not those that ``omero`` lists.
    """
    listed = rendering.channels[:count] if rendering else ()
    windows = (window_limits(channel.window) for channel in listed)
    known = [limits for limits in windows if limits is not None]
    if len(known) < count:
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _need_split(prepared: Prepared) -> Split:
    if prepared.split is None:
        reason = "it has no channel axis that could be split into layers"
        raise CannotOpen(prepared.where(), reason)
    return prepared.split


def _need_rgb(prepared: Prepared) -> Split:
    split = _need_split(prepared)
    if not may_be_rgb(prepared.frame, split):
        reason = (
            "only 3 or 4 channels in one place can be shown as colours; it has "
            f"{prepared.count}"
        )
        raise CannotOpen(prepared.where(), reason)
    return split


def picture_layers(
    prepared: Prepared,
    form: Form,
    rendering: Rendering | None,
    problems: Iterable[Problem] = (),
) -> list[LayerData]:
    """Return the image layers; contrast limits that the file lacks are measured.

    A layer whose pixels cannot be read for that is hidden, with the reason as a
    problem, so that the others open. A name is that of the channel, or None.

    Raises
    ------
    CannotOpen
        If the image cannot be shown in that form.
    """
    made = pictures(prepared, form, rendering)
    arrays = [prepared.arranged(picture.placement) for picture in made]
    dark = [i for i, picture in enumerate(made) if picture.look.limits is None]
    measured = sampled_limits([arrays[i][-1] for i in dark])
    found_limits = dict(zip(dark, measured, strict=True))
    large = texture_problem(prepared, made[0].placement)
    found = (*prepared.origin.problems, *problems, *large)
    origin = replace(prepared.origin, form=form, problems=found)
    return [
        _layer(
            picture,
            arrays[i],
            found_limits.get(i, picture.look.limits),
            origin,
            blend=len(made) > 1,
        )
        for i, picture in enumerate(made)
    ]


def in_order(
    layers: list[LayerData], form: Form, rendering: Rendering | None
) -> list[LayerData]:
    """Return the layers of an image as they lie above each other, the lowest first.

    Parameters
    ----------
    layers
        A layer a channel, in the order of the channel axis; others stay as they are.
    form, rendering
        Of the image.
    """
    if form != "channels" or rendering is None:
        return layers
    return [layers[index] for index in display_order(rendering.order, len(layers))]


def _layer(
    picture: Picture,
    levels: list[LazyArray],
    limits: Limits | NgffError | None,
    origin: Provenance,
    *,
    blend: bool,
) -> LayerData:
    look, placement = picture.look, picture.placement
    meta: dict[str, Any] = {
        "name": look.label,
        **placement.meta(),
        "multiscale": len(levels) > 1,
        "rgb": origin.form == "rgb",
        "contrast_limits": (0.0, 1.0) if isinstance(limits, NgffError) else limits,
        "visible": look.visible and not isinstance(limits, NgffError),
    }
    if origin.form != "rgb":
        meta["colormap"] = look.colormap
    if blend:
        meta["blending"] = "additive"
    found = [*origin.problems, *placement.problems]
    if isinstance(limits, NgffError):
        found.append(_hidden(limits, origin.node))
    origin = replace(
        origin,
        channel=picture.channel,
        order=placement.order,
        problems=sort_problems(found),
    )
    meta["metadata"] = origin.to_metadata()
    return data_of(levels), meta, "image"


def data_of(levels: list[LazyArray]) -> LazyArray | list[LazyArray]:
    """Return the data of a layer: a list where there are several levels."""
    return levels if len(levels) > 1 else levels[0]


def _hidden(error: NgffError, node: str) -> Problem:
    return Problem(
        level="error",
        kind="unreadable-pixels",
        node=node,
        message=f"The layer is hidden, for its pixels cannot be read. {error}",
    )
