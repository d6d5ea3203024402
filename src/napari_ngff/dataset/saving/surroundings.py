"""What a target lies in: whether anything may be put there.

Knows folders, and which of them belong to an OME-Zarr image. What is at the target
itself is known to `replacing`. Reads metadata only, and changes nothing.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain, scrub
from napari_ngff.core.portable import fault_of
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.reading.reading import note
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.location import Location

_ON_WINDOWS = os.name == "nt"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def obstacles_around(
    target: Path, typed: str | os.PathLike[str]
) -> tuple[Problem, ...]:
    """Return why nothing may be put at a target, whatever is there.

    Parameters
    ----------
    target
        An absolute path.
    typed
        The same as it was asked for, which may be an address.
    """
    if fault := _fault_here(target.name):
        text = f"'{plain(target.name)}' cannot be the name of a store: {fault}"
        return (note("error", "target-name", f"{text}. Choose another name"),)
    folder = target.parent
    if os.name != "nt" and _ADDRESS.match(os.fspath(typed)) and not folder.is_dir():
        shown = scrub(plain(os.fspath(typed), limit=1024))
        text = f"Images are saved to disks, and {shown} is an address. Save in a "
        return (note("error", "address", f"{text}folder, and upload that"),)
    try:
        if not folder.is_dir():
            text = f"The folder {plain(str(folder), limit=1024)} is not there"
            return (note("error", "folder", f"{text}. Make it first"),)
        inside = _image_around(folder)
    except OSError as error:
        text = f"The folder cannot be looked at: {plain(error.strerror or error)}"
        return (note("error", "folder", text),)
    if inside is None:
        return ()
    text = f"This is inside of {plain(inside, limit=1024)}, which is an OME-Zarr image"
    return (note("error", "folder", f"{text}. Save beside it"),)


def told_of_name(target: Path) -> tuple[Problem, ...]:
    """Tell of a target's name that this computer takes, and others do not."""
    fault = fault_of(target.name)
    if not fault or _fault_here(target.name):
        return ()
    text = f"The store cannot be copied to every computer: of its name, {fault}"
    return (note("info", "target-name", text),)


def _fault_here(name: str) -> str:
    fault = fault_of(name)
    return fault if _ON_WINDOWS or any(map(_is_control, name)) else ""


def _is_control(char: str) -> bool:
    return char < " "


def _image_around(folder: Path) -> str | None:
    """Return the image or array that a folder is, or is a part of; None if of none."""
    try:
        location = open_location(folder)
        parts = location.node.split("/") if location.node else []
        for count in range(len(parts) + 1):
            node = "/".join(parts[:count])
            if _is_image(location, node):
                return os.path.join(location.url, *parts[:count])
    except NgffError:
        return None  # whatever it is, it is no image
    return None


def _is_image(location: Location, node: str) -> bool:
    document = location.document(node)
    if document is None or document.kind == "array":
        return document is not None
    found = read_group(document.attributes, zarr_format=document.zarr_format, node=node)
    return bool(found.multiscales)
