"""A tree takes its target's place as a whole; else, nothing has changed."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from faults.harness import leftovers, look
from faults.small import ANY, NAME, NEW, OLD, save, with_old
from napari_ngff.core.problems import CannotSave, NoSpace, TargetExists
from napari_ngff.storage.commit import files, tree
from napari_ngff.storage.commit.places import Places
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.replacing import Replace
from napari_ngff.storage.commit.tree import stage

KNOWN = Replace(allowed=lambda path: path in OLD)


@pytest.fixture
def injected(monkeypatch):
    """Set what is called before each I/O call."""

    def inject(before):
        monkeypatch.setattr(files, "before", before)

    return inject


@pytest.fixture(params=["exchange", "journal"])
def way(request, injected):
    """Both ways to replace a folder."""

    def before(call):
        if call.name == "exchange":
            raise OSError(errno.EINVAL, "no exchange", call.path)

    if request.param == "journal":
        injected(before)


def saved(folder):
    return {key: data for key, data in look(folder).items() if data is not None}


def attempt(target, doing, **options):
    """Begin a save, put a file, do something and end it."""
    with stage(target, **options) as staging:
        put(staging.root, "zarr.json", b"new")
        doing()
        staging.commit()


def nothing():
    """Do nothing."""


def test_a_first_save(tmp_path):
    """All is there, and nothing else."""
    save(tmp_path)

    assert saved(tmp_path / NAME) == NEW
    assert [NAME] == os.listdir(tmp_path)


@pytest.mark.usefixtures("way")
def test_replacing(tmp_path):
    """Nothing of the old is left, and what is beside it is untouched."""
    with_old(tmp_path)
    save(tmp_path, replace=KNOWN)

    assert saved(tmp_path / NAME) == NEW
    assert b"mine" == (tmp_path / "notes.txt").read_bytes()
    assert [] == leftovers(tmp_path)


@pytest.mark.usefixtures("way")
def test_an_empty_folder_is_replaced(tmp_path):
    """A file dialog may have made it."""
    (tmp_path / NAME).mkdir()
    save(tmp_path)

    assert saved(tmp_path / NAME) == NEW


@pytest.mark.usefixtures("way")
def test_the_folder_keeps_its_permissions(tmp_path):
    """A folder that a group shares stays shared."""
    with_old(tmp_path)
    (tmp_path / NAME).chmod(0o2775)
    save(tmp_path, replace=KNOWN)

    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o2775


def test_a_relative_path(tmp_path, monkeypatch):
    """It is meant from where the save began."""
    monkeypatch.chdir(tmp_path)
    with stage(Path(NAME)) as staging:
        put(staging.root, "zarr.json", b"")
        monkeypatch.chdir("/")
        staging.commit()

    assert (tmp_path / NAME / "zarr.json").exists()


@pytest.mark.parametrize("name", ["x" * 255, "\u00e9" * 127, "owner.json", "new", " ."])
def test_odd_names(name, tmp_path):
    """Names may be as long as the file system lets them, and like our own."""
    save(tmp_path, name=name)
    save(tmp_path, name=name, replace=ANY)

    assert [name] == os.listdir(tmp_path)


def refused(folder, match, error=CannotSave, **options):
    """Try to save, and return what was raised; nothing may have changed."""
    before = look(folder)
    with pytest.raises(error, match=match) as raised:
        save(folder, **options)
    assert before == look(folder)
    assert [] == leftovers(folder)
    return raised.value


def test_names_that_are_too_long(tmp_path):
    """They are found out before the first pixel."""
    refused(tmp_path, "name is too long", name="x" * 256)


def test_no_name(tmp_path):
    """Nor can a folder be saved over itself."""
    refused(tmp_path, "no name", name="..")


def test_links_are_refused(tmp_path):
    """Also those that lead nowhere."""
    with_old(tmp_path)
    for name, to in (("there", NAME), ("nowhere", "nothing")):
        (tmp_path / name).symlink_to(to)
        refused(tmp_path, "is a link", name=name, replace=ANY)


def test_a_folder_that_is_a_link_is_followed(tmp_path):
    """Many keep their data on another disk."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to("disk")
    save(tmp_path / "data")

    assert [NAME] == os.listdir(tmp_path / "disk")


