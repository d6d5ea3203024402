"""In which file the chunk of a pixel is, and where in it.

Knows grids and indices; reads the index of one shard, or asks for the size of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.grid import ChunkIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkAt:
    """Where one chunk is. Of shards in shards it is one of the inner shards.

    Attributes
    ----------
    chunk, file
        Its place in the grid of chunks, and that of its file in the grid of files.
    key
        The key of the file inside the store.
    state
        "stored"; "no file": there is no such file; "empty": the shard is there, but it
        is not in it; "packed": the shard is there and can be read as a whole only.
    span
        From which to before which byte of the file it is; None: not stored.
    decoded_nbytes
        Bytes that it decodes to.
    """

    chunk: ChunkIndex
    file: ChunkIndex
    key: str
    state: Literal["stored", "no file", "empty", "packed"]
    span: tuple[int, int] | None
    decoded_nbytes: int


def chunk_at(level: StoredLevel, pixel: Sequence[int]) -> ChunkAt:
    """Return where the chunk of a pixel is.

    Parameters
    ----------
    level
        The array.
    pixel
        Indices in it, in bounds.

    Raises
    ------
    Unreadable, LimitExceeded, BadIndex
        See `looking.Files.index` and `looking.Files.size`.
    """
    fetching, stored = level.fetching, level.stored
    chunk = tuple(at // n for at, n in zip(pixel, fetching.chunks, strict=True))
    file = tuple(at // n for at, n in zip(pixel, stored.cell, strict=True))
    state, span = (_in_shard if stored.specs else _in_file)(level, chunk, file)
    return ChunkAt(
        chunk=chunk,
        file=file,
        key=level.files.key(file),
        state=state,
        span=span,
        decoded_nbytes=fetching.chunk_nbytes,
    )


def _in_file(
    level: StoredLevel, _: ChunkIndex, file: ChunkIndex
) -> tuple[Literal["stored", "no file", "packed"], tuple[int, int] | None]:
    nbytes = level.files.size(file)
    if nbytes is None:
        return "no file", None
    return ("packed" if level.stored.packed else "stored"), (0, nbytes)


def _in_shard(
    level: StoredLevel, chunk: ChunkIndex, file: ChunkIndex
) -> tuple[Literal["stored", "no file", "empty"], tuple[int, int] | None]:
    index = level.shard(file)
    if index is None:
        return "no file", None
    begin = level.fetching.begin(file)
    at = tuple(chunk[axis] - begin[axis] for axis in index.spec.axes)
    if index.missing[at]:
        return "empty", None
    start = int(index.offsets[at])
    return "stored", (start, start + int(index.lengths[at]))
