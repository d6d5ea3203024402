"""Label images get names that every file system takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.memory import image, label, ramp
from napari_ngff import read
from napari_ngff.dataset.saving.label_names import saved_names
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute

if TYPE_CHECKING:
    from pathlib import Path


def test_names_that_are_fit_stay() -> None:
    """Those with a folder of their own, too."""
    names = ("cells", "a/b", "a/c", "nuclei 2")

    assert (names, ()) == saved_names(names, node="")


def test_others_are_changed_and_that_is_told() -> None:
    """Each with the reason."""
    found, problems = saved_names(["A", "a", "CON", "x/nul.y", "b."], node="n")

    assert ("A", "a_2", "labels_CON", "x/labels_nul.y", "b") == found
    assert [("warning", "n")] * 4 == [(p.level, p.node) for p in problems]
    reasons = ("in capitals alone", "for a device", "for a device", "ends in a dot")
    for problem, reason in zip(problems, reasons, strict=True):
        assert reason in problem.message


def test_they_are_saved_so(tmp_path: Path) -> None:
    """Those of the new image, and those that it keeps of the old one."""
    target = tmp_path / "a.ome.zarr"
    old = image(ramp(8, 8), labels=[label(ramp(8, 8), name="Cells")])
    new = image(ramp(8, 8), labels=[label(ramp(8, 8) // 9)])
    execute(make_plan([old], target))
    options = SaveOptions(existing="replace")

    plan = make_plan([new], target, options)
    execute(plan)

    assert ["label-name"] == [problem.kind for problem in plan.losses]
    assert ["cells", "Cells_2"] == [label.name for label in read(target).labels]
    assert [0, 0] == list(read(target).labels[0].image.levels[0][0, :2])
    assert [0, 1] == list(read(target).labels[1].image.levels[0][0, :2])
