"""What an interrupted save left of a store, put right when the store is opened.

Knows folders of a local store. Groups that were moved away are put back when they are
missed: that costs one listing of a folder where there is nothing to do; where file
systems can exchange two folders, there never is. Edits of documents are completed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from napari_ngff.storage.places.looks import scheme_of

_OLD: Final = ".ngff-old"


def put_back(store: str, node: str) -> bool:
    """Put back a group that is missing, if a save moved it away and was interrupted.

    Parameters
    ----------
    store
        Where the store is; nothing is done for an archive or on the web.
    node
        Path of the group in it.

    Returns
    -------
    bool
        Whether it is back.
    """
    if scheme_of(store) not in ("", "file"):
        return False
    target = Path(store, *node.split("/"))
    try:
        names = os.listdir(target.parent)
    except OSError:
        return False  # an archive, or not there at all
    if not any(name.endswith(_OLD) for name in names):
        return False
    from napari_ngff.storage.commit.settling import recover

    return recover(target)


def complete_edits(root: str, folder: str) -> None:
    """Complete an edit of documents that was interrupted; two looks where none was.

    Where that cannot be, what is there is shown as it is: each document is whole, and
    whoever edits or saves is told.

    Parameters
    ----------
    root, folder
        The store, and what is opened in it: that may have been edited as a store.
    """
    from napari_ngff.storage.commit.places import journals

    place, top = Path(os.path.realpath(folder)), Path(os.path.realpath(root))
    for store in (place, *place.parents):
        if any(os.path.lexists(journal) for journal in journals(store)):
            from napari_ngff.storage.commit.interrupted import recover_documents

            recover_documents(store)
        if store == top:
            return
