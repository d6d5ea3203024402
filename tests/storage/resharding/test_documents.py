"""What the document of an array becomes, and when its chunks cannot be taken as is."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from cases.sharded import GZIP, document
from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import DocumentError, LimitExceeded
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.layout import layout_of
from napari_ngff.storage.resharding.documents import chunk_form, resharded
from napari_ngff.storage.resharding.possible import why_decoded

if TYPE_CHECKING:
    from pathlib import Path

TRANSPOSE = {"name": "transpose", "configuration": {"order": [1, 0]}}
NESTED = {
    "name": "sharding_indexed",
    "configuration": {
        "chunk_shape": [2, 8],
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
        "index_codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
    },
}
V2 = {
    "zarr_format": 2,
    "shape": [40, 33],
    "chunks": [4, 8],
    "dtype": "<u2",
    "order": "C",
    "fill_value": 7,
    "compressor": {"id": "blosc", "cname": "zstd", "clevel": 1, "shuffle": 1},
    "filters": None,
}


def unknown(**more: Any) -> dict[str, Any]:
    """A document that says more than we know."""
    return document() | more


def inside(*codecs: Any) -> dict[str, Any]:
    """Shards whose chunks are stored so."""
    found = document()
    found["codecs"][0]["configuration"]["codecs"] = list(codecs)
    return found


def test_all_else_that_is_said_is_kept() -> None:
    """Attributes, names, and what we do not know but need not understand."""
    before = document(inside=[TRANSPOSE]) | {
        "dimension_names": ["y", None],
        "attributes": {"µ": [1.0, {"a": None}]},
        "mine": {"must_understand": False, "b": 2},
        "fill_value": "0x00ff",
    }
    copy = deepcopy(before)

    after = resharded(before, 3, shard=(32, 32), index_location="start")

    cut = ("chunk_grid", "chunk_key_encoding", "codecs")
    assert copy == before
    assert list(before) == list(after)
    assert {k: v for k, v in before.items() if k not in cut} == {
        k: v for k, v in after.items() if k not in cut
    }
    sharding = after["codecs"][0]["configuration"]
    assert "start" == sharding["index_location"]
    assert before["codecs"][0]["configuration"]["codecs"] == sharding["codecs"]
    after["attributes"]["µ"].append(1)
    sharding["codecs"].clear()
    assert copy == before


@pytest.mark.parametrize("shard", [None, (32, 32)])
def test_format_2_becomes_format_3(shard: Any) -> None:
    """In its words, with names and attributes, which were in other files."""
    after = resharded(
        V2, 2, shard=shard, dimension_names=["y", "x"], attributes={"a": 1}
    )

    layout = layout_of(guard(after, 3, LIMITS))
    assert layout is not None
    assert (7, (4, 8), "c/0/1") == (layout.fill, layout.chunks, layout.keys.key((0, 1)))
    assert (["y", "x"], {"a": 1}) == (after["dimension_names"], after["attributes"])


@pytest.mark.parametrize("shard", [(33, 32), (0, 8), (8,), (-4, 8), (4, 8, 1)])
def test_a_shard_that_does_not_fit_is_refused(shard: Any) -> None:
    """It is a multiple of the chunk, along each axis."""
    with pytest.raises(DocumentError) as error:
        resharded(document(), 3, shard=shard)

    assert "no multiple of the chunk [4, 8]" in error.value.problems[0].message


def test_an_index_that_is_too_large_is_refused() -> None:
    """One that would not be read again, by us."""
    with pytest.raises(LimitExceeded):
        resharded(document(), 3, shard=(400, 800), limits=Limits(shard_index_bytes=999))


DECODED = {
    "packed as a whole": (document(after=[GZIP]), 3),
    "inside of the shards": (inside(NESTED), 3),
    "before the shards is 'delta'": (document(before=[{"name": "delta"}]), 3),
    "'vendor' is not known": (unknown(vendor={"a": 1}), 3),
    "storage transformers": (unknown(storage_transformers=[{"name": "x"}]), 3),
    "'rectilinear'": (
        unknown(
            chunk_grid={"name": "rectilinear", "configuration": {"chunk_shape": [4, 8]}}
        ),
        3,
    ),
    "files of the chunks are called": (unknown(chunk_key_encoding={"name": "s3"}), 3),
    "filters (delta)": (V2 | {"filters": [{"id": "delta", "dtype": "<u2"}]}, 2),
    "compressor 'bz2'": (V2 | {"compressor": {"id": "bz2"}}, 2),
    "codecs are not a list": (unknown(codecs=[]), 3),
    "do not say how": (inside(), 3),
    "size in bytes": (V2 | {"chunks": [2**40, 2**40]}, 2),
}


@pytest.mark.parametrize("says", DECODED)
def test_what_cannot_be_taken_as_it_is(says: str) -> None:
    """Is told, never raised; its chunks, or where they are, are not known."""
    source, zarr_format = DECODED[says]

    reason = why_decoded(source, zarr_format, document())  # type: ignore[arg-type]

    assert reason is not None
    assert says in reason
    with pytest.raises((DocumentError, LimitExceeded)):
        resharded(source, zarr_format, shard=None)  # type: ignore[arg-type]


ZSTD = {"name": "zstd", "configuration": {"level": 3, "checksum": False}}
OTHER = {
    "The chunks are 4 x 8 pixels and are to be 8 x 8": document(chunk=(8, 8)),
    "gzip (level 1) and are to be little-endian, zstd (level 3)": document(
        packers=[ZSTD]
    ),
    "other settings of little-endian, gzip (level 1)": document(
        packers=[{"name": "gzip", "configuration": {"level": 1, "more": 2}}]
    ),
    "stored as little-endian": document(endian="big"),
    "little-endian, gzip (level 1) and are to be transpose": document(
        before=[TRANSPOSE], chunk=(8, 4)
    ),
    "another size": document((40, 34)),
    "another type": unknown(data_type="int16"),
    "another value": unknown(fill_value=1),
}


@pytest.mark.parametrize("says", OTHER)
def test_why_chunks_must_be_decoded(says: str) -> None:
    """They are to be other chunks: of what, it says."""
    reason = why_decoded(document(), 3, OTHER[says])

    assert reason is not None
    assert says in reason
    assert not reason.endswith(".")


@pytest.mark.parametrize("source", [document(), document(before=[TRANSPOSE]), V2])
@pytest.mark.parametrize("shard", [None, (32, 32)])
def test_chunks_that_stay_are_copied(source: Any, shard: Any) -> None:
    """Whatever the shards, the place of their index, and the names of the files."""
    zarr_format = source["zarr_format"]
    target = resharded(source, zarr_format, shard=shard, index_location="start")

    assert why_decoded(source, zarr_format, target) is None
    assert chunk_form(target, 3).chunk == chunk_form(source, zarr_format).chunk


def test_codecs_that_nobody_here_knows_are_copied() -> None:
    """Their chunks are not decoded: what they are does not matter."""
    codecs = [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "jxl"}]

    target = resharded(inside(*codecs), 3, shard=None)

    assert codecs == target["codecs"]
    assert why_decoded(inside(*codecs), 3, target) is None


def test_zarr_reads_what_format_2_becomes(tmp_path: Path) -> None:
    """The types and the order of bytes, the fill value that is not said included."""
    for dtype in ("<u2", ">i4", "|b1", "<f8", "|u1"):
        folder = tmp_path / dtype[1:]
        array = zarr.create_array(
            folder, shape=(8, 8), chunks=(4, 4), dtype=dtype, zarr_format=2
        )
        metadata = json.loads((folder / ".zarray").read_text())
        target = resharded(metadata, 2, shard=(8, 8))
        (folder / "3").mkdir()
        (folder / "3" / "zarr.json").write_text(json.dumps(target))

        found = zarr.open_array(folder / "3")

        np.testing.assert_array_equal(array[...], found[...])
        assert array.dtype.newbyteorder("=") == found.dtype.newbyteorder("=")
