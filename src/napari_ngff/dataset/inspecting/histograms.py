"""How many chunks, or files, have about so many bytes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BINS: Final = 32
_WIDE: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizeHistogram:
    """How many have about so many bytes.

    Attributes
    ----------
    edges
        Where the bins begin and end, in bytes: one more than `counts`.
    counts
        How many are in each: its first byte is in it, its last one is in the last
        bin only.
    kind
        Whether bins are equally wide, or each as many times as large as the one
        before.
    low, median, high
        The smallest, one in the middle and the largest.
    total
        The sum of all.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    kind: Literal["linear", "log"]
    low: int
    median: int
    high: int
    total: int

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.counts.sum())

    @property
    def most(self) -> int:
        """How many are in the bin that has most."""
        return int(np.max(self.counts))


def size_histogram(sizes: NDArray[Any]) -> SizeHistogram | None:
    """Return how many have about so many bytes; None if there are none.

    Parameters
    ----------
    sizes
        Bytes of each, at least 0.
    """
    sizes = np.sort(np.asarray(sizes, np.int64).ravel())
    if not sizes.size:
        return None
    low, high = int(sizes[0]), int(sizes[-1])
    kind: Literal["linear", "log"] = "log" if high > _WIDE * max(1, low) else "linear"
    bins = max(1, min(_BINS, high - low + 1))
    if kind == "log":
        edges = np.geomspace(max(1, low), high, bins + 1)
        edges[0], edges[-1] = low, high
    else:
        edges = np.linspace(low, high, bins + 1)
    if low == high:
        edges = np.array([low, high + 1.0])
    counts, _ = np.histogram(sizes, edges)
    return SizeHistogram(
        edges=edges,
        counts=counts.astype(np.int64),
        kind=kind,
        low=low,
        median=int(sizes[(sizes.size - 1) // 2]),
        high=high,
        total=int(sizes.sum()),
    )
