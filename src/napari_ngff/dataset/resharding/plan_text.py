"""What a re-sharding says, laid out in lines for a terminal.

Knows columns and words; every text out of a file is made fit to be shown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain, sentence
from napari_ngff.dataset.inspecting.quantities import count_words, nbytes_words
from napari_ngff.dataset.text import sizes, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.resharding.reshard_plan import (
        ArrayPlan,
        Files,
        ReshardPlan,
    )

TITLES = ("Array", "Shape", "Chunk", "Shard", "Files", "Bytes", "Chunks are")


def plan_lines(plan: ReshardPlan) -> Iterator[str]:
    """Give what is done, array by array, and what is said about it."""
    source = plain("/".join(filter(None, (plan.source, plan.node))), limit=4096)
    if plan.where == "in-place":
        yield f"{source}, in place"
    else:
        yield f"{source} → {plain(str(plan.target), limit=4096)}"
    if plan.was != plan.version:
        yield f"OME-Zarr {plan.was or '?'} → {plan.version}"
    if plan.arrays:
        yield ""
        yield from table(TITLES, [array_row(array) for array in plan.arrays])
        yield ""
        yield f"{summary(plan)}."
    for problem in plan.obstacles:
        yield f"  not possible: {told(problem)}"
    for problem in plan.problems:
        yield f"  {problem.level}: {told(problem)}"


def summary(plan: ReshardPlan) -> str:
    """Say how many files and bytes there are before and after: one line."""
    return f"{files_words(plan.before)} become {files_words(plan.after)}"


def files_words(files: Files) -> str:
    """Say how many files, and their bytes: ``"12,000 files of 3.1 MB"``."""
    count = "?" if files.count is None else count_words(files.count, "file")
    nbytes = "? bytes" if files.nbytes is None else nbytes_words(files.nbytes)
    return f"{'≈ ' if files.about else ''}{count} of {nbytes}"


def told(problem: Problem) -> str:
    """Return a problem in words, with the node that it is at."""
    where = f"{plain(problem.node, limit=1024)}: " if problem.node else ""
    return where + plain(sentence(problem.message), limit=1024)


def array_row(array: ArrayPlan) -> tuple[str, ...]:
    """Return what becomes of an array, in the columns of `TITLES`."""
    before, after = array.before, array.after
    return (
        plain(array.node) or ".",
        sizes(array.shape),
        change(sizes(array.chunk), sizes(array.new_chunk)),
        change(shard_words(array.shard), shard_words(array.new_shard)),
        change(_count(before), _count(after)),
        change(_nbytes(before), _nbytes(after)),
        array.how,
    )


def shard_words(shard: Sequence[int] | None) -> str:
    """Say the lengths of a shard, or that there is none."""
    return "none" if shard is None else sizes(shard)


def change(before: str, after: str) -> str:
    """Say what becomes what; what stays is said once."""
    return before if before == after else f"{before} → {after}"


def _count(files: Files) -> str:
    return "?" if files.count is None else f"{_about(files)}{files.count:,}"


def _nbytes(files: Files) -> str:
    return "?" if files.nbytes is None else _about(files) + nbytes_words(files.nbytes)


def _about(files: Files) -> str:
    return "≈ " if files.about else ""
