"""Documents that change in place: all of them or none, and never another program's."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from pathlib import Path

import pytest

from napari_ngff.core.problems import CannotSave, ChangedMeanwhile, UnsafePath
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.documents import replace_documents, why_read_only
from napari_ngff.storage.commit.history import history
from napari_ngff.storage.commit.locks import locked
from napari_ngff.storage.commit.owners import this_process, write_owner
from napari_ngff.storage.commit.places import Places

ROOT = "zarr.json"
LEVEL = "0/zarr.json"
OLD = {ROOT: b'{"zarr_format":3,"node_type":"group"}', LEVEL: b"old level"}
posix = pytest.mark.skipif(os.name == "nt", reason="permissions as POSIX has them")


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "a.zarr"
    for key, data in OLD.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture
def as_user(monkeypatch):
    """Permissions count, also for who may do everything."""

    def access(path, mode):
        return not mode & os.W_OK or bool(os.stat(path).st_mode & 0o200)

    monkeypatch.setattr(os, "access", access)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def edit(store, **new):
    """Give the root's document, and that of the level, other bytes."""
    keys = {"root": ROOT, "level": LEVEL}
    changes = {
        keys[name]: ((store / keys[name]).read_bytes(), data)
        for name, data in new.items()
    }
    return replace_documents(str(store), changes, note=" ".join(new))


def test_documents_come_change_and_go(store):
    """One edit makes, changes and removes documents; nothing else is left."""
    changes = {
        ROOT: (OLD[ROOT], b"new"),
        LEVEL: (OLD[LEVEL], None),
        "0/.zarray": (None, b"made"),
    }
    assert () == replace_documents(store, changes, note="all at once")
    assert {ROOT: b"new", "0/.zarray": b"made"} == content(store)
    assert ["a.zarr"] == os.listdir(store.parent)
    (entry,) = history(store)
    assert ("all at once", changes) == (entry.note, dict(entry.files))
    assert () == replace_documents(store, {ROOT: (b"new", b"new")}, note="nothing")
    assert 1 == len(history(store))


def test_refuses_what_was_changed(store):
    """What another program wrote, made or removed is told, and stays."""
    (store / LEVEL).write_bytes(b"theirs")
    for changes, found in (
        ({ROOT: (OLD[ROOT], b"new"), LEVEL: (OLD[LEVEL], b"new")}, b"theirs"),
        ({LEVEL: (None, b"new")}, b"theirs"),
        ({LEVEL: (OLD[LEVEL], None)}, b"theirs"),
        ({"0/.zattrs": (b"{}", b"new")}, None),
    ):
        with pytest.raises(ChangedMeanwhile) as caught:
            replace_documents(store, changes, note="")
        assert found == caught.value.found
        assert "another program" in str(caught.value)
    assert {**OLD, LEVEL: b"theirs"} == content(store)
    assert () == history(store)


@pytest.mark.parametrize("exchange", ["exchange", "none"])
@pytest.mark.parametrize("kind", ["changed", "made", "removed"])
def test_refuses_what_is_changed_just_now(store, monkeypatch, exchange, kind):
    """Even one that writes between the comparison and the rename loses nothing."""
    theirs = store / ("0/.zattrs" if kind == "made" else LEVEL)
    target = {
        "changed": {LEVEL: (OLD[LEVEL], b"ours")},
        "made": {"0/.zattrs": (None, b"ours")},
        "removed": {LEVEL: (OLD[LEVEL], None)},
    }[kind]

    def meanwhile(call):
        if call.name == "exchange" and exchange == "none":
            raise OSError(errno.EINVAL, "no exchange", call.path)
        last = {"changed": theirs, "made": theirs, "removed": theirs}[kind]
        aside = last.with_name(f".{last.name}.ngff-new")
        if call.name == "sync" and aside == Path(call.path):
            theirs.write_bytes(b"theirs")
        if kind == "removed" and call.name == "rename" and aside == Path(call.path):
            theirs.write_bytes(b"theirs")

    monkeypatch.setattr(files, "before", meanwhile)
    with pytest.raises(ChangedMeanwhile) as caught:
        replace_documents(store, {ROOT: (OLD[ROOT], b"ours"), **target}, note="")
    monkeypatch.undo()

    assert b"theirs" == caught.value.found
    wanted = {**OLD, theirs.relative_to(store).as_posix(): b"theirs"}
    assert wanted == content(store)
    assert ["a.zarr"] == os.listdir(store.parent)


@posix
def test_permissions_stay(store):
    """A new document has those of the one that it replaces, or of one beside it."""
    (store / ROOT).chmod(0o640)
    made = {ROOT: (OLD[ROOT], b"new"), ".zattrs": (None, b"made")}
    replace_documents(store, made, note="")
    assert 0o640 == (store / ROOT).stat().st_mode & 0o777
    assert 0o640 == (store / ".zattrs").stat().st_mode & 0o777


