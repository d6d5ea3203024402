"""Chunks and shards that are bombs, damaged, cut, too long, or tell lies."""

from __future__ import annotations

import bz2
import gzip
import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import numcodecs
import numpy as np

from cases.arrays import crc32c
from hostile.case import SHAPE, Case, amend, expected, plain_image, set_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
_CHUNK = 8 * 8 * 2
_BOMB = 300 * 2**20
_MISSING = 2**64 - 1


def _zeros(size: int) -> bytes:
    return bytes(size)


def _gzip_bomb() -> bytes:
    """Return gzip members that unpack to 1 GiB, without unpacking in memory here."""
    one = gzip.compress(_zeros(2**24), 9, mtime=0)
    return one * 64


def _zlib_bomb() -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(_zeros(2**22)) for _ in range(75)) + packer.flush()


def _bz2_bomb() -> bytes:
    return bz2.compress(_zeros(2**24), 9) * 8


def _zstd_frame(blocks: int, *, stated: int | None) -> bytes:
    """Return a frame of run-length blocks of 128 KiB, as RFC 8878 writes them."""
    head = b"\x28\xb5\x2f\xfd"
    if stated is None:
        head += b"\x00\x58"
    else:
        head += b"\xe0" + stated.to_bytes(8, "little")
    size = 128 * 2**10
    body = b""
    for i in range(blocks):
        last = i == blocks - 1
        body += (size << 3 | 1 << 1 | last).to_bytes(3, "little") + b"\x00"
    return head + body


_BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("gzip", _gzip_bomb),
    "zlib": ("zlib", _zlib_bomb),
    "bz2": ("bz2", _bz2_bomb),
    "zstd": ("zstd", lambda: numcodecs.Zstd().encode(_zeros(_BOMB))),
    "zstd-unstated": ("zstd", lambda: _zstd_frame(2400, stated=None)),
    "zstd-lying-small": ("zstd", lambda: _zstd_frame(2400, stated=_CHUNK)),
    "zstd-lying-huge": ("zstd", lambda: _zstd_frame(1, stated=2**62)),
    "zstd-many-frames": ("zstd", lambda: _zstd_frame(1, stated=2**17) * 2000),
    "lz4-lying-huge": ("lz4", lambda: struct.pack("<I", 2**31 - 1) + b"\x00" * 64),
    "lz4-negative": ("lz4", lambda: struct.pack("<i", -1) + b"\x00" * 64),
    "blosc-lying-huge": (
        "blosc",
        lambda: struct.pack("<BBBBIII", 2, 1, 1, 2, 2**31 - 1, 2**20, 64) + b"\0" * 48,
    ),
    "blosc-lying-block": (
        "blosc",
        lambda: struct.pack("<BBBBIII", 2, 1, 1, 2, _CHUNK, 2**31 - 1, 64) + b"\0" * 48,
    ),
    "blosc-memcpy": (
        "blosc",
        lambda: struct.pack("<BBBBIII", 2, 1, 2, 2, _CHUNK, _CHUNK, 2**30),
    ),
}


def _codec_v2(name: str) -> dict[str, Any]:
    return {"id": name}


def _codec_v3(name: str) -> list[Any]:
    return [_BYTES, {"name": name if name in _CORE else f"numcodecs.{name}"}]


_CORE = ("gzip", "zstd", "blosc")


def _codec_of(level: Path, codec: str, *, v3: bool, sharded: bool = False) -> None:
    """Have an array say that it is packed by a codec."""
    if not v3:
        amend(level / ".zarray", set_at(("compressor",), _codec_v2(codec)))
        return
    inner = ("codecs", 0, "configuration", "codecs") if sharded else ("codecs",)
    amend(level / "zarr.json", set_at(inner, _codec_v3(codec)))


def _bomb_v2(codec: str, make: Callable[[], bytes], path: Path) -> None:
    plain_image(path)
    _codec_of(path / "1", codec, v3=False)
    (path / "1" / "0" / "0").write_bytes(make())


def _bomb_v3(codec: str, make: Callable[[], bytes], path: Path) -> None:
    plain_image(path, "0.5")
    _codec_of(path / "1", codec, v3=True)
    (path / "1" / "c" / "0" / "0").write_bytes(make())


