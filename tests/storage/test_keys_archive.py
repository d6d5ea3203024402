"""Values in ZIP files: exact, bounded, and never a member that leads elsewhere."""

from __future__ import annotations

import io
import pickle
import struct
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys.archive import ZipKeys
from napari_ngff.storage.keys.central import BadArchive, members

if TYPE_CHECKING:
    from pathlib import Path

VALUE = bytes(range(256)) * 4
LIMIT = 2**20
METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}


def archive(path: Path, values: dict[str, bytes], method: int = 0) -> ZipKeys:
    """Write an archive and open it."""
    with zipfile.ZipFile(path, "w", method) as file:
        for name, value in values.items():
            file.writestr(name, value)
    return ZipKeys(str(path), limit=LIMIT)


@pytest.fixture(params=METHODS.values(), ids=METHODS.keys())
def keys(tmp_path: Path, request: pytest.FixtureRequest) -> ZipKeys:
    """An archive with one value."""
    return archive(tmp_path / "x.zip", {"0/c/1": VALUE, "e": b""}, request.param)


def test_a_value_is_read(keys: ZipKeys) -> None:
    """A member is a value; where there is none, there is none."""
    assert keys.get("0/c/1", limit=LIMIT) == VALUE
    assert keys.get("e", limit=LIMIT) == b""
    assert keys.get("0/c/2", limit=LIMIT) is None
    assert keys.names() == ("0/c/1", "e")
    assert keys.folders("") == ("0",)
    assert dict(keys.files("")) == {"0/c/1": len(VALUE), "e": 0}
    assert list(keys.files("0/")) == [("0/c/1", len(VALUE))]
    assert keys.folders("0/") == ("c",)
    assert list(keys.below("0/").files("")) == [("c/1", len(VALUE))]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((10, 20), VALUE[10:20]),
        ((1000, None), VALUE[1000:]),
        ((-24, None), VALUE[-24:]),
        ((1020, 5000), VALUE[1020:]),
        ((5000, 5010), b""),
    ],
)
def test_spans(keys: ZipKeys, span: tuple[int, int | None], expected: bytes) -> None:
    """A span of a member, packed or not, is exact."""
    assert keys.get("0/c/1", span, limit=LIMIT) == expected
    assert (expected, len(VALUE)) == keys.sized("0/c/1", span, limit=LIMIT)


def test_a_folder_in_a_values_place_is_an_error(keys: ZipKeys) -> None:
    """A folder is not an absent value."""
    with pytest.raises(Unreadable, match="a folder"):
        keys.get("0/c", limit=LIMIT)


def test_size_is_bounded(tmp_path: Path) -> None:
    """A member that states more than the limit is not unpacked."""
    keys = archive(tmp_path / "x.zip", {"big": bytes(LIMIT + 1)}, zipfile.ZIP_DEFLATED)

    with pytest.raises(LimitExceeded):
        keys.get("big", limit=LIMIT)


def test_a_bomb_stops_at_the_size_it_states(tmp_path: Path) -> None:
    """A member that unpacks to more than it states is an error, at once."""
    path = tmp_path / "x.zip"
    archive(path, {"bomb": bytes(2**28)}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 16)
    path.write_bytes(data)

    begun = time.monotonic()
    with pytest.raises(Unreadable, match="size that the archive states"):
        ZipKeys(str(path), limit=LIMIT).get("bomb", limit=LIMIT)
    assert time.monotonic() - begun < 1


def test_damage_is_noticed(keys: ZipKeys) -> None:
    """A member whose bytes were damaged is an error."""
    with open(keys.url, "r+b") as file:
        file.seek(40 + len("0/c/1"))
        file.write(b"\xff\xfe\xfd")

    with pytest.raises(Unreadable):
        ZipKeys(keys.url, limit=LIMIT).get("0/c/1", limit=LIMIT)


def test_an_archive_that_is_replaced_is_noticed(keys: ZipKeys, tmp_path: Path) -> None:
    """A read after the file was replaced is an error, and the stamp another."""
    stamp = keys.stamp("0/c/1")
    archive(tmp_path / "y.zip", {"0/c/1": b"other"})
    (tmp_path / "y.zip").replace(keys.url)

    assert keys.stamp("0/c/1") != stamp
    with pytest.raises(Unreadable, match="replaced"):
        keys.get("0/c/1", limit=LIMIT)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../../x", "C:\\x", "..\\x", "a//b"]
)
def test_members_that_lead_elsewhere_harm_nothing(tmp_path: Path, name: str) -> None:
    """Nothing is ever unpacked to a disk, and the others are read."""
    path = tmp_path / "x.zip"
    keys = archive(path, {name: b"x", "key": VALUE})

    assert keys.get("key", limit=LIMIT) == VALUE
    assert [path] == list(tmp_path.iterdir())


