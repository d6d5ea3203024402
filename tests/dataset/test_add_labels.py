"""Labels added to an image that is there: all they need, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from cases.painting import (
    copy_of,
    inodes,
    labels_of,
    objects,
    pyramid,
    store,
    stored,
)
from faults.dead import dead_owner
from napari_ngff import read, validate, write
from napari_ngff.core.problems import Cancelled, CannotSave, TargetExists
from napari_ngff.dataset.add_labels import add_labels
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.dataset.saving.options import VERSIONS, SaveOptions
from napari_ngff.dataset.write_back import write_back
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.model import ImageLabel
from napari_ngff.storage.commit.owners import write_owner
from napari_ngff.storage.commit.places import Places

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SHAPE = (2, 4, 60, 70)
AXES = "czyx"
SCALE = {"z": 2.0, "y": 0.5, "x": 0.5}
LOOKS = ImageLabel(colors={1: (1, 2, 3, 255)}, properties={1: {"class": "a"}})


def image(path: Path, **options: Any) -> Path:
    """Save an image without labels."""
    settings: dict[str, Any] = {"levels": 3, "axes": AXES, "scale": SCALE}
    settings |= {"units": "um", **options}
    written = write(path, objects(SHAPE), **settings)
    assert not isinstance(written, tuple)
    return written


def label(name: str = "cells", pixels: NDArray[Any] | None = None) -> LabelData:
    """Labels of that image, on its own pixel grid."""
    pixels = objects(SHAPE[1:]) if pixels is None else pixels
    whole = image_of(
        np.zeros(SHAPE, "u1"), axes=AXES, scale=SCALE, units="um", labels={name: pixels}
    )
    return replace(whole.labels[0], image_label=LOOKS)


@pytest.mark.parametrize("version", VERSIONS)
def test_labels_are_read_with_their_image(version: Any, tmp_path: Path) -> None:
    """Pixels, levels, place, colours and properties; the image stays valid."""
    path = image(tmp_path / "a.ome.zarr", version=version)
    before, report = inodes(path), validate(path)

    added = add_labels(str(path), "", [label()], SaveOptions(chunks={"y": 16, "x": 16}))

    found = read(path)
    assert isinstance(found, ImageData)
    [own] = found.labels
    assert ("labels/cells",) == added.nodes
    assert ("cells", "") == (own.name, own.parent)
    assert LOOKS.colors == own.image_label.colors
    assert LOOKS.properties == own.image_label.properties
    assert 3 == len(own.image.levels)
    expected = pyramid(objects(SHAPE[1:]), (1, 2, 2))
    for mine, level in zip(expected, own.image.levels, strict=True):
        np.testing.assert_array_equal(level.compute(), mine)
    np.testing.assert_allclose(
        level_matrix(found.multiscale, 0)[1:, 1:], level_matrix(own.image.multiscale, 0)
    )
    after = validate(path)
    assert (True, True) == (report.valid, after.valid)
    now = inodes(path)
    assert before == {name: now[name] for name in before}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("consolidated", [False, True])
def test_others_stay(version: Any, consolidated: bool, tmp_path: Path) -> None:
    """Labels that are there, foreign files and keys; consolidated copies are told."""
    path = image(
        tmp_path / "a.ome.zarr", version=version, labels={"old": objects(SHAPE[1:])}
    )
    (path / "labels" / "notes.txt").write_text("mine")
    zarr.open_group(path / "labels", mode="r+").attrs["mine"] = 5
    if consolidated:
        consolidate(path)
    before = inodes(path)

    add_labels(str(path), "", [label("new"), label("newer")])

    found = read(path)
    assert ["old", "new", "newer"] == [own.name for own in found.labels]
    assert [] == [p for p in found.problems if p.level == "error"]
    group = zarr.open_group(path / "labels", mode="r")
    assert 5 == group.attrs["mine"]
    documents = {"labels/.zattrs", "labels/.zgroup", "labels/zarr.json"}
    documents |= {"zarr.json", ".zmetadata"} if consolidated else set()
    now = inodes(path)
    kept = {name for name in before if now.get(name) == before[name]}
    assert before.keys() - documents <= kept
    if consolidated:
        told = zarr.open_consolidated(path)
        assert dict(group.attrs) == dict(told["labels"].attrs)
        for name in ("old", "new", "newer"):
            np.testing.assert_array_equal(
                told[f"labels/{name}/0"][...], objects(SHAPE[1:])
            )


def consolidate(place: Path) -> None:
    """Consolidate without zarr's warning, but for files that are not zarr's."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(place)


