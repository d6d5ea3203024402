"""Sharded arrays of any layout, and their files decoded by brute force.

What is counted here goes through bytes with `struct` and `gzip`: nothing of the project
is asked.
"""

from __future__ import annotations

import gzip
import math
import struct
import warnings
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import zarr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GZIP = {"name": "gzip", "configuration": {"level": 1}}


def document(
    shape: Sequence[int] = (40, 33),
    shard: Sequence[int] = (16, 16),
    chunk: Sequence[int] = (4, 8),
    *,
    location: str = "end",
    checksum: bool = True,
    index_endian: str = "little",
    endian: str = "little",
    before: Sequence[Any] = (),
    inside: Sequence[Any] = (),
    packers: Sequence[Any] = (GZIP,),
    after: Sequence[Any] = (),
    keys: Any = None,
) -> dict[str, Any]:
    """The ``zarr.json`` of an array of uint16 in shards."""
    index: list[Any] = [{"name": "bytes", "configuration": {"endian": index_endian}}]
    index += [{"name": "crc32c"}] if checksum else []
    pixels = {"name": "bytes", "configuration": {"endian": endian}}
    sharding = {
        "chunk_shape": list(chunk),
        "codecs": [*inside, pixels, *packers],
        "index_codecs": index,
        "index_location": location,
    }
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": "uint16",
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": list(shard)},
        },
        "chunk_key_encoding": keys or {"name": "default"},
        "fill_value": 0,
        "codecs": [
            *before,
            {"name": "sharding_indexed", "configuration": sharding},
            *after,
        ],
        "attributes": {},
    }


def some_pixels(shape: Sequence[int], cell: Sequence[int]) -> np.ndarray[Any, Any]:
    """Pixels that leave some cells empty, and all cells of a first shard or so."""
    values = np.random.default_rng(7).integers(1, 900, tuple(shape)).astype("u2")
    for number, place in enumerate(
        product(*(range(-(-n // m)) for n, m in zip(shape, cell, strict=True)))
    ):
        if number % 3 == 0 or place[0] < 2:
            at = zip(place, cell, strict=True)
            values[tuple(slice(i * m, (i + 1) * m) for i, m in at)] = 0
    return values


def write(folder: Path, metadata: dict[str, Any], pixels: Any) -> Path:
    """Have zarr write an array."""
    import json

    folder.mkdir(parents=True)
    (folder / "zarr.json").write_text(json.dumps(metadata))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Combining a `sharding_indexed` codec")
        zarr.open_array(folder, mode="r+")[...] = pixels
    return folder


def brute_force(
    folder: Path,
    shape: Sequence[int],
    shard: Sequence[int],
    chunk: Sequence[int],
    *,
    location: str = "end",
    checksum: bool = True,
    index_endian: str = "little",
) -> dict[str, int]:
    """Decode each chunk of each file, the axes being in order, packed by gzip."""
    per_shard = [a // b for a, b in zip(shard, chunk, strict=True)]
    count = math.prod(per_shard)
    nbytes = 16 * count + (4 if checksum else 0)
    found = dict.fromkeys(("files", "stored", "chunks", "decoded", "dead"), 0)
    for file in folder.rglob("*"):
        if not file.is_file() or file.name == "zarr.json":
            continue
        data = file.read_bytes()
        place = [int(part) for part in file.relative_to(folder / "c").parts]
        index = data[:nbytes] if location == "start" else data[-nbytes:]
        order = "<" if index_endian == "little" else ">"
        entries = struct.unpack(f"{order}{2 * count}Q", index[: 16 * count])
        used = bytearray(len(data))
        for at, inner in enumerate(product(*map(range, per_shard))):
            offset, length = entries[2 * at : 2 * at + 2]
            axes = zip(place, shard, inner, chunk, shape, strict=True)
            inside = all(p * s + i * c < n for p, s, i, c, n in axes)
            if offset == 2**64 - 1 or not inside:
                continue
            found["chunks"] += 1
            found["decoded"] += len(gzip.decompress(data[offset : offset + length]))
            used[offset : offset + length] = b"\1" * length
        found["files"] += 1
        found["stored"] += len(data)
        found["dead"] += len(data) - nbytes - sum(used)
    return found
