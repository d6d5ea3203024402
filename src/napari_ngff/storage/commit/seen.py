"""What files were there, to find out later whether they still are as they were.

Knows names, inodes, times of change and sizes; reads no bytes of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from pathlib import Path

#: How many segments of its path tell the part of an image that a file is in:
#: ``labels/cells``.
_DEPTH: Final = 2


def every(path: str) -> bool:
    """Return that a file counts, whatever its path."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was at some place at some time.

    Attributes
    ----------
    parts
        A digest of the paths and the stamps of files, by the first two segments of
        the folder that they are in: an image may consist of a million files.
    counts
        Tells of each file, by its path with ``/``, whether it was looked at.
    """

    parts: Mapping[str, bytes]
    counts: Callable[[str], bool] = every


class Parts:
    """Takes file after file, in the order of `removing.walk`; see `Seen`."""

    def __init__(self) -> None:
        self._hashes: dict[str, blake2b] = {}

    def add(self, path: str, found: os.stat_result) -> None:
        """Take a file: its path with ``/``, and what the system says of it."""
        folder = path.rpartition("/")[0]
        part = "/".join(folder.split("/", _DEPTH)[:_DEPTH])
        if part not in self._hashes:
            self._hashes[part] = blake2b(digest_size=16)
        text = f"{path}\0{stamp(found)}"
        self._hashes[part].update(text.encode("utf-8", "surrogateescape"))

    def digests(self) -> dict[str, bytes]:
        """Return the digest of each part."""
        return {part: found.digest() for part, found in self._hashes.items()}


def stamp(found: os.stat_result) -> Hashable:
    """Return what changes when a file is written to, or replaced.

    Not the time at which its inode changed: a second name, as from a save that keeps
    it, is no change.
    """
    return found.st_ino, found.st_mtime_ns, found.st_size


def named(
    root: Path, here: Path, others: Iterable[os.DirEntry[str]]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what `removing.walk` yields, each with its path below the root."""
    prefix = here.relative_to(root).as_posix()
    for entry in others:
        yield entry.name if prefix == "." else f"{prefix}/{entry.name}", entry
