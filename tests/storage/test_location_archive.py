"""Every way in to a store in an archive."""

from __future__ import annotations

import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.plain import PIXELS, make_v3, zipped
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import (
    CannotOpen,
    NotOmeZarr,
)
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

Web = Any


@pytest.mark.parametrize("prefix", ["", "x.ome.zarr/"], ids=["root", "one folder"])
@pytest.mark.parametrize("suffix", [".zip", ".ozx", ".OZX", ""])
def test_archives_are_opened(image: Path, prefix: str, suffix: str) -> None:
    """A store in an archive, at its root or in its only folder, and paths inside."""
    path = zipped(image, image.with_name(f"y{suffix}"), prefix)
    location = open_location(path)

    assert (str(path), "") == (location.url, location.node)
    assert ("0", "labels") == location.children("")
    document = location.document("0")
    assert document is not None
    array = location.array(document)
    assert np.array_equal(PIXELS, np.asarray(array))
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    assert "labels/cells" == open_location(path / "labels" / "cells").node
    name = "zarr.json" if document.zarr_format == 3 else ".zattrs"
    assert "labels" == open_location(path / "labels" / name).node
    with pytest.raises(CannotOpen, match="no 'none'"):
        open_location(path / "none")


def test_archives_without_a_store_are_refused(tmp_path: Path) -> None:
    """Two folders, or none with metadata, are no store."""
    image = make_v3(tmp_path / "x")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(image / "zarr.json", "a/zarr.json")
        archive.write(image / "zarr.json", "b/zarr.json")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")

    for name in ("two.zip", "none.zip"):
        with pytest.raises(NotOmeZarr, match="no Zarr metadata"):
            open_location(tmp_path / name)


@pytest.mark.parametrize("prefix", ["", "x.ome.zarr/"], ids=["root", "one folder"])
@pytest.mark.parametrize("name", ["y.ozx", "y.ome.zarr.zip", "y z.ZIP"])
def test_archives_on_the_web(image: Path, web: Web, prefix: str, name: str) -> None:
    """A store in an archive on the web, and paths inside, in few requests."""
    path = zipped(image, image.with_name("y.zip"), prefix)
    quoted = name.replace(" ", "%20")
    web.values[f"/d/{quoted}"] = path.read_bytes()
    location = open_location(f"{web.url}/d/{name}?v=1")

    assert (f"{web.url}/d/{quoted}?v=1", "") == (location.url, location.node)
    assert name == location.name
    assert ("0", "labels") == location.children("")
    document = location.document("0")
    assert document is not None
    array = location.array(document)
    assert np.array_equal(PIXELS, np.asarray(array))
    assert 1 == len(web.asked)
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    inside = open_location(f"{web.url}/d/{quoted}/labels/cells/")
    assert (f"{web.url}/d/{quoted}", "labels/cells") == (inside.url, inside.node)
    with pytest.raises(CannotOpen, match="no 'none'"):
        open_location(f"{web.url}/d/{quoted}/none")


def test_secrets_of_archives_are_in_no_text(image: Path, web: Web) -> None:
    """What lets us in is sent with each part, and shown nowhere."""
    web.values["/y.ozx"] = zipped(image, image.with_name("y.zip")).read_bytes()
    web.allowed = lambda target, _: "sig=hunter2" in target
    location = open_location(f"{web.url}/y.ozx/0?sig=hunter2")
    document = location.document("0")
    assert document is not None
    array = location.array(document)

    assert np.array_equal(PIXELS, np.asarray(array))
    again = open_location(location.url)
    texts = [repr(location), location.url, repr(array), str(pickle.dumps(array))]
    assert not [text for text in texts if "hunter2" in text]
    assert again.document("") is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "not a ZIP file"),
        (None, "nothing at this address"),
        (b"<!doctype html>Log in", "web page"),
    ],
)
def test_archives_on_the_web_that_are_none(
    web: Web, content: bytes | None, words: str
) -> None:
    """One clear error, with the address and without its secrets."""
    if content is not None:
        web.values["/y.ozx"] = content

    with pytest.raises(CannotOpen, match=words) as caught:
        open_location(web.url.replace("//", "//u:hunter2@") + "/y.ozx")
    assert f"{web.url}/y.ozx" in str(caught.value)
    assert "hunter2" not in str(caught.value) + repr(caught.value)


def test_a_large_archive_needs_a_server_that_gives_parts(image: Path, web: Web) -> None:
    """Without, it is said that it has to be downloaded."""
    (image / "large").write_bytes(bytes(2**18))
    web.values["/y.ozx"] = zipped(image, image.with_name("y.zip")).read_bytes()
    web.ranges = "ignored"
    assert open_location(f"{web.url}/y.ozx").document("") is not None

    with pytest.raises(CannotOpen, match="Download it"):
        open_location(f"{web.url}/y.ozx", limits=Limits(download_bytes=2**18))
