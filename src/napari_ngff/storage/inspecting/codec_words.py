"""Codecs in words, as a document names them. Pure; decodes nothing.

Knows the settings that a person asks for; of codecs it does not know it says the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Codecs that make bytes fewer.
COMPRESSORS: Final = frozenset({"blosc", "bz2", "gzip", "lz4", "zlib", "zstd"})
_SHUFFLES: Final = {0: "no shuffle", 1: "shuffle", 2: "bit shuffle"} | {
    "noshuffle": "no shuffle",
    "shuffle": "shuffle",
    "bitshuffle": "bit shuffle",
}


def name_of(entry: object) -> str:
    """Return the name of a codec's entry of either format; empty where it has none."""
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, Mapping):
        return ""
    name = entry.get("name", entry.get("id"))
    return name if isinstance(name, str) else ""


def short_name(entry: object) -> str:
    """Return the name without the prefix that zarr gives to those of numcodecs."""
    return name_of(entry).removeprefix("numcodecs.")


def settings_of(entry: object) -> Mapping[str, Any]:
    """Return the settings in a codec's entry of either format."""
    if not isinstance(entry, Mapping):
        return {}
    if "id" in entry and "name" not in entry:
        return {key: value for key, value in entry.items() if key != "id"}
    settings = entry.get("configuration")
    return settings if isinstance(settings, Mapping) else {}


def is_compressor(entry: object) -> bool:
    """Tell whether a codec is there to make bytes fewer."""
    return short_name(entry) in COMPRESSORS


def codec_words(entry: object) -> str:
    """Say a codec: ``"blosc (zstd, level 5, bit shuffle)"``."""
    name, settings = short_name(entry), settings_of(entry)
    if name in _WORDS:
        return _WORDS[name](settings)
    return plain(name, limit=64) or "a codec without a name"


def chain_words(entries: Sequence[object]) -> tuple[str, ...]:
    """Say codecs in their order; what is in a shard comes after the shard."""
    words: list[str] = []
    for entry in entries:
        words.append(codec_words(entry))
        inner = settings_of(entry).get("codecs")
        if name_of(entry) == "sharding_indexed" and isinstance(inner, list):
            words += chain_words(inner)
    return tuple(words)


def _bytes(settings: Mapping[str, Any]) -> str:
    endian = settings.get("endian")
    return f"{endian}-endian" if endian in ("little", "big") else "bytes"


def _blosc(settings: Mapping[str, Any]) -> str:
    parts = [plain(settings.get("cname", "lz4"), limit=16)]
    if (level := settings.get("clevel")) is not None:
        parts.append(f"level {plain(level, limit=16)}")
    shuffle = settings.get("shuffle")
    if isinstance(shuffle, int | str) and shuffle in _SHUFFLES:
        parts.append(_SHUFFLES[shuffle])
    return f"blosc ({', '.join(parts)})"


def _level(name: str) -> Callable[[Mapping[str, Any]], str]:
    def words(settings: Mapping[str, Any]) -> str:
        parts = []
        if (level := settings.get("level")) is not None:
            parts.append(f"level {plain(level, limit=16)}")
        if settings.get("checksum") is True:
            parts.append("checksum")
        return f"{name} ({', '.join(parts)})" if parts else name

    return words


def _transpose(settings: Mapping[str, Any]) -> str:
    order = settings.get("order")
    axes = ", ".join(map(str, order)) if isinstance(order, list) else str(order)
    return f"transpose ({plain(axes, limit=32)})"


def _sharding(settings: Mapping[str, Any]) -> str:
    codecs = settings.get("index_codecs")
    names = [name_of(codec) for codec in codecs] if isinstance(codecs, list) else []
    where = plain(settings.get("index_location", "end"), limit=16)
    checksum = "CRC-32C" if "crc32c" in names or codecs is None else "no checksum"
    return f"shards (index at the {where}, {checksum})"


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "blosc": _blosc,
    "bytes": _bytes,
    "endian": _bytes,
    "crc32c": lambda _: "CRC-32C",
    "sharding_indexed": _sharding,
    "transpose": _transpose,
    **{name: _level(name) for name in ("bz2", "gzip", "lz4", "zlib", "zstd")},
}
