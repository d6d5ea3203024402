"""What we upgrade in place opens in other tools, with the pixels that were there.

Chunks of Zarr format 2 as zarr-python and others wrote them: every compressor, order,
data type and spelling of keys that format 3 has words for.
"""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import numcodecs
import numpy as np
import pytest
import zarr

from cases.build import axis_objects, build_image
from napari_ngff import upgrade
from oracles.implementations import ORACLES, ask_zarr_python, ours
from oracles.judging import compare, lines
from oracles.stores import STORES
from oracles.test_saved_stores import JUDGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

READERS = {
    **{name: ORACLES[name] for name in ("ngff-zarr", "ome-zarr-py", "tensorstore")},
    "zarr-python": ask_zarr_python,
}
AUTO = numcodecs.Blosc.AUTOSHUFFLE
#: Compressor, order of a chunk's items, their type, what parts the numbers of a key.
STORED: dict[str, tuple[Any, Any, str, Any]] = {
    "blosc-zstd": (numcodecs.Blosc("zstd", 3, AUTO), "C", "<u2", "/"),
    "blosc-lz4-bytes": (numcodecs.Blosc("lz4", 5, AUTO), "F", "|u1", "."),
    "blosc-big-endian": (numcodecs.Blosc("blosclz", 5, 0), "C", ">f4", "/"),
    "zstd-columns": (numcodecs.Zstd(5), "F", ">i4", "/"),
    "gzip": (numcodecs.GZip(6), "C", "<f8", "."),
    "none-columns": (None, "F", "<u4", "."),
    "bits": (numcodecs.Blosc("zlib", 1, 2), "C", "|b1", "/"),
}
#: Stores of others, and the image in them that is asked for.
OTHERS = {
    "mobie": ("mobie_mri_stack/mri-stack.ome.zarr", ""),
    "bioformats2raw": ("challenge_2d_bf2raw_v04/2d.zarr", ""),
    "plate": ("challenge_hcs_bf2raw_v04/hcs.zarr", "A/1/0"),
    "neuroglancer": ("neuroglancer_ome_zarr/simple_0.4", ""),
    "neuroglancer-0.5": ("neuroglancer_ome_zarr/simple_0.5", ""),
}
CASES = [
    (name, version)
    for name in (*STORED, "labels", *OTHERS)
    for version in ("0.5", "0.6")
    if (name, version) != ("neuroglancer-0.5", "0.5")
]


def store(path: Path, name: str) -> None:
    """Write an image of 0.4 with zarr-python."""
    compressor, order, dtype, separator = STORED[name]
    group = zarr.create_group(path, zarr_format=2)
    shapes = [(3, 33, 20), (3, 17, 10)]
    scales = [[2.0, 0.5, 0.25], [2.0, 1.0, 0.5]]
    datasets = []
    for index, (shape, scale) in enumerate(zip(shapes, scales, strict=True)):
        array = group.create_array(
            str(index),
            shape=shape,
            chunks=(2, 16, 8),
            dtype=dtype,
            compressors=compressor,
            order=order,
            chunk_key_encoding={"name": "v2", "separator": separator},
        )
        array[:] = (np.arange(np.prod(shape)).reshape(shape) % 251).astype(dtype)
        shift = [0.0, 0.25 * index, 0.125 * index]
        steps = [
            {"type": "scale", "scale": scale},
            {"type": "translation", "translation": shift},
        ]
        datasets.append({"path": str(index), "coordinateTransformations": steps})
    image = {"axes": axis_objects("zyx"), "datasets": datasets, "version": "0.4"}
    group.attrs["multiscales"] = [{"name": "image", **image}]


def accepting(path: Path) -> set[str]:
    """Return the judges that have nothing to say against an image."""
    found = set()
    for name, (judge, _) in JUDGES.items():
        try:
            judge(path)
        except Exception:  # noqa: BLE001 - each has its own way to refuse
            continue
        found.add(name)
    return found


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Give the path of an upgraded image, what we said of it, and who accepted it."""
    folder = tmp_path_factory.mktemp("upgraded")
    found: dict[tuple[str, str], Any] = {}

    def give(name: str, version: Any) -> tuple[Path, Any]:
        if (name, version) not in found:
            path, inside = folder / f"{name}-{version}.zarr", ""
            if name in STORED:
                store(path, name)
            elif name in OTHERS:
                source, inside = OTHERS[name]
                if not STORES.is_dir():
                    pytest.skip("no stores of others are beside the project")
                shutil.copytree(STORES / source, path)
            else:
                build_image(path, version="0.4", labels={"cells": {}})
                inside = "labels/cells"
            before = ours(path / inside), accepting(path / inside)
            upgrade(path, version)
            found[name, version] = path / inside, *before
        return found[name, version]

    return give


@pytest.fixture(scope="module")
def tally(figure):
    """Counts of images and aspects, printed at the end."""
    counts = Counter()
    yield counts
    asked = [oracle for oracle in READERS if counts[oracle, "images"]]
    for line in lines(counts, asked, "images that we upgraded"):
        figure(line)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("name", "version"), CASES)
def test_other_tools_read_it(reader, name, version, upgraded, tally):
    """With the same pixels on every level, and in the same place."""
    path, before, _ = upgraded(name, version)
    asked = f"upgraded/{name}-{version}"
    compare(reader, asked, lambda: READERS[reader](path), before, tally)


@pytest.mark.parametrize(("name", "version"), CASES)
def test_other_tools_accept_it(name, version, upgraded):
    """By their schemas and models, if they accepted it before and know the version."""
    path, _, before = upgraded(name, version)
    asked = {judge for judge in before if version <= JUDGES[judge][1]}

    assert asked == accepting(path) & asked
    assert asked or name == "mobie"
