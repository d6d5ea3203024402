"""How many files and bytes an array will have in other shards, before it is written.

Knows what a scan of the source found; reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: So many files are told apart; more are estimated.
_TOLD_APART: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an array will have.

    Attributes
    ----------
    files, nbytes
        Its files, metadata left out, and all their bytes; None: not known.
    exact
        Whether both are sure, if the source stays as it is.
    """

    files: int | None
    nbytes: int | None
    exact: bool


def expected(scan: LevelScan, target: StoredAs) -> Expected:
    """Return what an array will have once its chunks are in other shards.

    Parameters
    ----------
    scan
        Of the array as it is.
    target
        How it will be stored: its chunks are the same.
    """
    chunk_nbytes, sure = scan.total([_nbytes(look) for look in scan.looks])
    files, told = _files(scan, target)
    if files is None or chunk_nbytes is None:
        return Expected(files=files, nbytes=None, exact=False)
    index = target.specs[0].index_nbytes if target.specs else 0
    nbytes = chunk_nbytes + files * index
    return Expected(files=files, nbytes=nbytes, exact=sure and told)


def _nbytes(look: FileLook) -> int | None:
    known = look.chunks is not None and not look.unreadable and look.nbytes is not None
    return look.chunk_nbytes if known else None


def _files(scan: LevelScan, target: StoredAs) -> tuple[int | None, bool]:
    """Return the number of files, and whether that is exact."""
    if prod(target.chunks_per_shard or ()) == 1:  # also where there are no shards
        return scan.total([look.chunks for look in scan.looks])
    found, most, exact = _touched(scan, target)
    if not scan.sampled:
        return found, exact
    if not scan.looks:
        return (0, False) if scan.asked else (None, False)
    return min(most, max(1, round(found * scan.files / len(scan.looks)))), False


def _touched(scan: LevelScan, target: StoredAs) -> tuple[int, int, bool]:
    """Return how many files get a chunk, how many there may be, and if that is exact.

    Where a shard with chunks missing is divided, which files get none is not known.
    """
    here = scan.stored.chunks_per_shard or (1,) * len(target.shape)
    there = target.chunks_per_shard or (1,) * len(target.shape)
    apart = all(a % b == 0 for a, b in zip(here, there, strict=True))
    places: set[ChunkIndex] = set()
    count, exact = 0, True
    for look in scan.looks:
        if look.chunks is None or look.unreadable:
            exact = False
            continue
        box, present = _box(look.place, here, target.chunk_grid)
        spans = [
            range(part.start // n, (part.stop - 1) // n + 1)
            for part, n in zip(box, there, strict=True)
        ]
        touched = prod(map(len, spans))
        exact = exact and (touched <= 1 or look.chunks in (0, present))
        if apart or len(places) + touched > _TOLD_APART:
            count += min(touched, look.chunks)
            exact = exact and apart
        else:
            places.update(_some(spans, look.chunks))
    most = prod(target.grid)
    return min(count + len(places), most), most, exact


def _box(
    place: ChunkIndex, per_file: Sequence[int], grid: Sequence[int]
) -> tuple[list[range], int]:
    """Return the chunks that a file may have, a range an axis, and their number."""
    sizes = zip(place, per_file, grid, strict=True)
    box = [range(at * n, min((at + 1) * n, total)) for at, n, total in sizes]
    return box, prod(map(len, box))


def _some(spans: Sequence[range], at_most: int) -> Iterator[ChunkIndex]:
    for _, place in zip(range(at_most), product(*spans), strict=False):
        yield place
