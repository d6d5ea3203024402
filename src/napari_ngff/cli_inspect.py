"""The verb ``inspect``: its arguments, and what it says.

Knows terminals; what is found is in `dataset.layout`.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from napari_ngff.dataset.layout import Check


def add_arguments(parser: argparse.ArgumentParser, place: str) -> None:
    """Add the arguments of the verb; `place` says what a path may be."""
    add = parser.add_argument
    add("path", help=f"{place}, or an array inside of it")
    add("--json", action="store_true", help="as one JSON object")
    add(
        "--level",
        type=int,
        action="append",
        help="a level of the image, the finest being 0; as often as you like",
    )
    add(
        "--check",
        action="store_true",
        help="are the files whole: indices, sizes, files that belong to nothing",
    )
    add(
        "--decode",
        action="store_true",
        help="like --check, and decode every chunk, which takes as long as reading all",
    )


def inspect(options: argparse.Namespace) -> int:
    """Say how an image is stored; see `cli` for the code: 1, something is damaged."""
    from napari_ngff.dataset.layout import inspect

    check: Check = "files" if options.check else "none"
    layout = inspect(
        options.path,
        check="decode" if options.decode else check,
        levels=options.level,
        progress=_told if sys.stderr.isatty() else None,
    )
    if options.json:
        text = json.dumps(layout.to_json(), indent=2, ensure_ascii=False)
    else:
        text = layout.text()
    sys.stdout.write(f"{text}\n")
    return 0 if layout.sound else 1


def _told(fraction: float) -> None:
    end = "\n" if fraction >= 1 else ""
    sys.stderr.write(f"\rLooking at files: {fraction:4.0%}{end}")
    sys.stderr.flush()
