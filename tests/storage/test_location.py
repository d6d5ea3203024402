"""Every way in to a store, on a disk, in an archive and on the web."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import (
    CannotOpen,
    ChunkReadError,
    DocumentError,
    LimitExceeded,
    NgffError,
    NotOmeZarr,
    StoreChanged,
    UnsafePath,
)
from napari_ngff.storage.keys import http
from napari_ngff.storage.location import (
    NodeDocument,
    looks_like_zarr,
    open_location,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Web = Any
PIXELS = np.arange(12, dtype="<u2").reshape(3, 4)


def put(path: Path, document: Any) -> None:
    """Write a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


def make_v3(root: Path) -> Path:
    """Write an image with a label and a level of pixels in format 3."""
    for node in ("", "labels", "labels/cells"):
        attributes = {"node": node}
        group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
        put(root / node / "zarr.json", group)
    for node in ("0", "labels/cells/0"):
        put(
            root / node / "zarr.json",
            {
                "zarr_format": 3,
                "node_type": "array",
                "shape": [3, 4],
                "data_type": "uint16",
                "chunk_grid": {
                    "name": "regular",
                    "configuration": {"chunk_shape": [3, 4]},
                },
                "chunk_key_encoding": {"name": "default"},
                "fill_value": 0,
                "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
            },
        )
        (root / node / "c" / "0").mkdir(parents=True)
        (root / node / "c" / "0" / "0").write_bytes(PIXELS.tobytes())
    return root


def make_v2(root: Path) -> Path:
    """Write the same in format 2."""
    for node in ("", "labels", "labels/cells"):
        put(root / node / ".zgroup", {"zarr_format": 2})
        put(root / node / ".zattrs", {"node": node})
    for node in ("0", "labels/cells/0"):
        put(
            root / node / ".zarray",
            {
                "zarr_format": 2,
                "shape": [3, 4],
                "chunks": [3, 4],
                "dtype": "<u2",
                "compressor": None,
                "fill_value": "0",
                "filters": [],
                "order": "C",
                "dimension_separator": "/",
            },
        )
        (root / node / "0").mkdir()
        (root / node / "0" / "0").write_bytes(PIXELS.tobytes())
    return root


MAKERS = {"v2": make_v2, "v3": make_v3}


