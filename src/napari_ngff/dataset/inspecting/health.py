"""Whether the files of an array are whole: what a scan shows, and what decoding does.

Knows scans and how an array is read; what is wrong is told as problems, each naming
its file. Nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.core.problems import ChunkReadError, Problem
from napari_ngff.storage.chunks.chunk_reader import ChunkReader
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Level
    from napari_ngff.storage.chunks.chunk_source import ChunkSource
    from napari_ngff.storage.inspecting.budget import Watch
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.pixels.grid import ChunkIndex, Corners

#: So many decoded bytes are held at once.
_BLOCK: Final = 2**26
_STRANGE: Final = {
    "temporary": ("partial-file", "was left by a program that had not finished it"),
    "beyond": ("orphan-file", "is for a position beyond the end of the array"),
    "unknown": ("orphan-file", "is neither a chunk nor metadata of this array"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What decoding all chunks showed.

    Attributes
    ----------
    chunks, empty, damaged
        Chunks that are stored; those that hold nothing but the fill value; those that
        cannot be decoded.
    """

    chunks: int = 0
    empty: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a check of one array found.

    Attributes
    ----------
    node
        Path of the array inside the store.
    files, of
        How many files were looked into, and of how many.
    damaged
        How many of them are damaged, or cannot be read.
    strange
        How many files belong to nothing; None: the store cannot be listed.
    decoded
        What decoding showed; None: nothing was decoded.
    problems
        What is wrong, as far as `core.limits` lets them be told one by one.
    """

    node: str
    files: int
    of: int
    damaged: int
    strange: int | None
    decoded: Decoded | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing that was looked at is damaged or unreadable."""
        decoded = self.decoded.damaged if self.decoded else 0
        return not self.damaged and not decoded


def health_of(level: StoredLevel, scan: LevelScan, *, limits: Limits) -> Health:
    """Return what a scan says of the health of an array."""
    node, problems = level.files.node, list[Problem]()
    damaged = [look for look in scan.looks if look.fault]
    for look in damaged[: limits.problems]:
        key = plain(level.files.key(look.place), limit=1024)
        kind = "unreadable-file" if look.unreadable else "damaged-file"
        problems.append(_problem("error", kind, node, f"{key}: {look.fault}."))
    for stranger in scan.strangers[: limits.problems]:
        kind, words = _STRANGE[stranger.kind]
        message = f"{stranger.key} {words}. No one reads it: it can be removed."
        problems.append(_problem("warning", kind, node, message))
    beyond = sum(look.beyond for look in scan.looks)
    if beyond:
        message = f"{beyond:,} chunks are stored that lie beyond the end of the array."
        problems.append(_problem("info", "chunks-beyond", node, message))
    return Health(
        node=node,
        files=scan.asked,
        of=scan.of,
        damaged=len(damaged),
        strange=scan.strange if scan.listed else None,
        problems=tuple(problems[: limits.problems]),
    )


def _problem(level: Level, kind: str, node: str, message: str) -> Problem:
    return Problem(level=level, kind=kind, node=node, message=message)


@dataclass(slots=True)
class _Count:
    chunks: int = 0
    empty: int = 0
    damaged: int = 0
    problems: list[Problem] = field(default_factory=list)


def decode(
    level: StoredLevel,
    source: ChunkSource,
    fill: Any,
    scan: LevelScan,
    *,
    limits: Limits,
    watch: Watch,
) -> tuple[Decoded, tuple[Problem, ...]]:
    """Decode all chunks of the files that a scan found whole.

    Parameters
    ----------
    level
        The array as it is stored.
    source
        The array as it is read.
    fill
        What absent chunks are full of; None: not known.
    scan
        Which files there are.
    limits
        How many problems are told one by one.
    watch
        Is told how far it is; may end it.

    Raises
    ------
    Cancelled
        If `watch` said so.
    StoreChanged
        If another program replaced the array meanwhile.
    """
    files = [look.place for look in scan.looks if not look.fault]
    count = _Count()
    for done, place in enumerate(files):
        watch.look(done, len(files))
        stored = _stored(level, place)
        for corners in _portions(level, source, place):
            watch.look(done, len(files))
            for chunk, pixels in _read(level, source, corners):
                if not stored(chunk):
                    continue
                count.chunks += 1
                if isinstance(pixels, str):
                    _note(count, level.files.node, chunk, pixels, limits)
                elif fill is not None and _is_full_of(pixels, fill):
                    count.empty += 1
    watch.look(1, 1)
    found = Decoded(chunks=count.chunks, empty=count.empty, damaged=count.damaged)
    return found, tuple(count.problems)


def _note(
    count: _Count, node: str, chunk: ChunkIndex, reason: str, limits: Limits
) -> None:
    count.damaged += 1
    if len(count.problems) < limits.problems:
        message = f"Chunk {chunk} cannot be decoded: {reason.rstrip('.')}."
        count.problems.append(_problem("error", "damaged-chunk", node, message))


def _stored(level: StoredLevel, place: ChunkIndex) -> Callable[[ChunkIndex], bool]:
    """Return what tells which chunks a file has."""
    if not level.stored.specs:
        return lambda chunk: True
    try:
        index = level.shard(place)
    except BadIndex:
        index = None
    if index is None:  # it was removed, or replaced, since it was looked at
        return lambda chunk: False
    begin = level.fetching.begin(place)

    def stored(chunk: ChunkIndex) -> bool:
        at = tuple(chunk[axis] - begin[axis] for axis in index.spec.axes)
        return not index.missing[at]

    return stored


def _portions(
    level: StoredLevel, source: ChunkSource, place: ChunkIndex
) -> Iterator[Corners]:
    """Give boxes of chunks of one file, of a bounded size."""
    fetching = level.fetching
    low = fetching.begin(place)
    counts = [-(-n // m) for n, m in zip(source.shape, fetching.chunks, strict=True)]
    ends = zip(low, fetching.per_shard, counts, strict=True)
    high = tuple(min(a + n, count) - 1 for a, n, count in ends)
    at_most = _BLOCK // max(1, prod(fetching.chunks) * source.dtype.itemsize)
    yield from grid.portions((low, high), at_most)


def _read(
    level: StoredLevel, source: ChunkSource, corners: Corners
) -> Iterator[tuple[ChunkIndex, NDArray[Any] | str]]:
    """Give chunks and their pixels, or in their place why there are none."""
    chunks, shape = level.fetching.chunks, source.shape
    outer, whole = grid.span_of(corners, chunks, shape), None
    try:
        whole = source.load(outer)
    except ChunkReadError:
        whole = None  # one of them, or more: which, is found out one by one
    for chunk in grid.within(corners):
        box = grid.span_of((chunk, chunk), chunks, shape)
        if whole is not None:
            yield chunk, whole[grid.inside(box, outer)]
            continue
        try:
            yield chunk, source.load(box)
        except ChunkReadError as error:
            yield chunk, error.reason


def fill_of(source: ChunkSource) -> Any:
    """Return what absent chunks are full of; None where that is not known."""
    pixels: Any = source.pixels
    if isinstance(pixels, ChunkReader):
        return pixels.layout.fill
    return getattr(pixels, "fill_value", None)


def _is_full_of(pixels: NDArray[Any], fill: Any) -> bool:
    return bool(((pixels == fill) | ((pixels != pixels) & (fill != fill))).all())
