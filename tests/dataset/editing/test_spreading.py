"""Consolidated metadata follow the documents that they repeat."""

import json

import pytest

from cases.build import build_image
from cases.consolidated import consolidate
from napari_ngff.core.patch import Change, apply
from napari_ngff.dataset.editing.documents import open_documents
from napari_ngff.dataset.editing.spreading import changes_by_key, stale_copies


def copy_in(document, node):
    """Return what consolidated metadata say of a node."""
    if "consolidated_metadata" in document:
        return document["consolidated_metadata"]["metadata"][node]
    return document["metadata"][f"{node}/.zattrs"]


@pytest.fixture(params=["0.4", "0.5"])
def image(tmp_path, request):
    """Return an image with labels and consolidated metadata."""
    options = {"version": request.param, "labels": {"a": {}}}
    path = build_image(tmp_path / "a.zarr", **options)
    consolidate(path)
    return path


def renamed(stored):
    """Return what the document says if the image has another name."""
    document = stored.group
    blocks = (*document.prefix, *(("ome",) if stored.zarr_format == 3 else ()))
    change = Change((*blocks, "multiscales", 0, "name"), "a", "b")
    return change, apply(document.value, [change])


def test_a_copy_follows(image):
    """What changes in the document changes in the copy, and nothing else does."""
    stored = open_documents(image / "labels" / "a")
    change, value = renamed(stored)

    found = changes_by_key(stored, {stored.node: value})

    (own, holder) = found
    assert own == stored.group.key
    assert (change,) == found[own]
    (copied,) = found[holder]
    assert ("a", "b") == (copied.old, copied.new)
    assert change.loc == copied.loc[-len(change.loc) :]
    assert [] == list(stale_copies(stored))
    assert {} == changes_by_key(stored, {})


def test_a_stale_copy_is_told_and_brought_up_to_date_if_wished(image):
    """An edit elsewhere leaves it; the fix makes it say what the document does."""
    change, _ = renamed(open_documents(image / "labels" / "a"))
    document = image / "labels" / "a" / open_documents(image).group.key
    value = apply(json.loads(document.read_bytes()), [change])
    document.write_text(json.dumps(value))
    stored = open_documents(image / "labels" / "a")

    (problem,) = stale_copies(stored)
    found = changes_by_key(stored, {}, stale="update")

    assert "stale-consolidated" == problem.kind
    assert {} == changes_by_key(stored, {})
    ((key, (copied,)),) = found.items()
    assert ("a", "b") == (copied.old, copied.new)
    holder = apply(stored.holders[key].value, found[key])
    assert stored.group.value == copy_in(holder, "labels/a")


def test_a_copy_that_differs_where_an_edit_is_becomes_equal(image):
    """It is never left saying what neither the file nor the edit says."""
    document = image / "labels" / "a" / open_documents(image).group.key
    text = document.read_text().replace('"name": "a"', '"name": "x"')
    assert '"x"' in text
    document.write_text(text)
    stored = open_documents(image / "labels" / "a")
    value = json.loads(text.replace('"name": "x"', '"name": "y"'))

    found = changes_by_key(stored, {stored.node: value})

    (key,) = found.keys() - {stored.group.key}
    holder = apply(stored.holders[key].value, found[key])
    assert value == copy_in(holder, "labels/a")
