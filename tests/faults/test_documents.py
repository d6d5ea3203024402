"""Documents edited with a fault at every I/O call: the old ones or the new ones."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")


@pytest.mark.parametrize("scenario", ["edited", "upgraded_without_exchange"])
def test_old_or_new(scenario, tmp_path, figure):
    """Whatever happens at whichever call, all documents are the old or the new ones."""
    with Run(f"faults.documents:{scenario}", tmp_path) as run:
        often = run.points("kill", "torn", "full", "eio")
        states = run.judge(often + run.points("gone", "interrupt", stride=3))

    assert {"old", "new"} == set(states)
    figure(f"faults: documents {scenario}, {len(states)} at {len(run.calls)} calls")


@pytest.mark.parametrize("scenario", ["edited_without_exchange", "upgraded", "undone"])
def test_old_or_new_sampled(scenario, tmp_path):
    """So it is where documents cannot be exchanged, come and go, or are put back."""
    with Run(f"faults.documents:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio", stride=3))

    assert {"old", "new"} == set(states)


def test_completed_when_opened(tmp_path):
    """Whatever happens while it is completed, whoever comes next completes it."""
    with Run("faults.documents:opened", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio", "gone"))

    assert {"new"} == set(states)


def test_interrupted_anywhere(tmp_path):
    """Ctrl-C may be pressed between any two lines of ours."""
    with Run("faults.documents:edited", tmp_path) as run:
        points = [("line", n) for n in range(1, run.lines, 11 * run.stride)]
        states = run.judge(points)

    assert {"old", "new"} == set(states)
