"""Every way in to a store on a disk, and what is in it."""

from __future__ import annotations

import json
import pickle
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.plain import PIXELS, make_v3, put
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import (
    CannotOpen,
    DocumentError,
    LimitExceeded,
    NgffError,
    NotOmeZarr,
    StoreChanged,
    UnsafePath,
)
from napari_ngff.storage.location import NodeDocument, open_location

if TYPE_CHECKING:
    from collections.abc import Callable


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

    monkeypatch.setattr("napari_ngff.storage.chunks.layout.layout_of", lambda _: None)
    monkeypatch.setattr("napari_ngff.storage.chunks.zarr_array.open_array", fail)
    location = open_location(image)
    document = location.document("0")
    assert document is not None

    with pytest.raises(DocumentError, match="no such luck"):
        location.array(document)


def test_names_in_either_normal_form(tmp_path: Path) -> None:
    """A label named in form C finds its folder written in form D."""
    image = make_v3(tmp_path / "x")
    name = unicodedata.normalize("NFD", "Größe")
    (image / "labels" / "cells").rename(image / "labels" / name)
    location = open_location(image)
    document = location.document("labels/Größe/0")

    assert document is not None
    assert np.array_equal(PIXELS, np.asarray(location.array(document)))


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
