"""What every part of reading is given, and the one place where a part may fail.

Knows errors and problems, and how a document becomes a `Group`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from napari_ngff.core.names import plain, scrub, sentence
from napari_ngff.core.problems import (
    CannotOpen,
    DocumentError,
    Level,
    Loc,
    NgffError,
    NotOmeZarr,
    Problem,
)
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from napari_ngff.core.limits import Limits
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import Location, NodeDocument

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An opened location and the limits on what it may ask for."""

    location: Location
    limits: Limits

    @property
    def store(self) -> str:
        """Where the store is, without credentials."""
        return self.location.url

    def document(self, node: str) -> NodeDocument:
        """Return the document of a node that has to be there.

        Raises
        ------
        CannotOpen
            If there is no such node.
        DocumentError
            If its document is unreadable.
        """
        document = self.location.document(node)
        if document is None:
            raise self.cannot(f"there is no group or array {quoted(node)} in it")
        return document

    def group(self, document: NodeDocument) -> Group:
        """Return what a group's document says; its own problems are the first."""
        group = read_group(
            document.attributes,
            zarr_format=document.zarr_format,
            node=document.node,
            limits=self.limits,
        )
        return replace(group, problems=(*document.problems, *group.problems))

    def cannot(self, reason: str, problems: Iterable[Problem] = ()) -> CannotOpen:
        """Make the error for a store that shows nothing, with the worst problems."""
        worst = [p.message for p in problems if p.level == "error"][:3]
        return CannotOpen(self.store, " ".join((sentence(reason), *worst)))

    def not_ome_zarr(self, reason: str) -> NotOmeZarr:
        """Make the error for a store that holds something else."""
        return NotOmeZarr(self.store, sentence(reason))


def quoted(node: str) -> str:
    """Show a node's path, fit to be read; the root by that name."""
    return f"'{plain(node)}'" if node else "the root"


def part(
    make: Callable[[], T], *, what: str, node: str, loc: Loc = ()
) -> tuple[T | None, tuple[Problem, ...]]:
    """Make one part of what is opened; if it fails, return why as problems.

    One part that fails (a level, a label image, a field of a plate) does not keep
    the others from being opened: this is where its failure becomes a problem.

    Parameters
    ----------
    make
        Makes the part.
    what
        What it is, to begin the message with: "Level 'x'".
    node, loc
        Where the problem is reported to be.
    """
    try:
        return make(), ()
    except NgffError as error:
        return None, failure(error, what=what, node=node, loc=loc)
    except Exception as error:  # noqa: BLE001  one part must not take the rest along
        reason = plain(scrub(f"{type(error).__name__}: {error}"))
        return None, (_left_out(what, reason, node, loc, "unexpected-error"),)


def failure(
    error: NgffError, *, what: str, node: str, loc: Loc = ()
) -> tuple[Problem, ...]:
    """Tell why `what` is left out: the error's own problems, or the error as one."""
    if isinstance(error, CannotOpen):
        return (_left_out(what, error.reason, node, loc, "cannot-open"),)
    text = str(error)
    if isinstance(error, DocumentError):
        text = "; ".join(p.message for p in error.problems) or text
        return (_left_out(what, text, node, loc, "unreadable-document"),)
    kind = "".join("-" + c.lower() if c.isupper() else c for c in type(error).__name__)
    return (_left_out(what, text, node, loc, kind.strip("-")),)


def _left_out(what: str, reason: str, node: str, loc: Loc, kind: str) -> Problem:
    message = f"{what} is left out: {reason}"
    return note("error", kind, message, node=node, loc=loc)


def note(
    level: Level, kind: str, message: str, *, node: str = "", loc: Loc = ()
) -> Problem:
    """Make a `Problem` in one line; a full stop is put where it is missing."""
    return Problem(
        level=level, kind=kind, message=sentence(message), node=node, loc=loc
    )


def bounded(problems: Iterable[Problem], limits: Limits) -> tuple[Problem, ...]:
    """Return each problem once, in order, at most ``limits.problems`` of them."""
    unique = tuple(dict.fromkeys(problems))
    if len(unique) <= limits.problems:
        return unique
    more = len(unique) - limits.problems + 1
    last = note("info", "more-problems", f"{more} more problems are not listed")
    return (*unique[: limits.problems - 1], last)
