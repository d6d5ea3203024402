"""Tasks: pixels of a source to the files of one or more levels, each file by one task.

A task is a picklable value that is run here by a thread or elsewhere by a cluster,
with the same result. Knows sources, layouts and how levels follow from each other;
does not know how many tasks run at a time, nor where the files end up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.storage import grid
from napari_ngff.storage.array_documents import layout_of
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.downsample import reduce
from napari_ngff.storage.encoding import decode_file, encode_file
from napari_ngff.storage.pyramid import boxes, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.array_documents import ArrayLayout
    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.downsample import Method
    from napari_ngff.storage.encoding import Check
    from napari_ngff.storage.indexing import Box
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.pyramid import PyramidPlan
    from napari_ngff.storage.source import Source

Tick: TypeAlias = "Callable[[int], object]"
"""Is told how many more bytes of pixels are done; what it raises ends the task."""

PIECE_BYTES = 64 * 2**20
"""About as many bytes of a source are held where a level is made from a finer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A level that is written.

    Attributes
    ----------
    node
        Path of its array below the root.
    layout
        How it is stored.
    """

    node: str
    layout: ArrayLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelTask:
    """Read a box of a source, and write it and the levels that follow from it.

    Attributes
    ----------
    source
        Where the pixels come from.
    box
        Of the first level that is written; whole files of every level.
    lead
        Factors by which the source is reduced, one after the other, to make that
        level: none if the source is that level.
    outputs
        The levels that are written, from the finest on.
    steps
        Factors from each of them to the next.
    method
        How they are reduced.
    root
        The folder that files are put into.
    check
        What is decoded again.
    """

    source: Source
    box: Box
    lead: tuple[tuple[int, ...], ...] = ()
    outputs: tuple[Output, ...]
    steps: tuple[tuple[int, ...], ...] = ()
    method: Method
    root: str
    check: Check = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTask:
    """Copy files of a level as they are, without decoding but one chunk of each.

    Attributes
    ----------
    keys, source_node
        The store that they come from, and the array in it.
    output
        The array that they become part of, stored in the same way.
    indices
        Places of the files in its grid.
    root
        The folder that files are put into.
    """

    keys: Keys
    source_node: str
    output: Output
    indices: tuple[tuple[int, ...], ...]
    root: str


Task: TypeAlias = PixelTask | CopyTask


def ignore_tick(nbytes: int) -> None:
    """Do nothing."""


def run(task: Task, tick: Tick = ignore_tick) -> tuple[Receipt, ...]:
    """Carry out a task.

    Parameters
    ----------
    task
        What to do.
    tick
        Is called between the chunks.

    Returns
    -------
    tuple of Receipt
        One for each file; none where there is nothing but the fill value.

    Raises
    ------
    NgffError
        What reading the source raises.
    OSError
        What writing raises.
    Mismatch
        See `storage.encoding`.
    """
    raise NotImplementedError
