"""Servers that fail, lie, or lead elsewhere: an error that says so, never black."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hostile.case import Case, expected, plain_image
from hostile.judge import Seen, judge

if TYPE_CHECKING:
    from pathlib import Path

    from storage.conftest import Web

CHUNK = "/store.zarr/0/0/0"
LEVEL = "/store.zarr/1/.zarray"
ROOT = "/store.zarr/.zattrs"
_PAGE = b"<!DOCTYPE html><html><body><b>Log in</b></body></html>"
_BUCKET = b"<?xml version='1.0'?><Error><Code>NoSuchBucket</Code></Error>"

FAULTS: dict[str, dict[str, Any]] = {
    "unauthorized": {"status": 401},
    "forbidden": {"status": 403},
    "teapot": {"status": 418},
    "too many requests": {"status": 429, "headers": {"Retry-After": "0"}},
    "broken": {"status": 500, "body": _PAGE},
    "unavailable": {"status": 503},
    "page": {"body": _PAGE, "headers": {"Content-Type": "text/html"}},
    "page without type": {"body": _PAGE},
    "no bucket": {"status": 404, "body": _BUCKET},
    "short body": {"body": b"x" * 10, "length": 100},
    "reset": {"reset": True},
    "redirect loop": {"status": 302, "headers": {"Location": CHUNK}},
    "redirect to a file": {
        "status": 302,
        "headers": {"Location": "file:///etc/hostname"},
    },
    "redirect to ftp": {"status": 301, "headers": {"Location": "ftp://127.0.0.1/x"}},
    "redirect to nothing": {"status": 302},
    "packed bomb": {
        "body": b"\x1f\x8b" + bytes(100),
        "headers": {"Content-Encoding": "gzip"},
    },
    "packed otherwise": {"body": b"x", "headers": {"Content-Encoding": "br"}},
    "endless": {"body": b"x", "length": 2**40},
    "part unasked": {"status": 206, "body": b"x"},
}
CASE = Case(name="web", build=lambda _: None, pixels="unreadable")


@pytest.fixture
def server(web: Web, quick: None, tmp_path: Path) -> Web:
    """A server of an image that is right; what is set to fail fails for good."""
    web.serve(plain_image(tmp_path / "store.zarr"), "/store.zarr")
    web.lasting = True
    return web


def _failing(server: Web, path: str, name: str) -> Seen:
    settings = dict(FAULTS[name])
    if "loop" in name:
        settings["headers"] = {"Location": path}
    server.fail(path, **settings)
    return judge(f"{server.url}/store.zarr")


@pytest.mark.parametrize("name", FAULTS)
def test_a_chunk_that_fails(name: str, server: Web) -> None:
    """It is an error that names store, level and chunk; the rest is read."""
    seen = _failing(server, CHUNK, name)
    failed = [read for read in seen.reads if isinstance(read, Exception)]
    assert len(failed) == 1
    assert "store.zarr" in str(failed[0])
    assert "(0, 0)" in str(failed[0])


@pytest.mark.parametrize("name", FAULTS)
def test_a_level_that_fails(name: str, server: Web) -> None:
    """The level is left out with a problem; the finest one is shown."""
    seen = _failing(server, LEVEL, name)
    assert "unreadable-document" in seen.kinds
    np.testing.assert_array_equal(expected(), seen.reads[0])


@pytest.mark.parametrize("name", FAULTS)
def test_a_document_that_fails(name: str, server: Web) -> None:
    """The store is refused, in words that name it."""
    seen = _failing(server, ROOT, name)
    assert seen.error is not None
    assert "store.zarr" in str(seen.error)


def test_secrets_are_not_told(server: Web) -> None:
    """No error, problem or layer holds what lets us in."""
    server.fail(CHUNK, status=500)
    host = server.url.removeprefix("http://")
    url = f"http://user:pass-word@{host}/store.zarr?token=tok-en&X-Amz-Signature=sig-n"
    seen = judge(url)
    told = repr((seen.layers, seen.problems, seen.texts))
    for secret in ("pass-word", "tok-en", "sig-n"):
        assert secret not in told


def test_paths_do_not_leave_the_store(server: Web, tmp_path: Path) -> None:
    """What leads out of the store is not asked for."""
    path = plain_image(
        tmp_path / "bad.zarr",
        edit=lambda ome: ome["multiscales"][0]["datasets"].append(
            {"path": "%2e%2e/store.zarr/0"}
        ),
    )
    server.serve(path, "/bad.zarr")
    seen = judge(f"{server.url}/bad.zarr")
    assert "unsafe-path" in seen.kinds
    assert not [asked for asked in server.paths() if "2e" in asked or ".." in asked]
