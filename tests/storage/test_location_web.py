"""Every way in to a store on the web."""

from __future__ import annotations

import pickle
import socket
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.plain import PIXELS
from napari_ngff.core.problems import (
    CannotOpen,
    ChunkReadError,
    DocumentError,
    NotOmeZarr,
    StoreChanged,
)
from napari_ngff.storage.keys import http
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

Web = Any


@pytest.fixture
def served(image: Path, web: Web) -> Web:
    """The image on a server, below a folder that is no store."""
    web.serve(image, "/data/x%20y.ome.zarr".replace("%20", " "))
    web.values = {path.replace(" ", "%20"): body for path, body in web.values.items()}
    return web


@pytest.mark.parametrize(
    ("path", "node"),
    [
        ("/data/x%20y.ome.zarr", ""),
        ("/data/x y.ome.zarr/", ""),
        ("/data/x y.ome.zarr/zarr.json", ""),
        ("/data/x y.ome.zarr/.zattrs", ""),
        ("/data/x y.ome.zarr?v=2", ""),
        ("/data/x y.ome.zarr#top", ""),
        ("/data/x y.ome.zarr/labels/cells", "labels/cells"),
        ("/data/x y.ome.zarr/0/", "0"),
    ],
)
def test_every_way_in_over_http(served: Web, path: str, node: str) -> None:
    """Any address of a store on the web, or inside it, finds the root and the node."""
    location = open_location(served.url + path)
    query = "?v=2" if "?" in path else ""

    assert f"{served.url}/data/x%20y.ome.zarr{query}" == location.url
    assert (node, "x y.ome.zarr") == (location.node, location.name)
    document = location.document("0")
    assert document is not None
    array = location.array(document)
    assert np.array_equal(PIXELS, np.asarray(array))
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    assert location.children("") is None
    assert location.url == open_location(location.url).url


def test_an_address_without_a_suffix(image: Path, web: Web) -> None:
    """Where no part of the address ends in .zarr, the chain of groups is followed."""
    web.serve(image, "/a/b")

    location = open_location(f"{web.url}/a/b/labels/cells")
    assert (f"{web.url}/a/b", "labels/cells") == (location.url, location.node)
    assert (f"{web.url}/a/b", "") == (
        open_location(f"{web.url}/a/b").url,
        open_location(f"{web.url}/a/b").node,
    )


def test_a_bucket_that_forbids_what_is_absent(image: Path, web: Web) -> None:
    """Documents beside the one that is there may be forbidden instead of absent."""
    web.serve(image, "/x.zarr")
    web.allowed = lambda target, _: target.partition("?")[0] in web.values
    location = open_location(f"{web.url}/x.zarr")

    assert location.document("") is not None
    with pytest.raises(DocumentError, match="refuses access"):
        location.document("none")
    document = location.document("0")
    assert document is not None
    chunks = [path for path in web.values if path.startswith("/x.zarr/0/")]
    for path in chunks:
        if path.endswith("0/0"):
            del web.values[path]
    with pytest.raises(ChunkReadError, match="refuses access"):
        np.asarray(location.array(document))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403}, "refuses access"),
        ({"status": 500}, "answers 500"),
        ({"body": b"<!doctype html>Log in"}, "web page"),
        ({"body": b"{"}, "not JSON"),
        ({"reset": True}, "broke off"),
    ],
)
def test_servers_that_fail_are_told(web: Web, fault: Any, words: str) -> None:
    """One clear error, with the address and without its secrets."""
    web.lasting = True
    for name in ("zarr.json", ".zgroup", ".zarray", ".zattrs"):
        web.fail(f"/x.zarr/{name}", **fault)

    with pytest.raises(CannotOpen, match=words) as caught:
        open_location(web.url.replace("//", "//u:hunter2@") + "/x.zarr?token=hunter2")
    assert f"{web.url}/x.zarr" in str(caught.value)
    texts = (str(caught.value), repr(caught.value), str(pickle.dumps(caught.value)))
    assert not [text for text in texts if "hunter2" in text]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://", CannotOpen),
        ("https://[::1/x.zarr", CannotOpen),
        ("{}/none.zarr", NotOmeZarr),
        ("{}/x.ozx", CannotOpen),
        ("{}/x.zarr/%2e%2e/%2e%2e/y", CannotOpen),
    ],
)
def test_addresses_that_lead_nowhere(
    web: Web, url: str, error: type[CannotOpen]
) -> None:
    """Addresses that are none, or where nothing is, are refused with a reason."""
    with pytest.raises(error) as caught:
        open_location(url.format(web.url))
    assert type(caught.value) is error


def test_secrets_are_in_no_text(image: Path, web: Web) -> None:
    """Location, array, documents and their pickles have no secret, and still work."""
    web.serve(image, "/x.zarr")
    web.allowed = lambda target, _: "sig=hunter2" in target
    location = open_location(f"{web.url}/x.zarr/0?sig=hunter2&v=1")
    document = location.document("0")
    assert document is not None
    array = location.array(document)

    texts = [repr(location), location.url, location.name, repr(array), repr(document)]
    texts += [str(pickle.dumps(location)), str(pickle.dumps(array))]
    assert not [text for text in texts if "hunter2" in text]
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    assert open_location(location.url).document("") is not None
    web.allowed = lambda *_: False
    from napari_ngff.storage.pixels import cache

    cache.CACHE.clear()
    with pytest.raises(ChunkReadError) as caught:
        np.asarray(location.array(document))
    assert "hunter2" not in str(caught.value) + repr(caught.value.__cause__)


def test_a_store_that_changed_on_the_web_is_noticed(
    image: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metadata that was replaced on the server gives no pixels, once it is known."""
    web.serve(image, "/x.zarr")
    location = open_location(f"{web.url}/x.zarr")
    document = location.document("0")
    assert document is not None
    for name in ("zarr.json", ".zarray"):
        if f"/x.zarr/0/{name}" in web.values:
            web.values[f"/x.zarr/0/{name}"] += b" "
    monkeypatch.setattr(http, "_FRESH", -1.0)

    with pytest.raises(StoreChanged):
        np.asarray(location.array(document))


@pytest.mark.parametrize("path", ["/x.zarr", "/x.ozx", "/x.zip/a"])
def test_a_server_whose_name_is_not_known(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is a sentence that says what to check."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    with pytest.raises(CannotOpen) as caught:
        open_location(f"http://nowhere.invalid{path}")

    text = str(caught.value)
    assert "nowhere.invalid" in text
    assert text.endswith("Check the address, and that this computer is online.")
