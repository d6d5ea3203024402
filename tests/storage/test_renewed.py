"""Arrays that are open go on through our own edits, and through nobody else's."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import zarr

from napari_ngff.core.problems import StoreChanged
from napari_ngff.storage.commit.documents import replace_documents
from napari_ngff.storage.commit.undoing import undo_last
from napari_ngff.storage.location import open_location
from napari_ngff.storage.renewed import leads, means_the_same, renew

KEY = "0/zarr.json"


@pytest.fixture
def store(tmp_path):
    group = zarr.create_group(tmp_path / "a.zarr", zarr_format=3)
    group.create_array("0", data=np.arange(12).reshape(3, 4), chunks=(2, 2))
    return tmp_path / "a.zarr"


def opened(store):
    location = open_location(store)
    return location.array(location.document("0"))


def changed(store, **members):
    document = json.loads((store / KEY).read_bytes())
    return json.dumps({**document, **members}).encode()


def edit(store, **members):
    changes = {KEY: ((store / KEY).read_bytes(), changed(store, **members))}
    replace_documents(store, changes, note="")


def test_goes_on_through_own_edits(store):
    """Names of axes and attributes change and change back; the pixels are the same."""
    array = opened(store)
    edit(store, dimension_names=["y", "x"])
    edit(store, attributes={"a": 1})
    undo_last(store)
    np.testing.assert_array_equal(np.arange(12).reshape(3, 4), np.asarray(array))
    other = changed(store, dimension_names=["z", "x"])
    (store / "0" / "other").write_bytes(other)
    os.replace(store / "0" / "other", store / KEY)
    with pytest.raises(StoreChanged):
        np.asarray(array)


def test_other_shapes_are_another_array(store):
    """What says how chunks are read is no name: whoever has it open is told."""
    array = opened(store)
    edit(store, shape=[3, 3])
    with pytest.raises(StoreChanged):
        np.asarray(array)


def test_a_store_that_was_replaced_is_another(store):
    """An edit of a store that somebody replaced hides nothing."""
    array = opened(store)
    document = (store / KEY).read_bytes()
    (store / KEY).unlink()
    (store / "0" / "x").write_bytes(b"keeps the next inode from being the same")
    (store / KEY).write_bytes(document)
    edit(store, dimension_names=["y", "x"])
    with pytest.raises(StoreChanged):
        np.asarray(array)


def test_means_the_same():
    """Only texts that both tell of an array can say the same of its chunks."""
    array = b'{"shape": [1], "dimension_names": null}'
    assert means_the_same(array, b'{"attributes": {}, "shape": [1]}')
    assert not means_the_same(array, b'{"shape": [2]}')
    for text in (None, b"{}", b"[]", b"1", b"nonsense", b"\xff"):
        assert not means_the_same(text, text)


def test_leads_round_in_no_circle():
    """Stamps that lead to each other end the search."""
    first, second = (1, 2, 3, 4), (1, 3, 3, 4)
    renew([(first, second), (second, first)])
    assert leads(first, second)
    assert not leads(first, (0, 0, 0, 0))
