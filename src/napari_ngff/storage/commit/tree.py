"""A folder of files that takes its target's place as a whole, or not at all.

Knows staging, verifying and the one step that counts; nothing of what the files say.

Example
-------
>>> with stage(target) as staging:  # doctest: +SKIP
...     receipts = [put(staging.root, key, data) for key, data in everything]
...     staging.verify(receipts)
...     staging.commit()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.commit.receipts import Receipt

Container: TypeAlias = Literal["directory", "ozx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """Leave to replace what is at the target.

    Attributes
    ----------
    allowed
        Tells of each file in it, by its path relative to the target with ``/``,
        whether it belongs to what is replaced. One that does not is never deleted:
        the save is refused by its name.
    """

    allowed: Callable[[str], bool]


def stage(
    target: Path,
    *,
    replace: Replace | None = None,
    container: Container = "directory",
    nbytes: int = 0,
) -> Staging:
    """Begin a save: probe that it can end well, and make a folder beside the target.

    Parameters
    ----------
    target
        Where it should be in the end. The folder that it is in must exist.
    replace
        None: nothing but an empty folder may be there.
    container
        ``"ozx"``: what is staged becomes one file (RFC-9).
    nbytes
        How much will be written at most, as far as is known.

    Raises
    ------
    CannotSave
        If it is a link, its folder cannot be written to, or cannot exchange folders.
    TargetExists
        If there is something that may not be replaced.
    NoSpace
        If the disk has not room for 1.4 times `nbytes`.
    """
    return Staging(target, replace=replace, container=container, nbytes=nbytes)


class Staging:
    """A save that is under way: a context manager.

    Leaving it without `commit` having returned removes what was staged and lets the
    target be what it was, whatever the reason, Ctrl-C included. An `OSError` leaves it
    as a `CannotSave`.

    Attributes
    ----------
    target
        Where the save goes.
    root
        The folder to `put` files into.
    """

    target: Path
    root: Path

    def __init__(
        self,
        target: Path,
        *,
        replace: Replace | None,
        container: Container,
        nbytes: int,
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Staging:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def verify(
        self,
        receipts: Iterable[Receipt],
        *,
        deep: Callable[[str], None] | None = None,
        workers: int = 2,
    ) -> None:
        """Read every file again and compare it with its receipt; raise CannotSave."""
        raise NotImplementedError

    def commit(self) -> tuple[Problem, ...]:
        """Put it in place; return what could not be tidied up afterwards."""
        raise NotImplementedError


def clone(
    source: Path, root: Path, *, without: Callable[[str], bool]
) -> tuple[Receipt, ...]:
    """Give the files of a folder second names below another one (or copy them)."""
    raise NotImplementedError


def sweep(parent: Path) -> tuple[Problem, ...]:
    """Remove what saves that were killed left in a folder; return what was let be."""
    raise NotImplementedError


def recover(target: Path) -> bool:
    """Put back the image that an interrupted replacement moved away; tell if so."""
    raise NotImplementedError


def replaceable(target: Path, allowed: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the names of files at the target that do not belong to it."""
    raise NotImplementedError
