"""Images, saved with a fault at every I/O call: the old one or the new one."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")


@pytest.mark.parametrize("scenario", ["first_save", "saved_onto_itself"])
def test_old_or_new(scenario, tmp_path, figure):
    """At each call of a save: killed, torn, without room, failed."""
    with Run(f"faults.images:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio"))
        states += run.judge(run.points("gone", "interrupt", stride=5))

    assert {"old", "new"} == set(states)
    figure(f"faults: {scenario} of an image, {len(states)} at {len(run.calls)} calls")


@pytest.mark.parametrize("scenario", ["labels_kept", "archive"])
def test_old_or_new_sampled(scenario, tmp_path):
    """So it is where labels are moved over, and with archives."""
    with Run(f"faults.images:{scenario}", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio", stride=4))

    assert {"old", "new"} == set(states)


def test_interrupted_anywhere(tmp_path):
    """Ctrl-C may be pressed between any two lines of ours."""
    with Run("faults.images:saved_onto_itself", tmp_path) as run:
        step = max(1, run.lines // 60) * run.stride
        states = run.judge([("line", n) for n in range(1, run.lines, step)])

    assert {"old", "new"} == set(states)
