"""What a plan says, laid out in lines for a terminal.

Knows columns; every text out of a file is made fit to be shown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.text import sizes, table
from napari_ngff.storage.pyramids.shares import files_of, nbytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.save_plan import ImagePlan, SavePlan, StorePlan

_TITLES = ("Level", "Shape", "Chunk", "Shard", "Files", "Pixels")
_STEP = 1000
_WORDS = {"directory": "a folder", "ozx": "one file"}


def plan_lines(plan: SavePlan) -> list[str]:
    """Lay out what will be written, how large it is, and what is said about it."""
    lines = [line for store in plan.stores for line in _store(plan, store)]
    lines.append(
        f"{plan.files} files at most, {size(plan.nbytes)} of pixels before "
        f"compression; up to {size(plan.memory)} of memory."
    )
    lines += [f"  not possible: {_told(problem)}" for problem in plan.obstacles]
    lines += [f"  {problem.level}: {_told(problem)}" for problem in plan.problems]
    return lines


def size(nbytes: int) -> str:
    """Say a number of bytes in a few characters: ``"1.07 GB"``."""
    value, unit = float(nbytes), 0
    units = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
    while value >= _STEP and unit < len(units) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{value:.3g} {units[unit]}" if unit else f"{nbytes} bytes"


def _store(plan: SavePlan, store: StorePlan) -> Iterator[str]:
    what = _WORDS[store.container]
    yield f"{plain(str(store.target), limit=4096)}"
    action = "Replaces what is there: " if store.replaced is not None else ""
    yield f"{action}{what}, OME-Zarr {plan.options.version}"
    for image in store.images:
        yield from _image(image, "Image")
        for label in image.labels:
            yield from _image(label.image, "Kept labels" if label.kept else "Labels")
    yield ""


def _image(image: ImagePlan, kind: str) -> Iterator[str]:
    pyramid = image.pyramid
    rows = [
        (
            str(index),
            sizes(level.shape),
            sizes(level.chunk),
            "-" if level.shard is None else sizes(level.shard),
            str(files),
            size(nbytes),
        )
        for index, (level, files, nbytes) in enumerate(
            zip(pyramid.levels, files_of(pyramid), nbytes_of(pyramid), strict=True)
        )
    ]
    axes = ", ".join(plain(axis.name) for axis in image.data.multiscale.axes)
    name = plain(image.data.multiscale.name or "")
    yield ""
    yield f"{kind} '{name}': axes {axes}, {pyramid.dtype}, levels by {pyramid.method}"
    yield from table(_TITLES, rows)


def _told(problem: Problem) -> str:
    where = f"{plain(problem.node)}: " if problem.node else ""
    return where + plain(problem.message, limit=1024)
