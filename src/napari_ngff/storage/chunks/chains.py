"""Which codecs an array may name, and what each stage of them may come to in bytes.

Knows codec entries of Zarr v2 and v3; decodes nothing and imports no zarr. Only what is
on the lists here is handed on, and every compressor as its bounded twin (see
`chunks.decoding`): nothing that runs code, and nothing that unpacks without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final, NoReturn

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, Loc, Problem

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits

BOUNDED: Final = "napari_ngff_bounded"
#: What follows a shard that is packed whole, to check its index: `chunks.zarr_codecs`.
SHARD: Final = "napari_ngff_shard"
#: Compressors, with and without the prefix that zarr gives to those of numcodecs.
_COMPRESSORS: Final = frozenset({"blosc", "bz2", "gzip", "lz4", "zlib", "zstd"})
#: Filters that change the bytes of an array and not their meaning; integers aside.
_FILTERS: Final = frozenset(
    {"astype", "bitround", "delta", "fixedscaleoffset", "packbits", "quantize"}
)
_SERIALIZERS: Final = frozenset({"bytes", "endian", "sharding_indexed"})
_SAME_SIZE: Final = frozenset({"numcodecs.shuffle"})
_DTYPE_KEYS: Final = ("dtype", "astype", "encode_dtype", "decode_dtype")
_WIDEST: Final = 16
_INDEX_ENTRY: Final = 16

#: NumPy's names of the types that pixels may have, without the byte order.
DTYPES: Final = {
    **{"b1": 1, "i1": 1, "i2": 2, "i4": 4, "i8": 8, "u1": 1, "u2": 2, "u4": 4},
    **{"u8": 8, "f2": 2, "f4": 4, "f8": 8, "c8": 8, "c16": 16},
}
#: The same by the names of Zarr v3.
V3_DTYPES: Final = {
    "bool": "b1",
    **{f"int{8 * n}": f"i{n}" for n in (1, 2, 4, 8)},
    **{f"uint{8 * n}": f"u{n}" for n in (1, 2, 4, 8)},
    **{f"float{8 * n}": f"f{n}" for n in (2, 4, 8)},
    **{f"complex{8 * n}": f"c{n}" for n in (8, 16)},
}
_ALL_DTYPES: Final = DTYPES.keys() | V3_DTYPES.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What a chain of codecs is to produce: a chunk of an array.

    Attributes
    ----------
    shape
        Its lengths.
    itemsize
        Bytes of one item.
    limits
        Bounds on it.
    depth
        How many sharding codecs it is in.
    """

    shape: tuple[int, ...]
    itemsize: int
    limits: Limits
    depth: int = 0

    @property
    def nbytes(self) -> int:
        """Bytes of the decoded chunk."""
        return prod(self.shape) * self.itemsize


def refuse(kind: str, message: str, loc: Loc = ()) -> NoReturn:
    """Raise what says that an array's metadata cannot be used.

    Raises
    ------
    DocumentError
        Always; its location and node are empty: the caller knows them.
    """
    problem = Problem(level="error", kind=kind, loc=loc, message=message)
    raise DocumentError("", "", (problem,))


def check_size(what: str, nbytes: int, limit: int) -> None:
    """Raise `LimitExceeded` for a size in bytes that is too large."""
    if nbytes > limit:
        advice = "Save the image with smaller chunks, or raise the limit."
        raise LimitExceeded(f"The size in bytes of {what}", nbytes, limit, advice)


def settings_of(entry: Any, key: str, loc: Loc) -> tuple[str, dict[str, Any]]:
    """Return name and settings of an entry; `key` is what holds the name."""
    if isinstance(entry, str) and key == "name":
        return entry, {}
    if not isinstance(entry, Mapping) or not isinstance(entry.get(key), str):
        refuse("bad-codec", "this is not a codec; it has no name", loc)
    if key == "id":
        return entry["id"], {k: v for k, v in entry.items() if k != "id"}
    settings = entry.get("configuration", {})
    if not isinstance(settings, Mapping):
        refuse("bad-codec", "its configuration is not a JSON object", loc)
    return entry["name"], dict(settings)


def _unknown(name: str, loc: Loc) -> NoReturn:
    refuse(
        "unsupported-codec",
        f"the codec {plain(name, limit=64)!r} is not read here. Save the image with "
        "blosc, zstd, gzip or no compression.",
        loc,
    )


def _check_number(codecs: list[Any], limits: Limits) -> None:
    if len(codecs) > limits.codecs:
        raise LimitExceeded("The number of codecs", len(codecs), limits.codecs)


def _filter(name: str, settings: dict[str, Any], loc: Loc) -> dict[str, Any]:
    """Return the settings of a filter, all of them plain, its types allowed."""
    for key, value in settings.items():
        if key in _DTYPE_KEYS and value is not None:
            if not isinstance(value, str) or value.lstrip("<>|=") not in _ALL_DTYPES:
                what = f"the type {plain(value, limit=64)!r} of {name!r}"
                refuse("unsupported-codec", f"{what} is not read here", loc)
        elif value is not None and not isinstance(value, (int, float)):
            refuse("bad-codec", f"the settings of {name!r} are not numbers", loc)
    return settings


