"""A level that was just written, as a source of pixels: for the levels that follow.

Knows files below a folder and how they are encoded; no metadata is read, which is
written last. Whoever reads must know that all of the level has been written.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.encoding import decode_part
from napari_ngff.storage.commit import files
from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.pixels.indexing import Box


class WrittenSource:
    """The pixels of an array below a folder, without its metadata.

    Parameters
    ----------
    root
        The folder.
    node
        Path of the array below it.
    layout
        How it is stored.
    """

    __slots__ = ("layout", "node", "root")

    def __init__(self, root: str, node: str, layout: ArrayLayout) -> None:
        self.root = root
        self.node = node
        self.layout = layout

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return self.layout.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the items."""
        return self.layout.dtype

    @property
    def chunks(self) -> tuple[int, ...]:
        """What one file holds."""
        return self.layout.cell

    @property
    def identity(self) -> Hashable:
        """Where it is."""
        return ("written", self.root, self.node)

    def read(self, box: Box) -> NDArray[Any]:
        """Return the pixels of a box; files that are absent have the fill value.

        Raises
        ------
        Unreadable
            If a file is not what was written.
        OSError
            If it cannot be read.
        """
        layout = self.layout
        out = np.empty([part.stop - part.start for part in box], layout.dtype)
        for index in product(*grid.touched(box, layout.cell)):
            cell = grid.span_of((index, index), layout.cell, layout.shape)
            part = grid.meet(cell, box) or box
            out[grid.inside(part, box)] = self._part(index, grid.inside(part, cell))
        return out

    def _part(self, index: tuple[int, ...], box: Box) -> Any:
        key = f"{self.node}/{self.layout.key(index)}"
        try:
            data = _bytes(os.path.join(self.root, *key.split("/")))
        except FileNotFoundError:
            return self.layout.fill_value
        try:
            return decode_part(self.layout, data, box)
        except ValueError as error:
            raise Unreadable(self.root, key, str(error)) from error


def _bytes(path: str) -> bytes:
    descriptor = files.open_to_read(path)
    try:
        blocks = []
        while block := files.read(descriptor, 2**24, path):
            blocks.append(block)
    finally:
        files.close(descriptor, path)
    return b"".join(blocks)
