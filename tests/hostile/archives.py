"""Archives whose members lead elsewhere, lie about their sizes, or are damaged."""

from __future__ import annotations

import io
import shutil
import struct
import warnings
import zipfile
import zlib
from functools import partial
from typing import TYPE_CHECKING

from cases.build import zip_store
from hostile.case import Case, plain_image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = "1/0/0"
_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"


def _archive(path: Path) -> Path:
    """Pack an image that is right; the folder is taken away."""
    plain_image(path)
    packed = zip_store(path, path.with_suffix(".ozx"))
    shutil.rmtree(path)
    return packed


def _bytes(change: Callable[[bytes], bytes], path: Path) -> Path:
    packed = _archive(path)
    packed.write_bytes(change(packed.read_bytes()))
    return packed


def _added(names: tuple[str, ...], path: Path) -> Path:
    """Add members whose names lead elsewhere."""
    packed = _archive(path)
    with zipfile.ZipFile(packed, "a") as archive:
        for name in names:
            archive.writestr(name, b"{}")
    return packed


def _linked(path: Path) -> Path:
    """Add a member that is a symbolic link in the place of a chunk."""
    return _replaced(_CHUNK, b"../../../outside.zarr/0/0/0", path, mode=0o120777)


def _replaced(
    name: str,
    data: bytes,
    path: Path,
    *,
    method: int = zipfile.ZIP_STORED,
    mode: int = 0,
) -> Path:
    """Write the archive anew with another member of that name."""
    packed = _archive(path)
    with zipfile.ZipFile(packed) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(packed, "w") as archive:
        for each, content in members.items():
            info = zipfile.ZipInfo(each)
            if each == name:
                content = data
                info.compress_type = method
                info.external_attr = mode << 16
            archive.writestr(info, content)
    return packed