def _stage_limits(chunk: Chunk, filters: list[str]) -> tuple[int, bool]:
    """Return how many bytes the filtered chunk may have, and if it is just as many."""
    items = prod(chunk.shape)
    if not filters:
        return chunk.nbytes, True
    if "packbits" in filters:
        return items // 8 + 16, False
    return items * max(chunk.itemsize, _WIDEST), False


def _above(limit: int) -> int:
    """Return how many bytes a compressor may make of `limit` bytes at most."""
    return limit + limit // 64 + 4096


def v2_chain(
    compressor: Any, filters: Any, chunk: Chunk
) -> tuple[dict[str, Any] | None, list[dict[str, Any]] | None]:
    """Return compressor and filters of a ``.zarray``, checked and bounded.

    Raises
    ------
    DocumentError, LimitExceeded
        If there is one that is not read here, or the chunk is too large.
    """
    check_size("a chunk", chunk.nbytes, chunk.limits.chunk_bytes)
    if filters is not None and not isinstance(filters, list):
        refuse("bad-codec", "the filters are not a list", ("filters",))
    _check_number(filters or [], chunk.limits)
    checked: list[dict[str, Any]] = []
    packers: list[tuple[int, str]] = []
    for i, entry in enumerate(filters or []):
        name, settings = settings_of(entry, "id", ("filters", i))
        if name in _COMPRESSORS:
            packers.append((i, name))
        elif name not in _FILTERS and name != "shuffle":
            _unknown(name, ("filters", i))
        plain_settings = {} if name in _COMPRESSORS else settings
        where: Loc = ("filters", i)
        checked.append({"id": name, **_filter(name, plain_settings, where)})
    sizing = [f["id"] for f in checked if f["id"] != "shuffle"]
    limit, exact = _stage_limits(chunk, sizing)
    for i, name in packers:
        checked[i] = {"id": BOUNDED, "codec": name, "limit": limit, "exact": False}
        limit = _above(limit)
    if compressor is None:
        return None, checked or None
    name, _ = settings_of(compressor, "id", ("compressor",))
    if name not in _COMPRESSORS:
        _unknown(name, ("compressor",))
    bounded = {"id": BOUNDED, "codec": name, "limit": limit, "exact": exact}
    return bounded, checked or None


def v3_chain(codecs: Any, chunk: Chunk, loc: Loc = ("codecs",)) -> list[dict[str, Any]]:
    """Return the codecs of a ``zarr.json``, or inside a shard, checked and bounded.

    Raises
    ------
    DocumentError, LimitExceeded
        If there is one that is not read here, or a chunk or an index is too large.
    """
    if not isinstance(codecs, list) or not codecs:
        refuse("bad-codec", "the codecs are not a list that has one", loc)
    _check_number(codecs, chunk.limits)
    entries = [settings_of(e, "name", (*loc, i)) for i, e in enumerate(codecs)]
    names = [name.removeprefix("numcodecs.") for name, _ in entries]
    serializers = [i for i, n in enumerate(names) if n in _SERIALIZERS]
    if len(serializers) != 1:
        _check_known(names, loc)
        refuse("bad-codec", "the codecs need one 'bytes' or 'sharding_indexed'", loc)
    at = serializers[0]
    filters = [_v3_filter(*entries[i], chunk, (*loc, i)) for i in range(at)]
    name, settings = entries[at]
    sharded = name == "sharding_indexed"
    if not (sharded and len(entries) == 1):
        # Only a shard that stands alone is read in part.
        check_size("a chunk", chunk.nbytes, chunk.limits.chunk_bytes)
    sizing = [n for n in names[:at] if n != "transpose"]
    limit, exact = _stage_limits(chunk, sizing)
    if sharded:
        inner_chunk = _transposed(chunk, filters)
        middle = {"name": name, "configuration": _sharding(settings, inner_chunk, loc)}
        limit, exact = _above(limit) + chunk.limits.shard_index_bytes, False
    else:
        middle = {"name": "bytes", "configuration": _endian(settings, chunk, loc)}
    packed: list[dict[str, Any]] = []
    if sharded and at + 1 < len(entries):
        parts = {"shape": list(inner_chunk.shape), "sharding": middle["configuration"]}
        packed.append({"name": SHARD, "configuration": parts})
    for i in range(at + 1, len(entries)):
        packed.append(_v3_packer(*entries[i], limit, exact, (*loc, i)))
        if packed[-1]["name"] not in _SAME_SIZE:
            limit, exact = _above(limit), False
    return [*filters, middle, *packed]


def _check_known(names: list[str], loc: Loc) -> None:
    known = _SERIALIZERS | _FILTERS | _COMPRESSORS | {"transpose", "crc32c", "shuffle"}
    for i, name in enumerate(names):
        if name not in known:
            _unknown(name, (*loc, i))


