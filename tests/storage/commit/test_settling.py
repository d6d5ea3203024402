"""What killed saves left is removed or put back; what others have is not touched."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from faults.dead import dead_owner
from faults.harness import leftovers, look
from faults.small import NAME, OLD, dead_save, killed, killed_between, with_old
from napari_ngff.core.problems import CannotOpen
from napari_ngff.storage.commit import files, settling
from napari_ngff.storage.commit.owners import this_process, write_owner
from napari_ngff.storage.commit.places import Places
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.settling import interrupted, recover, sweep
from napari_ngff.storage.location import open_location


def kinds(problems):
    return [problem.kind for problem in problems]


def test_a_killed_save_is_removed(tmp_path):
    """Only the user's own things remain, and the image."""
    with_old(tmp_path)
    before = look(tmp_path)
    dead_save(tmp_path, moved=False)

    assert () == sweep(tmp_path)
    assert before == look(tmp_path)
    assert [] == leftovers(tmp_path)


def test_an_image_that_was_moved_away_is_put_back(tmp_path):
    """That is all that is left of it."""
    with_old(tmp_path)
    before = look(tmp_path)
    dead_save(tmp_path, moved=True)

    assert () == sweep(tmp_path)
    assert before == look(tmp_path)
    assert [] == leftovers(tmp_path)


def test_what_was_replaced_is_removed(tmp_path):
    """A save that was killed after its last rename had only to remove the old image."""
    killed_between(tmp_path)
    places = Places(parent=tmp_path, name=NAME, tag="0123abcd")
    places.root.rename(places.target)

    assert () == sweep(tmp_path)
    assert b"m" * 32 == (places.target / "0/c/0/1").read_bytes()
    assert b"" == (places.target / "zarr.json").read_bytes()
    assert [] == leftovers(tmp_path)


def test_an_old_image_is_kept_where_something_else_came(tmp_path):
    """Nobody knows which of the two is wanted; so it is told, again and again."""
    killed_between(tmp_path)
    put(tmp_path, f"{NAME}/zarr.json", b"somebody else's")
    (old,) = [name for name in leftovers(tmp_path) if name.endswith("old")]

    assert ["image-moved-away"] == kinds(sweep(tmp_path))
    assert ["image-moved-away"] == kinds(sweep(tmp_path))
    assert set(OLD) <= set(look(tmp_path / old))
    assert b"somebody else's" == (tmp_path / NAME / "zarr.json").read_bytes()


@pytest.mark.parametrize(
    ("change", "told"), [({}, []), ({"host": "elsewhere"}, ["leftover"])]
)
@pytest.mark.parametrize("moved", [True, False])
def test_a_save_that_may_live_is_let_be(change, told, moved, tmp_path):
    """Its process is this one, or on another machine that sees the same disk."""
    with_old(tmp_path)
    places = dead_save(tmp_path, moved=moved)
    places.owner.unlink()
    write_owner(places.owner, replace(this_process(NAME), **change))
    before = sorted(os.walk(tmp_path))

    assert told == kinds(sweep(tmp_path))
    assert not recover(tmp_path / NAME)
    assert before == sorted(os.walk(tmp_path))


@pytest.mark.parametrize("content", [(), ("owner.part",)])
def test_a_folder_that_nobody_signed(content, tmp_path):
    """Its save was killed at once; or is about to sign, and will notice."""
    folder = tmp_path / ".a.zarr.0123abcd.ngff-part"
    folder.mkdir()
    for name in content:
        (folder / name).touch()

    assert () == sweep(tmp_path)
    assert not folder.exists()


def test_a_folder_that_is_signed_meanwhile(tmp_path, monkeypatch):
    """It was looked at a moment too early."""
    with_old(tmp_path)
    dead_save(tmp_path, moved=False)
    owners = iter([None, this_process(NAME)])
    monkeypatch.setattr(settling, "read_owner", lambda path: next(owners))

    assert () == sweep(tmp_path)
    assert 1 == len(leftovers(tmp_path))


def test_a_folder_that_is_being_signed(tmp_path, monkeypatch):
    """It was empty when it was looked at, and is not when it should go."""
    folder = tmp_path / ".a.zarr.0123abcd.ngff-part"
    folder.mkdir()
    remove_folder = files.remove_folder

    def signed(path, **inside):
        (folder / "owner.part").touch()
        remove_folder(path, **inside)

    monkeypatch.setattr(files, "remove_folder", signed)

    assert () == sweep(tmp_path)
    assert folder.exists()


def test_a_folder_that_goes_meanwhile(tmp_path, monkeypatch):
    """Its save has ended while it was looked at."""
    killed(tmp_path)

    def gone(path):
        raise FileNotFoundError(2, "gone", str(path))

    monkeypatch.setattr(settling, "read_owner", gone)

    assert () == sweep(tmp_path)


@pytest.mark.parametrize("owner", ["other.zarr", "a.zarr/../b", "", None])
def test_a_folder_that_is_not_understood(owner, tmp_path):
    """It may be anything, and is not removed."""
    folder = tmp_path / ".a.zarr.0123abcd.ngff-part"
    (folder / "new").mkdir(parents=True)
    if owner is not None:
        write_owner(folder / "owner.json", dead_owner(owner))

    assert ["leftover"] == kinds(sweep(tmp_path))
    assert (folder / "new").exists()


def test_a_link_of_our_name_is_not_followed(tmp_path):
    """Nor removed."""
    killed(tmp_path)
    (folder,) = leftovers(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / folder).rename(elsewhere)
    (tmp_path / folder).symlink_to("elsewhere")

    assert () == sweep(tmp_path)
    assert (elsewhere / "owner.json").exists()


