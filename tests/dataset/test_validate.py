"""What `validate` says of stores and of documents, and how its report tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.arrays import write_array, write_group, write_json
from cases.build import COLORS, build_image, zip_store
from cases.documents import OMERO, image04, image05, image06
from cases.many import (
    build_arrays,
    build_container,
    build_plate,
    build_scene,
    build_series,
)
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import CannotOpen, NotOmeZarr
from napari_ngff.dataset.validate import Report, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LABELS = {"cells": {}}


def found(report: Report, *levels: str) -> list[tuple[str, str]]:
    """(node, kind) of the errors and warnings, or of problems of other levels."""
    wanted = levels or ("error", "warning")
    return [(p.node, p.kind) for p in report.problems if p.level in wanted]


def resolves(root: Path, report: Report) -> bool:
    """Tell whether every location is in the document of its node."""
    for problem in report.problems:
        folder = root / problem.node
        names = [n for n in ("zarr.json", ".zattrs") if (folder / n).is_file()]
        value = json.loads((folder / names[0]).read_text("utf-8")) if names else None
        for key in problem.loc:
            value = value[key]
    return True


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.9"])
def test_a_store_without_fault_is_valid(version: str, tmp_path: Path) -> None:
    """An image with labels, written by the text of each version, is strictly valid."""
    axes = "tczyx" if version < "0.3" else "czyx"
    shape = (1, 2, 4, 16, 16)[5 - len(axes) :]
    labels = {} if version < "0.3" else LABELS
    path = build_image(
        tmp_path / "image.zarr", version=version, axes=axes, shape=shape, labels=labels
    )

    report = validate(path, strict=True)

    assert [] == found(report)
    assert (True, 2 + 2 * len(labels)) == (report.valid, report.arrays)


def edit_levels(
    change: Callable[[list[Any]], None],
) -> Callable[[dict[str, Any]], None]:
    return lambda ome: change(ome["multiscales"][0]["datasets"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"edit": edit_levels(list.reverse)}, ("", "level-order")),
        (
            {"edit": edit_levels(lambda d: d[1].update(path="9"))},
            ("", "missing-array"),
        ),
        (
            {"edit": edit_levels(lambda d: d[1].update(path="../x"))},
            ("", "unsafe-path"),
        ),
        ({"omero": OMERO, "shape": (3, 4, 16, 16)}, ("", "channel-count")),
        ({"zarr_format": 2, "version": "0.5"}, ("", "version-mismatch")),
        ({"zarr_format": 3, "version": "0.4", "bare": True}, ("", "zarr-format")),
        ({"version_text": "0.4"}, ("", "version-mismatch")),
        (
            {"version": "0.5", "dimension_names": [None] * 4},
            ("0", "missing-dimension-names"),
        ),
        ({"version": "0.5", "dimension_names": list("zcyx")}, ("0", "dimension-names")),
        (
            {"version": "0.6", "axes": "zyx", "shape": (1, 4, 16, 16)},
            ("0", "axes-length"),
        ),
        (
            {"version": "0.5", "array_changes": {"codecs": [{"name": "pickle"}]}},
            ("0", "unreadable-document"),
        ),
        (
            {"labels": {"cells": {"dtype": "float32"}}},
            ("labels/cells/0", "label-dtype"),
        ),
        ({"labels": {"cells": {"levels": 1}}}, ("labels/cells", "label-levels")),
        (
            {"version": "0.5", "labels": {"cells": {"shape": (4, 5, 16)}}},
            ("labels/cells", "label-shape"),
        ),
        (
            {"labels": {"cells": {"image_label": {"version": "0.4"}}}},
            ("labels/cells", "image-label-colors-missing"),
        ),
    ],
)
def test_what_is_wrong_with_an_image_is_found(
    options: dict[str, Any], expected: tuple[str, str], tmp_path: Path
) -> None:
    """Each fault of a document against its arrays and labels."""
    path = build_image(tmp_path / "i.zarr", **({"version": "0.5"} | options))

    report = validate(path, strict=True)

    assert expected in found(report)
    assert not report.valid


def test_levels_of_0_6_have_one_dtype(tmp_path: Path) -> None:
    """The text: "Every Zarr array … MUST have the same number of … datatype"."""
    path = build_image(tmp_path / "i.zarr", version="0.6")
    write_array(
        path / "1",
        None,
        zarr_format=3,
        chunks=(1, 2, 8, 8),
        shape=(2, 2, 8, 8),
        dtype="float32",
        dimension_names=list("czyx"),
    )

    assert [("1", "dtype-mismatch")] == found(validate(path), "error")


def test_a_level_that_is_a_group_is_found(tmp_path: Path) -> None:
    """The path of a level leads to an array."""
    path = build_image(tmp_path / "i.zarr", version="0.5", levels=1)
    write_group(path / "0", zarr_format=3)

    assert [("", "missing-array")] == found(validate(path), "error")


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_labels_are_listed_and_there(version: str, tmp_path: Path) -> None:
    """A listed label that is absent, and a label that is not listed."""
    path = build_image(tmp_path / "i.zarr", version=version, labels={"a": {}, "b": {}})
    v3 = version == "0.5"
    block = {"labels": ["a", "gone"]}
    write_group(
        path / "labels",
        {"ome": {"version": "0.5", **block}} if v3 else block,
        zarr_format=3 if v3 else 2,
    )

    report = validate(path)

    assert ("labels", "missing-group") in found(report, "error")
    assert ("labels", "label-unlisted") in found(report, "warning" if v3 else "info")


def test_a_labels_group_has_a_list(tmp_path: Path) -> None:
    """In 0.5 it must, before it should."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels=LABELS)
    write_group(path / "labels", zarr_format=3)

    assert ("labels", "no-labels") in found(validate(path), "error")


