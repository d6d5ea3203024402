"""Tasks: pixels of a source to the files of one or more levels, each file by one task.

A task is a picklable value that is run here by a thread or elsewhere by a cluster,
with the same result. Knows sources, layouts and how levels follow from each other;
does not know how many tasks run at a time, nor where the files end up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.encoding import check_file, encode_file
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.pixels import grid
from napari_ngff.storage.pixels.source import NumpySource
from napari_ngff.storage.pyramids.downsample import reduce
from napari_ngff.storage.pyramids.shares import shares
from napari_ngff.storage.pyramids.written import WrittenSource
from napari_ngff.storage.resharding.tasks import ReshardTask, reshard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.chunks.encoding import Check, Each
    from napari_ngff.storage.commit.receipts import Receipt
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.storage.pixels.source import Source
    from napari_ngff.storage.pyramids.downsample import Method
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan, Stage

Tick: TypeAlias = "Callable[[int], object]"
"""Is told how many more bytes of pixels are done; what it raises ends the task."""

_COPIED_AT_ONCE = 64
_PIECES = 8
"""Into how many pieces a box is cut that is read by several threads."""
_CHUNKS_AT_ONCE = 1024
"""After how many chunks of a source a task looks whether it is to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a task writes of one level.

    Attributes
    ----------
    node
        Path of its array below the root.
    layout
        How it is stored.
    box
        Which pixels: whole files, cut at the array's end.
    factors
        How many pixels of what is at hand become one: of the level before, or of
        what was read.
    """

    node: str
    layout: ArrayLayout
    box: Box
    factors: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelTask:
    """Read a box of a source, and write the levels that follow from it.

    Attributes
    ----------
    source
        Where the pixels come from.
    box
        Which of them.
    outputs
        What is written, from fine to coarse; each is made from the one before.
    method
        How pixels are made of finer ones.
    root
        The folder that files are put into.
    check
        Which chunks are decoded again.
    """

    source: Source
    box: Box
    outputs: tuple[Output, ...]
    method: Method
    root: str
    check: Check = "sample"

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels that are written."""
        sizes = (
            prod(part.stop - part.start for part in output.box)
            for output in self.outputs
        )
        itemsize: int = self.source.dtype.itemsize
        total: int = sum(sizes) * itemsize
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTask:
    """Copy files of a level as they are; one chunk of each is decoded, to see it can.

    Attributes
    ----------
    keys, source
        The store that they come from, and the path of the array in it.
    node
        Path of the array that they become part of, below the root.
    layout
        How both are stored.
    indices
        Places of the files in the array's grid.
    root
        The folder that files are put into.
    check
        Which chunks are decoded.
    """

    keys: Keys
    source: str
    node: str
    layout: ArrayLayout
    indices: tuple[tuple[int, ...], ...]
    root: str
    check: Check = "sample"

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels in the files that are copied."""
        return sum(map(self.layout.nbytes_of, self.indices))


Task: TypeAlias = PixelTask | CopyTask | ReshardTask


def pixel_tasks(
    plan: PyramidPlan,
    source: Source,
    *,
    root: str,
    nodes: Sequence[str],
    layouts: Sequence[ArrayLayout],
    check: Check = "sample",
) -> tuple[Iterator[PixelTask], ...]:
    """Return the tasks that write a pyramid, stage by stage.

    Parameters
    ----------
    plan
        Levels, and who writes what.
    source
        The image, of the shape and dtype of the first level.
    root
        The folder that files are put into.
    nodes
        Path of each level's array below the root.
    layouts
        How each level is stored: shape, chunk and shard as planned.
    check
        Which chunks are decoded again.

    Returns
    -------
    tuple of iterators
        One for each stage; one has to be through before the next begins.
    """
    levels = tuple(zip(plan.levels, nodes, layouts, strict=True))

    def tasks(stage: Stage) -> Iterator[PixelTask]:
        start = stage.start
        read = source if not start else WrittenSource(root, *levels[start - 1][1:])
        for share in shares(plan, stage):
            outputs = tuple(
                Output(node=node, layout=layout, box=box, factors=level.factors)
                for (level, node, layout), box in zip(
                    levels[start : stage.stop], share.boxes, strict=True
                )
            )
            yield PixelTask(
                source=read,
                box=share.source,
                outputs=outputs,
                method=plan.method,
                root=root,
                check=check,
            )

    return tuple(tasks(stage) for stage in plan.stages)


def copy_tasks(
    keys: Keys,
    source: str,
    layout: ArrayLayout,
    *,
    root: str,
    node: str,
    check: Check = "sample",
) -> Iterator[CopyTask]:
    """Give the tasks that copy a level whose files need not change.

    Parameters
    ----------
    keys, source
        The store that it comes from, and the path of the array in it.
    layout
        How it is stored there, and here.
    root, node
        The folder that files are put into, and the path of the array below it.
    check
        Which chunks are decoded.
    """
    cells = zip(layout.shape, layout.cell, strict=True)
    indices = product(*(range(-(-n // size)) for n, size in cells))
    while some := tuple(islice(indices, _COPIED_AT_ONCE)):
        yield CopyTask(
            keys=keys,
            source=source,
            node=node,
            layout=layout,
            indices=some,
            root=root,
            check=check,
        )


def ignore_tick(nbytes: int) -> None:
    """Do nothing."""


def run(
    task: Task, tick: Tick = ignore_tick, each: Each = map, cut: Each = map
) -> tuple[Receipt, ...]:
    """Carry out a task.

    Parameters
    ----------
    task
        What to do.
    tick
        Is called between the chunks, from any thread.
    each
        Applies a function to many chunks: `map`, or that of a pool of threads.
    cut
        Applies a function to the pieces that a box is read and reduced in, which takes
        a copy: not `map` only where processors would be idle. `map` leaves it whole.

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
        See `chunks.encoding`.
    """
    if isinstance(task, ReshardTask):
        return reshard(task, tick)
    if isinstance(task, CopyTask):
        return tuple(_copied(task, tick))
    pixels = _read(task.source, task.box, tick, cut)
    return run_on(pixels, task, tick, each, cut)


def run_on(
    pixels: NDArray[Any],
    task: PixelTask,
    tick: Tick = ignore_tick,
    each: Each = map,
    cut: Each = map,
) -> tuple[Receipt, ...]:
    """Carry out a task whose pixels have been read; see `run`."""
    receipts: list[Receipt] = []
    for output in task.outputs:
        if any(k > 1 for k in output.factors):
            pixels = _reduced(pixels, output.factors, task.method, cut)
        receipts.extend(_written(task, output, pixels, tick, each))
    return tuple(receipts)


def without_source(task: PixelTask) -> PixelTask:
    """Return a task for `run_on`, which is small however large its source is."""
    nothing = NumpySource(np.empty((0,) * len(task.box), task.source.dtype))
    return replace(task, source=nothing)


def _read(source: Source, box: Box, tick: Tick, cut: Each) -> NDArray[Any]:
    if isinstance(source, NumpySource):
        return source.array[box]  # nobody writes to it, so a copy is not needed
    chunks = prod(map(len, grid.touched(box, source.chunks)))
    count = max(1 if cut is map else _PIECES, -(-chunks // _CHUNKS_AT_ONCE))
    pieces = _pieces(box, source.chunks, count) if count > 1 else [box]
    if len(pieces) == 1:
        return source.read(box)
    out = np.empty([part.stop - part.start for part in box], source.dtype)

    def read(piece: Box) -> None:
        tick(0)
        out[grid.inside(piece, box)] = source.read(piece)

    list(cut(read, pieces))
    return out


def _pieces(box: Box, sizes: Sequence[int], count: int = _PIECES) -> list[Box]:
    """Cut a box along its longest axis, counted in chunks, between the chunks."""
    spans = grid.touched(box, sizes)
    axis = max(range(len(box)), key=lambda i: len(spans[i]))
    step = sizes[axis] * -(-len(spans[axis]) // count)
    part = box[axis]
    starts = range(spans[axis].start * sizes[axis], part.stop, step)
    cuts = [slice(max(a, part.start), min(a + step, part.stop)) for a in starts]
    return [(*box[:axis], cut, *box[axis + 1 :]) for cut in cuts]


def _reduced(
    pixels: NDArray[Any], factors: tuple[int, ...], method: Method, cut: Each
) -> NDArray[Any]:
    """Reduce pixels; in pieces where several threads can."""
    whole = tuple(slice(0, n) for n in pixels.shape)
    pieces = [whole] if cut is map else _pieces(whole, factors)
    if len(pieces) == 1:
        return reduce(pixels, factors, method)
    parts = list(cut(lambda piece: reduce(pixels[piece], factors, method), pieces))
    axis = next(i for i, part in enumerate(pieces[0]) if part != whole[i])
    return np.concatenate(parts, axis=axis)


def _written(
    task: PixelTask, output: Output, pixels: NDArray[Any], tick: Tick, each: Each
) -> Iterator[Receipt]:
    layout, box = output.layout, output.box
    for index in product(*grid.touched(box, layout.cell)):
        cell = grid.span_of((index, index), layout.cell, layout.shape)
        inside = pixels[grid.inside(cell, box)]
        parts = encode_file(layout, inside, check=task.check, tick=tick, each=each)
        if parts is not None:
            yield put(task.root, f"{output.node}/{layout.key(index)}", parts)


def _copied(task: CopyTask, tick: Tick) -> Iterator[Receipt]:
    layout = task.layout
    limit = layout.nbytes_encoded
    for index in task.indices:
        name = layout.key(index)
        key = f"{task.source}/{name}" if task.source else name
        data = task.keys.get(key, limit=limit)
        if data is not None:
            try:
                check_file(layout, data, task.check)
            except ValueError as error:
                raise Unreadable(task.keys.url, key, str(error)) from error
            yield put(task.root, f"{task.node}/{name}", data)
        tick(layout.nbytes_of(index))
