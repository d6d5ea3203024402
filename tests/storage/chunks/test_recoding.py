"""Chunks put into shards that are there, and codecs that others have written with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks import recoding
from napari_ngff.storage.chunks.chunk_reader import decoded
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.chunks.recoding import recoder_of
from napari_ngff.storage.chunks.shards import BadIndex, sound_index
from napari_ngff.storage.places.nodes import NodeDocument

BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
CRC = {"name": "crc32c"}


def array(*codecs: Any, shape: Any = (8, 8), chunk: Any = (8, 8), **keys: Any) -> Any:
    """Return the document of an array of format 3."""
    metadata = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": "uint16",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunk}},
        "chunk_key_encoding": {"name": "default"},
        "fill_value": 0,
        "codecs": list(codecs),
        **keys,
    }
    metadata["chunk_grid"]["configuration"]["chunk_shape"] = list(chunk)
    return NodeDocument(node="0", kind="array", zarr_format=3, metadata=metadata)


def sharded(location: str = "end", index: Any = (BYTES, CRC)) -> Any:
    """Return the document of an array with two by two chunks in a shard."""
    configuration = {
        "chunk_shape": [4, 4],
        "codecs": [BYTES],
        "index_codecs": list(index),
        "index_location": location,
    }
    return array({"name": "sharding_indexed", "configuration": configuration})


@pytest.mark.parametrize("location", ["start", "end"])
@pytest.mark.parametrize("index", [(BYTES,), (BYTES, CRC)])
def test_a_chunk_of_a_shard_is_exchanged(location: str, index: Any) -> None:
    """The others are the same bytes; nothing is left of the old one."""
    recoder = recoder_of(sharded(location, index), LIMITS)
    spec = recoder.layout.shards
    first = {(0, 0): b"a" * 32, (1, 1): b"b" * 32}
    old = b"".join(recoder.file((0, 0), None, first))

    new = b"".join(recoder.file((0, 0), old, {(0, 0): b"c" * 32, (0, 1): b"d" * 32}))

    found = sound_index(spec, spec.index_in(new), len(new))
    chunks = {}
    for at in np.argwhere(~found.missing).tolist():
        start = int(found.offsets[*at])
        chunks[tuple(at)] = new[start : start + int(found.lengths[*at])]
    assert {(0, 0): b"c" * 32, (0, 1): b"d" * 32, (1, 1): b"b" * 32} == chunks
    assert len(old) + 32 == len(new)


def test_a_shard_without_chunks_is_no_file() -> None:
    """Nor is a shard whose last chunk goes."""
    recoder = recoder_of(sharded(), LIMITS)
    old = b"".join(recoder.file((0, 0), None, {(0, 0): b"a" * 32}))

    assert recoder.file((0, 0), old, {(0, 0): None}) is None
    assert recoder.file((0, 0), None, {(0, 0): None}) is None


def test_a_damaged_shard_is_not_mended() -> None:
    """What else is in it would be lost."""
    recoder = recoder_of(sharded(), LIMITS)
    old = b"".join(recoder.file((0, 0), None, {(0, 0): b"a" * 32}))

    with pytest.raises(BadIndex):
        recoder.file((0, 0), old[:-1] + b"?", {(0, 1): b"b" * 32})


@pytest.mark.parametrize(
    "codecs",
    [
        [BYTES, {"name": "blosc", "configuration": {"cname": "none", "clevel": 1}}],
        [BYTES, {"name": "numcodecs.shuffle", "configuration": {"elementsize": 2}}],
        [
            {"name": "numcodecs.delta", "configuration": {"dtype": "<u2"}},
            BYTES,
        ],
    ],
)
def test_codecs_that_are_only_read(codecs: Any) -> None:
    """Of anything that is not known well it says so."""
    assert recoder_of(array(*codecs), LIMITS) is None


def test_numbers_that_are_no_labels() -> None:
    """Floating-point pixels are not compared for being the fill value."""
    document = array(BYTES, data_type="float32")

    assert recoder_of(document, LIMITS) is None


@pytest.mark.parametrize("level", [-(10**9), 0, 3, 10**9])
@pytest.mark.parametrize("name", ["zstd", "gzip", "numcodecs.zlib", "numcodecs.bz2"])
def test_settings_are_kept_within_bounds(name: str, level: int) -> None:
    """Whatever level a file asks for, the bytes are right."""
    codec = {"name": name, "configuration": {"level": level, "checksum": True}}
    recoder = recoder_of(array(BYTES, codec), LIMITS)
    pixels = np.arange(64, dtype="u2").reshape(8, 8)

    data = recoder.encode(pixels)

    np.testing.assert_array_equal(pixels, decoded(data, recoder.layout.chain))


def test_fill_values_are_left_out() -> None:
    """A chunk of nothing else is no chunk, where what is absent is defined."""
    recoder = recoder_of(array(BYTES, fill_value=7), LIMITS)

    assert recoder.encode(np.full((3, 3), 7, "u2")) is None
    assert recoder.encode(np.zeros((3, 3), "u2")) is not None


def test_what_does_not_decode_to_the_same_is_an_error(monkeypatch: Any) -> None:
    """A broken library is noticed before anything is written."""
    codec = {"name": "zstd", "configuration": {"level": 1, "checksum": False}}
    recoder = recoder_of(array(BYTES, codec), LIMITS)
    wrong = np.zeros((8, 8), "u2")
    monkeypatch.setattr(recoding, "decoded", lambda data, chain: wrong)

    with pytest.raises(Mismatch):
        recoder.encode(np.ones((8, 8), "u2"))
