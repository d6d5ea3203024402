"""The levels of an image, within the memory that a save may take.

Knows which pixels can be saved, axes and their sizes, and options by axis name; the
rules of a pyramid are in `pyramids.pyramid`.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from napari_ngff.metadata.axes import kind_of, normal_unit
from napari_ngff.metadata.lengths import relative_sizes
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.shares import memory_of
from napari_ngff.storage.pyramids.sources_in import decoded_at_once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.placing import Placed
    from napari_ngff.dataset.saving.save_plan import ImagePlan
    from napari_ngff.storage.pyramids.downsample import Method
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan

_TYPES = "iufb"
_WIDEST = 8
_LEAST_SHARD = 2**21


def fault_of(placed: Placed, method: Method) -> str:
    """Say why pixels cannot be saved, if so."""
    kind, shape = placed.pixels.dtype, placed.pixels.shape
    if not prod(shape):
        return f"There are no pixels: the shape is {shape}"
    if kind.kind == "c":
        text = "The pixels are complex numbers. Save their real and imaginary parts, "
        return text + "or magnitude and phase, as channels"
    if kind.kind not in _TYPES or kind.itemsize > _WIDEST:
        return f"Pixels of the type {kind} cannot be saved. Convert them"
    if method in ("mode", "nearest") and kind.kind == "f":
        return f"Labels must be integers, and these are {kind}. Convert them"
    return ""


def pyramid_of(placed: Placed, options: SaveOptions, method: Method) -> PyramidPlan:
    """Plan levels that can be made within the memory that may be taken.

    Raises
    ------
    ValueError
        If what is asked for makes no sense.
    """
    names = [axis.name for axis in placed.axes]
    shards = "none" if options.version == "0.4" else options.shards
    wished = PyramidOptions(
        levels=options.levels,
        method=method,
        chunk=_per_axis(options.chunks, names),
        shard="none" if shards == "none" else _per_axis(shards, names),
    )
    space = tuple(kind_of(axis) == "space" for axis in placed.axes)
    shape, dtype = placed.pixels.shape, placed.pixels.dtype
    spacing, decoded = _spacing(placed, space), decoded_at_once(placed.pixels)
    while True:
        plan = plan_pyramid(
            shape,
            dtype,
            spacing=spacing,
            may_shrink=space,
            options=wished,
            source_chunks=decoded,
        )
        small = wished.shard_bytes // 2
        needed = memory_of(plan, 1, source_chunks=decoded)
        if needed <= options.memory or small < _LEAST_SHARD:
            return plan
        wished = replace(wished, shard_bytes=small)


def memory_of_image(image: ImagePlan, workers: int) -> int:
    """Return how many bytes so many tasks of an image hold at once, at most."""
    decoded = decoded_at_once(image.data.levels[0])
    return memory_of(image.pyramid, workers, source_chunks=decoded)


def how_to_save_memory(images: Sequence[ImagePlan], limit: int) -> str:
    """Say what helps: where the chunks that are read are too large, not the shards."""
    if any(memory_of(image.pyramid, 1) > limit for image in images):
        return "Choose smaller shards, or allow more memory"
    pixels = [image.data.levels[0] for image in images]
    chunks = [(decoded_at_once(each), each.dtype.itemsize) for each in pixels]
    most = max(prod(chunk) * size if chunk else 0 for chunk, size in chunks)
    return (
        f"What is saved is itself stored in chunks of {most / 1e6:.0f} MB, which are "
        "read as a whole: allow more memory"
    )


def _per_axis(
    sizes: Mapping[str, int], names: Sequence[str]
) -> tuple[int | None, ...] | None:
    found = tuple(sizes.get(name) for name in names)
    return found if any(size is not None for size in found) else None


def _spacing(placed: Placed, space: Sequence[bool]) -> tuple[float, ...]:
    """Return pixel sizes that can be compared along the axes of space; else 1."""
    at = [i for i, is_space in enumerate(space) if is_space]
    found = relative_sizes(
        tuple(placed.scale[i] for i in at),
        tuple(normal_unit(placed.axes[i].unit) for i in at),
    )
    sizes = dict(zip(at, found, strict=True))
    return tuple(sizes.get(i, 1.0) for i in range(len(space)))
