"""What is written is what was meant, in every version; what is lost is told."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.documents import image04, image05, image06, scene06, valid_documents
from cases.groups import VERSIONS, groups
from napari_ngff.core.problems import VersionForbids
from napari_ngff.metadata.axes import Axis, CoordinateSystem
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.model import (
    Channel,
    Edge,
    Endpoint,
    Group,
    ImageLabel,
    Level,
    Multiscale,
    Rendering,
    Well,
    WellImage,
    Window,
)
from napari_ngff.metadata.transforms import (
    Affine,
    Identity,
    Rotation,
    Scale,
    Sequence,
    Translation,
    Unknown,
    matrix,
)
from napari_ngff.metadata.versions import read_group
from napari_ngff.metadata.writing import as_version, losses, write_group

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.core.problems import Problem

ZYX = (
    Axis(name="z", type="space", unit="micrometer"),
    Axis(name="y", type="space", unit="micrometer"),
    Axis(name="x", type="space", unit="micrometer"),
)
SHEAR = Affine(((1.0, 0.5, 0.0, 3.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.1)))


def image(**changes: Any) -> Group:
    """A group with one image of one level."""
    own: dict[str, Any] = {
        "name": "image",
        "axes": ZYX,
        "levels": (Level(path="0", transform=Scale((2.0, 0.5, 0.5))),),
        "transform": Identity(),
        "method": "mean",
        "metadata": {},
    }
    axes = changes.get("axes", ZYX)
    if len(axes) != 3:
        own["levels"] = (Level(path="0", transform=Scale((1.0,) * len(axes))),)
    multiscale = Multiscale(**(own | changes))
    return Group(version=None, dialect="0.5", multiscales=(multiscale,))


def kinds(problems: tuple[Problem, ...], level: str) -> list[str]:
    return [problem.kind for problem in problems if problem.level == level]


def read_back(group: Group, version: Any) -> Group:
    """What is read of what is written; nothing of it is wrong."""
    document = write_group(group, version)
    assert document == json.loads(json.dumps(document, allow_nan=False))
    found = read_group(document, zarr_format=2 if version == "0.4" else 3)
    assert [] == kinds(found.problems, "error")
    return replace(found, problems=())


QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@given(st.sampled_from(VERSIONS).flatmap(groups))
@QUICK
def test_what_is_written_is_read_again(group: Group) -> None:
    """A group of a version is not changed by it, and nothing is lost."""
    version: Any = group.dialect

    assert () == losses(group, version)
    assert group == read_back(group, version)


@given(st.sampled_from(VERSIONS).flatmap(groups), st.sampled_from(VERSIONS))
@QUICK
def test_any_group_in_any_version(group: Group, version: Any) -> None:
    """Only coordinate systems and scenes are lost, and only before 0.6."""
    told = losses(group, version)
    kept = as_version(group, version)

    assert {p.kind for p in told} <= {"coordinate-system-lost", "scene-lost"}
    assert bool(told) == (version != "0.6" and loses(group))
    assert kept == read_back(group, version)
    assert kept == as_version(kept, version)
    assert () == losses(kept, version)
    same_places(group, kept)


def loses(group: Group) -> bool:
    images = group.multiscales
    return bool(group.scene) or any(len(m.coordinate_systems) > 1 for m in images)


def same_places(before: Group, after: Group) -> None:
    """The levels are where they were."""
    for old, new in zip(before.multiscales, after.multiscales, strict=True):
        for index in range(len(old.levels)):
            expected, found = level_matrix(old, index), level_matrix(new, index)
            assert expected is not None
            assert found is not None
            atol = 1e-12 * np.abs(expected).max()
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=atol)


@pytest.mark.parametrize("document", valid_documents(), ids=json.dumps)
def test_a_document_is_written_as_it_was(document: dict[str, Any]) -> None:
    """Not a key is changed in a document that has nothing wrong with it."""
    group = read_group(document)
    version: Any = group.dialect.replace("0.9", "0.6")

    expected = json.loads(json.dumps(document).replace("0.9.dev1", "0.6"))
    assert expected == write_group(group, version)


def test_real_metadata(stores: Path) -> None:
    """What other programs wrote is written again, or it is told why it may not be."""
    written = refused = 0
    for file in sorted([*stores.rglob(".zattrs"), *stores.rglob("zarr.json")]):
        value = json.loads(file.read_bytes())
        attributes = value if file.name == ".zattrs" else value.get("attributes", {})
        group = read_group(attributes)
        for version in VERSIONS:
            told = losses(group, version)  # type: ignore[arg-type]
            if kinds(told, "error"):
                refused += 1
                continue
            written += 1
            kept = as_version(group, version)  # type: ignore[arg-type]
            assert kept == read_back(group, version)
            same_places(group, kept)

    assert written > 300
    assert refused < written / 5


def test_a_whole_document_of_0_5() -> None:
    """Axes, levels, channels and foreign keys, in the words of the specification."""
    group = replace(
        image(
            levels=(
                Level(path="0", transform=Scale((1, 0.1625, 0.1))),
                Level(
                    path="1",
                    transform=Sequence(
                        (Scale((1, 0.325, 0.2)), Translation((0, 0.08125, 0.05)))
                    ),
                ),
            )
        ),
        rendering=Rendering(
            channels=(
                Channel(
                    label="DNA",
                    color="0096FF",
                    active=True,
                    window=Window(start=10, end=200, min=0, max=255.5),
                    extra={"family": "linear"},
                ),
            ),
            model="color",
            extra={"rdefs": {"projection": "normal"}, "id": 7},
        ),
        extra={"creator": "us"},
        foreign={"lab": [1]},
    )

    found = write_group(group, "0.5")

    axes = [{"name": n, "type": "space", "unit": "micrometer"} for n in "zyx"]
    fine = [{"type": "scale", "scale": [1, 0.1625, 0.1]}]
    coarse = [
        {"type": "scale", "scale": [1, 0.325, 0.2]},
        {"type": "translation", "translation": [0, 0.08125, 0.05]},
    ]
    key = "coordinateTransformations"
    expected = {
        "ome": {
            "version": "0.5",
            "multiscales": [
                {
                    "name": "image",
                    "axes": axes,
                    "datasets": [{"path": "0", key: fine}, {"path": "1", key: coarse}],
                    "type": "mean",
                    "metadata": {},
                }
            ],
            "omero": {
                "channels": [
                    {
                        "label": "DNA",
                        "color": "0096FF",
                        "active": True,
                        "window": {"min": 0, "max": 255.5, "start": 10, "end": 200},
                        "family": "linear",
                    }
                ],
                "rdefs": {"model": "color", "projection": "normal"},
                "id": 7,
            },
            "creator": "us",
        },
        "lab": [1],
    }
    assert json.dumps(expected) == json.dumps(found)


def test_0_4_says_its_version_in_each_block() -> None:
    """Not at the root; foreign keys are beside the blocks."""
    group = replace(image(), image_label=ImageLabel(), extra={"a": 1}, foreign={"b": 2})

    found = write_group(group, "0.4")

    assert {"multiscales", "image-label", "a", "b"} == set(found)
    assert (
        "0.4" == found["multiscales"][0]["version"] == found["image-label"]["version"]
    )


def test_0_6_has_one_transformation_a_level() -> None:
    """From the path of the level to the intrinsic system, by a sequence if need be."""
    steps = Sequence((Scale((2, 1, 1)), Translation((0, 0.5, 0.5))))
    levels = (
        Level(path="0", transform=Scale((2, 0.5, 0.5))),
        Level(path="1", transform=steps),
    )

    [entry] = write_group(image(levels=levels), "0.6")["ome"]["multiscales"]

    ends = [{"input": {"path": p}, "output": {"name": "physical"}} for p in "01"]
    scale, offset = (
        {"type": "scale", "scale": [2, 1, 1]},
        {"type": "translation", "translation": [0, 0.5, 0.5]},
    )
    key = "coordinateTransformations"
    assert [
        [ends[0] | {"type": "scale", "scale": [2, 0.5, 0.5]}],
        [ends[1] | {"type": "sequence", "transformations": [scale, offset]}],
    ] == [dataset[key] for dataset in entry["datasets"]]
    assert ["physical"] == [system["name"] for system in entry["coordinateSystems"]]
    assert not {"axes", key} & set(entry)


def test_an_affine_is_exact_in_0_6() -> None:
    """It leads from the intrinsic system to another one, with every digit."""
    [entry] = write_group(image(transform=SHEAR), "0.6")["ome"]["multiscales"]

    assert ["physical", "world"] == [s["name"] for s in entry["coordinateSystems"]]
    [edge] = entry["coordinateTransformations"]
    ends = {"input": {"name": "physical"}, "output": {"name": "world"}}
    rows = [list(row) for row in SHEAR.matrix or ()]
    assert {"type": "affine", "affine": rows} | ends == edge


def test_what_is_called_a_rotation_and_is_none_is_affine() -> None:
    """Files have such; nothing else keeps them from being saved."""
    shear = Rotation(((1.0, 0.0, 0.0), (0.0, 1.0, 1.0), (0.0, 0.0, 1.0)))
    rows = [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0]]
    [entry] = write_group(image(transform=shear), "0.6")["ome"]["multiscales"]
    [edge] = entry["coordinateTransformations"]

    assert ("affine", rows) == (edge["type"], edge["affine"])


def test_names_of_systems_do_not_collide() -> None:
    """A system that is called as one of ours would be keeps its name."""
    taken = tuple(CoordinateSystem(name=n, axes=ZYX) for n in ("here", "world"))
    edge = Edge(
        transform=Identity(), input=Endpoint(name="here"), output=Endpoint(name="world")
    )
    group = image(
        transform=SHEAR, intrinsic="here", coordinate_systems=taken, edges=(edge,)
    )

    [entry] = write_group(group, "0.6")["ome"]["multiscales"]

    names = [system["name"] for system in entry["coordinateSystems"]]
    assert ["here", "world", "world_2"] == names


@pytest.mark.parametrize("outwards", [True, False])
def test_other_systems_stay_where_they_are(outwards: bool) -> None:
    """What goes from the image into its levels is undone on the way to others."""
    ends = Endpoint(name="here"), Endpoint(name="there")
    first, last = ends if outwards else ends[::-1]
    move = Translation((1.0, 2.0, 3.0))
    group = image(
        transform=Scale((4.0, 2.0, 1.0)),
        intrinsic="here",
        coordinate_systems=tuple(
            CoordinateSystem(name=end.name, axes=ZYX) for end in ends
        ),
        edges=(Edge(transform=move, input=first, output=last),),
    )

    found = read_back(group, "0.6").multiscales[0]

    assert Scale((8.0, 1.0, 0.5)) == found.levels[0].transform
    at = matrix(found.edges[0].transform, 3) @ [8.0, 1.0, 0.5, 1]
    expected = [3.0, 2.5, 3.5, 1] if outwards else [9 * 4, 3 * 2, 3.5, 1]
    assert expected == pytest.approx(at.tolist())


@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("where", ["levels", "transform"])
def test_an_affine_is_refused_before_0_6(version: Any, where: str) -> None:
    """Where it is, and what can be done."""
    value = (Level(path="0", transform=SHEAR),) if where == "levels" else SHEAR
    group = image(**{where: value})

    [problem] = losses(group, version)

    assert ("error", "transform-not-held") == (problem.level, problem.kind)
    assert "0.6" in problem.message
    inside = ("datasets", 0) if where == "levels" else ()
    prefix = () if version == "0.4" else ("ome",)
    place = (*prefix, "multiscales", 0, *inside, "coordinateTransformations")
    assert place == problem.loc
    with pytest.raises(VersionForbids, match=r"0\.[45].*pixel size and an offset"):
        write_group(group, version)


def axes(kinds: str) -> tuple[Axis, ...]:
    types = {"t": "time", "c": "channel", "p": "phase", "s": "space"}
    return tuple(Axis(name=f"{k}{i}", type=types[k]) for i, k in enumerate(kinds))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("tcpsss", "axis-count"),
        ("ts", "axis-count-space"),
        ("ttss", "axis-count-time"),
        ("cpss", "axis-count-other"),
        ("ctss", "axis-order"),
        ("ssc", "axis-order"),
    ],
)
def test_axes_that_a_version_forbids(version: Any, types: str, kind: str) -> None:
    """Each rule is told with the names of the axes, and what to do."""
    told = losses(image(axes=axes(types)), version)

    [problem] = [p for p in told if p.kind == kind]
    assert "error" == problem.level
    assert all(f"'{axis.name}'" in problem.message for axis in axes(types))
    assert version in problem.message
    assert ("multiscales", 0) == problem.loc[version != "0.4" :][:2]


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        (image(levels=(Level(path="0", transform=Unknown("")),)), "scale-unknown"),
        (
            image(levels=(Level(path="0", transform=Scale((1, 2))),)),
            "transform-not-held",
        ),
        (image(levels=(Level(path="0", transform=Scale((1, 2, -1))),)), "pixel-size"),
        (image(levels=()), "datasets-empty"),
        (image(transform=Unknown("affine")), "transform-not-held"),
        (image(extra={"when": object()}), "not-json"),
        (replace(image(), rendering=Rendering(channels=(Channel(),))), "channel-"),
        (
            replace(image(), image_label=ImageLabel(colors={1: (0, 0, 0, 256)})),
            "label-",
        ),
        (Group(version=None, dialect="0.5", image_label=ImageLabel()), "label-without"),
        (
            Group(
                version=None, dialect="0.5", well=Well(images=(WellImage(path=".."),))
            ),
            "well-image-path",
        ),
    ],
)
def test_what_no_version_allows(group: Group, kind: str) -> None:
    """It is an error in each, and nothing is written."""
    for version in VERSIONS:
        told = losses(group, version)  # type: ignore[arg-type]

        assert any(found.startswith(kind) for found in kinds(told, "error"))
        with pytest.raises(VersionForbids):
            write_group(group, version)  # type: ignore[arg-type]


def test_what_is_not_finite_is_left_empty() -> None:
    """JSON has no word for it: told once for each property, with their number."""
    properties = {
        1: {"area": nan, "class": "a"},
        2: {"area": inf, "class": "b"},
        3: {"area": np.float32(0.1)},
    }
    group = replace(image(), image_label=ImageLabel(properties=properties))

    [problem] = losses(group, "0.5")
    found = read_back(group, "0.5").image_label

    assert ("warning", "not-finite") == (problem.level, problem.kind)
    assert "'area' (of 2 labels)" in problem.message
    assert ("ome", "image-label", "properties", 0, "area") == problem.loc
    assert found is not None
    assert {"area": None, "class": "a"} == found.properties[1]
    assert {"area": float(np.float32(0.1))} == found.properties[3]


@pytest.mark.parametrize("unit", ["pixel", "Pixels", "px"])
@pytest.mark.parametrize("version", VERSIONS)
def test_pixel_is_no_unit(unit: str, version: Any) -> None:
    """It is not written; neither is that of a pixel size that nobody stated."""
    some = (replace(ZYX[0], unit=unit), *ZYX[1:])
    levels = (Level(path="0", transform=Scale((1.0, 0.5, 1.0), assumed=(2,))),)

    text = json.dumps(write_group(image(axes=some, levels=levels), version))
    found = read_group(json.loads(text)).multiscales[0]

    assert "ixel" not in text
    assert [None, "micrometer", None] == [axis.unit for axis in found.axes]


def test_units_are_the_specifications() -> None:
    """A synonym becomes its name; a unit that is not known stays."""
    units = ("um", "µm", "furlong")
    some = tuple(replace(a, unit=u) for a, u in zip(ZYX, units, strict=True))

    found = read_back(image(axes=some), "0.4").multiscales[0]

    assert ["micrometer", "micrometer", "furlong"] == [a.unit for a in found.axes]


def test_what_only_0_6_holds_is_told_before_it() -> None:
    """A system and its transformations once; a scene."""
    told = losses(read_group(image06()), "0.5")
    assert [("warning", "coordinate-system-lost")] == [(p.level, p.kind) for p in told]
    assert "'world'" in told[0].message

    [scene] = losses(read_group(scene06()), "0.4")
    assert ("warning", "scene-lost") == (scene.level, scene.kind)


def test_a_transformation_that_was_not_understood_is_lost() -> None:
    """It is left out with the system that only it leads to, and told."""
    document = image06()
    [entry] = document["ome"]["multiscales"]
    entry["coordinateTransformations"][0]["type"] = "spline"
    group = read_group(document)

    [problem] = losses(group, "0.6")
    found = read_back(group, "0.6").multiscales[0]

    assert ("warning", "transform-lost") == (problem.level, problem.kind)
    assert ["physical"] == [system.name for system in found.coordinate_systems]


def test_the_version_of_omero_is_that_of_the_document() -> None:
    """Until 0.4 it has one; it does not go stale, nor where there is none."""
    document = image04()
    document["omero"]["version"] = "0.3"
    group = read_group(document)

    assert "0.4" == write_group(group, "0.4")["omero"]["version"]
    assert "version" not in write_group(group, "0.5")["ome"]["omero"]
    assert "version" not in write_group(read_group(image05()), "0.4")["omero"]


def test_numbers_of_numpy() -> None:
    """They are Python's own in the document, with all their digits."""
    scale = Scale(tuple(np.array([0.1, 1 / 3, 5e-324])))
    window = Window(start=np.uint16(3), end=np.float64(0.3), min=0, max=2**53 + 1)
    channel = Channel(color="ffffff", window=window)
    group = replace(
        image(levels=(Level(path="0", transform=scale),)),
        rendering=Rendering(channels=(channel,), default_t=np.int64(2)),
    )

    text = json.dumps(write_group(group, "0.5"))

    assert "[0.1, 0.3333333333333333, 5e-324]" in text
    assert '{"min": 0, "max": 9007199254740993, "start": 3, "end": 0.3}' in text
    assert '"defaultT": 2' in text
    assert '"FFFFFF"' in text


