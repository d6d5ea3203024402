"""How layers look when metadata is edited: the same as when it is saved and opened.

Knows drafts and what a layer remembers of where it came from; knows neither napari nor
Qt, reads no pixels and changes no layer.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.editing.documents import with_groups
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.reading.fitting import fit_axes, resolve_transforms
from napari_ngff.dataset.reading.labels import place_of
from napari_ngff.dataset.reading.reading import Reading
from napari_ngff.layers.reading.colors import label_colormap
from napari_ngff.layers.reading.features import features_of
from napari_ngff.layers.reading.images import Prepared, prepare
from napari_ngff.layers.reading.labels import prepare_label
from napari_ngff.layers.reading.naming import named, title
from napari_ngff.layers.reading.pictures import pictures
from napari_ngff.metadata.display import display_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.stored import StoredDocuments
    from napari_ngff.dataset.editing.values import Values
    from napari_ngff.layers.provenance import Provenance
    from napari_ngff.layers.reading.space import Placement

#: The parts of a look that say where a layer is.
PLACE: Final = ("scale", "translate", "affine", "units", "axis_labels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What metadata makes of one layer.

    Attributes
    ----------
    look
        Attributes of napari's layer by name, only those of which the file says
        something: `PLACE`, ``name``, ``colormap``, ``contrast_limits``, ``visible``,
        ``features``.
    record
        What the layer would remember.
    height
        How many channels of the image lie beneath this one; None where the layer is
        not one of several.
    """

    look: Mapping[str, Any]
    record: Provenance
    height: int | None = None


def concerns(draft: Draft, record: Provenance) -> bool:
    """Tell whether a layer shows what a draft is of: the group, or one edited with it.

    Labels of such an image are concerned too: they have its units.
    """
    if record.kind == "array" or record.store != draft.documents.store:
        return False
    if record.node == draft.documents.node:
        return record.index == draft.index
    nodes = (draft.documents.node, *draft.included)
    return record.node in nodes or record.parent in nodes


def documents_for(stored: StoredDocuments, record: Provenance) -> StoredDocuments:
    """Return documents, with those that the looks of a layer follow from.

    These are of the group that it shows and of the image that a label image belongs
    to; they are read where they are not there yet. What cannot be read is left out.
    """
    for node in (record.node, record.parent):
        if node is not None and node not in stored.levels:
            with suppress(NgffError):  # it is told where it is opened
                stored = with_groups(stored, (node,))
    return stored


def shown(
    draft: Draft,
    record: Provenance,
    dtype: Any,
    known: StoredDocuments | None = None,
) -> Shown | None:
    """Return what a layer would be, were a draft saved and the layer opened again.

    Parameters
    ----------
    draft
        One that concerns the layer; see `concerns`.
    record
        What the layer remembers.
    dtype
        Of its pixels.
    known
        The documents of the draft and the layer; see `documents_for`.

    Returns
    -------
    Shown or None
        None where the edited image would not be opened as such a layer at all: it
        has another number of channels, or none; its finest level is not there.
    """
    try:
        stored = documents_for(draft.documents, record) if known is None else known
        values = replace(draft.values, stored=stored)
        image = _image(values, record.node, record.index, record.levels, dtype)
        if image is None:
            return None
        if record.kind == "labels":
            return _labels(values, record, image)
        return _picture(record, image)
    except NgffError:
        return None


def changed(old: Shown, new: Shown) -> dict[str, Any]:
    """Return those attributes of a layer that a draft says other things of.

    Numbers of a place go together: one that changes is with the others.
    """
    found = {
        name: value
        for name, value in new.look.items()
        if not _same(old.look.get(name), value)
    }
    if {"scale", "translate", "affine"} & found.keys():
        found |= {name: new.look[name] for name in ("scale", "translate", "affine")}
    return found


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return one is not None and np.array_equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _same(one[key], other[key]) for key in one
        )
    return bool(one == other)


