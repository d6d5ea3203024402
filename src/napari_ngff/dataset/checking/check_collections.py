"""What the members of plates, wells, series and scenes must be.

Reads documents only; what is listed is put in line to be looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LimitExceeded, NgffError
from napari_ngff.dataset.checking.check_transforms import check_transform
from napari_ngff.dataset.checking.checking import Check, Member
from napari_ngff.dataset.reading.listings import OME
from napari_ngff.dataset.reading.ome_xml import METADATA
from napari_ngff.dataset.reading.reading import quoted

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc

_LAYOUT: Final = "bioformats2raw.layout"


def check_plate(check: Check) -> None:
    """Put the wells in line."""
    plate = check.group.plate
    if plate is None:
        return
    ids = tuple(acquisition.id for acquisition in plate.acquisitions)
    for index, well in enumerate(plate.wells):
        loc = ("plate", "wells", index)
        node = check.join(well.path, loc)
        if node is not None:
            member = check.member("well", node, loc)
            check.checked.members.append(replace(member, acquisitions=ids))


def check_well(check: Check, member: Member) -> None:
    """Put the fields of view in line; check their acquisitions."""
    images = check.group.well.images if check.group.well else ()
    loc: Loc = ("well", "images")
    check.add_members("image", ((i, m.path) for i, m in enumerate(images)), loc)
    ids = member.acquisitions
    for index, image in enumerate(images):
        # "If multiple acquisitions were performed in the plate, it MUST contain an
        # `acquisition` key whose value MUST be an integer identifying the
        # acquisition which MUST match one of the acquisition JSON objects defined
        # in the plate metadata."
        if ids and len(ids) > 1 and image.acquisition is None:
            text = "The plate has several acquisitions: say which this is"
            check.add("error", "acquisition-missing", (*loc, index), text)
        elif ids and image.acquisition is not None and image.acquisition not in ids:
            text = f"The plate has no acquisition {image.acquisition}"
            where = (*loc, index, "acquisition")
            check.add("error", "acquisition-unknown", where, text)


def check_series(check: Check) -> None:
    """Put the images of a bioformats2raw fileset in line."""
    node = f"{check.document.node}/{OME}" if check.document.node else OME
    [document] = check.reading.location.documents([node])
    if isinstance(document, NgffError):
        check.fail(document, f"The group {quoted(node)}", node)
        document = None
    _xml(check, node)
    group = None
    if document is not None:
        group = check.reading.group(document)
    if document is not None and group is not None and group.series is not None:
        ome = Check(reading=check.reading, document=document, group=group)
        check.checked.members.append(check.member("any", node, (_LAYOUT,)))
        for index, path in enumerate(group.series):
            place = check.join(path, (_LAYOUT,))
            if place is not None:
                check.checked.members.append(
                    ome.member("image", place, ("series", index))
                )
        return
    # "If the `series` attribute does not exist and no `plate` is present: separate
    # `multiscales` images MUST be stored in consecutively numbered groups starting
    # from 0".
    names = check.reading.location.children(check.document.node) or ()
    for name in [n for n in names if n.isdigit()] or ["0"]:
        place = check.join(name, (_LAYOUT,))
        if place is not None:
            check.checked.members.append(check.member("image", place, (_LAYOUT,)))


def _xml(check: Check, node: str) -> None:
    # "SHOULD have OME metadata representing the entire collection of images in a
    # file named `OME/METADATA.ome.xml`".
    key = f"{node}/{METADATA}"
    try:
        found = check.reading.location.file(key, limit=1)
    except LimitExceeded:
        return  # it is there
    except NgffError as error:
        check.fail(error, f"The file '{plain(key)}'", node)
        return
    if found is None:
        text = f"There is no '{plain(key)}' with the OME metadata of the images"
        check.add("warning", "ome-xml-missing", (_LAYOUT,), text)


def check_scene(check: Check) -> None:
    """Put the images of a scene in line; check that they have the systems named."""
    scene = check.group.scene
    if scene is None:
        return
    systems = {system.name: system for system in scene.coordinate_systems}
    for index, edge in enumerate(scene.edges):
        loc: Loc = ("scene", "coordinateTransformations", index)
        for key, end in (("input", edge.input), ("output", edge.output)):
            node = end.path and check.join(end.path, (*loc, key, "path"))
            if node:
                _system(check, node, end.name, (*loc, key))
        check_transform(check, edge, loc, systems)


def _system(check: Check, node: str, name: str | None, loc: Loc) -> None:
    document = check.has(node, "group", loc)
    if document is None:
        return
    check.checked.members.append(check.member("image", node, loc))
    group = check.reading.group(document)
    names = {s.name for m in group.multiscales for s in m.coordinate_systems}
    if name is not None and name not in names:
        # "If `name` refers to a coordinate system in the multiscale image subgroup
        # specified by `path`, both `path` and `name` MUST be provided."
        text = f"{quoted(node)} has no coordinate system '{plain(name)}'"
        check.add("error", "coordinate-system-unknown", loc, text)
