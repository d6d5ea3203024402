"""Stores on a web server in other shards at home: what metadata name is taken."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest

from cases.arrays import write_group
from cases.build import build_image
from cases.resharded import SHARD, an_image, chunks_of
from cases.serving import serving
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.reshard import reshard
from napari_ngff.dataset.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("urllib3")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and lists no folders."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def list_directory(self, path: Any) -> None:
        """Refuse."""
        self.send_error(404)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the folder of the test."""
    with serving(partial(Quiet, directory=str(tmp_path))) as url:
        yield url


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_an_image_with_labels(tmp_path: Path, address: str, version: str) -> None:
    """All levels and labels, byte for byte; that other files are not is said."""
    source = an_image(tmp_path / "a.zarr", version=version)
    (source / "notes.txt").write_text("mine")

    plan = reshard(f"{address}/a.zarr", tmp_path / "b.zarr", shard=SHARD)

    target = tmp_path / "b.zarr"
    assert chunks_of(source) == chunks_of(target)
    assert ["not-listed"] == [problem.kind for problem in plan.problems]
    assert not (target / "notes.txt").exists()
    assert validate(target).valid
    with pytest.raises(CannotSave, match="not a folder of this computer"):
        reshard(f"{address}/a.zarr", shard=SHARD)


def test_a_series(tmp_path: Path, address: str) -> None:
    """Images are counted as long as there are more."""
    root = tmp_path / "s.zarr"
    write_group(root, {"bioformats2raw.layout": 3}, zarr_format=2)
    for number in "01":
        build_image(root / number, levels=1)

    plan = reshard(f"{address}/s.zarr", tmp_path / "b.zarr", shard="none")

    assert ["0/0", "1/0"] == [array.node for array in plan.arrays]
    assert validate(tmp_path / "b.zarr").valid
