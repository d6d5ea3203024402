"""Where a re-sharded store goes, what is there, and why it may not be put there.

Knows folders and files; knows no arrays. Reads, and changes nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.replacing import look_at
from napari_ngff.dataset.saving.surroundings import obstacles_around, told_of_name
from napari_ngff.storage.commit.replacing import look_over
from napari_ngff.storage.keys.local import LocalKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.options import Container, Existing
    from napari_ngff.storage.commit.seen import Seen
    from napari_ngff.storage.keys import Keys

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is at a target.

    Attributes
    ----------
    target
        Where the store goes.
    container
        Whether a folder or a file is made.
    allowed
        Tells of the files that are there which may be replaced; None: nothing is there.
    seen
        What these are known by.
    foreign
        Files that keep it from being replaced.
    obstacles
        Why nothing may be put there.
    problems
        What should be known.
    """

    target: Path
    container: Container = "directory"
    allowed: Callable[[str], bool] | None = None
    seen: Seen | None = None
    foreign: tuple[str, ...] = ()
    obstacles: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def in_place(keys: Keys) -> Place:
    """Return the place of a store that is exchanged for itself, re-sharded.

    All its other files are carried along, so that all may be replaced.
    """
    place = Place(target=Path(keys.url))
    if not isinstance(keys, LocalKeys):
        text = "It is not a folder of this computer, and is not changed in place. "
        obstacle = note("error", "not-in-place", f"{text}Say where a new one goes")
        return replace(place, target=Path(), obstacles=(obstacle,))
    found = look_over(place.target, _every)
    if not found.foreign:
        return replace(place, allowed=_every, seen=found.seen)
    names = ", ".join(f"'{plain(key)}'" for key in found.foreign[:_SHOWN])
    text = f"It holds links, or what is no file, which cannot be carried along: {names}"
    return replace(
        place,
        foreign=found.foreign,
        obstacles=(note("error", "links", f"{text}. Say where a new one goes"),),
    )


def _every(key: str) -> bool:
    return True


def new_place(typed: str | os.PathLike[str], existing: Existing, keys: Keys) -> Place:
    """Return the place of a store that is made beside what it is made from.

    Parameters
    ----------
    typed
        A path in the local file system; it is used as it is.
    existing
        Whether an image that is there may be replaced.
    keys
        What it is made from.
    """
    target = Path(os.path.abspath(os.path.expanduser(os.fspath(typed))))
    is_file = target.name.lower().endswith(".ozx")
    place = Place(
        target=target,
        container="ozx" if is_file else "directory",
        obstacles=obstacles_around(target, typed),
        problems=told_of_name(target),
    )
    if place.obstacles:
        return place
    if fault := _overlap(target, keys):
        return replace(place, obstacles=(note("error", "target", fault),))
    present = look_at(target)
    if present.obstacles:
        return replace(place, foreign=present.foreign, obstacles=present.obstacles)
    if present.belongings is None:
        return place
    if existing == "refuse":
        text = "There is an image already. Choose another name, or let it be replaced"
        return replace(place, obstacles=(note("error", "target-taken", text),))
    return replace(place, allowed=present.belongings, seen=present.seen)


def _overlap(target: Path, keys: Keys) -> str:
    """Say whether a target and what it is made from are in each other."""
    if keys.remote:
        return ""
    here, source = os.path.realpath(target), os.path.realpath(keys.url)
    if here == source:
        return "It is to take its own place. Say that it is changed in place"
    if here.startswith(source + os.sep):
        return "The target is inside of what it is made from. Choose another folder"
    if source.startswith(here + os.sep):
        return "The target holds what it is made from. Choose another folder"
    return ""
