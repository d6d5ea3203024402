"""Which documents are asked for over the web, and in which order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.plain import make_v2, make_v3, put
from napari_ngff.storage.location import NodeDocument, open_location

if TYPE_CHECKING:
    from pathlib import Path

Web = Any


def test_few_looks_are_taken(image: Path, web: Web) -> None:
    """Opening a store by its own address asks for its documents, and once."""
    web.serve(image, "/x.zarr")
    location = open_location(f"{web.url}/x.zarr")
    root = location.document("")
    assert root is not None
    assert 3 == len(web.asked)
    found = location.documents(["none", "0", "labels", "labels/cells"])
    assert [False, True, True, True] == [each is not None for each in found]
    assert len(set(web.paths())) == len(web.paths())
    assert 3 + (4 if root.zarr_format == 3 else 3 + 1 + 3 + 3) == len(web.asked)
    location.documents(["", "none", "0"])
    location.document("labels")
    assert len(set(web.paths())) == len(web.paths())


def test_a_store_that_mixes_formats(tmp_path: Path, web: Web) -> None:
    """A node of the other format is found where none of the root's format is yet."""
    web.serve(make_v3(tmp_path / "x"), "/x.zarr")
    web.serve(make_v2(tmp_path / "y"), "/y.zarr")
    for path in [path for path in web.values if path.startswith("/x.zarr/0/")]:
        del web.values[path]
    for path in [path for path in web.values if path.startswith("/y.zarr/0/")]:
        web.values["/x" + path[2:]] = web.values[path]
    first = open_location(f"{web.url}/x.zarr").document("0")
    later = open_location(f"{web.url}/x.zarr")

    assert first is not None
    assert 2 == first.zarr_format
    # Not looked for where the store is of one format, as far as is known …
    assert later.document("labels") is not None
    assert later.document("0") is None
    # … but where the root says otherwise.
    web.values["/x.zarr/.zgroup"] = b"{}"
    told = open_location(f"{web.url}/x.zarr")
    assert told.document("labels") is not None
    assert told.document("0") is not None


def test_attributes_of_an_array_come_when_needed(tmp_path: Path, web: Web) -> None:
    """Those of an array of format 2 are asked for by themselves; broken ones told."""
    image = make_v2(tmp_path / "x.zarr")
    put(image / "0" / ".zattrs", {"a": 1})
    put(image / "labels" / "cells" / "0" / ".zattrs", [])
    web.serve(image, "/x.zarr")
    location = open_location(f"{web.url}/x.zarr")
    array, broken = location.documents(["0", "labels/cells/0"])
    assert isinstance(array, NodeDocument)
    assert isinstance(broken, NodeDocument)

    assert {} == array.attributes
    assert "/x.zarr/0/.zattrs" not in web.paths()
    assert {"a": 1} == location.complete(array).attributes
    assert ["not-an-object"] == [p.kind for p in location.complete(broken).problems]


def consolidated(image: Path) -> None:
    """Add consolidated metadata, which also names what is not there, or outside."""
    names = ["0", "labels", "labels/cells", "none", "../x", "a//b"]
    if (image / "zarr.json").exists():
        document = json.loads((image / "zarr.json").read_text())
        inline = {"kind": "inline", "metadata": {name: {} for name in names}}
        put(image / "zarr.json", {**document, "consolidated_metadata": inline})
    else:
        keys = [".zgroup", ".zattrs", *(f"{name}/.zattrs" for name in names)]
        put(image / ".zmetadata", {"metadata": {key: {} for key in keys}})


def test_consolidated_metadata_is_a_hint(image: Path, web: Web) -> None:
    """Of the names that it has, those count that are there; it is read once."""
    consolidated(image)
    web.serve(image, "/x.zarr")
    location = open_location(f"{web.url}/x.zarr")

    assert ("0", "labels") == location.children("")
    assert ("cells",) == location.children("labels")
    assert location.children("none") is None
    assert location.children("labels/cells") is None
    assert len(set(web.paths())) == len(web.paths())
    assert not [path for path in web.paths() if ".." in path]


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"metadata": []}', b"[" * 10**5])
def test_broken_hints_are_none(tmp_path: Path, web: Web, text: bytes) -> None:
    """Consolidated metadata that cannot be read is as good as absent."""
    web.serve(make_v2(tmp_path / "x"), "/x.zarr")
    web.values["/x.zarr/.zmetadata"] = text

    assert open_location(f"{web.url}/x.zarr").children("") is None


def test_hints_are_bounded(tmp_path: Path, web: Web) -> None:
    """A store that says that it has very many nodes is asked for some of them."""
    web.serve(make_v2(tmp_path / "x"), "/x.zarr")
    names = {f"{i}/.zattrs": {} for i in range(10_000)}
    web.values["/x.zarr/.zmetadata"] = json.dumps({"metadata": names}).encode()

    assert ("0",) == open_location(f"{web.url}/x.zarr").children("")
    assert len(web.asked) < 3 + 1 + 4 * 256