def test_refuses_paths_elsewhere(store, tmp_path):
    """Neither a key nor a link leads out of the store; pixels are no documents."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ROOT).write_bytes(b"x")
    with pytest.raises(UnsafePath):
        replace_documents(store, {"../outside/zarr.json": (b"x", b"y")}, note="")
    with pytest.raises(CannotSave, match="no metadata document"):
        replace_documents(store, {"0/c/0": (None, b"y")}, note="")
    if os.name != "nt":
        (store / "link").symlink_to(outside)
        (store / "0" / ".zattrs").symlink_to(outside / ROOT)
        with pytest.raises(CannotSave, match="a link leads"):
            replace_documents(store, {"link/zarr.json": (b"x", b"y")}, note="")
        with pytest.raises(CannotSave):
            replace_documents(store, {"0/.zattrs": (b"x", b"y")}, note="")
    assert b"x" == (outside / ROOT).read_bytes()


def test_why_read_only(store, tmp_path):
    """What cannot be saved says why, and what to do."""
    assert "" == why_read_only(store)
    assert "web" in why_read_only("https://example.org/a.zarr")
    (tmp_path / "a.ozx").write_bytes(b"")
    assert "archive" in why_read_only(tmp_path / "a.ozx")
    assert "not there" in why_read_only(tmp_path / "none")
    with pytest.raises(CannotSave, match="web"):
        replace_documents("https://example.org/a.zarr", {ROOT: (b"", b"x")}, note="")


@posix
def test_why_read_only_by_permissions(store, as_user):
    """Permissions are respected, also those of one document."""
    (store / ROOT).chmod(0o444)
    assert "zarr.json may not" in why_read_only(store)
    (store / ROOT).chmod(0o644)
    (store / LEVEL).chmod(0o444)
    with pytest.raises(CannotSave, match=r"0/zarr\.json may not"):
        edit(store, level=b"new")
    store.chmod(0o555)
    assert "permissions" in why_read_only(store)
    store.chmod(0o755)


@posix
def test_saves_where_nothing_can_be_put_beside(store, as_user, monkeypatch):
    """A store may be edited in a folder that may not be; its journal is inside then."""
    renamed = []

    def note(call):
        if call.name == "rename":
            renamed.append(Path(call.path))

    monkeypatch.setattr(files, "before", note)
    store.parent.chmod(0o555)
    edit(store, root=b"new")
    store.parent.chmod(0o755)
    assert store / ".ngff-journal" in renamed
    assert {**OLD, ROOT: b"new"} == content(store)


@posix
def test_refuses_while_replaced_or_edited(store, monkeypatch):
    """A save of all of it, or another edit, that goes on is waited for or told."""
    places = Places(parent=store.parent, name=store.name, tag="0123abcd")
    places.folder.mkdir()
    write_owner(places.owner, this_process(store.name))
    with pytest.raises(CannotSave, match="is being replaced"):
        edit(store, level=b"new")
    places.owner.unlink()
    with (
        locked(store),
        pytest.raises(CannotSave, match="another program is changing"),
        locked(store, patience=0.0),
    ):
        raise AssertionError
    assert content(store) == OLD


def test_locks_a_file_where_folders_cannot_be(store, monkeypatch):
    """A network file system that locks no folders is edited all the same."""
    real = files.open_folder

    def refused(path, **options):
        if Path(path) == store:
            raise OSError(errno.EBADF, "no locks", str(path))
        return real(path, **options)

    monkeypatch.setattr(files, "open_folder", refused)
    edit(store, root=b"new")
    assert {**OLD, ROOT: b"new"} == content(store)
    with locked(store), pytest.raises(CannotSave), locked(store, patience=0.0):
        raise AssertionError


def _count(store, rounds, started):
    os.fsync = lambda descriptor: None
    key, path = ROOT, Path(store, ROOT)
    started.wait()
    for _ in range(rounds):
        while True:
            old = path.read_bytes()
            new = json.dumps({"count": json.loads(old)["count"] + 1}).encode()
            try:
                replace_documents(store, {key: (old, new)}, note="count")
            except ChangedMeanwhile:
                continue
            break


def test_two_processes_lose_nothing(store):
    """A thousand edits by two processes, each on what is there, are a thousand."""
    (store / ROOT).write_bytes(b'{"count": 0}')
    context = multiprocessing.get_context("spawn")
    started = context.Barrier(2)
    both = [
        context.Process(target=_count, args=(str(store), 500, started)) for _ in "ab"
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [0, 0] == [process.exitcode for process in both]
    assert {"count": 1000} == json.loads((store / ROOT).read_bytes())
    assert ["a.zarr"] == os.listdir(store.parent)
