"""An image on its way to layers: one a channel, a colour picture, or a slider.

Brings together where it is (`space`), how it looks (`channels`) and where it came
from (`provenance`). Reads no pixels; `pictures` and `labels` make the layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotOpen, Problem
from napari_ngff.layers.provenance import Form, Provenance
from napari_ngff.layers.reading.channels import is_rgb
from napari_ngff.layers.reading.frame import Frame, Split, separate
from napari_ngff.layers.reading.space import place
from napari_ngff.layers.reading.systems import image_frame, other_systems
from napari_ngff.layers.reading.units import NO_DEFAULTS, Defaults
from napari_ngff.metadata.axes import indices_of

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.layers.reading.space import Extent, Placement
    from napari_ngff.storage.lazy import LazyArray

#: The largest side of a 3-D texture that graphics cards can be counted on to hold.
TEXTURE_3D = 2048
_VOLUME_AXES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything that the layers of one image have in common.

    Attributes
    ----------
    levels
        The levels that napari can use, finest first.
    frame, split
        Its coordinate system, and the channel axis where that may leave.
    defaults, parent
        Of the image that a label image belongs to: units and axes.
    origin
        Where it came from, its problems included.
    """

    levels: tuple[LazyArray, ...]
    frame: Frame
    split: Split | None
    defaults: Defaults
    parent: tuple[Extent, ...]
    origin: Provenance

    @property
    def count(self) -> int:
        """How many channels there are; 1 where there is no channel axis."""
        return self.frame.shape[self.split.column] if self.split else 1

    def place(self, split: Split | None) -> Placement:
        """Return the placement of a layer without the channel axis of `split`."""
        return place(
            self.frame, split=split, defaults=self.defaults, parent=self.parent
        )

    def arranged(self, placement: Placement) -> list[LazyArray]:
        """Return lazy views of the levels with a layer's axes."""
        return [placement.arrange(level) for level in self.levels]

    def where(self) -> str:
        """Name the image in an error."""
        return f"{self.origin.store} {plain(self.origin.node)}".rstrip()


def prepare(
    image: ImageData,
    *,
    defaults: Defaults = NO_DEFAULTS,
    parent: tuple[Extent, ...] = (),
) -> Prepared:
    """Work out what the layers of an image or label image have in common.

    Raises
    ------
    CannotOpen
        If it has no pixels.
    """
    rendering, shape = image.group.rendering, image.levels[0].shape
    if 0 in shape:
        reason = f"its shape is {shape}, so there are no pixels in it"
        raise CannotOpen(f"{image.store} {plain(image.node)}".rstrip(), reason)
    count = len(rendering.channels) if rendering else None
    frame, split = separate(image_frame(image), count=count)
    used, dropped = _usable(image, split)
    origin = Provenance(
        store=image.store,
        node=image.node,
        index=image.index,
        channel_axis=split.column if split else None,
        version=image.group.version,
        dialect=image.group.dialect,
        levels=tuple(image.multiscale.levels[i].path for i in used),
        axes=tuple(
            {"name": axis.name, "type": axis.type, "unit": axis.unit}
            for axis in image.multiscale.axes
        ),
        default_t=rendering.default_t if rendering else None,
        default_z=rendering.default_z if rendering else None,
        problems=(*image.problems, *dropped, *other_systems(image)),
    )
    return Prepared(
        levels=tuple(image.levels[i] for i in used),
        frame=frame,
        split=split,
        defaults=defaults,
        parent=parent,
        origin=origin,
    )


def _usable(
    image: ImageData, split: Split | None
) -> tuple[list[int], tuple[Problem, ...]]:
    """Find the levels that napari can use: each smaller than the one before."""
    used, problems = [0], []
    for index, array in enumerate(image.levels[1:], start=1):
        reason = _unusable(array, image.levels[used[-1]], split)
        if not reason:
            used.append(index)
            continue
        path = plain(image.multiscale.levels[index].path)
        text = f"Level {index} ('{path}') is left out: {reason}."
        loc = ("multiscales", image.index, "datasets", index)
        problems.append(warning("unused-level", text, node=image.node, loc=loc))
    return used, tuple(problems)


def _unusable(array: LazyArray, before: LazyArray, split: Split | None) -> str:
    if 0 in array.shape:
        return "there are no pixels in it"
    if array.size >= before.size:
        return "it is not smaller than the level before it"
    if split and array.shape[split.column] != before.shape[split.column]:
        return "it has not as many channels as the level before it"
    return ""


def warning(kind: str, message: str, **where: Any) -> Problem:
    """Make a problem of level ``warning``."""
    return Problem(level="warning", kind=kind, message=message, **where)


def choose_form(
    prepared: Prepared, image: ImageData, limits: Limits
) -> tuple[Form, tuple[Problem, ...]]:
    """Decide what becomes of the channel axis: layers, colours or a slider."""
    split, dtype = prepared.split, prepared.levels[0].dtype
    if split is None:
        slider = indices_of(prepared.frame.axes, "channel")
        return ("slider" if slider else "plain"), ()
    if is_rgb(prepared.frame, split, dtype, image.group.rendering):
        return "rgb", ()
    if prepared.count <= limits.channels:
        return "channels", ()
    text = (
        f"There are {prepared.count} channels, more than the {limits.channels} that "
        "are shown as layers: they are one layer with a slider."
    )
    return "slider", (warning("many-channels", text, node=image.node),)


def texture_problem(prepared: Prepared, placement: Placement) -> tuple[Problem, ...]:
    """Warn of a volume whose coarsest level a graphics card may not hold."""
    space = indices_of(prepared.frame.axes, "space")
    if 0 < len(space) < _VOLUME_AXES or len(placement.order) < _VOLUME_AXES:
        return ()
    shape = placement.arrange(prepared.levels[-1]).shape[: len(placement.order)]
    sides = list(zip(placement.names, shape, strict=True))[-_VOLUME_AXES:]
    large = [f"{plain(name)}: {n}" for name, n in sides if n > TEXTURE_3D]
    if not large:
        return ()
    text = (
        f"The coarsest level is too large to be shown in 3-D ({', '.join(large)} "
        f"pixels; {TEXTURE_3D} is what graphics cards hold). Load a region or a "
        "coarser copy with Layers > Data > Load level…, or save the image with more "
        "resolution levels."
    )
    return (warning("large-for-3d", text, node=prepared.origin.node),)
