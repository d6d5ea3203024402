"""All files of an array: what they hold, exactly, or as far as a budget allows.

Knows listings, sampling and threads; what one file holds is in `looking`. A listing
and one read for each shard are all that is asked of a store.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import prod
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.storage.inspecting.file_names import FileNames
from napari_ngff.storage.inspecting.looking import FileLook, whole_file
from napari_ngff.storage.pixels.workers import CORES, WAITING, WORKERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.storage.inspecting.file_names import Kind
    from napari_ngff.storage.inspecting.looking import Files
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.pixels.grid import ChunkIndex

_BATCH: Final = 128
_REMOTE_BATCH: Final = 4 * WAITING
_LISTED: Final = 4096
#: So many names of files that do not belong there are kept.
_NAMED: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A file that is no chunk of the array, and no metadata either."""

    key: str
    kind: Kind
    nbytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelScan:
    """What was found of an array's files.

    Attributes
    ----------
    stored
        How the array is stored.
    looks
        The files that were looked into, those that are absent left out.
    files, nbytes
        How many there are, and their bytes, as far as they are listed; else what those
        that were looked at let expect. None: not known.
    asked, of
        How many files were looked into, or asked for, and of how many that were to be.
    listed
        Whether the files were listed: then `files` and `nbytes` are exact.
    strangers
        The first files that belong to nothing; `strange` is how many there are.
    """

    stored: StoredAs
    looks: tuple[FileLook, ...]
    files: int
    nbytes: int | None
    asked: int
    of: int
    listed: bool
    strangers: tuple[Stranger, ...] = ()
    strange: int = 0

    @property
    def sampled(self) -> bool:
        """Whether less than all was looked at, so that sums are estimates."""
        return self.asked < self.of

    def total(self, values: Sequence[int | None]) -> tuple[int | None, bool]:
        """Return the sum over all files of what is known of those looked at.

        Parameters
        ----------
        values
            A number for each of `looks`; None: not known.

        Returns
        -------
        int or None
            The sum, or what the known ones let expect; None: nothing is known.
        bool
            Whether that is exact.
        """
        known = [value for value in values if value is not None]
        if len(known) == len(values) and not self.sampled:
            return sum(known), True
        if not known:
            return None, False
        return round(sum(known) * self.files / len(known)), False


@dataclass(slots=True)
class _Listing:
    sizes: dict[ChunkIndex, int]
    odd: list[ChunkIndex]
    strangers: list[Stranger]
    strange: int = 0


def scan(
    files: Files, *, budget: Budget | None = None, watch: Watch | None = None
) -> LevelScan:
    """Look at the files of an array.

    Parameters
    ----------
    files
        The array's. Its sizes are known to it afterwards, if they were listed.
    budget
        What may be asked of the store.
    watch
        Who is told how far it is; may end it.

    Raises
    ------
    Cancelled
        If `watch` said so.
    Unreadable
        If the store could be listed, but not now.
    """
    budget, watch = budget or Budget(), watch or Watch()
    listing = _list(files, budget, watch)
    if listing is None:
        return _ask(files, budget, watch)
    files.know(listing.sizes)
    stored, places = files.stored, sorted([*listing.sizes, *listing.odd])
    done = LevelScan(
        stored=stored,
        looks=(),
        files=len(places),
        nbytes=sum(listing.sizes.values()),
        asked=len(places),
        of=len(places),
        listed=True,
        strangers=tuple(listing.strangers),
        strange=listing.strange,
    )
    if not stored.specs:
        sizes = listing.sizes
        looks = [whole_file(stored, place, n) for place, n in sorted(sizes.items())]
        looks += [_no_file(place) for place in listing.odd]
        return replace(done, looks=tuple(looks))
    chosen = _some(places, _reads(files, budget))
    looks = look_at(files, chosen, watch)
    return replace(done, looks=tuple(looks), asked=len(chosen))


def _no_file(place: ChunkIndex) -> FileLook:
    fault = "something that is not a file is in its place"
    return FileLook(place=place, nbytes=None, chunks=None, fault=fault, unreadable=True)


def _reads(files: Files, budget: Budget) -> int:
    return budget.remote_reads if files.keys.remote else budget.reads


def _list(files: Files, budget: Budget, watch: Watch) -> _Listing | None:
    """Return the files that there are; None if they cannot be listed, or are too many.

    A remote archive is listed, too: its directory was read when it was opened.
    """
    found = files.keys.files(files.prefix)
    if found is None:
        return None
    names, listing = FileNames(stored=files.stored), _Listing({}, [], [])
    for count, (key, size) in enumerate(found):
        if count >= budget.files:
            return None
        if count % _LISTED == 0:
            watch.look(0, 1)
        kind, place = names.place(key[len(files.prefix) :])
        if kind == "chunk" and size is not None:
            listing.sizes[place] = size
        elif kind == "chunk":
            listing.odd.append(place)
        elif kind != "metadata":
            listing.strange += 1
            if len(listing.strangers) < _NAMED:
                stranger = Stranger(key=plain(key, limit=1024), kind=kind, nbytes=size)
                listing.strangers.append(stranger)
    return listing


def _ask(files: Files, budget: Budget, watch: Watch) -> LevelScan:
    """Ask for the files that there may be, one by one: all, or a sample."""
    stored, reads = files.stored, _reads(files, budget)
    count = prod(stored.grid)
    chosen = _places(stored.grid, reads)
    looks = look_at(files, chosen, watch)
    present = sum(not look.unreadable for look in looks)
    expected = present if len(chosen) == count else round(present * count / len(chosen))
    scanned = LevelScan(
        stored=stored,
        looks=tuple(looks),
        files=expected,
        nbytes=None,
        asked=len(chosen),
        of=count,
        listed=False,
    )
    return replace(scanned, nbytes=scanned.total([look.nbytes for look in looks])[0])


def _places(grid: Sequence[int], at_most: int) -> list[ChunkIndex]:
    """Return all places of a grid, or a sample that is spread over it."""
    count = prod(grid)
    if count <= at_most:
        return list(product(*map(range, grid)))
    found = []
    for number in _spread(count, at_most):
        place = []
        for n in reversed(grid):
            number, at = divmod(number, n)
            place.append(at)
        found.append(tuple(reversed(place)))
    return found


def _some(places: list[ChunkIndex], at_most: int) -> list[ChunkIndex]:
    if len(places) <= at_most:
        return places
    return [places[i] for i in _spread(len(places), at_most)]


def _spread(count: int, at_most: int) -> list[int]:
    """Return numbers below `count`, one at random of each of equal stretches."""
    chance = random.Random(count)  # noqa: S311  the same each time
    edges = [count * i // at_most for i in range(at_most + 1)]
    return [chance.randrange(a, b) for a, b in pairwise(edges)]


def look_at(files: Files, places: Sequence[ChunkIndex], watch: Watch) -> list[FileLook]:
    """Return what files hold, those that are absent left out.

    Parameters
    ----------
    files
        The array's.
    places
        Which of them.
    watch
        Who is told how far it is; may end it.

    Raises
    ------
    Cancelled
        If `watch` said so.
    """
    remote = files.keys.remote
    size, at_once = (_REMOTE_BATCH, WAITING) if remote else (_BATCH, CORES)
    looks: list[FileLook] = []
    for start in range(0, len(places), size):
        watch.look(start, len(places))
        batch = places[start : start + size]
        found = WORKERS.each(files.look, batch, at_once=at_once)
        looks += [look for look in found if look is not None]
    watch.look(1, 1)
    return looks
