"""Scenes that an image is placed in follow what its coordinate systems are called."""

from __future__ import annotations

import json

import pytest

from cases.build import build_image
from cases.many import build_scene
from napari_ngff import read
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.save import save
from napari_ngff.metadata.editing.systems import (
    AddSystem,
    RemoveSystem,
    RenameSystem,
)

NAMED = RenameSystem(name="physical", new="stage")


def names(path):
    """Return the names that a scene has for the systems of its images, by path."""
    edges = json.loads((path / "zarr.json").read_text())["attributes"]["ome"]["scene"]
    ends = (edge["input"] for edge in edges["coordinateTransformations"])
    return {end["path"]: end["name"] for end in ends}


def test_a_scene_follows_a_new_name(tmp_path):
    """Both documents are saved together; the other image keeps its name."""
    path = build_scene(tmp_path / "s.zarr")
    before = (path / "zarr.json").read_bytes()
    draft = Draft.open(path / "image0").edited(NAMED)

    assert {"image0/zarr.json", "zarr.json"} == set(draft.patch.files)
    assert draft.is_edited(NAMED.field)
    save(draft)

    assert {"image0": "stage", "image1": "physical"} == names(path)
    assert [] == [p for p in read(path).problems if p.level == "error"]
    again = Draft.open(path / "image0").edited(
        RenameSystem(name="stage", new="physical")
    )
    save(again)
    assert before == (path / "zarr.json").read_bytes()


def test_undo_takes_the_name_in_the_scene_back(tmp_path):
    """Nothing is left to be saved."""
    path = build_scene(tmp_path / "s.zarr")
    draft = Draft.open(path / "image1").edited(NAMED)

    assert {"image1", ""} == set(draft.changes)
    assert not draft.undo().is_changed


def test_a_system_that_a_scene_needs_stays(tmp_path):
    """It is told which scene; one that it does not name may go."""
    path = build_scene(tmp_path / "s.zarr")
    draft = Draft.open(path / "image0").edited(AddSystem(name="atlas"))
    save(draft)
    text = (path / "zarr.json").read_text().replace('"physical"', '"atlas"', 1)
    (path / "zarr.json").write_text(text)

    refused = Draft.open(path / "image0").edited(RemoveSystem(name="atlas"))

    (problem,) = refused.refused
    assert "coordinate-system-used" == problem.kind
    assert "the scene in the store's root" in problem.message
    other = Draft.open(path / "image1").edited(AddSystem(name="atlas"))
    assert () == other.edited(RemoveSystem(name="atlas")).refused


@pytest.mark.parametrize("version", ["0.5", "0.6"])
def test_an_image_without_a_scene_has_one_document(tmp_path, version):
    """No other group is looked into."""
    path = build_image(tmp_path / "a.zarr", version=version, labels={"a": {}})

    stored = Draft.open(path / "labels" / "a").documents

    assert {"labels/a"} == {
        d.node for d in stored.documents.values() if d.kind == "group"
    }