@pytest.mark.parametrize("name", [f"nowhere/{NAME}", f"notes.txt/{NAME}"])
def test_a_folder_that_is_not_there(name, tmp_path):
    """It is not made: the path may be misspelt."""
    (tmp_path / "notes.txt").touch()

    refused(tmp_path, "is not there. Make it first", name=name)


@pytest.mark.parametrize("replace", [None, ANY])
def test_a_file_is_not_replaced_by_a_folder(replace, tmp_path):
    """Nor the other way round."""
    (tmp_path / NAME).touch()
    (tmp_path / "cells.ozx").mkdir()

    refused(tmp_path, "there is a file", TargetExists, replace=replace)
    options = {"name": "cells.ozx", "container": "ozx", "replace": replace}
    refused(tmp_path, "there is a folder", TargetExists, **options)


def test_nothing_is_replaced_without_leave(tmp_path):
    """An image no more than anything else."""
    with_old(tmp_path)
    (tmp_path / "cells.ozx").touch()

    refused(tmp_path, "something already", TargetExists)
    refused(tmp_path, "already", TargetExists, name="cells.ozx", container="ozx")


def test_foreign_files_are_named(tmp_path):
    """And stay where they are."""
    with_old(tmp_path)
    (tmp_path / NAME / "0/figure.png").touch()
    (tmp_path / NAME / "link").symlink_to("0")
    error = refused(tmp_path, "0/figure.png", TargetExists, replace=KNOWN)

    assert {"0/figure.png", "link"} == set(error.files)


def test_an_archive_that_is_none(tmp_path):
    """A file of this name may hold anything."""
    (tmp_path / "a.ozx").write_bytes(b"my diary")

    refused(tmp_path, "not an archive", name="a.ozx", container="ozx", replace=ANY)


def test_members_that_are_foreign(tmp_path):
    """What is in an archive is looked at by name, too."""
    save(tmp_path, name="a.ozx", container="ozx")
    some = Replace(allowed=lambda path: path != "0/c/0/1")

    refused(tmp_path, "0/c/0/1", name="a.ozx", container="ozx", replace=some)


def test_a_disk_that_has_no_room(tmp_path):
    """It is told how much would be needed."""
    error = refused(tmp_path, "room", NoSpace, nbytes=10**18)

    assert 14 * 10**17 == error.needed
    assert error.free < error.needed


@pytest.mark.parametrize(
    ("name", "number", "match"),
    [
        ("mkdir", errno.EACCES, "not allowed"),
        ("mkdir", errno.EROFS, "only be read"),
        ("create", errno.EDQUOT, "disk is full"),
        ("exchange", errno.EACCES, "not allowed"),
        ("list", errno.EIO, "could not read or write"),
    ],
)
def test_places_that_cannot_be_written_to(name, number, match, tmp_path, injected):
    """They are found out before the first pixel."""
    with_old(tmp_path)

    def before(call):
        if call.name == name:
            raise OSError(number, os.strerror(number), call.path)

    injected(before)
    with pytest.raises(CannotSave, match=match), stage(tmp_path / NAME, replace=ANY):
        pytest.fail("it has begun")


@pytest.mark.parametrize(
    ("number", "match"),
    [(errno.EXDEV, "layer of a cont"), (errno.EBUSY, "mounted")],
)
def test_a_target_that_cannot_be_moved(number, match, tmp_path, injected):
    """As one in a lower layer of a container's file system, or a mount."""
    with_old(tmp_path)

    def before(call):
        if call.name == "rename" and Path(call.path, "x").exists():
            raise OSError(number, os.strerror(number), call.path)

    injected(before)
    with pytest.raises(CannotSave, match=match), stage(tmp_path / NAME, replace=ANY):
        pytest.fail("it has begun")
    assert [] == leftovers(tmp_path)
    assert saved(tmp_path / NAME) == OLD