@pytest.fixture(params=MAKERS.values(), ids=MAKERS.keys())
def image(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An image in a store."""
    return request.param(tmp_path / "x.ome.zarr")  # type: ignore[no-any-return]


WAYS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "text": (str, ""),
    "path": (lambda path: path, ""),
    "slash": (lambda path: f"{path}/", ""),
    "slashes": (lambda path: f"{path}//", ""),
    "dots": (lambda path: f"{path}/labels/..", ""),
    "document": (lambda path: next(iter(path.glob("*z*[pn]"))), ""),
    "URL": (lambda path: path.as_uri(), ""),
    "URL of localhost": (
        lambda path: path.as_uri().replace("file:///", "file://localhost/"),
        "",
    ),
    "labels": (lambda path: path / "labels", "labels"),
    "label": (lambda path: f"{path}/labels/cells/", "labels/cells"),
    "label URL": (lambda path: (path / "labels" / "cells").as_uri(), "labels/cells"),
    "level": (lambda path: path / "0", "0"),
    "label level": (lambda path: path / "labels" / "cells" / "0", "labels/cells/0"),
}


@pytest.mark.parametrize(("way", "node"), WAYS.values(), ids=WAYS.keys())
def test_every_way_in(image: Path, way: Callable[[Path], Any], node: str) -> None:
    """Any path of a store, or inside it, finds the root and the node."""
    location = open_location(way(image))

    assert (str(image), node, "x.ome.zarr") == (
        location.url,
        location.node,
        location.name,
    )
    assert node == open_location(Path(location.url) / location.node).node


@pytest.mark.parametrize(
    "name",
    ["plain", "UPPER.ZARR", "with space.zarr", "Größe 细胞.ome.zarr", "50%.zarr"],
)
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    """A store may have any name, with and without a suffix."""
    image = make_v3(tmp_path / name)

    for path in (image, image.as_uri(), image / "zarr.json"):
        assert (str(image), "") == (open_location(path).url, open_location(path).node)


def test_the_home_folder(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde is the home folder."""
    monkeypatch.setenv("HOME", str(image.parent))
    monkeypatch.setenv("USERPROFILE", str(image.parent))

    assert str(image) == open_location("~/x.ome.zarr").url


def test_a_relative_path(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path may be relative to where one is."""
    monkeypatch.chdir(image / "labels")

    assert "labels/cells" == open_location("cells").node
    assert "labels" == open_location(".").node


def test_a_labels_folder_may_lack_metadata(image: Path) -> None:
    """A label in a `labels` folder that is no group still finds its image."""
    for name in ("zarr.json", ".zgroup", ".zattrs"):
        (image / "labels" / name).unlink(missing_ok=True)

    location = open_location(image / "labels" / "cells")
    assert (str(image), "labels/cells") == (location.url, location.node)


def test_the_chain_ends_at_a_folder_that_is_no_group(image: Path) -> None:
    """Above another folder without metadata nothing belongs to the store."""
    other = image / "more" / "y.zarr"
    shutil.copytree(image / "labels", other)

    assert (str(other), "") == (open_location(other).url, open_location(other).node)


def test_a_plate_is_the_root_of_its_fields(tmp_path: Path) -> None:
    """The root is the topmost group, however many floors there are."""
    for node in ("", "A", "A/1", "A/1/0"):
        put(tmp_path / "p.zarr" / node / ".zgroup", {"zarr_format": 2})

    location = open_location(tmp_path / "p.zarr" / "A" / "1" / "0")
    assert (str(tmp_path / "p.zarr"), "A/1/0") == (location.url, location.node)


NOWHERE: dict[str, tuple[str, type[CannotOpen], str]] = {
    "nothing": ("none.zarr", CannotOpen, "nothing at this path"),
    "no document": ("x.ome.zarr/none/zarr.json", CannotOpen, "nothing at this path"),
    "empty folder": ("empty", NotOmeZarr, "no Zarr metadata"),
    "chunks": ("x.ome.zarr/chunks", NotOmeZarr, "no Zarr metadata"),
    "other file": ("text.txt", CannotOpen, "not a ZIP"),
    "bucket": ("s3://bucket/x.zarr", CannotOpen, "https:// address"),
    "secret bucket": ("s3://u:hunter2@bucket/x.zarr", CannotOpen, "https:// address"),
    "other machine": ("file://server/x.zarr", CannotOpen, "another machine"),
    "NUL": ("a\0b", CannotOpen, "NUL"),
}


@pytest.mark.parametrize(
    ("path", "error", "words"), NOWHERE.values(), ids=NOWHERE.keys()
)
def test_what_cannot_be_opened_says_why(
    image: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    error: type[CannotOpen],
    words: str,
) -> None:
    """The error names the place and the reason, and no secret."""
    monkeypatch.chdir(image.parent)
    (image.parent / "empty").mkdir()
    (image / "chunks").mkdir()
    (image.parent / "text.txt").write_text("hello")

    with pytest.raises(error, match=words) as caught:
        open_location(path)
    assert type(caught.value) is error
    assert "hunter2" not in repr(caught.value) + str(caught.value)


def test_documents_are_read_once(image: Path) -> None:
    """The metadata of groups and arrays, in either format, in one form."""
    location = open_location(image)
    root = location.document("")
    array = location.document("0")

    assert root is not None
    assert array is not None
    assert ("group", {"node": ""}) == (root.kind, dict(root.attributes))
    assert ("array", [3, 4]) == (array.kind, array.metadata["shape"])
    assert location.document("none") is None
    assert () == root.problems
    assert root is location.document("")
    (image / "0").rename(image / "1")
    assert array is location.document("0")


def test_several_documents_keep_their_order(image: Path) -> None:
    """What cannot be read is in its place, as the error."""
    (image / "0" / "zarr.json").write_text("{")
    (image / "0" / ".zarray").write_text("{")
    found = open_location(image).documents(["labels", "0", "none", "../x", "labels"])

    kinds = [type(each) for each in found]
    assert [NodeDocument, DocumentError, type(None), UnsafePath, NodeDocument] == kinds
    assert found[0] is found[4]


def test_children_are_listed(image: Path) -> None:
    """Groups and arrays in a group, numbers by value; other folders are left out."""
    for name in ("10", "9"):
        shutil.copytree(image / "0", image / name)
    (image / "no node").mkdir()
    location = open_location(image)

    assert ("0", "9", "10", "labels") == location.children("")
    assert ("cells",) == location.children("labels")
    assert () == location.children("none")
    few = open_location(image, limits=Limits(images=2))
    assert ("0", "9") == few.children("")


@pytest.mark.skipif(sys.platform == "win32", reason="not a name on Windows")
def test_children_that_cannot_be_named_are_left_out(image: Path) -> None:
    """A folder whose name metadata could not use is no child."""
    shutil.copytree(image / "0", image / "a:b")

    assert ("0", "labels") == open_location(image).children("")


def test_pixels_are_read(image: Path) -> None:
    """The array of a document, also after a trip through pickle."""
    location = open_location(image)
    document = location.document("0")
    assert document is not None
    array = location.array(document)

    assert (PIXELS.shape, PIXELS.dtype) == (array.shape, array.dtype)
    assert np.array_equal(PIXELS, np.asarray(array))
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    assert np.array_equal(PIXELS, location.small_array("0"))
    again = pickle.loads(pickle.dumps(location))
    assert (location.url, location.node) == (again.url, again.node)
    assert repr(location) == repr(again)


def test_a_store_that_changed_is_noticed(image: Path) -> None:
    """Metadata that was replaced after it was read gives no pixels."""
    location = open_location(image)
    document = location.document("0")
    assert document is not None
    for name in ("zarr.json", ".zarray"):
        if (image / "0" / name).exists():
            text = (image / "0" / name).read_text()
            (image / "0" / name).write_text(text + " ")

    with pytest.raises(StoreChanged):
        np.asarray(location.array(document))


def test_arrays_that_cannot_be_are_refused(image: Path) -> None:
    """Groups, missing arrays and too large ones are errors that name the node."""
    location = open_location(image, limits=Limits(matrix_items=5))
    group = location.document("labels")
    assert group is not None

    with pytest.raises(DocumentError, match="no array here"):
        location.array(group)
    with pytest.raises(DocumentError, match="no array here"):
        location.small_array("none")
    with pytest.raises(LimitExceeded, match="'0'"):
        location.small_array("0")
    with pytest.raises(UnsafePath):
        location.document("../x")


def test_errors_of_the_guard_name_the_place(tmp_path: Path) -> None:
    """What the checks refuse says which array of which store it is."""
    image = make_v3(tmp_path / "x.zarr")
    document = json.loads((image / "0" / "zarr.json").read_text())
    put(image / "0" / "zarr.json", {**document, "codecs": [{"name": "pickle"}]})
    put(image / "1" / "zarr.json", {**document, "shape": [2**60, 1]})
    location = open_location(image)

    for node, words in (("0", "'pickle'"), ("1", "length of an axis")):
        found = location.document(node)
        assert found is not None
        with pytest.raises(NgffError) as caught:
            location.array(found)
        text = str(caught.value)
        assert all(part in text for part in (str(image), node, words))


def test_what_zarr_refuses_is_our_error(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever zarr says against a document comes as an error of ours."""

    def fail(*_: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr("napari_ngff.storage.lazy.open_array", fail)
    location = open_location(image)
    document = location.document("0")
    assert document is not None

    with pytest.raises(DocumentError, match="no such luck"):
        location.array(document)


class TestOddDocuments:
    """Documents that are not as they should be, but say enough."""

    def test_both_formats(self, tmp_path: Path) -> None:
        """Format 3 counts, and it is told."""
        make_v2(make_v3(tmp_path / "x"))
        root = open_location(tmp_path / "x").document("")

        assert root is not None
        assert 3 == root.zarr_format
        assert ["two-zarr-formats"] == [problem.kind for problem in root.problems]

    def test_attributes_alone(self, tmp_path: Path) -> None:
        """A `.zattrs` without `.zgroup` is a group, and it is told."""
        put(tmp_path / "x" / ".zattrs", {"a": 1})
        root = open_location(tmp_path / "x").document("")

        assert root is not None
        assert ("group", 2, {"a": 1}) == (root.kind, root.zarr_format, root.attributes)
        assert ["missing-zgroup"] == [problem.kind for problem in root.problems]

    @pytest.mark.parametrize("text", ["", "{", "[]"])
    def test_a_broken_zgroup(self, image: Path, text: str) -> None:
        """The attributes are worth more than what says only the format."""
        if not (image / ".zgroup").exists():
            return
        (image / ".zgroup").write_text(text)
        root = open_location(image).document("")

        assert root is not None
        assert root.attributes == {"node": ""}
        assert root.problems

    def test_broken_attributes_of_an_array(self, tmp_path: Path) -> None:
        """Pixels need no attributes."""
        image = make_v2(tmp_path / "x")
        (image / "0" / ".zattrs").write_text("{")
        location = open_location(image)
        array = location.document("0")

        assert array is not None
        assert ["not-json"] == [problem.kind for problem in array.problems]
        assert np.array_equal(PIXELS, np.asarray(location.array(array)))

    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            ({"zarr_format": 2}, "wrong-zarr-format"),
            ({"node_type": "folder"}, "missing-node-type"),
            ({"node_type": ["group"]}, "missing-node-type"),
            ({"attributes": [1]}, "attributes-not-object"),
        ],
    )
    def test_odd_values(self, tmp_path: Path, change: Any, kind: str) -> None:
        """What is wrong in a `zarr.json` is told, and it is read all the same."""
        image = make_v3(tmp_path / "x")
        document = json.loads((image / "zarr.json").read_text())
        put(image / "zarr.json", {**document, **change})
        root = open_location(image).document("")

        assert root is not None
        assert "group" == root.kind
        assert [kind] == [problem.kind for problem in root.problems]

    @pytest.mark.parametrize(
        ("text", "words"),
        [("{", "not JSON"), ("[]", "not a JSON object"), ("[" * 10**5, "nested")],
    )
    def test_unreadable(self, tmp_path: Path, text: str, words: str) -> None:
        """A document that is not one is an error that names store and key."""
        image = make_v3(tmp_path / "x")
        (image / "0" / "zarr.json").write_text(text)

        with pytest.raises(DocumentError, match=words) as caught:
            open_location(image).document("0")
        assert str(image) in str(caught.value)
        assert "0" in caught.value.node

    def test_too_large(self, tmp_path: Path) -> None:
        """A document beyond the limit is not read at all."""
        image = make_v3(tmp_path / "x")
        with (image / "zarr.json").open("r+b") as file:
            file.truncate(2**34)

        with pytest.raises(DocumentError, match="limit"):
            open_location(image).document("")

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        """A folder called `zarr.json` is an error."""
        image = make_v3(tmp_path / "x")
        (image / "1" / "zarr.json").mkdir(parents=True)

        with pytest.raises(DocumentError, match="a folder"):
            open_location(image).document("1")


def zipped(image: Path, target: Path, prefix: str = "") -> Path:
    """Put a store into an archive."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(image.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + file.relative_to(image).as_posix())
    return target


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


def test_few_looks_are_taken(served: Web) -> None:
    """Opening a store by its own address asks for its documents, and once."""
    location = open_location(f"{served.url}/data/x%20y.ome.zarr")
    location.document("")
    assert 4 == len(served.asked)
    location.documents(["labels", "0", "labels/cells"])
    assert len(set(served.paths())) == len(served.paths())
    assert len(served.asked) <= 4 + 3 * 3


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
    from napari_ngff.storage import cache

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
        "import sys; from napari_ngff.storage.looks import looks_like_zarr\n"
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


def test_names_in_either_normal_form(tmp_path: Path) -> None:
    """A label named in form C finds its folder written in form D."""
    image = make_v3(tmp_path / "x")
    name = unicodedata.normalize("NFD", "Größe")
    (image / "labels" / "cells").rename(image / "labels" / name)
    location = open_location(image)
    document = location.document("labels/Größe/0")

    assert document is not None
    assert np.array_equal(PIXELS, np.asarray(location.array(document)))


@pytest.mark.filterwarnings("ignore:Numcodecs codecs are not in the Zarr version 3")
def test_all_reference_stores_open(stores: Path) -> None:
    """Every group and array that other tools wrote opens, or says why not."""
    refused = []
    for file in sorted(stores.rglob("*")):
        if file.name not in ("zarr.json", ".zgroup", ".zarray"):
            continue
        location = open_location(file)
        document = location.document(location.node)
        assert document is not None
        if document.kind == "array":
            try:
                location.array(document)
            except DocumentError as error:
                refused.append(error)
    assert {"unsupported-dtype"} == {p.kind for e in refused for p in e.problems}
