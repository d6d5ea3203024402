"""What is written so that others read it: a table of images, and how each is saved.

Every version, data type and compression; sharded and not; one to five axes of odd
sizes; labels with colours and properties; folders and single files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Labels
from napari.utils.colormaps import DirectLabelColormap

import napari_ngff
from napari_ngff.dataset.saving.options import VERSIONS
from napari_ngff.storage.chunks.compression import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from napari_ngff.dataset.saving.options import Version

SCALE = {"t": 30.0, "z": 2.0, "y": 0.5, "x": 0.25}
TRANSLATION = {"z": -4.0, "y": 10.5, "x": 1e4}
UNITS = {"t": "second", "z": "micrometer", "y": "micrometer", "x": "micrometer"}
COLORS = {1: (1.0, 0.0, 0.0, 1.0), 3: (0.0, 0.4, 1.0, 0.6)}
AREAS = {1: 10.5, 3: 12.0}
LABEL = "cells"
TYPES = (
    *("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"),
    *("float16", "float32", "float64", "bool"),
)
_CUT = {"levels": 3, "chunks": {"y": 16, "x": 16}}
_SHARDS = {"shards": {"z": 2, "y": 32, "x": 32}}
_CHUNKS = {"shards": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An image that we save.

    Attributes
    ----------
    version, axes, shape, dtype
        Of the image.
    options
        Of `napari_ngff.write`.
    placed
        Whether it has a scale, a translation and units.
    labels
        Whether it is saved from layers, one of them Labels.
    sparse
        Whether all but a corner of it is empty.
    suffix
        Of the file or folder.
    """

    version: Version
    axes: str = "zyx"
    shape: tuple[int, ...] = (3, 71, 50)
    dtype: str = "uint16"
    options: dict[str, Any] = field(default_factory=dict)
    placed: bool = True
    labels: bool = False
    sparse: bool = False
    suffix: str = ".ome.zarr"

    def pixels(self) -> np.ndarray:
        """Any values; of floats also those that are not numbers."""
        if self.sparse:
            values = np.zeros(self.shape, self.dtype)
            values[..., -3:, -3:] = 1
            return values
        random = np.random.default_rng(len(self.shape))
        if self.dtype == "bool":
            return random.integers(0, 2, self.shape).astype(bool)
        if self.dtype.startswith("float"):
            values = random.normal(0, 100, self.shape).astype(self.dtype)
            values.flat[[5, 7, 9]] = np.nan, np.inf, -0.0
            return values
        ends = np.iinfo(self.dtype)
        return random.integers(ends.min, ends.max, self.shape, self.dtype, True)

    def objects(self) -> np.ndarray:
        """Label values, 0 to 3, in patches."""
        places = np.indices(self.shape)
        return (sum(place // 7 for place in places) % 4).astype("uint32")

    def save(self, path: Path) -> None:
        """Save it as `path`."""
        known = {"levels": 3, "version": self.version} | self.options
        if self.labels:
            napari_ngff.write(path, self._layers(), **known)
            return
        where: dict[str, Any] = {}
        if self.placed:
            where = {"scale": SCALE, "translation": TRANSLATION, "units": UNITS}
            where = {k: self._named(given) for k, given in where.items()}
        napari_ngff.write(path, self.pixels(), axes=self.axes, **where, **known)

    def scale(self) -> tuple[float, ...]:
        """Return the size of a pixel along each axis."""
        return tuple((SCALE if self.placed else {}).get(a, 1.0) for a in self.axes)

    def translation(self) -> tuple[float, ...]:
        """Return where the first pixel is along each axis."""
        known = TRANSLATION if self.placed else {}
        return tuple(known.get(axis, 0.0) for axis in self.axes)

    def units(self) -> tuple[str | None, ...]:
        """Return the unit of each axis."""
        return tuple((UNITS if self.placed else {}).get(axis) for axis in self.axes)

    def _named(self, given: dict[str, Any]) -> dict[str, Any]:
        return {axis: given[axis] for axis in self.axes if axis in given}

    def _layers(self) -> list[Any]:
        place = {
            "scale": self.scale(),
            "translate": self.translation(),
            "units": self.units(),
            "axis_labels": tuple(self.axes),
        }
        colors = DirectLabelColormap(color_dict={None: (0, 0, 0, 0), **COLORS})
        image = Image(self.pixels(), name="stain", colormap="green", **place)
        features = {"index": list(AREAS), "area": list(AREAS.values())}
        labels = Labels(
            self.objects(), name=LABEL, colormap=colors, features=features, **place
        )
        return [image, labels]


def _types() -> Iterator[tuple[str, Written]]:
    """Yield every data type in every version, the compressions taking turns."""
    for start, version in enumerate(VERSIONS):
        turns = cycle([*LEVELS][start:] + [*LEVELS][:start])
        cut = _SHARDS if version == "0.5" else _CHUNKS
        for dtype, compression in zip(TYPES, turns, strict=False):
            options = {**_CUT, **cut, "compression": compression}
            name = f"{version}-{dtype}-{compression}"
            yield name, Written(version=version, dtype=dtype, options=options)


def _shapes() -> Iterator[tuple[str, Written]]:
    """Yield other axes, places, cuts and containers."""
    for version in VERSIONS:
        plain = Written(version=version, options=_CUT)
        plainest = {"shape": (2, 1100, 1300), "options": {"levels": None}}
        yield f"{version}-defaults", replace(plain, **plainest, placed=False)
        yield f"{version}-flat", replace(plain, axes="yx", shape=(33, 17))
        yield f"{version}-time", replace(plain, axes="tyx", shape=(2, 33, 31))
        five = {"axes": "tczyx", "shape": (2, 3, 4, 33, 30)}
        names = {**_CUT, "channels": ["DNA", "µ-tubules", "actin"]}
        yield f"{version}-channels", replace(plain, **five, options=names)
        strided = {**_CUT, "method": "strided", "label_method": "nearest"}
        yield f"{version}-strided", replace(plain, options=strided)
        yield f"{version}-labels", replace(plain, labels=True)
        yield f"{version}-labels-first", replace(plain, labels=True, options=strided)
        yield f"{version}-sparse", replace(plain, sparse=True)
        if version == "0.4":
            continue
        long = {**_CUT, **_SHARDS, "compression": "zstd:19"}
        yield f"{version}-sharded", replace(plain, **five, options=long)
        yield f"{version}-file", replace(plain, suffix=".ozx", labels=True)
        raw = {**_CUT, **_SHARDS, "compression": "none"}
        yield f"{version}-file-raw", replace(plain, suffix=".ozx", options=raw)


WRITTEN = {f"saved/{name}": image for name, image in (*_types(), *_shapes())}


def groups() -> Iterator[str]:
    """Yield the images and, of those in folders, the label images."""
    for name, image in WRITTEN.items():
        yield name
        if image.labels and image.suffix != ".ozx":
            yield f"{name}/labels/{LABEL}"


def place(folder: Path, name: str) -> Path:
    """Return where an image, or a label image, of `groups` is."""
    image, _, label = name.partition("/labels/")
    path = folder / f"{image}{WRITTEN[image].suffix}"
    return path / "labels" / label if label else path