def test_a_system_that_replaces_what_it_must_not(tmp_path, monkeypatch):
    """The image is put back at once, and nothing is saved there."""
    with_old(tmp_path)

    def rename(source, path):
        (path / "x").rmdir()
        os.rename(source, path)

    monkeypatch.setattr(files, "rename", rename)

    refused(tmp_path, "could not read or write", replace=ANY)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_leaving_early_leaves_nothing(error, tmp_path):
    """Whatever the reason, which goes on as it is."""
    with_old(tmp_path)
    before = look(tmp_path)

    def fail():
        raise error

    with pytest.raises(error):
        attempt(tmp_path / NAME, fail, replace=ANY)

    assert before == look(tmp_path)
    assert [] == leftovers(tmp_path)


def test_a_task_that_goes_on_leaves_nothing(tmp_path):
    """Of one that has not heard of the end, the next file is refused."""
    with stage(tmp_path / NAME) as staging:
        put(staging.root, "0/c/0", b"half")

    with pytest.raises(FileNotFoundError):
        put(staging.root, "0/c/1", b"late")
    assert [] == os.listdir(tmp_path)


@pytest.mark.usefixtures("way")
def test_files_that_come_meanwhile(tmp_path):
    """A note that somebody puts into the image while it is being replaced is kept."""
    with_old(tmp_path)

    def write_note():
        (tmp_path / NAME / "note.txt").write_bytes(b"mine")

    with pytest.raises(TargetExists, match=r"note\.txt"):
        attempt(tmp_path / NAME, write_note, replace=KNOWN)

    assert {**OLD, "note.txt": b"mine"} == saved(tmp_path / NAME)
    assert [] == leftovers(tmp_path)


@pytest.mark.usefixtures("way")
def test_files_that_come_at_the_last_moment(tmp_path, monkeypatch):
    """Even between the last look and the exchange: it is taken back."""
    with_old(tmp_path)
    put_in_place = tree.put_in_place

    def late(places, *args, **options):
        (tmp_path / NAME / "note.txt").write_bytes(b"mine")
        put_in_place(places, *args, **options)

    monkeypatch.setattr(tree, "put_in_place", late)
    with pytest.raises(TargetExists, match=r"note\.txt"):
        attempt(tmp_path / NAME, nothing, replace=KNOWN)

    assert {**OLD, "note.txt": b"mine"} == saved(tmp_path / NAME)
    assert [] == leftovers(tmp_path)


@pytest.mark.parametrize("container", ["directory", "ozx"])
def test_targets_that_come_meanwhile(container, tmp_path):
    """Somebody else saves there while we do: theirs stays."""
    theirs = []

    def save_another():
        save(tmp_path, container=container)
        theirs.append(look(tmp_path))

    with pytest.raises(TargetExists):
        attempt(tmp_path / NAME, save_another, container=container)

    assert theirs == [look(tmp_path)]
    assert [] == leftovers(tmp_path)


def test_targets_that_come_at_the_last_moment(tmp_path, monkeypatch):
    """The rename itself refuses."""
    exists = files.exists

    def blind(path):
        return exists(path) and path != tmp_path / NAME

    def save_another():
        save(tmp_path)
        monkeypatch.setattr(files, "exists", blind)

    with pytest.raises(CannotSave):
        attempt(tmp_path / NAME, save_another)

    assert saved(tmp_path / NAME) == NEW


