"""Small scenarios: documents of a store edited, upgraded, undone and completed."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from faults.harness import look
from faults.scenario import Scenario
from faults.small import NAME, user_files, without_exchange, write
from napari_ngff.core.problems import NotOmeZarr
from napari_ngff.storage.commit.documents import replace_documents
from napari_ngff.storage.commit.journal import Record, write_record
from napari_ngff.storage.commit.own_folder import VARIABLE, name_of
from napari_ngff.storage.commit.places import journals
from napari_ngff.storage.commit.undoing import undo_last
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD = {".zgroup": b"{}", ".zattrs": b"old", ".zmetadata": b"all", "0/.zarray": b"{ }"}
PIXELS = {"0/0.0": b"p" * 64}
NEW = {"zarr.json": b"new", "0/zarr.json": b"new 0"}
EDIT = {".zattrs": (b"old", b"new"), ".zmetadata": (b"all", b"all new")}
UPGRADE = {
    **{key: (None, data) for key, data in NEW.items()},
    **{key: (data, None) for key, data in OLD.items()},
}
DATA = "data"


def stored(folder: Path) -> None:
    user_files(folder)
    write(folder / NAME, {**OLD, **PIXELS})


def here(act: Callable[[Path], object]) -> Callable[[Path], None]:
    """Keep the history in the folder."""

    def wrapped(folder: Path) -> None:
        os.environ[VARIABLE] = str(folder / DATA)
        act(folder)

    return wrapped


def but_history(folder: Path) -> dict[str, bytes | None]:
    found = look(folder)
    return {path: data for path, data in found.items() if path.split("/")[0] != DATA}


def edit(folder: Path) -> None:
    replace_documents(folder / NAME, EDIT, note="edit")


def upgrade(folder: Path) -> None:
    replace_documents(folder / NAME, UPGRADE, note="upgrade")


def edited_before(folder: Path) -> None:
    """Leave a store that was edited, and its history."""
    stored(folder)
    before = os.environ[VARIABLE]
    here(edit)(folder)
    os.environ[VARIABLE] = before


def undo(folder: Path) -> None:
    """Undo it in a copy, to which its history goes over."""
    (kept,) = (folder / DATA / "history").iterdir()
    kept.rename(kept.with_name(name_of(folder / NAME)))
    undo_last(folder / NAME)


def half_done(folder: Path) -> None:
    """Leave what an upgrade leaves that was killed between two files."""
    stored(folder)
    record = Record(name=NAME, when=0.0, note="", files=UPGRADE)
    write_record(journals(folder / NAME)[0], record)
    write(folder / NAME, {"0/zarr.json": b"new 0", ".zarr.json.ngff-new": b"ne"})


def edit_upgraded(folder: Path) -> None:
    changes = {"zarr.json": (b"new", b"newer")}
    replace_documents(folder / NAME, changes, note="edit")


def open_it(folder: Path) -> None:
    """Open it, as who wants to see it; whether it is OME-Zarr is another question."""
    with suppress(NotOmeZarr):
        open_location(folder / NAME)


def of(prepare: Callable[[Path], object], act: Callable[[Path], object]) -> Scenario:
    return Scenario(prepare=prepare, act=here(act), look=but_history)


edited = of(stored, edit)
edited_without_exchange = of(stored, without_exchange(edit))
upgraded = of(stored, upgrade)
upgraded_without_exchange = of(stored, without_exchange(upgrade))
undone = of(edited_before, undo)
opened = of(half_done, open_it)
