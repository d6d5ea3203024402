"""Arrays in other shards, with a fault at every I/O call: as before, or all new."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")


def test_old_or_new(tmp_path, figure):
    """Killed, torn, without room, failed: the source and what it becomes are whole."""
    with Run("faults.resharding:into_shards", tmp_path) as run:
        states = run.judge(run.points("kill", "torn", "full", "eio"))
        states += run.judge(run.points("gone", "interrupt", stride=5))

    assert {"old", "new"} == set(states)
    figure(f"faults: re-sharding, {len(states)} at {len(run.calls)} calls")


@pytest.mark.parametrize(
    "scenario", ["into_larger_shards", "out_of_shards", "at_a_new_place"]
)
def test_old_or_new_sampled(scenario, tmp_path):
    """So it is from shards, into larger ones and into single chunks, and elsewhere."""
    with Run(f"faults.resharding:{scenario}", tmp_path) as run:
        stride = 4 if run.stride == 1 else 1
        states = run.judge(run.points("kill", "torn", "full", "eio", stride=stride))

    assert {"old", "new"} == set(states)
