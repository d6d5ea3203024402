"""The document of an array of Zarr format 2 in the words of format 3.

Knows ``.zarray`` and ``zarr.json`` of arrays; its chunks stay where and as they are,
under the key encoding ``v2``. Touches no file and imports no zarr.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.storage.chunks.chains import DTYPES, V3_DTYPES, refuse
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from napari_ngff.storage.chunks.layout import Layout

_NAMES: Final = {kind: name for name, kind in V3_DTYPES.items()}
_SHUFFLES: Final = ("noshuffle", "shuffle", "bitshuffle")
_BLOSC: Final = frozenset(("blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"))
#: The level that zlib takes for -1, which format 3 has no word for.
_USUAL_GZIP: Final = 6


def as_v3(
    document: Mapping[str, Any],
    *,
    dimension_names: Sequence[str] | None = None,
    attributes: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> dict[str, Any]:
    """Return the ``zarr.json`` that reads the same chunks as a ``.zarray``.

    Column-major chunks become a ``transpose``; what format 2 leaves to the reader (the
    fill value, the separator, how blosc shuffles) is said.

    Parameters
    ----------
    document
        A whole ``.zarray``.
    dimension_names
        Names of the axes; None: not said.
    attributes
        What is in its ``.zattrs``.
    limits
        Bounds on what is read.

    Raises
    ------
    DocumentError
        If format 3 has no words for it: filters, a compressor that is not blosc, zstd,
        gzip or none, a type of pixels that is not read here; or if it makes no sense.
        Location and node are empty: the caller knows them.
    LimitExceeded
        If it asks for more than the limits allow.
    """
    dtype = document.get("dtype")
    if not isinstance(dtype, str) or dtype[1:] not in DTYPES:
        what = f"items of the type {plain(dtype, limit=64)!r}"
        refuse("not-in-v3", _no_words(what), ("dtype",))
    checked = guard(document, 2, limits)
    if checked["filters"]:
        names = ", ".join(plain(f.get("id"), limit=32) for f in document["filters"])
        refuse("not-in-v3", _no_words(f"filters ({names})"), ("filters",))
    found = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": checked["shape"],
        "data_type": _NAMES[checked["dtype"][1:]],
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": checked["chunks"]},
        },
        "chunk_key_encoding": {
            "name": "v2",
            "configuration": {"separator": checked["dimension_separator"]},
        },
        "fill_value": _fill_value(checked),
        "codecs": _codecs(document, checked),
        "attributes": dict(attributes or {}),
    }
    if dimension_names is not None:
        found["dimension_names"] = list(dimension_names)
    if not _is_same(layout_of(checked), layout_of(guard(found, 3, limits))):
        refuse("not-in-v3", "format 3 would read its chunks in another way")
    return found


def _is_same(before: Layout | None, after: Layout | None) -> bool:
    """Tell whether two documents tell of the same chunks; NaN is itself here."""
    if before is None or after is None:
        return False
    fills = before.fill.tobytes(), after.fill.tobytes()
    nothing = before.fill.dtype.type(0)
    same = replace(before, fill=nothing) == replace(after, fill=nothing)
    return same and fills[0] == fills[1]


def _no_words(what: str) -> str:
    return f"Zarr format 3 cannot read chunks with {what} as they are"


def _fill_value(checked: Mapping[str, Any]) -> Any:
    """Return it; where there is none it is what zarr reads: zeros."""
    value, kind = checked["fill_value"], checked["dtype"][1:]
    if value is not None:
        return value
    return {"b": False, "c": [0.0, 0.0], "f": 0.0}.get(kind[0], 0)


def _codecs(
    document: Mapping[str, Any], checked: Mapping[str, Any]
) -> list[dict[str, Any]]:
    axes = list(range(len(checked["shape"])))
    codecs: list[dict[str, Any]] = []
    if checked["order"] == "F" and len(axes) > 1:
        codecs.append({"name": "transpose", "configuration": {"order": axes[::-1]}})
    dtype = checked["dtype"]
    size = DTYPES[dtype[1:]]
    serializer: dict[str, Any] = {"name": "bytes"}
    if size > 1:
        endian = "big" if dtype[0] == ">" else "little"
        serializer["configuration"] = {"endian": endian}
    codecs.append(serializer)
    compressor = document.get("compressor")
    if compressor is not None:
        codecs.append(_compressor(compressor, size))
    return codecs


def _compressor(settings: Mapping[str, Any], itemsize: int) -> dict[str, Any]:
    name = settings["id"]
    if name not in _COMPRESSORS:
        refuse("not-in-v3", _no_words(f"the compressor {name!r}"), ("compressor",))
    configuration = _COMPRESSORS[name](settings, itemsize)
    return {"name": name, "configuration": configuration}


def _gzip(settings: Mapping[str, Any], itemsize: int) -> dict[str, Any]:
    level = _whole(settings.get("level"), 1)
    return {"level": level if 0 <= level <= 9 else _USUAL_GZIP}


def _zstd(settings: Mapping[str, Any], itemsize: int) -> dict[str, Any]:
    level = _whole(settings.get("level"), 0)
    return {"level": level, "checksum": settings.get("checksum") is True}


def _blosc(settings: Mapping[str, Any], itemsize: int) -> dict[str, Any]:
    """Return what writes the like; a chunk itself says how it was written."""
    name, shuffle = settings.get("cname"), settings.get("shuffle", 1)
    if shuffle not in (0, 1, 2):  # "auto": the bits of bytes, else the bytes
        shuffle = 2 if itemsize == 1 else 1
    level = _whole(settings.get("clevel"), 5)
    return {
        "cname": name if name in _BLOSC else "lz4",
        "clevel": min(max(level, 0), 9),
        "shuffle": _SHUFFLES[shuffle],
        "typesize": itemsize,
        "blocksize": max(_whole(settings.get("blocksize"), 0), 0),
    }


def _whole(value: Any, default: int) -> int:
    return value if type(value) is int else default


_COMPRESSORS: Final[
    Mapping[str, Callable[[Mapping[str, Any], int], dict[str, Any]]]
] = {"blosc": _blosc, "gzip": _gzip, "zstd": _zstd}
