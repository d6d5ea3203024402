"""Every coordinate transformation, in the syntax of 0.6, before it and on its way."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest

from cases.documents import AXES, edge, image04, image05, image06
from napari_ngff.metadata.model import Endpoint
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    ByDimensionPart,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Translation,
    Unknown,
)
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Group
    from napari_ngff.metadata.transforms import Transform

TURN = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
MATRIX = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))
SCALE = {"type": "scale", "scale": [1, 2, 3]}
MOVE = {"type": "translation", "translation": [4, 5, 6]}
Scaled, Moved = Scale((1.0, 2.0, 3.0)), Translation((4.0, 5.0, 6.0))


def errors(group: Group) -> list[str]:
    return [problem.kind for problem in group.problems if problem.level == "error"]


def read_edge(**fields: Any) -> tuple[Transform, list[str]]:
    """Read one transformation from ``physical`` to ``world``; both have c, y, x."""
    group = read_group(image06(coordinateTransformations=[edge(**fields)]))
    [found] = group.multiscales[0].edges
    return found.transform, errors(group)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "identity"}, Identity()),
        (SCALE, Scaled),
        (MOVE, Moved),
        ({"type": "rotation", "rotation": TURN}, Rotation(MATRIX)),
        ({"type": "rotation", "path": "a/b"}, Rotation(path="a/b")),
        (
            {"type": "affine", "affine": [[*row, 7] for row in TURN]},
            Affine(tuple((*row, 7.0) for row in MATRIX)),
        ),
        ({"type": "affine", "path": "a"}, Affine(path="a")),
        ({"type": "mapAxis", "mapAxis": [2, 0, 1]}, MapAxis((2, 0, 1))),
        (
            {"type": "projectAxis", "droppedInputs": [0], "createdOutputs": [2]},
            ProjectAxis((0,), (2,)),
        ),
        (
            {"type": "sequence", "transformations": [SCALE, MOVE]},
            Sequence((Scaled, Moved)),
        ),
        (
            {
                "type": "byDimension",
                "transformations": [
                    {
                        "transformation": {"type": "scale", "scale": [2, 3]},
                        "inputAxes": [2, 1],
                        "outputAxes": [1, 2],
                    },
                    {
                        "transformation": {"type": "identity"},
                        "inputAxes": [0],
                        "outputAxes": [0],
                    },
                ],
            },
            ByDimension(
                (
                    ByDimensionPart(Scale((2.0, 3.0)), (2, 1), (1, 2)),
                    ByDimensionPart(Identity(), (0,), (0,)),
                )
            ),
        ),
        (
            {"type": "bijection", "forward": SCALE, "inverse": MOVE},
            Bijection(Scaled, Moved),
        ),
        (
            {"type": "displacements", "path": "f", "interpolation": "linear"},
            Field("displacements", "f", "linear"),
        ),
        ({"type": "coordinates", "path": "f"}, Field("coordinates", "f")),
    ],
)
def test_every_type_is_read(fields: dict[str, Any], expected: Transform) -> None:
    """Each type of the specification, from JSON or by the path of an array."""
    assert (expected, []) == read_edge(**fields)


@pytest.mark.parametrize(
    ("fields", "expected", "found"),
    [
        ({"type": "warp"}, Unknown("warp"), "transform-type-unknown"),
        ({"type": 5}, Unknown(""), "transform-type-invalid"),
        ({}, Unknown(""), "transform-type-missing"),
        ({"type": "scale"}, Unknown("scale"), "transform-scale-missing"),
        ({"type": "scale", "scale": {}}, Unknown("scale"), "transform-scale-invalid"),
        (
            {"type": "scale", "scale": "123"},
            Unknown("scale"),
            "transform-scale-invalid",
        ),
        ({"type": "scale", "scale": []}, Unknown("scale"), "transform-length"),
        ({"type": "scale", "scale": [1, 2]}, Unknown("scale"), "transform-length"),
        ({"type": "scale", "path": "a"}, Unknown("scale"), "transform-path"),
        (
            {"type": "scale", "scale": [1, nan, 3]},
            Scale((1, 1, 3), (1,)),
            "transform-number",
        ),
        (
            {"type": "scale", "scale": [1, inf, 3]},
            Scale((1, 1, 3), (1,)),
            "transform-number",
        ),
        (
            {"type": "translation", "translation": [1, 10**400, True]},
            Translation((1, 0, 0)),
            "transform-number",
        ),
        (
            {"type": "rotation", "rotation": [1]},
            Unknown("rotation"),
            "transform-matrix",
        ),
        (
            {"type": "rotation", "rotation": [[1, 0], [0, 1]]},
            Unknown("rotation"),
            "transform-length",
        ),
        (
            {"type": "affine", "affine": [[1, 2], [3]]},
            Unknown("affine"),
            "transform-matrix",
        ),
        ({"type": "affine", "affine": TURN}, Unknown("affine"), "transform-length"),
        (
            {"type": "affine", "affine": [[1, 2, 3, nan]] * 3},
            Unknown("affine"),
            "transform-number",
        ),
        ({"type": "mapAxis", "mapAxis": [0, 0, 1]}, Unknown("mapAxis"), "indices"),
        ({"type": "mapAxis", "mapAxis": [0, 1]}, Unknown("mapAxis"), "length"),
        ({"type": "mapAxis", "mapAxis": [0, 1, -1]}, Unknown("mapAxis"), "number"),
        ({"type": "projectAxis"}, Unknown("projectAxis"), "parameters-missing"),
        (
            {"type": "projectAxis", "droppedInputs": [0]},
            Unknown("projectAxis"),
            "length",
        ),
        (
            {"type": "projectAxis", "droppedInputs": [0, 0], "createdOutputs": [0, 1]},
            Unknown("projectAxis"),
            "transform-indices",
        ),
        (
            {"type": "projectAxis", "droppedInputs": "0"},
            Unknown("projectAxis"),
            "dropped-inputs-invalid",
        ),
        ({"type": "byDimension"}, Unknown("byDimension"), "transformations-missing"),
        (
            {
                "type": "byDimension",
                "transformations": [{"inputAxes": [0], "outputAxes": [0]}],
            },
            Unknown("byDimension"),
            "parameters-missing",
        ),
        (
            {"type": "affine", "affine": [[1] * 100] * 100},
            Unknown("affine"),
            "limit-exceeded",
        ),
        ({"type": "sequence"}, Unknown("sequence"), "transformations-missing"),
        (
            {"type": "sequence", "transformations": []},
            Unknown("sequence"),
            "parameters-missing",
        ),
        (
            {"type": "sequence", "transformations": [SCALE, 3]},
            Sequence((Scaled, Unknown(""))),
            "transform-invalid",
        ),
        (
            {"type": "bijection", "forward": SCALE},
            Unknown("bijection"),
            "parameters-missing",
        ),
        ({"type": "coordinates"}, Unknown("coordinates"), "transform-path-missing"),
        (
            {
                "type": "byDimension",
                "transformations": [
                    {"transformation": SCALE, "inputAxes": [0], "outputAxes": [7]}
                ],
            },
            Unknown("byDimension"),
            "transform-indices",
        ),
    ],
)
def test_what_cannot_be_applied_is_unknown(
    fields: dict[str, Any], expected: Transform, found: str
) -> None:
    """Bad parameters give no matrix; a bad number in a vector is replaced."""
    transform, kinds = read_edge(**fields)

    assert expected == transform
    assert any(kind.endswith(found) for kind in kinds)


def test_an_identity_keeps_the_number_of_axes() -> None:
    """Between systems of other sizes there is none."""
    systems = [
        {"name": "physical", "axes": AXES},
        {"name": "world", "axes": AXES[1:]},
    ]
    group = read_group(image06(coordinateSystems=systems))

    assert ["transform-length"] == errors(group)
    assert Unknown("identity") == group.multiscales[0].edges[0].transform


def test_an_unknown_interpolation_is_told() -> None:
    """The transformation is as good as with a known one."""
    fields = {"type": "coordinates", "path": "f", "interpolation": "sinc"}
    document = image06(coordinateTransformations=[edge(**fields)])

    group = read_group(document)

    assert [] == errors(group)
    assert "transform-interpolation" in {problem.kind for problem in group.problems}


def test_a_matrix_that_does_not_turn_is_applied_as_it_is() -> None:
    """An error, for it is no rotation; but what it does is plain."""
    shear = [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
    transform, kinds = read_edge(type="rotation", rotation=shear)

    assert isinstance(transform, Rotation)
    assert ["transform-rotation"] == kinds


def test_few_digits_are_enough_for_a_rotation() -> None:
    """A matrix written to three digits is orthonormal to three digits."""
    turned = [[1, 0, 0], [0, 0.707, -0.707], [0, 0.707, 0.707]]

    assert [] == read_edge(type="rotation", rotation=turned)[1]


def test_deep_nesting_ends() -> None:
    """Sequences of sequences of sequences … are not followed for ever."""
    nested: dict[str, Any] = SCALE
    for _ in range(200):
        nested = {"type": "sequence", "transformations": [nested]}

    assert "limit-exceeded" in read_edge(**nested)[1]


def test_edges_keep_their_ends_and_names() -> None:
    """Systems in the same document, and in a label image."""
    label = {
        "type": "scale",
        "scale": [1, 1, 1],
        "name": "to the cells",
        "input": {"name": "physical"},
        "output": {"name": "physical", "path": "labels/cells"},
    }
    edges = [edge(type="identity"), label]
    group = read_group(image06(coordinateTransformations=edges))
    found = group.multiscales[0].edges[1]

    assert [] == errors(group)
    assert ("to the cells", Endpoint(name="physical")) == (found.name, found.input)
    assert Endpoint(name="physical", path="labels/cells") == found.output
    assert "physical" == group.multiscales[0].intrinsic


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"input": {"name": "nowhere"}}, "coordinate-system-unknown"),
        ({"input": {}}, "endpoint-missing"),
        ({"input": None}, "endpoint-missing"),
        ({"input": {"name": "world"}}, "edge-intrinsic"),
        ({"output": {"name": 3}}, "endpoint-name-invalid"),
        ({"output": "world"}, "development-syntax"),
        (
            {
                "output": {"path": "labels/x", "name": "physical"},
                "type": "rotation",
                "rotation": TURN,
            },
            "edge-label-type",
        ),
    ],
)
def test_rules_on_the_ends_of_edges(fields: dict[str, Any], found: str) -> None:
    """One end is the system of the levels, the other one exists."""
    assert found in read_edge(**{"type": "identity", **fields})[1]


def level06(transform: Any) -> tuple[Transform, list[str]]:
    """Read the transformation of a level of 0.6."""
    ends = {"input": {"path": "0"}, "output": {"name": "physical"}}
    items = transform if isinstance(transform, list) else [transform]
    items = [{**ends, **item} if isinstance(item, dict) else item for item in items]
    dataset = {"path": "0", "coordinateTransformations": items}
    group = read_group(image06(datasets=[dataset]))
    return group.multiscales[0].levels[0].transform, errors(group)


@pytest.mark.parametrize(
    ("transform", "expected", "found"),
    [
        (SCALE, Scaled, []),
        ({"type": "identity"}, Identity(), []),
        (
            {"type": "sequence", "transformations": [SCALE, MOVE]},
            Sequence((Scaled, Moved)),
            [],
        ),
        (
            {"type": "sequence", "transformations": [MOVE, SCALE]},
            Sequence((Moved, Scaled)),
            ["level-transform-type"],
        ),
        (MOVE, Moved, ["level-transform-type"]),
        (
            {"type": "mapAxis", "mapAxis": [0, 2, 1]},
            MapAxis((0, 2, 1)),
            ["level-transform-type"],
        ),
        ([SCALE, MOVE], Sequence((Scaled, Moved)), ["level-transform-count"]),
        ([], Unknown(""), ["level-transform-count"]),
        ([7], Unknown(""), ["transform-invalid"]),
        ({**SCALE, "scale": [1, 2]}, Unknown("scale"), ["transform-length"]),
        ({**SCALE, "scale": [1, 0, -2]}, Scale((1, 1, 1), (1, 2)), ["pixel-size"] * 2),
        (
            {**SCALE, "scale": [None, 0, 3]},
            Scale((1, 1, 3), (0, 1)),
            ["transform-number", "pixel-size"],
        ),
        (
            {"type": "sequence", "transformations": [SCALE, {"type": "translation"}]},
            Scaled,
            ["transform-translation-missing"],
        ),
        (
            {"type": "sequence", "transformations": [{"type": "translation"}]},
            Unknown("translation"),
            ["transform-translation-missing", "level-transform-type"],
        ),
        (
            {"type": "sequence", "transformations": [SCALE, {"type": "bend"}]},
            Sequence((Scaled, Unknown("bend"))),
            ["transform-type-unknown", "level-transform-type"],
        ),
        ({**SCALE, "input": {"path": "1"}}, Scaled, ["level-input-path"]),
        ({**SCALE, "output": {"name": "x"}}, Scaled, ["coordinate-system-unknown"]),
        ({**SCALE, "output": {"path": "x"}}, Scaled, ["level-output-name"]),
    ],
)
def test_levels_of_0_6(transform: Any, expected: Transform, found: list[str]) -> None:
    """What is there is applied; what is unusable stays unknown, an offset apart."""
    transform, kinds = level06(transform)

    assert expected == transform
    assert found == [k for k in kinds if k not in ("edge-intrinsic",)]


def test_levels_have_one_output() -> None:
    """The system of the levels is that of most of them."""
    document = image06()
    datasets = document["ome"]["multiscales"][0]["datasets"]
    datasets.append({**datasets[1], "path": "1"})
    datasets[0]["coordinateTransformations"][0]["output"] = {"name": "world"}

    group = read_group(document)

    assert "physical" == group.multiscales[0].intrinsic
    assert "intrinsic-differs" in errors(group)


def level04(items: Any, **changes: Any) -> tuple[Transform, list[str]]:
    dataset = {"path": "0", "coordinateTransformations": items}
    group = read_group(image05(datasets=[dataset], **changes))
    return group.multiscales[0].levels[0].transform, errors(group)


@pytest.mark.parametrize(
    ("items", "expected", "found"),
    [
        ([SCALE], Scaled, []),
        ([SCALE, MOVE], Sequence((Scaled, Moved)), []),
        ([MOVE, SCALE], Sequence((Moved, Scaled)), ["transform-order"]),
        ([SCALE, SCALE], Sequence((Scaled, Scaled)), ["scale-count"]),
        ([SCALE, MOVE, MOVE], Sequence((Scaled, Moved, Moved)), ["translation-count"]),
        ([MOVE], Unknown(""), ["scale-count"]),
        ([], Unknown(""), ["scale-count"]),
        (None, Unknown(""), ["dataset-coordinate-transformations-missing"]),
        ("scale", Unknown(""), ["dataset-coordinate-transformations-invalid"]),
        ([{"type": "identity"}], Identity(), ["transform-type", "scale-count"]),
        (SCALE, Scaled, ["dataset-coordinate-transformations-invalid"]),
        ([SCALE, {"type": "identity"}], Scaled, ["transform-type"]),
        (
            [SCALE, {"type": "affine", "affine": [[*row, 0] for row in TURN]}],
            Sequence((Scaled, Affine(tuple((*row, 0.0) for row in MATRIX)))),
            ["transform-type"],
        ),
        (
            [{**SCALE, "scale": [1, "2", 3]}],
            Scale((1, 1, 3), (1,)),
            ["transform-number"],
        ),
        ([{**SCALE, "scale": [-1, 2, 3]}], Scale((1, 2, 3), (0,)), ["pixel-size"]),
        ([{**SCALE, "scale": [2, 3]}], Unknown("scale"), ["transform-length"]),
        ([SCALE, {**MOVE, "translation": [1]}], Scaled, ["transform-length"]),
    ],
)
def test_levels_until_0_5(items: Any, expected: Transform, found: list[str]) -> None:
    """Order and count are rules; what is there is applied in the order it has."""
    transform, kinds = level04(items)

    assert expected == transform
    assert found == [k for k in kinds if not (items == "scale" and k != found[0])]


def test_the_length_of_a_scale_is_a_warning_in_0_4() -> None:
    """The test data of 0.4 call two factors for three axes valid."""
    document = image04()
    datasets = document["multiscales"][0]["datasets"]
    datasets[0]["coordinateTransformations"] = [{"type": "scale", "scale": [2, 2]}]

    group = read_group(document)

    assert [] == errors(group)
    assert Unknown("scale") == group.multiscales[0].levels[0].transform


def test_the_pixel_size_may_be_that_of_the_whole_image() -> None:
    """A level that says none is known where all levels together have one."""
    for items, expected in ((None, Identity()), ([], Identity()), ([MOVE], Moved)):
        transform, _ = level04(items, coordinateTransformations=[SCALE])

        assert expected == transform


def test_transforms_of_a_whole_image_are_kept_apart() -> None:
    """They apply after each level's own."""
    group = read_group(image05(coordinateTransformations=[SCALE, MOVE]))

    assert [] == errors(group)
    assert Sequence((Scaled, Moved)) == group.multiscales[0].transform


