"""Other saves that are going on: of a folder around one, or of one inside of it.

Knows the places of saves and who they belong to. Changes nothing. Two saves of which
one is inside the other cannot both be right; each looks for the other, after it has
said that it is there, and the one that came later is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.owners import fate, read_owner
from napari_ngff.storage.commit.places import Places, ours, stem

if TYPE_CHECKING:
    from pathlib import Path

_LATER = "Try again when that is done."


def refuse_inside_others(store: Path, *folders: Path) -> None:
    """Raise `CannotSave` if a folder around some others is just being replaced.

    One whose owner may live elsewhere does not count: it may have been left long ago,
    and sees for itself, before it ends, that something has changed.

    Parameters
    ----------
    store
        The outermost folder that counts.
    folders
        Where something is saved: `store` or below.
    """
    above = {place: folder for folder in folders for place in folder.parents}
    around = {place: above[place] for place in above if place.is_relative_to(store)}
    saves = {parent: _saves_in(parent) for parent in {p.parent for p in around}}
    for place, folder in around.items():
        if _is_being_replaced(place, saves[place.parent]):
            reason = f"{plain(place.name)} is being replaced by another save just now"
            raise CannotSave(plain(str(folder), limit=1024), reason, _LATER)


def _saves_in(parent: Path) -> list[tuple[str, str, str]]:
    """Return what the folders in a folder say that saves have made for themselves."""
    try:
        found = [ours(entry.name) for entry in files.entries(parent)]
    except (FileNotFoundError, PermissionError):
        return []  # where nothing can be listed, nothing can be staged either
    return [parts for parts in found if parts is not None and parts[2] == "part"]


def _is_being_replaced(target: Path, saves: list[tuple[str, str, str]]) -> bool:
    for parts in saves:
        if parts[0] != stem(target.name):
            continue
        places = Places(parent=target.parent, name=target.name, tag=parts[1])
        owner = read_owner(places.owner)
        if owner and owner.name == target.name and fate(owner) == "alive":
            return True
    return False


def refuse_with_other_inside(folder: Path, target: Path) -> None:
    """Raise `CannotSave` if a save in what would be replaced may be going on.

    One whose owner is dead, or that nobody has signed, does not count.

    Parameters
    ----------
    folder
        The save's own folder.
    target
        What would be replaced.
    """
    owner = read_owner(folder / "owner.json")
    lives = "dead" if owner is None else fate(owner)
    if owner is None or lives == "dead":
        return
    shown = plain(str(target), limit=1024)
    if lives == "alive":
        reason = f"a part of it, {plain(owner.name)}, is being saved just now"
        raise CannotSave(shown, reason, _LATER)
    reason = (
        f"another machine or container ({plain(owner.host)}) began to save a part of "
        f"it, {plain(owner.name)}, and may be at it"
    )
    advice = f"If it is not, remove the folder {plain(str(folder), limit=1024)}."
    raise CannotSave(shown, reason, advice)
