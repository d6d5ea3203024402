"""Which bytes of shards are read as one, to have some of their chunks. Pure.

Knows where chunks lie; reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Chunks of a shard so near to each other are read as one.
_GAP: Final = 2**12


class Span(NamedTuple):
    """Bytes of one shard that are read as one; the shards are counted."""

    shard: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reads:
    """What is read to have some chunks.

    Attributes
    ----------
    spans
        In the order of the shards, and of their bytes.
    of_span
        In which of them each chunk is.
    in_order
        Whether they are just the bytes of the chunks, one after another.
    """

    spans: list[Span]
    of_span: NDArray[np.int64]
    in_order: bool


def reads_of(
    shards: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    *,
    at_most: int,
) -> Reads:
    """Return what is read to have some chunks.

    Parameters
    ----------
    shards
        Of each chunk, in which shard it is.
    starts, stops
        Its first byte there, and after its last.
    at_most
        Bytes of several chunks that are read as one.
    """
    spans: list[Span] = []
    of_span = np.empty(len(shards), np.int64)
    in_files = np.lexsort((starts, shards))
    for i in in_files.tolist():
        new = Span(int(shards[i]), int(starts[i]), int(stops[i]))
        last = spans[-1] if spans else None
        if last is not None and _is_near(last, new, at_most):
            spans[-1] = last._replace(stop=max(last.stop, new.stop))
        else:
            spans.append(new)
        of_span[i] = len(spans) - 1
    apart = of_span[1:] != of_span[:-1]
    follow = bool(((starts[1:] == stops[:-1]) | apart).all())
    as_they_lie = bool((np.diff(in_files) == 1).all())
    return Reads(spans=spans, of_span=of_span, in_order=follow and as_they_lie)


def _is_near(last: Span, new: Span, at_most: int) -> bool:
    """Tell whether to read a chunk along with those before it.

    No more of what is not asked for is read than of what is.
    """
    gap = new.start - last.stop
    if last.shard != new.shard or gap > min(_GAP, new.stop - new.start):
        return False
    return max(last.stop, new.stop) - last.start <= at_most
