"""How each implementation is asked: ours, and the oracles.

Each function takes the path of an image's group and returns its `Answer`, or raises
what the implementation raises.
"""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import ngff_zarr
import numpy as np
import ome_zarr.classes
import ome_zarr.io
import ome_zarr.reader
import ome_zarr_models
import tensorstore
import yaozarrs
import zarr

import napari_ngff
from napari_ngff.dataset.nodes import CollectionData, ImageData, LabelData
from napari_ngff.metadata.transforms import matrix
from oracles.answers import Answer, digest, numbers, scale_and_translation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from napari_ngff.metadata.transforms import Transform


def ours(path: Path) -> Answer:
    """Ask napari-ngff, by the verb that its reader uses."""
    image = _image(napari_ngff.read(path), path)
    multiscale = image.multiscale
    ndim = len(multiscale.axes)
    own = [_diagonal(level.transform, ndim) for level in multiscale.levels]
    outer = _diagonal(multiscale.transform, ndim)
    rendering = image.group.rendering
    return Answer(
        axes=tuple(axis.name for axis in multiscale.axes),
        types=tuple(axis.type for axis in multiscale.axes),
        units=tuple(axis.unit for axis in multiscale.axes),
        scales=None if None in own else tuple(scale for scale, _ in own),
        translations=None if None in own else tuple(shift for _, shift in own),
        outer_scale=outer and outer[0],
        outer_translation=outer and outer[1],
        shapes=tuple(level.shape for level in image.levels),
        pixels=tuple(digest(level) for level in image.levels),
        channels=rendering and tuple(channel.label for channel in rendering.channels),
    )


def _image(node: Any, path: Path) -> ImageData:
    """Find the image of this very group: a label opens with the image it labels."""
    if isinstance(node, CollectionData):
        node = node.children[0]
    if isinstance(node, LabelData):
        return node.image
    for label in node.labels:
        if path.as_posix().endswith(label.image.node):
            return label.image
    return node


def _diagonal(transform: Transform, ndim: int) -> Any:
    rows = matrix(transform, ndim)
    if rows is None or rows.shape != (ndim + 1, ndim + 1):
        return None
    square = rows[:-1, :-1]
    if np.any(square != np.diag(np.diag(square))):
        return None
    return numbers(np.diag(square)), numbers(rows[:-1, -1])


def ask_ngff_zarr(path: Path) -> Answer:
    """Ask ngff-zarr: the images that it makes of the levels."""
    multiscales = ngff_zarr.from_ngff_zarr(path)
    images = multiscales.images
    dims = images[0].dims
    omero = multiscales.metadata.omero
    return Answer(
        axes=tuple(dims),
        units=tuple((images[0].axes_units or {}).get(dim) for dim in dims),
        scales=tuple(numbers([i.scale.get(d, 1.0) for d in dims]) for i in images),
        translations=tuple(
            numbers([i.translation.get(d, 0.0) for d in dims]) for i in images
        ),
        shapes=tuple(image.data.shape for image in images),
        pixels=tuple(_pixels([image.data for image in images])),
        channels=omero and tuple(channel.label for channel in omero.channels),
    )


def ask_ome_zarr_py(path: Path) -> Answer:
    """Ask ome-zarr-py: its reader, and for 0.6, which that does not know, its class."""
    if "coordinateSystems" in document(path)["multiscales"][0]:
        return _ask_ome_zarr_class(path)
    reader = ome_zarr.reader.Reader(ome_zarr.io.parse_url(path, mode="r"))
    node = next(n for n in reader() if n.zarr.basename() == path.name)
    axes = node.metadata["axes"]
    transforms = node.metadata.get("coordinateTransformations")
    names = node.metadata.get("channel_names")
    return Answer(
        **_axes(axes),
        **_levels(transforms, len(axes)),
        shapes=tuple(level.shape for level in node.data),
        pixels=tuple(_pixels(node.data)),
        channels=names and tuple(names),
    )


def _ask_ome_zarr_class(path: Path) -> Answer:
    images = ome_zarr.classes.OMEZarrMultiscale.from_ome_zarr(str(path)).images
    axes, units, types = images[0].axes, images[0].axes_units, images[0].axes_types
    return Answer(
        axes=tuple(axes),
        types=tuple((types or {}).get(axis) for axis in axes),
        units=tuple((units or {}).get(axis) for axis in axes),
        scales=tuple(numbers([i.scale[axis] for axis in axes]) for i in images),
        shapes=tuple(image.data.shape for image in images),
        pixels=tuple(_pixels([image.data for image in images])),
    )


