"""What an edit of an image means for its labels and siblings."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from cases.build import build_image
from cases.many import build_plate
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import (
    MakeConsistent,
    Repair,
    SetOrigin,
    SetPixelSize,
)

KEY = "coordinateTransformations"
LABEL = "labels/a"


def scale(*numbers: float) -> dict[str, Any]:
    """Return a scale."""
    return {"type": "scale", "scale": list(numbers)}


def move(*numbers: float) -> dict[str, Any]:
    """Return a translation."""
    return {"type": "translation", "translation": list(numbers)}


def stated(draft, node=LABEL):
    """Return the transformations of each level as they would be written."""
    attributes = draft.values.attributes(node)
    (entry,) = attributes.get("ome", attributes)["multiscales"]
    return [dataset[KEY] for dataset in entry["datasets"]]


def labelled(path, label, *, included=LABEL, **image):
    """Return a draft of an image with one label image, which is edited with it."""
    given = {"axes": "zyx", "shape": (4, 16, 16), "version": "0.5"} | image
    build_image(path, labels={"a": label}, **given)
    return Draft.open(path).including(included)


@pytest.mark.parametrize(
    ("label", "size", "origin"),
    [
        ({"scale": (1, 1, 1), "translation": (0, 0, 3)}, 0.1, 5.0),
        ({"scale": (1, 1, 1), "translation": (0, 0, 3), "shape": (1, 16, 16)}, 0.1, 5),
        ({"scale": (1, 1, 1), "translation": (0, 0, 3), "shape": (4, 16, 8)}, 0.2, 8),
        ({"scale": (1, 1, 1), "translation": (0, 0, 3), "shape": (4, 8, 16)}, 0.2, 8),
    ],
)
def test_a_label_of_as_many_pixels_takes_the_size(tmp_path, label, size, origin):
    """What it stated was wrong; one of other pixels keeps proportion and distance."""
    draft = labelled(tmp_path / "a.zarr", label)

    draft = draft.edited(SetPixelSize(axis=2, size=0.1), SetOrigin(axis=2, origin=5))

    sized, moved = stated(draft)[0]
    assert size == sized["scale"][2]
    assert origin == moved["translation"][2]
    assert [1, 1] == sized["scale"][:2]


def test_levels_of_relatives_are_made_consistent_with_their_own(tmp_path):
    """Each by its shapes and its finest level; one with a single level is left."""
    wrong = [[scale(1, 1, 1)], [scale(1, 1, 1)]]
    label = {"transforms": wrong, "factors": [(1, 1, 1), (1, 4, 4)]}
    draft = labelled(tmp_path / "a.zarr", label).edited(MakeConsistent())

    assert () == draft.refused
    assert [[scale(1, 1, 1)], [scale(1, 4, 4), move(0, 1.5, 1.5)]] == stated(draft)
    single = {"levels": 1, "transforms": [None]}
    alone = labelled(tmp_path / "b.zarr", single).edited(MakeConsistent())
    assert () == alone.refused


def test_siblings_are_made_consistent_too(tmp_path):
    """Where the image itself has nothing to mend."""
    path = build_plate(tmp_path / "p.zarr", rows="A", columns="1", version="0.5")
    wrong = [[scale(1, 2, 2, 2)], [scale(1, 2, 2, 2)]]
    build_image(path / "A" / "1" / "1", version="0.5", transforms=wrong)
    draft = Draft.open(path / "A" / "1" / "0").including("A/1/1")

    draft = draft.edited(MakeConsistent())

    assert ["A/1/1"] == list(draft.changes)
    assert [4, 4] == stated(draft, "A/1/1")[1][0]["scale"][2:]


AFFINE = [{"type": "affine", "affine": [[1, 0, 0, 0], [0, 1, 0.5, 0], [0, 0, 1, 0]]}]
TURNED = [move(1, 2, 3), scale(2, 2, 0.5)]
MENDED = [scale(2, 2, 0.5), move(2, 4, 1.5)]


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_repair_goes_where_the_relative_has_the_problem(tmp_path, version):
    """Not where it has none, and not where another repair of the image goes."""
    label = {"transforms": [TURNED, TURNED, TURNED], "levels": 3}
    draft = labelled(
        tmp_path / "a.zarr", label, transforms=[TURNED, TURNED], version=version
    )
    first, second = (p for p in draft.problems if is_turned(p) and p.node == "")

    draft = draft.edited(draft.fix_of(first))
    assert [MENDED, TURNED] == stated(draft, "")
    assert [MENDED, TURNED, MENDED] == stated(draft)
    draft = draft.edited(draft.fix_of(second))
    assert [MENDED] * 3 == stated(draft)
    assert not any(map(is_turned, draft.problems))
    assert [TURNED] * 3 == stated(draft.undo().undo())


def is_turned(problem):
    """Tell whether a problem is that of the order of transformations."""
    return "transform-order" == problem.kind


def test_a_repair_does_nothing_to_a_relative_without_the_problem(tmp_path):
    """Its documents stay as they are."""
    draft = labelled(tmp_path / "a.zarr", {}, transforms=[TURNED, [scale(4, 4, 1)]])
    (problem,) = (p for p in draft.problems if is_turned(p))

    draft = draft.edited(draft.fix_of(problem))

    assert [""] == list(draft.changes)


def test_names_of_dimensions_are_repaired_in_relatives(tmp_path):
    """By the axes of each."""
    path = build_image(
        tmp_path / "a.zarr",
        version="0.5",
        dimension_names=[None] * 4,
        labels={"a": {"dimension_names": [None] * 3}, "b": {}},
    )
    draft = Draft.open(path).including(LABEL, "labels/b")

    draft = draft.edited(Repair(kind="missing-dimension-names"))

    nodes = {"0", "1", f"{LABEL}/0", f"{LABEL}/1"}
    assert nodes == draft.changes.keys()
    assert (tuple("zyx"),) * 2 == draft.values.names(LABEL, 0)


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_repair_that_only_a_relative_needs_is_offered(tmp_path, version):
    """It is made there, and nowhere else; saving, undo and redo know it."""
    label = {"transforms": [TURNED, [scale(4, 4, 1)]]}
    draft = labelled(tmp_path / "a.zarr", label, version=version)
    (problem,) = (p for p in draft.problems if is_turned(p))

    edit = draft.fix_of(problem)
    fixed = draft.edited(edit)

    assert [LABEL] == list(fixed.changes)
    assert MENDED == stated(fixed)[0]
    assert fixed.is_edited(edit.field)
    assert not any(map(is_turned, fixed.problems))
    assert {} == fixed.undo().changes
    assert fixed.changes == fixed.undo().redo().changes


def test_a_unit_that_only_a_relative_misspells_is_mended_there(tmp_path):
    """The image keeps its own."""
    axes = [
        {"name": name, "type": "space", "unit": unit}
        for name, unit in zip("zyx", ("nanometer",) * 3, strict=True)
    ]
    path = build_image(
        tmp_path / "a.zarr", axes=axes, shape=(4, 16, 16), labels={"a": {}}
    )
    document = path / LABEL / ".zattrs"
    value = json.loads(document.read_text())
    value["multiscales"][0]["axes"][1]["unit"] = "micron"
    document.write_text(json.dumps(value))
    draft = Draft.open(path).including(LABEL)
    (problem,) = (p for p in draft.problems if p.kind == "axis-unit-unknown")

    draft = draft.edited(draft.fix_of(problem))

    assert [LABEL] == list(draft.changes)
    assert "micrometer" == draft.changes[LABEL][0].new


def test_what_is_wrong_with_a_relative_is_told_while_it_is_edited_too(tmp_path):
    """Left out again, it is told no more; unless an edit of its own stays."""
    axes = [{"name": name, "type": "space"} for name in "zyx"]
    path = build_image(
        tmp_path / "a.zarr", axes=axes, shape=(4, 16, 16), labels={"a": {}}
    )
    document = path / LABEL / ".zattrs"
    value = json.loads(document.read_text())
    value["multiscales"][0]["axes"][0]["unit"] = "micron"
    value["multiscales"][0]["axes"][1]["unit"] = "leagues"
    document.write_text(json.dumps(value))

    def units(draft):
        found = [p for p in draft.problems if p.kind == "axis-unit-unknown"]
        return [p for p in found if p.node == LABEL]

    alone = Draft.open(path)
    assert not units(alone)
    both = alone.including(LABEL)
    assert 2 == len(units(both))
    assert not units(both.including())
    mended = both.edited(both.fix_of(units(both)[0]))
    assert 1 == len(units(mended.including()))


def test_a_sibling_that_cannot_be_made_consistent_is_named(tmp_path):
    """The others are made so."""
    path = build_plate(tmp_path / "p.zarr", rows="A", columns="1", version="0.5")
    wrong = [[scale(1, 2, 2, 2)], [scale(1, 2, 2, 2)]]
    for name in "12":
        build_image(path / "A" / "1" / name, version="0.5", transforms=wrong)
    shutil.rmtree(path / "A" / "1" / "1" / "1")
    draft = Draft.open(path / "A" / "1" / "0").including("A/1/1", "A/1/2")

    draft = draft.edited(MakeConsistent())

    (told,) = draft.refused
    assert told.message.startswith("A/1/1: ")
    assert ["A/1/2"] == list(draft.changes)
    assert (MakeConsistent(),) == draft.edits


def test_an_edit_that_a_relative_refuses_names_it(tmp_path):
    """Nothing is changed then."""
    draft = labelled(tmp_path / "a.zarr", {"transforms": [AFFINE, AFFINE]})

    draft = draft.edited(SetPixelSize(axis=2, size=0.1))

    assert {} == draft.changes
    assert draft.refused[0].message.startswith("labels/a: ")