@pytest.mark.usefixtures("way")
def test_targets_that_go_meanwhile(tmp_path):
    """Somebody removed the old image: that is no reason to lose the new one."""
    with_old(tmp_path)

    def move():
        (tmp_path / NAME).rename(tmp_path / "elsewhere")

    attempt(tmp_path / NAME, move, replace=ANY)

    assert {"zarr.json": b"new"} == saved(tmp_path / NAME)
    assert saved(tmp_path / "elsewhere") == OLD


def unsafe(step, folder):
    """Return what lets the folder not be made durable once a step is done."""
    done = []

    def before(call):
        if call.name == "exchange" and step != "exchange":
            raise OSError(errno.EINVAL, "no exchange", call.path)
        if done and call.name == "sync" and Path(call.path) == folder:
            raise OSError(errno.EIO, "bad sector", call.path)
        if call.path == str(folder / NAME) and call.name in {"exchange", "rename"}:
            done.append(call.name)

    return before


@pytest.mark.parametrize("step", ["exchange", "journal"])
@pytest.mark.parametrize("prepare", [with_old, Path])
def test_what_cannot_be_made_durable_is_undone(prepare, step, tmp_path, injected):
    """If power failed now, nobody could tell what would be there."""
    prepare(tmp_path)
    before = look(tmp_path)
    injected(unsafe(step, tmp_path))

    with pytest.raises(CannotSave, match="could not read or write"):
        save(tmp_path, replace=ANY)

    assert before == look(tmp_path)
    assert [] == leftovers(tmp_path)


@pytest.mark.parametrize(("step", "kept"), [("exchange", b"old"), ("journal", b"new")])
def test_archives_that_cannot_be_made_durable(step, kept, tmp_path, injected):
    """Without an exchange there is no old file any more, but the new one is whole."""
    with stage(tmp_path / NAME, container="ozx") as staging:
        put(staging.root, "zarr.json", b"old")
        staging.commit()
    injected(unsafe(step, tmp_path))

    with pytest.raises(CannotSave, match="could not read or write"):
        attempt(tmp_path / NAME, nothing, replace=ANY, container="ozx")

    with zipfile.ZipFile(tmp_path / NAME) as found:
        assert kept == found.read("zarr.json")
    assert [NAME] == os.listdir(tmp_path)


def test_what_cannot_be_tidied_up_is_told(tmp_path, monkeypatch):
    """The save has succeeded all the same."""
    with_old(tmp_path)

    def refuse(places):
        raise PermissionError(13, "not yours")

    monkeypatch.setattr(tree, "settle", refuse)
    with stage(tmp_path / NAME, replace=ANY) as staging:
        put(staging.root, "zarr.json", b"new")
        problems = staging.commit()

    assert ["leftover"] == [problem.kind for problem in problems]
    assert "not yours" in problems[0].message
    assert {"zarr.json": b"new"} == saved(tmp_path / NAME)


def test_an_image_that_cannot_be_put_back(tmp_path, injected):
    """When all fails between two renames, it is told where the image is."""
    with_old(tmp_path)
    state = {"gone": False}

    def before(call):
        if call.name == "exchange":
            raise OSError(errno.EINVAL, "no exchange", call.path)
        if state["gone"]:
            raise OSError(errno.EIO, "gone", call.path)
        state["gone"] = call.path.endswith(".ngff-old")

    injected(before)
    with pytest.raises(CannotSave, match=r"complete in .*ngff-old"):
        save(tmp_path, replace=ANY)
    injected(None)

    (old,) = [name for name in leftovers(tmp_path) if name.endswith("-old")]
    assert saved(tmp_path / old) == OLD
    with pytest.raises(CannotSave, match="another save is replacing it"):
        save(tmp_path)


