"""From a wish to what it changes: a table of the functions that know each kind of it.

Knows which module does what; nothing of the JSON.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import (
    axes,
    channel_order,
    channels,
    edits,
    fixes,
    labels,
    placing,
)
from napari_ngff.metadata.editing.image import Image, Outcome
from napari_ngff.metadata.editing.systems import (
    AddSystem,
    RemoveSystem,
    RenameSystem,
    SetTransform,
    system_changes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from napari_ngff.metadata.editing.image import Names, Shape
    from napari_ngff.metadata.model import Group

_NOTHING: Final[Mapping[int, tuple[float, float]]] = MappingProxyType({})


def changes_of(
    edit: edits.Edit,
    attributes: Any,
    group: Group,
    *,
    multiscale: int = 0,
    shapes: Sequence[Shape] = (),
    dimension_names: Sequence[Names] = (),
    dtype: str | None = None,
    limits: Mapping[int, tuple[float, float]] = _NOTHING,
) -> Outcome | Problem:
    """Return what an edit changes, or why it cannot be made.

    Parameters
    ----------
    edit
        The wish.
    attributes, group
        What the group says, as JSON and as the model that was read of it.
    multiscale
        Which entry of ``multiscales`` it is for.
    shapes
        Of each level's array, as they are listed; None where it is not known.
    dimension_names
        Of each level's array; None where it has none (and in Zarr format 2).
    dtype
        The type of the pixels, such as ``"uint16"``: a new window has its limits as
        ``min`` and ``max``.
    limits
        By channel: the least and the largest value of its pixels, as far as they were
        measured, for the ``start`` and ``end`` of a new window. `Outcome.windows` says
        of which channels they are missed; then these are the type's limits too.

    Returns
    -------
    Outcome or Problem
        A problem has a message that says why not, and what to do.
    """
    image = Image(
        attributes=attributes,
        group=group,
        index=multiscale,
        shapes=shapes,
        dimension_names=dimension_names,
        dtype=dtype,
        limits=limits,
    )
    try:
        return _MAKERS[type(edit)](edit, image)
    except ArithmeticError:
        text = "With this, a number of some level would be too large or too small to "
        return image.refusal("number-range", text + "be written.")


def _systems(edit: Any, image: Image) -> Outcome | Problem:
    found = system_changes(edit, image.attributes, image.group, multiscale=image.index)
    return found if isinstance(found, Problem) else Outcome(attributes=found)


_MAKERS: Final[Mapping[type, Callable[[Any, Image], Outcome | Problem]]] = {
    AddSystem: _systems,
    RenameSystem: _systems,
    RemoveSystem: _systems,
    SetTransform: _systems,
    edits.RenameAxis: axes.rename,
    edits.SetAxisType: axes.set_type,
    edits.SetUnit: axes.set_unit,
    edits.SetAxisMember: axes.set_member,
    edits.SetMultiscaleName: axes.set_name,
    edits.SetPixelSize: placing.set_pixel_size,
    edits.SetOrigin: placing.set_origin,
    edits.MakeConsistent: placing.make_consistent,
    edits.SetChannel: channels.set_channel,
    edits.SetChannelOrder: channel_order.set_order,
    edits.SetRendering: channels.set_rendering,
    edits.SetLabelColor: labels.set_color,
    edits.SetLabelProperty: labels.set_property,
    edits.Repair: fixes.repaired,
}
