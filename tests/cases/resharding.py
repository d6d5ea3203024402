"""Arrays in other shards: re-sharding one by itself, and its chunks by brute force.

What is counted here goes through bytes with `struct`: nothing of the project is asked.
"""

from __future__ import annotations

import json
import math
import struct
from itertools import product
from typing import TYPE_CHECKING, Any

from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.resharding.arrays import resharding_of
from napari_ngff.storage.resharding.documents import resharded
from napari_ngff.storage.resharding.listing import listed
from napari_ngff.storage.resharding.tasks import reshard_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from napari_ngff.storage.commit.receipts import Receipt

MISSING = 2**64 - 1


def document_of(folder: Path) -> tuple[dict[str, Any], Any]:
    """Return the document of an array, and its format."""
    if (folder / "zarr.json").exists():
        return json.loads((folder / "zarr.json").read_text()), 3
    return json.loads((folder / ".zarray").read_text()), 2


def reshard_array(
    source: Path,
    target: Path,
    shard: Sequence[int] | None,
    *,
    order: Any = "morton",
    location: Any = "end",
    keys: Any = None,
    **running: Any,
) -> list[Receipt]:
    """Write an array anew, in other shards."""
    metadata, zarr_format = document_of(source)
    document = resharded(metadata, zarr_format, shard=shard, index_location=location)
    array = resharding_of(
        keys or LocalKeys(str(source)),
        "",
        metadata,
        zarr_format,
        document,
        node="0",
        order=order,
    )
    array = listed(array)
    target.mkdir()
    receipts = run_all(
        [reshard_tasks(array, root=str(target))],
        total=array.nbytes,
        **({"workers": 2} | running),
    )
    (target / "0").mkdir(exist_ok=True)
    (target / "0" / "zarr.json").write_text(json.dumps(document))
    return receipts


def chunk_bytes(folder: Path) -> dict[tuple[int, ...], bytes]:
    """Return the bytes of each chunk inside of an array that is stored, by its place.

    The axes of shards may be transposed; shards in shards are not looked into.
    """
    document, zarr_format = document_of(folder)
    if zarr_format == 2:
        shape, cell = document["shape"], document["chunks"]
        start, separator = "", document.get("dimension_separator", ".")
        codecs: list[Any] = []
    else:
        shape = document["shape"]
        cell = document["chunk_grid"]["configuration"]["chunk_shape"]
        encoding = document["chunk_key_encoding"]
        usual = encoding["name"] == "default"
        start, usually = ("c", "/") if usual else ("", ".")
        separator = encoding.get("configuration", {}).get("separator", usually)
        codecs = document["codecs"]
    grid = [-(-n // m) for n, m in zip(shape, cell, strict=True)]
    found = {}
    for place in product(*map(range, grid)):
        name = separator.join([*([start] if start else []), *map(str, place)]) or "0"
        path = folder / name
        if path.exists():
            data = path.read_bytes()
            found |= _chunks(data, place, shape, cell, codecs)
    return found


def _chunks(
    data: bytes, place: Any, shape: Any, cell: Any, codecs: Any
) -> dict[tuple[int, ...], bytes]:
    if not codecs or codecs[-1]["name"] != "sharding_indexed":
        return {place: data}
    axes = list(range(len(shape)))
    for codec in codecs[:-1]:
        axes = [axes[i] for i in codec["configuration"]["order"]]
    settings = codecs[-1]["configuration"]
    per_shard = [
        cell[axis] // n for axis, n in zip(axes, settings["chunk_shape"], strict=True)
    ]
    count = math.prod(per_shard)
    nbytes = 16 * count + 4 * (len(settings["index_codecs"]) - 1)
    at_start = settings.get("index_location") == "start"
    index = data[:nbytes] if at_start else data[-nbytes:]
    endian = settings["index_codecs"][0]["configuration"]["endian"]
    form = f"{'<' if endian == 'little' else '>'}{2 * count}Q"
    entries = struct.unpack(form, index[: 16 * count])
    found = {}
    for number, inner in enumerate(product(*map(range, per_shard))):
        start, length = entries[2 * number : 2 * number + 2]
        at = [0] * len(shape)
        inside = True
        for axis, i, n, size in zip(
            axes, inner, per_shard, settings["chunk_shape"], strict=True
        ):
            at[axis] = place[axis] * n + i
            inside &= at[axis] * size < shape[axis]
        if start != MISSING and inside:
            found[tuple(at)] = data[start : start + length]
    return found
