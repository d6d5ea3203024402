"""Plates, wells, scenes, series and groups: image by image, and what is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.arrays import write_group
from cases.build import build_image
from cases.many import (
    build_arrays,
    build_container,
    build_plate,
    build_scene,
    build_series,
    build_two_multiscales,
)
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.nodes import CollectionData
from napari_ngff.dataset.read import read

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path, **limits: int) -> CollectionData:
    found = read(path, limits=Limits(**limits))
    assert isinstance(found, CollectionData)
    return found


def nodes(found: CollectionData) -> list[str]:
    return [child.node for child in found.children]


def problem(found: CollectionData, kind: str) -> Any:
    (one,) = (p for p in found.problems if p.kind == kind)
    return one


def test_plate_first_fields_first(tmp_path: Path) -> None:
    """The first field of every well comes before the second of any."""
    found = opened(build_plate(tmp_path / "p.zarr", columns=("1",)))

    assert ["A/1/0", "B/1/0", "A/1/1", "B/1/1"] == nodes(found) == list(found.paths)
    assert "info" == problem(found, "opened-image-by-image").level


def test_plate_beyond_the_limit(tmp_path: Path) -> None:
    """As many images as allowed are opened; the others are named."""
    found = opened(build_plate(tmp_path / "p.zarr", fields=1), images_opened=3)

    assert ["A/1/0", "A/2/0", "B/1/0"] == nodes(found)
    assert "B/2" == found.paths[-1]
    assert "'B/2'" in problem(found, "not-all-opened").message


def test_plate_with_a_lost_well(tmp_path: Path) -> None:
    """A well that is listed and not there is told of; the others open."""
    path = build_plate(tmp_path / "p.zarr", wells=("A/1", "B/2"))
    (path / "A" / "1" / ".zgroup").unlink()
    (path / "A" / "1" / ".zattrs").unlink()
    found = opened(path)

    assert ["B/2/0", "B/2/1"] == nodes(found)
    assert any("'A/1'" in p.message and p.level == "error" for p in found.problems)


def test_plate_with_a_lost_field(tmp_path: Path) -> None:
    """A field that cannot be opened is told of; the others open."""
    path = build_plate(tmp_path / "p.zarr", wells=("A/1",), fields=2)
    (path / "A" / "1" / "0" / ".zattrs").write_text("[")
    found = opened(path)

    assert ["A/1/1"] == nodes(found)
    assert any(p.node == "A/1/0" and p.level == "error" for p in found.problems)


@pytest.mark.parametrize("way_out", ["../../other.zarr", "/etc", "%2e%2e/other.zarr"])
def test_plate_leads_nowhere_else(way_out: str, tmp_path: Path) -> None:
    """A well's path that leads out of the plate is not followed."""
    build_plate(tmp_path / "other.zarr")
    path = build_plate(tmp_path / "p.zarr", wells=("A/1",))
    document = json.loads((path / ".zattrs").read_text())
    document["plate"]["wells"].append(
        {"path": way_out, "rowIndex": 0, "columnIndex": 0}
    )
    (path / ".zattrs").write_text(json.dumps(document))

    assert ["A/1/0", "A/1/1"] == nodes(opened(path))


def test_empty_plate(tmp_path: Path) -> None:
    """A plate without wells is one clear error."""
    path = build_plate(tmp_path / "p.zarr", wells=())

    with pytest.raises(CannotOpen, match="no field of view of this plate"):
        read(path)


def test_plate_wins_over_series(tmp_path: Path) -> None:
    """A plate written by bioformats2raw is a plate."""
    path = build_plate(tmp_path / "p.zarr")
    document = json.loads((path / ".zattrs").read_text())
    (path / ".zattrs").write_text(json.dumps(document | {"bioformats2raw.layout": 3}))

    assert "plate" == opened(path).kind


def test_well(tmp_path: Path) -> None:
    """A well opens its fields in the order listed."""
    found = opened(build_plate(tmp_path / "p.zarr", fields=3) / "B" / "2")

    assert ("well", ["B/2/0", "B/2/1", "B/2/2"]) == (found.kind, nodes(found))


