"""A few files, saved with a fault at every I/O call: the old ones or the new ones."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")

#: At every call: where a save ends for good, and where a call fails that may.
OFTEN = ("kill", "torn", "full", "eio")
#: These differ little from those.
SELDOM = ("gone", "interrupt")


@pytest.mark.parametrize(
    "scenario",
    ["first_save", "replaced", "replaced_without_exchange", "written_back"],
)
def test_old_or_new(scenario, tmp_path, figure):
    """Whatever happens at whichever call, there is the old image or the new one."""
    with Run(f"faults.small:{scenario}", tmp_path) as run:
        states = run.judge(run.points(*OFTEN) + run.points(*SELDOM, stride=3))

    assert {"old", "new"} == set(states)
    figure(f"faults: {scenario}, {len(states)} at {len(run.calls)} calls")


@pytest.mark.parametrize(
    "scenario",
    [
        "first_archive",
        "replaced_archive",
        "replaced_archive_without_exchange",
        "after_a_kill",
        "after_a_kill_between",
    ],
)
def test_old_or_new_sampled(scenario, tmp_path):
    """So it is with archives, and where a save was killed before."""
    with Run(f"faults.small:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio", stride=3))

    assert {"old", "new"} == set(states)


@pytest.mark.parametrize("scenario", ["swept", "recovered"])
def test_tidying_up(scenario, tmp_path):
    """Whatever happens to it, the next one finds all that it needs."""
    with Run(f"faults.small:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "eio", "gone"))

    assert {"new"} == set(states)


@pytest.mark.parametrize("scenario", ["replaced", "replaced_without_exchange"])
def test_interrupted_anywhere(scenario, tmp_path):
    """Ctrl-C may be pressed between any two lines of ours."""
    with Run(f"faults.small:{scenario}", tmp_path) as run:
        points = [("line", n) for n in range(1, run.lines, 11 * run.stride)]
        states = run.judge(points)

    assert {"old", "new"} == set(states)
