"""The one step that counts: what is staged takes its place, and how to take it back.

Knows two paths and the ways in which they may change places. After any call of these,
the target is what it was or what it should be, or (between the two renames of the way
``journal``) it is missing and `settling` can put it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.storage.commit.places import Places

#: ``new``: nothing is there. ``exchange``: in one step. ``journal``: two renames, where
#: the file system has no such step. ``over``: a file replaces a file.
Way: TypeAlias = Literal["new", "exchange", "journal", "over"]


def put_in_place(
    places: Places, staged: Path, way: Way, *, check: Callable[[], None]
) -> None:
    """Let what is staged take its place, for good.

    Parameters
    ----------
    places
        The target, and where the old image may be meanwhile.
    staged
        A folder or file in the save's own folder.
    way
        How; everything that is staged is durable already.
    check
        Called when it is done, to look once more at what was replaced. If it raises,
        or if the names cannot be made durable, it is undone.
    """
    _PUT[way](places, staged)
    try:
        files.sync_folder(staged.parent)
        files.sync_folder(places.parent)
        check()
    except BaseException:
        _UNDO[way](places, staged)
        raise


def replaced(places: Places, staged: Path, way: Way) -> Path | None:
    """Return where what was replaced is; None if there is no such thing any more."""
    return {"exchange": staged, "journal": places.old}.get(way)


def _put_new(places: Places, staged: Path) -> None:
    files.rename_new(staged, places.target)


def _put_by_exchange(places: Places, staged: Path) -> None:
    files.exchange(staged, places.target)


def _put_by_journal(places: Places, staged: Path) -> None:
    files.rename_new(places.target, places.old)
    files.sync_folder(places.parent)
    files.rename_new(staged, places.target)


def _put_over(places: Places, staged: Path) -> None:
    files.rename(staged, places.target)


def _undo_new(places: Places, staged: Path) -> None:
    files.rename_new(places.target, staged)


def _undo_journal(places: Places, staged: Path) -> None:
    files.rename_new(places.target, staged)
    files.rename_new(places.old, places.target)


def _undo_over(places: Places, staged: Path) -> None:
    """Do nothing: the old file is gone, and the new one is complete."""


_PUT: Final = {
    "new": _put_new,
    "exchange": _put_by_exchange,
    "journal": _put_by_journal,
    "over": _put_over,
}
_UNDO: Final = {
    "new": _undo_new,
    "exchange": _put_by_exchange,
    "journal": _undo_journal,
    "over": _undo_over,
}
