"""Whether chunks can be copied as they are from one array into another. Pure.

Knows two documents; knows no files, and does not say what to do where they cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded
from napari_ngff.storage.inspecting.codec_words import (
    codec_words,
    settings_of,
    short_name,
)
from napari_ngff.storage.resharding.documents import chunk_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Types whose items are one byte, of which there is no order.
_BYTES: Final = frozenset({"bool", "int8", "uint8"})


def why_decoded(
    source: Mapping[str, Any],
    zarr_format: Literal[2, 3],
    target: Mapping[str, Any],
    *,
    limits: Limits = LIMITS,
) -> str | None:
    """Say why the chunks of an array must be decoded to become those of another one.

    Parameters
    ----------
    source
        The ``zarr.json`` or ``.zarray`` of the array that there is.
    zarr_format
        Of `source`: 3 or 2.
    target
        The ``zarr.json`` of the array that it is to become.
    limits
        Bounds on what they may ask for.

    Returns
    -------
    str or None
        A sentence without its full stop; None: they can be copied byte for byte.
    """
    try:
        before = chunk_form(source, zarr_format, limits=limits)
        after = chunk_form(target, 3, limits=limits)
    except DocumentError as error:
        return plain(error.problems[0].message, limit=1024).rstrip(".")
    except LimitExceeded as error:
        return plain(str(error), limit=1024).rstrip(".")
    if before.chunk != after.chunk:
        shapes = _shape(before.chunk), _shape(after.chunk)
        return f"The chunks are {shapes[0]} pixels and are to be {shapes[1]}"
    old, new = before.document, after.document
    for key, what in (("shape", "size"), ("data_type", "type of pixels")):
        if old.get(key) != new.get(key):
            return f"The array is to have another {what}"
    kind = old.get("data_type")
    if _plain(before.codecs, kind) != _plain(after.codecs, kind):
        words = _words(before.codecs), _words(after.codecs)
        if words[0] == words[1]:
            return f"The chunks are stored with other settings of {words[0]}"
        return f"The chunks are stored as {words[0]} and are to be {words[1]}"
    if old.get("fill_value") != new.get("fill_value"):
        return "Chunks that are not stored are to have another value"
    return None


def _shape(chunk: Sequence[int]) -> str:
    return " x ".join(map(str, chunk)) or "1"


def _plain(codecs: Sequence[object], kind: object) -> list[tuple[str, dict[str, Any]]]:
    """Return codecs without what makes no difference."""
    found = []
    for codec in codecs:
        name, settings = short_name(codec), dict(settings_of(codec))
        if name == "bytes" and kind in _BYTES:
            settings.pop("endian", None)
        found.append((name, settings))
    return found


def _words(codecs: Sequence[object]) -> str:
    return ", ".join(map(codec_words, codecs))
