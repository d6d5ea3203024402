"""Small scenarios: trees of a few files that are saved, replaced, cloned, recovered."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from faults.scenario import Scenario
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.cloning import clone
from napari_ngff.storage.commit.owners import write_owner
from napari_ngff.storage.commit.places import Places
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.replacing import Replace
from napari_ngff.storage.commit.settling import recover, sweep
from napari_ngff.storage.commit.tree import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from napari_ngff.storage.commit.files import Call

NAME = "cells.ome.zarr"
OLD = {"zarr.json": b"old", "0/zarr.json": b"old 0", "0/c/0/0": b"o" * 64}
NEW = {
    "0/c/0/0": b"n" * 96,
    "0/c/0/1": b"m" * 32,
    "0/zarr.json": b"0",
    "zarr.json": b"",
}
ANY = Replace(allowed=lambda path: True)


def write(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write files the plain way."""
    for key, data in content.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def user_files(folder: Path) -> None:
    """Put something beside the target that is nobody's business."""
    write(folder, {"notes.txt": b"mine", f".{NAME}.notes": b"mine", "x/y": b"mine"})


def with_old(folder: Path) -> None:
    user_files(folder)
    write(folder / NAME, OLD)


def save(folder: Path, *, name: str = NAME, **options: object) -> None:
    """Save the new content."""
    with stage(folder / name, **options) as staging:
        receipts = [put(staging.root, key, data) for key, data in NEW.items()]
        staging.verify(receipts)
        staging.commit(comment=b"{}")


def overwrite(folder: Path) -> None:
    save(folder, replace=ANY)


def without_exchange(act: Callable[[Path], None]) -> Callable[[Path], None]:
    """Do it on a file system that cannot exchange folders."""

    def wrapped(folder: Path) -> None:
        inner = files.before

        def refuse(call: Call) -> None:
            if inner is not None:
                inner(call)
            if call.name == "exchange":
                raise OSError(errno.EINVAL, "no exchange", call.path)

        files.before = refuse
        act(folder)

    return wrapped


def old_archive(folder: Path) -> None:
    user_files(folder)
    save(folder, name="cells.ozx", container="ozx")
    before = files.before
    files.before = None
    try:
        with stage(folder / "cells.ozx", container="ozx", replace=ANY) as staging:
            for key, data in OLD.items():
                put(staging.root, key, data)
            staging.commit()
    finally:
        files.before = before


def overwrite_archive(folder: Path) -> None:
    save(folder, name="cells.ozx", container="ozx", replace=ANY)


def write_back(folder: Path) -> None:
    """Change one file of an image and let the others be the same."""
    target = folder / NAME
    with stage(target, replace=ANY) as staging:
        kept = clone(target, staging.root, without=lambda key: key == "0/c/0/0")
        changed = put(staging.root, "0/c/0/0", b"painted")
        staging.verify([*kept, changed])
        staging.commit()


def sweep_now(folder: Path) -> None:
    """Tidy up; where the folder cannot be listed, another time."""
    with suppress(OSError):
        sweep(folder)


def recover_now(folder: Path) -> None:
    """Put the image back, as one who opens it would; then tidy up."""
    recover(folder / NAME)
    sweep_now(folder)


def dead_save(folder: Path, *, moved: bool) -> Places:
    """Leave what a save leaves that was killed before it ended."""
    from faults.dead import dead_owner

    places = Places(parent=folder, name=NAME, tag="0123abcd")
    places.folder.mkdir()
    write_owner(places.owner, dead_owner(NAME))
    write(places.root, NEW)
    write(places.full, {"x/y": b""})
    if moved:
        os.rename(places.target, places.old)
    return places


def killed(folder: Path) -> None:
    with_old(folder)
    dead_save(folder, moved=False)


def killed_between(folder: Path) -> None:
    with_old(folder)
    dead_save(folder, moved=True)


first_save = Scenario(prepare=user_files, act=save)
replaced = Scenario(prepare=with_old, act=overwrite)
replaced_without_exchange = Scenario(prepare=with_old, act=without_exchange(overwrite))
first_archive = Scenario(
    prepare=user_files, act=lambda folder: save(folder, name="a.ozx", container="ozx")
)
replaced_archive = Scenario(prepare=old_archive, act=overwrite_archive)
replaced_archive_without_exchange = Scenario(
    prepare=old_archive, act=without_exchange(overwrite_archive), undone=False
)
written_back = Scenario(prepare=with_old, act=write_back)
after_a_kill = Scenario(prepare=killed, act=overwrite)
after_a_kill_between = Scenario(prepare=killed_between, act=overwrite)
swept = Scenario(prepare=killed, act=sweep_now)
recovered = Scenario(prepare=killed_between, act=recover_now)
