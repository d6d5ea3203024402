"""An image with labels that is re-sharded as a whole, and all that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.build import build_image
from cases.resharding import chunk_bytes

if TYPE_CHECKING:
    from pathlib import Path

SHARD = {"z": 4, "y": 16, "x": 16}
ARRAYS = ("0", "1", "labels/cells/0", "labels/cells/1")


def an_image(path: Path, **options: Any) -> Path:
    """Write an image of two levels with a label image, in chunks of a quarter plane."""
    return build_image(
        path,
        chunks=options.pop("chunks", (1, 1, 8, 8)),
        labels={"cells": {"chunks": (1, 8, 8)}},
        **options,
    )


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file, with its bytes."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def chunks_of(folder: Path) -> dict[str, dict[tuple[int, ...], bytes]]:
    """Return the bytes of all chunks of all arrays."""
    return {node: chunk_bytes(folder / node) for node in ARRAYS}
