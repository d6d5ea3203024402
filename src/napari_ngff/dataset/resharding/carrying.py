"""The other files of a store: into the new one as they are.

Knows which files are chunks of arrays that are re-sharded, or documents that are
written anew; all others, whatever they are, go along.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, Unreadable
from napari_ngff.storage.commit.cloning import clone
from napari_ngff.storage.commit.places import of_edit, ours
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.inspecting.file_names import FileNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.keys import Keys

_PIECE: Final = 2**22


def carry(
    plan: ReshardPlan, keys: Keys, root: Path, *, look: Callable[[], None]
) -> Iterator[Receipt]:
    """Put the other files of a store below a folder.

    Parameters
    ----------
    plan
        What is done. In place, files get a second name, as what they are taken from
        goes; else they are copied.
    keys
        The store.
    root
        The staging's folder.
    look
        Is called after each file that is copied; what it raises ends it.

    Raises
    ------
    CannotSave
        If an edit of the metadata is under way.
    Unreadable
        If a file cannot be read, or is none.
    OSError
        If the file system refuses.
    """
    left_out = _LeftOut(plan)
    if plan.where == "in-place":
        yield from clone(Path(keys.url), root, without=left_out)
        return
    for key, size in keys.files("") or ():
        if left_out(key):
            continue
        if size is None:
            reason = "it is a link that leads out of the store, or no file"
            raise Unreadable(keys.url, plain(key), reason)
        yield put(root, key, _pieces(keys, key, size))
        look()


def _pieces(keys: Keys, key: str, size: int) -> Iterator[bytes]:
    for start in range(0, size, _PIECE):
        stop = min(start + _PIECE, size)
        data = keys.get(key, (start, stop), limit=stop - start)
        if data is None or len(data) != stop - start:
            raise Unreadable(keys.url, plain(key), "it was changed while it was read")
        yield data


class _LeftOut:
    """Tells of each file, by its key, whether it is not carried along."""

    def __init__(self, plan: ReshardPlan) -> None:
        self._plan = plan
        self._names = {
            f"{array.node}/" if array.node else "": FileNames(stored=array.stored)
            for array in plan.arrays
        }

    def __call__(self, key: str) -> bool:
        """Tell it of a file.

        Raises
        ------
        CannotSave
            If it is what an edit of the metadata keeps while it lasts.
        """
        parts = key.split("/")
        if of_edit(parts[-1]) is not None:
            reason = "an edit of its metadata is under way, or was interrupted"
            shown = plain(self._plan.source, limit=1024)
            raise CannotSave(shown, reason, "Open it, and try again.")
        if key in self._plan.documents or any(map(_is_staged, parts)):
            return True
        for depth in range(len(parts)):
            prefix = "/".join([*parts[:depth], ""])
            names = self._names.get(prefix)
            if names is not None:
                return names.place(key[len(prefix) :])[0] in ("chunk", "beyond")
        return False


def _is_staged(name: str) -> bool:
    own = ours(name)
    return own is not None and own[2] == "part"
