"""Whole stores in other shards, with faults at I/O calls: as before, or all new."""

from __future__ import annotations

import sys

import pytest

from faults.harness import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults need fork")


@pytest.mark.parametrize(
    ("scenario", "stride"), [("in_place", 8), ("at_a_new_place", 12), ("decoded", 12)]
)
def test_old_or_new(scenario, stride, tmp_path, figure):
    """Killed, torn, without room, failed: both stores are whole, or one is absent."""
    with Run(f"faults.stores:{scenario}", tmp_path) as run:
        points = run.points("kill", "torn", "full", "eio", stride=stride)
        states = run.judge([*points, ("kill", len(run.calls))])

    assert {"old", "new"} == set(states)
    figure(f"faults: re-sharding a store, {len(states)} at {len(run.calls)} calls")
