"""Files are given second names, or are copied where that cannot be."""

from __future__ import annotations

import errno
import os

import pytest

from faults.harness import look
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.cloning import clone
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.verifying import verify

CONTENT = {"zarr.json": b"{}", "0/zarr.json": b"0", "0/c/0/0": b"a", "0/c/0/1": b"b"}


@pytest.fixture
def source(tmp_path):
    for key, data in CONTENT.items():
        put(tmp_path, f"source/{key}", data)
    (tmp_path / "root").mkdir()
    return tmp_path / "source"


def test_no_byte_is_written(source, tmp_path):
    """The files are the same ones; those that change are left out."""
    root = tmp_path / "root"
    receipts = clone(source, root, without=lambda key: key.startswith("0/c/0/1"))

    assert {"zarr.json", "0/zarr.json", "0/c/0/0"} == {r.key for r in receipts}
    assert {b""} == {receipt.digest for receipt in receipts}
    for receipt in receipts:
        assert os.path.samefile(source / receipt.key, root / receipt.key)
    list(verify(root, receipts, target="", deep=None, workers=1))


def test_elsewhere(source, tmp_path):
    """Labels are carried over into a place of their own."""
    receipts = clone(
        source, tmp_path / "root", without=lambda key: False, prefix="labels/cells/"
    )

    assert "labels/cells/zarr.json" in {receipt.key for receipt in receipts}
    assert look(source) == look(tmp_path / "root/labels/cells")


@pytest.mark.parametrize("number", [errno.EPERM, errno.EXDEV, errno.EMLINK])
def test_copies_do_as_well(number, source, tmp_path, monkeypatch):
    """Not every file system has second names, and none without end."""

    def refuse(first, second):
        raise OSError(number, "no links here", str(second))

    monkeypatch.setattr(files, "link", refuse)
    root = tmp_path / "root"
    receipts = clone(source, root, without=lambda key: False)

    assert look(source) == look(root)
    assert all(receipt.digest for receipt in receipts)
    list(verify(root, receipts, target="", deep=None, workers=1))


def test_other_errors_are_errors(source, tmp_path, monkeypatch):
    """A full disk has no room for a copy either."""

    def refuse(first, second):
        raise OSError(errno.ENOSPC, "full", str(second))

    monkeypatch.setattr(files, "link", refuse)

    with pytest.raises(OSError, match="full"):
        clone(source, tmp_path / "root", without=lambda key: False)


def test_links_are_refused(source, tmp_path):
    """What they lead to may change under us."""
    (source / "0/c/0/2").symlink_to("1")

    with pytest.raises(OSError, match="a file is expected"):
        clone(source, tmp_path / "root", without=lambda key: False)
