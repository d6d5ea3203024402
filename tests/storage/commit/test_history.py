"""Earlier versions of documents: kept, bounded, and put back."""

from __future__ import annotations

import os

import pytest

from napari_ngff.core.problems import CannotSave, ChangedMeanwhile
from napari_ngff.storage.commit import own_folder
from napari_ngff.storage.commit.documents import replace_documents
from napari_ngff.storage.commit.history import KEPT, history
from napari_ngff.storage.commit.journal import Record
from napari_ngff.storage.commit.undoing import restore, undo_last

ROOT = "zarr.json"
LEVEL = "0/zarr.json"
OLD = {ROOT: b'{"zarr_format":3,"node_type":"group"}', LEVEL: b"old level"}


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "a.zarr"
    for key, data in OLD.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


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


def test_undone_and_restored(store):
    """Undo goes back step by step; a restore goes back at once, and can be undone."""
    for number in range(3):
        edit(store, root=b"%d" % number)
    edit(store, level=b"level")
    undo_last(store)
    undo_last(store)
    assert {ROOT: b"1", LEVEL: OLD[LEVEL]} == content(store)
    first = history(store)[-1]
    restore(store, first)
    assert content(store) == OLD
    undo_last(store)
    assert {ROOT: b"1", LEVEL: OLD[LEVEL]} == content(store)
    (store / ROOT).write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhile):
        undo_last(store)


def test_undo_passes_over_what_never_was(store):
    """A save that was killed before it began is not one to undo."""
    from napari_ngff.storage.commit.history import remember

    edit(store, root=b"new")
    record = Record(name="a.zarr", when=0.0, note="", files={ROOT: (b"new", b"never")})
    remember(store, record)
    undo_last(store)
    assert content(store) == OLD
    with pytest.raises(CannotSave, match="no earlier version"):
        undo_last(store)


def test_history_is_bounded_and_private(store):
    """The oldest saves go; nobody else may read the others."""
    for number in range(KEPT + 3):
        edit(store, root=b"%d" % number)
    found = history(store)
    assert KEPT == len(found)
    assert (b"33", b"34") == found[0].files[ROOT]
    assert found[0].when.tzinfo is not None
    folder = own_folder.own_folder() / "history"
    if os.name != "nt":
        assert 0 == folder.stat().st_mode & 0o077
    assert own_folder.name_of(store) == own_folder.name_of(store / ".." / "a.zarr")


def test_saves_without_history(store, monkeypatch, tmp_path):
    """Where none can be kept that is told; nothing is removed then."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv(own_folder.VARIABLE, str(tmp_path / "file" / "x"))
    (problem,) = edit(store, root=b"new")
    assert "no-history" == problem.kind
    with pytest.raises(CannotSave, match="cannot be kept"):
        replace_documents(store, {LEVEL: (OLD[LEVEL], None)}, note="")
    assert {**OLD, ROOT: b"new"} == content(store)
