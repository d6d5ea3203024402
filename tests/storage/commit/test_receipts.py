"""Files are put below a root once, and what was put is known."""

from __future__ import annotations

import os

import pytest

from cases.arrays import crc32c
from napari_ngff.core.problems import UnsafePath
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.receipts import Receipt, copy, put, read_again


def digest(data):
    return crc32c(data).to_bytes(4, "big")


def test_a_receipt_is_what_was_written(tmp_path):
    """Key, size and digest; the folders on the way are made."""
    receipt = put(tmp_path, "0/c/1/2", b"pixels")

    assert Receipt(key="0/c/1/2", nbytes=6, digest=digest(b"pixels")) == receipt
    assert (tmp_path / "0/c/1/2").read_bytes() == b"pixels"


def test_pieces_are_one_file(tmp_path):
    """Chunks and index of a shard need not be joined first."""
    pieces = [b"ab", memoryview(b"cd"), bytearray(b""), bytearray(b"e")]

    assert put(tmp_path, "shard", pieces) == read_again(tmp_path, "shard")
    assert (tmp_path / "shard").read_bytes() == b"abcde"


def test_views_of_numbers_are_their_bytes(tmp_path):
    """What is written is counted in bytes, whatever the view's items are."""
    view = memoryview(b"\1\0\2\0").cast("H")

    assert put(tmp_path, "a", view).nbytes == 4


def test_no_file_is_put_twice(tmp_path):
    """Two tasks that write one file are a mistake, never a mixture."""
    put(tmp_path, "a", b"first")

    with pytest.raises(FileExistsError):
        put(tmp_path, "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


@pytest.mark.parametrize("key", ["../a", "/a", "a//b", "a/./b", "c:/a", "", "a\\b"])
def test_no_key_leads_out(key, tmp_path):
    """A label may be called anything, but not go anywhere."""
    with pytest.raises(UnsafePath):
        put(tmp_path / "root", key, b"")


def test_a_root_that_has_gone_stays_gone(tmp_path):
    """A task that did not hear of the end of its save leaves nothing."""
    with pytest.raises(FileNotFoundError):
        put(tmp_path / "gone", "0/c/0", b"late")
    assert list(tmp_path.iterdir()) == []


def test_short_writes_are_gone_on_with(tmp_path, monkeypatch):
    """A system may take fewer bytes than it is given."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda to, data: write(to, data[:3]))

    assert put(tmp_path, "a", b"0123456789") == read_again(tmp_path, "a")


def test_a_file_that_takes_nothing_is_an_error(tmp_path, monkeypatch):
    """Instead of trying for ever."""
    monkeypatch.setattr(os, "write", lambda to, data: 0)

    with pytest.raises(OSError, match="no more bytes"):
        put(tmp_path, "a", b"0")


def test_every_file_is_made_durable(tmp_path, monkeypatch):
    """And so it is on every machine of a cluster, as `put` does it."""
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)

    put(tmp_path, "a", b"0")
    put(tmp_path, "b/c", b"1")

    assert 2 == len(synced)


def test_a_system_without_sync_is_no_error(tmp_path, monkeypatch):
    """Some network file systems cannot; others fail, and that is told by the path."""
    answers = iter([22, 5])

    def refuse(descriptor):
        raise OSError(next(answers), "no")

    monkeypatch.setattr(os, "fsync", refuse)

    put(tmp_path, "a", b"0")
    with pytest.raises(OSError, match="no") as error:
        put(tmp_path, "b", b"0")
    assert str(tmp_path / "b") == error.value.filename


def test_links_are_not_read(tmp_path):
    """What is read again is the file, not what somebody put in its place."""
    (tmp_path / "a").write_bytes(b"elsewhere")
    (tmp_path / "b").symlink_to("a")

    with pytest.raises(OSError, match="symbolic"):
        read_again(tmp_path, "b")


def test_a_copy_is_like_its_source(tmp_path):
    """Copying needs no more memory for a large file."""
    put(tmp_path, "a", bytes(3 * 2**20 + 1))

    receipt = copy(tmp_path / "a", tmp_path, "b/c")

    assert read_again(tmp_path, "b/c") == receipt
    assert read_again(tmp_path, "a").digest == receipt.digest


def test_reading_names_the_file(tmp_path, monkeypatch):
    """An error while reading says in which file."""
    put(tmp_path, "a", b"0")

    def fail(descriptor, size):
        raise OSError(5, "bad sector")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(OSError, match="bad sector") as error:
        read_again(tmp_path, "a")
    assert str(tmp_path / "a") == error.value.filename


def test_removing_what_is_read_only_on_windows(tmp_path, monkeypatch):
    """There a file must be made writable first; elsewhere that would be no use."""
    (tmp_path / "a").write_bytes(b"")
    tries = []

    def unlink(path, *, dir_fd=None):
        tries.append(path)
        if len(tries) == 1:
            raise PermissionError(13, "read-only", path)

    monkeypatch.setattr(files.os, "unlink", unlink)
    monkeypatch.setattr(files.os, "name", "nt")
    files.unlink(str(tmp_path / "a"))
    monkeypatch.undo()

    assert 2 == len(tries)
