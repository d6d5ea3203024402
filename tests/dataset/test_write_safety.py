"""Nothing is lost: what was there stays until what comes is whole."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.memory import image, label, ramp, scaled
from napari_ngff import read
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import (
    Cancelled,
    CannotSave,
    NoSpace,
    PartlySaved,
    StoreChanged,
    TargetExists,
    WouldLose,
)
from napari_ngff.dataset.saving.options import VERSIONS, SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.tree import Staging
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.pixels.source import NumpySource

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.nodes import ImageData

REPLACE = SaveOptions(existing="replace")


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def save(images: Any, target: Path, options: SaveOptions = REPLACE, **more: Any) -> Any:
    given = images if isinstance(images, list) else [images]
    return execute(make_plan(given, target, options), **more)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An image with labels, alone in a folder but for a file of somebody's."""
    (tmp_path / "notes.txt").write_text("mine")
    inside = label(ramp(70, 90) % 3, name="cells", transform=scaled((2.0, 2.0)))
    before = image(
        ramp(70, 90), transform=scaled((2.0, 2.0)), labels=[inside], name="old"
    )
    [path] = save(before, tmp_path / "a.ome.zarr")
    return path


@pytest.mark.parametrize(
    "options",
    [
        {"chunks": {"y": 16, "x": 8}},
        {"chunks": {"y": 32, "x": 32}, "shards": "none"},
        {"shards": {"y": 32, "x": 64}, "chunks": {"y": 32, "x": 32}},
        {"version": "0.4"},
        {"version": "0.6", "levels": 3},
    ],
    ids=lambda options: "-".join(options),
)
def test_saving_onto_itself(options: Any, old: Path) -> None:
    """Pixels that are lazily read from the target are saved over it, in any layout."""
    opened = read(old)

    save(opened, old, replace(REPLACE, **options))

    again = read(old)
    assert np.array_equal(ramp(70, 90), np.asarray(again.levels[0]))
    found = np.asarray(again.labels[0].image.levels[0])
    assert np.array_equal(ramp(70, 90) % 3, found)
    with pytest.raises(StoreChanged):
        np.asarray(opened.levels[0])


def test_saving_a_crop_onto_itself(old: Path) -> None:
    """An open array of the old image never shows pixels of the new one."""
    opened = read(old)
    crop = replace(opened, levels=(opened.levels[0][8:, 16:],), labels=())

    save(crop, old, replace(REPLACE, old_labels="drop"))

    assert np.array_equal(ramp(70, 90)[8:, 16:], np.asarray(read(old).levels[0]))
    with pytest.raises(StoreChanged):
        np.asarray(opened.levels[0])


def test_reading_while_it_is_replaced(old: Path) -> None:
    """At each moment of a save the open image gives its own pixels, or says so."""
    opened = read(old)
    seen = []

    def look(fraction: float) -> None:
        try:
            pixels = np.asarray(opened.levels[0])
        except StoreChanged:
            seen.append("changed")
        else:
            assert np.array_equal(ramp(70, 90), pixels)
            seen.append("old")

    save(image(ramp(70, 90)[::-1]), old, progress=look)

    assert "old" == seen[0]
    assert "changed" == seen[-1]


def test_an_image_is_not_replaced_unasked(old: Path) -> None:
    """Without leave the save is refused, and nothing is touched."""
    before = content(old.parent)

    with pytest.raises(TargetExists, match="an image already"):
        save(image(ramp(4, 4)), old, SaveOptions())

    assert before == content(old.parent)


@pytest.mark.parametrize(
    "name", ["notes.txt", "0/notes.txt", "0/c/0/0.bak", "labels/cells/x.csv", "9/c/0/0"]
)
def test_foreign_files_are_never_deleted(name: str, old: Path) -> None:
    """A folder with somebody's file in it is not replaced; the file is named."""
    path = old / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    before = content(old.parent)

    with pytest.raises(TargetExists, match=name) as error:
        save(image(ramp(4, 4)), old)

    assert (name,) == error.value.files
    assert before == content(old.parent)


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "0/.DS_Store", "Thumbs.db", "0/c/desktop.ini", "0/._zarr.json"],
)
def test_what_file_managers_leave_is_not_foreign(name: str, old: Path) -> None:
    """An image that was looked at in a file manager can be replaced."""
    (old / name).write_text("of a file manager")

    save(image(ramp(70, 90)), old)

    assert not (old / name).exists()


