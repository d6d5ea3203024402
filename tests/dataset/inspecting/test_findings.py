"""What was found of arrays one by one: the same as all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cases.build import build_image
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.dataset.layout import inspect
from napari_ngff.storage.inspecting.budget import Budget, Watch

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.dataset.inspecting.findings import Check, Which


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return build_image(
        tmp_path / "a.zarr", version="0.5", labels={"cells": {"axes": "zyx"}}
    )


def look(findings: Findings, which: Which, check: Check | None = None) -> None:
    found = findings.look(which, budget=Budget(), watch=Watch())
    if check is not None:
        found = findings.check(which, found, check, watch=Watch())
    findings.keep(which, found)


def test_arrays_one_by_one_are_arrays_at_once(path: Path) -> None:
    """What is put together is what the verb says; in whatever order it was found."""
    findings = Findings.open(path)
    assert ((0, 0), (0, 1), (1, 0), (1, 1)) == findings.arrays
    for which in reversed(findings.arrays):
        look(findings, which, "decode")

    assert inspect(path, check="decode").to_json() == findings.layout().to_json()


def test_what_was_not_looked_at_is_named(path: Path) -> None:
    """A report of one array names the others, and gives no advice on all levels."""
    findings = Findings.open(path)
    look(findings, (1, 0))
    layout = findings.layout()

    assert ["labels/cells/0"] == [level.node for level in layout.levels]
    told = {p.node: p.message for p in layout.problems}
    assert {"0", "1", "labels/cells/1"} == set(told)
    assert {"its files were not looked at"} == set(told.values())
    assert () == layout.health


def test_what_cannot_be_looked_at_is_a_problem(path: Path) -> None:
    """Until it can; what was found before is not taken for what is there now."""
    findings = Findings.open(path)
    look(findings, (0, 1))
    findings.fail((0, 1), CannotOpen("a.zarr", "it is gone"))

    assert findings.found((0, 1)) is None
    [problem] = findings.problems
    assert ("1", "not-inspected") == (problem.node, problem.kind)
    look(findings, (0, 1))
    assert () == findings.problems


def test_costs_are_where_one_looks(path: Path) -> None:
    """A plane at the place that is given, else in the middle."""
    findings = Findings.open(path)
    costs = findings.costs((0, 0), (1, 3, 2, 2))

    assert ["y-x plane", "z-x plane", "z-y plane", "block"] == list(costs)
    assert all(cost.exact for cost in costs.values())


def test_a_replaced_document_is_noticed(path: Path) -> None:
    """By its file, which another program put in the place of the one that was read."""
    findings = Findings.open(path)
    assert findings.is_current

    document = path / "1" / "zarr.json"
    (path / "new").write_bytes(document.read_bytes())
    (path / "new").replace(document)

    assert not findings.is_current
