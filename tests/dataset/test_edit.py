"""The verb `edit`: what it changes on disk, and what it refuses."""

import json

import pytest

from cases.build import build_image
from cases.consolidated import consolidate
from cases.many import build_plate
from napari_ngff import edit, read, validate
from napari_ngff.core.problems import CannotEdit, CannotSave, ChangedMeanwhile
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.conflicts import conflicts
from napari_ngff.dataset.editing.documents import read_again
from napari_ngff.dataset.editing.restoring import history, restore, undo_last_save
from napari_ngff.dataset.editing.save import save
from napari_ngff.metadata.editing import SetMultiscaleName, SetPixelSize


@pytest.fixture(autouse=True)
def _own_history(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path_factory.mktemp("history")))


def contents(path):
    """Return all files of a store."""
    return {p: p.read_bytes() for p in path.rglob("*") if p.is_file()}


def sizes(node):
    """Return the scale of each level."""
    return [level.transform for level in node.multiscale.levels]


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_what_is_edited_is_read_and_can_be_undone(tmp_path, version):
    """All of it in one save; afterwards every byte is what it was."""
    path = build_image(tmp_path / "a.zarr", version=version, labels={"cells": {}})
    consolidate(path)
    before = contents(path)
    wanted = {
        "name": "new",
        "axes": {"z": {"name": "depth", "unit": "nm"}, "c": {"type": "none"}},
        "pixel_size": {"z": "1/4", "x": 0.1625437},
        "origin": {"y": 7},
    }

    dry = edit(path, **wanted, include=["labels"], dry_run=True)
    assert before == contents(path)
    done = edit(path, **wanted, include=["labels"])

    assert dry == done
    assert "0.1625437" in done.text
    node = read(path)
    label = node.labels[0].image
    assert "new" == node.multiscale.name
    assert "cells" == label.multiscale.name
    for image in (node, label):
        axes = {axis.name: axis for axis in image.multiscale.axes}
        assert "nanometer" == axes["depth"].unit
        assert "error" not in {problem.level for problem in image.problems}
    assert validate(path).counts["error"] == 0
    assert not any("stale" in problem.kind for problem in Draft.open(path).problems)

    undone = undo_last_save(path)

    assert before == contents(path)
    assert undone.files.keys() == done.files.keys()
    with pytest.raises(CannotSave, match="no earlier version"):
        undo_last_save(path)


def test_earlier_versions_are_restored(tmp_path):
    """Any of them, whatever came after."""
    path = build_image(tmp_path / "a.zarr", version="0.5")
    before = contents(path)
    for name in ("one", "two", "three"):
        edit(path, name=name)

    entries = history(path)
    assert ["name"] * 3 == [entry.note for entry in entries]
    patch = restore(path, entries[-1])

    assert before == contents(path)
    assert '"three" → "image"' in patch.text
    restore(path, history(path)[0])
    assert "three" == read(path).multiscale.name


def test_another_programs_change_is_never_overwritten(tmp_path):
    """It is told with all three sides; the same edits can be made on top of it."""
    path = build_image(tmp_path / "a.zarr", version="0.5")
    draft = Draft.open(path).edited(
        SetMultiscaleName(name="ours"), SetPixelSize(axis=1, size=3)
    )
    document = path / "zarr.json"
    theirs = json.loads(document.read_bytes())
    theirs["attributes"]["ome"]["multiscales"][0]["name"] = "theirs"
    theirs["attributes"]["more"] = 1
    document.write_text(json.dumps(theirs))
    changed = document.read_bytes()

    with pytest.raises(ChangedMeanwhile):
        save(draft)

    assert changed == document.read_bytes()
    (conflict,) = conflicts(draft)
    name = ("attributes", "ome", "multiscales", 0, "name")
    assert (name,) == conflict.contested
    assert changed == conflict.theirs
    (row,) = (row for row in conflict.rows if row.mark == "contested")
    told = ['"name": "image"', '"name": "theirs"', '"name": "ours"']
    assert told == [text.strip() for text in row.texts]
    again = save(draft.on(read_again(draft.documents)))
    assert "ours" == again.multiscale.name
    assert 1 == json.loads(document.read_bytes())["attributes"]["more"]
    assert () == conflicts(again)
    assert not again.wishes


def test_an_edit_of_nothing_saves_nothing(tmp_path):
    """Not even an entry of the history."""
    path = build_image(tmp_path / "a.zarr")
    before = contents(path)

    assert not edit(path)
    assert not edit(path, name="image", pixel_size={"z": 0.5})
    assert before == contents(path)
    assert () == history(path)


@pytest.mark.parametrize("inside", ["", "A/1/0"])
def test_all_fields_of_a_plate_are_edited_together(tmp_path, inside):
    """By the path of the plate, or from one field with its siblings."""
    path = build_plate(tmp_path / "p.zarr", rows="A", version="0.5")
    consolidate(path)

    patch = edit(
        path / inside,
        axes={"z": {"unit": "nanometer"}},
        pixel_size={"z": 3},
        include=["siblings"],
    )

    assert 5 == len(patch.files)
    for image in read(path).children:
        assert "nanometer" == image.multiscale.axes[1].unit
    assert ["zarr.json"] == sorted(patch.copies)
    assert not any(
        "stale" in p.kind for p in Draft.open(path / "A" / "2" / "1").problems
    )