def test_a_link_is_not_followed(old: Path, tmp_path: Path) -> None:
    """What a link leads to is not replaced, nor is the link."""
    link = tmp_path / "link.ome.zarr"
    link.symlink_to(old)

    with pytest.raises(TargetExists, match="link"):
        save(image(ramp(4, 4)), link)

    assert link.is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder", "plate", "array"])
def test_what_is_no_image_is_not_replaced(kind: str, tmp_path: Path) -> None:
    """A text, a folder of files, a plate, a bare array: none is an image."""
    from cases.arrays import write_array
    from cases.many import build_plate

    target = tmp_path / "x.zarr"
    {
        "file": lambda: target.write_text("mine"),
        "folder": lambda: (target.mkdir(), (target / "a").write_text("mine")),
        "plate": lambda: build_plate(target),
        "array": lambda: write_array(
            target,
            ramp(4, 4),
            shape=(4, 4),
            dtype="<u2",
            zarr_format=3,
            chunks=(4, 4),
        ),
    }[kind]()
    before = content(tmp_path)

    with pytest.raises(TargetExists):
        save(image(ramp(4, 4)), target)

    assert before == content(tmp_path)


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """Somebody made the folder first: nothing is lost by using it."""
    target = tmp_path / "x.zarr"
    target.mkdir()

    save(image(ramp(4, 4)), target, SaveOptions())

    assert np.array_equal(ramp(4, 4), np.asarray(read(target).levels[0]))


def test_labels_of_the_old_image_are_kept(old: Path) -> None:
    """Labels that the new image does not bring are moved over, with as many levels."""
    save(image(ramp(70, 90) + 1), old, replace(REPLACE, version="0.4", levels=3))

    again = read(old)
    assert ["cells"] == [found.name for found in again.labels]
    kept = again.labels[0].image
    assert np.array_equal(ramp(70, 90) % 3, np.asarray(kept.levels[0]))
    assert len(again.levels) == len(kept.levels) == 3


def meddle(how: str, old: Path) -> None:
    """Do something to labels, or to the image, as another program would."""
    if how == "painted":
        file = next(
            path for path in old.glob("labels/cells/0/c/**/*") if path.is_file()
        )
        data = file.read_bytes()
        file.write_bytes(data[::-1])
    elif how == "coloured":
        file = old / "labels/cells/zarr.json"
        file.write_text(file.read_text() + " ")
    elif how == "added":
        shutil.copytree(old / "labels/cells", old / "labels/more")
    else:
        (old / "labels/cells/notes.txt").write_text("mine")


@pytest.fixture(params=["planned", "verified", "put in place", "in place"])
def moment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Any], None]:
    """When something else happens: it is done once, at one moment of a save."""

    def at(act: Callable[[], object]) -> None:
        left = [act]

        def first(function: Any) -> Any:
            def wrapped(*arguments: Any, **named: Any) -> Any:
                if left:
                    left.pop()()
                return function(*arguments, **named)

            return wrapped

        exchange, calls = files.exchange, []

        def exchanged(first: Any, second: Any) -> None:
            calls.append(second)  # the first one only finds out if it can be done
            if request.param == "put in place" and len(calls) == 2 and left:
                left.pop()()
            exchange(first, second)
            if request.param == "in place" and len(calls) == 2 and left:
                # Whoever has a file open writes into it wherever it is by now.
                left.pop()(Path(first))

        if request.param == "verified":
            monkeypatch.setattr(Staging, "commit", first(Staging.commit))
        elif request.param == "planned":
            monkeypatch.setattr(Staging, "__enter__", first(Staging.__enter__))
        else:
            monkeypatch.setattr(files, "exchange", exchanged)

    return at