def ask_yaozarrs(path: Path) -> Answer:
    """Ask yaozarrs: its model of the group."""
    return _model_answer(yaozarrs.open_group(path).ome_metadata())


def ask_ome_zarr_models(path: Path) -> Answer:
    """Ask ome-zarr-models: its model of the group."""
    group = ome_zarr_models.open_ome_zarr(zarr.open_group(path, mode="r"))
    attributes = group.attributes
    return _model_answer(getattr(attributes, "ome", attributes))


def ask_tensorstore(path: Path) -> Answer:
    """Ask tensorstore: the arrays that the document names."""
    arrays = []
    for dataset in document(path)["multiscales"][0]["datasets"]:
        folder = path / dataset["path"]
        driver = "zarr" if (folder / ".zarray").exists() else "zarr3"
        spec = {"driver": driver, "kvstore": {"driver": "file", "path": str(folder)}}
        arrays.append(tensorstore.open(spec, read=True).result())
    return Answer(
        shapes=tuple(array.shape for array in arrays),
        pixels=tuple(_pixels([_Readable(array) for array in arrays])),
    )


ORACLES: dict[str, Callable[[Path], Answer]] = {
    "ngff-zarr": ask_ngff_zarr,
    "ome-zarr-py": ask_ome_zarr_py,
    "ome-zarr-models": ask_ome_zarr_models,
    "tensorstore": ask_tensorstore,
    "yaozarrs": ask_yaozarrs,
}


def document(group: Path) -> dict[str, Any]:
    """Return the OME-Zarr attributes of a group, by the shortest way there is."""
    file = group / ".zattrs"
    if file.exists():
        return json.loads(file.read_bytes())
    attributes = json.loads((group / "zarr.json").read_bytes()).get("attributes", {})
    return attributes.get("ome", attributes)


class _Readable:
    """A tensorstore array with numpy's dtype."""

    def __init__(self, array: Any) -> None:
        self.array, self.shape, self.dtype = array, array.shape, array.dtype.numpy_dtype

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.array.read().result()


def _pixels(levels: Sequence[Any]) -> list[str | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dask and zarr about chunks and consolidation
        return [digest(level) for level in levels]


def _model_answer(model: Any) -> Answer:
    """Read a pydantic model of a group, as yaozarrs and ome-zarr-models have it."""
    content = model.model_dump(mode="json")
    multiscale = content["multiscales"][0]
    own = [d.get("coordinateTransformations") for d in multiscale["datasets"]]
    axes = multiscale.get("axes") or _intrinsic_axes(multiscale, own[0][0])
    steps = multiscale.get("coordinateTransformations")
    applied = None if multiscale.get("coordinateSystems") else steps
    outer = scale_and_translation(applied, len(axes))
    omero = content.get("omero")
    return Answer(
        **_axes(axes),
        **_levels(own, len(axes)),
        outer_scale=outer and outer[0],
        outer_translation=outer and outer[1],
        channels=omero and tuple(channel["label"] for channel in omero["channels"]),
    )


def _intrinsic_axes(multiscale: Any, transform: Any) -> list[Any]:
    """Find the axes of the system that the levels are mapped to (0.6)."""
    name = transform["output"]["name"]
    systems = multiscale["coordinateSystems"]
    return next(system["axes"] for system in systems if system["name"] == name)


def _axes(axes: Sequence[Any]) -> dict[str, Any]:
    objects = [{"name": axis} if isinstance(axis, str) else axis for axis in axes]
    return {
        "axes": tuple(axis["name"] for axis in objects),
        "types": tuple(axis.get("type") for axis in objects),
        "units": tuple(axis.get("unit") for axis in objects),
    }


def _levels(transforms: Sequence[Any] | None, ndim: int) -> dict[str, Any]:
    if not transforms or None in transforms:
        return {}
    own = [scale_and_translation(_flat(steps), ndim) for steps in transforms]
    if None in own:
        return {}
    return {
        "scales": tuple(scale for scale, _ in own),
        "translations": tuple(translation for _, translation in own),
    }


def _flat(steps: Sequence[Any]) -> list[Any]:
    """Lay open the sequences of 0.6."""
    flat = []
    for step in steps:
        inner = step.get("transformations") if step["type"] == "sequence" else [step]
        flat += inner
    return flat
