"""Documents of arrays: zarr and our own reader understand them alike."""

from __future__ import annotations

import json

import numpy as np
import pytest
import zarr

from cases.storing import DTYPES, level
from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks.array_documents import (
    array_document,
    layout_for,
    layout_of,
)
from napari_ngff.storage.chunks.codecs import guard


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_document_says_how_it_is_stored(dtype: str, zarr_format: int):
    """What is read of a document is what it was made of, fill value included."""
    plan = level((10, 12), (4, 5))
    fill = np.dtype(dtype).type(1)
    settings = {"zarr_format": zarr_format, "fill_value": fill}
    document = array_document(plan, np.dtype(dtype), **settings)
    found = layout_of(json.loads(json.dumps(document)))

    assert found is not None
    expected = layout_for(plan, np.dtype(dtype), **settings)
    assert (expected.shape, expected.chunk, expected.dtype) == (
        found.shape,
        found.chunk,
        found.dtype,
    )
    assert expected.fill_value == found.fill_value
    assert expected.key((1, 2)) == found.key((1, 2))
    guard(document, zarr_format, LIMITS)


def test_shards_and_names_of_axes_are_stated(tmp_path):
    """Zarr reads chunks, shards and names out of a document."""
    plan = level((10, 12), (2, 3), (4, 6))
    document = array_document(
        plan, np.dtype("u2"), zarr_format=3, dimension_names=["y", "x"]
    )
    (tmp_path / "zarr.json").write_text(json.dumps(document))
    array = zarr.open_array(tmp_path, mode="r")

    assert (array.shards, array.chunks) == ((4, 6), (2, 3))
    assert array.metadata.dimension_names == ("y", "x")


@pytest.mark.parametrize("fill", [np.nan, np.inf, -np.inf, -0.0])
def test_fill_values_that_json_lacks_are_spelled(fill: float):
    """JSON has neither NaN nor infinities; Zarr says them as strings."""
    document = array_document(
        level((4,), (4,)), np.dtype("f4"), zarr_format=3, fill_value=fill
    )
    text = json.dumps(document, allow_nan=False)
    found = layout_of(json.loads(text))

    assert found is not None
    assert np.float32(fill).tobytes() == found.fill_value.tobytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dtype": "datetime64[s]"}, "cannot be saved as Zarr"),
        ({"zarr_format": 2}, "Zarr format 2 has no shards"),
        ({"shard": (5, 6)}, "no multiple"),
    ],
)
def test_what_cannot_be_is_refused(change: dict, words: str):
    """Before anything is written."""
    settings = {"dtype": "u2", "zarr_format": 3, "shard": (4, 6), **change}
    plan = level((10, 12), (2, 3), settings["shard"])
    with pytest.raises(ValueError, match=words):
        array_document(
            plan, np.dtype(settings["dtype"]), zarr_format=settings["zarr_format"]
        )


CHANGES_3 = {
    "a transpose": lambda d: d["codecs"].insert(
        0, {"name": "transpose", "configuration": {"order": [1, 0]}}
    ),
    "big-endian": lambda d: d["codecs"][0]["configuration"].update(endian="big"),
    "another grid": lambda d: d["chunk_grid"].update(name="rectilinear"),
    "other keys": lambda d: d["chunk_key_encoding"].update(name="v2"),
    "a fill value in bits": lambda d: d.update(fill_value="0x01"),
    "no codecs": lambda d: d.pop("codecs"),
    "another type": lambda d: d.update(data_type="string"),
}
CHANGES_2 = {
    "order F": lambda d: d.update(order="F"),
    "big-endian": lambda d: d.update(dtype=">u2"),
    "a filter": lambda d: d.update(filters=[{"id": "delta"}]),
    "another codec": lambda d: d.update(compressor={"id": "lzma"}),
}


@pytest.mark.parametrize("name", CHANGES_3)
def test_another_way_of_storing_is_not_taken_for_ours_in_format_3(name: str):
    """Chunks are not copied into an array that would show them otherwise."""
    document = array_document(level((9, 8), (4, 4)), np.dtype("u2"), zarr_format=3)
    assert layout_of(document) is not None
    CHANGES_3[name](document)

    assert layout_of(document) is None


@pytest.mark.parametrize("name", CHANGES_2)
def test_another_way_of_storing_is_not_taken_for_ours_in_format_2(name: str):
    """Chunks are not copied into an array that would show them otherwise."""
    document = array_document(level((9, 8), (4, 4)), np.dtype("u2"), zarr_format=2)
    assert layout_of(document) is not None
    CHANGES_2[name](document)

    assert layout_of(document) is None


@pytest.mark.parametrize("where", ["index at the start", "no checksum", "packed"])
def test_other_shards_are_not_taken_for_ours(where: str):
    """Only shards whose index is at the end and checked are as ours."""
    plan = level((8, 8), (2, 2), (4, 4))
    document = array_document(plan, np.dtype("u1"), zarr_format=3)
    settings = document["codecs"][0]["configuration"]
    if where == "index at the start":
        settings["index_location"] = "start"
    elif where == "no checksum":
        settings["index_codecs"].pop()
    else:
        document["codecs"].append({"name": "crc32c"})

    assert layout_of(document) is None


def test_the_bytes_of_a_file_count_what_is_in_the_array():
    """What is beyond the array's end is no work."""
    layout = layout_for(level((10, 12), (2, 3), (4, 6)), np.dtype("u2"), zarr_format=3)

    assert 4 * 6 * 2 == layout.nbytes_of((0, 0))
    assert 2 * 6 * 2 == layout.nbytes_of((2, 1))
