"""An upgrade is made in one step, and can be taken back to the byte."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.build import build_image
from cases.many import build_plate
from napari_ngff import read, upgrade, validate
from napari_ngff.cli import main
from napari_ngff.core.problems import CannotSave, ChangedMeanwhile
from napari_ngff.dataset import upgrade as upgrading
from napari_ngff.storage.commit import documents
from napari_ngff.storage.commit.history import history
from napari_ngff.storage.commit.undoing import restore, undo_last

if TYPE_CHECKING:
    from pathlib import Path


def contents(path: Path) -> dict[str, bytes]:
    """Every file in a folder."""
    files = (file for file in path.rglob("*") if file.is_file())
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


@pytest.mark.parametrize("build", [build_image, build_plate])
def test_it_is_made_and_taken_back(tmp_path: Path, build: Any) -> None:
    """From 0.4 to 0.5 to 0.6; the documents of before are in the history."""
    path = build(tmp_path / "store.zarr")
    first = contents(path)

    done = upgrade(path, "0.5")
    second = contents(path)
    upgrade(path, "0.6")

    assert () == done.problems
    assert validate(path).valid
    assert not {name for name in second if name.rpartition("/")[2].startswith(".z")}
    entries = history(path)
    assert ["OME-Zarr 0.5 to 0.6", "OME-Zarr 0.4 to 0.5"] == [e.note for e in entries]
    third = contents(path)
    restore(path, entries[-1])
    assert first == contents(path)
    for expected in (third, second, first):
        undo_last(path)
        assert expected == contents(path)


def test_what_others_changed_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that is another one by then lets all be as it is."""
    path = build_image(tmp_path / "image.zarr")
    plan = upgrading.rewritten

    def late(*args: Any) -> Any:
        found = plan(*args)
        (path / "1" / ".zarray").write_bytes(b"{}")
        return found

    monkeypatch.setattr(upgrading, "rewritten", late)
    before = contents(path)

    with pytest.raises(ChangedMeanwhile):
        upgrade(path, "0.5")

    assert before | {"1/.zarray": b"{}"} == contents(path)


def test_a_fault_at_any_document_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever cannot be put in place or away, all are as they were."""
    path = build_image(tmp_path / "image.zarr")
    before = contents(path)
    put, count = documents.put, len(upgrade(path, "0.5", dry_run=True).documents)
    assert 6 < count

    for last in range(count):
        left = iter(range(last))

        def fail(step: Any, left: Any = left) -> Any:
            if next(left, None) is None:
                raise OSError(errno.EIO, "no more")
            return put(step)

        monkeypatch.setattr(documents, "put", fail)
        with pytest.raises(CannotSave, match="the disk could not"):
            upgrade(path, "0.5")
        assert before == contents(path)


def test_in_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what was done, and the image opens as it did."""
    path = build_image(tmp_path / "image.zarr")
    before = np.asarray(read(path).levels[0])

    assert 0 == main(["upgrade", str(path), "--to", "0.6"])

    said = capsys.readouterr().out
    assert f"{path}: OME-Zarr 0.4 → 0.6" in said
    assert "0.6" == read(path).group.version
    np.testing.assert_array_equal(before, read(path).levels[0])
    assert 0 == main(["upgrade", str(path), "--to", "0.6"])
    assert "already" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "told"), [("physical", 0), ("stage", 1)])
def test_the_name_of_a_system_that_is_left_out_is_told(
    tmp_path: Path, name: str, told: int
) -> None:
    """0.5 has none; the usual name comes back with the next upgrade."""
    path = build_image(tmp_path / "a.zarr", version="0.6")
    document = path / "zarr.json"
    document.write_text(document.read_text().replace('"physical"', f'"{name}"'))

    plan = upgrade(path, "0.5", dry_run=True)

    assert told == len(plan.left_out)
    assert told == plan.text.count("'stage' no more")
    assert plan.documents
    assert () == upgrade(path, "0.6", dry_run=True).left_out


def test_what_the_new_version_calls_wrong_is_told_before(tmp_path: Path) -> None:
    """Levels of two types are a warning in 0.4 and an error in 0.6; and not in 0.5."""
    path = build_image(tmp_path / "cells.zarr", version="0.4")
    document = json.loads((tmp_path / "cells.zarr" / "1" / ".zarray").read_text())
    document["dtype"] = "<f4"
    (tmp_path / "cells.zarr" / "1" / ".zarray").write_text(json.dumps(document))

    foretold = upgrade(path, "0.6", dry_run=True)

    [problem] = foretold.called_wrong
    assert ("dtype-mismatch", "warning") == (problem.kind, problem.level)
    assert "but then: 1" in foretold.text
    assert not upgrade(path, "0.5", dry_run=True).called_wrong
    upgrade(path, "0.6")
    assert not validate(path).valid


def test_nothing_is_foretold_of_what_is_right(tmp_path: Path) -> None:
    """An image without a fault has none afterwards."""
    path = build_image(tmp_path / "cells.zarr", version="0.4")

    assert () == upgrade(path, "0.6", dry_run=True).called_wrong
