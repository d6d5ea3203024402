"""Axes that only number pixels become axes of space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cases.memory import image, ramp
from napari_ngff import read, validate
from napari_ngff.dataset.saving.axis_types import with_space
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.metadata.axes import Axis

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("zyx", ["space", "space", "space"]),
        ("tcyx", ["time", "channel", "space", "space"]),
        ("ab", ["space", "space"]),
        ("dcba", ["array", "space", "space", "space"]),
    ],
)
def test_names_say_what_they_are(names: str, expected: list[str]) -> None:
    """Else the last three are space; it is told."""
    axes = tuple(Axis(name=name, type="array") for name in names)
    before = image(ramp(*range(2, 2 + len(names))), axes)

    after, [problem] = with_space(before, node="a")

    assert expected == [axis.type for axis in after.multiscale.axes]
    assert ("warning", "axis-type", "a") == (problem.level, problem.kind, problem.node)
    assert f"'{names[-1]}' is space" in problem.message


@pytest.mark.parametrize("types", [("array", "space"), ("space", "space"), ("x", None)])
def test_other_axes_stay_as_they_are(types: tuple[str | None, ...]) -> None:
    """Where there is space already, or nothing that only numbers pixels."""
    axes = tuple(Axis(name=f"a{i}", type=kind) for i, kind in enumerate(types))
    before = image(ramp(4, 4), axes)

    assert (before, ()) == with_space(before, node="")


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_they_can_be_saved(version: str, tmp_path: Path) -> None:
    """In every version, with coarser levels, as what every version takes."""
    axes = tuple(Axis(name=name, type="array") for name in ("dim_0", "dim_1"))
    pixels = ramp(40, 30)
    options = SaveOptions(version=version, levels=2)  # type: ignore[arg-type]

    [path] = execute(make_plan([image(pixels, axes)], tmp_path / "a", options))

    found = read(path)
    assert validate(path).valid
    assert [(40, 30), (20, 15)] == [level.shape for level in found.levels]
    assert np.array_equal(pixels, found.levels[0])
