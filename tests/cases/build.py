"""OME-Zarr stores of any version, written as JSON and chunks.

The pixels of every image are `pixels(shape, dtype)`; each coarser level is the mean
of blocks (labels: their first pixel), with the translation that belongs to it. So a
store built with the default arguments has nothing wrong with it.
"""

from __future__ import annotations

import zipfile
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from cases.arrays import Compression, write_array, write_group

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

TYPES = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}
UNITS = {"time": "second", "space": "micrometer"}
V3 = ("0.5", "0.6", "0.9")
COLORS = [
    {"label-value": value, "rgba": [85 * value, 0, 255 - 85 * value, 255]}
    for value in (1, 2, 3)
]
TEXTS = {"0.9": "0.9.dev1"}


def pixels(shape: Sequence[int], dtype: str = "uint16") -> npt.NDArray[Any]:
    """Pixels in which every position differs from its neighbours; none is zero."""
    kind = np.dtype(dtype)
    top = 200 if kind.itemsize == 1 and kind.kind in "iu" else 30_000
    top = 100 if kind == np.int8 else top
    values = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    return (values * 7 % top + 1).astype(kind)


def label_pixels(shape: Sequence[int], dtype: str = "uint16") -> npt.NDArray[Any]:
    """Labels 0 to 3: quarters along the last two axes, the first one background."""
    grid = np.zeros(shape, dtype)
    last = grid.shape[-1]
    grid[..., last // 2 :] += 1
    if grid.ndim > 1:
        grid[..., grid.shape[-2] // 2 :, :] += 2
    return grid


def pyramid(
    data: npt.NDArray[Any],
    factors: Sequence[Sequence[int]],
    method: str = "mean",
) -> list[npt.NDArray[Any]]:
    """Levels of `data`: for each entry of `factors`, blocks of that many pixels.

    ``method`` is "mean" (blocks padded with their edge) or "first".
    """
    return [_reduce(data, factor, method) for factor in factors]


def _reduce(
    data: npt.NDArray[Any], factor: Sequence[int], method: str
) -> npt.NDArray[Any]:
    if all(f == 1 for f in factor):
        return data
    if method == "first":
        return data[tuple(slice(None, None, f) for f in factor)]
    pads = [(0, -s % f) for s, f in zip(data.shape, factor, strict=True)]
    padded = np.pad(data, pads, mode="edge")
    split: list[int] = []
    for size, f in zip(padded.shape, factor, strict=True):
        split += [size // f, f]
    means = padded.reshape(split).mean(tuple(range(1, 2 * data.ndim, 2)))
    return means.astype(data.dtype)


def axis_objects(axes: str | Sequence[Any]) -> list[Any]:
    """``"czyx"`` as axis objects with types and units; objects stay as they are."""
    return [_axis(a) if isinstance(a, str) else a for a in axes]


def _axis(name: str) -> dict[str, Any]:
    kind = TYPES.get(name)
    axis = {"name": name} | ({"type": kind} if kind else {})
    return axis | ({"unit": UNITS[kind]} if kind in UNITS else {})


def axis_name(axis: Any) -> str:
    """Name an axis given as a word or as an object."""
    return axis if isinstance(axis, str) else str(axis.get("name"))


def level_factors(axes: Sequence[Any], ndim: int, levels: int) -> list[list[int]]:
    """Downsampling per level and axis: halves of space (untyped: all but c and t)."""
    halved = [1 if _kind(a) in ("time", "channel") else 2 for a in axes]
    halved = (halved + [2] * ndim)[:ndim]
    return [[f**level for f in halved] for level in range(levels)]


def _kind(axis: Any) -> str | None:
    if isinstance(axis, str):
        return TYPES.get(axis)
    return axis.get("type") or TYPES.get(axis_name(axis))


def build_image(
    path: Path,
    *,
    version: str = "0.4",
    shape: Sequence[int] = (2, 4, 16, 16),
    axes: str | Sequence[Any] = "czyx",
    dtype: str = "uint16",
    data: npt.NDArray[Any] | None = None,
    chunks: Sequence[int] | None = None,
    shards: Sequence[int] | None = None,
    levels: int = 2,
    factors: Sequence[Sequence[int]] | None = None,
    method: str = "mean",
    scale: Sequence[float] | None = None,
    translation: Sequence[float] | None = None,
    transforms: Sequence[Any] | None = None,
    multiscale_transforms: Sequence[Any] | None = None,
    name: str | None = "image",
    omero: Mapping[str, Any] | None = None,
    labels: Mapping[str, Mapping[str, Any]] | None = None,
    image_label: Mapping[str, Any] | None = None,
    edit: Callable[[dict[str, Any]], Any] | None = None,
    version_text: str | None = None,
    zarr_format: int | None = None,
    bare: bool = False,
    separator: str | None = None,
    compression: Compression = "gzip",
    dimension_names: Sequence[str | None] | None = None,
    chunks_written: bool = True,
    array_changes: dict[str, Any] | None = None,
    array_attributes: dict[str, Any] | None = None,
) -> Path:
    """Write an image and return `path`.

    Of the arguments that may want a word:

    version
        "0.1" … "0.6" or "0.9": decides the layout of the document.
    shape, axes, dtype, data
        Of level 0. `axes` is a word of one-letter names, or a list of names and of
        axis objects, which are written as they are.
    levels, factors, method
        How many; downsampling per level and axis; "mean" or "first".
    scale, translation
        Of level 0; the other levels' follow. Default 0.5 for space, 2 for time.
    transforms
        In place of those: per level the ``coordinateTransformations`` (None: none).
    multiscale_transforms
        The ``coordinateTransformations`` of the multiscales entry.
    omero, image_label
        Blocks of the group's attributes.
    labels
        Name → arguments for `build_image` of a label image; axes and shape are the
        image's without the channel unless given.
    edit
        Is given the OME metadata (what is under ``ome``, or all attributes) to
        change it at the end; what it returns, if anything, is taken in its place.
    version_text
        Written as the version in place of `version`; "" writes none.
    zarr_format, bare
        Where they differ from the version's own: the Zarr format; no ``ome`` key.
    chunks_written
        False: metadata only.
    array_changes, array_attributes
        Laid over every array's metadata document; its attributes.
    """
    v3 = (zarr_format or (3 if version in V3 else 2)) == 3
    axes = list(axes)
    if data is None:
        data = (label_pixels if image_label is not None else pixels)(shape, dtype)
    shape = data.shape
    factors = factors or level_factors(axes, data.ndim, levels)
    arrays = pyramid(data, factors, "first" if image_label is not None else method)
    if transforms is None:
        transforms = _transforms(axes, shape, factors, scale, translation)
    multiscale = _multiscale(
        version, axes, name, method, transforms, multiscale_transforms
    )
    text = TEXTS.get(version, version) if version_text is None else version_text
    attributes: dict[str, Any] = {"multiscales": [deepcopy(multiscale)]}
    namespaced = v3 and not bare
    if text:
        (attributes if namespaced else attributes["multiscales"][0])["version"] = text
    if omero is not None:
        attributes["omero"] = deepcopy(dict(omero))
    if image_label is not None:
        attributes["image-label"] = deepcopy(dict(image_label))
    if edit is not None:
        attributes = edit(attributes) or attributes
    write_group(
        path,
        {"ome": attributes} if namespaced else attributes,
        zarr_format=3 if v3 else 2,
    )
    if dimension_names is None and v3:
        dimension_names = [axis_name(a) for a in axes]
    for index, array in enumerate(arrays):
        write_array(
            path / str(index),
            array if chunks_written else None,
            shape=array.shape,
            dtype=array.dtype.str,
            zarr_format=3 if v3 else 2,
            chunks=chunks or [min(s, 8) for s in array.shape],
            shards=shards,
            separator=separator or ("." if version == "0.1" else "/"),
            compression=compression,
            dimension_names=dimension_names,
            changes=array_changes,
            attributes=array_attributes,
        )
    if labels is not None:
        given = {"version": version, "levels": len(arrays), "zarr_format": zarr_format}
        _build_labels(path, labels, axes, shape, given | {"bare": bare}, v3, namespaced)
    return path


def _transforms(
    axes: Sequence[Any],
    shape: Sequence[int],
    factors: Sequence[Sequence[int]],
    scale: Sequence[float] | None,
    translation: Sequence[float] | None,
) -> list[Any]:
    default = {"space": 0.5, "time": 2.0}
    if scale is None:
        kinds = ([_kind(a) for a in axes] + [None] * len(shape))[: len(shape)]
        scale = [default.get(kind or "", 1.0) for kind in kinds]
    offset = translation or [0.0] * len(scale)
    out = []
    for factor in factors:
        scales = [s * f for s, f in zip(scale, factor, strict=True)]
        shifts = [
            o + 0.5 * (f - 1) * s for o, s, f in zip(offset, scale, factor, strict=True)
        ]
        steps: list[Any] = [{"type": "scale", "scale": scales}]
        if any(shifts):
            steps.append({"type": "translation", "translation": shifts})
        out.append(steps)
    return out


def _multiscale(
    version: str,
    axes: Sequence[Any],
    name: str | None,
    method: str,
    transforms: Sequence[Any],
    outer: Sequence[Any] | None,
) -> dict[str, Any]:
    multiscale: dict[str, Any] = {} if name is None else {"name": name}
    if version in ("0.6", "0.9"):
        system = {"name": "physical", "axes": axis_objects(axes)}
        multiscale["coordinateSystems"] = [system]
    elif version == "0.3":
        multiscale["axes"] = list(axes)
    elif version not in ("0.1", "0.2"):
        multiscale["axes"] = axis_objects(axes)
    datasets: list[dict[str, Any]] = []
    for index, steps in enumerate(transforms):
        dataset: dict[str, Any] = {"path": str(index)}
        if version not in ("0.1", "0.2", "0.3") and steps is not None:
            v06 = version in ("0.6", "0.9")
            dataset["coordinateTransformations"] = (
                [_edge(steps, str(index))] if v06 else steps
            )
        datasets.append(dataset)
    multiscale["datasets"] = datasets
    multiscale["type"] = method
    multiscale["metadata"] = {"description": "blocks of pixels, reduced to one"}
    if outer is not None:
        multiscale["coordinateTransformations"] = list(outer)
    return multiscale


def _edge(steps: Any, path: str) -> Any:
    """Make the one transformation of a 0.6 dataset; objects are taken as they are."""
    if isinstance(steps, dict):
        return steps
    ends = {"input": {"path": path}, "output": {"name": "physical"}}
    if len(steps) == 1:
        return steps[0] | ends
    return {"type": "sequence", "transformations": steps} | ends


def _build_labels(
    path: Path,
    labels: Mapping[str, Mapping[str, Any]],
    axes: Sequence[Any],
    shape: Sequence[int],
    given: dict[str, Any],
    v3: bool,
    namespaced: bool,
) -> None:
    listed: dict[str, Any] = {"labels": list(labels)}
    text = TEXTS.get(given["version"], given["version"])
    if namespaced:
        listed = {"ome": {"version": text} | listed}
    write_group(path / "labels", listed, zarr_format=3 if v3 else 2)
    keep = [i for i, a in enumerate(axes) if _kind(a) != "channel"]
    if given["version"] in ("0.1", "0.2"):
        keep = list(range(len(shape)))
    for name, options in labels.items():
        default = {
            "name": name,
            "axes": [axes[i] for i in keep],
            "shape": [shape[i] for i in keep],
            "dtype": "uint16",
            "image_label": {"version": text, "colors": COLORS},
        }
        build_image(path / "labels" / name, **(given | default | dict(options)))


def zip_store(folder: Path, target: Path, *, inside: str = "") -> Path:
    """Pack a store into one file, stored, metadata of the root first.

    `inside`: a folder name under which everything is put.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    files.sort(key=lambda p: (p.name != "zarr.json", len(p.parts)))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            name = file.relative_to(folder).as_posix()
            archive.write(file, f"{inside}/{name}" if inside else name)
    return target