def _twice(name: str, path: Path) -> Path:
    """Add a member that is there; the last one counts."""
    packed = _archive(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr(name, b"\1")
    return packed


def _field(name: str, offset: int, code: str, value: int, path: Path) -> Path:
    """Change a field of a member's entry in the directory."""

    def change(data: bytes) -> bytes:
        at = data.rfind(name.encode()) - 46
        assert data[at : at + 4] == _ENTRY
        return b"".join(
            (
                data[: at + offset],
                struct.pack(code, value),
                data[at + offset + struct.calcsize(code) :],
            )
        )

    return _bytes(change, path)


def _end(offset: int, code: str, value: int) -> Callable[[bytes], bytes]:
    """Return a function that changes a field of the record at the end."""

    def change(data: bytes) -> bytes:
        at = data.rfind(_END) + offset
        return data[:at] + struct.pack(code, value) + data[at + struct.calcsize(code) :]

    return change


def _bomb(path: Path) -> Path:
    """Pack a chunk that unpacks to 300 MiB, as its member says."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packer.compress(bytes(2**22)) for _ in range(75)) + packer.flush()
    packed = _archive(path)
    with zipfile.ZipFile(packed) as archive:
        members = {n: archive.read(n) for n in archive.namelist() if n != _CHUNK}
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(_CHUNK, data)
    # The member is stored: say that it is deflated, and how large it claims to be.
    raw = packed.read_bytes()
    for signature, method, size in ((b"PK\x03\x04", 8, 22), (_ENTRY, 10, 24)):
        name_at = 30 if signature != _ENTRY else 46
        at = raw.rfind(_CHUNK.encode()) if signature == _ENTRY else _local(raw)
        at -= name_at
        assert raw[at : at + 4] == signature
        raw = raw[: at + method] + struct.pack("<H", 8) + raw[at + method + 2 :]
        raw = raw[: at + size] + struct.pack("<I", 300 * 2**20) + raw[at + size + 4 :]
    packed.write_bytes(raw)
    return packed


def _local(raw: bytes) -> int:
    """Return where the name in the local header of the chunk is."""
    return raw.rfind(_CHUNK.encode(), 0, raw.rfind(_CHUNK.encode()))


def _deflated(path: Path) -> Path:
    """Pack a chunk by deflate, which is fine."""
    data = bytes(range(1, 129))
    return _replaced(_CHUNK, data, path, method=zipfile.ZIP_DEFLATED)


def _nested(path: Path) -> Path:
    """Put an archive in the place of a chunk."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(50 * 2**20))
    return _replaced(_CHUNK, inner.getvalue(), path, method=zipfile.ZIP_DEFLATED)


def _many(path: Path) -> Path:
    packed = _archive(path)
    with zipfile.ZipFile(packed, "a") as archive:
        for i in range(20_000):
            archive.writestr(f"x/{i}", b"")
    return packed


def _not_one(content: bytes, path: Path) -> Path:
    packed = path.with_suffix(".ozx")
    packed.parent.mkdir(exist_ok=True)
    packed.write_bytes(content)
    return packed


_UNREADABLE: dict[str, Callable[[Path], Path]] = {
    "link": _linked,
    "nested": _nested,
    "bomb": _bomb,
    "twice": partial(_twice, _CHUNK),
    "encrypted": partial(_field, _CHUNK, 8, "<H", 1),
    "method-lzma": partial(_field, _CHUNK, 10, "<H", 14),
    "method-deflate": partial(_field, _CHUNK, 10, "<H", 8),
    "crc": partial(_field, _CHUNK, 16, "<I", 12345),
    "size-huge": partial(_field, _CHUNK, 24, "<I", 2**31),
    "size-small": partial(_field, _CHUNK, 24, "<I", 1),
    "offset-past-the-end": partial(_field, _CHUNK, 42, "<I", 2**31),
    "offset-into-another": partial(_field, _CHUNK, 42, "<I", 7),
}
_BAD = "ZIP|directory|damaged|cut|Zarr metadata|several"
_REFUSED: dict[str, Callable[[Path], Path]] = {
    "empty": partial(_not_one, b""),
    "two-bytes": partial(_not_one, b"PK"),
    "end-only": partial(_not_one, _END + bytes(18)),
    "text": partial(_not_one, b"hello" * 1000),
    "cut": partial(_bytes, lambda data: data[: len(data) // 2]),
    "end-cut": partial(_bytes, lambda data: data[:-10]),
    "directory-huge": partial(_bytes, _end(12, "<I", 2**31)),
    "directory-offset": partial(_bytes, _end(16, "<I", 2**31)),
    "directory-offset-zero": partial(_bytes, _end(12, "<I", 5)),
    "zip64-missing": partial(_bytes, _end(16, "<I", 2**32 - 1)),
    "many-disks": partial(_bytes, _end(4, "<H", 3)),
    "directory-noise": partial(
        _bytes, lambda data: data.replace(_ENTRY, b"PK\x09\x09")
    ),
}
CASES = [
    *(
        Case(name=f"zip-{name}", build=build, pixels="unreadable")
        for name, build in _UNREADABLE.items()
    ),
    *(
        Case(name=f"zip-{name}", build=build, refused=_BAD)
        for name, build in _REFUSED.items()
    ),
    Case(
        name="zip-names",
        build=partial(
            _added,
            (
                "../outside.zarr/x",
                "/etc/passwd",
                "C:/x",
                "a\\..\\b",
                "labels/../../x/.zgroup",
                "\x01/.zgroup",
            ),
        ),
    ),
    Case(name="zip-many-members", build=_many),
    Case(name="zip-deflated", build=_deflated),
    Case(
        name="zip-document-damaged",
        build=partial(_field, ".zattrs", 16, "<I", 12345),
        refused="checksum",
    ),
    Case(
        name="zip-document-twice",
        build=partial(_twice, ".zattrs"),
        refused="not JSON",
    ),
    Case(
        name="zip-document-encrypted",
        build=partial(_field, ".zattrs", 8, "<H", 1),
        refused="encrypted",
    ),
]
