"""How chunks are compressed when they are written: one value, and its codec entries.

Knows the names that Zarr v2 and v3 give to compressors, and makes them of numcodecs.
Does not know arrays: only the size of an item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numcodecs.abc import Codec

CompressionName: TypeAlias = Literal[
    "blosc-zstd", "blosc-lz4", "blosc-lz4hc", "blosc-zlib", "zstd", "gzip", "none"
]
Shuffle: TypeAlias = Literal["auto", "byte", "bit", "none"]

#: The levels that each compressor has, and the one that is taken if none is given.
LEVELS: Final[Mapping[CompressionName, tuple[int, int, int]]] = MappingProxyType(
    {
        "blosc-zstd": (0, 9, 1),
        "blosc-lz4": (0, 9, 5),
        "blosc-lz4hc": (0, 9, 5),
        "blosc-zlib": (0, 9, 1),
        "zstd": (1, 22, 1),
        "gzip": (0, 9, 1),
        "none": (0, 0, 0),
    }
)
_SHUFFLES: Final = ("none", "byte", "bit")
_V3_SHUFFLES: Final = ("noshuffle", "shuffle", "bitshuffle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """How chunks are compressed.

    Attributes
    ----------
    name
        The compressor.
    level
        How hard it tries; None: what `LEVELS` says. After making it is a number.
    shuffle
        How blosc sorts the bytes or bits of the items before compressing; others do
        not. ``"auto"``: the bytes, where an item has more than one.

    Raises
    ------
    ValueError
        If there is no such compressor, or it has no such level.
    """

    name: CompressionName = "blosc-zstd"
    level: int | None = None
    shuffle: Shuffle = "auto"

    def __post_init__(self) -> None:
        if self.name not in LEVELS:
            message = f"there is no compression {self.name!r}; use {', '.join(LEVELS)}"
            raise ValueError(message)
        if self.shuffle not in ("auto", *_SHUFFLES):
            message = f"there is no shuffle {self.shuffle!r}; use auto, byte, bit, none"
            raise ValueError(message)
        low, high, usual = LEVELS[self.name]
        level = usual if self.level is None else self.level
        if not low <= level <= high:
            message = f"{self.name} has levels from {low} to {high}, not {level}"
            raise ValueError(message)
        object.__setattr__(self, "level", level)


DEFAULT_COMPRESSION: Final = Compression()


def compression_of(text: str) -> Compression:
    """Return what a person means by a name, or a name and a level: ``"zstd:3"``.

    Raises
    ------
    ValueError
        If there is no such compressor, or it has no such level.
    """
    name, _, level = text.partition(":")
    if level and not level.isdecimal():
        message = f"{level!r} is not a level of compression; it is a number"
        raise ValueError(message)
    return Compression(name=name, level=int(level) if level else None)  # type: ignore[arg-type]


def v3_codecs(compression: Compression, itemsize: int) -> list[dict[str, Any]]:
    """Return the entries of ``codecs`` that follow ``bytes``: one or none.

    Parameters
    ----------
    compression
        How.
    itemsize
        Bytes of an item.
    """
    family, _, inner = compression.name.partition("-")
    if family == "none":
        return []
    configuration: dict[str, Any] = {"level": compression.level}
    if family == "zstd":
        configuration["checksum"] = False
    if family == "blosc":
        configuration = {
            "cname": inner,
            "clevel": compression.level,
            "shuffle": _V3_SHUFFLES[_shuffle(compression, itemsize)],
            "typesize": itemsize,
            "blocksize": 0,
        }
    return [{"name": family, "configuration": configuration}]


def v2_compressor(compression: Compression, itemsize: int) -> dict[str, Any] | None:
    """Return the ``compressor`` of a ``.zarray``; see `v3_codecs`."""
    family, _, inner = compression.name.partition("-")
    if family == "none":
        return None
    if family == "blosc":
        return {
            "id": "blosc",
            "cname": inner,
            "clevel": compression.level,
            "shuffle": _shuffle(compression, itemsize),
            "blocksize": 0,
        }
    return {"id": family, "level": compression.level}


def from_v3(codecs: Sequence[Mapping[str, Any]]) -> Compression | None:
    """Return what `v3_codecs` was given; None: it was not made by it."""
    if not codecs:
        return Compression(name="none")
    if len(codecs) > 1 or not isinstance(codecs[0], Mapping):
        return None
    settings = codecs[0].get("configuration") or {}
    shuffle = settings.get("shuffle")
    if codecs[0].get("name") == "zstd" and settings.get("checksum"):
        return None
    at = _V3_SHUFFLES.index(shuffle) if shuffle in _V3_SHUFFLES else None
    return _from(codecs[0].get("name"), settings, at)


def from_v2(compressor: Mapping[str, Any] | None) -> Compression | None:
    """Return what `v2_compressor` was given; None: it was not made by it."""
    if compressor is None:
        return Compression(name="none")
    at = compressor.get("shuffle")
    return _from(compressor.get("id"), compressor, at if at in (0, 1, 2) else None)


def _from(
    family: Any, settings: Mapping[str, Any], shuffle: int | None
) -> Compression | None:
    blosc = family == "blosc"
    name = f"blosc-{settings.get('cname')}" if blosc else family
    level = settings.get("clevel" if blosc else "level")
    if name not in LEVELS or (blosc and shuffle is None) or not isinstance(level, int):
        return None
    kind = _SHUFFLES[shuffle or 0] if blosc else "auto"
    try:
        return Compression(name=name, level=level, shuffle=kind)  # type: ignore[arg-type]
    except ValueError:
        return None


def _shuffle(compression: Compression, itemsize: int) -> int:
    if compression.shuffle == "auto":
        return int(itemsize > 1)
    return _SHUFFLES.index(compression.shuffle)


@cache
def compressor(compression: Compression, itemsize: int) -> Codec | None:
    """Return what compresses and decompresses; None: nothing does. Thread-safe."""
    import numcodecs  # not from its registry, which is there before it is filled

    settings = v2_compressor(compression, itemsize)
    return None if settings is None else numcodecs.get_codec(settings)
