"""What was done to layers in napari, as edits of the metadata that they came from.

Knows how layers look by a draft and what they look like now; changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.layers.previewing import shown
from napari_ngff.layers.reading.units import PIXEL
from napari_ngff.layers.writing.axis_names import layer_names, layer_units
from napari_ngff.layers.writing.rendering import color_of
from napari_ngff.layers.writing.world import layer_matrix
from napari_ngff.metadata.display import order_from
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetChannel,
    SetChannelOrder,
    SetLabelColor,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.layers.provenance import Provenance
    from napari_ngff.metadata.editing import Edit

_ROUNDING: Final = 1e-9
_COLOR: Final = 1.5 / 255


def looks_of(
    draft: Draft, layers: Sequence[tuple[Provenance, Mapping[str, Any], Any]]
) -> tuple[Edit, ...]:
    """Return the edits that make the metadata say how layers look.

    Parameters
    ----------
    draft
        Of the image.
    layers
        From the lowest to the one on top, for each what it remembers; ``name``,
        ``colormap``, ``contrast_limits`` and ``visible`` as they are now; and the type
        of its pixels. Of other images, and those that show several channels at once,
        are left out.

    Returns
    -------
    tuple of Edit
        Only of what is not as the draft says already.
    """
    found: list[Edit] = []
    heights: dict[int, int | None] = {}
    axis: int | None = None
    for record, state, dtype in layers:
        own = (draft.documents.store, draft.documents.node, draft.index)
        if (record.store, record.node, record.index) != own:
            continue
        now = shown(draft, record, dtype)
        if now is None:
            continue
        if record.kind == "labels":
            found += _colors(now.look.get("colormap"), state["colormap"])
        elif record.form in ("channels", "plain"):
            found += _channel(draft, record, now.look, state)
            heights.setdefault(record.channel or 0, now.height)
            axis = record.channel_axis
    return (*found, *_order(draft, axis, heights))


def _order(
    draft: Draft, axis: int | None, heights: Mapping[int, int | None]
) -> Iterator[SetChannelOrder]:
    """Yield the order of channels that all have a layer, if they are in another one.

    Parameters
    ----------
    draft
        Of the image.
    axis
        The channel axis; None where there is none.
    heights
        By channel, in the order of the layers: its place by the draft.
    """
    shape = next(iter(draft.shapes), None)
    if shape is None or axis is None or shape[axis : axis + 1] != (len(heights),):
        return
    order = tuple(heights)
    stated = [height or 0 for height in heights.values()]
    if stated != sorted(stated) and order_from(order) is not None:
        yield SetChannelOrder(order=order)


def _channel(
    draft: Draft, record: Provenance, look: Mapping[str, Any], state: Mapping[str, Any]
) -> Iterator[Edit]:
    index = record.channel or 0
    if state["name"] != look["name"]:
        rendering = draft.group.rendering
        listed = rendering.channels if rendering else ()
        labelled = index < len(listed) and listed[index].label
        if record.form == "plain" and not labelled:
            yield SetMultiscaleName(name=state["name"])
        else:
            yield SetChannel(channel=index, member="label", value=state["name"])
    color, _ = color_of(state["colormap"])
    if color != color_of(look["colormap"])[0]:
        yield SetChannel(channel=index, member="color", value=color)
    if bool(state["visible"]) != look["visible"]:
        yield SetChannel(channel=index, member="active", value=bool(state["visible"]))
    limits = tuple(float(part) for part in state["contrast_limits"])
    if limits != look.get("contrast_limits"):
        for member, value in zip(("start", "end"), limits, strict=True):
            yield SetChannel(channel=index, member=f"window.{member}", value=value)


def _colors(
    before: Mapping[int | None, Any] | None, colormap: Any
) -> Iterator[SetLabelColor]:
    """Yield the colours of single labels that are not those of the file."""
    table = getattr(colormap, "color_dict", None)
    for value, color in (table or {}).items():
        if value is None or value == 0:
            continue
        old = (before or {}).get(value)
        rgba = np.asarray(color, dtype=np.float64)
        if old is not None and np.abs(rgba - np.asarray(old)).max() <= _COLOR:
            continue
        red, green, blue, alpha = (int(part) for part in np.rint(rgba * 255))
        yield SetLabelColor(label=int(value), rgba=(red, green, blue, alpha))


def place_of(
    draft: Draft,
    record: Provenance | None,
    state: Mapping[str, Any],
    ndim: int,
) -> tuple[Edit, ...]:
    """Return the edits that give an image the pixel sizes, units … of a layer.

    Parameters
    ----------
    draft
        Of the image.
    record
        What the layer remembers; None where it is of no store.
    state
        ``scale``, ``translate``, ``units``, ``axis_labels`` and so on of the layer,
        as they are now.
    ndim
        How many axes the layer has.

    Returns
    -------
    tuple of Edit
        Only of what is not so already; nothing for a layer that is turned or sheared.
        A layer of another image gives sizes and units to axes of the same names,
        else from the last one on; the place and the names of the axes stay.
    """
    multiscale = draft.multiscale
    matrix = layer_matrix(state, ndim)
    square = matrix[:-1, :-1]
    if multiscale is None or not np.array_equal(square, np.diag(np.diag(square))):
        return ()
    own = record is not None and (record.store, record.node) == (
        draft.documents.store,
        draft.documents.node,
    )
    names, units = layer_names(state, ndim), layer_units(state, ndim)
    axes = [axis.name for axis in multiscale.axes]
    pairs = _own(record) if record is not None and own else _alike(names, axes)
    found: list[Edit] = []
    now = None if record is None or not own else shown(draft, record, np.uint8)
    look: Mapping[str, Any] = now.look if now is not None else {}
    for mine, axis in pairs:
        size, origin = float(square[mine, mine]), float(matrix[mine, -1])
        if not _is(look.get("scale"), mine, size):
            found.append(SetPixelSize(axis=axis, size=abs(size)))
        if _unit(look, mine) != units[mine] and units[mine] is not None:
            found.append(SetUnit(axis=axis, unit=units[mine]))
        if own and not _is(look.get("translate"), mine, origin):
            found.append(SetOrigin(axis=axis, origin=origin))
        if own and names[mine] not in ("", look.get("axis_labels", names)[mine]):
            found.append(RenameAxis(axis=axis, name=names[mine]))
    return tuple(found)


def _own(record: Provenance) -> list[tuple[int, int]]:
    """Return the axes of a layer and of the array that it shows."""
    return [(mine, axis) for mine, axis in enumerate(record.order) if axis is not None]


def _alike(names: Sequence[str], axes: Sequence[str]) -> list[tuple[int, int]]:
    """Return axes of one name; where there are none, the last ones."""
    found = [
        (mine, axes.index(name)) for mine, name in enumerate(names) if name in axes
    ]
    if found:
        return found
    count = min(len(names), len(axes))
    return [(len(names) - i, len(axes) - i) for i in range(count, 0, -1)]


def _is(numbers: Sequence[float] | None, index: int, value: float) -> bool:
    if numbers is None:
        return False
    return bool(np.isclose(numbers[index], value, rtol=_ROUNDING, atol=0))


def _unit(look: Mapping[str, Any], index: int) -> str | None:
    units = look.get("units")
    return None if units is None or units[index] == PIXEL else str(units[index])
