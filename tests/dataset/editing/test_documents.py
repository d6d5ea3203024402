"""Which documents an edit may change, and who repeats them."""

import json
import os

import pytest

from cases.build import build_image, zip_store
from cases.consolidated import consolidate
from cases.many import build_plate
from napari_ngff.core.problems import CannotOpen, DocumentError
from napari_ngff.dataset.editing.documents import (
    open_documents,
    read_again,
    with_groups,
)
from napari_ngff.dataset.editing.stored import Copy

SHAPES = ((2, 4, 16, 16), (2, 2, 8, 8))


@pytest.mark.parametrize(
    ("version", "name", "prefix"),
    [("0.4", ".zattrs", ()), ("0.5", "zarr.json", ("attributes",))],
)
def test_an_image_has_its_document_and_those_of_its_levels(
    tmp_path, version, name, prefix
):
    """They come with their bytes, wherever in the image the path leads."""
    path = build_image(tmp_path / "a.zarr", version=version)

    for inside in ("", name, "0"):
        stored = open_documents(path / inside)

        assert "" == stored.node
        assert ["", "0", "1"] == list(stored.documents)
        assert name == stored.group.key
        assert prefix == stored.group.prefix
        assert (path / name).read_bytes() == stored.group.data
        assert "multiscales" in str(stored.group.attributes)
        assert SHAPES == stored.shapes("", 0)
        assert () == stored.shapes("", 1)
        assert "" == stored.read_only


def test_attributes_that_are_not_there_are_empty(tmp_path):
    """An array of format 2 needs none; they can be made."""
    path = build_image(tmp_path / "a.zarr")

    array = open_documents(path).documents["0"]

    assert None is array.data
    assert {} == array.attributes
    assert "0/.zattrs" == array.key


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_copies_are_found_in_every_group_above(tmp_path, version):
    """Consolidated metadata of a plate repeat those of its fields."""
    root = build_plate(tmp_path / "p.zarr", version=version)
    consolidate(root / "A" / "1" / "0")
    consolidate(root)

    stored = open_documents(root / "A" / "1" / "0")

    if version == "0.4":
        assert (
            Copy(key=".zmetadata", loc=("metadata", "A/1/0/.zattrs")),
            Copy(key="A/1/0/.zmetadata", loc=("metadata", ".zattrs")),
        ) == stored.copies["A/1/0/.zattrs"]
        return
    listing = ("consolidated_metadata", "metadata")
    assert (Copy(key="zarr.json", loc=(*listing, "A/1/0")),) == stored.copies[
        "A/1/0/zarr.json"
    ]
    assert {
        Copy(key="zarr.json", loc=(*listing, "A/1/0/0")),
        Copy(key="zarr.json", loc=(*listing, "A/1/0", *listing, "0")),
        Copy(key="A/1/0/zarr.json", loc=(*listing, "0")),
    } == set(stored.copies["A/1/0/0/zarr.json"])


def test_further_groups_come_with_their_arrays(tmp_path):
    """Labels are edited with their image."""
    path = build_image(tmp_path / "a.zarr", labels={"cells": {}})

    stored = with_groups(open_documents(path), ["labels/cells"])

    assert {"", "labels/cells"} == stored.levels.keys()
    assert ((4, 16, 16), (2, 8, 8)) == stored.shapes("labels/cells", 0)
    assert read_again(stored).documents.keys() == stored.documents.keys()
    with pytest.raises(CannotOpen, match="no group 'labels/x'"):
        with_groups(stored, ["labels/x"])


def test_it_says_why_a_store_is_read_only(tmp_path):
    """An archive and a folder without permission can be looked at."""
    path = build_image(tmp_path / "a.zarr", version="0.5")
    packed = zip_store(path, tmp_path / "a.ozx")

    assert "archive" in open_documents(packed).read_only
    if os.name == "nt" or os.geteuid() == 0:
        return
    path.chmod(0o555)
    assert "permissions" in open_documents(path).read_only
    path.chmod(0o755)


def test_what_cannot_be_edited_is_an_error(tmp_path):
    """An array that no image lists; a level that is no JSON does no harm."""
    path = build_image(tmp_path / "a.zarr")
    (path / "1" / ".zarray").write_text("{")
    (path / "0").rename(path / "other")

    assert (None, None) == open_documents(path).shapes("", 0)
    with pytest.raises(CannotOpen, match="no image lists"):
        open_documents(path / "other")
    (path / ".zattrs").write_text("{")
    with pytest.raises(DocumentError, match="not JSON"):
        open_documents(path)


def test_a_path_that_leads_out_is_no_level(tmp_path):
    """What may not be followed is not read."""
    path = build_image(
        tmp_path / "a.zarr",
        edit=lambda found: found["multiscales"][0]["datasets"][1].update(path="../b"),
    )
    build_image(tmp_path / "b")

    stored = open_documents(path)

    assert ("0", None) == stored.nodes("", 0)
    assert "../b" in json.dumps(stored.group.attributes)