def _v3_filter(
    name: str, settings: dict[str, Any], chunk: Chunk, loc: Loc
) -> dict[str, Any]:
    if name == "transpose":
        order = settings.get("order")
        axes = list(range(len(chunk.shape)))
        if not isinstance(order, list) or any(type(axis) is not int for axis in order):
            order = []
        if sorted(order) != axes:
            refuse("bad-codec", "the order of 'transpose' does not fit the axes", loc)
        return {"name": name, "configuration": {"order": order}}
    if name.removeprefix("numcodecs.") not in _FILTERS or "." not in name:
        _unknown(name, loc)
    return {"name": name, "configuration": _filter(name, settings, loc)}


def _transposed(chunk: Chunk, filters: list[dict[str, Any]]) -> Chunk:
    """Return the chunk as it is after the filters that reorder its axes."""
    shape = chunk.shape
    for entry in filters:
        if entry["name"] == "transpose":
            shape = tuple(shape[i] for i in entry["configuration"]["order"])
    return Chunk(
        shape=shape, itemsize=chunk.itemsize, limits=chunk.limits, depth=chunk.depth
    )


def _endian(settings: dict[str, Any], chunk: Chunk, loc: Loc) -> dict[str, Any]:
    endian = settings.get("endian")
    if endian in ("little", "big"):
        return {"endian": endian}
    if endian is None and chunk.itemsize == 1:
        return {}
    refuse("bad-codec", "the codec 'bytes' does not say if it is little or big", loc)


def _v3_packer(
    name: str, settings: dict[str, Any], limit: int, exact: bool, loc: Loc
) -> dict[str, Any]:
    short = name.removeprefix("numcodecs.")
    if name == "crc32c":
        return {"name": name}
    if name == "numcodecs.shuffle":
        return {"name": name, "configuration": _filter(name, settings, loc)}
    if short not in _COMPRESSORS:
        _unknown(name, loc)
    bounded = {"codec": short, "limit": limit, "exact": exact}
    return {"name": BOUNDED, "configuration": bounded}


def _sharding(settings: dict[str, Any], chunk: Chunk, loc: Loc) -> dict[str, Any]:
    if chunk.depth >= chunk.limits.codec_depth:
        what = "The number of shards inside each other"
        raise LimitExceeded(what, chunk.depth + 1, chunk.limits.codec_depth)
    inner = lengths(settings.get("chunk_shape"), chunk.limits, (*loc, "chunk_shape"))
    fits = len(inner) == len(chunk.shape) and not any(
        not small or large % small
        for large, small in zip(chunk.shape, inner, strict=True)
    )
    if not fits:
        refuse("bad-codec", "the inner chunks do not fill the shard evenly", loc)
    count = prod(a // b for a, b in zip(chunk.shape, inner, strict=True))
    limit = chunk.limits.shard_index_bytes
    check_size("the index of a shard", count * _INDEX_ENTRY, limit)
    default: list[Any] = [{"name": "bytes", "configuration": {"endian": "little"}}]
    index = settings.get("index_codecs", [*default, "crc32c"])
    location = settings.get("index_location", "end")
    if location not in ("start", "end"):
        refuse("bad-codec", "the index is at neither the start nor the end", loc)
    inside = Chunk(
        shape=inner,
        itemsize=chunk.itemsize,
        limits=chunk.limits,
        depth=chunk.depth + 1,
    )
    return {
        "chunk_shape": list(inner),
        "codecs": v3_chain(settings.get("codecs"), inside, (*loc, "codecs")),
        "index_codecs": _index_codecs(index, (*loc, "index_codecs")),
        "index_location": location,
    }


def _index_codecs(codecs: Any, loc: Loc) -> list[dict[str, Any]]:
    if not isinstance(codecs, list):
        refuse("bad-codec", "the codecs of the index are not a list", loc)
    entries = [settings_of(e, "name", (*loc, i)) for i, e in enumerate(codecs)]
    names = [name for name, _ in entries]
    if names not in (["bytes"], ["bytes", "crc32c"]):
        refuse("unsupported-codec", "the index is packed, which is not read here", loc)
    endian = entries[0][1].get("endian")
    if endian not in ("little", "big"):
        refuse("bad-codec", "the index does not say if it is little or big", loc)
    first = {"name": "bytes", "configuration": {"endian": endian}}
    return [first, *({"name": name} for name in names[1:])]


def lengths(value: Any, limits: Limits, loc: Loc) -> tuple[int, ...]:
    """Return a list of lengths as integers: not negative, not too many or too long."""
    if not isinstance(value, list) or not all(map(_is_length, value)):
        refuse("bad-shape", "this is not a list of whole numbers from 0 on", loc)
    if len(value) > limits.axes:
        raise LimitExceeded("The number of axes", len(value), limits.axes)
    if max(value, default=0) > limits.dimension:
        raise LimitExceeded("The length of an axis", max(value), limits.dimension)
    return tuple(int(length) for length in value)


def _is_length(value: Any) -> bool:
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return whole and value >= 0
