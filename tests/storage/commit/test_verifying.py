"""What is on disk is what was handed over, or the save says which file is not."""

from __future__ import annotations

import threading

import pytest

from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit.receipts import Receipt, put
from napari_ngff.storage.commit.verifying import keys_below, verify

KEYS = [f"0/c/{n}" for n in range(40)] + ["zarr.json"]


@pytest.fixture
def receipts(tmp_path):
    return [put(tmp_path, key, key.encode()) for key in KEYS]


def check(root, receipts, deep=None, workers=3):
    return list(verify(root, receipts, target="cells", deep=deep, workers=workers))


def test_all_is_right(receipts, tmp_path):
    """Each file was read again, and looked at closer."""
    seen = []

    assert receipts == check(tmp_path, receipts, deep=seen.append)
    assert sorted(KEYS) == sorted(seen)
    assert sorted(KEYS) == sorted(keys_below(tmp_path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda file: file.write_bytes(b"0/c/8"), "not what was written: 0/c/7"),
        (lambda file: file.write_bytes(b"0/c"), "not what was written: 0/c/7"),
        (lambda file: file.write_bytes(b""), "not what was written: 0/c/7"),
        (lambda file: file.unlink(), "missing: 0/c/7"),
        (lambda file: file.with_name("x").touch(), "not known of: 0/c/x"),
    ],
)
def test_a_wrong_file_is_named(change, told, receipts, tmp_path):
    """A flipped letter, a torn file, one too few, one too many."""
    change(tmp_path / "0/c/7")

    with pytest.raises(CannotSave, match=told):
        check(tmp_path, receipts)


def test_many_wrong_files_are_counted(receipts, tmp_path):
    """The first few are named."""
    for file in (tmp_path / "0/c").iterdir():
        file.unlink()

    with pytest.raises(CannotSave, match=r"40 files are missing: .* and 35 more"):
        check(tmp_path, receipts)


def test_no_file_has_two_receipts(receipts, tmp_path):
    """Two tasks thought that it was theirs."""
    with pytest.raises(CannotSave, match="written twice: 0/c/3"):
        check(tmp_path, [*receipts, receipts[3]])


def test_a_second_name_has_its_size(tmp_path):
    """Bytes that were not written are not read; what is no file is an error."""
    put(tmp_path, "a", b"same")
    receipt = Receipt(key="a", nbytes=4, digest=b"")

    assert [receipt] == check(tmp_path, [receipt])
    with pytest.raises(CannotSave, match="changed by another program: a"):
        check(tmp_path, [Receipt(key="a", nbytes=5, digest=b"")])
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="a file is expected"):
        check(tmp_path, [receipt, Receipt(key="b", nbytes=4, digest=b"")])


def test_a_closer_look_may_find_more(receipts, tmp_path):
    """What it raises ends all; no thread is left."""

    def deep(key):
        if key == "0/c/5":
            raise CannotSave("cells", "wrong pixels")

    with pytest.raises(CannotSave, match="wrong pixels"):
        check(tmp_path, receipts, deep=deep)
    assert [] == [t for t in threading.enumerate() if "ngff-verify" in t.name]


def test_it_can_be_ended(receipts, tmp_path):
    """Few files more are read when nobody waits for the rest."""
    seen = []
    found = verify(tmp_path, receipts, target="x", deep=seen.append, workers=2)

    next(found)
    found.close()

    assert len(seen) <= 6
