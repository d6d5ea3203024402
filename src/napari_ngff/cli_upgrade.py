"""The verb ``upgrade``: its arguments, and what it says.

Knows how a version is typed; what an upgrade does is in `dataset.upgrade`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("path", help="a local OME-Zarr store, or something in it")
    parser.add_argument(
        "--to",
        choices=("0.4", "0.5", "0.6"),
        required=True,
        help="the version of OME-Zarr that all of the store is to have; an older one "
        "where nothing is lost",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say which documents would be written and removed, and end",
    )


def upgrade(options: argparse.Namespace) -> int:
    """Give a store another version, and say what was done; see `cli` for the code."""
    from napari_ngff.dataset.upgrade import upgrade

    done = upgrade(options.path, options.to, dry_run=options.dry_run)
    for line in (*done.text.splitlines(), *map(str, done.problems)):
        sys.stdout.write(f"{plain(line, limit=2048)}\n")
    return 1 if done.obstacles else 0
