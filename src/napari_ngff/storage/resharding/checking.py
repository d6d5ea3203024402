"""Whether a file that was written holds the chunks of its source, byte for byte.

Reads the file through its own index, as any reader would; and the source once more, so
that one that was changed meanwhile is found out, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.inspecting.looking import Files
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.resharding.taking import ABSENT, Taking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pyramids.tasks import Tick
    from napari_ngff.storage.resharding.arrays import Resharding


def check_file(
    array: Resharding,
    files: Files,
    place: ChunkIndex,
    root: str,
    receipt: Receipt | None,
    tick: Tick,
) -> None:
    """Compare every chunk of a file that was written with its source.

    Parameters
    ----------
    array, files, place, root, tick
        See `writing.write_file`.
    receipt
        What that returned; None: no chunk is stored, and there is no such file.

    Raises
    ------
    Mismatch
        If a chunk is missing, was not there, or has other bytes; or if the file has
        bytes that belong to none.
    Unreadable, LimitExceeded
        If the source can no longer be read.
    """
    key, chunks = array.key(place), array.chunks_in(place)
    source = Taking(files, chunks, tick, array.nbytes_of_chunk, half="second")
    if receipt is None:
        if any(source.blocks()):
            _refuse(key, "it is missing")
        return
    written = Files(LocalKeys(root), array.node, array.target)
    try:
        copy = Taking(written, chunks, _nobody, 0, half="second")
        same = _are_same(source.blocks(), copy.blocks())
    except Unreadable as error:
        if error.store != written.keys.url:
            raise
        _refuse(key, error.reason)
    if not same or not np.array_equal(source.lengths, copy.lengths):
        _refuse(key, "it is not what its source holds")
    lengths = copy.lengths[copy.lengths != ABSENT]
    index = array.target.specs[0].index_nbytes if array.target.specs else 0
    if receipt.nbytes != int(lengths.sum()) + index:
        _refuse(key, "it has bytes that belong to no chunk")


def _nobody(nbytes: int) -> None:
    del nbytes


def _are_same(one: Iterator[bytes], other: Iterator[bytes]) -> bool:
    """Tell whether two streams have the same bytes, however they are cut."""
    left, right = memoryview(b""), memoryview(b"")
    while True:
        left = left or memoryview(next(one, b""))
        right = right or memoryview(next(other, b""))
        size = min(len(left), len(right))
        if not size:
            return not left and not right
        here, there = (np.frombuffer(each[:size], np.uint8) for each in (left, right))
        if not np.array_equal(here, there):
            return False
        left, right = left[size:], right[size:]


def _refuse(key: str, reason: str) -> NoReturn:
    message = f"on comparing {key!r} with its source: {reason}"
    raise Mismatch(message)
