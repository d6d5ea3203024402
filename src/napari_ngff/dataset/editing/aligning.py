"""Which items of three arrays are the same one: before, theirs and ours.

Knows JSON values alone.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import MISSING, canonical, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where more pairs than these might be compared, items go by their place.
_MOST_PAIRS: Final = 4_000_000


def aligned(
    base: Sequence[Any], theirs: Sequence[Any], ours: Sequence[Any]
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield items that belong together; `MISSING` where there is none.

    Items that are new are before the one that they were put before.
    """
    places = range(len(base) + 1)
    kept, new = zip(*(_beside(base, side) for side in (theirs, ours)), strict=True)
    for place in places:
        for pair in zip_longest(*(n.get(place, ()) for n in new), fillvalue=MISSING):
            yield (MISSING, *pair)
        if place < len(base):
            yield base[place], *(k.get(place, MISSING) for k in kept)


def _beside(
    base: Sequence[Any], side: Sequence[Any]
) -> tuple[dict[int, Any], dict[int, list[Any]]]:
    """Return what the items of `base` became, and those that came before each."""
    if len(base) == len(side):
        return dict(enumerate(side)), {}
    kept: dict[int, Any] = {}
    new: dict[int, list[Any]] = {}
    for start, stop, first, last in _blocks(base, side):
        both = min(stop - start, last - first)
        kept |= zip(range(start, start + both), side[first : first + both], strict=True)
        if last - first > both:
            new[stop] = list(side[first + both : last])
    return kept, new


def _blocks(
    base: Sequence[Any], side: Sequence[Any]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield which items of `base` became which of `side`, all of them in order."""
    fewest = min(len(base), len(side))
    head = next((i for i in range(fewest) if not same(base[i], side[i])), fewest)
    rest = fewest - head
    tail = next((i for i in range(rest) if not same(base[~i], side[~i])), rest)
    ends = len(base) - tail, len(side) - tail
    yield 0, head, 0, head
    one, other = base[head : ends[0]], side[head : ends[1]]
    if len(one) * len(other) > _MOST_PAIRS:
        yield head, ends[0], head, ends[1]
    else:
        texts, its = ([canonical(item) for item in items] for items in (one, other))
        matcher = SequenceMatcher(None, texts, its, autojunk=False)
        for _, start, stop, first, last in matcher.get_opcodes():
            yield start + head, stop + head, first + head, last + head
    yield ends[0], len(base), ends[1], len(side)
