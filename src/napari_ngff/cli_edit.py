"""The verb ``edit``: its arguments, and what it says.

Knows how wishes are typed; what they change is in `dataset.edit`.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from napari_ngff.cli_pairs import pairs
from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.editing.patching import Patch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    add = parser.add_argument
    add("path", help="a local OME-Zarr store, or an image in it")
    add("--name", help="what the image is called")
    add(
        "--axis",
        action="append",
        type=_members,
        default=[],
        metavar="z:unit=micrometer,type=space",
        help="name, type, unit, longName, discrete or orientation of an axis",
    )
    add(
        "--keep",
        choices=("number", "size"),
        default="number",
        help="what stays under another unit: the numbers (default), or the sizes that "
        "they mean, for which numbers are converted",
    )
    add(
        "--pixel-size",
        type=pairs,
        default={},
        metavar="z=2,y=0.5,x=0.5",
        help="of the finest level; the others and what is between them follow",
    )
    add(
        "--origin",
        type=pairs,
        default={},
        metavar="z=0,y=100,x=100",
        help="where the first pixel's centre is",
    )
    add(
        "--channel",
        action="append",
        type=_members,
        default=[],
        metavar="0:name=DAPI,color=0000FF",
        help="name, color, active, window.start … of a channel",
    )
    add(
        "--channel-order",
        type=_numbers,
        metavar="2,0,1",
        help="the order in which channels are shown above each other, the lowest first",
    )
    add(
        "--fix",
        action="append",
        default=[],
        metavar="KIND",
        help="remedy the problems of a kind that validate tells; all: whatever has a "
        "sure remedy",
    )
    add(
        "--include",
        action="append",
        choices=("labels", "siblings"),
        default=[],
        help="edit the image's labels too; or the other fields of its plate or "
        "images of its series",
    )
    _add_ways(parser)


def _add_ways(parser: argparse.ArgumentParser) -> None:
    """Add what is done in place of saving."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--dry-run", action="store_true", help="print the difference, and end"
    )
    ways.add_argument(
        "--json-patch", action="store_true", help="print it as JSON, and end"
    )
    ways.add_argument("--undo", action="store_true", help="undo the last save")
    ways.add_argument(
        "--history", action="store_true", help="list the earlier versions that are kept"
    )


def edit(options: argparse.Namespace) -> int:
    """Edit, save, and say what changed; see `cli` for the code."""
    if options.history:
        return _history(options.path)
    if options.undo:
        return _undo(options.path)
    from napari_ngff.dataset.edit import edit

    patch = edit(
        options.path,
        name=options.name,
        axes=_merged(options.axis),
        keep=options.keep,
        pixel_size=options.pixel_size,
        origin=options.origin,
        channels=_merged(options.channel),
        channel_order=options.channel_order,
        fix=options.fix,
        include=options.include,
        dry_run=options.dry_run or options.json_patch,
    )
    if options.json_patch:
        sys.stdout.write(f"{patch.json_text}\n")
    else:
        _tell(patch)
    return 0


def _history(path: str) -> int:
    from napari_ngff.dataset.editing.restoring import history

    lines = [f"{one.when:%Y-%m-%d %H:%M:%S}  {one.note}" for one in history(path)]
    _say(lines or ["No earlier version is kept."])
    return 0


def _undo(path: str) -> int:
    from napari_ngff.dataset.editing.restoring import undo_last_save

    _tell(undo_last_save(path))
    return 0


def _tell(patch: Patch) -> None:
    """Print what changed; what else there is to tell goes where errors go."""
    _say(patch.text.splitlines())
    for problem in patch.told:
        sys.stderr.write(f"{plain(problem.message, limit=2048)}\n")


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{plain(line, limit=2048)}\n")


def _members(text: str) -> tuple[str, dict[str, str]]:
    """Return ``z:unit=micrometer,type=space`` as a name and what is said of it."""
    name, colon, rest = text.partition(":")
    if not (name and colon):
        message = f"{plain(text)!r} does not begin with a name and a colon, such as z:"
        raise argparse.ArgumentTypeError(message)
    return name.strip(), pairs(rest)


def _merged(
    given: Sequence[tuple[str, dict[str, str]]],
) -> dict[str, dict[str, str]]:
    """Return what is said of each name, which may be given more than once."""
    found: dict[str, dict[str, str]] = {}
    for name, members in given:
        found.setdefault(name, {}).update(members)
    return found


def _numbers(text: str) -> tuple[int, ...]:
    """Return ``2,0,1`` as numbers."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        message = f"{plain(text)!r} is not the numbers of channels, such as 2,0,1"
        raise argparse.ArgumentTypeError(message) from error