@pytest.mark.parametrize("how", ["painted", "coloured", "added", "noted"])
def test_what_others_do_to_labels_meanwhile_is_not_lost(
    how: str, old: Path, moment: Any
) -> None:
    """Labels that are moved over were read when the save was planned."""
    expected = content(old)
    seen: dict[str, bytes] = {}

    def act(place: Path = old) -> None:
        meddle(how, place)
        seen.update(content(place))

    moment(act)
    with pytest.raises(CannotSave, match="labels/"):
        save(image(ramp(70, 90) + 1, transform=scaled((2.0, 2.0))), old)

    assert expected != seen
    assert seen == content(old)
    assert {"a.ome.zarr", "notes.txt"} == set(os.listdir(old.parent))


def test_what_file_managers_do_meanwhile_does_not_matter(
    old: Path, moment: Any
) -> None:
    """A folder that somebody looks at during a save may get a file for its looks."""

    def act(place: Path = old) -> None:
        (place / "labels/.DS_Store").write_bytes(b"")

    moment(act)
    new = ramp(70, 90) + 1
    save(image(new, transform=scaled((2.0, 2.0))), old)

    assert np.array_equal(new, np.asarray(read(old).levels[0]))
    assert ["cells"] == [label.name for label in read(old).labels]


def test_labels_that_do_not_fit_are_asked_about(old: Path) -> None:
    """They are not dropped in silence: it must be said that they may go."""
    before = content(old)

    with pytest.raises(CannotSave, match="'cells'"):
        save(image(ramp(10, 10)), old)

    assert before == content(old)
    save(image(ramp(10, 10)), old, replace(REPLACE, old_labels="drop"))
    assert () == read(old).labels


def changed(document: Path, **change: Any) -> None:
    """Let a metadata document say something else."""
    document.write_text(json.dumps({**json.loads(document.read_text()), **change}))


@pytest.mark.parametrize(
    "change",
    [
        {"data_type": "float32"},
        {"codecs": [{"name": "bytes"}, {"name": "unheard of"}]},
        {"shape": [10**400, 90]},
    ],
)
def test_labels_that_cannot_be_read_are_asked_about(
    change: dict[str, Any], old: Path
) -> None:
    """Nor are these lost with the image: somebody else may be able to read them."""
    changed(old / "labels/cells/0/zarr.json", **change)
    before = content(old)

    with pytest.raises(CannotSave, match="cannot be read: 'cells'"):
        save(image(ramp(70, 90)), old)

    assert before == content(old)
    mine = label(ramp(70, 90) % 2, name="cells", transform=scaled((2.0, 2.0)))
    save(image(ramp(70, 90), labels=[mine], transform=scaled((2.0, 2.0))), old)
    assert ["cells"] == [found.name for found in read(old).labels]


def test_more_labels_than_are_opened_are_asked_about(old: Path) -> None:
    """Those that are left out when it is opened would be lost, too."""
    for number in range(LIMITS.labels):
        shutil.copytree(old / "labels/cells", old / f"labels/more{number}")

    with pytest.raises(CannotSave, match="cannot be read: 'more255'"):
        save(image(ramp(70, 90)), old)

    assert LIMITS.labels + 1 == len(list((old / "labels").glob("*/zarr.json")))


@pytest.mark.parametrize("attributes", [{}, {"mine": 1}])
def test_a_group_among_labels_that_is_none_is_foreign(
    attributes: dict[str, Any], old: Path
) -> None:
    """It is named, and nothing is replaced."""
    (old / "labels/notes").mkdir()
    group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    (old / "labels/notes/zarr.json").write_text(json.dumps(group))

    with pytest.raises(TargetExists, match="labels/notes/zarr"):
        save(image(ramp(70, 90)), old)


def test_labels_in_a_folder_are_moved_over(old: Path) -> None:
    """What lies between is a group that belongs to them."""
    (old / "labels/deep").mkdir()
    (old / "labels/cells").rename(old / "labels/deep/cells")
    group = {"zarr_format": 3, "node_type": "group"}
    (old / "labels/deep/zarr.json").write_text(json.dumps(group))
    listed = {"ome": {"version": "0.5", "labels": ["deep/cells"]}}
    changed(old / "labels/zarr.json", attributes=listed)

    save(image(ramp(70, 90), transform=scaled((2.0, 2.0))), old)

    assert ["deep/cells"] == [found.name for found in read(old).labels]


