"""A folder becomes one ZIP file that everybody can read, by the rules of RFC-9."""

from __future__ import annotations

import struct
import zipfile

import pytest

from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import archive, files
from napari_ngff.storage.commit.archive import ordered, pack
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.keys.archive import ZipKeys

CONTENT = {
    "zarr.json": b"{}",
    "0/c/0/0": bytes(range(256)) * 9000,  # more than two blocks
    "0/zarr.json": b"0",
    "labels/zarr.json": b"1",
    "labels/\u7d30\u80de/zarr.json": b"2",
    "OME/METADATA.ome.xml": b"",
}
COMMENT = b'{"ome": {"version": "0.5"}}'


def packed(folder, **options):
    for key, data in CONTENT.items():
        put(folder, f"root/{key}", data)
    file = folder / "cells.ozx"
    pack(
        folder / "root",
        file,
        **{"comment": COMMENT, "progress": lambda nbytes: None, **options},
    )
    return file


def test_everybody_can_read_it(tmp_path):
    """The standard library, and our own reader."""
    file = packed(tmp_path)

    with zipfile.ZipFile(file) as found:
        assert found.testzip() is None
        assert CONTENT == {name: found.read(name) for name in found.namelist()}
        assert COMMENT == found.comment
    keys = ZipKeys(str(file), limit=2**20)
    assert CONTENT == {key: keys.get(key, limit=2**30) for key in CONTENT}


def test_documents_come_first(tmp_path):
    """The root's, then the others, breadth first; so also in the directory."""
    with zipfile.ZipFile(packed(tmp_path)) as found:
        members = found.infolist()

    assert [
        "zarr.json",
        "0/zarr.json",
        "labels/zarr.json",
        "labels/\u7d30\u80de/zarr.json",
        "0/c/0/0",
        "OME/METADATA.ome.xml",
    ] == [member.filename for member in members]
    offsets = [member.header_offset for member in members]
    assert sorted(offsets) == offsets


def test_nothing_is_compressed_and_all_is_zip64(tmp_path):
    """As RFC-9 wants it, however small it is."""
    file = packed(tmp_path)
    data = file.read_bytes()

    with zipfile.ZipFile(file) as found:
        for member in found.infolist():
            assert zipfile.ZIP_STORED == member.compress_type
            assert 45 == member.extract_version
            local = data[member.header_offset :][:30]
            assert (0xFFFFFFFF,) * 2 == struct.unpack_from("<2L", local, 18)
    assert data.count(b"PK\6\6") == data.count(b"PK\6\7") == 1
    assert b"\xff" * 12 + struct.pack("<H", len(COMMENT)) + COMMENT == data[-41:]


def test_the_same_packs_to_the_same(tmp_path):
    """No time or place of packing is in it."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()

    assert packed(tmp_path / "a").read_bytes() == packed(tmp_path / "b").read_bytes()


def test_files_are_removed_as_they_are_packed(tmp_path):
    """So that it takes the room of one, not of two."""
    packed(tmp_path)

    assert not [path for path in (tmp_path / "root").rglob("*") if path.is_file()]


@pytest.mark.parametrize("place", [40, 3000, 2_304_000])
def test_what_was_not_written_is_noticed(place, tmp_path, monkeypatch):
    """A bit that flips on its way, in a header or among pixels."""
    sync = files.sync

    def flip(descriptor, path):
        if str(path).endswith(".ozx"):
            with open(path, "r+b") as file:
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 1]))
        sync(descriptor, path)

    monkeypatch.setattr(files, "sync", flip)

    with pytest.raises(CannotSave, match="not what was written"):
        packed(tmp_path)


def test_a_file_that_ends_early_is_noticed(tmp_path, monkeypatch):
    """As when the disk forgets its end."""
    monkeypatch.setattr(archive, "_finish", lambda out, *rest: out.write(b""))
    sync = files.sync

    def cut(descriptor, path):
        if str(path).endswith(".ozx"):
            files.os.ftruncate(descriptor, 100)
        sync(descriptor, path)

    monkeypatch.setattr(files, "sync", cut)

    with pytest.raises(CannotSave, match="not what was written"):
        packed(tmp_path)


def test_progress(tmp_path):
    """All is counted as it is written and as it is read again."""
    seen = []
    packed(tmp_path, progress=seen.append)

    assert 2 * sum(map(len, CONTENT.values())) == sum(seen)


def test_an_empty_folder():
    """There is nothing to put in order."""
    assert [] == ordered(iter(()))
