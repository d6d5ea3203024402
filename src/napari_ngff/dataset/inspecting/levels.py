"""The row of one level: what its document states and what its files show. Pure.

Knows scans (`storage.inspecting`); reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.inspecting.cost import Cost
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.inspecting.stored_as import StoredAs


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexForm:
    """How the index of a shard is stored.

    Attributes
    ----------
    location
        "start" or "end" of the file.
    checksum
        "crc32c" or "none".
    endian
        "little" or "big".
    nbytes
        Its bytes, checksum included.
    """

    location: str
    checksum: str
    endian: str
    nbytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLayout:
    """How one array is stored. Lengths are pixels, in the axis order of the array.

    Attributes
    ----------
    node
        Path of the array inside the store.
    axes
        Names of its axes; empty where there are none.
    zarr_format
        2 or 3.
    shape, dtype
        Of the array.
    chunk, shard, chunks_per_shard
        Lengths of a chunk and of a shard, and the chunks in a shard along each axis;
        None: there are no shards. Of shards in shards, the innermost chunks and the
        outermost shards.
    codecs
        In words, in the order in which they encode.
    compressed
        Whether one of them makes bytes fewer.
    key_encoding
        How files are called, in words.
    index
        How the index of a shard is stored; None: there is none, or it is not known.
    packed
        Whether shards can be read as a whole only.
    files, stored_nbytes
        Files of chunks or shards, and their bytes.
    nbytes
        Bytes of all pixels in memory.
    uncompressed_nbytes
        Bytes that the stored chunks decode to, what is beyond the array's end included.
    chunks_stored, chunks
        How many chunks are stored, and how many there are in all.
    shards_stored, shards
        The same of shards; None: there are none.
    dead_nbytes
        Bytes inside of shards that are neither a chunk of the array nor an index; None:
        there are no shards, or it is not known.
    strange_files
        Files that belong to nothing; None: the store cannot be listed.
    about
        Which of these numbers are estimates from a sample, or leave out files that
        could not be read; None in the place of a number: not known.
    looked, of
        How many files were looked into for that, and of how many.
    costs
        What it costs to read some views of it, by name; see `views.views_of`.
    problems
        What prevents reading, or looking inside.
    """

    node: str
    axes: tuple[str, ...]
    zarr_format: int
    shape: tuple[int, ...]
    dtype: str
    chunk: tuple[int, ...]
    shard: tuple[int, ...] | None
    chunks_per_shard: tuple[int, ...] | None
    codecs: tuple[str, ...]
    compressed: bool
    key_encoding: str
    index: IndexForm | None
    packed: bool
    files: int
    stored_nbytes: int | None
    nbytes: int
    uncompressed_nbytes: int | None
    chunks_stored: int | None
    chunks: int
    shards_stored: int | None
    shards: int | None
    dead_nbytes: int | None
    strange_files: int | None
    about: frozenset[str]
    looked: int
    of: int
    costs: Mapping[str, Cost] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def ratio(self) -> float | None:
        """How many bytes one stored byte decodes to; None: nothing is stored."""
        if not self.stored_nbytes or not self.uncompressed_nbytes:
            return None
        return self.uncompressed_nbytes / self.stored_nbytes

    @property
    def itemsize(self) -> int:
        """Bytes of a pixel; 0: not known."""
        return self.nbytes // (prod(self.shape) or 1)

    @property
    def chunk_nbytes(self) -> int:
        """Bytes of a decoded chunk."""
        return prod(self.chunk) * self.itemsize


def level_layout(
    node: str,
    axes: tuple[str, ...],
    scan: LevelScan,
    costs: Mapping[str, Cost],
    problems: tuple[Problem, ...],
) -> LevelLayout:
    """Return the row of a level; see `LevelLayout`."""
    stored, looks = scan.stored, scan.looks
    chunks, sure = scan.total([look.chunks for look in looks])
    sharded = stored.shard is not None
    dead, dead_sure = (None, True)
    if stored.specs:
        dead, dead_sure = scan.total(
            [None if look.fault else look.dead_nbytes for look in looks]
        )
    about = set() if sure else {"chunks_stored", "uncompressed_nbytes"}
    about |= set() if dead_sure else {"dead_nbytes"}
    if not scan.listed:
        sized = scan.total([look.nbytes for look in looks])[1]
        about |= set() if sized else {"stored_nbytes"}
        about |= {"files", "shards_stored"} if scan.sampled else set()
    return LevelLayout(
        node=node,
        axes=axes,
        zarr_format=stored.zarr_format,
        shape=stored.shape,
        dtype=stored.dtype,
        chunk=stored.chunk,
        shard=stored.shard,
        chunks_per_shard=stored.chunks_per_shard,
        codecs=stored.codecs,
        compressed=stored.compressed,
        key_encoding=stored.key_encoding,
        index=index_form(stored),
        packed=stored.packed,
        files=scan.files,
        stored_nbytes=scan.nbytes,
        nbytes=stored.nbytes,
        uncompressed_nbytes=None if chunks is None else chunks * stored.chunk_nbytes,
        chunks_stored=chunks,
        chunks=prod(stored.chunk_grid),
        shards_stored=scan.files if sharded else None,
        shards=prod(stored.grid) if sharded else None,
        dead_nbytes=dead,
        strange_files=scan.strange if scan.listed else None,
        about=frozenset(about),
        looked=scan.asked,
        of=scan.of,
        costs=costs,
        problems=problems,
    )


def index_form(stored: StoredAs) -> IndexForm | None:
    """Return how the index of a shard is stored; see `LevelLayout.index`."""
    if not stored.specs:
        return None
    spec = stored.specs[0]
    return IndexForm(
        location=spec.location,
        checksum=spec.checksum,
        endian=spec.endian,
        nbytes=spec.index_nbytes,
    )
