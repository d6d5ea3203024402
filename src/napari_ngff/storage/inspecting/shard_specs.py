"""Where the index of a shard is, from codecs that were not checked. Pure.

Knows the settings of the codec ``sharding_indexed``, as `chunks.shards` does those of
checked documents; an index that is encoded in an unknown way is a Problem.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from napari_ngff.core.problems import DocumentError, Problem
from napari_ngff.storage.chunks.chains import check_size, lengths
from napari_ngff.storage.chunks.shards import spec_of
from napari_ngff.storage.inspecting.codec_words import name_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Loc
    from napari_ngff.storage.chunks.shards import ShardSpec

_ENTRY = 16
_USUAL = [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "crc32c"}]


def spec_in(
    shape: Sequence[int],
    entries: Sequence[object],
    axes: Sequence[int],
    limits: Limits,
    loc: Loc,
) -> ShardSpec | Problem:
    """Return how the shards are laid out that codecs make.

    Parameters
    ----------
    shape
        Lengths of a shard, with the axes of the array.
    entries
        Codecs, the last being ``sharding_indexed``.
    axes
        For each axis of what the codecs are given, the axis of the array that it is.
    limits
        Bounds on the index.
    loc
        Where in the document the codecs are.

    Raises
    ------
    DocumentError, LimitExceeded
        If the settings make no sense, or the index would be too large.
    """
    *before, sharding = entries
    for at, entry in enumerate(before):
        order = settings_of(entry).get("order")
        if name_of(entry) != "transpose":
            message = f"the codec before the shards is {name_of(entry)[:64]!r}"
            return _unknown(message, (*loc, at))
        if not isinstance(order, list) or sorted(map(_whole, order)) != list(
            range(len(axes))
        ):
            return _unknown("its axes are not in an order", (*loc, at))
        axes = [axes[i] for i in order]
    settings, where = settings_of(sharding), (*loc, len(before))
    outer = [shape[axis] for axis in axes]
    inner = _inner(settings.get("chunk_shape"), outer, limits, where)
    count = prod(a // b for a, b in zip(outer, inner, strict=True))
    check_size("the index of a shard", count * _ENTRY, limits.shard_index_bytes)
    location = settings.get("index_location", "end")
    codecs = _index_codecs(settings.get("index_codecs", _USUAL))
    if location not in ("start", "end") or codecs is None:
        return _unknown("it is not said how the index is stored", where)
    checked = {"chunk_shape": inner, "index_codecs": codecs, "index_location": location}
    return spec_of(outer, checked, axes=axes, loc=where)


def _inner(
    value: object, outer: Sequence[int], limits: Limits, loc: Loc
) -> tuple[int, ...]:
    inner = lengths(value, limits, (*loc, "configuration", "chunk_shape"))
    fits = len(inner) == len(outer) and not any(
        not small or large % small for large, small in zip(outer, inner, strict=True)
    )
    if not fits:
        message = "the inner chunks do not fill the shard evenly"
        problem = Problem(level="error", kind="bad-codec", loc=loc, message=message)
        raise DocumentError("", "", (problem,))
    return inner


def _index_codecs(value: object) -> list[dict[str, Any]] | None:
    """Return the codecs of an index in their long form; None: they are not understood.

    Which of them are known is for `chunks.shards` to say.
    """
    if not isinstance(value, list) or not value:
        return None
    entries = [{"name": name_of(e), "configuration": settings_of(e)} for e in value]
    known = entries[0]["name"] == "bytes"
    if known and settings_of(value[0]).get("endian") not in ("little", "big"):
        return None
    return entries


def _unknown(what: str, loc: Loc) -> Problem:
    message = f"{what}: where the inner chunks are in the file is not known"
    return Problem(
        level="warning", kind="unknown-shard-index", loc=loc, message=message
    )


def _whole(value: object) -> int:
    return value if type(value) is int else -1
