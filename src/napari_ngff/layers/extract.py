"""Part of a layer as plain memory: how large it is, where it lies, reading it.

Knows one level's box in the pixels of that level, and the state of a layer that shows
it. Not where a level lies (`layers.levels` does), nor Qt: progress is what the
generators yield.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from math import ceil, prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.layers.levels import relative_to_finest
from napari_ngff.layers.provenance import KEY
from napari_ngff.layers.writing.editing import remember
from napari_ngff.layers.writing.world import physical_matrix
from napari_ngff.storage.lazy import LazyArray

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

Box: TypeAlias = tuple[tuple[int, int], ...]

#: How much is read between two reports of progress, in bytes.
BLOCK_BYTES = 32 * 2**20

#: What of a layer's state no longer fits a part of it.
_NOT_OF_A_PART = ("multiscale", "locked_data_level", "scale", "translate", "affine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A box of one resolution level.

    Attributes
    ----------
    level
        Which level; 0 is the finest.
    box
        Start and stop along each axis of the layer, in pixels of that level. An RGB
        layer's colour axis is no axis of the layer.
    """

    level: int
    box: Box

    @property
    def shape(self) -> tuple[int, ...]:
        """Pixels along each axis of the layer."""
        return tuple(stop - start for start, stop in self.box)


def whole(shape: Sequence[int], level: int) -> Part:
    """All of a level of this shape."""
    return Part(level=level, box=tuple((0, size) for size in shape))


def rescale(box: Box, old: Sequence[int], new: Sequence[int]) -> Box:
    """Return the smallest box of another level that covers a box of one.

    Parameters
    ----------
    box
        In pixels of the one.
    old, new
        Shapes of the one and of the other; they cover the same extent.
    """
    found = []
    for (start, stop), size, wanted in zip(box, old, new, strict=True):
        first = min(start * wanted // size, wanted - 1)
        last = max(ceil(stop * wanted / size), first + 1)
        found.append((first, min(last, wanted)))
    return tuple(found)


def read(array: Any, part: Part) -> Generator[float, None, NDArray[Any]]:
    """Read `part` of `array`, the array of its level, block by block.

    Yields
    ------
    float
        The fraction that is done, after each block.

    Returns
    -------
    ndarray
        The pixels: of the part's shape, and the colours of an RGB layer.
    """
    box = (*part.box, *((0, size) for size in array.shape[len(part.box) :]))
    out = np.empty([stop - start for start, stop in box], array.dtype)
    blocks = list(_blocks(box, _block_shape(array, box)))
    for done, block in enumerate(blocks, start=1):
        target = tuple(
            slice(piece.start - start, piece.stop - start)
            for piece, (start, _) in zip(block, box, strict=True)
        )
        out[target] = np.asarray(array[block])
        yield done / len(blocks)
    return out


def _block_shape(array: Any, box: Box) -> tuple[int, ...]:
    """Whole chunks, the last axes first, up to `BLOCK_BYTES`."""
    sizes = [stop - start for start, stop in box]
    chunks = getattr(array, "chunks", None) or sizes
    chunks = [c if isinstance(c, int) else max(c) for c in chunks]
    block = [max(1, min(c, size)) for c, size in zip(chunks, sizes, strict=True)]
    itemsize = np.dtype(array.dtype).itemsize
    for axis in reversed(range(len(block))):
        room = BLOCK_BYTES // (prod(block) * itemsize)
        block[axis] = min(block[axis] * max(1, room), max(1, sizes[axis]))
    return tuple(block)


def _blocks(box: Box, block: tuple[int, ...]) -> product[tuple[slice, ...]]:
    """Tile a box; tiles begin at multiples of `block`, as chunks do."""
    sides = []
    for (start, stop), size in zip(box, block, strict=True):
        edges = [start, *range((start // size + 1) * size, stop, size), stop]
        sides.append([slice(a, b) for a, b in pairwise(edges) if b > a])
    return product(*sides)


def state_of_part(
    state: Mapping[str, Any], part: Part, relative: ArrayLike
) -> dict[str, Any]:
    """Return the keyword arguments of a layer that shows `part` alone, in its place.

    Parameters
    ----------
    state
        The whole layer's, as ``layer.as_layer_data_tuple()[1]``.
    part
        What is shown.
    relative
        Homogeneous matrix from pixels of the part's level to pixels of level 0.
    """
    relative = np.asarray(relative, dtype=float)
    start = [start for start, _ in part.box]
    linear, offset = relative[:-1, :-1], relative[:-1, -1]
    offset = offset + linear @ start
    kept = {key: value for key, value in state.items() if key not in _NOT_OF_A_PART}
    kept["metadata"] = {
        **state["metadata"],
        KEY: {
            **state["metadata"].get(KEY, {}),
            "level": part.level,
            "box": [list(side) for side in part.box],
        },
    }
    physical = physical_matrix(state, len(state["scale"]))
    if np.allclose(linear, np.diag(np.diag(linear))):
        kept["scale"] = np.asarray(state["scale"]) * np.diag(linear)
        kept["translate"] = (physical @ [*offset, 1.0])[:-1]
        kept["affine"] = state["affine"]
        return kept
    step = np.eye(len(relative))
    step[:-1, :-1], step[:-1, -1] = linear, offset
    for key in ("rotate", "shear"):
        kept.pop(key, None)
    kept["affine"] = np.asarray(state["affine"]) @ physical @ step
    return kept


def read_layers(
    layers: Sequence[tuple[Any, dict[str, Any], str]], part: Part
) -> Generator[float, None, list[tuple[NDArray[Any], dict[str, Any], str]]]:
    """Read one part of several layers of an image.

    Parameters
    ----------
    layers
        As ``layer.as_layer_data_tuple()`` gives them, all of the same shapes.
    part
        What is read of each.

    Yields
    ------
    float
        The fraction that is done.

    Returns
    -------
    list of LayerData
        Layers in memory, each in its place.
    """
    found = []
    for index, (data, state, kind) in enumerate(layers):
        levels = list(data) if state.get("multiscale") else [data]
        reading = read(levels[part.level], part)
        relative = relative_to_finest(levels, state, part.level)
        while True:
            try:
                yield (index + next(reading)) / len(layers)
            except StopIteration as end:
                pixels = end.value
                break
        kept = state_of_part(state, part, relative)
        source = levels[part.level]
        if kind == "labels" and part.level == 0 and isinstance(source, LazyArray):
            box = tuple(slice(start, stop) for start, stop in part.box)
            kept["metadata"] = remember(source[box], pixels, kept["metadata"])
        found.append((pixels, kept, kind))
    return found
