"""Who writes what of a planned pyramid, and what that costs. Pure arithmetic.

Knows plans (`pyramid`); knows no names, documents or files, and runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from napari_ngff.storage.pixels.grid import span_of, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.storage.pyramids.pyramid import LevelPlan, PyramidPlan, Stage


THREADS_PER_TASK = 4
"""How many threads may share the work of one task, so that `memory_of` holds."""

_PER_CHUNK = 2**10
_SMALL_THINGS = 2**23


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one task does.

    Attributes
    ----------
    stage
        The levels that it writes.
    source
        What it reads: of the image in the first stage, else of level
        ``stage.start - 1``.
    boxes
        What it writes, a box for each level of the stage: whole files, cut at the
        array's end. The first one is made from `source` (by the factors of that
        level, or as it is in the first stage), each other one from the one before.
    """

    stage: Stage
    source: Box
    boxes: tuple[Box, ...]


def columns(plan: PyramidPlan) -> Iterator[Box]:
    """Give the boxes of the image that the tasks of the first stage read and write."""
    return boxes(plan, 0)


def boxes(plan: PyramidPlan, level: int) -> Iterator[Box]:
    """Give the boxes of a level that tasks write: blocks, cut at the array's end."""
    return (_span(plan.levels[level], at) for at in _blocks(plan.levels[level]))


def shares(plan: PyramidPlan, stage: Stage) -> Iterator[Share]:
    """Give what the tasks of a stage do; no two of them write the same file."""
    levels = plan.levels[stage.start : stage.stop]
    finer = plan.levels[stage.start - 1] if stage.start else levels[0]
    for at in _blocks(levels[0]):
        written = tuple(_span(level, at) for level in levels)
        source = _finer_box(written[0], levels[0].factors, finer.shape)
        yield Share(stage=stage, source=source, boxes=written)


def files_of(plan: PyramidPlan) -> tuple[int, ...]:
    """Return how many files each level has at most, its document not counted.

    A file that would hold nothing but the fill value is not written.
    """
    return tuple(
        prod(
            -(-n // size) for n, size in zip(level.shape, level.file_shape, strict=True)
        )
        for level in plan.levels
    )


def nbytes_of(plan: PyramidPlan) -> tuple[int, ...]:
    """Return the bytes of each level's pixels, uncompressed."""
    return tuple(prod(level.shape) * plan.dtype.itemsize for level in plan.levels)


def _blocks(level: LevelPlan) -> Iterator[tuple[int, ...]]:
    """Give the index of every block of a level, in C order."""
    last = tuple(
        -(-n // size) - 1 for n, size in zip(level.shape, level.block, strict=True)
    )
    return within(((0,) * len(last), last))


def _span(level: LevelPlan, at: tuple[int, ...]) -> Box:
    """Return the pixels of a block."""
    return span_of((at, at), level.block, level.shape)


def _finer_box(box: Box, factors: Sequence[int], shape: Sequence[int]) -> Box:
    """Return the pixels that a box is made from."""
    return tuple(
        slice(part.start * k, min(part.stop * k, n))
        for part, k, n in zip(box, factors, shape, strict=True)
    )


def memory_of(
    plan: PyramidPlan, workers: int, *, source_chunks: Sequence[int] | None = None
) -> int:
    """Return an upper bound of the bytes that so many tasks hold at once.

    While it reads, a task holds its box and what the source decodes for it; then its
    box, what it makes of it on every level, and the encoded bytes of one file, which
    noise does not make smaller; besides, what each thread works on, and what the
    allocator keeps.

    Parameters
    ----------
    plan
        What is written.
    workers
        How many tasks run at a time.
    source_chunks
        What the source decodes at once, if that is known: a task reads whole ones.
    """
    return workers * max(_held(plan, stage, source_chunks) for stage in plan.stages)


def _held(plan: PyramidPlan, stage: Stage, source_chunks: Sequence[int] | None) -> int:
    """Return what a task of a stage holds at most."""
    size = plan.dtype.itemsize
    levels = plan.levels[stage.start : stage.stop]
    made = [size * prod(map(min, level.block, level.shape)) for level in levels]
    box, read = made[0], _decoded_bytes(levels[0], source_chunks) * size
    if stage.start:
        finer = plan.levels[stage.start - 1]
        reach = tuple(
            min(n * k, whole)
            for n, k, whole in zip(
                levels[0].block, levels[0].factors, finer.shape, strict=True
            )
        )
        box = size * prod(reach)
        made.insert(0, box)
        files = min(THREADS_PER_TASK, prod(map(_parts, reach, finer.file_shape)))
        read = box // 2 + 2 * files * _encoded_bytes(finer, size)
    encoded = max(_encoded_bytes(level, size) for level in levels)
    working = max(
        min(THREADS_PER_TASK, prod(map(_parts, level.block, level.chunk)))
        * prod(level.chunk)
        for level in levels
    )
    most = max(box + read, sum(made) + encoded)
    return most + most // 16 + 3 * working * size + _SMALL_THINGS


def _decoded_bytes(level: LevelPlan, source_chunks: Sequence[int] | None) -> int:
    """Return the pixels of all chunks of a source that a block may touch."""
    reach = (
        max(block, size)
        if not block % size or not size % block
        else (_parts(block, size) + 1) * size
        for block, size in zip(level.block, source_chunks or level.block, strict=True)
    )
    return prod(map(min, reach, level.shape))


def _encoded_bytes(level: LevelPlan, itemsize: int) -> int:
    """Return what a file has at most, with what is kept for each of its chunks."""
    plain = prod(level.file_shape) * itemsize
    chunks = prod(map(_parts, level.file_shape, level.chunk))
    return plain + plain // 64 + _PER_CHUNK * chunks


def _parts(length: int, size: int) -> int:
    """Return how many pieces of a size cover a length."""
    return -(-length // size)
