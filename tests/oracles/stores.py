"""The images that are compared: other tools' stores, and ours with nothing wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.build import build_image

if TYPE_CHECKING:
    from collections.abc import Iterator

STORES = Path(__file__).resolve().parents[3] / "shared" / "stores"

_CHANNELS = {
    "channels": [
        {
            "color": color,
            "label": label,
            "active": True,
            "window": {"start": 0, "end": 900, "min": 0, "max": 65535},
        }
        for label, color in (("nuclei", "0000FF"), ("µ-tubules", "00FF00"))
    ]
}
_OUTER = [
    {"type": "scale", "scale": [1.0, 3.0, 0.5, 0.25]},
    {"type": "translation", "translation": [0.0, 10.0, 20.0, 30.5]},
]
_TCZYX = {"axes": "tczyx", "shape": (2, 2, 4, 16, 16)}
_CHANNEL_LAST: dict[str, Any] = {"axes": "yxc", "shape": (32, 24, 3), "dtype": "uint8"}

GENERATED: dict[str, dict[str, Any]] = {
    "v01": {"version": "0.1", **_TCZYX},
    "v02": {"version": "0.2", **_TCZYX},
    "v03": {"version": "0.3", **_TCZYX},
    "v04": {"version": "0.4", **_TCZYX, "omero": _CHANNELS},
    "v05": {"version": "0.5", **_TCZYX, "omero": _CHANNELS},
    "v06": {"version": "0.6", **_TCZYX},
    "v04-2d": {"version": "0.4", "axes": "yx", "shape": (33, 17)},
    "v05-3d": {"version": "0.5", "axes": "zyx", "shape": (5, 33, 17), "levels": 3},
    "v04-labels": {"version": "0.4", "labels": {"cells": {}, "nuclei": {}}},
    "v05-labels": {"version": "0.5", "labels": {"cells": {}}},
    "v04-translation": {"version": "0.4", "translation": [0.0, 5.0, -0.125, 1e6]},
    "v05-translation": {"version": "0.5", "translation": [0.0, 5.0, -0.125, 1e6]},
    "v04-outer": {"version": "0.4", "multiscale_transforms": _OUTER},
    "v05-outer": {"version": "0.5", "multiscale_transforms": _OUTER},
    "v05-sharded": {"version": "0.5", "chunks": (1, 2, 8, 8), "shards": (1, 4, 16, 16)},
    "v05-float": {"version": "0.5", "dtype": "float32"},
    "v04-big-endian": {"version": "0.4", "dtype": ">u2"},
    "v04-dots": {"version": "0.4", "separator": "."},
    "v04-raw": {"version": "0.4", "compression": "none"},
    "v04-fine": {"version": "0.4", "scale": [1.0, 1e-4, 1.234567891e-5, 3e-7]},
    "v04-channel-last": {"version": "0.4", **_CHANNEL_LAST},
}


def generate(folder: Path) -> Path:
    """Write the generated stores into `folder`; returns it."""
    for name, options in GENERATED.items():
        build_image(folder / name, **options)
    return folder


def images(folder: Path) -> Iterator[str]:
    """Find the groups with ``multiscales`` below `folder`, as paths relative to it."""
    for file in sorted([*folder.rglob(".zattrs"), *folder.rglob("zarr.json")]):
        attributes = json.loads(file.read_bytes())
        if file.name == "zarr.json":
            attributes = attributes.get("attributes", {})
        if "multiscales" in attributes.get("ome", attributes):
            yield file.parent.relative_to(folder).as_posix()
