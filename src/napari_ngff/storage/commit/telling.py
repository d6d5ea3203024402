"""What an error of the file system means to somebody who saves. Knows words only."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, NoSpace

if TYPE_CHECKING:
    from pathlib import Path

_ELSEWHERE = "Save somewhere else, or under another name."
_GB: Final = 10**9
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_MEANING: Final = {
    errno.EXDEV: (
        "a folder there cannot be moved, or what is there not be replaced, in one "
        "step: it lies in another file system, or in a layer of a container's",
        _ELSEWHERE,
    ),
    errno.EBUSY: ("it is in use, or something is mounted there", _ELSEWHERE),
    errno.EACCES: (
        "you are not allowed to write there, or another program has it open",
        "Close what may have it open, or save somewhere else.",
    ),
    errno.EPERM: ("you are not allowed to change what is there", _ELSEWHERE),
    errno.EROFS: ("the disk can only be read", "Save on another disk."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter one."),
    errno.EIO: (
        "the disk could not read or write",
        "Check the disk or its connection, or save on another one.",
    ),
}


def cannot_save(target: Path | str, error: OSError) -> CannotSave:
    """Return the error to raise in place of one that the file system answered."""
    if error.errno in _FULL:
        return no_space(target, 0, 0)
    said = plain(error.strerror or str(error))
    reason, advice = _MEANING.get(error.errno or 0, (said, _ELSEWHERE))
    where = f" (at {plain(error.filename)})" if error.filename is not None else ""
    return CannotSave(target=plain(str(target)), reason=reason + where, advice=advice)


def no_space(target: Path | str, needed: int, free: int) -> NoSpace:
    """Return the error for a disk without room; with zeros, for one that ran full."""
    reason = "the disk is full"
    if needed:
        reason = (
            f"it may need {_size(needed)} of room until it is done, and the disk has "
            f"{_size(free)} left"
        )
    advice = "Make room, or save on another disk."
    return NoSpace(plain(str(target)), reason, advice, needed=needed, free=free)


def _size(nbytes: int) -> str:
    """Say a number of bytes, also of a small disk."""
    return f"{nbytes / 1e9:.2f} GB" if nbytes >= _GB else f"{nbytes / 1e6:.1f} MB"
