"""Some files of a folder changed, the others kept, as a whole or not at all.

Knows files and keys; nothing of what they say. The others get a second name in what is
staged: whoever has them open does not notice, and foreign ones are kept as they are.
"""

from __future__ import annotations

import os
import unicodedata
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit.cloning import clone
from napari_ngff.storage.commit.interrupted import recover_documents
from napari_ngff.storage.commit.neighbours import refuse_inside_others
from napari_ngff.storage.commit.places import ours
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.replacing import Replace
from napari_ngff.storage.commit.seen import Parts, Seen, every, named
from napari_ngff.storage.commit.settling import sweep
from napari_ngff.storage.commit.telling import cannot_save
from napari_ngff.storage.commit.tree import stage
from napari_ngff.storage.keys.local import LocalKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.commit.receipts import Bytes, Receipt
    from napari_ngff.storage.keys import Span


class Amending:
    """A change of some files below one folder of a store, to be used by ``with``.

    Leaving it without `commit` having returned lets all be what it was.

    Parameters
    ----------
    store
        The folder of the store.
    node
        Path of the folder inside it that takes in all the changes; empty: the store.
        Where there is none, it will be made.
    nbytes
        How much will be written at most, as far as is known.

    Raises
    ------
    CannotSave
        If a name is spelled in another way than the files have it, or another save is
        going on in it. On entering: if it cannot be written to, or all of it is just
        being replaced.
    NoSpace
        On entering: if the disk has no room.
    """

    def __init__(self, store: str, node: str, *, nbytes: int = 0) -> None:
        self._store = Path(os.path.realpath(store))
        recover_documents(self._store)
        self._folder = self._store.joinpath(*node.split("/"))
        self._prefix = f"{node}/" if node else ""
        self._check_spelling(node)
        self._changed: dict[str, Receipt | None] = {}
        self._there, seen = self._found()
        replace = Replace(allowed=every, seen=seen)  # all is kept but what changes
        self._staging = stage(
            self._folder,
            replace=replace if os.path.lexists(self._folder) else None,
            nbytes=nbytes,
        )
        self._base = LocalKeys(str(self._store))

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            undone.enter_context(self._staging)
            refuse_inside_others(self._store, self._folder)
            undone.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._staging.__exit__(kind, error, trace)

    @property
    def keys(self) -> AmendedKeys:
        """The store as it will be."""
        return AmendedKeys(self._base, self._staged_keys(), self._prefix, self._changed)

    @property
    def root(self) -> str:
        """The folder that tasks put new files into: what is the store's `node`."""
        return str(self._staging.root)

    def add(self, receipts: Iterable[Receipt]) -> None:
        """Tell of files that tasks have put below `root`."""
        for receipt in receipts:
            self._check_spelling(self._prefix + receipt.key)
            self._changed[self._prefix + receipt.key] = receipt

    def put(self, key: str, data: Bytes | Sequence[Bytes] | None) -> None:
        """Give a key of the store, below the folder, a new value; None: take it away.

        May be called once for each key, from any thread.
        """
        name = self._name(key)
        self._check_spelling(key)
        if data is None:
            self._changed[key] = None
            return
        self._changed[key] = put(self._staging.root, name, data)

    def commit(
        self, *, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> tuple[Problem, ...]:
        """Keep all other files, verify, and let it take its place.

        Parameters
        ----------
        progress
            Is told how many of how many files were found right. What it raises ends
            the save.

        Returns
        -------
        tuple of Problem
            What could not be tidied up.

        Raises
        ------
        CannotSave
            If a file was changed by somebody else meanwhile; nothing is changed.
        """
        names = {self._name(key) for key in self._changed}
        kept: tuple[Receipt, ...] = ()
        if self._there:
            kept = clone(self._folder, self._staging.root, without=names.__contains__)
        made = [receipt for receipt in self._changed.values() if receipt is not None]
        done, total = 0, len(kept) + len(made)

        def count(nbytes: int) -> None:
            nonlocal done
            done += 1
            progress(done, total)

        self._staging.verify([*kept, *made], progress=count)
        return self._staging.commit()

    @property
    def _shown(self) -> str:
        return plain(str(self._folder), limit=1024)

    def _name(self, key: str) -> str:
        if not key.startswith(self._prefix):
            message = f"{key} is not below {self._prefix}"
            raise ValueError(message)
        return key[len(self._prefix) :]

    def _check_spelling(self, key: str) -> None:
        """Refuse a name that is there in another Unicode form than metadata have it.

        It can be read; but written anew there would be two folders that look alike,
        each with a part of the files.
        """
        place = self._store
        for part in () if key.isascii() else key.split("/"):
            other = place / unicodedata.normalize("NFD", part)
            place = place / part
            if not os.path.lexists(place) and os.path.lexists(other):
                reason = f"{plain(part)} is the name of a folder whose accents are "
                reason += "characters of their own (NFD), and can only be read"
                raise CannotSave(self._shown, reason, "Save it as a new image.")

    def _staged_keys(self) -> LocalKeys:
        return LocalKeys(str(self._staging.root))

    def _found(self) -> tuple[frozenset[str], Seen]:
        """Return the paths of what is in the folder, and what it is known by.

        Raises
        ------
        CannotSave
            If another save is going on in it.
        """
        try:
            found, seen = self._listed()
            if dirty := {Path(k).parent for k in found if _of_save(k)}:
                for parent in {_around(self._folder, path) for path in dirty}:
                    sweep(parent)
                found, seen = self._listed()
        except OSError as error:
            raise cannot_save(self._folder, error) from error
        if any(map(_of_save, found)):
            reason = "something else is being saved in it"
            raise CannotSave(self._shown, reason, "Try again when that is done.")
        return found, seen

    def _listed(self) -> tuple[frozenset[str], Seen]:
        parts, found = Parts(), set()
        for here, others in walk(self._folder):
            for name, entry in named(self._folder, here, others):
                parts.add(name, entry.stat(follow_symlinks=False))
                found.add(name)
        return frozenset(found), Seen(parts=parts.digests())


def _of_save(key: str) -> bool:
    return any(ours(part) is not None for part in key.split("/"))


def _around(folder: Path, path: Path) -> Path:
    """Return the folder that a save's own folder is in."""
    found = folder
    for part in path.parts:
        if ours(part) is not None:
            break
        found = found / part
    return found


class AmendedKeys:
    """A store as it will be once staged changes are in place; see `storage.keys`."""

    remote = False

    def __init__(
        self,
        base: LocalKeys,
        staged: LocalKeys,
        prefix: str,
        changed: dict[str, Receipt | None],
    ) -> None:
        self.url = base.url
        self._base = base
        self._staged = staged
        self._prefix = prefix
        self._changed = changed

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return a value; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int] | None:
        """Return a value and its size; see `Keys.sized`."""
        if key not in self._changed:
            return self._base.sized(key, span, limit=limit)
        if self._changed[key] is None:
            return None
        return self._staged.sized(key[len(self._prefix) :], span, limit=limit)

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp; see `Keys.stamped`."""
        stamp = self.stamp(key)
        data = self.get(key, limit=limit)
        return None if data is None else (data, stamp)

    def stamp(self, key: str) -> Hashable:
        """Return what changes when a value does; see `Keys.stamp`."""
        if key not in self._changed:
            return self._base.stamp(key)
        return self._staged.stamp(key[len(self._prefix) :])

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of the folders that are there now; see `Keys.folders`."""
        return self._base.folders(prefix)

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]]:
        """Give the files that are there now; see `Keys.files`."""
        return self._base.files(prefix)