def test_row(tmp_path: Path) -> None:
    """A row of a plate says nothing of itself; the images below it open."""
    found = opened(build_plate(tmp_path / "p.zarr", fields=1) / "A")

    assert ("group", ["A/1/0", "A/2/0"]) == (found.kind, nodes(found))


def test_field(tmp_path: Path) -> None:
    """A field of view opens alone."""
    image = read(build_plate(tmp_path / "p.zarr") / "A" / "1" / "1")

    assert "A/1/1" == image.node


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"listed": ["1", "0"]}, ["1", "0"]),
        ({"listed": ["1"], "xml": ""}, ["1"]),
        ({"xml": ""}, ["0", "1", "2"]),
        ({"listed": [], "xml": ""}, None),
        ({}, ["0", "1", "2"]),
        ({"listed": ["0", "../0", "/0", "2"]}, ["0", "2"]),
    ],
)
def test_series(options: Any, expected: list[str] | None, tmp_path: Path) -> None:
    """Series are those listed, else those of the OME-XML, else 0, 1, and so on."""
    path = build_series(tmp_path / "s.zarr", count=3, **options)

    if expected is None:
        with pytest.raises(CannotOpen, match="no image of this series"):
            read(path)
        return
    assert expected == nodes(opened(path))


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE OME [<!ENTITY a 'b'>]><OME><Image/></OME>",
        "<OME><Image></OME>",
        "<OME>" * 80,
    ],
)
def test_series_with_bad_xml(xml: str, tmp_path: Path) -> None:
    """OME-XML that is refused is told of; the images open by their numbers."""
    found = opened(build_series(tmp_path / "s.zarr", count=2, xml=xml))

    assert ["0", "1"] == nodes(found)
    assert any(p.node.startswith("OME") and p.level == "error" for p in found.problems)


def test_series_of_more_than_the_limit(tmp_path: Path) -> None:
    """All series are listed, the first opened, the others named."""
    path = build_series(tmp_path / "s.zarr", count=5, shape=(1, 1, 8, 8))
    found = opened(path, images_opened=2)

    assert ("0", "1", "2", "3", "4") == found.paths
    assert ["0", "1"] == nodes(found)
    assert "'2', '3', '4'" in problem(found, "not-all-opened").message


def test_ome_group(tmp_path: Path) -> None:
    """The OME group belongs to the series that it describes."""
    path = build_series(tmp_path / "s.zarr", listed=["0", "1"], xml="")

    assert "series" == opened(path / "OME").kind


def test_scene(tmp_path: Path) -> None:
    """A scene opens the images that it joins, and says how."""
    found = opened(build_scene(tmp_path / "s.zarr"))

    assert ("scene", ["image0", "image1"]) == (found.kind, nodes(found))
    assert "info" == problem(found, "opened-image-by-image").level


def test_a_scene_that_names_labels(tmp_path: Path) -> None:
    """Labels that a scene joins come once: with the image that they are in."""
    path = build_scene(tmp_path / "s.zarr", count=1, axes="zyx", shape=(4, 16, 16))
    build_image(
        path / "image0", version="0.6", axes="zyx", shape=(4, 16, 16), labels={"n": {}}
    )
    document = json.loads((path / "zarr.json").read_text())
    edges = document["attributes"]["ome"]["scene"]["coordinateTransformations"]
    ends = {"path": "image0/labels/n", "name": "physical"}
    edges.append({**edges[0], "input": ends})
    (path / "zarr.json").write_text(json.dumps(document))

    found = opened(path)

    assert ["image0"] == nodes(found)
    assert ["n"] == [label.name for label in found.children[0].labels]


def test_container(tmp_path: Path) -> None:
    """A group that holds images opens them in the order of their names."""
    found = opened(build_container(tmp_path / "c.zarr", count=3, zarr_format=3))

    assert ["image00", "image01", "image02"] == nodes(found)


def test_container_of_many(tmp_path: Path) -> None:
    """A group of more than 16 images opens 16 and names the others."""
    found = opened(build_container(tmp_path / "c.zarr", count=18))

    assert (16, 18) == (len(found.children), len(found.paths))
    assert "'image16', 'image17'" in problem(found, "not-all-opened").message