def test_siblings_share_channels_and_keep_their_origins(tmp_path):
    """Fields of a plate lie side by side; they are stained alike."""
    window = {"min": 0, "max": 9, "start": 0, "end": 9}
    omero = {"channels": [{"color": "FF0000", "window": window}]}
    path = build_plate(tmp_path / "p.zarr", rows="A", columns="1", omero=omero)

    edit(
        path / "A" / "1" / "1",
        origin={"x": 9},
        channels={0: {"name": "DAPI"}},
        include=["siblings"],
    )

    first, second = read(path).children
    assert "9" not in str(first.multiscale.levels[0].transform)
    assert "9" in str(second.multiscale.levels[0].transform)
    for image in (first, second):
        assert "DAPI" == image.group.rendering.channels[0].label


def test_labels_keep_their_proportion(tmp_path):
    """A label image with coarser pixels has coarser pixels afterwards."""
    coarse = {"scale": (0.5, 0.5, 2.0), "shape": (4, 16, 4)}
    path = build_image(tmp_path / "a.zarr", labels={"a": coarse, "b": {}})

    edit(path, pixel_size={"x": 0.1}, origin={"x": 5}, include=["labels"])

    node = read(path)
    found = {label.name: sizes(label.image)[0] for label in node.labels}
    assert "0.4" in str(found["a"])
    assert "0.1" in str(found["b"])
    assert "5" in str(found["b"])


def test_a_new_unit_keeps_the_size_if_wished(tmp_path):
    """Half a micrometer is 500 nm; a pixel size that is given is in the new unit."""
    path = build_image(tmp_path / "a.zarr", labels={"a": {}})
    units = {"z": {"unit": "nm"}, "x": {"unit": "nm"}}

    edit(path, axes=units, keep="size", pixel_size={"x": 7}, include=["labels"])

    node = read(path)
    for image in (node, node.labels[0].image):
        assert "500.0, 0.5, 7" in str(image.multiscale.levels[0].transform)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"axes": {"q": {"unit": "nm"}}}, "no axis 'q'; there are: c, z, y, x"),
        ({"axes": {"z": {"size": 1}}}, "'size' cannot be said of an axis"),
        ({"axes": {"z": {"name": ""}}}, "has to have a name"),
        ({"pixel_size": {"z": "two"}}, "z: This is no number"),
        ({"pixel_size": {"z": -1}}, "."),
        ({"channels": {"x": {"name": "a"}}}, "'x' is not the number of a channel"),
        ({"channels": {0: {"hue": "a"}}}, "'hue' cannot be said of a channel"),
        ({"channels": {0: {"color": "blue"}}}, "."),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_saved(tmp_path, wanted, message):
    """The message says what and what to do."""
    path = build_image(tmp_path / "a.zarr")
    before = contents(path)

    with pytest.raises(CannotEdit, match=message):
        edit(path, name="new", **wanted)

    assert before == contents(path)


def test_a_store_that_is_read_only_can_be_looked_at(tmp_path):
    """All works but saving."""
    from cases.build import zip_store

    path = build_image(tmp_path / "a.zarr", version="0.5")
    packed = zip_store(path, tmp_path / "a.ozx")

    assert "new" in edit(packed, name="new", dry_run=True).text
    with pytest.raises(CannotSave, match="archive"):
        edit(packed, name="new")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("axis-unit-missing", "no one sure remedy"), ("nonsense", "not told of here")],
)
def test_what_has_no_remedy_is_refused_by_name(kind, said, tmp_path):
    """With what could be remedied; nothing is saved."""
    axes = [{"name": "y", "type": "space"}, {"name": "x", "unit": "micron"}]
    path = build_image(tmp_path / "a.zarr", version="0.5", axes=axes)
    before = (path / "zarr.json").read_bytes()

    with pytest.raises(CannotEdit, match=f"{said}; .*axis-type-missing"):
        edit(path, fix=[kind])

    assert before == (path / "zarr.json").read_bytes()


def test_problems_are_fixed_by_kind_or_all_together(tmp_path):
    """What has a sure remedy is remedied; nothing else changes."""
    window = {"min": 0, "max": 255, "start": 0, "end": 255}
    omero = {"channels": [{"color": "#FF0000", "window": window}] * 2}
    path = build_image(
        tmp_path / "a.zarr",
        version="0.5",
        omero=omero,
        axes=["c", {"name": "z", "type": "space", "unit": "micron"}, "y", "x"],
        dimension_names=[None] * 4,
    )
    consolidate(path)
    before = {problem.kind for problem in Draft.open(path).problems}

    edit(path, fix=["channel-color-form"])
    colors = {problem.kind for problem in Draft.open(path).problems}
    edit(path, fix=["all"])
    after = {problem.kind for problem in Draft.open(path).problems}

    assert {"channel-color-form"} == before - colors
    assert {"missing-dimension-names", "axis-unit-unknown"} <= before
    assert not {"missing-dimension-names", "axis-unit-unknown"} & after
    node = read(path)
    assert ["FF0000"] * 2 == [c.color for c in node.group.rendering.channels]
    assert "micrometer" == node.multiscale.axes[1].unit
    document = json.loads((path / "1" / "zarr.json").read_bytes())
    assert list("czyx") == document["dimension_names"]