def test_an_image_inside_a_store(tmp_path: Path) -> None:
    """Of several images in one store, the one that is meant gets them."""
    images = [
        image_of(objects(SHAPE), axes=AXES, scale=SCALE, units="um", name=name)
        for name in "ab"
    ]
    path = write(tmp_path / "a.ome.zarr", images, several="series")
    before = inodes(path)

    add_labels(str(path), "1", [label()])

    assert ["cells"] == [own.name for own in read(path / "1").labels]
    assert () == read(path / "0").labels
    now = inodes(path)
    assert before == {name: now[name] for name in before}


def test_labels_of_fewer_axes(tmp_path: Path) -> None:
    """One plane of labels, along the axes that it has."""
    path = image(tmp_path / "a.ome.zarr")
    flat = image_of(objects(SHAPE[2:]), axes="yx", scale={"y": 0.5, "x": 0.5})
    plane = LabelData(name="flat", image=flat, image_label=ImageLabel())

    add_labels(str(path), "", [plane])

    np.testing.assert_array_equal(stored(path, "labels/flat")[0], objects(SHAPE[2:]))


def test_a_part_of_a_store_is_refused(tmp_path: Path) -> None:
    """Paths count from the store: those of a part would lead to another image."""
    images = [image_of(objects(SHAPE), axes=AXES, name=name) for name in "ab"]
    path = write(tmp_path / "a.ome.zarr", images, several="series")
    before = inodes(path)

    with pytest.raises(CannotSave, match=r"part of .*a\.ome\.zarr"):
        add_labels(str(path / "1"), "", [label()])

    assert before == inodes(path)


@pytest.mark.parametrize("name", ["cells", "a/b", "", "..", ".hidden", "x\0"])
def test_names_that_cannot_be(name: str, tmp_path: Path) -> None:
    """One that is taken, and what is no name."""
    path = image(tmp_path / "a.ome.zarr", labels={"cells": objects(SHAPE[1:])})
    before = inodes(path)

    with pytest.raises(TargetExists if name == "cells" else CannotSave):
        add_labels(str(path), "", [replace(label(), name=name)])

    assert before == inodes(path)


def test_labels_that_do_not_fit(tmp_path: Path) -> None:
    """They must be as large as the image."""
    path = image(tmp_path / "a.ome.zarr")
    small = image_of(objects((4, 60, 69)), axes="zyx")
    before = inodes(path)

    with pytest.raises(CannotSave, match="have 69 pixels along x, the image has 70"):
        add_labels(str(path), "", [LabelData(name="small", image=small)])

    assert before == inodes(path)


def test_numbers_that_are_no_labels(tmp_path: Path) -> None:
    """Labels are integers."""
    path = image(tmp_path / "a.ome.zarr")
    real = image_of(objects(SHAPE[1:]).astype("f4"), axes="zyx")

    with pytest.raises(CannotSave, match="must be integers"):
        add_labels(str(path), "", [LabelData(name="real", image=real)])

    assert not (path / "labels").exists()


def test_an_archive_is_refused(tmp_path: Path) -> None:
    """It says what to do instead."""
    path = image(tmp_path / "a.ozx")
    before = path.read_bytes()

    with pytest.raises(CannotSave, match=r"single file.*Save As"):
        add_labels(str(path), "", [label()])

    assert before == path.read_bytes()


