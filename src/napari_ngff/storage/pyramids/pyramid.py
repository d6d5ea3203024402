"""What a pyramid will look like: levels, chunks, shards, and who writes what when.

Knows shapes, bytes and spacing; knows no units, names, metadata or files, and reads
and writes nothing (`shares` lists the tasks, `downsample` has the arithmetic).

A *block* is what one task writes on one level: a shard, or some chunks where there
are no shards. A *stage* is a run of levels whose blocks cover the same regions of the
image, so that one task writes its block on every level of the stage. Stages follow
each other; a later one reads the last level of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from napari_ngff.storage.pyramids.sizing import (
    Roles,
    Shape,
    block_shape,
    chunk_shape,
    covering,
    divisor,
    grown_within,
    roles_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import DTypeLike

    from napari_ngff.storage.pyramids.downsample import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class PyramidOptions:
    """What can be asked of a pyramid; the defaults are sensible.

    Attributes
    ----------
    levels
        How many levels, the full image included. None: halve until the viewed plane
        fits one chunk. Asked for more than an image can have, it gets what it can.
    method
        How pixels are made of finer ones; None is ``"mean"``.
    chunk
        Size of a chunk per axis, None where the default is wanted.
    shard
        Size of a shard of the full image per axis, None where the default is wanted;
        rounded up to whole chunks. ``"none"``: one file per chunk.
    chunk_bytes
        What a chunk should have at most, uncompressed.
    shard_bytes
        What a shard should have at most, uncompressed.
    small_shard_bytes
        Where the shards of a stage fall below it, a new stage begins.
    viewed
        How many axes the plane has that is looked at, the last ones of space.
    """

    levels: int | None = None
    method: Method | None = None
    chunk: tuple[int | None, ...] | None = None
    shard: tuple[int | None, ...] | Literal["none"] | None = None
    chunk_bytes: int = 2**20
    shard_bytes: int = 2**27
    small_shard_bytes: int = 2**21
    viewed: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPlan:
    """One level.

    Attributes
    ----------
    shape
        Of its array.
    chunk
        Of its array; inner chunks where there are shards.
    shard
        Of its array, a multiple of the chunk; None: a file is a chunk.
    block
        What one task writes of it, a multiple of the chunk; equal to the shard where
        there is one. The last block along an axis may reach beyond the array.
    factors
        How many pixels of the level before become one, per axis; ones for the first.
    scale_factors
        How many pixels of the first level become one, per axis.
    """

    shape: Shape
    chunk: Shape
    shard: Shape | None
    block: Shape
    factors: Shape
    scale_factors: Shape

    @property
    def file_shape(self) -> Shape:
        """Pixels of one file: a shard, or a chunk."""
        return self.shard or self.chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Levels that the same tasks write: from `start` to before `stop`.

    The first stage reads the image; every other one reads level ``start - 1``.
    """

    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PyramidPlan:
    """A pyramid that is not written yet.

    Attributes
    ----------
    dtype
        Of all levels, in the machine's byte order.
    levels
        From fine to coarse.
    method
        How pixels are made of finer ones.
    stages
        In the order in which they run; together they cover all levels.
    """

    dtype: np.dtype[Any]
    levels: tuple[LevelPlan, ...]
    method: Method
    stages: tuple[Stage, ...]


def plan_pyramid(
    shape: Sequence[int],
    dtype: DTypeLike,
    *,
    spacing: Sequence[float],
    may_shrink: Sequence[bool],
    options: PyramidOptions | None = None,
    source_chunks: Sequence[int] | None = None,
) -> PyramidPlan:
    """Return the pyramid of an image.

    Parameters
    ----------
    shape
        Of the image; no axis is empty.
    dtype
        Of the image.
    spacing
        Distance of pixels per axis, in one unit for all axes that may shrink; the
        sign does not matter.
    may_shrink
        Which axes are axes of space; no other one is ever halved.
    options
        What is asked for.
    source_chunks
        What the image's source decodes at once, if that is known: blocks of the first
        stage hold it whole where they can. Pixels do not depend on it.

    Raises
    ------
    ValueError
        If lengths disagree, an axis is empty, a spacing is 0 or not finite, or an
        option is not positive.
    """
    options = options or PyramidOptions()
    base, kind = tuple(map(int, shape)), np.dtype(dtype).newbyteorder("=")
    _check(base, spacing, may_shrink, options, source_chunks)
    sizes = [abs(float(step)) for step in spacing]
    spatial = tuple(axis for axis, may in enumerate(may_shrink) if may)
    roles = roles_of(sizes, base, spatial, options.viewed)
    layout = _Layout(options, roles, kind.itemsize, source_chunks)
    enough = layout.chunk(base)
    steps = [(base, (1,) * len(base))]
    while len(steps) != options.levels:
        last = steps[-1][0]
        if options.levels is None and all(last[i] <= enough[i] for i in roles.viewed):
            break
        factors = _next_factors(last, sizes, spatial, roles)
        if factors is None:
            break
        sizes = [step * k for step, k in zip(sizes, factors, strict=True)]
        steps.append((shrunk(last, factors), factors))
    levels, stages = layout.lay(steps)
    return PyramidPlan(
        dtype=kind, levels=levels, method=options.method or "mean", stages=stages
    )


