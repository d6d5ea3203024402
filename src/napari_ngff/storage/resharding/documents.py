"""What the document of an array says once its chunks are in other shards. Pure.

Knows ``zarr.json`` and ``.zarray``, also with codecs that nobody here can decode: their
chunks are copied as they are. Knows no files.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.storage.chunks.as_v3 import as_v3
from napari_ngff.storage.chunks.chains import check_size, refuse
from napari_ngff.storage.inspecting.codec_words import (
    name_of,
    settings_of,
    short_name,
)
from napari_ngff.storage.inspecting.stored_as import stored_as

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.storage.inspecting.stored_as import StoredAs

IndexLocation = Literal["start", "end"]

_SHARDS: Final = "sharding_indexed"
_INDEX_ENTRY: Final = 16
#: What a core ``zarr.json`` has; anything else may change what the chunks mean.
_KNOWN: Final = frozenset(
    {
        "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "attributes",
        "chunk_key_encoding", "fill_value", "codecs", "dimension_names",
        "storage_transformers", "consolidated_metadata",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkForm:
    """What the bytes of a chunk are, wherever they lie.

    Attributes
    ----------
    document
        The array's ``zarr.json``; what a ``.zarray`` is in those words.
    chunk
        Lengths of what is decoded at once.
    codecs
        What makes a chunk into bytes, with the axes of the array; a ``transpose`` that
        stood before the shards is the first of them: it makes the same bytes.
    """

    document: Mapping[str, Any]
    chunk: tuple[int, ...]
    codecs: tuple[object, ...]


def chunk_form(
    metadata: Mapping[str, Any],
    zarr_format: Literal[2, 3],
    *,
    limits: Limits = LIMITS,
) -> ChunkForm:
    """Return what the bytes of an array's chunks are.

    Parameters
    ----------
    metadata
        The whole ``zarr.json`` or ``.zarray``.
    zarr_format
        3 or 2.
    limits
        Bounds on what it may ask for.

    Raises
    ------
    DocumentError
        If its chunks cannot be taken as they are, with the reason in words; location
        and node are empty: the caller knows them.
    LimitExceeded
        If it asks for more than the limits allow.
    """
    document = metadata if zarr_format == 3 else as_v3(metadata, limits=limits)
    if zarr_format == 3:
        _check_extensions(document)
    stored = stored_as(document, 3, limits)
    codecs = document.get("codecs")
    entries: list[object] = codecs if isinstance(codecs, list) else []
    if not entries:
        refuse("bad-codec", "the codecs are not a list that has one", ("codecs",))
    names = [short_name(entry) for entry in entries]
    if _SHARDS in names:
        entries = _out_of_shards(stored, entries, names.index(_SHARDS))
    return ChunkForm(document=document, chunk=stored.chunk, codecs=tuple(entries))


def _out_of_shards(stored: StoredAs, entries: list[object], at: int) -> list[object]:
    if not stored.specs:
        reasons = [p.message for p in stored.problems] or ["their index is not known"]
        refuse("opaque-shards", f"The shards are not looked into. {reasons[0]}")
    inner = settings_of(entries[at]).get("codecs")
    codecs = inner if isinstance(inner, list) else []
    if _SHARDS in map(short_name, codecs) or len(stored.specs) > 1:
        refuse("nested-shards", "There are shards inside of the shards")
    if not codecs:
        refuse("bad-codec", "the shards do not say how their chunks are stored")
    return [*entries[:at], *codecs]


def resharded(
    metadata: Mapping[str, Any],
    zarr_format: Literal[2, 3],
    *,
    shard: Sequence[int] | None,
    index_location: IndexLocation = "end",
    dimension_names: Sequence[str | None] | None = None,
    attributes: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> dict[str, Any]:
    """Return the ``zarr.json`` of the same chunks in other shards, or in none.

    All that it says besides is kept. Its files have the usual keys (``c/0/0``),
    whatever they had.

    Parameters
    ----------
    metadata
        The whole ``zarr.json`` or ``.zarray``.
    zarr_format
        3 or 2.
    shard
        Lengths of a shard, multiples of those of the chunk. None: a file per chunk.
    index_location
        Where in a shard its index is.
    dimension_names
        Names of the axes; None: as they are.
    attributes
        Of the array; None: as they are. Those of format 2 are in its ``.zattrs``.
    limits
        Bounds on what it may ask for.

    Raises
    ------
    DocumentError
        If its chunks cannot be taken as they are, or the shard is no multiple of them.
    LimitExceeded
        If it asks for more than the limits allow, or the index would.
    """
    form = chunk_form(metadata, zarr_format, limits=limits)
    document: dict[str, Any] = deepcopy(dict(form.document))
    codecs = deepcopy(list(form.codecs))
    cell = form.chunk if shard is None else _checked(shard, form.chunk, limits)
    document["chunk_grid"] = _named("regular", chunk_shape=list(cell))
    document["chunk_key_encoding"] = _named("default", separator="/")
    document["codecs"] = codecs
    if shard is not None:
        sharding = _named(
            _SHARDS,
            chunk_shape=list(form.chunk),
            codecs=codecs,
            index_codecs=[_named("bytes", endian="little"), {"name": "crc32c"}],
            index_location=index_location,
        )
        document["codecs"] = [sharding]
    if dimension_names is not None:
        document["dimension_names"] = list(dimension_names)
    if attributes is not None:
        document["attributes"] = deepcopy(dict(attributes))
    return document


def _named(name: str, **configuration: Any) -> dict[str, Any]:
    return {"name": name, "configuration": configuration}


def _checked(
    shard: Sequence[int], chunk: tuple[int, ...], limits: Limits
) -> tuple[int, ...]:
    cell = tuple(int(n) for n in shard)
    fits = len(cell) == len(chunk) and not any(
        whole < 1 or whole % part for whole, part in zip(cell, chunk, strict=True)
    )
    if not fits:
        message = f"a shard of {list(cell)} is no multiple of the chunk {list(chunk)}"
        refuse("bad-shape", message, ("chunk_grid",))
    count = prod(a // b for a, b in zip(cell, chunk, strict=True))
    nbytes = count * _INDEX_ENTRY
    check_size("the index of a shard", nbytes, limits.shard_index_bytes)
    return cell


def _check_extensions(document: Mapping[str, Any]) -> None:
    """Refuse what may change where chunks are, or what they mean."""
    for key, value in document.items():
        settings = value if isinstance(value, dict) else {}
        if key not in _KNOWN and settings.get("must_understand") is not False:
            refuse("unknown-extension", f"{plain(key)!r} is not known here", (key,))
    if document.get("storage_transformers"):
        what = "storage transformers are not known here"
        refuse("unknown-extension", what, ("storage_transformers",))
    grid = document.get("chunk_grid")
    if name_of(grid) != "regular":
        what = f"a chunk grid of the kind {plain(name_of(grid), limit=64)!r}"
        refuse("unsupported-grid", f"{what} is not known here", ("chunk_grid",))
    keys = document.get("chunk_key_encoding", "default")
    separator = settings_of(keys).get("separator", "/")
    # Files whose names are not known would be taken for absent.
    if name_of(keys) not in ("default", "v2") or separator not in (".", "/"):
        what = "how the files of the chunks are called is not known here"
        refuse("unknown-extension", what, ("chunk_key_encoding",))
