"""Where the documents of a store are, and whether they may be changed.

Knows folders and permissions; changes nothing.
"""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from napari_ngff.core.names import check_path, plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.places.looks import DOCUMENTS, scheme_of

if TYPE_CHECKING:
    from pathlib import Path


def why_read_only(store: str | os.PathLike[str]) -> str:
    """Return why the documents of a store cannot be changed, and what to do.

    Parameters
    ----------
    store
        The store, as `Location.url` says it.

    Returns
    -------
    str
        One or two sentences; empty where nothing speaks against it.
    """
    path = os.fspath(store)
    if scheme_of(path) not in ("", "file"):
        return "It is on the web, where nothing can be saved. Copy it to a folder."
    if os.path.isfile(path):
        return "It is inside an archive. Unpack it to a folder to save changes."
    if not os.path.isdir(path):
        return "It is not there any more. Open it again from where it is now."
    if not os.access(path, os.W_OK | os.X_OK):
        return "It may not be written to. Change its permissions, or copy it."
    for name in DOCUMENTS:
        document = os.path.join(path, name)
        if os.path.isfile(document) and not os.access(document, os.W_OK):
            return (
                f"Its {name} may not be written to. Change its permissions, or copy it."
            )
    return ""


def place_of(root: Path, key: str) -> Path:
    """Return where a document of a store is.

    Parameters
    ----------
    root
        The store's folder, by its real path.
    key
        The document's key.

    Raises
    ------
    UnsafePath
        If the key may not be followed.
    CannotSave
        If it is that of no document, a link leads out of the store, or it may not be
        written to.
    """
    parts = check_path(key).split("/")
    shown = plain(str(root), limit=1024)
    if parts[-1] not in DOCUMENTS:
        raise CannotSave(shown, f"{plain(key)} is no metadata document")
    path = root
    for part in parts:
        other = path / unicodedata.normalize("NFD", part)
        path = path / part
        if not part.isascii() and not os.path.lexists(path) and os.path.lexists(other):
            path = other
    folder = os.path.realpath(path.parent)
    if folder != str(root) and not folder.startswith(os.path.join(root, "")):
        reason = f"a link leads to {plain(key)}, which is elsewhere"
        raise CannotSave(shown, reason, "Open the folder that it leads to.")
    _refuse_protected(shown, path, key)
    return path


def _refuse_protected(shown: str, path: Path, key: str) -> None:
    for place in (path, path.parent):
        if os.path.exists(place) and not os.access(place, os.W_OK):
            reason = f"{plain(key)} may not be written to"
            raise CannotSave(shown, reason, "Change its permissions, or copy it.")
