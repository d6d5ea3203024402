"""How large chunks and the blocks of one task are. Pure arithmetic.

Knows lengths, bytes and which axes are viewed; knows no levels, files or names.
A size along an axis is a power of two times what it grew from, or the whole axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What the axes of an image are for, as numbers of axes.

    Attributes
    ----------
    viewed
        Those of the plane that is looked at.
    depth
        Other axes of space.
    rest
        All others, such as time and channel: each of their planes is looked at alone.
    bricks
        Whether chunks reach into the depth, as they do where pixels are about as
        deep as they are wide.
    """

    viewed: Shape
    depth: Shape
    rest: Shape
    bricks: bool


def roles_of(
    spacing: Sequence[float], shape: Sequence[int], spatial: Shape, viewed: int
) -> Roles:
    """Return what the axes are for.

    Parameters
    ----------
    spacing, shape
        Of the finest level, per axis.
    spatial
        The axes of space, ascending.
    viewed
        How many axes the plane has that is looked at: the last ones of space, and
        the last of all others where there are too few.
    """
    others = tuple(axis for axis in range(len(shape)) if axis not in spatial)
    plane = (*others, *spatial)[max(len(shape) - viewed, 0) :]
    depth = tuple(axis for axis in spatial if axis not in plane)
    finest = min((spacing[axis] for axis in plane if shape[axis] > 1), default=None)
    deep = [spacing[axis] for axis in depth if shape[axis] > 1]
    return Roles(
        viewed=tuple(sorted(plane)),
        depth=depth,
        rest=tuple(axis for axis in others if axis not in plane),
        bricks=finest is not None and bool(deep) and max(deep) < 2 * finest,
    )


