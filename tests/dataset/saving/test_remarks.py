"""What is told of a plan although nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cases.memory import image, ramp
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.metadata.axes import Axis

if TYPE_CHECKING:
    from pathlib import Path

YX = (
    Axis(name="y", type="space", unit="micrometer"),
    Axis(name="x", type="space", unit="micrometer"),
)


def told(tmp_path: Path, axes: Any = YX, **options: Any) -> list[tuple[str, str, str]]:
    plan = make_plan([image(ramp(8, 8), axes)], tmp_path / "a", SaveOptions(**options))
    assert () == plan.obstacles
    assert () == plan.losses
    return [(p.level, p.kind, p.message) for p in plan.problems]


@pytest.mark.parametrize(("levels", "expected"), [(None, 0), (3, 0), (4, 1), (50, 1)])
def test_levels_that_there_cannot_be_are_told(
    levels: int | None, expected: int, tmp_path: Path
) -> None:
    """Of 8 x 8 pixels there are three: no level has but one pixel."""
    found = told(tmp_path, levels=levels)

    assert expected == len(found)
    for level, kind, message in found:
        assert ("info", "levels") == (level, kind)
        assert f"{levels} levels were asked for, and the image has 3" in message
        assert "2 x 2" in message


@pytest.mark.parametrize(
    ("kind", "unit", "expected"),
    [
        ("space", "second", 1),
        ("space", "ms", 1),
        ("space", "um", 0),
        ("space", None, 0),
        ("time", "micrometer", 1),
        ("time", "second", 0),
        ("phase", "second", 0),
    ],
)
def test_units_of_another_kind_are_told(
    kind: str, unit: str | None, expected: int, tmp_path: Path
) -> None:
    """A position is no time; what a custom axis counts is not known."""
    strange = Axis(name="a", type=kind, unit=unit)
    pixels = image(ramp(8, 8, 8), (strange, *YX))
    plan = make_plan([pixels], tmp_path / "a")

    found = [p for p in plan.problems if p.kind == "axis-unit"]

    assert expected == len(found)
    assert all("info" == p.level and f"one of {kind}" in p.message for p in found)