@pytest.mark.parametrize(
    "change",
    [
        {"shape": 5},
        {"shape": {"a": 1}},
        {"chunk_key_encoding": 5},
        {"chunk_key_encoding": {"name": []}},
        {"chunk_key_encoding": {"name": "default", "configuration": 7}},
        {
            "chunk_key_encoding": {
                "name": "default",
                "configuration": {"separator": "onfidential "},
            }
        },
    ],
)
def test_metadata_decides_of_no_other_files(change: dict[str, Any], old: Path) -> None:
    """What cannot be names of chunks are none, whatever metadata calls them."""
    changed(old / "labels/cells/0/zarr.json", **change)
    (old / "labels/cells/0/confidential 2026").write_text("mine")
    before = content(old)

    with pytest.raises(TargetExists, match="confidential 2026"):
        save(image(ramp(70, 90)), old, replace(REPLACE, old_labels="drop"))

    assert before == content(old)


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_foreign_metadata_of_the_old_image_is_kept(
    version: Any, tmp_path: Path
) -> None:
    """Keys that are not the specification's are those of the new image, too."""
    options = replace(REPLACE, version=version)
    first = image(ramp(4, 4), extra={"my": 1})
    first = replace(first, group=replace(first.group, foreign={"lab": {"who": "us"}}))
    save(first, tmp_path / "a.zarr", options)

    save(image(ramp(4, 4)), tmp_path / "a.zarr", options)

    again = read(tmp_path / "a.zarr")
    assert {"lab": {"who": "us"}} == dict(again.group.foreign)
    assert {"my": 1} == dict(again.multiscale.extra)


def steps(act: Callable[..., Any]) -> list[float]:
    """Return the fractions that a save tells."""
    told: list[float] = []
    act(progress=told.append)
    return told


def many_files(seed: int = 0) -> ImageData:
    pixels = np.random.default_rng(seed).integers(0, 99, (2, 33, 30)).astype("u2")
    return image(LazyArray(NumpySource(pixels, (1, 16, 30))), "cyx")


CUT = replace(REPLACE, chunks={"y": 16, "x": 16}, shards={"y": 32, "x": 32}, workers=1)


@pytest.mark.parametrize("name", ["a.ome.zarr", "a.ozx"])
def test_progress_never_goes_back(name: str, tmp_path: Path) -> None:
    """It begins with 0, ends with 1, and says something between."""
    told = steps(lambda **more: save(many_files(), tmp_path / name, CUT, **more))

    assert (0.0, 1.0) == (told[0], told[-1])
    assert all(a <= b for a, b in pairwise(told))
    assert len(set(told)) > 5


@pytest.mark.parametrize("name", ["new.ome.zarr", "a.ome.zarr", "new.ozx"])
def test_cancelled_at_any_moment(name: str, old: Path, tmp_path: Path) -> None:
    """Wherever it is cancelled, all is as before, and nothing is left."""
    for folder in (old / "labels",):
        shutil.rmtree(folder)
    before = content(tmp_path)
    count = 0

    def ask() -> bool:
        nonlocal count
        count += 1
        return count > allowed

    targets: set[str] = set()
    allowed, ended = 0, False
    while not ended:
        count = 0
        try:
            save(many_files(), tmp_path / name, CUT, cancelled=ask)
            ended = True
        except Cancelled as error:
            targets.add(error.target)
            assert before == content(tmp_path)
            assert ["a.ome.zarr", "notes.txt"] == sorted(os.listdir(tmp_path))
        allowed += 1
    assert allowed > 10
    assert {str(tmp_path / name)} == targets
    assert before != content(tmp_path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("a widget")])
