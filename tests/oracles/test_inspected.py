"""Shards that others wrote are looked into to the byte.

By zarr-python, tensorstore and zarrs, whose orders of chunks in a file differ; what is
said of them is what going through the bytes with `struct`, and decoding all, shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorstore
import zarr

import napari_ngff
from cases.resharding import chunk_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

SHAPE, CHUNK, SHARD = (5, 37, 50), (1, 8, 16), (2, 16, 32)
PIXELS = np.random.default_rng(3).integers(1, 99, SHAPE).astype("u2")
PIXELS[:2, :16, :40] = 0  # chunks, and a shard, that are not stored
ZARRS = "zarrs.ZarrsCodecPipeline"


def by_zarr(folder: Path, location: Any) -> None:
    """Have zarr-python write it, with the pipeline that is set."""
    sharding = zarr.codecs.ShardingCodec(
        chunk_shape=CHUNK,
        codecs=[zarr.codecs.BytesCodec(), zarr.codecs.GzipCodec()],
        index_location=location,
    )
    form = {"shape": SHAPE, "dtype": "u2", "chunks": SHARD, "fill_value": 0}
    array = zarr.create_array(
        folder, serializer=sharding, compressors=None, filters=None, **form
    )
    array[...] = PIXELS


def by_zarrs(folder: Path, location: Any) -> None:
    """Have zarrs write it, in its place."""
    with zarr.config.set({"codec_pipeline.path": ZARRS}):
        by_zarr(folder, location)


def by_tensorstore(folder: Path, location: Any) -> None:
    """Have tensorstore write it."""
    sharding = {
        "chunk_shape": list(CHUNK),
        "codecs": [
            {"name": "bytes", "configuration": {"endian": "little"}},
            {"name": "gzip", "configuration": {"level": 5}},
        ],
        "index_location": location,
    }
    grid = {"name": "regular", "configuration": {"chunk_shape": list(SHARD)}}
    spec = {
        "driver": "zarr3",
        "kvstore": {"driver": "file", "path": str(folder)},
        "metadata": {
            "shape": list(SHAPE),
            "data_type": "uint16",
            "chunk_grid": grid,
            "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
        },
    }
    tensorstore.open(spec, create=True).result().write(PIXELS).result()


@pytest.mark.parametrize("location", ["start", "end"])
@pytest.mark.parametrize(
    "write", [by_zarr, by_tensorstore, by_zarrs], ids=lambda write: write.__name__
)
def test_what_is_said_of_shards_is_what_their_bytes_show(
    write: Callable[[Path, Any], None], location: str, tmp_path: Path
) -> None:
    """Chunks, files, bytes, the index; and that all is whole."""
    folder = tmp_path / "a.zarr"
    write(folder, location)
    stored = chunk_bytes(folder)
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "zarr.json"]

    layout = napari_ngff.inspect(folder, check="decode")

    [level], [health] = layout.levels, layout.health
    assert health.sound
    assert health.decoded.chunks == level.chunks_stored == len(stored)
    assert level.files == level.shards_stored == len(files)
    assert level.stored_nbytes == sum(p.stat().st_size for p in files)
    nbytes = level.files * level.index.nbytes + sum(map(len, stored.values()))
    assert level.dead_nbytes == level.stored_nbytes - nbytes
    assert level.index.location == location
    assert not level.about
    np.testing.assert_array_equal(np.asarray(napari_ngff.read(folder).array), PIXELS)
