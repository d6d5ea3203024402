"""Shards that suit most images, to begin with. Pure arithmetic.

Knows lengths and bytes; knows no files.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final

from napari_ngff.dataset.resharding.cells import covering

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Few files for a large image, and still each is read and copied in about a second.
SHARD_NBYTES: Final = 2**27


def suggested_shard(
    shape: Sequence[int], chunk: Sequence[int], itemsize: int
) -> tuple[int, ...]:
    """Return lengths of a shard of about 128 MiB of pixels, in whole chunks.

    The last axes grow first: planes become whole, then the depth, then all else.

    Parameters
    ----------
    shape, chunk
        Lengths of the array and of its chunks, in pixels.
    itemsize
        Bytes of a pixel; 0: not known, then it is taken for two.
    """
    sizes = list(chunk)
    room = SHARD_NBYTES // (itemsize or 2)
    for axis in reversed(range(len(sizes))):
        whole = covering(max(1, shape[axis]), chunk[axis])
        while sizes[axis] < whole:
            more = min(2 * sizes[axis], whole)
            if prod(sizes) // sizes[axis] * more > room:
                break
            sizes[axis] = more
    return tuple(sizes)
