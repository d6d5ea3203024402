"""Problems with one sure remedy: each fix leaves none of its kind, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from cases.editing import KEY, edited, entry, lists, move, scale, systems, written
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import Repair, changes_of, fix_of
from napari_ngff.metadata.versions import read_group


def image(*, axes: Any = None, version: str = "0.5", **blocks: Any) -> Any:
    """Return an image of three axes with other axes or further blocks."""
    found = lists([scale(1, 1, 1)], version=version)
    if axes is not None:
        entry(found)["axes"] = axes
    found.get("ome", found).update(blocks)
    return found


def channel(**members: Any) -> Any:
    """Return an image with one channel."""
    whole = {"color": "FFFFFF", "window": {"min": 0, "max": 9, "start": 0, "end": 9}}
    return image(omero={"channels": [whole | members]})


def labels(**members: Any) -> Any:
    """Return a label image."""
    return image(**{"image-label": members})


def two(*items: Any) -> Any:
    """Return an image of 0.6 whose level has these transformations."""
    found = systems({"type": "identity"})
    ends = {"input": {"path": "0"}, "output": {"name": "here"}}
    entry(found)["datasets"][0][KEY] = [ends | item for item in items]
    return found


def whole(items: Any) -> Any:
    """Return an image with transformations after those of its levels."""
    found = image()
    entry(found)[KEY] = items
    return found


YX = [{"name": name, "type": "space", "unit": "micrometer"} for name in "yx"]
RED = {"label-value": 1, "rgba": [255, 0, 0, 255]}

CASES: dict[str, list[Any]] = {
    "axis-type-missing": [image(axes=[{"name": "t"}, *YX])],
    "axis-unit-unknown": [
        image(axes=[{"name": "z", "type": "space", "unit": "micron"}, *YX])
    ],
    "axis-invalid": [image(axes=["z", *YX])],
    "channel-color-form": [channel(color="#00ff00"), channel(color="0f0")],
    "channel-label-invalid": [channel(label=5)],
    "window-start-missing": [channel(window={"min": 0, "max": 9, "end": 9})],
    "window-end-missing": [channel(window={"min": 0, "max": 9, "start": 0})],
    "window-min-missing": [channel(window={"start": 0, "max": 9, "end": 9})],
    "window-max-missing": [channel(window={"start": 0, "min": 9, "end": 9})],
    "window-empty": [channel(window={"min": 0, "max": 9, "start": 3, "end": 3})],
    "window-reversed": [channel(window={"min": 0, "max": 9, "start": 8, "end": 3})],
    "scale-count": [whole([])],
    "transform-order": [lists([move(1, 2, 3), scale(2, 2, 0.1)])],
    "level-transform-count": [two(scale(1, 1, 2), move(1, 1, 1))],
    "level-input-path": [two(scale(1, 1, 2) | {"input": {"path": "nowhere"}})],
    "level-input-name": [two(scale(1, 1, 2) | {"input": {"path": "0", "name": "a"}})],
    "level-output-path": [
        two(scale(1, 1, 2) | {"output": {"path": "0", "name": "here"}})
    ],
    "version-missing": [
        {"ome": {k: v for k, v in image()["ome"].items() if k != "version"}}
    ],
    "version-mismatch": [
        image(version="0.5") | {"ome": image()["ome"] | {"version": "0.4"}}
    ],
    "version-invalid": [{"ome": image()["ome"] | {"version": 0.5}}],
    "dataset-path-invalid": [image()],
    "labels-duplicate": [{"ome": {"version": "0.5", "labels": ["a", "b", "a"]}}],
    "label-colors-duplicate": [labels(colors=[RED, RED | {"k": 1}, RED])],
    "label-properties-duplicate": [
        labels(
            colors=[RED], properties=[{"label-value": 1}, {"label-value": 1, "a": 1}]
        )
    ],
    "image-label-colors-empty": [labels(colors=[])],
    "image-label-properties-empty": [labels(colors=[RED], properties=[])],
}
entry(CASES["dataset-path-invalid"][0])["datasets"][0]["path"] = 0


@pytest.mark.parametrize(
    ("kind", "attributes"), [(kind, a) for kind, cases in CASES.items() for a in cases]
)
def test_a_fix_remedies_its_problem_and_makes_no_other(
    kind: str, attributes: Any
) -> None:
    """Of the other errors none is new; what lacks after all may be told."""
    group = read_group(attributes)
    problem = next(p for p in group.problems if p.kind == kind)
    fix = fix_of(problem, attributes, group)
    assert fix is not None
    found = read_group(edited(attributes, fix))
    assert kind not in {p.kind for p in found.problems}
    errors = [
        {p.kind for p in g.problems if p.level == "error"} for g in (group, found)
    ]
    assert errors[1] <= errors[0]


def test_transforms_in_the_right_order_put_pixels_where_they_were() -> None:
    """What was moved by pixels is moved by as many micrometres."""
    attributes = CASES["transform-order"][0]
    group = read_group(attributes)
    problem = next(p for p in group.problems if p.kind == "transform-order")
    fix = fix_of(problem, attributes, group)
    assert fix is not None
    assert [[scale(2, 2, 0.1), move(2, 4, 0.3)]] == written(edited(attributes, fix))


def test_dimensions_are_named_as_the_axes() -> None:
    """One fix names those of all levels; those that are right stay."""
    attributes = lists(*([scale(1, 1, 1)] for _ in range(3)))
    names = (None, ("z", "y", "x"), ("a", "b", "c"))
    known = {"shapes": ((4, 4, 4),) * 3, "dimension_names": names}
    problem = Problem(level="warning", kind="missing-dimension-names", message="")
    group = read_group(attributes)
    fix = fix_of(problem, attributes, group, **known)
    assert fix is not None
    found = changes_of(fix, attributes, group, **known)
    assert not isinstance(found, Problem)
    assert {0: ("z", "y", "x"), 2: ("z", "y", "x")} == found.dimension_names
    assert () == found.attributes
    old = lists([scale(1, 1, 1)], version="0.4")
    assert fix_of(problem, old, read_group(old), **known) is None


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        (image(axes=[{"name": "depth"}, *YX]), "axis-type-missing"),
        (
            image(axes=[{"name": "z", "type": "space", "unit": "pixels"}, *YX]),
            "axis-unit-unknown",
        ),
        (
            image(axes=[{"name": "z", "type": "space", "unit": "second"}, *YX]),
            "axis-unit-unknown",
        ),
        (image(axes=[{"name": "z", "type": "space"}, *YX]), "axis-unit-missing"),
        (channel(color="red"), "channel-color-invalid"),
        (channel(window={"min": 0, "max": 9, "end": 9}), "no-such-problem"),
        (channel(window={"start": 3, "end": 3, "min": 0, "max": 0}), "window-empty"),
        (lists(None), "dataset-coordinate-transformations-missing"),
        (whole([move(1, 1, 1)]), "scale-count"),
        (lists([]), "scale-count"),
    ],
)
def test_where_something_must_be_guessed_there_is_no_fix(
    attributes: Any, kind: str
) -> None:
    """A unit that nobody states, a colour that is none."""
    group = read_group(attributes)
    found = [p for p in group.problems if p.kind == kind]
    assert kind == "no-such-problem" or found
    problem = found[0] if found else Problem(level="info", kind=kind, message="")
    assert fix_of(problem, attributes, group) is None


def test_a_repair_of_what_is_right_changes_nothing() -> None:
    """A repair that was made already, or of something else, is no change."""
    attributes = image()
    for kind in ("transform-order", "window-empty", "labels-duplicate", "axis-invalid"):
        found = changes_of(
            Repair(kind=kind, loc=("x", 1)), attributes, read_group(attributes)
        )
        assert not isinstance(found, Problem)
        assert () == found.attributes
