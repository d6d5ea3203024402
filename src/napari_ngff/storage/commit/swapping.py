"""One document that gives way to another one, and how to take that back.

Knows paths and bytes. After any call the document is the old one or the new one; what
another program wrote meanwhile is never lost.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_ngff.core.problems import ChangedMeanwhile
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.exchange import CANNOT
from napari_ngff.storage.commit.permissions import carry_over
from napari_ngff.storage.commit.places import beside_document
from napari_ngff.storage.commit.whole import read_whole, unlink_there, write_whole
from napari_ngff.storage.renewed import Stamp, means_the_same, stamp_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A document that changes.

    Attributes
    ----------
    store
        The store, as it is shown.
    key
        The document's key in it.
    path
        Where it is.
    old, new
        Its bytes before and after; None: nothing is there.
    like
        Another document, whose permissions a new one gets.
    """

    store: str
    key: str
    path: Path
    old: bytes | None
    new: bytes | None
    like: Path | None = None

    @property
    def aside(self) -> Path:
        """Where the one is that is not in place: the new one, then the old one."""
        return beside_document(self.path, "new")

    @property
    def was(self) -> Path:
        """Where the old one is in case, if the two cannot be exchanged."""
        return beside_document(self.path, "was")

    def changed(self, found: bytes | None) -> ChangedMeanwhile:
        """Return the error that says that another document is there."""
        return ChangedMeanwhile(store=self.store, key=self.key, found=found)


def compare(step: Step) -> None:
    """Raise `ChangedMeanwhile` if what is there is not the old document."""
    found = read_whole(step.path)
    if found != step.old:
        raise step.changed(found)


def prepare(step: Step) -> None:
    """Write the new document beside the old one, and make it durable."""
    tidy(step)
    if step.new is None:
        return
    write_whole(step.aside, step.new)
    like = step.like if step.old is None else step.path
    if like is not None:
        carry_over(like, step.aside)


def put(step: Step) -> tuple[Stamp, Stamp] | None:
    """Let the new document take the old one's place.

    Returns
    -------
    tuple of Stamp, optional
        What the old and the new one are known by, if both say the same of an array's
        chunks.

    Raises
    ------
    ChangedMeanwhile
        If what it took the place of was not the old one; that is there again.
    """
    try:
        if step.old is None:
            files.rename_new(step.aside, step.path)
            return None
        if step.new is None:
            files.rename_new(step.path, step.aside)
        elif not _exchanged(step):
            return _put_over(step)
    except (FileExistsError, FileNotFoundError) as error:
        raise step.changed(read_whole(step.path)) from error
    found = read_whole(step.aside)
    if found == step.old:
        return _stamps(step, step.aside)
    if step.new is None:
        files.rename_new(step.aside, step.path)
    else:
        files.exchange(step.aside, step.path)
    raise step.changed(found)


def _exchanged(step: Step) -> bool:
    try:
        files.exchange(step.aside, step.path)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
        return False
    return True


def _put_over(step: Step) -> tuple[Stamp, Stamp] | None:
    """Replace by a rename, where there is no exchange; the old one is copied before."""
    if step.old is not None:
        write_whole(step.was, step.old)
        carry_over(step.path, step.was)
    compare(step)
    before = files.status(step.path)
    files.rename(step.aside, step.path)
    after = files.status(step.path)
    if before is None or after is None or not means_the_same(step.old, step.new):
        return None
    return stamp_of(before), stamp_of(after)


def _stamps(step: Step, old: Path) -> tuple[Stamp, Stamp] | None:
    if not means_the_same(step.old, step.new):
        return None
    before, after = files.status(old), files.status(step.path)
    if before is None or after is None:
        return None
    return stamp_of(before), stamp_of(after)


def put_back(step: Step) -> None:
    """Let the old document be in place again, wherever `put` was ended.

    What another program has put there meanwhile stays.
    """
    found = read_whole(step.path)
    if found != step.new or found == step.old:
        return
    if step.old is None:
        files.rename_new(step.path, step.aside)
    elif step.new is None:
        files.rename_new(step.aside, step.path)
    elif files.exists(step.was):
        files.rename(step.was, step.path)
    else:
        files.exchange(step.aside, step.path)


def confirm(step: Step) -> None:
    """Raise `OSError` if the new document cannot be read as it was written."""
    if read_whole(step.path) != step.new:
        reason = "what was written is read differently"
        raise OSError(errno.EIO, reason, str(step.path))


def tidy(step: Step) -> None:
    """Remove what is beside the document."""
    unlink_there(step.aside)
    unlink_there(step.was)