def test_an_empty_list_for_the_whole_image_is_tolerated() -> None:
    """MoBIE writes one; it is noted, and nothing is applied."""
    group = read_group(image04(coordinateTransformations=[]))

    assert ["scale-count"] == errors(group)
    assert Identity() == group.multiscales[0].transform
    assert 2 == len(group.multiscales[0].levels)


def development(transform: dict[str, Any], version: str) -> Group:
    """An image in the syntax of 0.6.dev1 to dev3 with one more transformation."""
    document = image06(
        version,
        datasets=[
            {
                "path": "0",
                "coordinateTransformations": [
                    {**SCALE, "input": "0", "output": "physical"}
                ],
            }
        ],
        coordinateTransformations=[
            {"input": "physical", "output": "world", **transform}
        ],
    )
    return read_group(document)


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (MOVE, Moved),
        ({"type": "mapAxis", "mapAxis": ["x", "c", "y"]}, MapAxis((2, 0, 1))),
        (
            {"type": "mapAxis", "mapAxis": {"c": "c", "y": "x", "x": "y"}},
            MapAxis((0, 2, 1)),
        ),
        (
            {
                "type": "byDimension",
                "transformations": [
                    {
                        "type": "scale",
                        "scale": [2, 3],
                        "input_axes": ["y", "x"],
                        "output_axes": ["y", "x"],
                    },
                    {
                        "transformation": {"type": "identity"},
                        "input_axes": [0],
                        "output_axes": [0],
                    },
                ],
            },
            ByDimension(
                (
                    ByDimensionPart(Scale((2.0, 3.0)), (1, 2), (1, 2)),
                    ByDimensionPart(Identity(), (0,), (0,)),
                )
            ),
        ),
        (
            {"type": "inverseOf", "transformation": {**SCALE, "scale": [1, 2, 4]}},
            Scale((1.0, 0.5, 0.25)),
        ),
        (
            {
                "type": "inverseOf",
                "transformation": {"type": "coordinates", "path": "f"},
            },
            Unknown("inverseOf"),
        ),
    ],
)
def test_development_syntax_is_read(
    transform: dict[str, Any], expected: Transform
) -> None:
    """With a warning where the version says so, else with an error."""
    said, unsaid = development(transform, "0.6.dev2"), development(transform, "0.6")

    for group in (said, unsaid):
        assert Scaled == group.multiscales[0].levels[0].transform
        assert expected == group.multiscales[0].edges[0].transform
        assert Endpoint(name="world") == group.multiscales[0].edges[0].output
    assert [] == errors(said)
    assert {"development-syntax"} == set(errors(unsaid))


def test_axes_without_a_system_are_guessed() -> None:
    """An image whose coordinate systems are missing can still be shown."""
    group = read_group(image06(coordinateSystems=None, coordinateTransformations=None))
    [multiscale] = group.multiscales

    assert "coordinate-systems-missing" in errors(group)
    assert "physical" == multiscale.intrinsic
    assert Scale((1.0, 0.5, 0.5)) == multiscale.levels[0].transform.transforms[0]  # type: ignore[union-attr]


def test_systems_are_named_once() -> None:
    """Of two systems with one name the first counts."""
    systems = [
        {"name": "physical", "axes": AXES},
        {"name": "physical", "axes": AXES[::-1]},
        {"name": "world", "axes": AXES},
    ]
    group = read_group(image06(coordinateSystems=systems))

    assert "coordinate-system-duplicate" in errors(group)
    assert "cyx" == "".join(axis.name for axis in group.multiscales[0].axes)


def test_systems_that_nothing_joins_are_noted() -> None:
    """The graph must be connected."""
    group = read_group(image06(coordinateTransformations=[]))

    assert ["graph-not-connected"] == errors(group)