@pytest.mark.parametrize("part", ["new", "trash", "full", "file", "old"])
def test_links_in_a_folder_of_ours_are_not_followed(part, tmp_path):
    """A folder that came from elsewhere may look like ours, and hold anything."""
    with_old(tmp_path)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").write_bytes(b"mine")
    before = look(tmp_path)
    places = Places(parent=tmp_path, name=NAME, tag="0123abcd")
    places.folder.mkdir()
    write_owner(places.owner, dead_owner(NAME))
    link = places.old if part == "old" else places.folder / part
    link.symlink_to(tmp_path / "theirs")

    assert () == sweep(tmp_path)
    assert before == look(tmp_path)
    assert [] == leftovers(tmp_path)


def test_an_old_image_without_its_save(tmp_path):
    """Somebody tidied up by hand; the image is put back all the same."""
    put(tmp_path, f".{NAME}.0123abcd.ngff-old/zarr.json", b"old")

    assert () == sweep(tmp_path)
    assert b"old" == (tmp_path / NAME / "zarr.json").read_bytes()


def test_a_trial_without_its_save(tmp_path):
    """An empty folder is no loss; what is in one that is not might be."""
    (tmp_path / f".{NAME}.0123abcd.ngff-try").mkdir()
    (tmp_path / f".{NAME}.0123abce.ngff-try/mine").mkdir(parents=True)

    assert ["leftover"] == kinds(sweep(tmp_path))
    assert [f".{NAME}.0123abce.ngff-try"] == leftovers(tmp_path)


@pytest.mark.parametrize("name", [NAME, "a" * 225 + "~0123abcd"])
def test_an_old_image_whose_place_is_taken_or_unknown(name, tmp_path):
    """It is told, and kept."""
    put(tmp_path, f".{name}.0123abcd.ngff-old/zarr.json", b"old")
    (tmp_path / NAME).mkdir()

    assert ["image-moved-away"] == kinds(sweep(tmp_path))
    assert 1 == len(leftovers(tmp_path))


def test_what_cannot_be_removed_is_told(tmp_path, monkeypatch):
    """And tried again by the next save."""
    killed(tmp_path)

    def refuse(folder):
        raise PermissionError(13, "not yours", str(folder))

    monkeypatch.setattr(settling, "remove", refuse)
    assert ["leftover"] == kinds(sweep(tmp_path))
    monkeypatch.undo()

    assert () == sweep(tmp_path)
    assert [] == leftovers(tmp_path)


def test_a_folder_in_use_is_emptied_where_it_is(tmp_path, monkeypatch):
    """Windows does not rename a folder while a file in it is open."""
    killed(tmp_path)
    rename = settling.files.rename_new

    def refuse(source, path):
        if path.name == "trash":
            raise PermissionError(13, "in use", str(source))
        rename(source, path)

    monkeypatch.setattr(settling.files, "rename_new", refuse)

    assert () == sweep(tmp_path)
    assert [] == leftovers(tmp_path)


def test_a_removal_that_was_killed(tmp_path):
    """Some of it is in the trash already."""
    killed(tmp_path)
    (folder,) = leftovers(tmp_path)
    put(tmp_path, f"{folder}/trash/0/c/1", b"")

    assert () == sweep(tmp_path)
    assert [] == leftovers(tmp_path)


def test_another_process_sweeps_too(tmp_path, monkeypatch):
    """It may be the one that removes the last folder."""
    killed(tmp_path)
    remove_folder = settling.files.remove_folder

    def twice(path, **inside):
        remove_folder(path, **inside)
        remove_folder(path, **inside)

    monkeypatch.setattr(settling.files, "remove_folder", twice)

    assert () == sweep(tmp_path)
    assert [] == leftovers(tmp_path)


def test_recovering(tmp_path):
    """The image is there again, whoever asks first."""
    killed_between(tmp_path)

    assert interrupted(tmp_path / NAME) is not None
    assert recover(tmp_path / NAME)
    assert not recover(tmp_path / NAME)
    assert interrupted(tmp_path / NAME) is None
    assert b"old" == (tmp_path / NAME / "zarr.json").read_bytes()


def test_nothing_to_recover(tmp_path):
    """Most paths that lead nowhere were never an image."""
    killed_between(tmp_path)

    assert not recover(tmp_path / "cells.zarr")
    assert not recover(tmp_path / "nowhere/cells.zarr")
    assert interrupted(tmp_path / "cells.zarr") is None


def test_recovering_may_be_forbidden(tmp_path, monkeypatch):
    """Then it is where it is."""
    killed_between(tmp_path)

    def refuse(source, path):
        raise PermissionError(13, "not yours", str(path))

    monkeypatch.setattr(settling.files, "rename_new", refuse)

    assert not recover(tmp_path / NAME)
    with pytest.raises(CannotOpen, match=r"being replaced.*ngff-old"):
        open_location(tmp_path / NAME)


@pytest.mark.parametrize("inside", ["", "labels/cells"])
def test_opening_recovers(inside, tmp_path):
    """Somebody who opens an image need not know that it was moved away."""
    group = b'{"zarr_format": 3, "node_type": "group", "attributes": {}}'
    for key in ("zarr.json", "labels/zarr.json", "labels/cells/zarr.json"):
        put(tmp_path, f".{NAME}.0123abcd.ngff-old/{key}", group)

    assert inside == open_location(tmp_path / NAME / inside).node
    assert [] == leftovers(tmp_path)
