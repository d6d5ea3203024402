"""In which order the chunks of a shard lie in its file. Pure.

Knows positions; nothing of files. Any order is right: an index tells where each is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ChunkOrder: TypeAlias = Literal["morton", "C"]
"""Along a Z, so that neighbours are near each other whatever the axis; or the last axis
fastest."""


def morton_ranks(where: NDArray[np.int64], shape: Sequence[int]) -> NDArray[np.int64]:
    """Return ranks along a Z: the bits of all axes in turn, the first one's lowest.

    An axis takes part as long as it has bits; so zarr-python orders inner chunks.

    Parameters
    ----------
    where
        Positions, one a row.
    shape
        What they are positions in.
    """
    ranks = np.zeros(len(where), np.int64)
    bits = [(n - 1).bit_length() for n in shape]
    to = 0
    for bit in range(max(bits, default=0)):
        for axis, count in enumerate(bits):
            if bit < count:
                ranks |= ((where[:, axis] >> bit) & 1) << to
                to += 1
    return ranks
