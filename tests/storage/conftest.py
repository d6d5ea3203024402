"""A web server on this machine that serves a dict of values, and fails on demand."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from cases.plain import MAKERS
from cases.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Reply:
    """What is sent in the place of a value."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # what is stated; None: what is true
    wait: float = 0.0
    pieces: int = 1  # in how many, each after `wait`
    reset: bool = False


@dataclass
class Web:
    """A server: its values by path, its faults by path, and what it was asked."""

    url: str = ""
    values: dict[str, bytes] = field(default_factory=dict)
    #: Sent one after the other, then the value; the last stays if `lasting`.
    faults: dict[str, list[Reply]] = field(default_factory=dict)
    lasting: bool = False
    ranges: str = "yes"  # "ignored", "no suffix", "suffix ignored", "wrong"
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    allowed: Callable[[str, dict[str, str]], bool] | None = None

    def paths(self) -> list[str]:
        return [urlsplit(target).path for target, _ in self.asked]

    def fail(self, path: str, **settings: Any) -> None:
        """Reply otherwise, once more, where a value is asked for."""
        self.faults.setdefault(path, []).append(Reply(**settings))

    def serve(self, folder: Path, below: str = "") -> None:
        """Serve the files of a folder."""
        for file in folder.rglob("*"):
            if file.is_file():
                name = file.relative_to(folder).as_posix()
                self.values[f"{below}/{name}"] = file.read_bytes()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 0.5  # after which an idle connection is closed
    web: Web

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.web.asked.append((self.path, headers))
        path = urlsplit(self.path).path
        faults = self.web.faults.get(path, [])
        if faults:
            self.reply(faults[0] if self.web.lasting else faults.pop(0))
        elif self.web.allowed and not self.web.allowed(self.path, headers):
            self.reply(Reply(status=403))
        elif path not in self.web.values:
            self.reply(Reply(status=404, body=b"nothing here"))
        else:
            self.value(self.web.values[path], headers)

    def value(self, value: bytes, headers: dict[str, str]) -> None:
        etag = f'"{hash(value)}"'
        extra = {"ETag": etag, **self.web.extra}
        span = headers.get("range", "").removeprefix("bytes=")
        if headers.get("if-none-match") == etag:
            self.reply(Reply(status=304))
        elif span.startswith("-") and self.web.ranges == "no suffix":
            self.reply(Reply(status=416))
        elif (
            not span
            or self.web.ranges == "ignored"
            or (span.startswith("-") and self.web.ranges == "suffix ignored")
        ):
            self.reply(Reply(body=value, headers=extra))
        else:
            self.part(value, span)

    def part(self, value: bytes, span: str) -> None:
        first, _, last = span.partition("-")
        start = max(0, len(value) - int(last)) if not first else int(first)
        end = min(len(value), int(last) + 1) if first and last else len(value)
        if start >= len(value):
            self.reply(Reply(status=416))
            return
        if self.web.ranges == "wrong":
            start, end = start + 1, end + 1
        stated = f"bytes {start}-{end - 1}/{len(value)}"
        headers = {"Content-Range": stated, "ETag": f'"{hash(value)}"'}
        self.reply(Reply(status=206, body=value[start:end], headers=headers))

    def reply(self, reply: Reply) -> None:
        if reply.reset:
            self.connection.close()
            self.close_connection = True
            return
        self.send_response(reply.status)
        length = len(reply.body) if reply.length is None else reply.length
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        size = -(-len(reply.body) // reply.pieces) or 1
        for i in range(reply.pieces):
            time.sleep(reply.wait)
            self.wfile.write(reply.body[i * size : (i + 1) * size])
            self.wfile.flush()
        if length != len(reply.body):
            self.close_connection = True

    def handle(self) -> None:
        """Forget clients that hang up."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server on this machine, reached without a proxy."""
    from napari_ngff.storage.keys import pools

    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    found = Web()
    handler = type("Handler", (_Handler,), {"web": found})
    with serving(handler) as found.url:
        yield found
        pools._direct(os.getpid()).clear()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries do not wait."""
    from napari_ngff.storage.keys import http

    monkeypatch.setattr(http, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(http, "_LONGEST_WAIT", 0.005)


@pytest.fixture(params=MAKERS.values(), ids=MAKERS.keys())
def image(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An image in a store."""
    return request.param(tmp_path / "x.ome.zarr")  # type: ignore[no-any-return]
