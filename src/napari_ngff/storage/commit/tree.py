"""A folder of files that takes its target's place as a whole, or not at all.

Knows how a save begins, goes on and ends; nothing of what the files say.

Example
-------
>>> with stage(target) as staging:  # doctest: +SKIP
...     receipts = [put(staging.root, key, data) for key, data in everything]
...     staging.verify(receipts)
...     staging.commit()
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.archive import pack
from napari_ngff.storage.commit.owners import this_process, write_owner
from napari_ngff.storage.commit.permissions import carry_over
from napari_ngff.storage.commit.places import Places
from napari_ngff.storage.commit.placing import put_in_place, replaced
from napari_ngff.storage.commit.probing import (
    Container,
    check_moved_away,
    check_space,
    check_target,
    find_way,
    real_target,
)
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.replacing import NOTHING, Replace, refuse_foreign
from napari_ngff.storage.commit.settling import left_over, settle, sweep
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.commit.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.commit.placing import Way
    from napari_ngff.storage.commit.receipts import Receipt

_TRIALS: Final = 8


def stage(
    target: Path,
    *,
    replace: Replace | None = None,
    container: Container = "directory",
    nbytes: int = 0,
) -> Staging:
    """Return a save, to be used in a ``with`` statement, which begins it.

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
        On entering: if it is a link, or its folder cannot be written to.
    TargetExists
        On entering: if there is something that may not be replaced.
    NoSpace
        On entering: if the disk has not room for 1.4 times `nbytes`.
    """
    return Staging(target, replace=replace, container=container, nbytes=nbytes)


class Staging:
    """A save that is under way.

    Leaving it without `commit` having returned removes what was staged and lets the
    target be what it was, whatever the reason, Ctrl-C included. An `OSError` leaves it
    as a `CannotSave`.

    Attributes
    ----------
    target
        Where the save goes.
    problems
        What earlier saves left here that could not be tidied up.
    """

    def __init__(
        self,
        target: Path,
        *,
        replace: Replace | None,
        container: Container,
        nbytes: int,
    ) -> None:
        self.target = target
        self.problems: tuple[Problem, ...] = ()
        self._replace = replace
        self._container = container
        self._nbytes = nbytes
        self._places = Places.fresh(target)
        self._way: Way = "exchange"
        self._is_ready = False
        self._ended = False

    @property
    def root(self) -> Path:
        """The folder to `put` files into."""
        return self._places.root

    def __enter__(self) -> Self:
        target = real_target(self.target)
        try:
            self.problems = sweep(target.parent)
            check_moved_away(target)
            check_target(target, self._replace, self._container)
            check_space(target, self._nbytes)
            self._begin(target)
        except OSError as error:
            raise cannot_save(self.target, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._ended:
            self._end()
        if isinstance(error, OSError):
            raise cannot_save(self.target, error) from error

    def verify(
        self,
        receipts: Iterable[Receipt],
        *,
        deep: Callable[[str], None] | None = None,
        progress: Callable[[int], None] = lambda nbytes: None,
        workers: int = 2,
    ) -> None:
        """Read every file again and compare it with its receipt.

        Parameters
        ----------
        receipts
            One for each file that was put or cloned.
        deep
            Called with each key, in some thread, to look closer.
        progress
            Called with the size of each file that was found right. What it raises
            ends the save.
        workers
            How many files are read at a time.

        Raises
        ------
        CannotSave
            If a file is missing, is there without a receipt or twice, or differs.
        """
        shown = plain(str(self.target))
        for receipt in verify(
            self.root, receipts, target=shown, deep=deep, workers=workers
        ):
            progress(receipt.nbytes)

    def make_ready(
        self,
        *,
        comment: bytes = b"",
        progress: Callable[[int], None] = lambda nbytes: None,
    ) -> None:
        """Do all that can be done before `commit`, and that may fail or take long.

        What is staged is packed where the container is a file, gets the permissions of
        what it replaces (see `permissions`), and is made durable. Whether it may take
        the target's place is looked at once more.

        Parameters
        ----------
        comment
            Of the archive, where the container is one.
        progress
            Called with numbers of bytes that were packed. What it raises ends the save.

        Raises
        ------
        TargetExists
            As of `commit`.
        CannotSave
            If what is there was changed; on leaving the ``with`` statement: if the
            file system refuses.
        """
        places = self._places
        staged = places.root
        if self._container == "ozx":
            files.make_folder(places.packed.parent)
            pack(places.root, places.packed, comment=comment, progress=progress)
            staged = places.packed
        check_target(places.target, self._replace, self._container)
        if files.exists(places.target):
            carry_over(places.target, staged)
        if self._container == "directory":
            for folder in reversed([here for here, _ in walk(places.new)]):
                files.sync_folder(folder)
        self._is_ready = True

    def commit(
        self,
        *,
        comment: bytes = b"",
        progress: Callable[[int], None] = lambda nbytes: None,
    ) -> tuple[Problem, ...]:
        """Let what is staged take the target's place, as a whole and for good.

        Parameters
        ----------
        comment, progress
            As of `make_ready`, which is called unless it was.

        Returns
        -------
        tuple[Problem, ...]
            What could not be tidied up; the save itself has succeeded.

        Raises
        ------
        TargetExists
            If something came into the target's place meanwhile that may not be
            replaced.
        CannotSave
            On leaving the ``with`` statement: if the file system refuses.
        """
        places, replace = self._places, self._replace or NOTHING
        if self._is_ready:
            check_target(places.target, self._replace, self._container)
        else:
            self.make_ready(comment=comment, progress=progress)
        staged = places.root if self._container == "directory" else places.packed
        way = self._way if files.exists(places.target) else "new"

        def check() -> None:
            if old := replaced(places, staged, way):
                refuse_foreign(old, self.target, replace)

        put_in_place(places, staged, way, check=check)
        self._ended = True
        return self._tidy()

    def _begin(self, target: Path) -> None:
        for _ in range(_TRIALS):
            self._places = Places.fresh(target)
            try:
                self._make_own_folder()
            except FileExistsError:
                continue  # somebody else's
            except FileNotFoundError:
                continue  # swept by another save before this one had signed
            except BaseException:
                self._end()
                raise
            return
        reason = "no folder can be made beside it"
        raise CannotSave(plain(str(self.target)), reason, "Try again.")

    def _make_own_folder(self) -> None:
        places = self._places
        files.make_folder(places.folder)
        write_owner(places.owner, this_process(places.name))
        way = find_way(places)
        is_file = self._container == "ozx"
        self._way = "over" if is_file and way == "journal" else way

    def _end(self) -> None:
        """Remove what was staged; put back what was moved away."""
        self._ended = True
        self.problems += self._tidy()
        places = self._places
        if self.problems and os.path.lexists(places.old):
            reason = (
                "replacing it failed half-way, and what was there could not be moved "
                f"back: it is complete in {plain(str(places.old))}"
            )
            advice = "It is moved back when it is next opened or saved."
            raise CannotSave(plain(str(self.target)), reason, advice)

    def _tidy(self) -> tuple[Problem, ...]:
        try:
            settle(self._places)
        except OSError as error:
            return (left_over(self._places, error),)
        return ()
