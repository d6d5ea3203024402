"""One part that fails is told of and left out; the rest opens."""

from __future__ import annotations

import json
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.arrays import write_array
from cases.build import build_image, pixels
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import CannotOpen, DocumentError
from napari_ngff.dataset.read import read
from napari_ngff.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.dataset.nodes import Node


def kinds(node: Node, level: str = "error") -> set[str]:
    return {p.kind for p in node.problems if p.level == level}


def lost(folder: Path) -> None:
    (folder / ".zarray").unlink()


def garbled(folder: Path) -> None:
    (folder / ".zarray").write_text("{")


def other_dtype(folder: Path) -> None:
    write_array(folder, pixels((2, 2, 8, 8), "uint8"), zarr_format=2, chunks=(8,) * 4)


def other_ndim(folder: Path) -> None:
    rmtree(folder)
    write_array(folder, pixels((2, 8, 8)), zarr_format=2, chunks=(8,) * 3)


def a_complex_one(folder: Path) -> None:
    data = pixels((2, 2, 8, 8), "complex64")
    write_array(folder, data, zarr_format=2, chunks=(8,) * 4, fill_value=[0, 0])


def a_group(folder: Path) -> None:
    (folder / ".zarray").rename(folder / ".zgroup")
    (folder / ".zgroup").write_text('{"zarr_format": 2}')


def a_pickle(folder: Path) -> None:
    document = json.loads((folder / ".zarray").read_text())
    document["filters"] = [{"id": "pickle"}]
    (folder / ".zarray").write_text(json.dumps(document))


FAULTS = {
    lost: "cannot-open",
    garbled: "unreadable-document",
    other_dtype: "level-misfit",
    other_ndim: "level-misfit",
    a_complex_one: "cannot-open",
    a_group: "cannot-open",
    a_pickle: "unreadable-document",
}


@pytest.mark.parametrize(("fault", "kind"), FAULTS.items(), ids=lambda f: str(f))
def test_level(fault: Callable[[Path], None], kind: str, tmp_path: Path) -> None:
    """A level that cannot be shown is left out, with the reason and its place."""
    path = build_image(tmp_path / "s.zarr")
    fault(path / "1")
    image = read(path)
    (problem,) = (p for p in image.problems if p.kind == kind)

    assert 1 == len(image.levels) == len(image.multiscale.levels)
    assert "error" == problem.level
    assert ("multiscales", 0, "datasets", 1) == problem.loc
    assert "Level 1 ('1') is left out: " == problem.message[:27]


def test_first_level_lost(tmp_path: Path) -> None:
    """Without its finest level an image shows the next one, where that one is."""
    path = build_image(tmp_path / "s.zarr")
    lost(path / "0")
    image = read(path)

    assert [(2, 2, 8, 8)] == [array.shape for array in image.levels]
    assert ["1"] == [level.path for level in image.multiscale.levels]


def test_no_level(tmp_path: Path) -> None:
    """Without any level there is nothing to show: one error that says why."""
    path = build_image(tmp_path / "s.zarr")
    lost(path / "0")
    lost(path / "1")

    with pytest.raises(CannotOpen, match=r"no level can be opened.* no array '0'"):
        read(path)


@pytest.mark.parametrize("path", ["../other.zarr/0", "/etc", "a//b", "%2e%2e/x", 7])
def test_unsafe_level(path: Any, tmp_path: Path) -> None:
    """A level's path that leads out of the store is not followed."""
    build_image(tmp_path / "other.zarr")

    def edit(ome: dict[str, Any]) -> None:
        ome["multiscales"][0]["datasets"][1]["path"] = path

    image = read(build_image(tmp_path / "s.zarr", edit=edit))

    assert 1 == len(image.levels)
    assert kinds(image)


def test_unexpected_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even an error that nobody foresaw takes only its own part along."""
    array = Location.array

    def fail(self: Location, document: Any) -> Any:
        if document.node == "1":
            raise RuntimeError("out of order\x1b[31m")
        return array(self, document)

    monkeypatch.setattr(Location, "array", fail)
    image = read(build_image(tmp_path / "s.zarr"))
    (problem,) = (p for p in image.problems if p.kind == "unexpected-error")

    assert 1 == len(image.levels)
    assert "RuntimeError: out of order[31m." in problem.message


def test_broken_root(tmp_path: Path) -> None:
    """A root that is not JSON is one clear error."""
    path = build_image(tmp_path / "s.zarr")
    (path / ".zattrs").write_text('{"multiscales": [')

    with pytest.raises(DocumentError, match="JSON"):
        read(path)


def test_empty_multiscales(tmp_path: Path) -> None:
    """An image without an image is one clear error."""
    path = build_image(tmp_path / "s.zarr", edit=lambda _: {"multiscales": []})
    for level in ("0", "1"):
        lost(path / level)

    with pytest.raises(CannotOpen, match="no image"):
        read(path)


def test_one_entry_of_several(tmp_path: Path) -> None:
    """An entry of multiscales that cannot be opened leaves the other."""

    def edit(ome: dict[str, Any]) -> None:
        other = {**ome["multiscales"][0], "datasets": [{"path": "lost"}]}
        ome["multiscales"].append(other)

    image = read(build_image(tmp_path / "s.zarr", edit=edit))
    where = [p.loc[:2] for p in image.problems if "Entry 1" in p.message]

    assert 2 == len(image.levels)
    assert [("multiscales", 1)] == where


def test_many_problems(tmp_path: Path) -> None:
    """No more problems are kept than the limit, and the last says that."""
    path = build_image(
        tmp_path / "s.zarr",
        transforms=[[{"type": f"bend{i}"} for i in range(60)]] * 2,
    )
    image = read(path, limits=Limits(problems=20))

    assert 20 >= len(image.problems)
    assert "more" in image.problems[-1].message


def test_duplicate_key_is_told(tmp_path: Path) -> None:
    """What is wrong with the text of a document is told with the rest."""
    path = build_image(tmp_path / "s.zarr", levels=1)
    text = (path / ".zattrs").read_text()
    (path / ".zattrs").write_text('{"omero": 1, "omero": null,' + text[1:])

    assert "duplicate-key" in {p.kind for p in read(path).problems}


def test_names_from_the_file_are_plain(tmp_path: Path) -> None:
    """Text of the file is made fit to be shown in every problem."""

    def edit(ome: dict[str, Any]) -> None:
        ome["multiscales"][0]["datasets"][1]["path"] = "\u202e<img src='x'>\x07"

    image = read(build_image(tmp_path / "s.zarr", edit=edit))
    text = "".join(p.message for p in image.problems)

    assert not {"<", "\u202e", "\x07"} & set(text)


def test_big_endian_level(tmp_path: Path) -> None:
    """Levels that differ only in their byte order are of one type."""
    path = build_image(tmp_path / "s.zarr")
    data = pixels((2, 2, 8, 8), ">u2")
    write_array(path / "1", data, zarr_format=2, chunks=(8,) * 4)
    image = read(path)

    assert 2 == len(image.levels)
    np.testing.assert_array_equal(data, image.levels[1])
