"""A sample image, written on the spot: how OME-Zarr 0.5 stores a recording of cells.

Knows levels, shards and what the metadata say; not how the pixels come about (`cells`
does), how the metadata are written (`metadata.writing`), nor napari.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.dataset.cells import CELLS, record
from napari_ngff.metadata.axes import default_axes
from napari_ngff.metadata.geometry import level_transform
from napari_ngff.metadata.model import (
    Channel,
    Group,
    ImageLabel,
    Level,
    Multiscale,
    Rendering,
    Window,
)
from napari_ngff.metadata.transforms import Identity, Scale, Sequence, Translation
from napari_ngff.metadata.writing import write_group

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

NAME = "sample.ome.zarr"
SCALE_TCZYX = (30.0, 1.0, 0.5, 0.1625, 0.1625)
TRANSLATION_TCZYX = (0.0, 0.0, 2.0, 120.25, 340.5)
LEVELS = 3

_SHARD_CHUNKS = {"chunks": (1, 1, 4, 128, 128), "shards": (1, 1, 12, 256, 256)}
_UNITS = ("second", None, "micrometer", "micrometer", "micrometer")
_AXES_TCZYX = tuple(
    replace(axis, unit=unit) for axis, unit in zip(default_axes(5), _UNITS, strict=True)
)
_EMPTY = Group(version=None, dialect="0.5")


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
    _write_group(store, _image_group())
    _write_group(store / "labels", replace(_EMPTY, labels=("nuclei",)))
    _write_group(store / "labels" / "nuclei", _label_group())
    return store


@cache
def sample_of_process() -> Path:
    """Write the sample image once; it is deleted when the process ends."""
    return write_sample(_folder().name)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="napari-ngff-", ignore_cleanup_errors=True)


def goes_with_process(path: Path) -> bool:
    """Tell whether a path is in the folder that is deleted when the process ends."""
    made = _folder.cache_info().currsize > 0
    return made and path.resolve().is_relative_to(Path(_folder().name).resolve())


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


def _write_group(folder: Path, group: Group) -> None:
    """Write a group's ``zarr.json``."""
    attributes = write_group(group, "0.5")
    document = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    (folder / "zarr.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def _multiscale(name: str, names: str, method: str) -> Multiscale:
    """Return the model of a pyramid: pixel centres stay where they are."""
    keep = ["tczyx".index(axis) for axis in names]
    scale, start = ([v[i] for i in keep] for v in (SCALE_TCZYX, TRANSLATION_TCZYX))
    levels = []
    for level in range(LEVELS):
        factors = [2**level if axis in "yx" else 1 for axis in names]
        size, offset = level_transform(scale, start, factors, "mean")
        transform = Sequence((Scale(size), Translation(offset)))
        levels.append(Level(path=str(level), transform=transform))
    return Multiscale(
        name=name,
        axes=tuple(_AXES_TCZYX[i] for i in keep),
        levels=tuple(levels),
        transform=Identity(),
        method=method,
        metadata={"description": f"blocks of 2 by 2 pixels in y and x, by {method}"},
    )


def _image_group() -> Group:
    """Return what the image's group says."""
    names = [("DNA", "0096FF", 1100), ("tubulin", "FFA000", 700)]
    channels = [
        Channel(
            label=label,
            color=color,
            active=True,
            window=Window(min=0, max=4095, start=110, end=end),
        )
        for label, color, end in names
    ]
    return replace(
        _EMPTY,
        multiscales=(_multiscale("sample", "tczyx", "mean"),),
        rendering=Rendering(
            channels=tuple(channels), default_t=0, default_z=5, model="color"
        ),
    )


def _label_group() -> Group:
    """Return what the labels' group says."""
    hues = np.random.default_rng(1).integers(64, 256, size=(CELLS, 3)).tolist()
    cells = dict(enumerate(hues, 1))
    return replace(
        _EMPTY,
        multiscales=(_multiscale("nuclei", "tzyx", "mode"),),
        image_label=ImageLabel(
            colors={cell: (r, g, b, 255) for cell, (r, g, b) in cells.items()},
            properties={
                cell: {"class": "mitotic" if cell == 5 else "resting"} for cell in cells
            },
            source="../../",
        ),
    )
