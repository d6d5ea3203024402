"""How documents say that arrays are stored: in words, tolerant of what is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from cases.sharded import GZIP, document
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import DocumentError
from napari_ngff.storage.inspecting.codec_words import chain_words
from napari_ngff.storage.inspecting.stored_as import stored_as

BLOSC = {"cname": "zstd", "clevel": 5, "shuffle": 2, "blocksize": 0}
V2: dict[str, Any] = {
    "zarr_format": 2,
    "shape": [10, 20],
    "chunks": [5, 6],
    "dtype": ">u2",
    "compressor": {"id": "blosc", **BLOSC},
    "filters": None,
    "order": "F",
    "fill_value": 0,
}


def test_format_2() -> None:
    """Order, byte order, compressor and separator."""
    stored = stored_as(V2, 2, LIMITS)

    assert ("column-major", "big-endian", "blosc (zstd, level 5, bit shuffle)") == (
        stored.codecs
    )
    assert ("uint16", (2, 4), 400, 60) == (
        stored.dtype,
        stored.grid,
        stored.nbytes,
        stored.chunk_nbytes,
    )
    assert "1.2" == stored.keys.key((1, 2))
    assert stored.encoded_nbytes is None
    plain = stored_as(V2 | {"compressor": None, "dimension_separator": "/"}, 2, LIMITS)
    assert (60, False) == (plain.encoded_nbytes, plain.compressed)
    assert "1/2" == plain.keys.key((1, 2))


def test_format_3() -> None:
    """Shards, their index and what is in them."""
    stored = stored_as(document(location="start", checksum=False), 3, LIMITS)

    assert (
        "shards (index at the start, no checksum)",
        "little-endian",
        "gzip (level 1)",
    ) == stored.codecs
    assert ((16, 16), (4, 8), (4, 2)) == (
        stored.shard,
        stored.chunk,
        stored.chunks_per_shard,
    )
    assert "default, parted by '/'" == stored.key_encoding
    assert ("start", "none") == (stored.specs[0].location, stored.specs[0].checksum)
    assert not stored.problems


def test_codecs_in_words() -> None:
    """Also those that are named in short, or not known at all."""
    codecs: list[Any] = [
        {"name": "transpose", "configuration": {"order": [1, 0]}},
        "bytes",
        {"name": "zstd", "configuration": {"level": 3, "checksum": True}},
        {"name": "numcodecs.zlib", "configuration": {"level": 1}},
        "crc32c",
        {"name": "new\u202e", "configuration": {}},
        {"id": "delta", "dtype": "u2"},
        7,
    ]
    words = ["transpose (1, 0)", "bytes", "zstd (level 3, checksum)", "zlib (level 1)"]
    assert [*words, "CRC-32C"] == list(chain_words(codecs))[:5]
    assert "\u202e" not in chain_words(codecs)[5]
    assert ("delta", "a codec without a name") == chain_words(codecs)[6:]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"index_codecs": [{"name": "bytes"}]}, "unknown-shard-index"),
        ({"index_codecs": 3}, "unknown-shard-index"),
        ({"index_codecs": []}, "unknown-shard-index"),
        ({"index_location": "middle"}, "unknown-shard-index"),
        ({"chunk_shape": [3, 3]}, "bad-codec"),
        ({"chunk_shape": [0, 8]}, "bad-codec"),
        ({"chunk_shape": None}, "bad-shape"),
    ],
)
def test_an_index_that_is_not_understood_is_a_problem(
    change: dict[str, Any], kind: str
) -> None:
    """The files can be counted all the same."""
    metadata = document()
    metadata["codecs"][0]["configuration"].update(change)
    stored = stored_as(metadata, 3, LIMITS)

    assert [kind] == [problem.kind for problem in stored.problems]
    assert ((), (16, 16)) == (stored.specs, stored.shard)
    assert stored.packed


def test_an_index_that_is_too_large_is_a_problem() -> None:
    """Nothing is allocated by what a file says of itself."""
    huge = document((2**40,), (2**40,), (1,))
    assert ["limit-exceeded"] == [p.kind for p in stored_as(huge, 3, LIMITS).problems]


@pytest.mark.parametrize("before", [GZIP, {"name": "transpose"}])
def test_what_comes_before_shards_may_hide_them(before: dict[str, Any]) -> None:
    """An unknown codec, or a transpose without an order."""
    stored = stored_as(document(before=[before]), 3, LIMITS)
    assert ["unknown-shard-index"] == [problem.kind for problem in stored.problems]


@pytest.mark.parametrize(
    "change", [{"chunks": [0, 1]}, {"chunks": [1]}, {"shape": None}, {"chunks": "x"}]
)
def test_without_shape_and_chunks_nothing_can_be_said(change: dict[str, Any]) -> None:
    """That is an error, not a crash."""
    with pytest.raises(DocumentError):
        stored_as(V2 | change, 2, LIMITS)
