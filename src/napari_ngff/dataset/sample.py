"""A sample image, written on the spot: how OME-Zarr 0.5 stores a recording of cells.

Knows levels, shards and the JSON; not how the pixels come about (`cells` does), nor
napari.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.dataset.cells import CELLS, record

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

NAME = "sample.ome.zarr"
SCALE_TCZYX = (30.0, 1.0, 0.5, 0.1625, 0.1625)
TRANSLATION_TCZYX = (0.0, 0.0, 2.0, 120.25, 340.5)
LEVELS = 3

_SHARD_CHUNKS = {"chunks": (1, 1, 4, 128, 128), "shards": (1, 1, 12, 256, 256)}
_UNITS = {"t": "second", "z": "micrometer", "y": "micrometer", "x": "micrometer"}
_TYPES = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}


def write_sample(folder: str | os.PathLike[str]) -> Path:
    """Write the sample image as ``sample.ome.zarr`` into `folder`.

    Parameters
    ----------
    folder
        An existing directory without a ``sample.ome.zarr``.

    Returns
    -------
    Path
        The store: OME-Zarr 0.5, axes t c z y x, uint16, sharded, three levels, with
        ``labels/nuclei`` (t z y x, uint16).

    Raises
    ------
    FileExistsError
        If the store is there already. It is not touched.
    """
    store = Path(folder) / NAME
    store.mkdir()
    image, labels = record()
    _write_pyramid(store, image, "tczyx", _mean)
    _write_pyramid(store / "labels" / "nuclei", labels, "tzyx", _most_frequent)
    _write_group(store, _image_attributes())
    _write_group(store / "labels", {"labels": ["nuclei"]})
    _write_group(store / "labels" / "nuclei", _label_attributes())
    return store


@cache
def sample_of_process() -> Path:
    """Write the sample image once; it is deleted when the process ends."""
    return write_sample(_folder().name)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="napari-ngff-", ignore_cleanup_errors=True)


def _corners(array: NDArray[np.uint16]) -> list[NDArray[np.uint16]]:
    """Return the four pixels of each 2 by 2 block of y and x."""
    return [array[..., row::2, column::2] for row in (0, 1) for column in (0, 1)]


def _mean(array: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Halve y and x by the mean, rounded half to even."""
    mean = np.mean(_corners(array), axis=0, dtype=np.float64)
    return np.rint(mean).astype(np.uint16)


def _most_frequent(array: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Halve y and x by the most frequent value; the first of equals."""
    a, b, c, d = _corners(array)
    second = np.where((b == c) | (b == d), b, np.where(c == d, c, a))
    return np.where((a == b) | (a == c) | (a == d), a, second)


def _write_pyramid(
    group: Path, array: NDArray[np.uint16], axes: str, halve: Any
) -> None:
    """Write the levels of `array` as ``group/0``, ``group/1`` …."""
    import zarr

    keep = ["tczyx".index(axis) for axis in axes]
    for level in range(LEVELS):
        size = array.shape
        shard = [_SHARD_CHUNKS["shards"][i] for i in keep]
        shard = [min(a, b) for a, b in zip(shard, size, strict=True)]
        chunk = [_SHARD_CHUNKS["chunks"][i] for i in keep]
        chunk = [min(a, b) for a, b in zip(chunk, shard, strict=True)]
        target = zarr.create_array(
            store=str(group / str(level)),
            shape=size,
            dtype=array.dtype,
            chunks=tuple(chunk),
            shards=tuple(shard),
            dimension_names=list(axes),
            zarr_format=3,
        )
        target[...] = array
        if level + 1 < LEVELS:
            array = halve(array)


def _write_group(folder: Path, ome: dict[str, Any]) -> None:
    """Write a group's ``zarr.json``."""
    attributes = {"ome": {"version": "0.5", **ome}}
    document = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    (folder / "zarr.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def _multiscale(name: str, axes: str, method: str) -> dict[str, Any]:
    """Return one entry of ``multiscales``: pixel centres stay where they are."""
    keep = ["tczyx".index(axis) for axis in axes]
    datasets = []
    for level in range(LEVELS):
        factor = [2**level if axis in "yx" else 1 for axis in axes]
        fine = [SCALE_TCZYX[i] for i in keep]
        scale = [s * f for s, f in zip(fine, factor, strict=True)]
        shift = [(f - 1) / 2 * s for s, f in zip(fine, factor, strict=True)]
        start = [TRANSLATION_TCZYX[i] for i in keep]
        transforms = [
            {"type": "scale", "scale": scale},
            {
                "type": "translation",
                "translation": [a + b for a, b in zip(start, shift, strict=True)],
            },
        ]
        datasets.append({"path": str(level), "coordinateTransformations": transforms})
    return {
        "name": name,
        "axes": [
            {"name": axis, "type": _TYPES[axis]}
            | ({"unit": _UNITS[axis]} if axis in _UNITS else {})
            for axis in axes
        ],
        "datasets": datasets,
        "type": method,
        "metadata": {"description": f"blocks of 2 by 2 pixels in y and x, by {method}"},
    }


def _image_attributes() -> dict[str, Any]:
    """Return the ``ome`` object of the image's group."""
    names = [("DNA", "0096FF", 1100), ("tubulin", "FFA000", 700)]
    channels = [
        {
            "label": label,
            "color": color,
            "active": True,
            "window": {"min": 0, "max": 4095, "start": 110, "end": end},
        }
        for label, color, end in names
    ]
    return {
        "multiscales": [_multiscale("sample", "tczyx", "mean")],
        "omero": {
            "channels": channels,
            "rdefs": {"defaultT": 0, "defaultZ": 5, "model": "color"},
        },
    }


def _label_attributes() -> dict[str, Any]:
    """Return the ``ome`` object of the labels' group."""
    hues = np.random.default_rng(1).integers(64, 256, size=(CELLS, 3))
    values = range(1, CELLS + 1)
    return {
        "multiscales": [_multiscale("nuclei", "tzyx", "mode")],
        "image-label": {
            "colors": [
                {"label-value": value, "rgba": [*map(int, hues[value - 1]), 255]}
                for value in values
            ],
            "properties": [
                {"label-value": value, "class": "mitotic" if value == 5 else "resting"}
                for value in values
            ],
            "source": {"image": "../../"},
        },
    }
