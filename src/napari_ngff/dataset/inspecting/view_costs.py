"""What it costs to read several boxes of an array, one after the other.

Knows that chunks that one of them reads are at hand for the next; asks
`StoredLevel.cost` of each, which looks into files.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from napari_ngff.storage.inspecting.cost import Cost
from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.indexing import Box

    Spans = tuple[range, ...]


def cost_of_boxes(
    level: StoredLevel, boxes: Iterable[Box], *, at_most: int | None = None
) -> Cost:
    """Return what it costs to read boxes of one array, if nothing of it is at hand.

    Parameters
    ----------
    level
        The array.
    boxes
        At least one; see `StoredLevel.cost`.
    at_most
        How many files are looked into for each; see `StoredLevel.cost`.
    """
    fetching = level.fetching
    kept, exact = _without_inner(boxes, fetching.chunks)
    found = [level.cost(box, at_most=at_most) for box, _ in kept]
    places = {tuple(fetching.shards(list(spans))) for _, spans in kept}
    if level.stored.specs and len(places) == 1:
        # All are in the same shards, whose indices are read each time.
        found[1:] = [replace(cost, files=0, shards=0) for cost in found[1:]]
    total = sum_of(found)
    return replace(total, exact=total.exact and exact)


def sum_of(costs: Sequence[Cost]) -> Cost:
    """Return what several reads cost that have nothing in common; at least one."""
    names = [field.name for field in fields(Cost) if field.name != "exact"]
    sums = {name: sum(getattr(cost, name) for cost in costs) for name in names}
    return Cost(**sums, exact=all(cost.exact for cost in costs))


def _without_inner(
    boxes: Iterable[Box], chunks: Sequence[int]
) -> tuple[list[tuple[Box, Spans]], bool]:
    """Return boxes that touch chunks which no other one touches, and which chunks.

    And whether that is exact: whether none of them share some of their chunks.
    """
    kept: list[tuple[Box, Spans]] = []
    exact = True
    for box in boxes:
        spans = tuple(grid.touched(box, chunks))
        around = [other for _, other in kept if _are_in(spans, other)]
        if around:
            exact &= spans in around
            continue
        exact &= not any(_meet(spans, other) for _, other in kept)
        kept = [each for each in kept if not _are_in(each[1], spans)]
        kept.append((box, spans))
    return kept, exact


def _are_in(spans: Spans, outer: Spans) -> bool:
    pairs = zip(spans, outer, strict=True)
    return all(a.start >= b.start and a.stop <= b.stop for a, b in pairs)


def _meet(spans: Spans, other: Spans) -> bool:
    pairs = zip(spans, other, strict=True)
    return all(max(a.start, b.start) < min(a.stop, b.stop) for a, b in pairs)