def _bomb_in_shard(codec: str, make: Callable[[], bytes], path: Path) -> None:
    plain_image(path, "0.5", chunks=(4, 4), shards=(8, 8))
    _codec_of(path / "1", codec, v3=True, sharded=True)
    body = make()
    missing = (_MISSING, _MISSING)
    _write_shard(path / "1" / "c" / "0" / "0", body, [(0, len(body))] + [missing] * 3)


def _write_shard(path: Path, body: bytes, entries: list[tuple[int, int]]) -> None:
    index = np.array(entries, "<u8").tobytes()
    path.write_bytes(body + index + crc32c(index).to_bytes(4, "little"))


def _packed(codec: str) -> bytes:
    chunk = expected()[:8, :8].tobytes()
    return bytes(numcodecs.get_codec({"id": codec}).encode(chunk))


def _spoilt(
    codec: str | None, change: Callable[[bytes], bytes], path: Path, *, v3: bool
) -> None:
    """Pack the coarse level's chunk, and change its bytes."""
    plain_image(path, "0.5" if v3 else "0.4")
    if codec is not None:
        _codec_of(path / "1", codec, v3=v3)
    place = path / "1" / ("c" if v3 else "") / "0" / "0"
    data = _packed(codec) if codec else place.read_bytes()
    place.write_bytes(change(data))


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "one-byte": lambda data: data[:1],
    "cut": lambda data: data[: len(data) // 2],
    "cut-by-one": lambda data: data[:-1],
    "noise": lambda data: bytes(range(200))[: len(data)],
    "html": lambda _: b"<html><body>Service unavailable</body></html>",
    "all-ones": lambda data: b"\xff" * len(data),
}
#: What takes no check of the chunk's length: there is none in the format.
_SIZE_ONLY = ("noise", "all-ones")


def _short(codec: str, path: Path, *, factor: float, v3: bool = False) -> None:
    """Write a chunk that unpacks well, to too little or too much."""
    plain_image(path, "0.5" if v3 else "0.4")
    _codec_of(path / "1", codec, v3=v3)
    data = bytes(
        numcodecs.get_codec({"id": codec}).encode(_zeros(int(_CHUNK * factor)))
    )
    place = path / "1" / ("c" if v3 else "") / "0" / "0"
    place.write_bytes(data)


def _shard(change: Callable[[bytes], bytes], path: Path) -> None:
    """Change the bytes of the coarse level's shard: four chunks of 4 x 4."""
    plain_image(path, "0.5", chunks=(4, 4), shards=(8, 8))
    shard = path / "1" / "c" / "0" / "0"
    shard.write_bytes(change(shard.read_bytes()))


def _entry(index: int, offset: int, length: int) -> Callable[[bytes], bytes]:
    """Return a function that changes an entry of a shard's index, its crc right."""

    def change(data: bytes) -> bytes:
        entries = bytearray(data[-68:-4])
        entries[16 * index : 16 * index + 16] = struct.pack("<QQ", offset, length)
        return data[:-68] + entries + crc32c(bytes(entries)).to_bytes(4, "little")

    return change


_SHARDS: dict[str, Callable[[bytes], bytes]] = {
    "bad-crc": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "bad-index": lambda data: data[:-60] + bytes([data[-60] ^ 1]) + data[-59:],
    "empty": lambda _: b"",
    "index-cut": lambda data: data[-40:],
    "cut": lambda data: data[:-10],
    "past-the-end": _entry(0, 10**6, 32),
    "length-past-the-end": _entry(0, 0, 10**6),
    "length-huge": _entry(0, 0, 2**62),
    "offset-huge": _entry(0, 2**62, 32),
    "wrap-around": _entry(0, 2**64 - 16, 32),
    "wrap-around-length": _entry(0, 16, 2**64 - 16),
    "length-zero": _entry(0, 0, 0),
    "length-short": _entry(0, 0, 31),
    "half-missing": _entry(0, _MISSING, 32),
    "missing-length": _entry(0, 0, _MISSING),
    "cut-in-front": lambda data: data[16:],
    "shifted": _entry(0, 16, 32),
    "into-index": _entry(0, 4 * 32 + 8, 32),
    "onto-index": _entry(0, 4 * 32, 32),
    "up-to-the-end": _entry(0, 4 * 32 + 36, 32),
    "one-byte-of-index": _entry(3, 97, 32),
}


