"""Whether a save can end well, asked before it begins. Changes nothing but its own.

Knows the target, its folder and the save's own folder; nothing of what is saved.
"""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, TargetExists, Unreadable
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.exchange import CANNOT
from napari_ngff.storage.commit.removing import is_link
from napari_ngff.storage.commit.replacing import NOTHING, Replace, refuse_foreign
from napari_ngff.storage.commit.settling import interrupted
from napari_ngff.storage.commit.telling import cannot_save, no_space

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.storage.commit.places import Places
    from napari_ngff.storage.commit.placing import Way

Container: TypeAlias = Literal["directory", "ozx"]

#: What a rename onto a folder that is not empty must answer.
_NOT_EMPTY: Final = frozenset({errno.ENOTEMPTY, errno.EEXIST})
#: How much more room than estimated there should be.
_SPARE: Final = 1.4
_ANOTHER = "Choose another name."


def real_target(target: Path) -> Path:
    """Return the target in its real folder; itself, it may not be a link.

    Raises
    ------
    CannotSave
        If it has no name, or one that no file system takes, its folder is not there,
        or it is a link.
    """
    shown = plain(str(target))
    if target.name in {"", "..", "."}:
        raise CannotSave(shown, "it has no name", "Choose a name.")
    try:
        real = target.parent.resolve(strict=True) / target.name
        if is_link(real):
            reason = "it is a link to something elsewhere"
            raise CannotSave(shown, reason, "Choose the place that it leads to.")
    except (FileNotFoundError, NotADirectoryError) as error:
        reason = f"the folder {plain(str(target.parent))} is not there"
        raise CannotSave(shown, reason, "Make it first.") from error
    except OSError as error:
        raise cannot_save(target, error) from error
    except ValueError as error:  # a NUL character
        reason = "no file system takes a name with a NUL character"
        raise CannotSave(shown, reason, _ANOTHER) from error
    return real


def check_target(target: Path, replace: Replace | None, container: Container) -> None:
    """Raise `TargetExists` if there is something that may not be replaced."""
    if not files.exists(target):
        return
    shown = plain(str(target))
    if container == "directory" and not target.is_dir():
        raise TargetExists(shown, "there is a file of this name", _ANOTHER)
    if container == "ozx" and not target.is_file():
        raise TargetExists(shown, "there is a folder of this name", _ANOTHER)
    if container == "ozx" and replace is None:
        raise TargetExists(shown, "there is such a file already", _ANOTHER)
    try:
        refuse_foreign(target, target, replace or NOTHING)
    except Unreadable as error:
        reason = "there is a file that is not an archive"
        raise TargetExists(shown, reason, _ANOTHER) from error


def check_moved_away(target: Path) -> None:
    """Raise `CannotSave` if the image there was moved away, and could not be put back.

    Something else would take its place.
    """
    place = interrupted(target)
    if place is None or files.exists(target):
        return
    reason = f"another save is replacing it: the image is in {plain(str(place))}"
    advice = "If that save is not running any more, give it its name back."
    raise CannotSave(plain(str(target)), reason, advice)


def check_space(target: Path, nbytes: int) -> None:
    """Raise `NoSpace` if a disk has not room for 1.4 times an estimate, in bytes."""
    needed = int(nbytes * _SPARE)
    free = shutil.disk_usage(target.parent).free
    if needed > free:
        raise no_space(target, needed, free)


def find_way(places: Places) -> Way:
    """Return how a folder can be replaced here; make the folder that is staged.

    Raises
    ------
    OSError
        If it cannot, or nothing can be written here.
    """
    files.make_folder(places.new)
    files.make_folder(places.root)
    files.make_folder(places.full)
    way: Way = "exchange"
    try:
        files.exchange(places.full, places.root)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
        way = "journal"
    # An overlay that an ordinary user mounted can make folders, but not move them.
    files.rename_new(places.full, places.trial)
    files.rename_new(places.trial, places.full)
    files.make_folder(places.full / "x")
    if places.target.is_dir() and os.name != "nt":
        _try_to_move(places)
    return way


def _try_to_move(places: Places) -> None:
    """Find out if the target could be moved, by a rename that must not succeed.

    Before a system finds that the folder in the way is not empty, it finds all that
    forbids the move: a lower layer of an overlay, a mount, another owner.
    """
    try:
        files.rename(places.target, places.full)
    except OSError as error:
        if error.errno not in _NOT_EMPTY:
            raise
        return
    files.rename_new(places.full, places.target)
    reason = "a folder that is not empty was replaced here, which no system should do"
    raise OSError(errno.EIO, reason, os.fspath(places.parent))
