"""Problems as values, and the tree of errors.

A `Problem` is something wrong with a file that does not stop us: reading returns
its value *and* its problems. An exception is raised only where nothing can be
shown::

    NgffError                  everything this package raises on purpose
    ├── CannotOpen             nothing at that location can be opened
    │   └── NotOmeZarr         there is something, but it is not OME-Zarr
    ├── DocumentError          a metadata document is unreadable as JSON
    ├── Unreadable             a key of a store that may be there is unreadable
    ├── UnsafePath             a path in a file that may not be followed
    ├── LimitExceeded          a file asks for more than `core.limits` allows
    ├── ChunkReadError         pixels that are there could not be read
    ├── StoreChanged           the store was replaced under an open array
    ├── TooLargeForMemory      an operation would need more memory than allowed
    ├── CannotSave             nothing was saved; the target is as it was
    │   ├── TargetExists       there is something that may not be replaced
    │   ├── NoSpace            the disk has no room for it
    │   ├── WouldLose          something would be lost, and that was not allowed
    │   └── PartlySaved        of several stores some were saved, and one cannot be
    ├── CannotEdit             metadata cannot be edited as wished; nothing was saved
    ├── ChangedMeanwhile       a document is not what was read; nothing was saved
    ├── VersionForbids         a version of the format does not allow it
    ├── Cancelled              the user ended it; the target is as it was
    └── Fault                  something nobody foresaw: most likely our own mistake
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["error", "warning", "info"]
Loc: TypeAlias = tuple[str | int, ...]

LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where, and what to do about it.

    Attributes
    ----------
    level
        ``error``: the specification's MUST is broken, or something could not be
        shown. ``warning``: a SHOULD is broken, or what is shown may mislead.
        ``info``: worth knowing.
    kind
        A stable identifier in kebab-case, such as ``"missing-scale"``.
    loc
        Where in the JSON document: keys and indices from its root.
    message
        What is wrong and what to do, in plain English; plain text.
    node
        The group or array whose document it is, as a path inside the store; ``""``
        is the root.
    brief
        What is wrong in a few words, for a line that has room for no more: the same
        for problems that are one to the user, as of several levels. Empty where the
        start of `message` will do.
    """

    level: Level
    kind: str
    loc: Loc = ()
    message: str
    node: str = ""
    brief: str = ""

    @property
    def pointer(self) -> str:
        """The location as a JSON pointer (RFC 6901)."""
        return "".join(
            "/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.loc
        )

    def __str__(self) -> str:
        where = "#".join(part for part in (self.node, self.pointer) if part)
        return f"{self.level}: {where or '/'}: {self.message} [{self.kind}]"


@dataclass(eq=False)
class NgffError(Exception):
    """Anything this package raises on purpose. Its text is plain and fit to show."""

    def __reduce__(self) -> tuple[type[NgffError], tuple[object, ...]]:
        return type(self), tuple(getattr(self, f.name) for f in fields(self))


@dataclass(eq=False)
class CannotOpen(NgffError):
    """Nothing at `location` can be opened; `reason` says why and what to do."""

    location: str
    reason: str

    def __str__(self) -> str:
        return f"Cannot open {self.location}: {self.reason}"


@dataclass(eq=False)
class NotOmeZarr(CannotOpen):
    """There is something at `location`, but it is not OME-Zarr or Zarr."""


@dataclass(eq=False)
class DocumentError(NgffError):
    """A metadata document cannot be read; `problems` say where and why."""

    location: str
    node: str
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        texts = "; ".join(p.message for p in self.problems)
        node = self.node or "the root document"
        return f"Cannot read {node} of {self.location}: {texts}"


@dataclass(eq=False)
class Unreadable(NgffError):
    """A key of a store could not be read; never raised for one that is absent.

    Attributes
    ----------
    store, key
        The store (no credentials) and the key inside it, such as ``0/zarr.json``.
    reason
        The cause in words, and what to do.
    forbidden
        Whether a server refused it to us, without saying if it is there.
    """

    store: str
    key: str
    reason: str
    forbidden: bool = False

    def __str__(self) -> str:
        return f"Cannot read {self.key!r} in {self.store}: {self.reason}"


