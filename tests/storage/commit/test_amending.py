"""Some files of a folder changed: the others are the same files."""

from __future__ import annotations

import errno
import os

import pytest

from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.amending import Amending

LIMIT = 2**20


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "a.zarr" / "labels" / "cells"
    (folder / "0").mkdir(parents=True)
    (folder / "zarr.json").write_bytes(b"group")
    (folder / "0" / "a").write_bytes(b"old a")
    (folder / "0" / "b").write_bytes(b"old b")
    return tmp_path / "a.zarr"


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


CELLS = "labels/cells"


def amend(store, meanwhile):
    """Change a file; do something else just before that is put in place."""
    with Amending(str(store), CELLS) as amending:
        amending.put(f"{CELLS}/0/a", b"new a")
        amending.commit(progress=lambda done, total: meanwhile())


def test_files_change_come_and_go(store):
    """While it lasts, the store as it will be can be read; then it is so."""
    inode = (store / CELLS / "zarr.json").stat().st_ino
    with Amending(str(store), CELLS) as amending:
        amending.put(f"{CELLS}/0/a", b"new a")
        amending.put(f"{CELLS}/0/b", None)
        amending.put(f"{CELLS}/1/c", [b"new", b" c"])
        keys = amending.keys
        names = ("0/a", "0/b", "1/c", "zarr.json", "none")
        seen = [keys.get(f"{CELLS}/{name}", limit=LIMIT) for name in names]
        assert b"old a" == (store / CELLS / "0" / "a").read_bytes()
        assert keys.stamp(f"{CELLS}/0/a") != keys.stamp(f"{CELLS}/zarr.json")
        assert (b"new a", 5) == keys.sized(f"{CELLS}/0/a", limit=LIMIT)
        assert b"new a" == keys.stamped(f"{CELLS}/0/a", limit=LIMIT)[0]
        assert keys.stamped(f"{CELLS}/0/b", limit=LIMIT) is None
        assert ("0",) == keys.folders(f"{CELLS}/")
        amending.commit()

    assert [b"new a", None, b"new c", b"group", None] == seen
    expected = {"zarr.json": b"group", "0/a": b"new a", "1/c": b"new c"}
    assert expected == content(store / CELLS)
    assert inode == (store / CELLS / "zarr.json").stat().st_ino
    assert ["cells"] == os.listdir(store / "labels")


def test_a_new_folder(store):
    """Where there was nothing, nothing is cloned."""
    with Amending(str(store), "more") as amending:
        amending.put("more/x", b"x")
        amending.commit()

    assert {"x": b"x"} == content(store / "more")


def test_without_commit_nothing_changes(store):
    """Nothing is left, either."""
    before = content(store)
    with Amending(str(store), CELLS) as amending:
        amending.put(f"{CELLS}/0/a", b"new a")

    assert before == content(store)
    assert ["cells"] == os.listdir(store / "labels")


def test_only_below_the_folder(store):
    """A key elsewhere is a mistake of ours."""
    with (
        Amending(str(store), CELLS) as amending,
        pytest.raises(ValueError, match="not below"),
    ):
        amending.put("zarr.json", b"")


@pytest.mark.parametrize("how", ["new", "written", "gone"])
def test_what_others_do_meanwhile_is_not_lost(store, how):
    """A file that comes, changes or goes: the save is refused."""

    def meddle():
        path = store / CELLS / "0" / ("c" if how == "new" else "b")
        path.unlink(missing_ok=True) if how == "gone" else path.write_bytes(b"theirs")

    with pytest.raises(CannotSave, match="another program"):
        amend(store, meddle)

    assert b"old a" == (store / CELLS / "0" / "a").read_bytes()
    found = content(store / CELLS / "0")
    wanted = {"new": {"c": b"theirs"}, "written": {"b": b"theirs"}, "gone": {}}[how]
    assert wanted.items() <= found.items()


def test_links_are_not_taken_along(store):
    """One that leads elsewhere could not be put back as it was."""
    (store / CELLS / "link").symlink_to("/nowhere")

    with pytest.raises(CannotSave, match="link"), Amending(str(store), CELLS):
        pass


def test_a_folder_that_cannot_be_listed_is_told(store, monkeypatch):
    """In words, as everything that a file system refuses."""

    def refuse(call):
        if call.name == "list":
            raise OSError(errno.EACCES, "no", call.path)

    monkeypatch.setattr(files, "before", refuse)

    with pytest.raises(CannotSave, match="not allowed"):
        Amending(str(store), CELLS)
