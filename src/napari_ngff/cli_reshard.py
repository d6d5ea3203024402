"""The verb ``reshard``: its arguments, and what it says.

Knows how choices are typed; what they lead to is in `dataset.reshard`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from napari_ngff.cli_progress import telling
from napari_ngff.cli_values import count, lengths, nbytes, shards
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave

if TYPE_CHECKING:
    import argparse

    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan

_ADVICE: Final = {"target-taken": "--overwrite replaces it."}


def add_arguments(parser: argparse.ArgumentParser, place: str) -> None:
    """Add the arguments of the verb; `place` says what can be opened."""
    add = parser.add_argument
    add("source", metavar="SRC", help=place)
    add(
        "target",
        metavar="DST",
        nargs="?",
        help="a folder, or a file that ends in .ozx",
    )
    add(
        "--in-place",
        action="store_true",
        help="instead of DST: the whole store is exchanged, in one step",
    )
    add(
        "--shard",
        type=shards,
        metavar="z=64,y=1024,x=1024",
        help="what is one file, in pixels: whole chunks, one along axes that are not "
        "named; 'none': one file for each chunk (default: as it is)",
    )
    add(
        "--chunk",
        type=lengths,
        default={},
        metavar="y=512,x=512",
        help="other chunks, for which all has to be decoded (default: as they are)",
    )
    add(
        "--codec",
        metavar="NAME[:LEVEL]",
        help="another compression, for which all has to be decoded: blosc-zstd:1, "
        "gzip, none … (default: as it is)",
    )
    add(
        "--order",
        choices=("morton", "C"),
        default="morton",
        help="of the chunks in a shard: neighbours near each other (default), or the "
        "last axis fastest",
    )
    add(
        "--index",
        choices=("end", "start"),
        default="end",
        help="where in a shard its index is (default: end)",
    )
    add("--overwrite", action="store_true", help="an OME-Zarr image may be replaced")
    add("--dry-run", action="store_true", help="say what would be done, and end")
    add(
        "--memory",
        type=nbytes,
        default=10**9,
        metavar="1GB",
        help="that decoding may take (default: 1GB)",
    )
    add("--workers", type=count, metavar="N", help="how many tasks at a time")


def reshard(options: argparse.Namespace) -> int:
    """Plan, tell, and write; return 0, or 1 for a plan that is not possible."""
    from napari_ngff.dataset.reshard import execute, plan_reshard

    shown = plain(options.target or options.source, limit=1024)
    if bool(options.target) == options.in_place:
        reason = "it is not said where it goes. Give either DST or --in-place"
        raise CannotSave(shown, reason)
    try:
        chosen = _chosen(options)
    except ValueError as error:
        raise CannotSave(shown, plain(str(error))) from error
    plan = _advised(plan_reshard(options.source, options.target, chosen))
    if options.dry_run:
        sys.stdout.write(f"{plan.text}\n")
        return 1 if plan.obstacles else 0
    if not plan.obstacles:
        sys.stdout.write(f"{plan.text}\n")
        sys.stdout.flush()
    with telling() as progress:
        done = execute(plan, progress=progress)
    for problem in done.problems[len(plan.problems) :]:
        sys.stderr.write(f"Note: {plain(problem.message, limit=1024)}\n")
    sys.stdout.write(f"Saved: {plain(str(done.target), limit=4096)}\n")
    return 0


def _chosen(options: argparse.Namespace) -> ReshardOptions:
    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.storage.chunks.compression import compression_of

    return ReshardOptions(
        shard="same" if options.shard is None else options.shard,
        chunk=options.chunk,
        compression=compression_of(options.codec) if options.codec else None,
        order=options.order,
        index=options.index,
        existing="replace" if options.overwrite else "refuse",
        memory=options.memory,
        workers=options.workers,
    )


def _advised(plan: ReshardPlan) -> ReshardPlan:
    """Return a plan whose obstacles say how they are overcome here."""
    obstacles = tuple(
        replace(problem, message=f"{problem.message} {_ADVICE[problem.kind]}")
        if problem.kind in _ADVICE
        else problem
        for problem in plan.obstacles
    )
    return replace(plan, obstacles=obstacles)
