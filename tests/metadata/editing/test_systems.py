"""Coordinate systems are added, renamed and removed, and what leads to them edited."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.documents import edge, image05, image06, scene06
from napari_ngff.core.patch import apply, inverted
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.systems import (
    AddSystem,
    RemoveSystem,
    RenameSystem,
    SetTransform,
    SystemEdit,
    affine,
    system_changes,
)
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.transforms import (
    Affine,
    Identity,
    Rotation,
    Scale,
    Translation,
    matrix,
)
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Group

SHEAR = affine([[1, 0.5, 0, 3], [0, 1, 0, 0], [0, 0, 1, 0.1]])


def edited(attributes: Any, *edits: SystemEdit) -> tuple[Any, Group]:
    """Make edits, each of which can be undone; nothing is wrong before or after."""
    for edit in edits:
        before = deepcopy(attributes)
        changes = system_changes(edit, attributes, read_group(attributes))
        assert not isinstance(changes, Problem), changes
        after = apply(attributes, changes)
        assert before == attributes
        assert before == apply(after, inverted(changes))
        attributes = after
    group = read_group(attributes)
    assert [] == [str(p) for p in group.problems if p.level == "error"]
    return attributes, group


def refused(attributes: Any, edit: SystemEdit) -> Problem:
    """Return why an edit cannot be made."""
    found = system_changes(edit, attributes, read_group(attributes))
    assert isinstance(found, Problem)
    assert found.level == "error"
    return found


def test_a_system_comes_and_goes() -> None:
    """With the axes of the intrinsic one, and the way there."""
    before = image06()
    added = AddSystem(name="atlas", transform=SHEAR)

    after, group = edited(before, added)

    image = group.multiscales[0]
    assert ["physical", "world", "atlas"] == [s.name for s in image.coordinate_systems]
    assert image.axes == image.coordinate_systems[2].axes
    assert SHEAR == image.edges[1].transform
    assert ("physical", "atlas") == (image.edges[1].input.name, "atlas")
    assert before == edited(after, RemoveSystem(name="atlas"))[0]
    assert ("system", "image", "atlas") == added.field


def test_the_first_way_makes_a_list() -> None:
    """Where there was only the system of the levels."""
    before = image06()
    entry = before["ome"]["multiscales"][0]
    del entry["coordinateTransformations"], entry["coordinateSystems"][1]

    after, group = edited(before, AddSystem(name="atlas"))

    assert Identity() == group.multiscales[0].edges[0].transform
    emptied, _ = edited(after, RemoveSystem(name="atlas"))
    assert before == emptied


@pytest.mark.parametrize("name", ["physical", "world"])
def test_a_name_changes_everywhere(name: str) -> None:
    """In the system, its levels, and at both ends of what leads there."""
    before = image06()

    after, group = edited(before, RenameSystem(name=name, new="µm <space>"))

    assert f"'{name}'" not in repr(after)
    old = read_group(before).multiscales[0]
    new = group.multiscales[0]
    for index in range(2):
        np.testing.assert_array_equal(
            level_matrix(old, index), level_matrix(new, index)
        )
    assert before == edited(after, RenameSystem(name="µm <space>", new=name))[0]


def test_a_name_in_the_syntax_of_a_development_version() -> None:
    """There ends are texts, and stay so."""
    before = image06("0.6.dev3")
    item = before["ome"]["multiscales"][0]["coordinateTransformations"][0]
    item |= {"input": "physical", "output": "world"}

    after, _ = edited(before, RenameSystem(name="world", new="stage"))

    [found] = after["ome"]["multiscales"][0]["coordinateTransformations"]
    assert ("physical", "stage") == (found["input"], found["output"])


@pytest.mark.parametrize("of", ["image", "scene"])
def test_what_cannot_be(of: Any) -> None:
    """It is said why, and nothing is changed."""
    document = image06() if of == "image" else scene06()
    taken = "world"

    wrong = [
        AddSystem(name=taken, of=of),
        AddSystem(name=" ", of=of),
        AddSystem(name="new", source="nowhere", of=of),
        AddSystem(name="new", transform=Scale((1.0,)), of=of),
        AddSystem(name="new", transform=Affine(None), of=of),
        AddSystem(name="new", transform=Scale((1.0, float("inf"), 1.0)), of=of),
        RenameSystem(name="nowhere", new="new", of=of),
        RenameSystem(name=taken, new="", of=of),
        RemoveSystem(name="nowhere", of=of),
        SetTransform(edge=7, transform=SHEAR, of=of),
    ]
    kinds = [refused(document, edit).kind for edit in wrong]

    assert [
        "coordinate-system-duplicate",
        "coordinate-system-name",
        "coordinate-system-unknown",
        "transform-length",
        "transform-lost",
        "transform-number",
        "coordinate-system-unknown",
        "coordinate-system-name",
        "coordinate-system-unknown",
        "transform-unknown",
    ] == kinds
    assert refused(image05(), wrong[0]).kind == "no-systems"
    assert () == system_changes(
        RenameSystem(name=taken, new=taken, of=of), document, read_group(document)
    )


def test_what_is_needed_stays() -> None:
    """The system of the levels, and what places another system or a label image."""
    document = image06()
    edges = document["ome"]["multiscales"][0]["coordinateTransformations"]

    assert "levels" in refused(document, RemoveSystem(name="physical")).message
    label = {"path": "labels/cells", "name": "physical"}
    edges.append(edge(type="identity") | {"input": label})
    assert "'labels/cells'" in refused(document, RemoveSystem(name="world")).message
    scene = scene06()
    assert "'tile_0'" in refused(scene, RemoveSystem(name="world", of="scene")).message
    onwards = edited(scene, AddSystem(name="b", of="scene"))[0]
    onwards = edited(onwards, AddSystem(name="c", source="b", of="scene"))[0]
    needed = refused(onwards, RemoveSystem(name="b", of="scene"))
    assert "'c' is placed by it alone" in needed.message
    back, _ = edited(
        onwards, RemoveSystem(name="c", of="scene"), RemoveSystem(name="b", of="scene")
    )
    assert scene == back


ROWS = st.lists(
    st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4), min_size=3, max_size=3
)


@given(ROWS)
def test_an_affine_is_edited(rows: Any) -> None:
    """Number by number, the keys beside them kept."""
    before = image06()
    [item] = before["ome"]["multiscales"][0]["coordinateTransformations"]
    item["name"], item["note"] = "to the stage", [1]

    after, group = edited(before, SetTransform(edge=0, transform=affine(rows)))

    found = group.multiscales[0].edges[0]
    np.testing.assert_array_equal(rows, np.array(matrix(found.transform, 3))[:3])
    assert "to the stage" == found.name
    rows[1][2] += 1.0
    changed = affine(rows)
    edit = SetTransform(edge=0, transform=changed)
    changes = system_changes(edit, after, group)
    assert not isinstance(changes, Problem)
    assert {("affine", 1, 2)} >= {c.loc[-3:] for c in changes}
    back, _ = edited(after, SetTransform(edge=0, transform=Identity()))
    assert before == back


def test_what_leads_to_labels_is_simple() -> None:
    """Only scale and translation may; of a scene's images anything."""
    document = image06()
    label = {"path": "labels/cells", "name": "physical"}
    found = edge(type="identity") | {"output": label}
    document["ome"]["multiscales"][0]["coordinateTransformations"].append(found)

    refusal = refused(document, SetTransform(edge=1, transform=SHEAR))
    moved = SetTransform(edge=1, transform=Translation((0.0, 1.0, 2.0)))
    _, group = edited(document, moved)
    turned = SetTransform(edge=1, transform=SHEAR, of="scene")
    _, scene = edited(scene06(), turned)

    assert "edge-label-type" == refusal.kind
    assert moved.transform == group.multiscales[0].edges[1].transform
    assert scene.scene is not None
    assert SHEAR == scene.scene.edges[1].transform
    assert "tile_1 to world" == scene.scene.edges[1].name


def test_how_an_image_as_a_whole_is_shown() -> None:
    """It can be turned, turned further and turned back."""
    before = image06()
    whole = SetTransform(edge=None, transform=SHEAR)
    angle = Rotation(((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))

    turned, group = edited(before, whole)
    again, other = edited(turned, replace(whole, transform=angle))
    named, renamed = edited(again, RenameSystem(name="world_2", new="shown"))
    _, edge_edited = edited(named, SetTransform(edge=0, transform=SHEAR))

    assert SHEAR == group.multiscales[0].transform
    assert angle == other.multiscales[0].transform
    assert angle == renamed.multiscales[0].transform
    assert angle == edge_edited.multiscales[0].transform
    assert [SHEAR] == [e.transform for e in edge_edited.multiscales[0].edges]
    assert "shown in it" in refused(named, RemoveSystem(name="shown")).message
    back, _ = edited(named, replace(whole, transform=Identity()))
    assert before == back
    assert () == system_changes(
        replace(whole, transform=Identity()), before, read_group(before)
    )
    scene = replace(whole, of="scene")
    assert "transform-unknown" == refused(scene06(), scene).kind
