"""What an array's document says about how it lies in files. Pure; reads nothing.

Knows ``zarr.json`` and ``.zarray``, also of arrays whose pixels cannot be read here: a
codec that nobody knows does not hide where its bytes are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, Problem
from napari_ngff.storage.chunks.chains import DTYPES, V3_DTYPES, lengths
from napari_ngff.storage.chunks.layout import ChunkKeys
from napari_ngff.storage.inspecting.codec_words import (
    chain_words,
    codec_words,
    is_compressor,
    name_of,
    settings_of,
    short_name,
)
from napari_ngff.storage.inspecting.shard_specs import spec_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Loc
    from napari_ngff.storage.chunks.shards import ShardSpec

_CRC: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAs:
    """How an array is stored, as far as its document tells.

    Attributes
    ----------
    zarr_format
        2 or 3.
    shape
        Lengths of the array.
    dtype
        NumPy's name of the pixels' type, or what the document calls it.
    itemsize
        Bytes of a pixel; 0: not known.
    chunk, shard
        Lengths of what is decoded at once, and of a shard; None: there are none. Where
        the index of shards cannot be found, or they are inside of others that cannot
        be, `chunk` is what can be found: a shard.
    codecs
        In words, in the order in which they encode.
    compressed
        Whether one of them makes bytes fewer.
    keys
        How the files are called.
    key_encoding
        The same in words.
    specs
        How shards are laid out, the outermost first: more than one where shards are in
        shards. Empty where there are none, or where their index is cannot be known.
    packed
        Whether shards are there that can be read as a whole only.
    encoded_nbytes
        Bytes that each stored chunk must have, where nothing changes their number.
    problems
        What prevents reading, or looking inside.
    """

    zarr_format: Literal[2, 3]
    shape: tuple[int, ...]
    dtype: str
    itemsize: int
    chunk: tuple[int, ...]
    shard: tuple[int, ...] | None
    codecs: tuple[str, ...]
    compressed: bool
    keys: ChunkKeys
    key_encoding: str
    specs: tuple[ShardSpec, ...] = ()
    packed: bool = False
    encoded_nbytes: int | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def cell(self) -> tuple[int, ...]:
        """Lengths of what one file holds."""
        return self.chunk if self.shard is None else self.shard

    @property
    def grid(self) -> tuple[int, ...]:
        """How many files there may be along each axis."""
        return _divided(self.shape, self.cell)

    @property
    def chunk_grid(self) -> tuple[int, ...]:
        """How many chunks there are along each axis."""
        return _divided(self.shape, self.chunk)

    @property
    def chunks_per_shard(self) -> tuple[int, ...] | None:
        """Chunks in a shard along each axis; None where there are no shards."""
        return None if self.shard is None else _divided(self.shard, self.chunk)

    @property
    def nbytes(self) -> int:
        """Bytes of all pixels in memory."""
        return prod(self.shape) * self.itemsize

    @property
    def chunk_nbytes(self) -> int:
        """Bytes of a decoded chunk."""
        return prod(self.chunk) * self.itemsize


def _divided(whole: Sequence[int], parts: Sequence[int]) -> tuple[int, ...]:
    return tuple(-(-n // m) for n, m in zip(whole, parts, strict=True))


def stored_as(
    metadata: Mapping[str, Any], zarr_format: Literal[2, 3], limits: Limits
) -> StoredAs:
    """Return how an array is stored.

    Parameters
    ----------
    metadata
        The whole ``zarr.json`` or ``.zarray``, not checked.
    zarr_format
        3 or 2.
    limits
        Bounds on axes, lengths and indices.

    Raises
    ------
    DocumentError
        If not even its shape and chunks can be known. Its location and node are empty:
        the caller knows them.
    LimitExceeded
        If they are more than the limits allow.
    """
    return (_v3 if zarr_format == 3 else _v2)(metadata, limits)


def _v2(metadata: Mapping[str, Any], limits: Limits) -> StoredAs:
    shape = lengths(metadata.get("shape"), limits, ("shape",))
    chunk = _cell(metadata.get("chunks"), shape, limits, ("chunks",))
    dtype = metadata.get("dtype")
    kind = dtype[1:] if isinstance(dtype, str) else ""
    itemsize = DTYPES.get(kind, 0)
    filters = metadata.get("filters")
    compressor = metadata.get("compressor")
    entries = [
        *(filters if isinstance(filters, list) else []),
        *([] if compressor is None else [compressor]),
    ]
    first = _v2_words(metadata, itemsize)
    separator = _separator(metadata, "dimension_separator", ".")
    return StoredAs(
        zarr_format=2,
        shape=shape,
        dtype=_numpy_name(kind) or plain(dtype, limit=64),
        itemsize=itemsize,
        chunk=chunk,
        shard=None,
        codecs=(*first, *chain_words(entries)),
        compressed=any(map(is_compressor, entries)),
        keys=ChunkKeys(start=(), separator=separator),
        key_encoding=f"parted by '{separator}'",
        encoded_nbytes=None if entries else prod(chunk) * itemsize or None,
    )


def _v2_words(metadata: Mapping[str, Any], itemsize: int) -> tuple[str, ...]:
    dtype = metadata.get("dtype")
    big = isinstance(dtype, str) and dtype[:1] == ">"
    endian = ("big-endian" if big else "little-endian",) if itemsize > 1 else ("bytes",)
    return (*(("column-major",) if metadata.get("order") == "F" else ()), *endian)


def _v3(metadata: Mapping[str, Any], limits: Limits) -> StoredAs:
    shape = lengths(metadata.get("shape"), limits, ("shape",))
    grid = settings_of(metadata.get("chunk_grid"))
    cell = _cell(grid.get("chunk_shape"), shape, limits, ("chunk_grid",))
    name = metadata.get("data_type")
    kind = V3_DTYPES.get(name, "") if isinstance(name, str) else ""
    codecs = metadata.get("codecs")
    entries: list[object] = codecs if isinstance(codecs, list) else []
    keys, words = _key_encoding(metadata)
    stored = StoredAs(
        zarr_format=3,
        shape=shape,
        dtype=_numpy_name(kind) or plain(name_of(name) or name, limit=64),
        itemsize=DTYPES.get(kind, 0),
        chunk=cell,
        shard=None,
        codecs=chain_words(entries),
        compressed=any(map(is_compressor, entries)),
        keys=keys,
        key_encoding=words,
    )
    return _inside(stored, entries, ("codecs",), limits)


def _inside(
    stored: StoredAs, entries: Sequence[object], loc: Loc, limits: Limits
) -> StoredAs:
    """Return the same with the shards that its codecs make, as far as can be known."""
    names = [short_name(entry) for entry in entries]
    if "sharding_indexed" not in names:
        return replace(stored, encoded_nbytes=_encoded(stored, names))
    at = names.index("sharding_indexed")
    shard = stored.shard or stored.chunk
    compressed = stored.compressed or _compresses(entries[at])
    opaque = replace(stored, shard=shard, packed=not stored.specs)
    opaque = replace(opaque, compressed=compressed)
    if at + 1 < len(entries):
        problem = _packed(entries[at + 1], (*loc, at + 1))
        return replace(opaque, problems=(*stored.problems, problem))
    axes = stored.specs[-1].axes if stored.specs else tuple(range(len(stored.shape)))
    try:
        spec = spec_in(stored.chunk, entries[: at + 1], axes, limits, loc)
    except DocumentError as error:
        return replace(opaque, problems=(*stored.problems, *error.problems))
    except LimitExceeded as error:
        problem = _note("limit-exceeded", plain(str(error), limit=1024), loc)
        return replace(opaque, problems=(*stored.problems, problem))
    if isinstance(spec, Problem):
        return replace(opaque, problems=(*stored.problems, spec))
    lengths_of = dict(zip(spec.axes, spec.chunk_shape, strict=True))
    chunk = tuple(lengths_of[axis] for axis in range(len(stored.shape)))
    found = replace(opaque, chunk=chunk, specs=(*stored.specs, spec), packed=False)
    inner = settings_of(entries[at]).get("codecs")
    where = (*loc, at, "configuration", "codecs")
    return _inside(found, inner if isinstance(inner, list) else [], where, limits)


def _compresses(sharding: object) -> bool:
    inner = settings_of(sharding).get("codecs")
    entries = inner if isinstance(inner, list) else []
    return any(is_compressor(e) or _compresses(e) for e in entries)


def _encoded(stored: StoredAs, names: Sequence[str]) -> int | None:
    """Return the bytes of an encoded chunk, if codecs leave their number alone."""
    if not stored.itemsize or not set(names) <= {"transpose", "bytes", "crc32c"}:
        return None
    return stored.chunk_nbytes + _CRC * names.count("crc32c")


def _packed(entry: object, loc: Loc) -> Problem:
    message = (
        f"The shards are packed as a whole, by {codec_words(entry)}: to read a part of "
        "one, all of it must be read. Save the image without that codec."
    )
    return _note("packed-shards", message, loc)


def _note(kind: str, message: str, loc: Loc) -> Problem:
    return Problem(level="warning", kind=kind, loc=loc, message=message)


def _cell(
    value: object, shape: tuple[int, ...], limits: Limits, loc: Loc
) -> tuple[int, ...]:
    cell = lengths(value, limits, loc)
    fits = len(cell) == len(shape)
    if not fits or any(m == 0 < n for n, m in zip(shape, cell, strict=True)):
        message = f"the chunks {list(cell)} do not fit an array of {len(shape)} axes"
        problem = Problem(level="error", kind="bad-shape", loc=loc, message=message)
        raise DocumentError("", "", (problem,))
    return tuple(max(1, part) for part in cell)


def _numpy_name(kind: str) -> str:
    names = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
    if kind not in DTYPES:
        return ""
    return "bool" if kind == "b1" else f"{names[kind[0]]}{8 * DTYPES[kind]}"


def _separator(settings: Mapping[str, Any], key: str, usual: str) -> str:
    found = settings.get(key, usual)
    return found if found in (".", "/") else usual


def _key_encoding(metadata: Mapping[str, Any]) -> tuple[ChunkKeys, str]:
    entry = metadata.get("chunk_key_encoding", "default")
    v2 = name_of(entry) == "v2"
    separator = _separator(settings_of(entry), "separator", "." if v2 else "/")
    keys = ChunkKeys(start=() if v2 else ("c",), separator=separator)
    return keys, f"{'v2' if v2 else 'default'}, parted by '{separator}'"
