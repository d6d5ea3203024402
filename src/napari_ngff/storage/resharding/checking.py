"""Whether files that were written hold the chunks of their sources, byte for byte.

Reads them through their own indices, as any reader would; and the source once more, so
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
    from collections.abc import Iterator, Sequence
    from typing import NoReturn

    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.resharding.arrays import Resharding


def check_files(
    array: Resharding,
    source: Taking,
    files: Sequence[tuple[range, ChunkIndex]],
    root: str,
    receipts: Sequence[Receipt | None],
) -> None:
    """Compare every chunk of files that were written with its source.

    Parameters
    ----------
    array
        What was copied where.
    source
        The chunks of its source, to be taken anew.
    files
        Of each file, which of these chunks it has, and its place.
    root
        The folder that files were put into.
    receipts
        What `writing.write_file` returned of each; None: no chunk of it is stored, and
        there is no such file.

    Raises
    ------
    Mismatch
        If a chunk is missing, was not there, or has other bytes; or if a file has
        bytes that belong to none.
    Unreadable, LimitExceeded
        If the source can no longer be read.
    """
    written = Files(LocalKeys(root), array.node, array.target)
    try:
        copy = Taking(written, source.chunks, _nobody, 0, half="second")
        for (rows, place), receipt in zip(files, receipts, strict=True):
            fault = _fault(array, source, copy, rows, receipt)
            if fault:
                _refuse(array.key(place), fault)
    except Unreadable as error:
        if error.store != written.keys.url:
            raise
        _refuse(error.key, error.reason)


def _fault(
    array: Resharding,
    source: Taking,
    copy: Taking,
    rows: range,
    receipt: Receipt | None,
) -> str:
    """Say what is wrong with a file, if anything is."""
    same = _are_same(source.blocks(rows), copy.blocks(rows))
    found = copy.lengths[rows.start : rows.stop]
    expected = source.lengths[rows.start : rows.stop]
    if not same or not np.array_equal(expected, found):
        return "it is not what its source holds"
    stored = found[found != ABSENT]
    index = array.target.specs[0].index_nbytes if array.target.specs else 0
    nbytes = int(stored.sum()) + index if stored.size else 0
    if nbytes != (0 if receipt is None else receipt.nbytes):
        return "it has bytes that belong to no chunk"
    return ""


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
