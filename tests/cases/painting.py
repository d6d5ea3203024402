"""Label images stored in many ways, painted on, and judged by zarr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import zarr

from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.painting.edits import Edit, see
from napari_ngff.dataset.read import read
from napari_ngff.storage.pyramids.downsample import reduce

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NODE = "labels/cells"


def objects(shape: tuple[int, ...], dtype: str = "u2", seed: int = 0) -> NDArray[Any]:
    """Labels that have background, large and small objects."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 6, [-(-n // 7) for n in shape])
    for axis, n in enumerate(shape):
        coarse = np.repeat(coarse, 7, axis=axis).take(np.arange(n), axis=axis)
    dots = (rng.random(shape) < 0.02) * 9
    return np.where(dots > 0, dots, coarse).astype(dtype)


def pyramid(
    pixels: NDArray[Any],
    factors: tuple[int, ...],
    *,
    levels: int = 3,
    method: Any = "mode",
    rest: str = "kept",
) -> list[NDArray[Any]]:
    """Return all levels; `rest` "cut": what is left over at the end is left out."""
    found = [pixels]
    while len(found) < levels:
        finer = found[-1]
        coarser = reduce(finer, factors, method)
        if rest == "cut":
            sizes = zip(finer.shape, factors, strict=True)
            coarser = coarser[tuple(slice(n // k) for n, k in sizes)]
        found.append(coarser)
    return found


def attributes(axes: str, levels: int, version: str, said: str | None) -> Any:
    """Return the attributes of a label group and of the groups around it."""
    space = [{"name": a, "type": "time" if a == "t" else "space"} for a in axes]
    datasets = [
        {
            "path": str(i),
            "coordinateTransformations": [
                {"type": "scale", "scale": [float(2**i)] * len(axes)}
            ],
        }
        for i in range(levels)
    ]
    entry = {"axes": space, "datasets": datasets, "name": "cells"}
    if said is not None:
        entry["type"] = said
    colors = [{"label-value": 1, "rgba": [1, 2, 3, 255], "mine": "kept"}]
    label = {"colors": colors, "source": {"image": "../../"}, "theirs": 5}
    blocks = {"multiscales": [entry], "image-label": label}
    if version == "0.4":
        return {**blocks, "other": 1}
    return {"ome": {"version": version, **blocks}, "other": 1}


def store(
    path: Path,
    levels: list[NDArray[Any]],
    *,
    axes: str = "zyx",
    zarr_format: Any = 3,
    said: str | None = None,
    **settings: Any,
) -> Path:
    """Write a label image with zarr, its arrays made with some settings."""
    version = "0.4" if zarr_format == 2 else "0.5"
    root = zarr.open_group(path, mode="w", zarr_format=zarr_format)
    names = {"labels": ["cells"]}
    labels = root.create_group("labels")
    labels.attrs.update(names if version == "0.4" else {"ome": names})
    group = labels.create_group("cells")
    group.attrs.update(attributes(axes, len(levels), version, said))
    for number, pixels in enumerate(levels):
        array = group.create_array(
            str(number), shape=pixels.shape, **{"dtype": pixels.dtype, **settings}
        )
        array[...] = pixels
    return path


def labels_of(path: Path, node: str = NODE) -> LabelData:
    """Open the label image."""
    found = read(path / node)
    if isinstance(found, ImageData):
        [found] = found.labels
    assert isinstance(found, LabelData)
    return found


def copy_of(
    label: LabelData, box: tuple[slice, ...] | None = None, **settings: Any
) -> Edit:
    """Make a copy of some pixels, to be painted on."""
    array: Any = label.image.levels[0]
    box = box or tuple(slice(0, n) for n in array.shape)
    pixels = np.asarray(array[box]).copy()
    seen = see(
        pixels,
        start=[part.start for part in box],
        shape=array.shape,
        chunks=array.source.chunks,
    )
    image = label.image
    path = image.multiscale.levels[0].path
    return Edit(
        store=image.store,
        node=image.node,
        index=image.index,
        level=path,
        pixels=pixels,
        seen=seen,
        **settings,
    )


def stored(path: Path, node: str = NODE) -> list[NDArray[Any]]:
    """Read all levels with zarr."""
    folders = (file.name for file in (path / node).iterdir() if file.is_dir())
    names = sorted((name for name in folders if name.isdigit()), key=int)
    return [
        np.asarray(zarr.open_array(path / node / name, mode="r")[...]) for name in names
    ]


def inodes(path: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every file."""
    found = {}
    for file in path.rglob("*"):
        if file.is_file():
            state = file.stat()
            name = file.relative_to(path).as_posix()
            found[name] = (state.st_ino, state.st_mtime_ns)
    return found