@dataclass(eq=False)
class UnsafePath(NgffError):
    """A path from a file that leads, or may lead, outside of its store."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"The path {self.path!r} is not followed: {self.reason}"


@dataclass(eq=False)
class LimitExceeded(NgffError):
    """A file asks for more than allowed; `advice` says how to allow it."""

    what: str
    value: int
    limit: int
    advice: str = ""

    def __str__(self) -> str:
        text = f"{self.what} is {self.value}, more than the limit of {self.limit}"
        return f"{text}. {self.advice}" if self.advice else text


@dataclass(eq=False)
class ChunkReadError(NgffError):
    """Pixels could not be read. Never raised for a chunk that is merely absent.

    Attributes
    ----------
    store, node
        The store (no credentials) and the array's path inside it.
    chunk
        Index of the first chunk concerned, in the array's axis order.
    reason
        The cause in words; the exception itself is ``__cause__``.
    """

    store: str
    node: str
    chunk: tuple[int, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        return (
            f"Cannot read chunk {self.chunk} of level {self.node!r} in {self.store}: "
            f"{self.reason}"
        )


@dataclass(eq=False)
class StoreChanged(NgffError):
    """The store was replaced while an array of it was open."""

    store: str
    node: str

    def __str__(self) -> str:
        return (
            f"{self.store} was changed by another program while it was open "
            f"(array {self.node!r}). Open it again to see it as it is now."
        )


@dataclass(eq=False)
class TooLargeForMemory(NgffError):
    """An operation would need more memory than allowed."""

    what: str
    nbytes: int
    limit: int

    def __str__(self) -> str:
        return (
            f"{self.what} needs {self.nbytes / 1e9:.1f} GB, more than the limit of "
            f"{self.limit / 1e9:.1f} GB. Use to_dask() to compute it in pieces, or a "
            "smaller region or coarser level."
        )


@dataclass(eq=False)
class CannotSave(NgffError):
    """Nothing was saved, and what is at `target` is as it was.

    Attributes
    ----------
    target
        Where it should have been saved.
    reason
        Why not: what, and in which array or file.
    advice
        What to do.
    """

    target: str
    reason: str
    advice: str = ""

    def __str__(self) -> str:
        end = "" if self.reason.endswith(("?", ".")) else "."
        text = f"Cannot save {self.target}: {self.reason}{end}"
        return f"{text} {self.advice}" if self.advice else text


@dataclass(eq=False)
class TargetExists(CannotSave):
    """There is something at the target that may not be replaced.

    `files` are those that do not belong to an OME-Zarr image, relative to it.
    """

    files: tuple[str, ...] = ()


@dataclass(eq=False)
class NoSpace(CannotSave):
    """The disk has no room: `needed` and `free` are bytes."""

    needed: int = 0
    free: int = 0


@dataclass(eq=False)
class WouldLose(CannotSave):
    """Something would be lost, and that was not allowed; `problems` say what."""

    problems: tuple[Problem, ...] = ()


@dataclass(eq=False)
class CannotEdit(NgffError):
    """Metadata cannot be edited as wished; `problems` say why. Nothing was saved."""

    target: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        texts = " ".join(p.message for p in self.problems)
        return f"Cannot edit {self.target}: {texts}"


@dataclass(eq=False)
class PartlySaved(CannotSave):
    """Of several stores some were saved before one could not be put in its place.

    `saved` are the paths of those that were; what is at all others is as it was.
    """

    saved: tuple[str, ...] = ()


@dataclass(eq=False)
class ChangedMeanwhile(NgffError):
    """A document is not what it was when it was read; nothing was saved.

    Attributes
    ----------
    store
        The store.
    key
        The document's key in it.
    found
        What is there now; None: there is no such document.
    """

    store: str
    key: str
    found: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        what = "changed" if self.found is not None else "removed"
        return (
            f"{self.key!r} in {self.store} was {what} by another program since it was "
            "read. Nothing was saved. Look at what is there now, and save again."
        )


@dataclass(eq=False)
class VersionForbids(NgffError):
    """Metadata cannot be written in a version; `problems` say what and where."""

    version: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        texts = " ".join(p.message for p in self.problems)
        return f"This cannot be written as OME-Zarr {self.version}: {texts}"


@dataclass(eq=False)
class Cancelled(NgffError):
    """The user ended the save; what is at `target` is as it was."""

    target: str

    def __str__(self) -> str:
        return f"Saving {self.target} was cancelled. Nothing was changed."


@dataclass(eq=False)
class Fault(NgffError):
    """Something nobody foresaw; the exception itself is ``__cause__``.

    Attributes
    ----------
    doing
        What was being done: ``"opening cells.zarr"``.
    reason
        The kind and text of the cause, plain.
    """

    doing: str
    reason: str

    def __str__(self) -> str:
        return (
            f"Something went wrong while {self.doing}: {self.reason}. "
            "This is most likely a fault of napari-ngff; please report it."
        )
