"""A store looked at as if some of its documents were others."""

import json

import numpy as np
import pytest

from cases.build import build_image, pixels
from napari_ngff.storage.edited import EditedKeys, EditedLocation
from napari_ngff.storage.location import open_location


@pytest.fixture
def location(tmp_path):
    """Return an image, opened."""
    return open_location(build_image(tmp_path / "a.zarr", version="0.5"))


def test_edited_documents_are_seen_and_the_others_are_those_of_the_store(location):
    """The store itself is not changed, and its pixels can be read."""
    old = location.document("")
    new = json.dumps({**old.metadata, "attributes": {"a": 1}}).encode()

    edited = EditedLocation(location, {""}, {"zarr.json": new})

    assert {"a": 1} == edited.document("").attributes
    assert old.attributes == location.document("").attributes
    assert location.document("0") is edited.document("0")
    assert location.children("") == edited.children("")
    shape = (2, 4, 16, 16)
    level = edited.array(edited.document("0"))
    np.testing.assert_array_equal(pixels(shape), np.asarray(level))


def test_keys_with_other_values_have_other_stamps(location):
    """A span, the size and the stamp are those of the other value."""
    keys = EditedKeys(location.keys, {"a": b"0123"})

    assert b"12" == keys.get("a", (1, 3), limit=9)
    assert (b"3", 4) == keys.sized("a", (-1, None), limit=9)
    assert (b"0123", keys.stamp("a")) == keys.stamped("a", limit=9)
    assert keys.stamp("a") != EditedKeys(location.keys, {"a": b"x"}).stamp("a")
    assert location.keys.stamp("zarr.json") == keys.stamp("zarr.json")
    assert location.keys.folders("") == keys.folders("")
    assert keys.get("b", limit=9) is None


def test_what_a_server_answers_is_asked_once(location):
    """Also that there is nothing; a place without round trips is asked each time."""

    class Far:
        url, remote = "http://x", True

        def stamped(self, key, *, limit):
            asked.append(key)
            return None if key == "b" else (b"1", 1)

    asked, answers = [], {}
    for values in ({}, {"c": b"2"}):
        keys = EditedKeys(Far(), values, answers)
        assert (b"1", 1) == keys.stamped("a", limit=9)
        assert keys.stamped("b", limit=9) is None

    assert ["a", "b"] == asked
    assert b"2" == keys.stamped("c", limit=9)[0]
    near = EditedKeys(location.keys, {}, answers)
    assert near.stamped("a", limit=9) is None
