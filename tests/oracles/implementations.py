"""How each implementation is asked: ours, and the oracles.

Each function takes the path of an image's group and returns its `Answer`, or raises
what the implementation raises.
"""

from __future__ import annotations

import json
import warnings
import zipfile
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

OZX = ".ozx"


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
        spacing=None if None in own or outer is None else _product(own[0], outer),
        channels=rendering and tuple(channel.label for channel in rendering.channels),
    )


def _product(own: Any, outer: Any) -> Any:
    return numbers([a * b for a, b in zip(own[0], outer[0], strict=True)])


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
        pixels=tuple(digests([image.data for image in images])),
        channels=omero and tuple(channel.label for channel in omero.channels),
    )


def ask_ome_zarr_py(path: Path) -> Answer:
    """Ask ome-zarr-py: its reader; its class where that knows no 0.6 and no .ozx."""
    newer = "coordinateSystems" in document(path)["multiscales"][0]
    if newer or path.suffix == OZX:
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
        pixels=tuple(digests(node.data)),
        channels=names and tuple(names),
    )


def _ask_ome_zarr_class(path: Path) -> Answer:
    images = ome_zarr.classes.OMEZarrMultiscale.from_ome_zarr(opened(path)).images
    axes, units, types = images[0].axes, images[0].axes_units, images[0].axes_types
    return Answer(
        axes=tuple(axes),
        types=tuple((types or {}).get(axis) for axis in axes),
        units=tuple((units or {}).get(axis) for axis in axes),
        scales=tuple(numbers([i.scale[axis] for axis in axes]) for i in images),
        shapes=tuple(image.data.shape for image in images),
        pixels=tuple(digests([image.data for image in images])),
    )


def ask_yaozarrs(path: Path) -> Answer:
    """Ask yaozarrs: its model of the group."""
    model = yaozarrs.open_group(address(path)).ome_metadata()
    return model_answer(model.model_dump(mode="json"))


def ask_ome_zarr_models(path: Path) -> Answer:
    """Ask ome-zarr-models: its model of the group."""
    group = ome_zarr_models.open_ome_zarr(opened(path))
    attributes = group.attributes
    model = getattr(attributes, "ome", attributes)
    return model_answer(model.model_dump(mode="json"))


def ask_tensorstore(path: Path) -> Answer:
    """Ask tensorstore: the arrays that the document names."""
    arrays = []
    for dataset in document(path)["multiscales"][0]["datasets"]:
        folder = path / dataset["path"]
        driver = "zarr" if (folder / ".zarray").exists() else "zarr3"
        keys = {"driver": "file", "path": str(folder)}
        if path.suffix == OZX:
            keys = {"driver": "file", "path": str(path)}
            keys = {"driver": "zip", "path": f"{dataset['path']}/", "base": keys}
        spec = {"driver": driver, "kvstore": keys}
        arrays.append(tensorstore.open(spec, read=True).result())
    return Answer(
        shapes=tuple(array.shape for array in arrays),
        pixels=tuple(digests([_Readable(array) for array in arrays])),
    )


def ask_zarr_python(path: Path) -> Answer:
    """Ask zarr-python: the arrays that the document names."""
    group = opened(path)
    datasets = document(path)["multiscales"][0]["datasets"]
    arrays = [group[dataset["path"]] for dataset in datasets]
    return Answer(
        shapes=tuple(array.shape for array in arrays),
        pixels=tuple(digests(arrays)),
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
    if group.suffix == OZX:
        group = zipfile.Path(group)
    attributes = json.loads((group / "zarr.json").read_bytes()).get("attributes", {})
    return attributes.get("ome", attributes)


def opened(path: Path) -> zarr.Group:
    """Open a group with zarr-python, which knows the paths of folders only."""
    zipped = path.suffix == OZX
    store = zarr.storage.ZipStore(path, mode="r") if zipped else str(path)
    return zarr.open_group(store, mode="r")


def address(path: Path) -> str:
    """Return what fsspec calls a file or folder."""
    return f"zip://::{path}" if path.suffix == OZX else str(path)


class _Readable:
    """A tensorstore array with numpy's dtype."""

    def __init__(self, array: Any) -> None:
        self.array, self.shape, self.dtype = array, array.shape, array.dtype.numpy_dtype

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.array.read().result()


def digests(levels: Sequence[Any]) -> list[str | None]:
    """Digest the pixels of all levels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dask and zarr about chunks and consolidation
        return [digest(level) for level in levels]


def model_answer(content: Any, **more: Any) -> Answer:
    """Read the attributes of a group, as JSON has them; `more` is said besides."""
    multiscale = content["multiscales"][0]
    own = [d.get("coordinateTransformations") for d in multiscale["datasets"]]
    axes = axes_of(multiscale)
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
        **more,
    )


def axes_of(multiscale: Any) -> list[Any]:
    """Find the axes; in 0.6 those of the system that the levels are mapped to."""
    if multiscale.get("axes"):
        return multiscale["axes"]
    step = multiscale["datasets"][0]["coordinateTransformations"][0]
    systems = multiscale["coordinateSystems"]
    name = step["output"]["name"]
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