def test_groups_between_labels_and_images_say_nothing(tmp_path: Path) -> None:
    """The text: "Intermediate groups … MUST NOT contain metadata"."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels={"a/b": {}})
    write_group(path / "labels" / "a", {"note": 1}, zarr_format=3)

    assert [("labels/a", "labels-metadata-between")] == found(validate(path), "error")


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_plate_is_looked_at_to_the_last_field(version: str, tmp_path: Path) -> None:
    """Wells, fields and levels; what is listed and absent is an error."""
    path = build_plate(tmp_path / "p.zarr", version=version)
    good = validate(path, strict=True)
    write_group(path / "B" / "2" / "1", zarr_format=3 if version == "0.5" else 2)
    for name in ("zarr.json", ".zattrs"):
        (path / "A" / "2" / name).unlink(missing_ok=True)
    (path / "A" / "2" / ".zgroup").unlink(missing_ok=True)
    for file in (path / "B" / "2" / "1").glob(".zattrs"):
        file.unlink()

    report = validate(path)

    assert ([], True, 1 + 4 + 8) == (found(good), good.valid, good.documents)
    assert {("", "missing-group"), ("B/2", "wrong-group")} == set(
        found(report, "error")
    )


def test_fields_name_their_acquisition(tmp_path: Path) -> None:
    """Where a plate has several, each field says which it is, of those there are."""
    path = build_plate(tmp_path / "p.zarr", version="0.5", wells=["A/1"])
    document = json.loads((path / "zarr.json").read_text("utf-8"))
    runs = [{"id": i, "name": str(i), "maximumfieldcount": 2} for i in (0, 1)]
    document["attributes"]["ome"]["plate"]["acquisitions"] = runs
    write_json(path / "zarr.json", document)
    images = [{"path": "0"}, {"path": "1", "acquisition": 7}]
    well = {"version": "0.5", "well": {"images": images}}
    write_group(path / "A" / "1", {"ome": well}, zarr_format=3)

    report = validate(path)

    expected = [("A/1", "acquisition-missing"), ("A/1", "acquisition-unknown")]
    assert expected == found(report, "error")
    assert resolves(path, report)


def test_series_are_found(tmp_path: Path) -> None:
    """Those that are listed, or the numbered groups; the OME-XML should be there."""
    listed = build_series(tmp_path / "a.zarr", listed=["0", "1", "gone"], xml="")
    numbered = build_series(tmp_path / "b.zarr", count=3)

    first, second = validate(listed), validate(numbered)

    assert [("OME", "missing-group")] == found(first)
    assert [("", "ome-xml-missing")] == found(second)
    assert 4 == second.documents


def test_a_series_without_images_is_an_error(tmp_path: Path) -> None:
    """There is at least the group 0."""
    path = write_group(tmp_path / "s", {"bioformats2raw.layout": 3}, zarr_format=2)

    assert [("", "missing-group")] == found(validate(path), "error")


def test_a_scene_needs_its_images_and_their_systems(tmp_path: Path) -> None:
    """Paths lead to images that have the systems named."""
    path = build_scene(tmp_path / "s.zarr")
    good = validate(path, strict=True)
    document = json.loads((path / "zarr.json").read_text("utf-8"))
    edges = document["attributes"]["ome"]["scene"]["coordinateTransformations"]
    edges[0]["input"]["name"] = "elsewhere"
    edges[1]["input"]["path"] = "gone"
    write_json(path / "zarr.json", document)

    report = validate(path)

    assert [] == found(good)
    expected = [("", "coordinate-system-unknown"), ("", "missing-group")]
    assert expected == found(report, "error")
    assert resolves(path, report)


def test_parameters_in_arrays_are_there(tmp_path: Path) -> None:
    """A transformation whose matrix is in an array that is absent."""
    path = tmp_path / "i.zarr"
    systems = image06()["ome"]["multiscales"][0]["coordinateSystems"]
    ends = {"input": {"name": "physical"}, "output": {"name": "world"}}

    def change(ome: dict[str, Any]) -> None:
        ome["multiscales"][0] |= {
            "coordinateSystems": systems,
            "coordinateTransformations": [{"type": "affine", "path": "a", **ends}],
        }

    build_image(path, version="0.6", axes="cyx", shape=(2, 16, 16), edit=change)

    assert [("", "missing-array")] == found(validate(path), "error")


def test_versions_agree_in_a_hierarchy(tmp_path: Path) -> None:
    """The text: "version MUST be consistent within a hierarchy"."""
    path = build_image(
        tmp_path / "i.zarr", version="0.6", labels={"cells": {"version": "0.5"}}
    )

    report = validate(path)

    assert ("labels/cells", "version-differs") in found(report, "error")
    assert {"0.5", "0.6"} == set(report.versions)


def test_images_in_a_mere_group_are_found(tmp_path: Path) -> None:
    """A group that says nothing is walked down."""
    report = validate(build_container(tmp_path / "c", count=3), strict=True)

    assert (True, 4, 6) == (report.valid, report.documents, report.arrays)


def test_a_group_of_arrays_is_not_ome_zarr(tmp_path: Path) -> None:
    """Zarr it is, but there is nothing of OME-Zarr in it."""
    assert [("", "no-metadata")] == found(validate(build_arrays(tmp_path / "a.zarr")))


def test_a_bare_array_is_not_ome_zarr(tmp_path: Path) -> None:
    """There is no group that could say anything."""
    path = tmp_path / "a.zarr"
    write_array(path, None, zarr_format=3, chunks=(4,), shape=(4,), dtype="uint8")

    assert [("", "no-metadata")] == found(validate(path))


def test_a_marker_stands_for_its_group(tmp_path: Path) -> None:
    """A .zgroup file holds no attributes: the store is looked at."""
    path = build_image(tmp_path / "i.zarr", version="0.4")

    assert 2 == validate(path / ".zgroup").arrays


def test_what_is_listed_as_a_label_is_one(tmp_path: Path) -> None:
    """A well is no label image; an image should say that it is one."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels={"a": {}, "b": {}})
    well = {"version": "0.5", "well": {"images": [{"path": "0"}]}}
    write_group(path / "labels" / "a", {"ome": well}, zarr_format=3)
    document = json.loads((path / "labels" / "b" / "zarr.json").read_text("utf-8"))
    del document["attributes"]["ome"]["image-label"]
    write_json(path / "labels" / "b" / "zarr.json", document)

    report = validate(path)

    assert ("labels/a", "wrong-group") in found(report, "error")
    assert ("labels/b", "image-label-missing") in found(report, "warning")


