"""An image that labels are to be added to: what it is, and what is there already.

Knows what the specification asks of labels beside their image. Changes nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_ngff.core.names import check_path, plain
from napari_ngff.core.portable import fault_of
from napari_ngff.core.problems import CannotSave, TargetExists, UnsafePath
from napari_ngff.dataset.painting.stored_labels import local_store
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.saving.options import VERSIONS
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.places.nodes import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.dataset.nodes import LabelData
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import Location, NodeDocument

_INSTEAD = "Save the image anew together with its labels: File > Save As OME-Zarr."


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTarget:
    """The image that gets labels, and what is there of them.

    Attributes
    ----------
    shown
        What to call it.
    location, node
        Its store, and its group in it.
    group
        What its document says.
    sizes
        Pixels of its finest level by the names of its axes.
    levels
        How many it has.
    labels
        The document of its ``labels`` group; None where there is none yet.
    """

    shown: str
    location: Location
    node: str
    group: Group
    sizes: Mapping[str, int]
    levels: int
    labels: NodeDocument | None

    @property
    def format(self) -> int:
        """The Zarr format that its version is stored in."""
        return 2 if self.group.dialect == "0.4" else 3


def label_target(store: str, node: str) -> LabelTarget:
    """Look at the image.

    Raises
    ------
    CannotSave
        If nothing can be added to it.
    """
    location = local_store(store)
    shown = plain(f"{store}/{node}" if node else store, limit=1024)
    document = location.document(node)
    if document is None or document.kind != "group":
        raise CannotSave(shown, "the image is not there any more", _INSTEAD)
    group = read_group(document.attributes, zarr_format=document.zarr_format, node=node)
    if not group.multiscales or group.dialect not in VERSIONS:
        reason = f"it is not an image of one of the versions {', '.join(VERSIONS)}"
        raise CannotSave(shown, reason, _INSTEAD)
    multiscale = group.multiscales[0]
    finest = location.document(key_of(node, multiscale.levels[0].path))
    shape = () if finest is None else finest.metadata.get("shape", ())
    axes = [axis.name for axis in multiscale.axes]
    if len(axes) != len(shape):
        reason = "its axes do not fit its finest level"
        raise CannotSave(shown, reason, _INSTEAD)
    target = LabelTarget(
        shown=shown,
        location=location,
        node=node,
        group=group,
        sizes=dict(zip(axes, shape, strict=True)),
        levels=len(multiscale.levels),
        labels=location.document(labels_node(node)),
    )
    formats = {document.zarr_format, target.format}
    if target.labels is not None:
        formats.add(target.labels.zarr_format)
    if len(formats) > 1:
        reason = f"it is not in the Zarr format of version {group.dialect}"
        raise CannotSave(shown, reason, _INSTEAD)
    return target


def check_name(target: LabelTarget, name: str) -> str:
    """Return the name of a label image that is not there yet."""
    shown = plain(name, limit=80)
    try:
        checked = check_path(name)
    except UnsafePath as error:
        reason = f"'{shown}' cannot be the name of labels: {error.reason}"
        raise CannotSave(target.shown, reason, "Choose another name.") from error
    parent = labels_node(target.node)
    place = os.path.join(target.location.url, *parent.split("/"), checked)
    if "/" in checked or checked.startswith("."):
        reason = f"'{shown}' cannot be the name of labels"
        raise CannotSave(
            target.shown, reason, "Choose a name without / or a dot first."
        )
    if fault := fault_of(checked):
        reason = f"'{shown}' cannot be the name of labels: {fault}"
        raise CannotSave(target.shown, reason, "Choose another name.")
    listed = {listed.casefold() for listed in _listed(target)}
    if os.path.lexists(place) or checked.casefold() in listed:
        reason = f"it has labels of the name '{shown}' already"
        raise TargetExists(target.shown, reason, "Choose another name.")
    return checked


def _listed(target: LabelTarget) -> tuple[str, ...]:
    if target.labels is None:
        return ()
    group = read_group(
        target.labels.attributes,
        zarr_format=target.labels.zarr_format,
        node=target.labels.node,
    )
    return group.labels or ()


def check_fits(target: LabelTarget, label: LabelData) -> None:
    """Refuse labels that do not cover the image.

    "each dimension equals the image's, or is 1" (0.5, "labels").
    """
    names = (axis.name for axis in label.image.multiscale.axes)
    sizes = dict(zip(names, label.image.levels[0].shape, strict=True))
    for name, size in sizes.items():
        if size not in (1, target.sizes.get(name)):
            reason = f"the labels '{plain(label.name)}' have {size} pixels along "
            reason += f"{plain(name)}, the image has {target.sizes.get(name, 'none')}"
            raise CannotSave(target.shown, reason, _INSTEAD)