def _cases() -> list[Case]:
    found = []
    builders = {"v2": _bomb_v2, "v3": _bomb_v3, "shard": _bomb_in_shard}
    for where, builder in builders.items():
        found += [
            Case(
                name=f"bomb-{where}-{name}",
                build=partial(builder, codec, make),
                pixels="unreadable",
            )
            for name, (codec, make) in _BOMBS.items()
        ]
    for v3 in (False, True):
        for codec in (None, "gzip", "zlib", "bz2", "zstd", "lz4", "blosc"):
            for name, change in _CHANGES.items():
                if codec is None and name in _SIZE_ONLY:
                    continue
                found.append(
                    Case(
                        name=f"chunk-{'v3' if v3 else 'v2'}-{codec or 'raw'}-{name}",
                        build=partial(_spoilt, codec, change, v3=v3),
                        pixels="unreadable",
                    )
                )
    for codec in ("gzip", "zlib", "bz2", "zstd", "lz4", "blosc"):
        for factor in (0.5, 2):
            found.append(
                Case(
                    name=f"chunk-{codec}-{factor}-times-as-long",
                    build=partial(_short, codec, factor=factor),
                    pixels="unreadable",
                )
            )
            found.append(
                Case(
                    name=f"chunk-v3-{codec}-{factor}-times-as-long",
                    build=partial(_short, codec, factor=factor, v3=True),
                    pixels="unreadable",
                )
            )
    found += [
        Case(name=f"shard-{name}", build=partial(_shard, change), pixels="unreadable")
        for name, change in _SHARDS.items()
    ]
    # Nothing forbids a writer to keep equal chunks once.
    same = partial(_shard, _entry(0, 32, 32))
    found.append(Case(name="shard-same", build=same, pixels="any"))
    found += [
        Case(
            name=f"shard-at-start-{name}",
            build=partial(_shard_at_start, entry),
            pixels="unreadable",
        )
        for name, entry in _AT_START.items()
    ]
    return found


#: For the first of four raw chunks of 32 bytes that follow an index of 64 bytes.
_AT_START: dict[str, tuple[int, int]] = {
    "into-index": (8, 32),
    "half-of-index": (48, 32),
    "past-the-end": (64 + 3 * 32 + 1, 32),
    "wrap-around": (2**64 - 16, 32),
    "shifted": (64 + 16, 32),
}


def _shard_at_start(entry: tuple[int, int], path: Path) -> None:
    """Put an index that lies, without a checksum, in front of raw chunks."""
    plain_image(path, "0.5", chunks=(4, 4), shards=(8, 8))
    sharding = ("codecs", 0, "configuration")
    amend(path / "1" / "zarr.json", set_at((*sharding, "index_location"), "start"))
    amend(path / "1" / "zarr.json", set_at((*sharding, "index_codecs"), [_BYTES]))
    shard = path / "1" / "c" / "0" / "0"
    entries = [entry, *((64 + 32 * i, 32) for i in range(1, 4))]
    shard.write_bytes(np.array(entries, "<u8").tobytes() + shard.read_bytes()[:-68])


def _raw_long(path: Path) -> None:
    plain_image(path)
    (path / "1" / "0" / "0").write_bytes(b"\1" * (_CHUNK + 2))


def _raw_sparse(size: int, path: Path) -> None:
    """Write a large chunk that takes no room on disk."""
    plain_image(path)
    with (path / "1" / "0" / "0").open("r+b") as file:
        file.truncate(size)


def _shard_sparse(path: Path) -> None:
    plain_image(path, "0.5", chunks=(4, 4), shards=(8, 8))
    with (path / "1" / "c" / "0" / "0").open("r+b") as file:
        file.truncate(2**40)


def _one_of_many(path: Path) -> None:
    """Spoil one chunk of the finest level: the others still can be read."""
    plain_image(path)
    (path / "0" / "1" / "1").write_bytes(b"\1")


def _none_written(path: Path) -> None:
    plain_image(path, chunks_written=False)


assert SHAPE == (16, 16)
CASES = [
    *_cases(),
    Case(name="chunk-raw-long", build=_raw_long, pixels="unreadable"),
    Case(
        name="chunk-raw-3-gib",
        build=partial(_raw_sparse, 3 * 2**30),
        pixels="unreadable",
    ),
    Case(
        name="chunk-raw-900-mib",
        build=partial(_raw_sparse, 900 * 2**20),
        pixels="unreadable",
    ),
    Case(name="shard-1-tib", build=_shard_sparse, pixels="unreadable"),
    Case(name="chunk-one-of-many", build=_one_of_many, pixels="unreadable"),
    Case(name="chunks-absent", build=_none_written, pixels="any"),
]
