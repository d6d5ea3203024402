"""Zarr stores with an image, a label and pixels, which say nothing of OME-Zarr."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

PIXELS = np.arange(12, dtype="<u2").reshape(3, 4)


def put(path: Path, document: Any) -> None:
    """Write a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


def make_v3(root: Path) -> Path:
    """Write an image with a label and a level of pixels in format 3."""
    for node in ("", "labels", "labels/cells"):
        attributes = {"node": node}
        group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
        put(root / node / "zarr.json", group)
    for node in ("0", "labels/cells/0"):
        put(
            root / node / "zarr.json",
            {
                "zarr_format": 3,
                "node_type": "array",
                "shape": [3, 4],
                "data_type": "uint16",
                "chunk_grid": {
                    "name": "regular",
                    "configuration": {"chunk_shape": [3, 4]},
                },
                "chunk_key_encoding": {"name": "default"},
                "fill_value": 0,
                "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
            },
        )
        (root / node / "c" / "0").mkdir(parents=True)
        (root / node / "c" / "0" / "0").write_bytes(PIXELS.tobytes())
    return root


def make_v2(root: Path) -> Path:
    """Write the same in format 2."""
    for node in ("", "labels", "labels/cells"):
        put(root / node / ".zgroup", {"zarr_format": 2})
        put(root / node / ".zattrs", {"node": node})
    for node in ("0", "labels/cells/0"):
        put(
            root / node / ".zarray",
            {
                "zarr_format": 2,
                "shape": [3, 4],
                "chunks": [3, 4],
                "dtype": "<u2",
                "compressor": None,
                "fill_value": "0",
                "filters": [],
                "order": "C",
                "dimension_separator": "/",
            },
        )
        (root / node / "0").mkdir()
        (root / node / "0" / "0").write_bytes(PIXELS.tobytes())
    return root


MAKERS = {"v2": make_v2, "v3": make_v3}


def zipped(image: Path, target: Path, prefix: str = "") -> Path:
    """Put a store into an archive."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(image.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + file.relative_to(image).as_posix())
    return target
