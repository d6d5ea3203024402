"""What `validate` says of the arrays and images that transformations name by path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.arrays import write_array, write_group, write_json
from cases.build import axis_objects, build_image
from cases.many import build_scene
from napari_ngff.dataset.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

YX = axis_objects("yx")
ENDS = {"input": {"name": "physical"}, "output": {"name": "world"}}


def component(kind: str, **changes: Any) -> dict[str, Any]:
    return {"name": "d", "type": kind, "discrete": True, **changes}


def image(path: Path, transform: dict[str, Any], world: Sequence[Any] = YX) -> Path:
    """Build a plane with another system, ``world``, that a transformation leads to."""

    def change(ome: dict[str, Any]) -> None:
        entry = ome["multiscales"][0]
        entry["coordinateSystems"] = [
            {"name": "physical", "axes": YX},
            {"name": "world", "axes": list(world)},
        ]
        entry["coordinateTransformations"] = [{**transform, **ENDS}]

    return build_image(
        path, version="0.6", axes="yx", shape=(16, 16), levels=1, edit=change
    )


def field(path: Path, *axes: Any, shape: Sequence[int] = (2, 8, 8)) -> None:
    build_image(path, version="0.6", axes=axes, shape=shape, levels=1, dtype="float32")


def told(path: Path) -> list[tuple[str, str]]:
    return [(p.node, p.kind) for p in validate(path).problems if p.level == "error"]


def by(kind: str) -> dict[str, Any]:
    return {"type": kind, "path": "f"}


@pytest.mark.parametrize("kind", ["displacements", "coordinates"])
def test_a_field_without_fault(kind: str, tmp_path: Path) -> None:
    """It is an image with one more axis; it is looked at as an image too."""
    path = image(tmp_path / "i.zarr", by(kind))
    field(path / "f", component(kind.removesuffix("s")), *YX)

    report = validate(path)

    assert [] == [p.kind for p in report.problems if p.level != "info"]
    assert (2, 2) == (report.documents, report.arrays)


@pytest.mark.parametrize(
    ("axes", "shape", "expected"),
    [
        ((component("coordinate"), *YX), (2, 8, 8), ["field-axis"]),
        ((component("displacement", discrete=False), *YX), (2, 8, 8), ["field-axis"]),
        ((component("displacement"), *YX), (3, 8, 8), ["field-length"]),
        (YX, (8, 8), ["field-axis", "field-dimensions"]),
        (
            (component("displacement"), *axis_objects("zyx")),
            (2, 4, 8, 8),
            ["field-dimensions"],
        ),
    ],
)
def test_a_field_that_does_not_fit(
    axes: Sequence[Any], shape: Sequence[int], expected: list[str], tmp_path: Path
) -> None:
    """Its number of axes, their types and the length of its vectors."""
    path = image(tmp_path / "i.zarr", by("displacements"))
    field(path / "f", *axes, shape=shape)

    assert [("", kind) for kind in expected] == sorted(told(path))


def test_coordinates_are_of_the_system_that_they_lead_to(tmp_path: Path) -> None:
    """As many as that has axes; displacements need as many on both sides."""
    world = axis_objects("zyx")
    path = image(tmp_path / "i.zarr", by("coordinates"), world)
    field(path / "f", component("coordinate"), *YX)
    other = image(tmp_path / "j.zarr", by("displacements"), world)

    assert [("", "field-length")] == told(path)
    assert [("", "transform-length")] == told(other)


@pytest.mark.parametrize("nested", ["sequence", "bijection", "byDimension"])
def test_fields_within_other_transformations(nested: str, tmp_path: Path) -> None:
    """Each part is for its own axes."""
    inner = {"type": "displacements", "path": "f"}
    transform: dict[str, Any] = {
        "sequence": {"transformations": [{"type": "identity"}, inner]},
        "bijection": {"forward": {"type": "identity"}, "inverse": inner},
        "byDimension": {
            "transformations": [
                {"inputAxes": [i], "outputAxes": [i], "transformation": part}
                for i, part in enumerate(({"type": "identity"}, inner))
            ]
        },
    }[nested]
    path = image(tmp_path / "i.zarr", {"type": nested, **transform})
    missing = told(path)
    field(path / "f", component("displacement"), *YX, shape=(3, 8, 8))

    wrong = {("", "field-length")}
    if nested == "byDimension":
        wrong |= {("", "field-dimensions")}
    assert [("", "missing-field")] == missing
    assert wrong == set(told(path))


@pytest.mark.parametrize(
    ("version", "level"),
    [("0.6", "error"), ("0.6.dev4", "warning"), ("0.9.dev1", "error")],
)
def test_a_field_that_is_a_mere_array(version: str, level: str, tmp_path: Path) -> None:
    """It must be an image since 0.6; in development versions it was an array."""
    path = image(tmp_path / "i.zarr", by("displacements"))
    document = (path / "zarr.json").read_text("utf-8")
    (path / "zarr.json").write_text(document.replace('"0.6"', f'"{version}"'))
    data = np.zeros((8, 8), "f4")
    write_array(path / "f", data, zarr_format=3, chunks=(8, 8))

    found = {(p.level, p.kind) for p in validate(path).problems}

    assert {(level, "field-not-image"), ("error", "field-dimensions")} <= found


def test_a_field_that_is_a_mere_group(tmp_path: Path) -> None:
    """Without multiscales there are no vectors."""
    path = image(tmp_path / "i.zarr", by("displacements"))
    write_group(path / "f", zarr_format=3)

    assert [("", "field-not-image")] == told(path)


def test_a_field_that_cannot_be_read(tmp_path: Path) -> None:
    """A broken document is not taken for a field that is not there."""
    path = image(tmp_path / "i.zarr", by("displacements"))
    write_json(path / "f" / "zarr.json", [])

    assert ("f", "unreadable-document") in told(path)


def test_a_field_elsewhere_is_not_looked_at(tmp_path: Path) -> None:
    """It may be in another container, which is no fault."""
    path = image(tmp_path / "i.zarr", {"type": "displacements", "path": "../f"})

    report = validate(path)

    assert report.valid
    assert "field-elsewhere" in {p.kind for p in report.problems}


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [
        ("affine", (2, 3), []),
        ("affine", (2, 2), [("", "matrix-shape")]),
        ("affine", (6,), [("", "matrix-shape")]),
        ("rotation", (2, 2), []),
        ("rotation", (3, 3), [("", "matrix-shape")]),
    ],
)
def test_a_matrix_in_an_array_has_its_shape(
    kind: str, shape: Sequence[int], expected: list[Any], tmp_path: Path
) -> None:
    """M x (N+1) for an affine, N x N for a rotation."""
    path = image(tmp_path / "i.zarr", by(kind))
    write_array(path / "f", np.ones(shape), zarr_format=3, chunks=shape)

    assert expected == told(path)


def test_a_scene_has_fields_for_the_systems_of_its_images(tmp_path: Path) -> None:
    """How many axes those have is in the documents of the images."""
    path = build_scene(tmp_path / "s.zarr")
    document = path / "zarr.json"
    value = json.loads(document.read_text("utf-8"))
    first = value["attributes"]["ome"]["scene"]["coordinateTransformations"][0]
    ends = {key: first[key] for key in ("input", "output")}
    value["attributes"]["ome"]["scene"]["coordinateTransformations"][0] = {
        **by("displacements"),
        **ends,
    }
    write_json(document, value)
    field(path / "f", component("displacement"), *YX, shape=(5, 8, 8))

    assert ("", "field-length") in told(path)
