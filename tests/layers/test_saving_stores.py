"""Stores of other tools look the same when their layers were saved and opened again."""

from __future__ import annotations

import json
import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from napari_ngff import read_layers, write
from napari_ngff.core.problems import CannotSave, ChunkReadError, NgffError
from napari_ngff.layers.writing.world import layer_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from napari_ngff.layers.reading.pictures import LayerData

LARGEST = 2 * 10**7
"""Pixels of a layer that are compared."""

# Their chunks are stubs: there are no pixels to save.
EMPTY = {
    f"neuroglancer_ome_zarr/all_0.6/{name}.zarr"
    for name in (
        "axis_dependent/mapAxis",
        "basic/identity",
        "basic/scale",
        "basic/sequenceScaleTranslation",
        "basic/translation",
        "simple/affine",
        "simple/rotation",
    )
}
# The chunks of its finest level are not there, those of the coarser ones are.
INCOMPLETE = "fractal_cardio_B03_mip_v04/"


@pytest.fixture(scope="module")
def opened(stores: Path) -> dict[str, list[LayerData]]:
    """The layers of every group that has images, those of one image once."""
    found, seen = {}, set()
    for path in groups(stores):
        try:
            layers = read_layers(path)
        except NgffError:
            continue  # what is refused, and why, is known to test_read_stores
        records = [layer[1]["metadata"]["napari_ngff"] for layer in layers]
        if any(record["kind"] == "array" for record in records):
            continue  # a bare array has neither axes nor a name to be kept
        sources = frozenset((r["store"], r["node"], r["label"]) for r in records)
        if sources not in seen:
            seen.add(sources)
            found[path.relative_to(stores).as_posix()] = layers
    return found


def groups(folder: Path) -> Iterator[Path]:
    """Give every Zarr group below a folder, as far as it says that it is one."""
    for root, _, files in os.walk(folder):
        path = folder.joinpath(root)
        if ".zgroup" in files:
            yield path
        elif "zarr.json" in files:
            document = json.loads((path / "zarr.json").read_bytes())
            if document.get("node_type") == "group":
                yield path


@pytest.mark.parametrize(
    ("version", "suffix"),
    [("0.4", ".ome.zarr"), ("0.5", ".ome.zarr"), ("0.5", ".ozx"), ("0.6", ".ome.zarr")],
)
def test_layers_look_the_same(
    version: Any, suffix: str, opened: dict[str, list[LayerData]], tmp_path: Path
) -> None:
    """Pixels, place, axes, units, names, colours, windows, features."""
    different, unreadable, incomplete = {}, set(), []
    for number, (name, layers) in enumerate(opened.items()):
        try:
            with warnings.catch_warnings():
                # Other coordinate systems, which no layer shows, are told as lost.
                warnings.simplefilter("ignore", UserWarning)
                written = write(tmp_path / f"{number}{suffix}", layers, version=version)
        except ChunkReadError:
            unreadable.add(name)
            continue
        except CannotSave as refusal:
            if "is not complete" not in refusal.reason:
                raise
            incomplete.append(name)
            continue
        paths = written if isinstance(written, tuple) else (written,)
        again = [layer for path in paths for layer in read_layers(path)]
        if found := differences(layers, again):
            different[name] = found

    assert {} == different
    assert unreadable == EMPTY & set(opened)
    assert [name for name in opened if name.startswith(INCOMPLETE)][:1] == incomplete
    assert 30 < len(opened)


def differences(before: list[LayerData], after: list[LayerData]) -> list[str]:
    """Return what of layers is not as it was; they are in the same order."""
    if [layer[2] for layer in before] != [layer[2] for layer in after]:
        return [f"{len(before)} layers became {len(after)}, or of other kinds"]
    found = []
    for old, new in zip(before, after, strict=True):
        was, now = looks(old), looks(new)
        found += [
            f"{old[1]['name']}: {key} was {was[key]}, is {now[key]}"
            for key in was
            if was[key] is not None and was[key] != now[key]
        ]
        if not same_pixels(finest(old), finest(new)):
            found.append(f"{old[1]['name']}: pixels")
    return found


def finest(layer: LayerData) -> Any:
    data, meta, _ = layer
    return data[0] if meta.get("multiscale") else data


def same_pixels(old: Any, new: Any) -> bool:
    if (old.shape, old.dtype.newbyteorder("=")) != (new.shape, new.dtype):
        return False
    return old.size > LARGEST or np.array_equal(
        np.asarray(old), np.asarray(new), equal_nan=new.dtype.kind == "f"
    )


def looks(layer: LayerData) -> dict[str, Any]:
    """Return what is seen of a layer but its pixels; None is not to be compared."""
    pixels, (_, meta, kind) = finest(layer), layer
    axes = tuple(meta.get("axis_labels") or ())
    matrix = layer_matrix(meta, pixels.ndim - bool(meta.get("rgb")))
    limits = meta.get("contrast_limits")
    return {
        # Of several images each layer has its image's name before its own.
        "name": called(meta["name"]),
        "place": np.round(matrix, 9).tolist(),
        # Axes of arrays, which are neither space nor time, are not kept as such.
        "axes": None if "dim_0" in axes else axes,
        "units": [str(unit) for unit in meta.get("units") or ()],
        "rgb": bool(meta.get("rgb")),
        "visible": meta.get("visible", True),
        "blending": meta.get("blending"),
        "limits": None if limits is None else tuple(map(float, limits)),
        "colormap": colors(meta.get("colormap")),
        "features": str(meta.get("features")) if kind == "labels" else None,
    }


def called(name: str) -> str:
    """Return what a layer is called by itself: in a plate of its well, in a list."""
    return name.rpartition(": ")[2].partition(" [")[0].rpartition("/")[2]


def colors(colormap: Any) -> Any:
    if isinstance(colormap, str | None):
        return colormap
    known = colormap if isinstance(colormap, dict) else vars(colormap)
    return {str(key): str(value) for key, value in known.items() if key != "name"}
