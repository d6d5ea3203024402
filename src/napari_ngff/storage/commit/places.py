"""Where a save keeps what: the names beside a target. Knows paths; touches nothing.

Beside the target ``cells.ome.zarr`` a save has one folder of its own::

    .cells.ome.zarr.1a2b3c4d.ngff-part/
    ├── owner.json              who saves (see `owners`)
    ├── new/cells.ome.zarr/     what is staged; what was replaced, once exchanged
    ├── full/x/                 a folder that is not empty, for probing
    └── trash/                  what is being removed
    .cells.ome.zarr.1a2b3c4d.ngff-old/   the old image, only between two renames
    .cells.ome.zarr.1a2b3c4d.ngff-try/   an empty folder, for a moment, for probing

An edit of documents keeps a journal beside the store while it lasts, or inside of it
where nothing can be put beside it; and what it puts in place beside each document::

    .cells.ome.zarr.ngff-journal         all that is there before and after (`journal`)
    cells.ome.zarr/.zarr.json.ngff-new   the new document; once exchanged, the old one
    cells.ome.zarr/.zarr.json.ngff-was   the old one, where they cannot be exchanged

What a killed save left tells by itself what to do about it: see `settling`.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal, Self

if TYPE_CHECKING:
    from pathlib import Path

_OURS: Final = re.compile(
    r"\.(?P<stem>.+)\.(?P<tag>[0-9a-f]{8})\.ngff-(?P<kind>part|old|try)", re.DOTALL
)
#: What an edit of documents keeps beside a store (the journal) and beside a document.
_OF_EDIT: Final = re.compile(
    r"\.(?:(?P<stem>.+)\.)?ngff-(?P<kind>journal|journal\.part|new|was)", re.DOTALL
)
_CUT: Final = re.compile(r"~[0-9a-f]{8}\Z")
#: Longest name of a file in most file systems, in bytes, less what is put around it.
_STEM: Final = 255 - len(".") - len(".00000000.ngff-part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The paths of one save.

    Attributes
    ----------
    parent
        The folder that the target is in.
    name
        The target's name.
    tag
        Eight hexadecimal digits that tell this save from others.
    """

    parent: Path
    name: str
    tag: str

    @classmethod
    def fresh(cls, target: Path) -> Self:
        """Return places that nobody has had."""
        return cls(parent=target.parent, name=target.name, tag=os.urandom(4).hex())

    @property
    def target(self) -> Path:
        """Where the save goes."""
        return self.parent / self.name

    @property
    def folder(self) -> Path:
        """The save's own folder."""
        return self.parent / f".{stem(self.name)}.{self.tag}.ngff-part"

    @property
    def old(self) -> Path:
        """Where the old image is between two renames."""
        return self.parent / f".{stem(self.name)}.{self.tag}.ngff-old"

    @property
    def trial(self) -> Path:
        """Where an empty folder is moved to and back, to see if that can be."""
        return self.parent / f".{stem(self.name)}.{self.tag}.ngff-try"

    @property
    def owner(self) -> Path:
        """The file that says who saves."""
        return self.folder / "owner.json"

    @property
    def new(self) -> Path:
        """The folder around what is staged."""
        return self.folder / "new"

    @property
    def root(self) -> Path:
        """What is staged; once exchanged, what was at the target."""
        return self.new / self.name

    @property
    def packed(self) -> Path:
        """The file that what is staged is packed into."""
        return self.folder / "file" / self.name

    @property
    def trash(self) -> Path:
        """What is being removed."""
        return self.folder / "trash"

    @property
    def full(self) -> Path:
        """A folder that is not empty, and that a rename must therefore refuse."""
        return self.folder / "full"


def stem(name: str) -> str:
    """Return a name, cut so that what is put around it leaves it a valid name."""
    if _size(name) <= _STEM:
        return name
    digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    cut = name
    while _size(cut) > _STEM - len(digest) - 1:
        cut = cut[:-1]
    return f"{cut}~{digest}"


def is_cut(text: str) -> bool:
    """Tell whether a stem may be that of a longer name."""
    return _CUT.search(text) is not None


def _size(name: str) -> int:
    """Return how many bytes a name takes in whichever form a file system stores it."""
    text = unicodedata.normalize("NFD", name)
    return len(text.encode("utf-8", "surrogateescape"))


def ours(name: str) -> tuple[str, str, str] | None:
    """Return stem, tag and kind (``part``, ``old``, ``try``) of a name of ours."""
    found = _OURS.fullmatch(name)
    return None if found is None else (found["stem"], found["tag"], found["kind"])


def beside_document(path: Path, kind: Literal["new", "was"]) -> Path:
    """Return where an edit keeps the bytes of a document that are not in place."""
    return path.with_name(f".{stem(path.name)}.ngff-{kind}")


def journals(store: Path) -> tuple[Path, Path]:
    """Return where an edit keeps its journal: beside the store, or else inside it."""
    beside = store.with_name(f".{stem(store.name)}.ngff-journal")
    return beside, store / ".ngff-journal"


def of_edit(name: str) -> tuple[str, str] | None:
    """Return stem and kind (``journal``, ``new`` …) of a name that an edit makes."""
    found = _OF_EDIT.fullmatch(name)
    return None if found is None else (found["stem"] or "", found["kind"])
