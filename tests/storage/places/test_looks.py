"""What may be a store, told by names alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.plain import zipped
from napari_ngff.storage.location import looks_like_zarr

LOOKS = {
    "x.ome.zarr": True,
    "x.ome.zarr/": True,
    "x.ome.zarr/labels/cells": True,
    "x.ome.zarr/0": True,
    "x.ome.zarr/none": False,
    "empty": False,
    "none": False,
    "y.zip": True,
    "y.ozx": True,
    "other.zip": False,
    "text.txt": False,
    "https://h.org/x.zarr": True,
    "https://h.org/X.ZARR/labels?token=1": True,
    "http://h.org/a/zarr.json": True,
    "https://h.org/a/.zattrs": True,
    "https://h.org/x.OZX?v=1": True,
    "https://h.org/x.ome.zarr.zip": True,
    "https://h.org/x.zip": False,
    "https://h.org/picture.png": False,
    "https://[::1/x.zarr": False,
    "s3://b/x.zarr": False,
    "a\0b": False,
}


@pytest.mark.parametrize(("path", "expected"), LOOKS.items())
def test_looks_like_zarr(
    image: Path, monkeypatch: pytest.MonkeyPatch, path: str, expected: bool
) -> None:
    """By names alone it is told what may be a store; nothing raises."""
    monkeypatch.chdir(image.parent)
    Path("empty").mkdir()
    Path("text.txt").write_text("hello")
    zipped(image, Path("y.zip"), "x.zarr/")
    zipped(image, Path("y.ozx"))
    zipped(Path("empty"), Path("other.zip"))

    assert expected is looks_like_zarr(path)
    local = Path(path)
    if "://" not in path and "\0" not in path:
        assert expected is looks_like_zarr(local)
        assert expected is looks_like_zarr(local.absolute().as_uri())


def test_looking_costs_nothing(image: Path) -> None:
    """The first look imports neither zarr nor numpy, nor what talks to the web."""
    program = (
        "import sys; from napari_ngff.storage.places.looks import looks_like_zarr\n"
        "assert looks_like_zarr(sys.argv[1])\n"
        "heavy = 'zarr', 'numpy', 'dask', 'urllib3', 'asyncio', 'ssl', 'dataclasses'\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(image)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )

    assert "[]" == found.stdout.strip()
