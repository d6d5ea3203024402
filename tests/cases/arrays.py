"""Zarr arrays of format 2 and 3 written as JSON and chunk files, without zarr.

Knows chunks, gzip, big and little endian and one shard layout; knows no OME-Zarr.
"""

from __future__ import annotations

import gzip
import json
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

Compression = Literal["none", "gzip"]
MISSING = 2**64 - 1


def write_json(path: Path, document: Any) -> None:
    """Write `document` to `path`; its folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def write_group(
    path: Path, attributes: dict[str, Any] | None = None, *, zarr_format: int
) -> Path:
    """Write a group's metadata document (or documents) at `path`."""
    attributes = attributes or {}
    if zarr_format == 3:
        document = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
        write_json(path / "zarr.json", document)
        return path
    write_json(path / ".zgroup", {"zarr_format": 2})
    if attributes:
        write_json(path / ".zattrs", attributes)
    return path


def write_array(
    path: Path,
    data: npt.NDArray[Any] | None,
    *,
    zarr_format: int,
    chunks: Sequence[int],
    shards: Sequence[int] | None = None,
    separator: str = "/",
    compression: Compression = "gzip",
    fill_value: Any = 0,
    dimension_names: Sequence[str | None] | None = None,
    attributes: dict[str, Any] | None = None,
    shape: Sequence[int] | None = None,
    dtype: str | None = None,
    changes: dict[str, Any] | None = None,
) -> Path:
    """Write an array; with ``data=None`` its metadata only (`shape`, `dtype`).

    Chunks that hold nothing but `fill_value` are written too. `changes` are laid
    over the metadata document at the end, to make faulty ones.
    """
    shape = tuple(shape if data is None else data.shape)  # type: ignore[arg-type]
    kind = np.dtype(dtype if data is None else data.dtype)
    chunks = tuple(min(c, max(s, 1)) for c, s in zip(chunks, shape, strict=True))
    if zarr_format == 2:
        document = {
            "zarr_format": 2,
            "shape": shape,
            "chunks": chunks,
            "dtype": kind.str,
            "compressor": {"id": "gzip", "level": 1} if compression == "gzip" else None,
            "fill_value": fill_value,
            "order": "C",
            "filters": None,
            "dimension_separator": separator,
        }
        write_json(path / ".zarray", document | (changes or {}))
        if attributes:
            write_json(path / ".zattrs", attributes)
    else:
        document = {
            "zarr_format": 3,
            "node_type": "array",
            "shape": shape,
            "data_type": kind.name,
            "chunk_grid": {
                "name": "regular",
                "configuration": {"chunk_shape": shards or chunks},
            },
            "chunk_key_encoding": {
                "name": "default",
                "configuration": {"separator": separator},
            },
            "fill_value": fill_value,
            "codecs": _codecs(kind, chunks if shards else None, compression),
            "attributes": attributes or {},
        }
        if dimension_names is not None:
            document["dimension_names"] = list(dimension_names)
        write_json(path / "zarr.json", document | (changes or {}))
    if data is not None:
        _write_chunks(path, data, zarr_format, chunks, shards, separator, compression)
    return path


def _codecs(
    kind: np.dtype[Any], inner: Sequence[int] | None, compression: Compression
) -> list[dict[str, Any]]:
    big = kind.byteorder == ">"
    raw = {"name": "bytes", "configuration": {"endian": "big" if big else "little"}}
    codecs: list[dict[str, Any]] = [raw if kind.itemsize > 1 else {"name": "bytes"}]
    if compression == "gzip":
        codecs.append({"name": "gzip", "configuration": {"level": 1}})
    if inner is None:
        return codecs
    index = [
        {"name": "bytes", "configuration": {"endian": "little"}},
        {"name": "crc32c"},
    ]
    configuration = {
        "chunk_shape": inner,
        "codecs": codecs,
        "index_codecs": index,
        "index_location": "end",
    }
    return [{"name": "sharding_indexed", "configuration": configuration}]


def _blocks(
    data: npt.NDArray[Any], chunks: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], npt.NDArray[Any]]]:
    """Every chunk of `data` with its index, padded with zeros to the full shape."""
    counts = [-(-s // c) for s, c in zip(data.shape, chunks, strict=True)]
    for index in product(*map(range, counts)):
        box = tuple(
            slice(i * c, (i + 1) * c) for i, c in zip(index, chunks, strict=True)
        )
        block = np.zeros(chunks, data.dtype)
        part = data[box]
        block[tuple(map(slice, part.shape))] = part
        yield index, block


def _encode(block: npt.NDArray[Any], compression: Compression) -> bytes:
    raw = block.tobytes()
    return gzip.compress(raw, 1, mtime=0) if compression == "gzip" else raw


def _write_chunks(
    path: Path,
    data: npt.NDArray[Any],
    zarr_format: int,
    chunks: Sequence[int],
    shards: Sequence[int] | None,
    separator: str,
    compression: Compression,
) -> None:
    for index, block in _blocks(data, shards or chunks):
        parts = ["c"] if zarr_format == 3 else []
        key = separator.join(parts + [str(i) for i in index])
        target = path / key
        target.parent.mkdir(parents=True, exist_ok=True)
        if shards:
            target.write_bytes(_shard(block, chunks, compression))
        else:
            target.write_bytes(_encode(block, compression))


def _shard(
    block: npt.NDArray[Any], chunks: Sequence[int], compression: Compression
) -> bytes:
    """One shard: inner chunks in C order, those of zeros left out, index at the end."""
    body, entries = b"", []
    for _, inner in _blocks(block, chunks):
        if not inner.any():
            entries.append((MISSING, MISSING))
            continue
        encoded = _encode(inner, compression)
        entries.append((len(body), len(encoded)))
        body += encoded
    index = np.array(entries, "<u8").tobytes()
    return body + index + crc32c(index).to_bytes(4, "little")


def crc32c(data: bytes) -> int:
    """Compute the CRC-32C (Castagnoli) of `data`, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
