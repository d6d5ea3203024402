"""Where a store's root is, given a local path of something inside it.

Knows folders and archives; reads only what tells a group from nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from napari_ngff.core.names import check_path, plain, sentence
from napari_ngff.core.problems import (
    CannotOpen,
    NgffError,
    NotOmeZarr,
    Unreadable,
    UnsafePath,
)
from napari_ngff.storage.keys.archive import ZipKeys
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.places.looks import DOCUMENTS, MARKERS
from napari_ngff.storage.places.nodes import key_of, read_node
from napari_ngff.storage.places.putting_back import complete_edits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.places.nodes import NodeDocument

#: How far up a root is looked for: image, label, well, row, plate and some to spare.
CLIMB = 12
#: Folders that many writers leave without metadata of their own.
GAPS = ("labels",)


class Found(NamedTuple):
    """A store, the node that was asked for, and the documents already read."""

    keys: Keys
    node: str
    documents: Mapping[str, NodeDocument | None]


def find_local(path: str, limits: Limits) -> Found:
    """Return the keys of the store that an absolute path is in, and the node.

    Raises
    ------
    CannotOpen, NotOmeZarr
        As `storage.location.open_location`.
    """
    if os.path.basename(path) in DOCUMENTS and os.path.isfile(path):
        path = os.path.dirname(path)
    if os.path.isdir(path):
        return _find_in_folder(path, limits)
    return _find_in_archive(path, limits)


def _find_in_folder(path: str, limits: Limits) -> Found:
    if not _is_marked(path):
        raise _not_zarr(path)
    root = path
    above = path
    for _ in range(CLIMB):
        above = os.path.dirname(above)
        if _is_group(above, limits):
            root = above
        elif os.path.basename(above).lower() not in GAPS:
            break
    complete_edits(root, path)
    node = os.path.relpath(path, root).replace(os.sep, "/")
    try:
        checked = "" if path == root else check_path(node, limits=limits)
    except UnsafePath:
        # Its own ancestors have names that metadata could not name: open it alone.
        root, checked = path, ""
    return Found(LocalKeys(root, links=limits.links), checked, {})


def _is_marked(folder: str) -> bool:
    if any(os.path.lexists(os.path.join(folder, marker)) for marker in MARKERS):
        return True
    if not os.access(folder, os.R_OK | os.X_OK):
        reason = "it may not be looked into. Check its permissions."
        raise CannotOpen(plain(folder, limit=1024), reason)
    return False


def _is_group(folder: str, limits: Limits) -> bool:
    try:
        document = read_node(LocalKeys(folder), "", limits)
    except NgffError:
        return False
    return document is not None and document.kind == "group"


def _not_zarr(path: str) -> NotOmeZarr:
    reason = (
        "this folder holds no Zarr metadata (zarr.json, .zgroup or .zattrs). Open the "
        "folder that does."
    )
    return NotOmeZarr(plain(path, limit=1024), reason)


def _find_in_archive(path: str, limits: Limits) -> Found:
    """Return the keys of the archive that is at a path or above it, and the node."""
    file, inside = path, ""
    while not os.path.lexists(file) and os.path.dirname(file) != file:
        file, name = os.path.split(file)
        inside = f"{name}/{inside}" if inside else name
    shown = plain(path, limit=1024)
    if os.path.isdir(file):
        return _find_moved_away(file, inside, path, limits)
    if not os.path.isfile(file):
        raise CannotOpen(shown, "it is neither a folder nor a file.")
    try:
        keys = ZipKeys(file, limit=limits.archive_bytes)
    except Unreadable as error:
        reason = (
            sentence(error.reason)
            + " Open a folder with Zarr metadata, or a .zip or .ozx."
        )
        raise CannotOpen(shown, reason) from error
    return found_in(keys, inside, shown, limits)


def _find_moved_away(folder: str, inside: str, path: str, limits: Limits) -> Found:
    """Put back an image whose replacement was interrupted, if that is what is missing.

    Raises
    ------
    CannotOpen
        If there is nothing at the path, or it cannot be put back.
    """
    from pathlib import Path

    from napari_ngff.storage.commit.settling import interrupted, recover

    missing = Path(folder, inside.partition("/")[0])
    if recover(missing):
        return find_local(path, limits)
    reason = "there is nothing at this path. Check its spelling."
    if (place := interrupted(missing)) is not None:
        reason = (
            f"it is just being replaced, or that was interrupted. Try again; if it "
            f"does not come back, open {plain(str(place), limit=1024)}"
        )
    raise CannotOpen(plain(path, limit=1024), reason)


def found_in(keys: ZipKeys, inside: str, shown: str, limits: Limits) -> Found:
    """Return the store in an archive, and the node that a path inside it means.

    Raises
    ------
    CannotOpen, NotOmeZarr
        If there is no store in it, or no such node.
    """
    below = keys.below(_top(keys.names(), shown))
    return Found(below, _node_in(below, inside, shown, limits), {})


def _top(names: tuple[str, ...], shown: str) -> str:
    """Return the folder of an archive that is the store's root, ending in ``/``."""
    if not set(names).isdisjoint(MARKERS):
        return ""
    tops = {name.partition("/")[0] for name in names if "/" in name}
    tops -= {"__MACOSX"}
    if len(tops) == 1:
        (top,) = tops
        if not {f"{top}/{marker}" for marker in MARKERS}.isdisjoint(names):
            return f"{top}/"
    reason = (
        "this archive holds no Zarr metadata at its root or in its only folder. Unpack "
        "it and open the folder that holds zarr.json, .zgroup or .zattrs."
    )
    raise NotOmeZarr(shown, reason)


def _node_in(keys: ZipKeys, inside: str, shown: str, limits: Limits) -> str:
    """Return the node that a path inside an archive means."""
    folder, _, last = inside.rpartition("/")
    node = folder if last in DOCUMENTS else inside
    if not node:
        return ""
    try:
        checked = check_path(node, limits=limits)
    except UnsafePath as error:
        raise CannotOpen(shown, sentence(error.reason)) from error
    if any(keys.stamp(key_of(checked, marker)) for marker in MARKERS):
        return checked
    raise CannotOpen(shown, f"there is no {plain(node)!r} in this archive.")
