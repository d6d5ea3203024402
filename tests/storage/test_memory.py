"""Keys whose values are in memory."""

from napari_ngff.storage.keys.memory import MemoryKeys
from napari_ngff.storage.location import Location

GROUP = b'{"zarr_format": 3, "node_type": "group", "attributes": {"a": 1}}'


def test_a_store_in_memory_is_read_as_any_other():
    """Its values, parts of them, and what is below; nothing else is there."""
    keys = MemoryKeys("somewhere/x", {"zarr.json": GROUP, "a/b/zarr.json": GROUP})

    assert GROUP == keys.get("zarr.json", limit=1000)
    assert GROUP[2:5] == keys.get("zarr.json", (2, 5), limit=1000)
    assert (GROUP[-3:], len(GROUP)) == keys.sized("zarr.json", (-3, None), limit=9)
    assert (GROUP, GROUP) == keys.stamped("zarr.json", limit=1000)
    assert ("a",) == keys.folders("")
    assert ("b",) == keys.folders("a/")
    for absent in (keys.get("x", limit=9), keys.stamped("x", limit=9), keys.stamp("x")):
        assert absent is None
    location = Location(keys, "")
    assert {"a": 1} == location.document("").attributes
    assert "x" == location.name
