"""Folders are removed with all that is in them, and nothing else."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from faults.harness import look
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.removing import is_folder, remove, walk


@pytest.mark.usefixtures("way")
def test_links_are_not_followed(tmp_path):
    """Neither to a folder nor to a file: what they lead to stays."""
    (tmp_path / "kept/deep").mkdir(parents=True)
    (tmp_path / "kept/deep/file").write_bytes(b"mine")
    before = look(tmp_path)
    gone = tmp_path / "gone"
    (gone / "a/b").mkdir(parents=True)
    (gone / "a/folder").symlink_to("../../kept")
    (gone / "a/file").symlink_to("../../kept/deep/file")
    (gone / "a/nowhere").symlink_to("nowhere")

    remove(gone)

    assert before == look(tmp_path)


@pytest.mark.usefixtures("way")
def test_a_link_is_not_taken_for_a_folder(tmp_path):
    """Whoever put it there: what it leads to is not ours."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_bytes(b"mine")
    before = look(tmp_path)
    (tmp_path / "gone").symlink_to("kept")

    remove(tmp_path / "gone")

    assert before == look(tmp_path)


@pytest.fixture(params=["held", "by path"])
def way(request, monkeypatch):
    """Both ways to remove: Windows has no descriptors of folders."""
    if request.param == "held" and not files.DESCRIPTORS:
        pytest.skip("this system calls nothing by a folder's descriptor")
    monkeypatch.setattr(files, "DESCRIPTORS", request.param == "held")


@pytest.mark.skipif(not files.DESCRIPTORS, reason="folders cannot be held here")
@pytest.mark.parametrize("name", ["gone", "gone/a", "gone/a/b"])
def test_a_folder_that_becomes_a_link_meanwhile(name, tmp_path, monkeypatch):
    """Just before anything is done in it, whatever that is: what it leads to stays."""
    (tmp_path / "kept/b").mkdir(parents=True)
    (tmp_path / "kept/file").write_bytes(b"mine")
    (tmp_path / "kept/b/file").write_bytes(b"mine")
    before = look(tmp_path / "kept")
    swapped = tmp_path / name

    def attempt(point):
        """Remove, and swap the folder before a call; tell whether there was one."""
        for folder in ("gone", "gone/a", "gone/a/b"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / "file").touch()
        calls = 0

        def swap(call):
            nonlocal calls
            calls += 1
            if calls == point and swapped.is_dir():
                swapped.rename(tmp_path / "elsewhere")
                swapped.symlink_to(tmp_path / "kept")

        monkeypatch.setattr(files, "before", swap)
        with suppress(OSError):
            remove(tmp_path / "gone")
        monkeypatch.setattr(files, "before", None)
        assert before == look(tmp_path / "kept"), point
        for left in ("elsewhere", "gone"):
            remove(tmp_path / left)
        return calls >= point

    points = next(point for point in count(1) if not attempt(point))

    assert 10 < points
    assert ["kept"] == os.listdir(tmp_path)


@pytest.mark.usefixtures("way")
def test_what_is_not_there_is_removed(tmp_path):
    """Another process may be quicker."""
    remove(tmp_path / "nothing")


@pytest.mark.usefixtures("way")
def test_files_that_go_meanwhile(tmp_path, monkeypatch):
    """So it may be with each one."""
    for name in ("a", "b"):
        (tmp_path / "x" / name).mkdir(parents=True)
        (tmp_path / "x" / name / "file").touch()
    unlink = files.unlink

    def twice(path, **inside):
        unlink(path, **inside)
        unlink(path, **inside)

    monkeypatch.setattr(files, "unlink", twice)
    remove(tmp_path / "x")

    assert [] == os.listdir(tmp_path)


@pytest.mark.usefixtures("way")
def test_one_that_stays_does_not_keep_the_rest(tmp_path, monkeypatch):
    """All that can be removed is; the first error is told."""
    for name in ("a", "b", "c"):
        (tmp_path / "x" / name).mkdir(parents=True)
        (tmp_path / "x" / name / "file").touch()
    unlink = files.unlink

    def refuse(path, **inside):
        if "b" in Path(path).parts:
            raise PermissionError(13, "not yours", path)
        unlink(path, **inside)

    monkeypatch.setattr(files, "unlink", refuse)

    with pytest.raises(PermissionError):
        remove(tmp_path / "x")
    assert ["x", "x/b", "x/b/file"] == sorted(look(tmp_path))


def test_a_folder_comes_before_those_in_it(tmp_path):
    """In the order of the names."""
    for name in ("b", "a/d", "a/c"):
        (tmp_path / name).mkdir(parents=True)

    here = [folder.relative_to(tmp_path).as_posix() for folder, _ in walk(tmp_path)]

    assert [".", "a", "a/c", "a/d", "b"] == here


def test_junctions_are_links():
    """Windows has a kind of link that looks like a folder."""
    entry = SimpleNamespace(is_junction=lambda: True, is_dir=lambda **_: True)

    assert not is_folder(entry)


@pytest.mark.usefixtures("way")
def test_a_folder_that_cannot_be_listed(tmp_path, monkeypatch):
    """It is told, and what is beside it removed."""
    for name in ("a", "b"):
        (tmp_path / "x" / name).mkdir(parents=True)
        (tmp_path / "x" / name / "file").touch()
    entries = files.entries

    def refuse(path, **inside):
        if Path(path).name == "b":
            raise PermissionError(13, "not yours", str(path))
        return entries(path, **inside)

    monkeypatch.setattr(files, "entries", refuse)

    with pytest.raises(PermissionError, match="not yours"):
        remove(tmp_path / "x")
    assert ["x", "x/b", "x/b/file"] == sorted(look(tmp_path))


def test_windows_has_no_sync_of_folders(tmp_path, monkeypatch):
    """There is nothing to be done, and nothing is opened."""
    monkeypatch.setattr(files.os, "name", "nt")

    files.sync_folder("nowhere")
    monkeypatch.undo()
