"""Arrays that ask for too much, for code to be run, or for what nobody can read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hostile.case import SHAPE, Case, amend, plain_image, set_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAMES = {"0.4": ".zarray", "0.5": "zarr.json"}
_BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
_CRC = {"name": "crc32c"}


def _every(version: str, place: tuple[str | int, ...], value: Any, path: Path) -> None:
    """Change the metadata of both levels; no chunk is written."""
    plain_image(path, version, chunks_written=False)
    for level in ("0", "1"):
        amend(path / level / _NAMES[version], set_at(place, value))


def _coarse(version: str, place: tuple[str | int, ...], value: Any, path: Path) -> None:
    """Change the metadata of the coarse level only."""
    plain_image(path, version)
    amend(path / "1" / _NAMES[version], set_at(place, value))


def _grid(
    shape: list[Any], chunks: list[Any], path: Path, version: str = "0.4"
) -> None:
    plain_image(path, version, chunks_written=False)
    grid: tuple[str | int, ...] = ("chunk_grid", "configuration", "chunk_shape")
    place = ("chunks",) if version == "0.4" else grid
    for level in ("0", "1"):
        document = path / level / _NAMES[version]
        amend(document, set_at(("shape",), shape))
        amend(document, set_at(place, chunks))


def _sharding(
    inner: list[int],
    *,
    codecs: list[Any] | None = None,
    index: list[Any] | None = None,
) -> list[Any]:
    settings = {
        "chunk_shape": inner,
        "codecs": codecs or [_BYTES],
        "index_codecs": index or [_BYTES, _CRC],
        "index_location": "end",
    }
    return [{"name": "sharding_indexed", "configuration": settings}]


def _nested(depth: int) -> list[Any]:
    codecs: list[Any] = [_BYTES]
    for _ in range(depth):
        codecs = _sharding([1, 1], codecs=codecs)
    return codecs


def _index_of_64_gib(path: Path) -> None:
    """Write an array of one shard whose index alone would fill 64 GiB."""
    side = 2**16
    _grid([side, side], [side, side], path, "0.5")
    for level in ("0", "1"):
        document = path / level / "zarr.json"
        amend(document, set_at(("codecs",), _sharding([1, 1])))
        amend(document, set_at(("data_type",), "uint8"))


_V2: dict[str, tuple[str, Any]] = {
    "pickle-filter": ("filters", [{"id": "pickle", "protocol": 5}]),
    "pickle-compressor": ("compressor", {"id": "pickle"}),
    "json2": ("filters", [{"id": "json2"}]),
    "msgpack": ("filters", [{"id": "msgpack2"}]),
    "vlen-utf8": ("filters", [{"id": "vlen-utf8"}]),
    "vlen-array": ("filters", [{"id": "vlen-array", "dtype": "|O"}]),
    "filters-100000": ("filters", [{"id": "delta", "dtype": "<u2"}] * 100_000),
    "categorize": ("filters", [{"id": "categorize", "labels": ["a"], "dtype": "|O"}]),
    "unknown-codec": ("compressor", {"id": "<img src=x>"}),
    "own-codec": ("compressor", {"id": "napari_ngff_bounded", "limit": 2**60}),
    "codec-number": ("compressor", 5),
    "codec-text": ("compressor", "gzip"),
    "codec-no-name": ("compressor", {"level": 1}),
    "filters-object": ("filters", {"id": "delta"}),
    "filter-object-dtype": ("filters", [{"id": "delta", "dtype": "|O"}]),
    "filter-structure": ("filters", [{"id": "delta", "dtype": [["a", "<u2"]]}]),
    "filter-code": ("filters", [{"id": "fixedscaleoffset", "scale": {"a": "b"}}]),
    "dtype-object": ("dtype", "|O"),
    "dtype-structure": ("dtype", [["a", "<u2"], ["b", "<u2"]]),
    "dtype-text": ("dtype", "<U10"),
    "dtype-wide-text": ("dtype", "|S2000000000"),
    "dtype-date": ("dtype", "<M8[ns]"),
    "dtype-void": ("dtype", "|V8"),
    "dtype-quad": ("dtype", "<f16"),
    "dtype-number": ("dtype", 5),
    "dtype-comma": ("dtype", "<u2,<u2"),
    "dtype-complex": ("dtype", "<c16"),
    "order": ("order", "K"),
    "separator": ("dimension_separator", "../"),
    "fill-text": ("fill_value", "<b>"),
    "fill-object": ("fill_value", {"a": 1}),
    "fill-large": ("fill_value", 2**70),
    "fill-negative": ("fill_value", -1),
    "shape-text": ("shape", "16"),
    "shape-negative": ("shape", [-16, 16]),
    "shape-null": ("shape", None),
    "shape-fraction": ("shape", [16.5, 16]),
    "shape-true": ("shape", [True, 16]),
    "shape-wide": ("shape", [1] * 100_000),
    "shape-huge-number": ("shape", [10**60, 16]),
    "chunks-zero": ("chunks", [0, 8]),
    "chunks-negative": ("chunks", [-8, 8]),
    "chunks-few": ("chunks", [8]),
    "chunks-text": ("chunks", ["8", "8"]),
}
_V3: dict[str, tuple[str, Any]] = {
    "unknown-codec": ("codecs", [_BYTES, {"name": "acme.codec"}]),
    "own-codec": ("codecs", [_BYTES, {"name": "napari_ngff_bounded"}]),
    "pickle": ("codecs", [{"name": "numcodecs.pickle"}, _BYTES]),
    "json2": ("codecs", [{"name": "numcodecs.json2"}]),
    "vlen-bytes": ("codecs", [{"name": "vlen-bytes"}]),
    "module-codec": ("codecs", [{"name": "os.system"}, _BYTES]),
    "codecs-empty": ("codecs", []),
    "codecs-object": ("codecs", {"name": "bytes"}),
    "codecs-two-serializers": ("codecs", [_BYTES, _BYTES]),
    "codecs-100000": ("codecs", [_BYTES, *[_CRC] * 100_000]),
    "codecs-gzip-17": ("codecs", [_BYTES, *[{"name": "gzip"}] * 16]),
    "codec-settings-list": ("codecs", [{"name": "bytes", "configuration": []}]),
    "transpose-long": (
        "codecs",
        [{"name": "transpose", "configuration": {"order": [0, 1, 2]}}, _BYTES],
    ),
    "transpose-twice": (
        "codecs",
        [{"name": "transpose", "configuration": {"order": [1, 1]}}, _BYTES],
    ),
    "shards-in-shards": ("codecs", _nested(3)),
    "shards-in-50-shards": ("codecs", _nested(12)),
    "shard-uneven": ("codecs", _sharding([3, 3])),
    "shard-zero": ("codecs", _sharding([0, 0])),
    "shard-larger": ("codecs", _sharding([16, 16])),
    "shard-pickle": ("codecs", _sharding([4, 4], codecs=[{"name": "pickle"}, _BYTES])),
    "shard-index-gzip": ("codecs", _sharding([4, 4], index=[_BYTES, {"name": "gzip"}])),
    "shard-index-shard": ("codecs", _sharding([4, 4], index=_sharding([1, 1]))),
    "grid-unknown": ("chunk_grid", {"name": "rectangular"}),
    "grid-null": ("chunk_grid", None),
    "keys-unknown": ("chunk_key_encoding", {"name": "../.."}),
    "dtype-unknown": ("data_type", "uint128"),
    "dtype-string": ("data_type", "string"),
    "dtype-object": (
        "data_type",
        {"name": "struct", "configuration": {"fields": [["a", "u2"]]}},
    ),
    "dtype-wide": (
        "data_type",
        {"name": "null_terminated_bytes", "configuration": {"length_bytes": 2**40}},
    ),
    "extension": ("acme", {"must_understand": True}),
    "transformers": ("storage_transformers", [{"name": "x"}]),
}
_SIZES: dict[str, Callable[[Path], Any]] = {
    "2-62": partial(_grid, [2**62, 2**62], [8, 8]),
    "chunk-2-40": partial(_grid, [2**40, 2**40], [2**40, 2**40]),
    "chunk-over-limit": partial(_grid, [2**16, 2**16], [2**15, 2**15 + 1]),
    "chunk-larger-than-shape": partial(_grid, [16, 16], [2**40, 8]),
    "axes-9": partial(_grid, [2] * 9, [2] * 9),
    "v3-2-62": partial(_grid, [2**62, 2**62], [8, 8], version="0.5"),
    "v3-chunk-2-40": partial(_grid, [2**40] * 2, [2**40] * 2, version="0.5"),
    "shard-index-64-gib": _index_of_64_gib,
}
_LARGE: dict[str, Callable[[Path], Any]] = {
    "2-52": partial(_grid, [2**52, 2**52], [8, 8]),
    "one-pixel-chunks": partial(_grid, [2**20, 2**20], [1, 1]),
    "one-pixel-chunks-v3": partial(_grid, [2**20, 2**20], [1, 1], version="0.5"),
    "thin": partial(_grid, [2**40, 1], [1, 1]),
    "chunks-of-64-mib": partial(_grid, [2**20, 2**20], [2**12, 2**13]),
}


def _cases() -> list[Case]:
    found = []
    for version, table in (("0.4", _V2), ("0.5", _V3)):
        for name, (key, value) in table.items():
            what = f"array-{version}-{name}"
            found.append(
                Case(
                    name=what,
                    build=partial(_every, version, (key,), value),
                    refused="no level can be opened",
                )
            )
            found.append(
                Case(
                    name=f"{what}-coarse",
                    build=partial(_coarse, version, (key,), value),
                    kinds=("unreadable-document", "limit-exceeded", "cannot-open"),
                )
            )
    found += [
        Case(name=f"size-{name}", build=build, refused="limit|dimensions")
        for name, build in _SIZES.items()
    ]
    found += [
        Case(name=f"size-{name}", build=build, pixels="any")
        for name, build in _LARGE.items()
    ]
    return found


def _empty(path: Path) -> None:
    _grid([0, 16], [8, 8], path)


CASES = [
    *_cases(),
    Case(name="size-no-pixels", build=_empty, refused="no pixels"),
    Case(
        name="size-no-axes", build=partial(_grid, [], []), refused="dimensions|no level"
    ),
    Case(
        name="size-one-axis",
        build=partial(_grid, [16], [8]),
        pixels="any",
        kinds=("axes-length",),
    ),
    Case(
        name="chunks-longer-than-array",
        build=partial(_coarse, "0.4", ("chunks",), list(SHAPE)),
        pixels="unreadable",
    ),
]
