"""Which chunks and shards an array is to have: wishes by axis name → lengths. Pure.

Knows lengths and names; knows no files, and not whether chunks can be copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.resharding.options import ReshardOptions

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What an array is cut into.

    Attributes
    ----------
    chunk, shard
        Lengths in pixels; no shard: a file per chunk.
    rounded
        Names of the axes along which a shard is longer than was wished.
    """

    chunk: Shape
    shard: Shape | None
    rounded: tuple[str, ...] = ()


def cells(
    names: Sequence[str],
    shape: Sequence[int],
    chunk: Sequence[int],
    shard: Sequence[int] | None,
    options: ReshardOptions,
) -> Cells:
    """Return what an array is to be cut into.

    A shard is whole chunks, and no longer than what covers the array. One that would
    have a single chunk is none: its index would be all that it adds.

    Parameters
    ----------
    names
        Of its axes.
    shape
        Of the array.
    chunk, shard
        As it is cut now.
    options
        What is wished.
    """
    new = tuple(
        _chunk(options.chunk.get(name, n), n, length)
        for name, n, length in zip(names, chunk, shape, strict=True)
    )
    wished = options.shard
    if wished == "none" or (wished == "same" and shard is None):
        return Cells(chunk=new, shard=None)
    now = dict(zip(names, shard or chunk, strict=True))
    asked = wished if isinstance(wished, Mapping) else now
    if wished == "same" and new == tuple(chunk):
        return Cells(chunk=new, shard=None if shard is None else tuple(shard))
    found, rounded = [], []
    for name, part, length in zip(names, new, shape, strict=True):
        wish = asked.get(name, part)
        whole = covering(min(wish, max(length, 1)), part)
        if wish < length and wish % part:
            rounded.append(name)
        found.append(whole)
    shards = None if tuple(found) == new else tuple(found)
    return Cells(chunk=new, shard=shards, rounded=tuple(rounded) if shards else ())


def _chunk(wish: int, chunk: int, length: int) -> int:
    """Return the length of a chunk; one that covers the array stays as it is."""
    return chunk if wish >= length <= chunk else min(wish, max(length, 1))


def covering(length: int, part: int) -> int:
    """Return the least multiple of a part that is no shorter than a length."""
    return -(-length // part) * part
