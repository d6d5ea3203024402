"""The chunk of a pixel is where a reader finds it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from cases.sharded import document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.inspecting.chunk_at import chunk_at
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

SHAPE, CHUNK, SHARD = (40, 33), (4, 8), (16, 16)


def level_at(path: Path) -> StoredLevel:
    location = open_location(path)
    found: Any = location.document("")
    return StoredLevel(location.keys, found, LIMITS)


def test_in_shards(tmp_path: Path) -> None:
    """The bytes decode to the pixels; an absent chunk or shard has none."""
    pixels = some_pixels(SHAPE, CHUNK)
    pixels[:16, :16] = 0
    pixels[16:20, 16:24] = 0
    pixels[20, 16] = 7
    path = write(tmp_path / "a", document(SHAPE, SHARD, CHUNK), pixels)
    level, states = level_at(path), set()
    for i, j in np.ndindex(SHAPE):
        found = chunk_at(level, (i, j))
        assert (i // 4, j // 8) == found.chunk
        assert f"c/{i // 16}/{j // 16}" == found.key
        states.add(found.state)
        if found.span is None:
            assert not pixels[i, j]
            assert ("no file", "empty")[(path / found.key).exists()] == found.state
            continue
        start, stop = found.span
        packed = (path / found.key).read_bytes()[start:stop]
        chunk = np.frombuffer(gzip.decompress(packed), "<u2").reshape(CHUNK)
        assert pixels[i, j] == chunk[i % 4, j % 8]
        assert len(chunk.tobytes()) == found.decoded_nbytes
    assert {"stored", "empty", "no file"} == states


def test_in_files(tmp_path: Path) -> None:
    """All of the file; or there is none."""
    array = zarr.create_array(
        tmp_path / "a", shape=SHAPE, chunks=CHUNK, dtype="u2", zarr_format=2
    )
    array[:4, :8] = 5
    level = level_at(tmp_path / "a")
    found, absent = chunk_at(level, (3, 7)), chunk_at(level, (3, 8))

    size = (tmp_path / "a" / "0.0").stat().st_size
    assert ("0.0", "stored", (0, size)) == (found.key, found.state, found.span)
    assert ("0.1", "no file", None) == (absent.key, absent.state, absent.span)


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    """It is not guessed where the chunk might be."""
    pixels = some_pixels(SHAPE, CHUNK) + 1
    path = write(tmp_path / "a", document(SHAPE, SHARD, CHUNK), pixels)
    shard = path / "c/0/0"
    shard.write_bytes(shard.read_bytes()[:-9] + bytes(9))

    with pytest.raises(BadIndex):
        chunk_at(level_at(path), (0, 0))