def test_interrupted_at_any_step(error: Any, old: Path, tmp_path: Path) -> None:
    """Ctrl-C, or whatever a callback raises, leaves no trace before the last step."""
    shutil.rmtree(old / "labels")
    before = content(tmp_path)
    told = steps(lambda **more: save(many_files(), tmp_path / "b.zarr", CUT, **more))
    shutil.rmtree(tmp_path / "b.zarr")

    for step in range(len(told) - 1):
        left = [step]

        def stop(fraction: float, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0 and fraction < 1:
                raise error

        with pytest.raises(type(error) if isinstance(error, Exception) else error):
            save(many_files(), old, CUT, progress=stop)
        assert before == content(tmp_path)


class Broken(NumpySource):
    """Pixels of which some cannot be read."""

    __slots__ = ()

    def read(self, box: Any) -> Any:
        if box[0].stop > 40:
            raise OSError(5, "Input/output error", "somewhere/else")
        return super().read(box)


def test_pixels_that_cannot_be_read(old: Path) -> None:
    """What is there stays, and the error is the one of reading."""
    before = content(old.parent)
    source = Broken(ramp(70, 90), (10, 90))

    with pytest.raises(CannotSave, match="somewhere/else"):
        save(image(LazyArray(source)), old, replace(CUT, old_labels="drop"))

    assert before == content(old.parent)


def test_a_broken_encoder_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk that does not decode to its pixels ends the save."""
    from napari_ngff.storage.chunks import encoding

    def mismatch(*arguments: object, **more: object) -> None:
        raise Mismatch("a chunk does not decode to the pixels that were encoded")

    monkeypatch.setattr(encoding, "_compare", mismatch)

    with pytest.raises(CannotSave, match="does not decode"):
        save(image(ramp(9, 9)), tmp_path / "a.zarr")

    assert [] == os.listdir(tmp_path)


def test_a_file_that_changed_on_the_disk_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is read again: one flipped bit ends the save."""
    from napari_ngff.dataset import write

    put = write.put

    def put_and_flip(root: Path, key: str, data: bytes) -> Any:
        receipt = put(root, key, data)
        if key != "zarr.json":
            return receipt
        path = root / "0" / "c" / "0" / "0"
        written = bytearray(path.read_bytes())
        written[7] ^= 1
        path.write_bytes(bytes(written))
        return receipt

    monkeypatch.setattr(write, "put", put_and_flip)

    with pytest.raises(CannotSave, match="0/c/0/0"):
        save(image(ramp(9, 9)), tmp_path / "a.zarr", SaveOptions(levels=1))

    assert [] == os.listdir(tmp_path)


def test_a_disk_without_room_is_noticed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written where it would not fit; what compresses well may fit."""
    usage = shutil.disk_usage(tmp_path)._replace(free=200_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    noise = np.random.default_rng(0).integers(0, 2**16, (500, 500)).astype("u2")

    with pytest.raises(NoSpace):
        save(image(noise), tmp_path / "a.zarr")

    assert [] == os.listdir(tmp_path)
    save(image(np.zeros((500, 500), "u2")), tmp_path / "a.zarr")
    assert ["a.zarr"] == os.listdir(tmp_path)


def test_losses_can_be_refused(tmp_path: Path) -> None:
    """With on_loss "raise" nothing is written, and the error says what is lost."""
    from cases.memory import affine

    turned = image(ramp(9, 9), transform=affine([[0, 1, 0], [-1, 0, 0]]))
    options = SaveOptions(affine="drop", on_loss="raise")

    with pytest.raises(WouldLose, match="turned") as error:
        save(turned, tmp_path / "a.zarr", options)

    assert ["affine"] == [problem.kind for problem in error.value.problems]
    assert [] == os.listdir(tmp_path)


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_an_affine_is_refused_unless_asked(version: Any, tmp_path: Path) -> None:
    """It says what can be done about it."""
    from cases.memory import affine

    turned = image(ramp(9, 9), transform=affine([[0, 1, 0], [-1, 0, 0]]))

    with pytest.raises(CannotSave, match=r"[Rr]esample"):
        save(turned, tmp_path / "a.zarr", SaveOptions(version=version))

    assert [] == os.listdir(tmp_path)


def test_all_or_none_of_several_images(tmp_path: Path) -> None:
    """If one of several stores cannot be written, none is."""
    source = Broken(ramp(70, 90), (10, 90))
    both = [image(ramp(8, 8), name="a"), image(LazyArray(source), name="b")]

    with pytest.raises(CannotSave):
        save(both, tmp_path / "x", CUT)

    assert [] == os.listdir(tmp_path)


@pytest.mark.parametrize("suffix", ["", ".ozx"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_several_are_ready_before_the_first_is_saved(
    suffix: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails until then, none is there: packing takes room, for one."""
    three = [image(ramp(8, 8), name=name) for name in "abc"]
    plan = make_plan(three, tmp_path / f"x{suffix}", REPLACE)

    def refuse(call: files.Call) -> None:
        last = "_c." in call.path and call.name in {"create", "sync", "write"}
        if last and (call.path.endswith(".ozx") or os.path.isdir(call.path)):
            raise OSError(number, "no", call.path)

    monkeypatch.setattr(files, "before", refuse)
    with pytest.raises(CannotSave) as caught:
        execute(plan)

    assert not isinstance(caught.value, PartlySaved)
    assert [] == os.listdir(tmp_path)


@pytest.mark.parametrize("known", ["told by us", "told by the system"])
def test_which_of_several_were_saved_is_told(
    known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All were ready; then something comes into a place, or the disk goes."""
    four = [image(ramp(8, 8), name=name) for name in "abcd"]
    plan = make_plan(four, tmp_path / "x", REPLACE)
    saved, named, other = Staging.commit, [s.target.name for s in plan.stores], []

    def commit(staging: Staging) -> Any:
        if staging.target.name == named[2] and known == "told by the system":
            raise OSError(errno.EIO, "no", str(staging.target))
        if staging.target.name == named[2]:
            staging.target.write_text("mine")
            other.append(named[2])
        return saved(staging)

    monkeypatch.setattr(Staging, "commit", commit)
    with pytest.raises(PartlySaved) as caught:
        execute(plan)

    text = str(caught.value)
    assert text.startswith(f"Cannot save {tmp_path / named[2]}")
    assert (
        f"Saved already: {named[0]}, {named[1]}. Not saved, either: {named[3]}." in text
    )
    assert tuple(str(tmp_path / name) for name in named[:2]) == caught.value.saved
    assert sorted([*named[:2], *other]) == sorted(os.listdir(tmp_path))


@pytest.mark.parametrize("target", ["a\0b.ome.zarr", "a\0/b.ome.zarr"])
def test_a_name_that_no_system_takes(target: str, tmp_path: Path) -> None:
    """It is refused as any other name that cannot be."""
    with pytest.raises(CannotSave):
        save(image(ramp(4, 4)), tmp_path / target)


def test_an_address_is_not_shown_with_its_secrets() -> None:
    """It is no place to save to, and an error may be read by anybody."""
    with pytest.raises(CannotSave, match="address") as caught:
        save(image(ramp(4, 4)), "https://me:secret@localhost/a.zarr?token=secret")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("version", VERSIONS)
def test_half_a_character_is_kept(version: Any, tmp_path: Path) -> None:
    """JSON can say it, UTF-8 cannot."""
    given = image(ramp(4, 4), name="a\ud800b")
    [path] = save(given, tmp_path / "a.ome.zarr", replace(REPLACE, version=version))

    assert "a\ud800b" == read(path).multiscale.name


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    """An image is called after its file as far as that can be said."""
    [path] = save(image(ramp(4, 4)), tmp_path / "a\udcff.ome.zarr")

    assert "a\ufffd" == read(path).multiscale.name


def test_an_old_image_that_cannot_be_deleted_is_told(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take much room; the new one is in place."""
    unlink = files.unlink

    def refuse(path: Any, **inside: Any) -> None:
        if os.fspath(path).endswith("zarr.json"):
            raise PermissionError(errno.EPERM, "not permitted", os.fspath(path))
        unlink(path, **inside)

    monkeypatch.setattr(files, "unlink", refuse)
    with pytest.warns(match="cannot be removed"):
        save(image(ramp(70, 90) + 1, transform=scaled((2.0, 2.0))), old)

    assert np.array_equal(ramp(70, 90) + 1, np.asarray(read(old).levels[0]))


def test_an_image_that_lost_its_finest_level_is_not_saved(old: Path) -> None:
    """Coarser levels would be made anew, of nothing."""
    save(image(ramp(70, 90)), old, replace(REPLACE, levels=2))
    shutil.rmtree(old / "0" / "c")
    before = content(old)

    with pytest.raises(CannotSave, match="is not complete"):
        save(read(old), old)

    assert before == content(old)