@pytest.mark.parametrize("inside", ["labels/cells", "0", "labels"])
def test_a_path_inside_is_looked_at_from_there(inside: str, tmp_path: Path) -> None:
    """A label image, an array (then its image), the labels."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels=LABELS)
    (path / "zarr.json").write_text(
        (path / "zarr.json").read_text("utf-8").replace('"scale"', '"warp"'), "utf-8"
    )

    report = validate(path / inside)

    assert (inside == "0") == ("" in {problem.node for problem in report.problems})


def test_an_archive_is_a_store(tmp_path: Path) -> None:
    """An .ozx file is looked into."""
    path = build_image(tmp_path / "i.zarr", version="0.5")
    archive = zip_store(path, tmp_path / "i.ozx")

    assert (True, 2) == (validate(archive).valid, validate(archive).arrays)


@pytest.mark.parametrize(
    ("name", "document", "prefix"),
    [
        ("a.json", image05(name=3), ()),
        (".zattrs", image04(name=3), ()),
        ("b.json", {"attributes": image05(name=3)}, ("attributes",)),
        (
            "zarr.json",
            {"zarr_format": 3, "node_type": "group", "attributes": image05(name=3)},
            ("attributes",),
        ),
    ],
)
def test_documents_alone(
    name: str, document: dict[str, Any], prefix: tuple[str, ...], tmp_path: Path
) -> None:
    """Attributes, or a whole document; locations are from the root of the file."""
    path = tmp_path / name
    write_json(path, document)

    [problem] = validate(path).problems
    base = ("ome",) if "ome" in str(document)[:60] else ()

    assert "multiscale-name-invalid" == problem.kind
    assert (*prefix, *base, "multiscales", 0, "name") == problem.loc


def test_zattrs_are_of_zarr_2(tmp_path: Path) -> None:
    """0.5 in a .zattrs file is in the wrong format."""
    write_json(tmp_path / ".zattrs", image05())

    assert [("", "zarr-format")] == found(validate(tmp_path / ".zattrs"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{}", "no-metadata"),
        ('{"ome": {"version": "0.5"}}', "no-metadata"),
        ('{"omero": {"channels": []}}', "no-metadata"),
        ("[]", "attributes-invalid"),
        ("null", "attributes-invalid"),
        ("{", "not-json"),
        ("", "not-json"),
        ('{"node_type": "group", "zarr_format": 3}', "no-metadata"),
        ('{"node_type": "array", "zarr_format": 3}', "not-a-group"),
        ('{"shape": [1], "chunks": [1]}', "not-a-group"),
    ],
)
def test_a_file_without_metadata_is_invalid(
    text: str, kind: str, tmp_path: Path
) -> None:
    """There has to be something in it."""
    path = tmp_path / "d.json"
    path.write_text(text, "utf-8")

    report = validate(path)

    assert kind in {problem.kind for problem in report.problems}
    assert not report.valid


def test_an_empty_list_of_labels_is_something(tmp_path: Path) -> None:
    """A labels group may be empty."""
    write_json(tmp_path / "l.json", {"ome": {"version": "0.5", "labels": []}})

    assert validate(tmp_path / "l.json", strict=True).valid


def test_nothing_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    """What cannot be looked at is neither valid nor invalid."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(CannotOpen):
        validate(tmp_path / "absent.zarr")
    with pytest.raises(NotOmeZarr):
        validate(tmp_path / "folder")


