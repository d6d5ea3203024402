"""How viewers are asked: napari-ome-zarr, and zarrita.js, which those in browsers use.

zarrita.js comes from npm, into a folder of the test's own, and runs under Node.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask.array as da
import pytest
from napari_ome_zarr._reader import napari_get_reader

from oracles.answers import Answer, numbers
from oracles.implementations import axes_of, digests, document, model_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGES = ("zarrita@^0.7.5", "@zarrita/storage@^0.2.0")
SCRIPT = Path(__file__).with_name("zarrita.mjs")
MINUTES = 5


def layers_in_napari(path: Path, kind: str = "image") -> list[Any]:
    """Return the layers of a kind that napari-ome-zarr makes of a group."""
    read = napari_get_reader(str(path))
    return [layer for layer in read(str(path)) if layer[2] == kind]


def ask_napari_ome_zarr(path: Path) -> Answer:
    """Ask napari-ome-zarr: its layers, those of the channels laid together again."""
    kind = "labels" if path.parent.name == "labels" else "image"
    layers = layers_in_napari(path, kind)
    _, said, _ = layers[0]
    axes = [axis["name"] for axis in axes_of(document(path)["multiscales"][0])]
    levels = zip(*(data for data, _, _ in layers), strict=True)
    arrays = [
        da.stack(level, axis=axes.index("c")) if "c" in axes else level[0]
        for level in levels
    ]
    units = dict(zip(said["axis_labels"], said.get("units", ()), strict=False))
    sizes = dict(zip(said["axis_labels"], said["scale"], strict=True))
    names = [props["name"].partition(": ")[2] for _, props, _ in layers]
    return Answer(
        axes=tuple(axis for axis in axes if axis in (*said["axis_labels"], "c")),
        units=tuple(None if (u := units.get(a)) == "pixel" else u for a in axes),
        spacing=numbers([sizes.get(axis, 1.0) for axis in axes]),
        shapes=tuple(array.shape for array in arrays),
        pixels=tuple(digests(arrays)),
        channels=tuple(names) if "c" in axes else None,
    )


def install_zarrita(folder: Path) -> Path:
    """Install zarrita.js into `folder`; returns the script that uses it.

    Skips where there is no Node. Where npm cannot get it, that is a failure: whoever
    asks for the oracles has the network that they come by.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node.js and npm are not here")
    options = ("--no-save", "--no-audit", "--no-fund", "--prefer-offline")
    _run(npm, "install", "--prefix", str(folder), *options, *PACKAGES)
    return Path(shutil.copy(SCRIPT, folder))


def ask_zarrita(script: Path, paths: Sequence[Path]) -> dict[Path, Any]:
    """Ask zarrita.js about images: what `answer_of_zarrita` understands."""
    told = json.loads(_run("node", str(script), *map(str, paths)))
    return {path: told[str(path)] for path in paths}


def answer_of_zarrita(found: Any) -> Answer:
    """Return what zarrita.js says about one image.

    Raises
    ------
    ValueError
        What it raised.
    """
    if "error" in found:
        raise ValueError(found["error"])
    levels = found["levels"]
    return model_answer(
        found["attributes"],
        shapes=tuple(tuple(level["shape"]) for level in levels),
        pixels=tuple(level["digest"] for level in levels),
    )


def _run(*command: str) -> str:
    found = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60 * MINUTES
    )
    if found.returncode:
        pytest.fail(f"{' '.join(command[:2])} failed:\n{found.stdout}{found.stderr}")
    return found.stdout
