"""Who writes what of a planned pyramid, and what that costs. Pure arithmetic.

Knows plans (`pyramid`); knows no names, documents or files, and runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from napari_ngff.storage.grid import span_of, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.storage.indexing import Box
    from napari_ngff.storage.pyramid import LevelPlan, PyramidPlan, Stage


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


def memory_of(plan: PyramidPlan, workers: int) -> int:
    """Return an upper bound of the bytes that so many tasks hold at once.

    A task holds what it reads, what it makes of it on every level, and the encoded
    bytes of each level's block, which random pixels do not make smaller.

    Parameters
    ----------
    plan
        What is written.
    workers
        How many tasks run at a time.
    """
    return workers * max(_share_bytes(plan, stage) for stage in plan.stages)


def _share_bytes(plan: PyramidPlan, stage: Stage) -> int:
    """Return what the largest task of a stage holds."""
    levels = plan.levels[stage.start : stage.stop]
    read = 0
    if stage.start:
        finer = plan.levels[stage.start - 1]
        read = prod(
            min(size * k, n)
            for size, k, n in zip(
                levels[0].block, levels[0].factors, finer.shape, strict=True
            )
        )
    made = sum(prod(map(min, level.block, level.shape)) for level in levels)
    encoded = max(prod(level.block) for level in levels)
    return (read + made + encoded) * plan.dtype.itemsize