def chunk_shape(
    shape: Shape, itemsize: int, roles: Roles, wished: Sequence[int | None], nbytes: int
) -> Shape:
    """Return the chunk of a level.

    Square in the viewed plane; one plane, unless pixels are about as deep as wide:
    then half as deep as wide. Planes far below `nbytes` are stacked in depth, never
    along time or channels.

    Parameters
    ----------
    shape
        Of the level.
    itemsize
        Bytes of a pixel.
    roles
        What its axes are for.
    wished
        Given sizes per axis, None where there is no wish.
    nbytes
        What a chunk should have at most.
    """
    sizes = [
        1 if want is None else min(want, n)
        for want, n in zip(wished, shape, strict=True)
    ]
    free = {axis for axis, want in enumerate(wished) if want is None}
    room = nbytes // itemsize
    plane = {axis: 1 for axis in roles.viewed if axis in free}
    deep = {axis: 2 for axis in roles.depth if axis in free}
    _grow(sizes, shape, plane | deep if roles.bricks else plane, room)
    if prod(sizes) * 4 <= room:
        for axis in reversed(roles.depth):
            _grow(sizes, shape, {axis: 1} if axis in free else {}, room // 2)
    return tuple(sizes)


def block_shape(
    shape: Shape,
    chunk: Shape,
    roles: Roles,
    wished: Sequence[int | None],
    need: Shape,
    room: int,
    source: Sequence[int] | None = None,
) -> Shape:
    """Return the block of whole chunks that one task writes: a shard, if there are any.

    Planes become whole first, as most sources hold planes; then depth, then the rest.
    A block holds chunks of the source whole where it can, so that none is decoded for
    several blocks.

    Parameters
    ----------
    shape, chunk
        Of the level.
    roles
        What its axes are for.
    wished
        Given sizes per axis, None where there is no wish.
    need
        How many chunks a block should have per axis, so that blocks of the coarser
        levels that cover the same region still consist of whole chunks.
    room
        Pixels that a block should have at most; it has one chunk at least.
    source
        Chunks of what is read, if they are known.
    """
    full = tuple(
        covering(n if want is None else min(n, want), size)
        for n, size, want in zip(shape, chunk, wished, strict=True)
    )
    free = {axis for axis, want in enumerate(wished) if want is None}
    unit = _unit(chunk, full, free, need, room, source or chunk)
    sizes = _start(chunk, unit, full, free, need, room)
    if roles.bricks:
        groups = [roles.viewed + roles.depth]
    else:
        groups = [roles.viewed, *((axis,) for axis in reversed(roles.depth))]
    for group in (*groups, *((axis,) for axis in reversed(roles.rest))):
        _grow(sizes, full, {axis: 1 for axis in group if axis in free}, room)
    return tuple(sizes)


def covering(length: int, size: int) -> int:
    """Return the smallest multiple of a size that reaches over a length."""
    return -(-length // size) * size


def divisor(length: int, at_most: int) -> int:
    """Return the greatest divisor of a length that is not above a bound."""
    return next(
        size for size in range(min(length, at_most), 0, -1) if not length % size
    )


def grown_within(
    chunk: Sequence[int],
    parts: Sequence[int],
    cut: Sequence[bool],
    axes: Sequence[int],
    least: int,
) -> list[int]:
    """Double a chunk, the smallest axis first, until it has enough pixels.

    Parameters
    ----------
    chunk
        What there is.
    parts
        What it is a part of, per axis.
    cut
        Per axis, whether that must be whole chunks.
    axes
        Those that may grow; of equal ones the first does.
    least
        How many pixels are enough.
    """
    sizes = list(chunk)
    while prod(sizes) < least:
        able = [
            axis
            for axis in axes
            if 2 * sizes[axis] <= parts[axis]
            and not (cut[axis] and parts[axis] % (2 * sizes[axis]))
        ]
        if not able:
            break
        sizes[min(able, key=sizes.__getitem__)] *= 2
    return sizes


def _unit(
    chunk: Shape,
    full: Shape,
    free: set[int],
    need: Shape,
    room: int,
    source: Sequence[int],
) -> Shape:
    """Return what a block consists of: chunks, and chunks of the source if they fit.

    First along the axis where a chunk of the source has most of ours. Where there is
    no room for all of it, half of it, and so on: it is decoded twice then, not as
    often as it has chunks. Of what is needed, one halving may be given up for it. A
    chunk of the source that has more than a block is decoded again in any case.
    """
    unit = chunk
    if prod(map(min, source, full)) > room:
        return unit
    for axis in sorted(free, key=lambda i: chunk[i] / min(source[i], full[i])):
        size = min(source[axis], full[axis])
        while size > chunk[axis]:
            trial = (*unit[:axis], size, *unit[axis + 1 :])
            whole = size % chunk[axis] == 0
            if whole and _has_room(trial, chunk, full, need, room):
                unit = trial
            if unit == trial or size % 2:
                break
            size //= 2
    return unit


def _has_room(unit: Shape, chunk: Shape, full: Shape, need: Shape, room: int) -> bool:
    """Return whether a block can consist of units, and nearly of what is needed."""
    needed = (
        covering(size * k, piece)
        for size, k, piece in zip(chunk, need, unit, strict=True)
    )
    alone = prod(map(min, unit, full))
    return alone <= room and prod(map(min, needed, full)) <= 2 * room


def _start(
    chunk: Shape, unit: Shape, full: Shape, free: set[int], need: Shape, room: int
) -> list[int]:
    """Return the block that growth starts from: what is needed, as far as it fits."""
    times = [
        -(-size * k // piece) for size, k, piece in zip(chunk, need, unit, strict=True)
    ]
    while True:
        sizes = [
            min(size * k, n) if axis in free else n
            for axis, (size, k, n) in enumerate(zip(unit, times, full, strict=True))
        ]
        if prod(sizes) <= room or max(times) == 1:
            return sizes
        times[times.index(max(times))] //= 2


def _grow(
    sizes: list[int], limits: Sequence[int], weights: dict[int, int], room: int
) -> None:
    """Double sizes, the smallest first, equal ones together, while there is room.

    Parameters
    ----------
    sizes
        Changed in place.
    limits
        What no size exceeds.
    weights
        The axes that may grow, and what their size is multiplied by to compare them.
    room
        What the product of all sizes must not exceed.
    """
    while growing := [axis for axis in weights if sizes[axis] < limits[axis]]:
        least = min(weights[axis] * sizes[axis] for axis in growing)
        group = [axis for axis in growing if weights[axis] * sizes[axis] == least]
        for axes in _parts(group, weights):
            trial = list(sizes)
            for axis in axes:
                trial[axis] = min(2 * sizes[axis], limits[axis])
            if prod(trial) <= room:
                sizes[:] = trial
                break
        else:
            return


def _parts(group: list[int], weights: dict[int, int]) -> Iterator[list[int]]:
    """Give all axes of a group, then those of the plane alone."""
    yield group
    flat = [axis for axis in group if weights[axis] == 1]
    if flat and flat != group:
        yield flat