def test_container_with_one_bad_image(tmp_path: Path) -> None:
    """An image of a group that cannot be opened leaves the others."""
    path = build_container(tmp_path / "c.zarr", count=3)
    (path / "image01" / "0" / ".zarray").write_text("x")
    found = opened(path)

    assert ["image00", "image01", "image02"] == nodes(found)
    assert 1 == len(found.children[1].levels)


def test_container_of_other_things(tmp_path: Path) -> None:
    """Two entries of one image in a group are two children."""
    path = build_container(tmp_path / "c.zarr", count=1)
    build_two_multiscales(path / "two")

    assert ["image00", "two", "two"] == nodes(opened(path))


def test_deep_container(tmp_path: Path) -> None:
    """Images are found three groups down, not further."""
    path = write_group(tmp_path / "c.zarr", zarr_format=2)
    for folder in ("a", "a/b", "a/b/c"):
        write_group(path / folder, zarr_format=2)
    build_image(path / "a" / "b" / "near")
    build_image(path / "a" / "b" / "c" / "far")

    assert ["a/b/near"] == nodes(opened(path))


def test_arrays(tmp_path: Path) -> None:
    """A group of arrays opens them as what they are."""
    found = opened(build_arrays(tmp_path / "a.zarr"))

    assert "arrays" == found.kind
    assert [(4, 8), (2, 4, 8)] == [child.array.shape for child in found.children]


def test_well_that_is_none(tmp_path: Path) -> None:
    """A listed well that says nothing of its fields is left out, as is a broken one."""
    path = build_plate(tmp_path / "p.zarr", fields=1)
    (path / "A" / "1" / ".zattrs").write_text("{}")
    (path / "A" / "2" / ".zattrs").write_text("[")
    found = opened(path)
    where = {p.node for p in found.problems if p.level == "error"}

    assert ["B/1/0", "B/2/0"] == nodes(found)
    assert {"A/1", "A/2"} == where


def test_field_that_is_no_image(tmp_path: Path) -> None:
    """A listed field that is no image is left out."""
    path = build_plate(tmp_path / "p.zarr", wells=("A/1",))
    (path / "A" / "1" / "0" / ".zattrs").write_text("{}")

    assert ["A/1/1"] == nodes(opened(path))


def test_series_with_an_unreadable_ome_group(tmp_path: Path) -> None:
    """An OME group that cannot be read leaves the images, by their numbers."""
    path = build_series(tmp_path / "s.zarr", listed=["0"], count=2)
    (path / "OME" / ".zattrs").write_text("[")
    found = opened(path)

    assert ["0", "1"] == nodes(found)
    assert "OME" in {p.node for p in found.problems}


def test_series_without_an_end_in_sight(tmp_path: Path) -> None:
    """Images are counted on, in batches, up to the limit."""
    path = build_series(tmp_path / "s.zarr", count=5, shape=(1, 1, 8, 8), levels=1)

    assert 5 == len(opened(path, images_opened=2).paths)
    assert 4 == len(opened(path, images_opened=2, images=4).paths)


def test_ome_group_of_no_series(tmp_path: Path) -> None:
    """A group called OME elsewhere is a group like any other."""
    write_group(tmp_path / "c.zarr", zarr_format=2)
    build_container(tmp_path / "c.zarr" / "OME", count=1)

    assert ["OME/image00"] == nodes(opened(tmp_path / "c.zarr" / "OME"))


def test_container_with_an_unreadable_group(tmp_path: Path) -> None:
    """A group in a container that cannot be read is told of."""
    path = build_container(tmp_path / "c.zarr", count=2)
    (path / "image01" / ".zattrs").write_text("[")
    found = opened(path)

    assert ["image00"] == nodes(found)
    assert "image01" in {p.node for p in found.problems}


def test_many_entries_of_multiscales(tmp_path: Path) -> None:
    """No more entries are opened than allowed, and it is told."""

    def edit(ome: dict[str, Any]) -> None:
        ome["multiscales"] = ome["multiscales"] * 5

    found = opened(build_image(tmp_path / "s.zarr", edit=edit), images_opened=3)

    assert 3 == len(found.children)
    assert "5" in problem(found, "not-all-opened").message
