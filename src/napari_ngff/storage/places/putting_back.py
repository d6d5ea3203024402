"""Groups inside a store that an interrupted save moved away: put back when missed.

Knows folders of a local store. Costs one listing of a folder where there is nothing to
do; where file systems can exchange two folders, there never is.
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
