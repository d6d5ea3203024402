"""What an array may ask of us: the lists, the limits, and what is made of oddities."""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import DocumentError, LimitExceeded
from napari_ngff.storage.chunks.codecs import guard

BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
V2: dict[str, Any] = {
    "zarr_format": 2,
    "shape": [100, 100],
    "chunks": [10, 10],
    "dtype": "<u2",
    "compressor": None,
    "fill_value": 0,
    "filters": None,
    "order": "C",
}
V3: dict[str, Any] = {
    "zarr_format": 3,
    "node_type": "array",
    "shape": [100, 100],
    "data_type": "uint16",
    "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [10, 10]}},
    "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
    "fill_value": 0,
    "codecs": [BYTES],
    "attributes": {"a": 1},
    "dimension_names": ["y", "x"],
}


def shards(inner: list[int], codecs: list[Any], **more: Any) -> dict[str, Any]:
    """Return the entry of a sharding codec."""
    settings = {
        "chunk_shape": inner,
        "codecs": codecs,
        "index_codecs": [BYTES, {"name": "crc32c"}],
        **more,
    }
    return {"name": "sharding_indexed", "configuration": settings}


def grid(*chunk: int) -> dict[str, Any]:
    """Return the entry of a regular chunk grid."""
    return {"name": "regular", "configuration": {"chunk_shape": list(chunk)}}


REFUSED = {
    "v2 pickle": (V2, {"filters": [{"id": "pickle"}]}, "pickle"),
    "v2 pickle as compressor": (V2, {"compressor": {"id": "pickle"}}, "pickle"),
    "v2 json": (V2, {"filters": [{"id": "json2"}]}, "json2"),
    "v2 vlen": (V2, {"filters": [{"id": "vlen-utf8"}]}, "vlen-utf8"),
    "v2 object": (V2, {"dtype": "|O"}, "|O"),
    "v2 structure": (V2, {"dtype": [["a", "<u2"]]}, "u2"),
    "v2 text": (V2, {"dtype": "<U5"}, "U5"),
    "v2 time": (V2, {"dtype": "<M8[ns]"}, "M8"),
    "v2 without byte order": (V2, {"dtype": "u2"}, "u2"),
    "v2 with any byte order": (V2, {"dtype": "|u2"}, "u2"),
    "v2 no dtype": (V2, {"dtype": None}, "None"),
    "v2 filter to object": (
        V2,
        {"filters": [{"id": "astype", "encode_dtype": "|O", "decode_dtype": "<u2"}]},
        "|O",
    ),
    "v2 filter settings": (V2, {"filters": [{"id": "delta", "x": {}}]}, "not numbers"),
    "v2 order": (V2, {"order": "A"}, "order"),
    "v2 separator": (V2, {"dimension_separator": "../"}, "separator"),
    "v2 compressor": (V2, {"compressor": "blosc"}, "not a codec"),
    "v2 filters": (V2, {"filters": {"id": "delta"}}, "not a list"),
    "v2 no shape": (V2, {"shape": None}, "whole numbers"),
    "v2 chunk axes": (V2, {"chunks": [10]}, "2 axes but chunks of 1"),
    "v2 chunk zero": (V2, {"chunks": [0, 10]}, "length 0"),
    "v2 fill": (V2, {"fill_value": "hello"}, "hello"),
    "v2 fill too large": (V2, {"fill_value": 65536}, "does not fit"),
    "v2 fill negative": (V2, {"fill_value": -1}, "does not fit"),
    "v2 fill broken": (V2, {"fill_value": 0.5}, "does not fit"),
    "v2 fill NaN": (V2, {"fill_value": "NaN"}, "does not fit"),
    "v3 pickle": (V3, {"codecs": [BYTES, {"name": "numcodecs.pickle"}]}, "pickle"),
    "v3 vlen": (V3, {"codecs": [{"name": "vlen-utf8"}]}, "vlen-utf8"),
    "v3 json": (V3, {"codecs": [{"name": "numcodecs.json2"}]}, "json2"),
    "v3 unknown": (V3, {"codecs": [BYTES, {"name": "new"}]}, "new"),
    "v3 no codecs": (V3, {"codecs": []}, "codecs"),
    "v3 codecs": (V3, {"codecs": {"name": "bytes"}}, "codecs"),
    "v3 codec": (V3, {"codecs": [3]}, "not a codec"),
    "v3 settings": (V3, {"codecs": [{"name": "bytes", "configuration": 3}]}, "JSON"),
    "v3 only packers": (V3, {"codecs": [{"name": "zstd"}]}, "need one"),
    "v3 two serializers": (V3, {"codecs": [BYTES, BYTES]}, "need one"),
    "v3 no endian": (V3, {"codecs": ["bytes"]}, "little or big"),
    "v3 own name": (V3, {"codecs": [BYTES, {"name": "napari_ngff_bounded"}]}, "ngff"),
    "v3 transposed": (
        V3,
        {"codecs": [{"name": "transpose", "configuration": {"order": [0, 0]}}, BYTES]},
        "does not fit the axes",
    ),
    "v3 transposed by text": (
        V3,
        {"codecs": [{"name": "transpose", "configuration": {"order": ["0"]}}, BYTES]},
        "does not fit the axes",
    ),
    "v3 string": (V3, {"data_type": "string"}, "string"),
    "v3 raw bits": (V3, {"data_type": "r16"}, "r16"),
    "v3 structure": (V3, {"data_type": {"name": "struct"}}, "struct"),
    "v3 grid": (V3, {"chunk_grid": {"name": "rectilinear"}}, "rectilinear"),
    "v3 no grid": (V3, {"chunk_grid": None}, "not a codec"),
    "v3 keys": (V3, {"chunk_key_encoding": {"name": "fanout"}}, "fanout"),
    "v3 separator": (
        V3,
        {"chunk_key_encoding": {"name": "v2", "configuration": {"separator": ".."}}},
        "separator",
    ),
    "v3 transformers": (V3, {"storage_transformers": [{"name": "x"}]}, "transformers"),
    "v3 extension": (V3, {"new": {"a": 1}}, "must be"),
    "v3 extension to be understood": (V3, {"new": {"must_understand": True}}, "new"),
    "v3 uneven shard": (V3, {"codecs": [shards([3, 3], [BYTES])]}, "evenly"),
    "v3 shard axes": (V3, {"codecs": [shards([5], [BYTES])]}, "evenly"),
    "v3 shard zero": (V3, {"codecs": [shards([0, 5], [BYTES])]}, "evenly"),
    "v3 packed index": (
        V3,
        {"codecs": [shards([5, 5], [BYTES], index_codecs=[BYTES, {"name": "gzip"}])]},
        "index is packed",
    ),
    "v3 index place": (
        V3,
        {"codecs": [shards([5, 5], [BYTES], index_location="middle")]},
        "start nor the end",
    ),
    "v3 pickle in a shard": (
        V3,
        {"codecs": [shards([5, 5], [BYTES, {"name": "numcodecs.pickle"}])]},
        "pickle",
    ),
}


