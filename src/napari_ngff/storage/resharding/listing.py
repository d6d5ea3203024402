"""Which files an array will have in other shards, from the files that it has.

Knows listings of stores. An array of which little is stored has far more places for
chunks than chunks: to ask for each of them would take for ever.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from napari_ngff.storage.inspecting.file_names import FileNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.resharding.arrays import Resharding

#: Of more files, all places are asked for, one by one; and where places are few.
_LISTED: Final = 2**20
_FEW: Final = 2**12


def listed(array: Resharding) -> Resharding:
    """Return the same, knowing which files to write; as it is, if that is not known.

    Parameters
    ----------
    array
        What is copied where.

    Raises
    ------
    Unreadable
        If its store could be listed, but not now.
    """
    prefix = f"{array.source}/" if array.source else ""
    count_all = prod(array.target.grid)
    found = array.keys.files(prefix) if count_all > _FEW else None
    if found is None:
        return array
    names = FileNames(stored=array.stored)
    places: set[ChunkIndex] = set()
    for count, (key, size) in enumerate(found):
        if size is None or max(count, len(places)) >= _LISTED:
            return array  # a link that leads away is refused where it is read
        kind, place = names.place(key[len(prefix) :])
        if kind == "chunk":
            places.update(_reached(array, place))
    if 2 * len(places) > count_all:
        return array
    groups = array.groups

    def near(place: ChunkIndex) -> tuple[ChunkIndex, ChunkIndex]:
        return tuple(at // n for at, n in zip(place, groups, strict=True)), place

    return replace(array, places=tuple(sorted(places, key=near)))


def _reached(array: Resharding, place: ChunkIndex) -> Iterator[ChunkIndex]:
    """Give the files that may get a chunk out of one that there is."""
    ndim, target = len(place), array.target
    there = array.stored.chunks_per_shard or (1,) * ndim
    here = target.chunks_per_shard or (1,) * ndim
    sizes = zip(place, there, here, target.grid, strict=True)
    return product(
        *(
            range(at * n // m, min(((at + 1) * n - 1) // m + 1, count))
            for at, n, m, count in sizes
        )
    )
