"""The verb ``save``: its arguments, and how far it is.

Knows how choices are typed; what they lead to is in `dataset`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from napari_ngff.cli_progress import telling
from napari_ngff.cli_values import count, lengths, nbytes, numbers, shards
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave

if TYPE_CHECKING:
    import argparse

    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.save_plan import SavePlan

_ADVICE = {
    "target-taken": "--overwrite replaces it.",
    "old-labels": "--old-labels drop leaves them out.",
}


def add_arguments(parser: argparse.ArgumentParser, place: str) -> None:
    """Add the arguments of the verb; `place` says what can be opened."""
    add = parser.add_argument
    add("source", metavar="SRC", help=place)
    add("target", metavar="DST", help="a folder, or a file that ends in .ozx")
    add(
        "--version",
        choices=("0.4", "0.5", "0.6"),
        default="0.5",
        help="of OME-Zarr; 0.4 is Zarr format 2 (default: 0.5)",
    )
    add("--container", choices=("directory", "ozx"), help="default: by the suffix")
    add(
        "--several",
        choices=("beside", "series"),
        default="beside",
        help="several images: each a store beside the others, named DST_IMAGE "
        "(default), or all in one store",
    )
    add("--overwrite", action="store_true", help="an OME-Zarr image may be replaced")
    add("--name", help="what the image is called")
    add("--axes", help="of a bare array: such as czyx")
    add("--scale", type=numbers, metavar="z=2,y=0.5,x=0.5", help="of a bare array")
    add("--units", metavar="UNIT", help="of a bare array's axes of space")
    add("--plan", action="store_true", help="say what would be written, and end")
    _add_losses(parser)
    _add_storage(parser)


def _add_losses(parser: argparse.ArgumentParser) -> None:
    """Add what becomes of that which has no place."""
    add = parser.add_argument
    add(
        "--old-labels",
        choices=("keep", "drop"),
        default="keep",
        help="labels of a replaced image that SRC lacks (default: keep)",
    )
    add(
        "--on-loss",
        choices=("warn", "raise"),
        default="warn",
        help="what cannot be saved is told (default), or keeps all from being saved",
    )
    add(
        "--affine",
        choices=("raise", "resample", "drop"),
        default="raise",
        help="a turned or sheared image in 0.4 and 0.5: refuse (default), compute its "
        "pixels anew, or save it without the turn",
    )


def _add_storage(parser: argparse.ArgumentParser) -> None:
    """Add how pixels are stored, and what that may take."""
    add = parser.add_argument
    add(
        "--levels",
        type=count,
        metavar="N",
        help="how many (default: till a plane fits one chunk)",
    )
    add(
        "--method",
        choices=("mean", "strided"),
        default="mean",
        help="coarser levels: the mean of pixels (default), or every second one",
    )
    add(
        "--label-method",
        choices=("mode", "nearest"),
        default="mode",
        help="coarser levels of labels: what most pixels are (default), or every "
        "second one",
    )
    add(
        "--chunks",
        type=lengths,
        default={},
        metavar="z=1,y=512,x=512",
        help="what is read at once, in pixels; axes that are not named as by default",
    )
    add(
        "--shards",
        type=shards,
        default={},
        metavar="z=64,y=1024",
        help="what is one file, in pixels; 'none': one file for each chunk",
    )
    add("--codec", metavar="NAME[:LEVEL]", help="such as blosc-zstd:1, gzip, none")
    add(
        "--check",
        choices=("sample", "all"),
        default="sample",
        help="all files are read again, and one chunk of each (default) or every one "
        "decoded and compared",
    )
    add(
        "--memory",
        type=nbytes,
        default=10**9,
        metavar="1GB",
        help="that may be taken, whatever the size of the image (default: 1GB)",
    )
    add("--workers", type=count, metavar="N", help="how many tasks at a time")


def save(options: argparse.Namespace) -> int:
    """Plan, tell what is lost, and write; return 0, or 1 for an impossible plan."""
    from napari_ngff.dataset.read import read
    from napari_ngff.dataset.saving.from_nodes import images_of
    from napari_ngff.dataset.saving.options import check_name
    from napari_ngff.dataset.saving.plan import make_plan
    from napari_ngff.dataset.saving.plan_text import plan_lines
    from napari_ngff.dataset.saving.save_plan import with_advice
    from napari_ngff.dataset.write import check, execute

    node = read(options.source)
    try:
        images, lost = images_of(
            node, axes=options.axes, scale=options.scale, units=options.units
        )
        chosen = _chosen(options)
        check_name(chosen, images)
    except ValueError as error:
        raise CannotSave(
            plain(options.target, limit=1024), plain(str(error))
        ) from error
    plan = with_advice(
        make_plan(images, options.target, chosen, problems=lost), _ADVICE
    )
    if options.plan:
        sys.stdout.write("\n".join([*plan_lines(plan), ""]))
        return 1 if plan.obstacles else 0
    check(plan)
    _tell_problems(plan)
    with telling() as progress:
        paths = execute(plan, progress=progress)
    for path in paths:
        sys.stdout.write(f"Saved: {plain(str(path), limit=4096)}\n")
    return 0


def _chosen(options: argparse.Namespace) -> SaveOptions:
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.storage.chunks.compression import compression_of

    return SaveOptions(
        version=options.version,
        container=options.container,
        suffix="as-given",
        several=options.several,
        existing="replace" if options.overwrite else "refuse",
        old_labels=options.old_labels,
        on_loss=options.on_loss,
        affine=options.affine,
        levels=options.levels,
        method=options.method,
        label_method=options.label_method,
        chunks=options.chunks,
        shards=options.shards,
        compression=compression_of(options.codec) if options.codec else None,
        check=options.check,
        memory=options.memory,
        workers=options.workers,
        name=options.name,
    )


def _tell_problems(plan: SavePlan) -> None:
    for problem in plan.problems:
        where = f"{plain(problem.node)}: " if problem.node else ""
        text = plain(problem.message, limit=1024)
        what = "Note" if problem.level == "info" else "Not saved as it is"
        sys.stderr.write(f"{what}: {where}{text}\n")