@pytest.mark.parametrize(
    ("document", "change", "words"), REFUSED.values(), ids=REFUSED.keys()
)
def test_what_is_not_on_the_lists_is_refused(
    document: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    """Codecs, types and grids that are not known are refused in words."""
    metadata = {**document, **change}

    with pytest.raises(DocumentError) as caught:
        guard(metadata, document["zarr_format"], LIMITS)

    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.level == "error"
    assert problem.loc


TOO_MUCH = {
    "v2 chunk": (V2, {"shape": [2**40], "chunks": [2**40]}),
    "v2 chunk product": (V2, {"shape": [2**40] * 2, "chunks": [2**32, 2**32]}),
    "v2 length": (V2, {"shape": [2**62, 10]}),
    "v2 long number": (V2, {"shape": [10**60, 10]}),
    "v2 axes": (V2, {"shape": [1] * 9, "chunks": [1] * 9}),
    "v3 chunk": (V3, {"chunk_grid": grid(2**20, 2**20)}),
    "v3 index": (
        V3,
        {"chunk_grid": grid(2**16, 2**16), "codecs": [shards([1, 1], [BYTES])]},
    ),
    "v3 chunk in shard": (
        V3,
        {
            "chunk_grid": grid(2**20, 2**20),
            "codecs": [shards([2**19, 2**19], [BYTES])],
        },
    ),
    "v3 packed shard": (
        V3,
        {
            "chunk_grid": grid(2**16, 2**16),
            "codecs": [shards([2**12, 2**12], [BYTES]), "zstd"],
        },
    ),
    "v3 nested": (
        V3,
        {"codecs": [shards([10, 10], [shards([5, 5], [shards([1, 1], [BYTES])])])]},
    ),
}


@pytest.mark.parametrize(("document", "change"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_too_much_is_refused_before_work(
    document: dict[str, Any], change: dict[str, Any]
) -> None:
    """Sizes beyond the limits are refused at once, by arithmetic alone."""
    begun = time.monotonic()
    with pytest.raises(LimitExceeded):
        guard({**document, **change}, document["zarr_format"], LIMITS)
    assert time.monotonic() - begun < 0.5


def test_a_large_shard_of_small_chunks_is_allowed() -> None:
    """A shard is read in part, so it may be larger than a chunk may be."""
    change = {
        "chunk_grid": grid(2**16, 2**16),
        "codecs": [shards([2**10, 2**10], [BYTES])],
    }

    assert guard({**V3, **change}, 3, LIMITS)["codecs"]


def test_limits_can_be_raised() -> None:
    """Another `Limits` lets a larger chunk through."""
    change = {"shape": [2**16, 2**16], "chunks": [2**16, 2**16]}

    raised = replace(LIMITS, chunk_bytes=2**40)
    assert guard({**V2, **change}, 2, raised)["chunks"] == [2**16, 2**16]


def bounded(codec: str, limit: int, *, exact: bool = True) -> dict[str, Any]:
    """Return the entry of a compressor in its bounded form."""
    settings = {"codec": codec, "limit": limit, "exact": exact}
    return {"name": "napari_ngff_bounded", "configuration": settings}


def test_compressors_are_bounded() -> None:
    """Each compressor is replaced by one that knows how much is to come of it."""
    codecs = [BYTES, {"name": "zstd", "configuration": {"level": 3}}, "crc32c"]
    inner = shards([5, 5], [BYTES, {"name": "numcodecs.zlib"}])

    assert [BYTES, bounded("zstd", 200), {"name": "crc32c"}] == guard(
        {**V3, "codecs": codecs}, 3, LIMITS
    )["codecs"]
    assert (
        bounded("zlib", 50)
        == (
            guard({**V3, "codecs": [inner]}, 3, LIMITS)["codecs"][0]["configuration"][
                "codecs"
            ][1]
        )
    )
    found = guard({**V2, "compressor": {"id": "gzip", "level": -1}}, 2, LIMITS)
    assert {
        "id": "napari_ngff_bounded",
        "codec": "gzip",
        "limit": 200,
        "exact": True,
    } == found["compressor"]


def test_shards_after_a_transposition() -> None:
    """The inner chunks of a shard are those of the transposed one."""
    turn = {"name": "transpose", "configuration": {"order": [1, 0]}}
    change = {"chunk_grid": grid(10, 20), "codecs": [turn, shards([20, 5], [BYTES])]}

    assert turn == guard({**V3, **change}, 3, LIMITS)["codecs"][0]
    change["chunk_grid"] = grid(20, 10)
    with pytest.raises(DocumentError, match="evenly"):
        guard({**V3, **change}, 3, LIMITS)


def test_nothing_unknown_gets_through() -> None:
    """Attributes, names and settings that pixels do not need are left behind."""
    found = guard({**V3, "new": {"must_understand": False}}, 3, LIMITS)

    assert found["attributes"] == {}
    assert not {"dimension_names", "new"} & found.keys()
    assert "extra" not in guard({**V2, "extra": 1}, 2, LIMITS)


FILLS = [
    ("<u2", "0", 0),
    ("<u2", 0.0, 0),
    ("<u2", None, None),
    ("<i2", "-3", -3),
    ("<i8", -(2**63), -(2**63)),
    ("<u8", str(2**64 - 1), 2**64 - 1),
    ("|b1", 1, True),
    ("|b1", "false", False),
    ("|b1", True, True),
    ("<f4", 0, 0.0),
    ("<f4", "0", 0.0),
    ("<f4", "nan", "NaN"),
    ("<f4", "NaN", "NaN"),
    ("<f4", "-inf", "-Infinity"),
    ("<f4", "Infinity", "Infinity"),
    ("<f4", "0x7fc00000", "0x7fc00000"),
    ("<f8", "1.5", 1.5),
]


@pytest.mark.parametrize(("dtype", "value", "expected"), FILLS)
def test_fill_values_in_other_guises(dtype: str, value: Any, expected: Any) -> None:
    """Writers put fill values in many ways; what is meant is handed on."""
    found = guard({**V2, "dtype": dtype, "fill_value": value}, 2, LIMITS)["fill_value"]

    assert expected == found
    assert type(expected) is type(found)


def test_a_missing_fill_value_is_zero() -> None:
    """Format 3 demands one; where it is missing zero of the type is taken."""
    without = {key: value for key, value in V3.items() if key != "fill_value"}

    assert guard(without, 3, LIMITS)["fill_value"] == 0
    assert guard({**without, "data_type": "bool"}, 3, LIMITS)["fill_value"] is False
    plural = guard({**without, "data_type": "complex64"}, 3, LIMITS)
    assert plural["fill_value"] == [0.0, 0.0]


def test_an_empty_array_may_have_empty_chunks() -> None:
    """An axis of length 0 may have chunks of length 0."""
    found = guard({**V2, "shape": [0, 10], "chunks": [0, 10]}, 2, LIMITS)

    assert (found["shape"], found["chunks"]) == ([0, 10], [1, 10])


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "id", "configuration", "x"]), inner)
    ),
    max_leaves=6,
)


@given(st.sampled_from([V2, V3]), st.data())
def test_any_document_gives_one_or_a_reason(
    document: dict[str, Any], data: st.DataObject
) -> None:
    """Whatever stands in a document, the outcome is a checked one or our own error."""
    metadata = copy.deepcopy(document)
    key = data.draw(st.sampled_from(sorted(metadata)))
    metadata[key] = data.draw(JUNK)
    try:
        found = guard(metadata, document["zarr_format"], LIMITS)
    except (DocumentError, LimitExceeded):
        return

    assert found["zarr_format"] == document["zarr_format"]
