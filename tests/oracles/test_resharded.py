"""What we re-shard is read by other implementations, with the pixels that were there.

Chunks as zarr-python and tensorstore wrote them, of both formats, into shards of every
order and place of the index, and out of them again; none of them was decoded.
"""

from __future__ import annotations

import json
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import numcodecs
import numpy as np
import pytest
import tensorstore
import zarr
from zarr.codecs import (
    BloscCodec,
    BytesCodec,
    Crc32cCodec,
    GzipCodec,
    ShardingCodec,
    TransposeCodec,
    ZstdCodec,
)

from cases.resharding import chunk_bytes, reshard_array
from oracles.answers import digest
from oracles.implementations import ask_tensorstore, ask_zarr_python
from oracles.viewers import answer_of_zarrita, ask_zarrita, install_zarrita

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

SHAPE, CHUNK, SHARD = (5, 37, 50), (1, 8, 16), (2, 16, 32)
PIXELS = np.random.default_rng(3).integers(0, 99, SHAPE).astype("u2")
PIXELS[:2, :16, :40] = 0  # chunks, and a shard, that are not stored
SHARDS = (None, CHUNK, (5, 40, 64), (1, 8, 64), (3, 24, 32))


def by_zarr(folder: Path, **form: Any) -> None:
    """Have zarr-python write it."""
    known = {"shape": SHAPE, "dtype": "u2", "chunks": CHUNK, "fill_value": 0} | form
    zarr.create_array(folder, **known)[...] = PIXELS


def by_tensorstore(folder: Path, codecs: list[Any]) -> None:
    """Have tensorstore write shards, which orders chunks as they are counted."""
    sharding = {"chunk_shape": list(CHUNK), "codecs": codecs}
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


def transposed(folder: Path) -> None:
    """Shards whose axes are in another order: their chunks are transposed by us."""
    order = (2, 0, 1)
    inner = ShardingCodec(
        chunk_shape=tuple(CHUNK[axis] for axis in order),
        codecs=[BytesCodec(endian="big"), GzipCodec(level=1)],
        index_location="start",
    )
    by_zarr(
        folder,
        chunks=(16, 16, 32),  # divisible in either order, which zarr-python wants
        filters=[TransposeCodec(order=order)],
        serializer=inner,
        compressors=None,
    )


BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
BLOSC = {
    "cname": "lz4",
    "clevel": 5,
    "shuffle": "shuffle",
    "typesize": 2,
    "blocksize": 0,
}
SOURCES: Mapping[str, Callable[[Path], None]] = {
    "chunks": lambda f: by_zarr(f, compressors=ZstdCodec(level=1)),
    "chunks-raw": lambda f: by_zarr(f, compressors=Crc32cCodec()),
    "shards": lambda f: by_zarr(f, shards=SHARD, compressors=BloscCodec(cname="zstd")),
    "shards-gzip": lambda f: by_zarr(f, shards=SHARD, compressors=GzipCodec(level=1)),
    "shards-transposed": transposed,
    "v2-blosc": lambda f: by_zarr(
        f, zarr_format=2, compressors=numcodecs.Blosc("zstd", 3, 1)
    ),
    "v2-columns-zstd": lambda f: by_zarr(
        f, zarr_format=2, order="F", dtype=">u2", compressors=numcodecs.Zstd(3)
    ),
    "v2-raw": lambda f: by_zarr(f, zarr_format=2, compressors=None),
    "tensorstore": lambda f: by_tensorstore(f, [BYTES]),
    "tensorstore-blosc": lambda f: by_tensorstore(
        f, [BYTES, {"name": "blosc", "configuration": BLOSC}]
    ),
}
#: Name → what is re-sharded, into which shards, in which order, the index where.
CASES = {
    f"{source}-{number}": (source, shard, *kind)
    for (source, (number, shard)), kind in zip(
        product(SOURCES, enumerate(SHARDS)),
        cycle(product(("morton", "C"), ("end", "start"))),
        strict=False,
    )
}
#: zarrita.js looks for the index at the end wherever it is.
READ_BY_BROWSERS = tuple(
    name
    for name, (_, shard, _, location) in CASES.items()
    if location == "end" or shard is None
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Images of one level, re-sharded; their chunks are those of their sources."""
    folder = tmp_path_factory.mktemp("resharded")
    axes = [{"name": name, "type": "space"} for name in "zyx"]
    scale = [{"type": "scale", "scale": [1.0, 1.0, 1.0]}]
    datasets = [{"path": "0", "coordinateTransformations": scale}]
    ome = {"version": "0.5", "multiscales": [{"axes": axes, "datasets": datasets}]}
    group = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": ome}}
    found = {}
    for source, write in SOURCES.items():
        write(folder / source)
    for name, (source, shard, order, location) in CASES.items():
        image = folder / f"{name}.ome.zarr"
        reshard_array(folder / source, image, shard, order=order, location=location)
        (image / "zarr.json").write_text(json.dumps(group))
        assert chunk_bytes(folder / source) == chunk_bytes(image / "0")
        found[name] = image
    return found


@pytest.fixture(scope="module")
def told(images: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What zarrita.js says about each."""
    script = install_zarrita(tmp_path_factory.mktemp("node"))
    return ask_zarrita(script, [images[name] for name in READ_BY_BROWSERS])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "ask", [ask_zarr_python, ask_tensorstore], ids=["zarr-python", "tensorstore"]
)
def test_others_read_it(images: dict[str, Path], name: str, ask: Any) -> None:
    """With all pixels as they were."""
    found = ask(images[name])

    assert ((SHAPE,), (digest(PIXELS),)) == (found.shapes, found.pixels)


@pytest.mark.parametrize("name", READ_BY_BROWSERS)
def test_browsers_read_it(images: dict[str, Path], name: str, told: Any) -> None:
    """With all pixels as they were."""
    found = answer_of_zarrita(told[images[name]])

    assert ((SHAPE,), (digest(PIXELS),)) == (found.shapes, found.pixels)
