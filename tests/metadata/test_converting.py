"""Attributes in another version say the same, and lose nothing that files may have."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from cases.build import build_image
from cases.documents import image04, image06, scene06
from cases.groups import VERSIONS, groups
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.versions import read_group
from napari_ngff.metadata.writing import losses, write_group
from napari_ngff.metadata.writing.converting import convert

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Group

PAIRS = [(one, other) for one in VERSIONS for other in VERSIONS if one != other]


def matrices(attributes: Any) -> list[Any]:
    """Where the pixels of every level of every image are."""
    return [
        level_matrix(image, index)
        for image in read_group(attributes).multiscales
        for index in range(len(image.levels))
    ]


def axes(attributes: Any) -> list[Any]:
    """The axes of every image."""
    return [image.axes for image in read_group(attributes).multiscales]


def with_one_system(group: Group) -> Group:
    """Leave out what 0.6 alone can say."""
    images = (
        replace(
            image,
            edges=(),
            coordinate_systems=tuple(
                s for s in image.coordinate_systems if s.name == image.intrinsic
            ),
        )
        for image in group.multiscales
    )
    return replace(group, multiscales=tuple(images), scene=None)


@pytest.mark.parametrize(("version", "other"), PAIRS)
def test_every_group_says_the_same(version: Any, other: Any) -> None:
    """There and back again, where the other version can hold it; else it is told."""
    held = 0

    @given(groups(version) | groups(version).map(with_one_system))
    @settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
    def every(group: Any) -> None:
        before = write_group(group, version)
        kept = deepcopy(before)
        nonlocal held

        after, problems = convert(before, other)

        assert kept == before
        lost = [p.kind for p in losses(group, other) if p.kind != "axis-order"]
        if problems or lost:
            assert problems
            return
        for one, two in zip(matrices(before), matrices(after), strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-300)
        assert axes(before) == axes(after)
        again, problems = convert(after, version)
        assert not problems
        first, second = read_group(before), read_group(again)
        assert first.rendering == second.rendering
        assert first.plate == second.plate
        assert first.image_label == second.image_label
        assert first.foreign | first.extra == second.foreign | second.extra

        held += 1

    every()
    assert held


def test_what_no_model_knows_is_kept() -> None:
    """Keys anywhere, and numbers as they are."""
    before = image04()
    before["_creator"] = {"name": "somebody"}
    entry = before["multiscales"][0]
    entry["axes"][0]["extra"] = 1
    entry["other"] = [None]
    entry["datasets"][0]["own"] = "here"
    entry["datasets"][0]["coordinateTransformations"][0]["note"] = True

    after, problems = convert(before, "0.6")

    assert () == problems
    assert {"ome", "_creator"} == after.keys()
    image = after["ome"]["multiscales"][0]
    assert [None] == image["other"]
    assert 1 == image["coordinateSystems"][0]["axes"][0]["extra"]
    assert "here" == image["datasets"][0]["own"]
    assert '"note": true' in json.dumps(image["datasets"][0])
    assert before == convert(after, "0.4").attributes


def test_faults_that_are_there_already_stay() -> None:
    """They are no reason to refuse, and are not made others."""
    before = image04()
    entry = before["multiscales"][0]
    entry["axes"][-1]["unit"] = "micron"
    before["omero"] = {"channels": [{"color": "#FF0000"}]}

    after, problems = convert(before, "0.5")

    assert () == problems
    assert "micron" == after["ome"]["multiscales"][0]["axes"][-1]["unit"]
    assert before["omero"] == after["ome"]["omero"]


def test_versions_are_said_where_they_are_to_be() -> None:
    """Once for a document from 0.5 on, by blocks before."""
    block = {"version": "0.4", "colors": []}
    before = image04() | {"image-label": block, "omero": {"version": "0.4"}}

    five = convert(before, "0.5").attributes["ome"]
    six = convert(before, "0.6").attributes["ome"]

    assert ["0.5", "0.6"] == [five["version"], six["version"]]
    assert "version" not in five["multiscales"][0]
    assert "0.5" == five["image-label"]["version"]
    assert "version" not in six["image-label"]
    assert "version" not in five["omero"]


@pytest.mark.parametrize(
    ("attributes", "version", "kind"),
    [
        (scene06(), "0.5", "scene-lost"),
        (image06(coordinateTransformations=[]), "0.5", "coordinate-system-lost"),
        (image06(), "0.6", None),
    ],
)
def test_what_would_be_lost_is_told(attributes: Any, version: Any, kind: Any) -> None:
    """As an error, since an upgrade loses nothing."""
    problems = convert(attributes, version).problems

    assert ([] if kind is None else [kind]) == [p.kind for p in problems]
    assert all(problem.level == "error" for problem in problems)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_oldest_versions(version: Any, tmp_path: Any) -> None:
    """Have pixels of size 1, and coarser levels where they were drawn."""
    for old in ("0.1", "0.2", "0.3"):
        path = build_image(
            tmp_path / old, version=old, axes="tczyx", shape=(1, 2, 4, 16, 15)
        )
        before = json.loads((path / ".zattrs").read_text())
        shapes = {"0": (1, 2, 4, 16, 15), "1": (1, 2, 2, 8, 8)}

        after, problems = convert(before, version, shapes=shapes)

        assert () == problems
        fine, coarse = matrices(after)
        np.testing.assert_array_equal(np.eye(6), fine)
        np.testing.assert_allclose([1, 1, 2, 2, 15 / 8, 1], np.diag(coarse))
        np.testing.assert_allclose([0, 0, 0.5, 0.5, 7 / 16], coarse[:-1, -1])
        assert ["t", "c", "z", "y", "x"] == [a.name for a in axes(after)[0]]
        group = read_group(after)
        assert [] == [p.kind for p in group.problems if p.level == "error"]
        assert convert(before, version).problems[0].kind == "level-unknown"


def test_versions_before_the_release_become_it() -> None:
    """A candidate by its version alone; a development version in its syntax too."""
    candidate, early = image06("0.6rc0"), image06("0.6.dev3")
    [way] = early["ome"]["multiscales"][0]["coordinateTransformations"]
    way |= {"input": "physical", "output": "world"}
    early["ome"]["multiscales"][0]["datasets"][0]["own"] = 1

    one, other = convert(candidate, "0.6"), convert(early, "0.6")

    assert (image06(), ()) == one
    dataset = other.attributes["ome"]["multiscales"][0]["datasets"][0]
    assert 1 == dataset.pop("own")
    again = read_group(other.attributes)
    assert () == again.problems
    assert read_group(image06()).multiscales == again.multiscales


def test_wells_are_told_their_places() -> None:
    """Which is a MUST from 0.4 on."""
    names = [{"name": "A"}, {"name": "B"}]
    wells = [{"path": "B/1"}]
    plate = {"version": "0.2", "rows": names, "columns": [{"name": "1"}]}

    after, problems = convert({"plate": plate | {"wells": wells}}, "0.5")

    assert () == problems
    [well] = after["ome"]["plate"]["wells"]
    assert {"path": "B/1", "rowIndex": 1, "columnIndex": 0} == well


def test_what_is_not_ome_zarr_stays() -> None:
    """Attributes of a group or an array with none of our blocks."""
    before = {"encoding-type": "anndata"}

    assert (before, ()) == convert(before, "0.5")
