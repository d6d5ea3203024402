"""Tasks: the files of an array in other shards, each written and checked by one task.

A task is a picklable value, as those of `pyramids.tasks`; how bytes are taken is in
`taking`, how they are put in `writing`, and whether they are right in `checking`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise, product
from typing import TYPE_CHECKING, Final

import numpy as np

from napari_ngff.storage.inspecting.looking import Files
from napari_ngff.storage.resharding.checking import check_files
from napari_ngff.storage.resharding.taking import Taking
from napari_ngff.storage.resharding.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pyramids.tasks import Tick
    from napari_ngff.storage.resharding.arrays import Resharding

#: So many files of one chunk, or that come out of one shard, are one task.
_FILES: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class ReshardTask:
    """Write some files of an array, and compare each chunk of them with its source.

    Attributes
    ----------
    array
        What is copied where.
    places
        Which files: their places in the grid of the target.
    root
        The folder that files are put into.
    """

    array: Resharding
    places: tuple[ChunkIndex, ...]
    root: str

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels of the chunks in these files, as `Resharding.nbytes`."""
        return sum(map(self.array.nbytes_in, self.places))


def reshard_tasks(array: Resharding, *, root: str) -> Iterator[ReshardTask]:
    """Give the tasks that write an array in other shards.

    They follow each other so that a shard of the source is looked into by few of them.

    Parameters
    ----------
    array
        What is copied where.
    root
        The folder that files are put into.
    """
    groups, target = array.groups, array.target
    at_once = _FILES if max(groups, default=1) > 1 or target.shard is None else 1
    every = iter(_all_places(array) if array.places is None else array.places)
    array = replace(array, places=None)  # each task says which of them are its own
    while some := tuple(islice(every, at_once)):
        yield ReshardTask(array=array, places=some, root=root)


def _all_places(array: Resharding) -> Iterator[ChunkIndex]:
    groups, grid = array.groups, array.target.grid
    for first in product(*(range(0, n, k) for n, k in zip(grid, groups, strict=True))):
        sizes = zip(first, groups, grid, strict=True)
        yield from product(*(range(a, min(a + k, n)) for a, k, n in sizes))


def reshard(task: ReshardTask, tick: Tick) -> tuple[Receipt, ...]:
    """Carry out a task; see `pyramids.tasks.run`.

    Raises
    ------
    Unreadable, LimitExceeded
        If a chunk, or the index of a shard, cannot be read or is damaged.
    Mismatch
        If a chunk that was written is not what the source has.
    OSError
        If the file system refuses.
    """
    array, root = task.array, task.root
    chunks = [array.chunks_in(place) for place in task.places]
    edges = [0, *accumulate(map(len, chunks))]
    rows = [range(a, b) for a, b in pairwise(edges)]
    every, nbytes = np.concatenate(chunks), array.nbytes_of_chunk
    files = Files(array.keys, array.source, array.stored)
    taking = Taking(files, every, tick, nbytes, half="first")
    pairs = list(zip(rows, task.places, strict=True))
    receipts = [write_file(array, taking, some, at, root) for some, at in pairs]
    # Anew, so that a shard that was replaced since its index was read is found out.
    files = Files(array.keys, array.source, array.stored)
    again = Taking(files, every, tick, nbytes, half="second")
    check_files(array, again, pairs, root, receipts)
    return tuple(receipt for receipt in receipts if receipt is not None)