def test_encrypted_and_exotic_members_are_errors(tmp_path: Path) -> None:
    """What cannot be unpacked says so; it is not absent."""
    path = tmp_path / "x.zip"
    archive(path, {"key": VALUE}, zipfile.ZIP_BZIP2)
    with pytest.raises(Unreadable, match="method 12"):
        ZipKeys(str(path), limit=LIMIT).get("key", limit=LIMIT)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="encrypted"):
        ZipKeys(str(path), limit=LIMIT).get("key", limit=LIMIT)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    """Other files, cut ones and parts of several are refused with the reason."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"hello")
    with pytest.raises(Unreadable, match="not a ZIP"):
        ZipKeys(str(path), limit=LIMIT)
    archive(path, {f"{i}": b"" for i in range(99)})
    with pytest.raises(Unreadable, match="the limit is 10"):
        ZipKeys(str(path), limit=10)
    path.write_bytes(path.read_bytes()[-500:])
    with pytest.raises(Unreadable):
        ZipKeys(str(path), limit=LIMIT)


def test_the_large_format_is_read(tmp_path: Path) -> None:
    """More than 65535 members need the directory of ZIP64."""
    values = {f"c/{i}": b"" for i in range(65_600)} | {"key": VALUE}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        for name, value in values.items():
            file.writestr(name, value)
    keys = ZipKeys(str(tmp_path / "x.zip"), limit=2**24)

    assert len(keys.names()) == len(values)
    assert keys.get("key", limit=LIMIT) == VALUE


def test_sizes_of_the_large_format_are_read(tmp_path: Path) -> None:
    """A member written with sizes in ZIP64 fields is read."""
    path = tmp_path / "x.zip"
    with (
        zipfile.ZipFile(path, "w") as file,
        file.open("key", "w", force_zip64=True) as member,
    ):
        member.write(VALUE)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    extra = struct.pack("<2H2Q", 1, 16, len(VALUE), len(VALUE))
    struct.pack_into("<2L", data, at + 20, 2**32 - 1, 2**32 - 1)
    old = struct.unpack_from("<H", data, at + 30)[0]
    struct.pack_into("<H", data, at + 30, len(extra))
    data[at + 46 + 3 : at + 46 + 3 + old] = extra
    struct.pack_into("<L", data, end + len(extra) - old + 12, 46 + 3 + len(extra))
    path.write_bytes(data)

    assert ZipKeys(str(path), limit=LIMIT).get("key", limit=LIMIT) == VALUE


def test_bytes_before_an_archive_are_skipped(tmp_path: Path) -> None:
    """Something may be put in front of it."""
    path = tmp_path / "x.zip"
    archive(path, {"key": VALUE})
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())

    assert ZipKeys(str(path), limit=LIMIT).get("key", limit=LIMIT) == VALUE


def test_threads_may_read_at_once(keys: ZipKeys) -> None:
    """Eight threads get what one gets."""
    with ThreadPoolExecutor(8, "napari-ngff-test") as pool:
        spans = [(i, i + 10) for i in range(500)]
        found = pool.map(lambda span: keys.get("0/c/1", span, limit=LIMIT), spans)

        assert [VALUE[a:b] for a, b in spans] == list(found)


def test_it_can_be_pickled(keys: ZipKeys) -> None:
    """Another process reads the same below the same folder."""
    again = pickle.loads(pickle.dumps(keys.below("0/")))

    assert again == keys
    assert hash(again) == hash(keys)
    assert again.get("c/1", limit=LIMIT) == VALUE


@given(st.binary(max_size=200), st.integers(0, 200), st.binary(max_size=8))
def test_damaged_archives_only_say_so(junk: bytes, at: int, patch: bytes) -> None:
    """Whatever is in a file, the answer is members or `BadArchive`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("key", b"value")
        file.writestr("other", b"value" * 10)
    data = bytearray(buffer.getvalue())
    data[at : at + len(patch)] = patch
    for content in (bytes(data), junk, junk + data):
        with suppress(BadArchive):
            members(io.BytesIO(content), limit=LIMIT)