def test_a_number_that_is_taken(tmp_path, monkeypatch):
    """Another one is thrown."""
    numbers = iter(["0" * 8, "0" * 8, "0" * 8, "1" * 8])
    monkeypatch.setattr(
        Places,
        "fresh",
        lambda target: Places(
            parent=target.parent, name=target.name, tag=next(numbers)
        ),
    )
    (tmp_path / f".{NAME}.{'0' * 8}.ngff-part/mine").mkdir(parents=True)
    save(tmp_path)

    assert saved(tmp_path / NAME) == NEW
    assert 1 == len(leftovers(tmp_path))


def test_a_folder_that_is_swept_before_it_is_signed(tmp_path, injected):
    """The next one is made; but not for ever."""
    sweeps = iter([True] * 3)

    def before(call):
        if call.name == "create" and call.path.endswith("part") and next(sweeps, False):
            os.rmdir(os.path.dirname(call.path))

    injected(before)
    save(tmp_path)
    sweeps = iter([True] * 100)

    assert saved(tmp_path / NAME) == NEW
    with pytest.raises(CannotSave, match="no folder can be made"):
        save(tmp_path, name="other.zarr")


def test_earlier_saves_are_swept(tmp_path):
    """And what could not be is told."""
    save(tmp_path)
    folder = tmp_path / ".x.0123abcd.ngff-part"
    (folder / "new").mkdir(parents=True)

    with stage(tmp_path / "b.zarr") as staging:
        problems = staging.problems

    assert ["leftover"] == [problem.kind for problem in problems]


def test_progress_is_told_and_can_end_it(tmp_path):
    """Each file's size, when it was found right."""
    seen = []
    with stage(tmp_path / "a.ozx", container="ozx") as staging:
        receipts = [put(staging.root, str(n), bytes(n)) for n in range(1, 4)]
        staging.verify(receipts, progress=seen.append)
        assert [1, 2, 3] == seen
        staging.commit(progress=seen.append)
    assert 3 * 6 == sum(seen)

    def cancel(nbytes):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), stage(tmp_path / "b.zarr") as staging:
        staging.verify([put(staging.root, "a", b"a")], progress=cancel)
    assert ["a.ozx"] == os.listdir(tmp_path)


OVERLAY = """
import sys
import zipfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from faults.small import ANY, save
from napari_ngff.core.problems import CannotSave
folder = Path(sys.argv[2])
for name in ("new.zarr", "new.zarr", "cells.ome.zarr"):
    try:
        save(folder, name=name, replace=ANY)
        print("saved")
    except CannotSave as error:
        print("refused" if "container" in str(error) else error)
"""
NO_MOUNT = 77
LAYERS = ("lower", "upper", "work")


@pytest.mark.skipif(sys.platform != "linux", reason="overlays are Linux's")
@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (["userxattr"], ["saved", "saved", "refused"]),
        ([], ["refused", "refused", "refused"]),
    ],
)
def test_overlays(option, expected, tmp_path):
    """What is in a container's image is refused at once, what is new there is not.

    Where an overlay cannot move any folder, all is, and nothing was staged.
    """
    with_old(tmp_path / "lower")
    for name in ("upper", "work", "both"):
        (tmp_path / name).mkdir()
    options = ",".join([f"{name}dir={tmp_path}/{name}" for name in LAYERS] + option)
    mount = f"mount -t overlay overlay -o {options} {tmp_path}/both || exit {NO_MOUNT}"
    shell = ["unshare", "--mount", "--map-root-user", "sh", "-c", f'{mount}; "$0" "$@"']
    program = [sys.executable, "-c", OVERLAY, Path(__file__).parents[2]]
    try:
        answer = subprocess.run(
            [*shell, *program, tmp_path / "both"], capture_output=True, text=True
        )
    except FileNotFoundError:
        pytest.skip("unshare is not here")
    if answer.returncode == NO_MOUNT or "unshare: " in answer.stderr:
        pytest.skip("no overlay can be mounted here")

    assert expected == answer.stdout.splitlines(), answer.stderr
    assert saved(tmp_path / "lower" / NAME) == OLD
    assert [] == leftovers(tmp_path / "upper")
