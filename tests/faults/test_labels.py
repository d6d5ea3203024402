"""Labels added or saved back with a fault at every I/O call: old ones or new ones."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")


@pytest.mark.parametrize("scenario", ["more_labels", "painted"])
def test_old_or_new(scenario, tmp_path, figure):
    """At each call of a save: killed, torn, without room, failed."""
    with Run(f"faults.labels:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio"))
        states += run.judge(run.points("gone", "interrupt", stride=5))

    assert {"old", "new"} == set(states)
    figure(f"faults: {scenario}, {len(states)} at {len(run.calls)} calls")


@pytest.mark.parametrize(
    "scenario",
    [
        "first_labels",
        "more_labels_of_0_4",
        "painted_in_shards",
        "painted_of_0_4",
        "painted_without_exchange",
    ],
)
def test_old_or_new_sampled(scenario, tmp_path):
    """So it is for the first labels, in shards, in Zarr v2, and with two renames."""
    with Run(f"faults.labels:{scenario}", tmp_path) as run:
        stride = 4 if run.stride == 1 else 1
        states = run.judge(run.points("kill", "torn", "full", "eio", stride=stride))

    assert {"old"} <= set(states) <= {"old", "new"}


@pytest.mark.parametrize("scenario", ["more_labels", "painted"])
def test_interrupted_anywhere(scenario, tmp_path):
    """Ctrl-C may be pressed between any two lines of ours."""
    with Run(f"faults.labels:{scenario}", tmp_path) as run:
        step = max(1, run.lines // 60) * run.stride
        states = run.judge([("line", n) for n in range(1, run.lines, step)])

    assert {"old", "new"} == set(states)