def test_old_versions_are_refused(tmp_path: Path) -> None:
    """An image of 0.1 to 0.3 has no labels as we write them."""
    path = tmp_path / "a.zarr"
    root = zarr.open_group(path, mode="w", zarr_format=2)
    root.create_array("0", shape=(4, 4), dtype="u1")
    root.attrs["multiscales"] = [
        {"version": "0.3", "axes": ["y", "x"], "datasets": [{"path": "0"}]}
    ]

    with pytest.raises(CannotSave, match="not an image of one of the versions"):
        add_labels(str(path), "", [label()])


def test_cancel_leaves_no_trace(tmp_path: Path) -> None:
    """Whenever it comes."""
    path = image(tmp_path / "a.ome.zarr")
    before = inodes(path)
    for calls in (1, 2, 4, 6):
        asked = iter(range(calls))

        with pytest.raises(Cancelled):
            add_labels(
                str(path),
                "",
                [label()],
                cancelled=lambda i=asked: next(i, None) is None,
            )

        assert before == inodes(path)
        assert not list(path.glob(".*"))


def test_labels_added_are_painted_and_saved_back(tmp_path: Path) -> None:
    """What was added can be edited as any other labels."""
    path = image(tmp_path / "a.ome.zarr")
    add_labels(str(path), "", [label()])
    edit = copy_of(labels_of(path))
    edit.pixels[0] = 3

    write_back(edit)

    for mine, level in zip(pyramid(edit.pixels, (1, 2, 2)), stored(path), strict=True):
        np.testing.assert_array_equal(level, mine)


def test_an_image_of_others(tmp_path: Path) -> None:
    """A label image that stands alone is an image, too: its labels go below it."""
    path = store(tmp_path / "a.zarr", pyramid(objects((3, 37, 45)), (1, 2, 2)))
    own = image_of(objects((3, 37, 45)), axes="zyx")

    add_labels(str(path), "labels/cells", [LabelData(name="more", image=own)])

    np.testing.assert_array_equal(
        stored(path, "labels/cells/labels/more")[0], objects((3, 37, 45))
    )


@pytest.mark.parametrize("inside", ["labels", "labels/cells"])
def test_labels_that_were_moved_away_are_put_back(inside: str, tmp_path: Path) -> None:
    """A save was killed between two renames: who opens the image finds all."""
    path = image(tmp_path / "a.ome.zarr", labels={"cells": objects(SHAPE[1:])})
    target = path / inside
    place = Places(parent=target.parent, name=target.name, tag="0123abcd")
    target.rename(place.old)

    [own] = read(path).labels

    assert "cells" == own.name
    np.testing.assert_array_equal(own.image.levels[0].compute(), objects(SHAPE[1:]))
    assert not place.old.exists()


def test_what_a_killed_save_left_inside_is_in_nobodys_way(tmp_path: Path) -> None:
    """The next save of labels removes it; an image with it can be replaced."""
    path = image(tmp_path / "a.ome.zarr", labels={"cells": objects(SHAPE[1:])})
    left = Places(parent=path / "labels", name="cells", tag="0123abcd")

    def leave() -> None:
        left.folder.mkdir()
        write_owner(left.owner, dead_owner("cells"))
        (left.root / "0").mkdir(parents=True)
        (left.root / "0" / "zarr.json").write_text("{}")

    leave()
    add_labels(str(path), "", [label("more")])
    assert not (path / "labels" / left.folder.name).exists()

    leave()
    image(path, overwrite=True)
    assert {"cells", "more"} == {own.name for own in read(path).labels}
    assert not (path / "labels" / left.folder.name).exists()


def test_a_save_under_way_inside_is_not_disturbed(tmp_path: Path) -> None:
    """Who comes second is told so."""
    path = image(tmp_path / "a.ome.zarr", labels={"cells": objects(SHAPE[1:])})
    edit = copy_of(labels_of(path))
    edit.pixels[0] = 3

    def meanwhile(fraction: float) -> None:
        if 0.3 < fraction < 0.8:
            with pytest.raises(CannotSave, match="something else is being saved"):
                add_labels(str(path), "", [label("more")])
            tried.append(fraction)

    tried: list[float] = []
    write_back(edit, progress=meanwhile)

    assert tried
    np.testing.assert_array_equal(stored(path)[0], edit.pixels)
    add_labels(str(path), "", [label("more")])