def test_a_broken_root_document_is_reported(tmp_path: Path) -> None:
    """A store whose metadata are no JSON is invalid."""
    path = build_image(tmp_path / "i.zarr", version="0.5")
    (path / "zarr.json").write_text('{"zarr_format": 3, "node_type"', "utf-8")

    report = validate(path)

    assert ["not-json"] == [problem.kind for problem in report.problems]


def test_a_broken_label_document_does_not_hide_the_rest(tmp_path: Path) -> None:
    """One unreadable document is one problem."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels={"a": {}, "b": {}})
    (path / "labels" / "a" / "zarr.json").write_text("{", "utf-8")

    report = validate(path)

    assert [("labels/a", "unreadable-document")] == found(report, "error")
    assert 2 + 2 == report.arrays


def test_strict_counts_what_should_be(tmp_path: Path) -> None:
    """A missing name is fine, but not strictly."""
    path = build_image(tmp_path / "i.zarr", version="0.5", name=None)

    assert [True, False] == [validate(path, strict=s).valid for s in (False, True)]


def test_problems_are_bounded(tmp_path: Path) -> None:
    """The worst are kept, and the number of the others is told."""
    plate = {"rows": [], "columns": [], "wells": [{}] * 50, "name": "p"}
    write_json(tmp_path / "p.json", {"ome": {"version": "0.5", "plate": plate}})

    report = validate(tmp_path / "p.json", limits=Limits(problems=20))

    assert len(report.problems) <= 22
    assert not report.valid


def test_the_report_as_json_and_as_text(tmp_path: Path) -> None:
    """Both say the same."""
    path = build_image(tmp_path / "i.zarr", version="0.5", labels={"c": {"levels": 1}})
    report = validate(path, strict=True)

    told = json.loads(json.dumps(report.to_json()))
    [problem] = told["problems"]

    assert (False, True, 3, 3) == (
        told["valid"],
        told["strict"],
        told["documents"],
        told["arrays"],
    )
    assert {"error": 0, "warning": 1, "info": 0} == told["counts"]
    assert ("warning", "label-levels", "labels/c") == (
        problem["level"],
        problem["kind"],
        problem["node"],
    )
    assert {"loc", "pointer", "message"} <= problem.keys()
    assert report.text().endswith("not valid (strict), 1 warning")
    assert problem["message"] in report.text()


@pytest.mark.parametrize("version", ["0.4", "0.6"])
def test_locations_are_in_the_documents_named(version: str, tmp_path: Path) -> None:
    """Every problem of a faulty store points at what is there."""
    path = build_image(
        tmp_path / "i.zarr",
        version=version,
        name=None,
        omero={"channels": [{"color": "#fff"}]},
        labels={"c": {"image_label": {"colors": COLORS * 2}, "name": None}},
    )

    report = validate(path)

    assert len(report.problems) > 5
    assert resolves(path, report)


def test_real_stores_are_judged_by_their_names(stores: Path) -> None:
    """A collection of examples that says which are valid."""
    root = stores / "ome_zarr_examples_valid_invalid_v04"
    judged = {
        path.relative_to(root).as_posix(): validate(path)
        for path in sorted(root.glob("*/*.zarr"))
    }

    wrong = {
        name: found(report, "error")
        for name, report in judged.items()
        if report.valid != (not name.startswith("invalid/"))
    }

    # Two wells of the plate called valid have the indices of each other.
    assert {"valid/plate-01.zarr": [("", "well-index")] * 2} == wrong
    assert ("1", "dtype-mismatch") in found(judged["warning/image-01.zarr"], "warning")