def test_problems_name_the_node() -> None:
    """Those of adapting and those of judging."""
    told = losses(image(axes=axes("ss"), extra={"x": nan}), "0.5", node="labels/a")

    assert ("labels/a",) * len(told) == tuple(problem.node for problem in told)
    assert () != told


def test_empty_lists_stay() -> None:
    """A group that lists no labels is not one that says nothing of labels."""
    group = Group(version="0.5", dialect="0.5", loc=("ome",), labels=(), series=())

    assert {"version": "0.5", "labels": [], "series": []} == write_group(group, "0.5")[
        "ome"
    ]
    assert group == read_back(group, "0.5")


def test_a_level_without_a_transformation_has_a_scale() -> None:
    """An identity is the scale of ones, which more readers take."""
    group = image(levels=(Level(path="0", transform=Identity()),))

    for version in VERSIONS:
        found = read_back(group, version).multiscales[0].levels[0]
        assert Scale((1.0, 1.0, 1.0)) == found.transform


def test_nothing_is_shared_with_the_model() -> None:
    """Changing the document does not change what it was written from."""
    extra = {"list": [1]}
    group = replace(image(extra=extra), foreign={"lab": {"a": []}})

    document = write_group(group, "0.5")
    document["ome"]["multiscales"][0]["list"].append(2)
    document["lab"]["a"].append(1)

    assert {"list": [1]} == extra
    assert {"lab": {"a": []}} == group.foreign
