"""Over the web: few requests, none of them for pixels."""

from __future__ import annotations

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.build import build_image, pixels
from cases.many import build_container, build_plate
from cases.serving import serving
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.read import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("urllib3")
DOCUMENTS = {"zarr.json", ".zgroup", ".zattrs", ".zarray"}


class Asked(list[str]):
    """Which paths a server was asked for, and where it is."""

    url = ""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """Serve the test's folder on this machine."""
    seen = Asked()

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 0.5

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            seen.append(self.path)
            super().do_GET()

        def list_directory(self, path: Any) -> None:
            self.send_error(404)

    with serving(partial(Handler, directory=str(tmp_path))) as seen.url:
        yield seen


@pytest.mark.parametrize(("version", "most"), [("0.5", 9), ("0.4", 11)])
def test_few_requests(version: str, most: int, asked: Asked, tmp_path: Path) -> None:
    """An image of five levels takes few requests, each once, none for a chunk."""
    shape = (1, 1, 64, 64)
    build_image(tmp_path / "s.zarr", version=version, shape=shape, levels=5)
    image = read(f"{asked.url}/s.zarr")

    assert 5 == len(image.levels)
    assert most == len(asked)
    assert len(set(asked)) == len(asked)
    assert {path.rpartition("/")[2] for path in asked} <= DOCUMENTS


@pytest.mark.parametrize("version", ["0.2", "0.4", "0.5", "0.6"])
@pytest.mark.parametrize("inside", ["", "/", "/0", "/labels", "/labels/cells"])
def test_opens(version: str, inside: str, asked: Asked, tmp_path: Path) -> None:
    """An image opens by its address, and by that of anything inside it."""
    options = {"shape": (1, 2, 4, 16, 16), "axes": "tczyx", "labels": {"cells": {}}}
    build_image(tmp_path / "s.zarr", version=version, **options)
    image = read(f"{asked.url}/s.zarr{inside}")

    assert (f"{asked.url}/s.zarr", "") == (image.store.rstrip("/"), image.node)
    assert ["cells"] == [label.name for label in image.labels]
    np.testing.assert_array_equal(pixels((1, 2, 4, 16, 16)), image.levels[0])


def test_plate(asked: Asked, tmp_path: Path) -> None:
    """A plate opens although the server cannot be listed."""
    build_plate(tmp_path / "p.zarr", fields=1)
    plate = read(f"{asked.url}/p.zarr")

    assert ["A/1/0", "A/2/0", "B/1/0", "B/2/0"] == [c.node for c in plate.children]


def test_group_that_cannot_be_listed(asked: Asked, tmp_path: Path) -> None:
    """A group that says nothing of itself asks for an image's own address."""
    build_plate(tmp_path / "p.zarr", fields=1)

    with pytest.raises(CannotOpen, match="by its own address"):
        read(f"{asked.url}/p.zarr/A")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_group_that_names_its_images(
    zarr_format: int, asked: Asked, tmp_path: Path
) -> None:
    """Where consolidated metadata names what is in a group, the images open."""
    path = build_container(tmp_path / "c.zarr", count=2, zarr_format=zarr_format)
    names = sorted(child.name for child in path.iterdir() if child.is_dir())
    if zarr_format == 2:
        keys = {f"{name}/.zattrs": {} for name in (*names, "gone")}
        text = json.dumps({"zarr_consolidated_format": 1, "metadata": keys})
        (path / ".zmetadata").write_text(text)
    else:
        document = json.loads((path / "zarr.json").read_text())
        listing = {"kind": "inline", "metadata": {n: {} for n in (*names, "gone")}}
        document["consolidated_metadata"] = listing
        (path / "zarr.json").write_text(json.dumps(document))
    group = read(f"{asked.url}/c.zarr")

    assert names == [child.node for child in group.children]
    assert len(set(asked)) == len(asked)
