"""What replaces an image can be read and written by those who could before."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from faults.small import ANY, NAME, save, with_old
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.amending import Amending

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have no modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def shared(tmp_path):
    """An image of a group, made by somebody whose new files are for the group."""
    with_old(tmp_path)
    for path in [tmp_path / NAME, *(tmp_path / NAME).rglob("*")]:
        path.chmod(0o2775 if path.is_dir() else 0o664)
    before = os.umask(0o077)
    yield tmp_path / NAME
    os.umask(before)


def test_folders_of_a_group_stay_so(shared):
    """All of them, and the files in them, new ones too."""
    save(shared.parent, replace=ANY)

    found = {path.relative_to(shared): mode(path) for path in shared.rglob("*")}
    folders = {
        path: mode(path) for path in (shared, *shared.rglob("*")) if path.is_dir()
    }
    assert {0o2775} == set(folders.values())
    assert {0o664, 0o2775} == set(found.values())
    assert 4 == len(folders)


def test_each_keeps_its_own(shared):
    """What is at the same path; a folder stays one that its owner can write to."""
    (shared / "0").chmod(0o550)
    (shared / "0/c").chmod(0o2750)
    (shared / "0/zarr.json").chmod(0o600)
    (shared / "0/c/0/0").chmod(0o4755)
    save(shared.parent, replace=ANY)

    names = ("0", "0/c", "0/zarr.json", "0/c/0/0", "0/c/0/1", "zarr.json")
    expected = [0o750, 0o2750, 0o600, 0o755, 0o664, 0o664]
    assert expected == [mode(shared / name) for name in names]


def test_a_folder_without_files(tmp_path):
    """What is put into one that a file dialog made goes by that."""
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME).chmod(0o2770)
    save(tmp_path)

    assert [0o2770, 0o2770] == [mode(tmp_path / NAME / n) for n in ("", "0/c")]


def test_archives(tmp_path):
    """A file takes the place of a file."""
    save(tmp_path, name="a.ozx", container="ozx")
    (tmp_path / "a.ozx").chmod(0o660)
    save(tmp_path, name="a.ozx", container="ozx", replace=ANY)

    assert 0o660 == mode(tmp_path / "a.ozx")


def test_labels_that_are_painted_on(shared):
    """Also where only some files are new."""
    with Amending(str(shared), "0") as amending:
        amending.put("0/c/0/0", b"new")
        amending.put("0/c/1/0", b"new")
        amending.commit()

    assert [0o664, 0o664, 0o2775, 0o2775] == [
        mode(shared / name) for name in ("0/c/0/0", "0/c/1/0", "0/c/1", "0")
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid(), reason="needs root")
def test_the_group_is_kept(shared):
    """The parent's is not that of the image."""
    for path in [shared, *shared.rglob("*")]:
        os.chown(path, -1, 4242)
        path.chmod(0o2775 if path.is_dir() else 0o664)
    save(shared.parent, replace=ANY)

    every = [shared, *shared.rglob("*")]
    assert {4242} == {path.stat().st_gid for path in every}
    assert {0o2775, 0o664} == {mode(path) for path in every}


def test_no_other_group_gets_its_rights(shared, monkeypatch):
    """Who is not in a group can give it nothing: its rights are not another one's."""

    def refuse(call):
        if call.name == "chown":
            raise PermissionError(errno.EPERM, "not in it", call.path)

    lstat = os.lstat

    def of_others(path, **more):
        found = lstat(path, **more)
        values = list(found)
        values[5] += NAME + os.sep in os.fspath(path) + os.sep and "part" not in str(
            path
        )
        return os.stat_result(values)

    monkeypatch.setattr(files, "before", refuse)
    monkeypatch.setattr("napari_ngff.storage.commit.permissions.os.lstat", of_others)
    save(shared.parent, replace=ANY)
    monkeypatch.undo()

    every = [shared, *shared.rglob("*")]
    assert {0o755, 0o644} == {mode(path) for path in every}


def test_a_file_system_without_permissions(shared, monkeypatch):
    """It is no reason not to save."""

    def refuse(call):
        if call.name == "chmod":
            raise OSError(errno.ENOTSUP, "none", call.path)

    monkeypatch.setattr(files, "before", refuse)
    save(shared.parent, replace=ANY)

    assert b"" == (shared / "zarr.json").read_bytes()
