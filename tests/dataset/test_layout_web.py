"""How an image on a web server is stored: as at home, in few requests."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest

from cases.build import build_image
from cases.serving import serving
from napari_ngff.dataset.layout import Budget, inspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest.importorskip("urllib3")


@pytest.fixture(params=["ranges", "whole files"])
def served(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[str, list[str]]]:
    """A server of the test's folder, and which paths it was asked for."""
    asked: list[str] = []
    ranges = request.param == "ranges"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 0.5
        wbufsize = -1  # head and body at once: else each waits for the other side
        log_message: Callable[..., None] = lambda *_: None

        def do_GET(self) -> None:
            asked.append(self.path)
            file = tmp_path / self.path[1:]
            if not file.is_file():
                self.answer(404, b"")
                return
            data, wanted = file.read_bytes(), self.headers.get("Range", "")
            if not (ranges and wanted):
                self.answer(200, data)
                return
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(0, len(data) - int(last))
            stop = min(int(last) + 1, len(data)) if first and last else len(data)
            self.answer(206, data[start:stop], f"bytes {start}-{stop - 1}/{len(data)}")

        def answer(self, code: int, data: bytes, content_range: str = "") -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            if content_range:
                self.send_header("Content-Range", content_range)
            self.end_headers()
            self.wfile.write(data)

    with serving(Handler) as address:
        yield address, asked


def build(folder: Path, **more: Any) -> Path:
    """An image of 8 x 8 shards, or of as many files as it has chunks."""
    return build_image(
        folder / "a.zarr",
        version="0.5",
        shape=(128, 128),
        axes="yx",
        levels=1,
        chunks=(8, 8),
        **more,
    )


@pytest.mark.parametrize("shards", [None, (16, 16)], ids=["files", "shards"])
def test_it_is_told_as_at_home(
    tmp_path: Path, served: tuple[str, list[str]], shards: Any
) -> None:
    """With one request for each file; where parts are not sent, what is known."""
    url, asked = served
    path = build(tmp_path, shards=shards)
    [home] = inspect(path).levels
    layout = inspect(f"{url}/a.zarr", check="files")
    [far] = layout.levels
    files = [name for name in asked if "/c/" in name]

    assert layout.remote
    assert ["no-consolidated-metadata"] == [a.kind for a in layout.advice]
    assert None is far.strange_files
    if far.stored_nbytes is not None:
        assert (home.files, home.stored_nbytes) == (far.files, far.stored_nbytes)
        assert (home.chunks_stored, home.dead_nbytes) == (
            far.chunks_stored,
            far.dead_nbytes,
        )
        assert frozenset() == far.about
        assert layout.sound
        assert len(files) == len(set(files))
    elif shards:
        assert not layout.sound
        assert "whole files only" in layout.health[0].problems[0].message
        assert None is far.chunks_stored
    else:
        assert home.files == far.files
        assert "unknown" in layout.text()


def test_requests_are_bounded(tmp_path: Path, served: tuple[str, list[str]]) -> None:
    """Of more files than may be asked for, a sample is."""
    url, asked = served
    build(tmp_path)
    layout = inspect(f"{url}/a.zarr", budget=Budget(remote_reads=40))
    [level] = layout.levels

    assert (40, 256) == (level.looked, level.of)
    assert {"files", "chunks_stored"} <= level.about
    assert 256 == level.files == level.chunks_stored
    assert len([name for name in asked if "/c/" in name]) <= 40 + 3 * 64