def _image(
    values: Values, node: str, index: int, paths: Sequence[str], dtype: Any
) -> ImageData | None:
    """Return an image as it would be read, with its finest level alone, empty."""
    stored = values.stored
    if node not in stored.levels:
        return None
    group = values.group(node)
    if index >= len(group.multiscales):
        return None
    shapes = stored.shapes(node, index)
    whole = group.multiscales[index]
    wanted = paths[0] if paths else None
    for level, shape in zip(whole.levels, shapes, strict=False):
        if shape is not None and level.path == (
            level.path if wanted is None else wanted
        ):
            break
    else:
        return None
    reading = Reading(location=stored.location, limits=stored.location.limits)
    multiscale, _ = resolve_transforms(
        reading, node, replace(whole, levels=(level,)), ("multiscales", index)
    )
    multiscale = fit_axes(multiscale, len(shape), dialect=group.dialect)
    pixels: Any = np.broadcast_to(np.zeros((), dtype), shape)
    return ImageData(
        store=stored.store,
        node=node,
        index=index,
        group=group,
        multiscale=multiscale,
        levels=(pixels,),
    )


def _picture(record: Provenance, image: ImageData) -> Shown | None:
    prepared = prepare(image)
    rendering = image.group.rendering
    made = pictures(prepared, record.form, rendering)
    at = record.channel or 0
    if at >= len(made):
        return None
    picture = made[at]
    names = named([(None, {"name": p.look.label}, "image") for p in made], title(image))
    look = _place(record, picture.placement)
    visible = picture.look.visible and not _is_hidden(record)
    look |= {"name": names[at][1]["name"], "visible": visible}
    if record.form != "rgb":
        look["colormap"] = picture.look.colormap
    if picture.look.limits is not None:
        look["contrast_limits"] = picture.look.limits
    height = None
    if record.form == "channels":
        order = rendering.order if rendering else None
        height = display_order(order, len(made)).index(at)
    return Shown(look=look, record=_remembered(record, prepared), height=height)


def _is_hidden(record: Provenance) -> bool:
    """Tell whether a layer is opened hidden whatever the file says of it.

    It shows the same as the first entry of ``multiscales``, or cannot be read.
    """
    unreadable = any(p.kind == "unreadable-pixels" for p in record.problems)
    return unreadable or record.index > 0


def _labels(values: Values, record: Provenance, image: ImageData) -> Shown | None:
    block = image.group.image_label
    label = LabelData(name=record.label or "", image=image, image_label=block)
    prepared = prepare_label(label, _parent(values, record))
    split = prepared.split
    if (record.form == "channels") != (
        split is not None and record.channel is not None
    ):
        return None
    if record.form == "channels" and split is not None:
        split = replace(split, index=record.channel)
    else:
        split = None
    look = _place(record, prepared.place(split))
    if place_of(record.node) is None:
        look["name"] = title(image)
    if block is not None:
        dtype = image.levels[0].dtype
        look["colormap"] = label_colormap(block.colors, block.properties, dtype=dtype)
        look["features"] = features_of(block.properties)
    return Shown(look=look, record=_remembered(record, prepared))


def _parent(values: Values, record: Provenance) -> Prepared | None:
    """Return the image that a label image was opened with, and takes units from."""
    if record.parent is None:
        return None
    try:
        image = _image(values, record.parent, 0, (), np.uint8)
        return None if image is None else prepare(image)
    except NgffError:
        return None  # it was opened without, then, too


def _place(record: Provenance, placement: Placement) -> dict[str, Any]:
    """Return where a layer is; nothing where its axes would be others.

    An image whose axes would have another order in a layer, for their types are
    others, keeps the order until it is opened again.
    """
    order, count = placement.order, len(placement.order)
    if sorted(order, key=str) != sorted(record.order, key=str):
        return {}
    rows = list(range(count))
    if order != record.order:
        if placement.affine is not None or order.count(None) > 1:
            return {}
        rows = [order.index(axis) for axis in record.order]
    meta = placement.meta()
    affine = np.eye(count + 1) if placement.affine is None else meta["affine"]
    scale = meta.get("scale", (1.0,) * count)
    translate = meta.get("translate", (0.0,) * count)
    return {
        "scale": tuple(scale[row] for row in rows),
        "translate": tuple(translate[row] for row in rows),
        "affine": affine,
        "units": tuple(meta["units"][row] for row in rows),
        "axis_labels": tuple(meta["axis_labels"][row] for row in rows),
    }


def _remembered(record: Provenance, prepared: Prepared) -> Provenance:
    """Return what a layer remembers of a file that says other things now."""
    now = prepared.origin
    return replace(
        record,
        version=now.version,
        dialect=now.dialect,
        axes=now.axes,
        default_t=now.default_t,
        default_z=now.default_z,
    )
