"""Edits that were interrupted are completed by whoever comes next."""

from __future__ import annotations

import json
import os
from itertools import product

import pytest

from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit.amending import Amending
from napari_ngff.storage.commit.documents import replace_documents
from napari_ngff.storage.commit.interrupted import recover_documents
from napari_ngff.storage.commit.journal import (
    Record,
    from_bytes,
    to_bytes,
    write_record,
)
from napari_ngff.storage.commit.places import journals, of_edit
from napari_ngff.storage.commit.replacing import look_over
from napari_ngff.storage.commit.seen import every
from napari_ngff.storage.commit.settling import sweep
from napari_ngff.storage.location import open_location

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


def interrupted(store, *done, inside=False):
    """Leave what an edit of both documents leaves that was killed half-way."""
    new = {ROOT: OLD[ROOT] + b" ", LEVEL: b"new level"}
    record = Record(
        name=store.name,
        when=0.0,
        note="",
        files={key: (OLD[key], new[key]) for key in OLD},
    )
    write_record(journals(store)[inside], record)
    (store / "0" / ".zarr.json.ngff-new").write_bytes(b"torn")
    for key in done:
        (store / key).write_bytes(new[key])
    return new


@pytest.mark.parametrize(
    ("by", "inside"),
    [
        *product(["open", "open level", "edit", "amend", "recover"], [False, True]),
        ("sweep", False),  # where a journal is inside, nothing can be saved beside
    ],
)
def test_completed_by_whoever_is_next(store, by, inside):
    """Opening, editing and saving complete what was interrupted."""
    new = interrupted(store, LEVEL, inside=inside)
    found = look_over(store, every)
    assert not any(of_edit(name.rpartition("/")[2]) for name in found.foreign)
    match by:
        case "open":
            open_location(store)
        case "open level":
            (store / LEVEL).write_bytes(OLD[LEVEL])
            open_location(store / "0")
        case "edit":
            replace_documents(store, {ROOT: (new[ROOT], b"newer")}, note="")
            new[ROOT] = b"newer"
        case "amend":
            with Amending(str(store), "0") as amending:
                amending.put("0/c", b"pixels")
                amending.commit()
            new["0/c"] = b"pixels"
        case "sweep":
            assert () == sweep(store.parent)
        case "recover":
            assert () == recover_documents(store)
    assert new == content(store)
    assert ["a.zarr"] == os.listdir(store.parent)


def test_not_completed_over_others(store):
    """What another program wrote since is not overwritten; the journal goes."""
    interrupted(store)
    (store / LEVEL).write_bytes(b"theirs")
    (problem,) = recover_documents(store)
    assert "0/zarr.json" in problem.message
    assert {**OLD, LEVEL: b"theirs"} == content(store)
    assert () == recover_documents(store)


def test_journals_that_are_none(store):
    """One that cannot be read is told, and is in nobody's way but an edit's."""
    journal, _ = journals(store)
    journal.write_bytes(b"{}")
    (problem,) = sweep(store.parent)
    assert "remove it by hand" in problem.message
    assert 1 == len(recover_documents(store))
    with pytest.raises(CannotSave, match="in the way"):
        edit(store, root=b"new")
    journal.unlink()
    with journal.open("wb") as file:
        file.truncate(2**30 + 1)
    assert "arge" in recover_documents(store)[0].message
    journal.unlink()
    if os.name != "nt":
        os.mkfifo(journal)
        open_location(store)
        journal.unlink()
    other = store.with_name("gone.zarr")
    files_of = {ROOT: (None, b"x")}
    record = Record(name=other.name, when=0.0, note="", files=files_of)
    write_record(journals(other)[0], record)
    assert () == sweep(store.parent)
    assert ["a.zarr"] == os.listdir(store.parent)


def test_records_keep_all_bytes():
    """A record says text readably and any other bytes exactly; no bad path passes."""
    pairs = {
        "a/zarr.json": (b"\xff\x00", "\ufeff{}\r\n".encode()),
        ".zattrs": (None, b""),
    }
    record = Record(name="x", when=1.5, note="why", files=pairs, undoes="y")
    assert record == from_bytes(to_bytes(record))
    bad = json.loads(to_bytes(record))
    bad["files"] = {"../x": [None, None]}
    for data in (json.dumps(bad).encode(), b"[]", b"{}", b"nonsense", b"[" * 10**5):
        with pytest.raises(ValueError, match=r"record|Expecting"):
            from_bytes(data)
