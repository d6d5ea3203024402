"""What an array may ask of us, checked before zarr sees it: shapes, types, codecs.

Knows the metadata of arrays, Zarr v2 and v3; reads no chunk and imports no zarr. What
is handed on is made anew of what is known: nothing unknown gets through.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.storage.chunks.chains import (
    DTYPES,
    V3_DTYPES,
    Chunk,
    lengths,
    refuse,
    settings_of,
    v2_chain,
    v3_chain,
)

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Loc

#: What a stored chunk may always have, and how many bytes for each of its items: the
#: widest item, its entry in the index of a shard, and what codecs add.
_SLACK: Final = 2**20
_STORED_ITEM: Final = 64
_V3_KEYS: Final = frozenset(
    {
        "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "attributes",
        "chunk_key_encoding", "fill_value", "codecs", "dimension_names",
        "storage_transformers", "consolidated_metadata",
    }
)  # fmt: skip


def guard(
    metadata: Mapping[str, Any], zarr_format: int, limits: Limits
) -> dict[str, Any]:
    """Return what zarr may be given of an array's metadata.

    Parameters
    ----------
    metadata
        The whole ``zarr.json`` or ``.zarray``.
    zarr_format
        3 or 2.
    limits
        Bounds on axes, lengths, chunks, shard indices and nesting.

    Returns
    -------
    dict
        A document for ``zarr.Array.from_dict``: no attributes, no dimension names,
        compressors in their bounded form, the fill value of the array's type.

    Raises
    ------
    DocumentError
        If something in it is not allowed or makes no sense. Its location and node
        are empty: the caller knows them.
    LimitExceeded
        If it asks for more than the limits allow.
    """
    return _v3(metadata, limits) if zarr_format == 3 else _v2(metadata, limits)


def encoded_limit(document: Mapping[str, Any], limits: Limits) -> int:
    """Return how many bytes a chunk or shard may have as it is stored.

    Far more than any codec makes of one, and yet bounded by what it is to become: a
    file of a gigabyte in the place of a chunk of a kilobyte is not read.

    Parameters
    ----------
    document
        What `guard` returned.
    limits
        ``encoded_chunk_bytes`` is the most for any array.
    """
    v3 = document["zarr_format"] == 3
    grid = document["chunk_grid"]["configuration"] if v3 else document
    items: int = math.prod(grid["chunk_shape" if v3 else "chunks"])
    return min(limits.encoded_chunk_bytes, _SLACK + _STORED_ITEM * items)


def _v2(metadata: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    kind = _v2_kind(metadata.get("dtype"))
    shape, chunks = _grid(
        metadata.get("shape"), metadata.get("chunks"), limits, ("chunks",)
    )
    order = metadata.get("order", "C")
    if order not in ("C", "F"):
        refuse("bad-array-metadata", "the order is neither C nor F", ("order",))
    chunk = Chunk(shape=chunks, itemsize=DTYPES[kind], limits=limits)
    compressor, filters = v2_chain(
        metadata.get("compressor"), metadata.get("filters"), chunk
    )
    return {
        "zarr_format": 2,
        "shape": list(shape),
        "chunks": list(chunks),
        "dtype": metadata["dtype"],
        "order": order,
        "fill_value": _fill_value(metadata.get("fill_value"), kind),
        "dimension_separator": _separator(
            metadata, "dimension_separator", ".", ("dimension_separator",)
        ),
        "compressor": compressor,
        "filters": filters,
    }


def _v3(metadata: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    _check_extensions(metadata)
    name = metadata.get("data_type")
    if not isinstance(name, str) or name not in V3_DTYPES:
        refuse("unsupported-dtype", _no_dtype(name), ("data_type",))
    kind = V3_DTYPES[name]
    loc = ("chunk_grid",)
    grid, settings = settings_of(metadata.get("chunk_grid"), "name", loc)
    if grid != "regular":
        what = f"a chunk grid of the kind {plain(grid, limit=64)!r}"
        refuse("unsupported-grid", f"{what} is not read here", loc)
    shape, chunks = _grid(
        metadata.get("shape"), settings.get("chunk_shape"), limits, loc
    )
    chunk = Chunk(shape=chunks, itemsize=DTYPES[kind], limits=limits)
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": name,
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": list(chunks)},
        },
        "chunk_key_encoding": _key_encoding(metadata),
        "fill_value": _fill_value(metadata.get("fill_value"), kind, default=0),
        "codecs": v3_chain(metadata.get("codecs"), chunk),
        "attributes": {},
    }


def _check_extensions(metadata: Mapping[str, Any]) -> None:
    """Refuse what must be understood and is not.

    "An implementation MUST fail to open Zarr hierarchies, groups or arrays with
    unknown metadata fields, with the exception of objects with a
    ``"must_understand": false`` key-value pair." (Zarr v3 core, "Extensions")
    """
    for key, value in metadata.items():
        free = isinstance(value, Mapping) and value.get("must_understand") is False
        if key not in _V3_KEYS and not free:
            what = f"the field {plain(key, limit=64)!r} is not understood"
            refuse("unknown-extension", f"{what}, and must be", (key,))
    if metadata.get("storage_transformers"):
        message = "storage transformers are not read here"
        refuse("unknown-extension", message, ("storage_transformers",))


def _grid(
    shape: Any, chunks: Any, limits: Limits, loc: Loc
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    whole = lengths(shape, limits, ("shape",))
    parts = lengths(chunks, limits, loc)
    if len(parts) != len(whole):
        message = f"there are {len(whole)} axes but chunks of {len(parts)}"
        refuse("bad-shape", message, loc)
    if any(part == 0 < length for part, length in zip(parts, whole, strict=True)):
        refuse("bad-shape", "a chunk of length 0 holds nothing", loc)
    return whole, tuple(max(1, part) for part in parts)


def _v2_kind(dtype: Any) -> str:
    if isinstance(dtype, str) and dtype[:1] in "<>|":
        kind = dtype[1:]
        if kind in DTYPES and (dtype[0] != "|" or DTYPES[kind] == 1):
            return kind
    return refuse("unsupported-dtype", _no_dtype(dtype), ("dtype",))


def _no_dtype(name: Any) -> str:
    return (
        f"pixels of the type {plain(name, limit=64)!r} are not read here. Save them as "
        "integers, floating-point or complex numbers, or booleans."
    )


def _separator(settings: Mapping[str, Any], key: str, default: str, loc: Loc) -> str:
    found = settings.get(key, default)
    if found not in (".", "/"):
        refuse("bad-array-metadata", "the separator is neither '.' nor '/'", loc)
    return str(found)


def _key_encoding(metadata: Mapping[str, Any]) -> dict[str, Any]:
    loc: Loc = ("chunk_key_encoding",)
    entry = metadata.get("chunk_key_encoding", "default")
    name, settings = settings_of(entry, "name", loc)
    if name not in ("default", "v2"):
        what = f"chunk keys of the kind {plain(name, limit=64)!r}"
        refuse("unknown-extension", f"{what} are not read here", loc)
    usual = "/" if name == "default" else "."
    separator = _separator(settings, "separator", usual, loc)
    return {"name": name, "configuration": {"separator": separator}}


def _fill_value(value: Any, kind: str, default: int | None = None) -> Any:
    """Return a fill value of the array's type; many writers put it otherwise.

    Floating-point ones are also ``"NaN"``, ``"Infinity"``, ``"-Infinity"`` and, in
    format 3, hexadecimal; whole numbers occur as ``"0"`` and as ``0.0``.
    """
    if value is None:
        return False if default == 0 and kind == "b1" else _zero(kind, default)
    if kind[0] == "c" or not isinstance(value, (str, int, float)):
        return value
    if kind[0] == "f":
        return _float_fill(value)
    return _whole_fill(value, kind)


def _zero(kind: str, default: int | None) -> Any:
    return [0.0, 0.0] if default == 0 and kind[0] == "c" else default


def _float_fill(value: str | float) -> str | float:
    if not isinstance(value, str):
        return float(value)
    if value in ("NaN", "Infinity", "-Infinity") or value.startswith("0x"):
        return value
    found = float(_number(value))
    if math.isnan(found):
        return "NaN"
    if math.isinf(found):
        return "Infinity" if found > 0 else "-Infinity"
    return found


def _whole_fill(value: str | float, kind: str) -> int | bool:
    number = _number(value)
    bits = 8 * DTYPES[kind]
    low, high = {
        "b": (0, 1),
        "u": (0, 2**bits - 1),
        "i": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
    }[kind[0]]
    if math.isfinite(number) and number == int(number) and low <= number <= high:
        return bool(number) if kind == "b1" else int(number)
    message = f"the fill value {plain(value, limit=32)!r} does not fit the type"
    return refuse("bad-fill-value", message, ("fill_value",))


def _number(value: str | float) -> int | float:
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        if text in ("true", "false"):
            return int(text == "true")
        message = f"the fill value {plain(value, limit=32)!r} is not a number"
        return refuse("bad-fill-value", message, ("fill_value",))
