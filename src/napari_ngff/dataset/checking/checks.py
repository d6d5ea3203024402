"""What one group of a store must be, beside what its JSON says.

Knows which checks belong to which block of the metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.dataset.checking.check_collections import (
    check_plate,
    check_scene,
    check_series,
    check_well,
)
from napari_ngff.dataset.checking.check_images import check_image, check_labels
from napari_ngff.dataset.checking.checking import ROLES, Check, Checked, Member
from napari_ngff.dataset.reading.labels import LABELS

if TYPE_CHECKING:
    from napari_ngff.dataset.reading.reading import Reading
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument


def check_group(
    reading: Reading, document: NodeDocument, group: Group, member: Member
) -> Checked:
    """Check the arrays and members that a group's metadata speak of."""
    check = Check(reading=reading, document=document, group=group)
    _check_role(check, member)
    facts = [
        check_image(check, index, multiscale)
        for index, multiscale in enumerate(group.multiscales)
    ]
    if facts and group.image_label is None:
        check_labels(check, group.multiscales[0], facts[0])
    if group.labels is not None:
        check.add_members("label", enumerate(group.labels), (LABELS,))
    if group.plate is not None:
        check_plate(check)
    elif group.bioformats2raw is not None:
        check_series(check)
    if group.well is not None:
        check_well(check, member)
    if group.scene is not None:
        check_scene(check)
    return check.checked


def _check_role(check: Check, member: Member) -> None:
    group = check.group
    fine = {
        "any": True,
        "image": bool(group.multiscales),
        "label": bool(group.multiscales),
        "well": group.well is not None,
    }
    if not fine[member.role]:
        text = f"This is not {ROLES[member.role]}, as {member.said_by} says"
        check.add("error", "wrong-group", (), text)
    if member.role == "label" and group.image_label is None:
        # "the OME-Zarr Metadata in this image-level `zarr.json` file SHOULD contain
        # another key, `image-label`".
        text = "The label image has no 'image-label'. Add it"
        check.add("warning", "image-label-missing", (), text)