def shrunk(shape: Sequence[int], factors: Sequence[int]) -> Shape:
    """Return the shape of a level made from another one: what is left over counts."""
    return tuple(-(-n // k) for n, k in zip(shape, factors, strict=True))


def _next_factors(
    shape: Shape, spacing: Sequence[float], spatial: Shape, roles: Roles
) -> Shape | None:
    """Return what the next level halves; None where nothing can be halved.

    Those axes of space whose spacing is less than twice the finest one's; the viewed
    plane never becomes a single pixel, nor is one that is one made again.
    """
    plane = roles.viewed
    if all(shape[axis] == 1 for axis in plane):
        return None
    alive = [axis for axis in spatial if shape[axis] > 1]
    halved = _finest(alive, spacing)
    if all(shape[axis] <= 1 + (axis in halved) for axis in plane):
        halved = _finest([axis for axis in alive if axis not in plane], spacing)
    if not halved:
        return None
    return tuple(2 if axis in halved else 1 for axis in range(len(shape)))


def _finest(axes: Sequence[int], spacing: Sequence[float]) -> list[int]:
    """Return the axes whose spacing is less than twice that of the finest of them."""
    least = min((spacing[axis] for axis in axes), default=0.0)
    return [axis for axis in axes if spacing[axis] < 2 * least]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How levels are cut into chunks and blocks.

    Attributes
    ----------
    options
        What is asked for.
    roles
        What the axes are for.
    itemsize
        Bytes of a pixel.
    source
        Chunks of what the first stage reads, if they are known.
    """

    options: PyramidOptions
    roles: Roles
    itemsize: int
    source: Sequence[int] | None

    def chunk(self, shape: Shape) -> Shape:
        """Return the chunk of a level that nothing binds."""
        wished = self.options.chunk or (None,) * len(shape)
        return chunk_shape(
            shape, self.itemsize, self.roles, wished, self.options.chunk_bytes
        )

    def lay(
        self, steps: Sequence[tuple[Shape, Shape]]
    ) -> tuple[tuple[LevelPlan, ...], tuple[Stage, ...]]:
        """Return levels and stages of a list of shapes and factors."""
        levels: list[LevelPlan] = []
        starts: list[int] = []
        for index, (shape, factors) in enumerate(steps):
            cut = self._follow(levels[-1], shape, factors) if levels else None
            if cut is None:
                starts.append(index)
                cut = self._begin(steps[index:], levels)
            levels.append(self._level(shape, factors, cut, levels))
        ends = (*starts[1:], len(steps))
        stages = (Stage(start=a, stop=b) for a, b in zip(starts, ends, strict=True))
        return tuple(levels), tuple(stages)

    def _begin(
        self, steps: Sequence[tuple[Shape, Shape]], finer: Sequence[LevelPlan]
    ) -> tuple[Shape, Shape]:
        """Return chunk and block of the first level of a stage.

        What is read for one block of a later stage is no more than a block of the
        first one, so that memory does not grow with the image.
        """
        shape, factors = steps[0]
        chunk, options = self.chunk(shape), self.options
        wished: tuple[int | None, ...] = (None,) * len(shape)
        if not finer and isinstance(options.shard, tuple):
            wished = options.shard
        room = options.shard_bytes // self.itemsize
        if finer:
            room = min(room, prod(finer[0].block)) // prod(factors)
        need = self._need(steps[1:])
        source = None if finer else self.source
        return chunk, block_shape(shape, chunk, self.roles, wished, need, room, source)

    def _need(self, steps: Sequence[tuple[Shape, Shape]]) -> Shape:
        """Return what the levels divide a block by until it is too small."""
        need = (1,) * len(self.roles.viewed + self.roles.depth + self.roles.rest)
        most = self.options.shard_bytes // self.options.small_shard_bytes
        for _, factors in steps:
            more = tuple(a * b for a, b in zip(need, factors, strict=True))
            if prod(more) > most:
                break
            need = more
        return need

    def _follow(
        self, finer: LevelPlan, shape: Shape, factors: Shape
    ) -> tuple[Shape, Shape] | None:
        """Return chunk and block that cover the region of the finer level's block.

        None where that is not possible, or the block would be too small although
        there are several.
        """
        pieces: list[int] = []
        wished = self.chunk(shape)
        # What a chunk is a part of along each axis: the block, or the whole axis.
        parts = [
            big // k if big < whole else n
            for n, big, k, whole in zip(
                shape, finer.block, factors, finer.shape, strict=True
            )
        ]
        cut = [big < whole for big, whole in zip(finer.block, finer.shape, strict=True)]
        for big, k, size, part, is_cut in zip(
            finer.block, factors, wished, parts, cut, strict=True
        ):
            if is_cut:
                if big % k or 2 * divisor(part, size) < min(size, part):
                    return None
                size = divisor(part, size)
            pieces.append(size)
        chunk = self._not_too_small(pieces, wished, parts, cut)
        block = [
            part if is_cut else covering(part, size)
            for part, is_cut, size in zip(parts, cut, chunk, strict=True)
        ]
        nbytes = self.itemsize * prod(map(min, block, shape))
        alone = all(big >= n for big, n in zip(block, shape, strict=True))
        if nbytes < self.options.small_shard_bytes and not alone:
            return None
        return tuple(chunk), tuple(block)

    def _not_too_small(
        self, chunk: list[int], wished: Shape, parts: list[int], cut: list[bool]
    ) -> list[int]:
        """Return a chunk that has half of what it may have, if it was cut below that.

        What it lost along one axis it gets along another, as far as it divides the
        block.
        """
        asked = self.options.chunk or (None,) * len(chunk)
        least = min(self.options.chunk_bytes // 2 // self.itemsize, prod(wished))
        axes = [
            axis
            for axis in (*reversed(self.roles.viewed), *reversed(self.roles.depth))
            if asked[axis] is None
        ]
        return grown_within(chunk, parts, cut, axes, least)

    def _level(
        self,
        shape: Shape,
        factors: Shape,
        cut: tuple[Shape, Shape],
        finer: Sequence[LevelPlan],
    ) -> LevelPlan:
        """Return a level cut in chunks and blocks; a shard of one chunk is none."""
        chunk, block = cut
        asked = self.options.shard
        useless = asked == "none" or (asked is None and chunk == block)
        before = finer[-1].scale_factors if finer else factors
        return LevelPlan(
            shape=shape,
            chunk=chunk,
            shard=None if useless else block,
            block=block,
            factors=factors,
            scale_factors=tuple(a * b for a, b in zip(before, factors, strict=True)),
        )


def _check(
    shape: Shape,
    spacing: Sequence[float],
    may_shrink: Sequence[bool],
    options: PyramidOptions,
    source: Sequence[int] | None,
) -> None:
    """Raise where the plan's arguments make no sense."""
    shard = () if options.shard in ("none", None) else options.shard
    given = (options.chunk, shard, source)
    per_axis = [spacing, may_shrink, *(part for part in given if part)]
    if any(len(part) != len(shape) for part in per_axis):
        msg = f"not one value for each of {len(shape)} axes"
        raise ValueError(msg)
    if not shape or min(shape) < 1:
        msg = f"no pyramid of an image without pixels: {shape}"
        raise ValueError(msg)
    if not all(isfinite(step) and step for step in spacing):
        msg = f"not the distance of pixels: {tuple(spacing)}"
        raise ValueError(msg)
    numbers = (*_numbers(options), *(source or ()))
    if any(size is not None and size < 1 for size in numbers):
        msg = "neither a size nor the number of levels can be below 1"
        raise ValueError(msg)


def _numbers(options: PyramidOptions) -> Iterator[int | None]:
    """Give every number among the options."""
    yield from (options.levels, options.chunk_bytes, options.shard_bytes)
    yield from (options.small_shard_bytes, options.viewed)
    yield from options.chunk or ()
    if isinstance(options.shard, tuple):
        yield from options.shard
