"""Chunks of Zarr format 2 read as before, once a document of format 3 tells of them."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import numcodecs
import numpy as np
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import DocumentError
from napari_ngff.storage.chunks.as_v3 import as_v3
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.layout import layout_of
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

AUTO = numcodecs.Blosc.AUTOSHUFFLE
COMPRESSORS: dict[str, Any] = {
    "none": None,
    "gzip": {"id": "gzip", "level": -1},
    "zstd": {"id": "zstd", "level": 3},
    "lz4": {"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": AUTO},
    "bits": {"id": "blosc", "cname": "zstd", "clevel": 1, "shuffle": 2},
    "snappy": {"id": "blosc", "cname": "zlib", "clevel": 9, "shuffle": 0},
}
DTYPES = ("|u1", "<u2", ">u2", "<f4", ">i8", "|b1", "<c8")


def document(**changes: Any) -> dict[str, Any]:
    """Return a ``.zarray``."""
    return {
        "zarr_format": 2,
        "shape": [5, 7],
        "chunks": [2, 4],
        "dtype": "<u2",
        "order": "C",
        "fill_value": 0,
        "compressor": None,
        "filters": None,
        **changes,
    }


def save(path: Path, text: dict[str, Any], values: np.ndarray) -> None:
    """Write an array of format 2 with numcodecs alone."""
    path.mkdir()
    codec = text["compressor"] and numcodecs.get_codec(dict(text["compressor"]))
    (path / ".zarray").write_text(json.dumps(text))
    (rows, columns), separator = text["chunks"], text["dimension_separator"]
    for i, j in product(range(3), range(2)):
        chunk = np.zeros((rows, columns), text["dtype"])
        part = values[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns]
        chunk[: part.shape[0], : part.shape[1]] = part
        data = chunk.tobytes(text["order"])
        target = path.joinpath(*f"{i}{separator}{j}".split("/"))
        target.parent.mkdir(exist_ok=True)
        shaped = np.frombuffer(data, text["dtype"])
        target.write_bytes(data if codec is None else codec.encode(shaped))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", COMPRESSORS)
def test_the_same_pixels_are_read(tmp_path: Path, name: str, order: str) -> None:
    """By us and by zarr, of every type and in either spelling of keys."""
    for index, dtype in enumerate(DTYPES):
        values = (np.arange(35).reshape(5, 7) % 100).astype(dtype)
        text = document(
            dtype=dtype,
            order=order,
            compressor=COMPRESSORS[name],
            fill_value=[0.0, 0.0] if dtype == "<c8" else 0,
            dimension_separator="./"[index % 2],
        )
        path = tmp_path / str(index)
        save(path, text, values)
        before = np.asarray(zarr.open_array(path, mode="r")[:])
        new = as_v3(text, dimension_names=["y", "x"], attributes={"a": [1]})
        (path / "zarr.json").write_text(json.dumps(new))
        (path / ".zarray").unlink()

        after = zarr.open_array(path, mode="r", zarr_format=3)
        location = open_location(path)
        found = location.document(location.node)
        assert found is not None
        np.testing.assert_array_equal(values, before)
        np.testing.assert_array_equal(values, after[:])
        np.testing.assert_array_equal(values, np.asarray(location.array(found)))
        assert ("y", "x") == after.metadata.dimension_names
        assert {"a": [1]} == dict(after.attrs)


@given(
    st.sampled_from(DTYPES),
    st.sampled_from("CF"),
    st.sampled_from([None, ".", "/"]),
    st.sampled_from([*COMPRESSORS.values()]),
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), max_size=5),
)
def test_every_layout_stays(
    dtype: str, order: str, separator: Any, compressor: Any, axes: Any
) -> None:
    """Chunks, their keys, their bytes and what absent ones are full of."""
    text = document(
        dtype=dtype,
        order=order,
        compressor=compressor,
        shape=[size for size, _ in axes],
        chunks=[chunk for _, chunk in axes],
        fill_value=None,
        **({"dimension_separator": separator} if separator else {}),
    )

    new = as_v3(text)

    assert layout_of(guard(text, 2, LIMITS)) == layout_of(guard(new, 3, LIMITS))
    assert new == json.loads(json.dumps(new))


@pytest.mark.parametrize(
    ("stated", "expected"), [("NaN", "NaN"), (1.5, 1.5), (None, 0.0), (2, 2.0)]
)
def test_fill_values_are_said(stated: Any, expected: Any) -> None:
    """Also one that format 2 leaves to the reader."""
    new = as_v3(document(dtype="<f4", fill_value=stated))

    assert expected == new["fill_value"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"compressor": {"id": "zlib", "level": 1}}, "zlib"),
        ({"compressor": {"id": "lz4"}}, "lz4"),
        ({"compressor": {"id": "bz2"}}, "bz2"),
        ({"filters": [{"id": "delta", "dtype": "<u2"}]}, "delta"),
        ({"dtype": "|O"}, "type"),
        ({"dtype": "<M8[s]"}, "type"),
        ({"compressor": {"id": "pickle"}}, "pickle"),
    ],
)
def test_what_format_3_has_no_words_for(changes: Any, words: str) -> None:
    """It is refused by its name."""
    with pytest.raises(DocumentError, match=words):
        as_v3(document(**changes))
