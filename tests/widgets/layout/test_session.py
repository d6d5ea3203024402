"""What the layout dock shows: who is told of what, and what is forgotten."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cases.build import build_image
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.dataset.inspecting.levels import level_layout
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.widgets.layout.level_words import LINES, details, faults
from napari_ngff.widgets.layout.session import Session

SIGNALS = (
    *("changed", "level_changed", "scanned"),
    *("position_changed", "shard_changed", "cursor_changed"),
)


@pytest.fixture
def told():
    return []


@pytest.fixture
def session(told):
    session = Session()
    for name in SIGNALS:
        getattr(session, name).connect(lambda *_, name=name: told.append(name))
    return session


@pytest.fixture
def findings(tmp_path):
    path = build_image(
        tmp_path / "a.zarr",
        version="0.5",
        chunks=(1, 2, 8, 8),
        shards=(2, 4, 16, 16),
        labels={"cells": {"axes": "zyx"}},
    )
    return Findings.open(path)


def by(*lengths):
    return " \N{MULTIPLICATION SIGN} ".join(map(str, lengths))


def look(findings, which):
    return findings.look(which, budget=Budget(), watch=Watch())


def test_who_is_told(session, findings, told):
    """Of each change once, and of what is no change not at all."""
    session.show(findings)
    session.look((0, 1, 2, 3), (2, 3))
    session.look((0, 1, 2, 3), (2, 3))
    session.choose((0, 0, 0, 0))
    session.point((1, 0, 0, 0))
    session.show_level(0)
    session.show_level(9)
    session.show_level(1)
    assert [
        *("changed", "position_changed", "shard_changed"),
        *("cursor_changed", "level_changed"),
    ] == told
    assert (None, None, None) == (session.position, session.shard, session.cursor)

    told.clear()
    session.show_part(1)
    session.show_part(7)
    assert ["changed"] == told
    assert ("label", 0) == (session.part.kind, session.level)


def test_what_was_found_of_what_is_shown_is_told(session, findings, told):
    """Of another part, or store, it is kept without a word."""
    session.show(findings)
    told.clear()
    session.keep(findings, (1, 0), look(findings, (1, 0)))
    assert [] == told
    assert session.scan(0) is None

    session.keep(findings, (0, 0), look(findings, (0, 0)))
    session.keep(findings, (0, 1), CannotOpen("a.zarr", "it is gone"))
    assert ["scanned", "scanned"] == told
    assert 1 == session.scan(0).files
    assert session.scan(1) is None
    assert session.stored(1) is not None
    session.show_nothing("gone \x1b[31m")
    assert (None, (), None) == (session.location, session.levels, session.stored(0))
    assert "\x1b" not in session.message


def test_lines_of_the_table(session, findings):
    """What the document says at once; what files say once they were looked at."""
    session.show(findings)
    stored = session.stored(0).stored

    def said(row):
        return {line.head: line.says(stored, row) for line in LINES}

    before = said(None)
    assert by(2, 4, 16, 16) == before["Shape"]
    assert by(1, 2, 8, 8) == before["Chunk"]
    assert by(2, 2, 2, 2) == before["Chunks a shard"]
    assert {"?"} == {before[line.head] for line in LINES if line.found}
    found = look(findings, (0, 0))
    after = said(found.row)
    assert ("1", "1 of 1") == (after["Files"], after["Shards stored"])
    assert "16 of 16" == after["Chunks stored"]
    assert not any("≈" in text or "?" in text for text in after.values())
    named = dict(details(stored, found.row))
    assert "gzip" in named["Codecs"]
    assert "CRC-32C" in named["Index"]


def test_files_that_cannot_be_read_are_told(session, findings):
    """How many, and why the first one cannot; no estimate is made of nothing."""
    level = findings.level((0, 0))
    scan = findings.look((0, 0), budget=Budget(), watch=Watch()).scan
    assert [] == faults(level, scan)
    (look,) = scan.looks
    bad = SimpleNamespace(place=look.place, fault="it is cut off")
    assert ["1 damaged or unreadable file: 0/c/0/0/0/0: it is cut off."] == faults(
        level, SimpleNamespace(looks=(bad,))
    )
    [told] = faults(level, SimpleNamespace(looks=(bad, bad)))
    assert told.startswith("2 damaged or unreadable files; the first: 0/c/")


def test_estimates_are_marked(tmp_path):
    """A number that is not exact has a ≈; what it is from is told."""
    shards = {"chunks": (1, 2, 8, 8), "shards": (1, 2, 8, 16)}
    path = build_image(tmp_path / "b.zarr", version="0.5", **shards)
    level = Findings.open(path).level((0, 0))
    scan = level.scan(budget=Budget(files=2, reads=4))
    row = level_layout("0", (), scan, {}, ())
    said = {line.head: line.says(level.stored, row) for line in LINES}
    assert "≈ 16 of 16" == said["Chunks stored"]
    assert "≈ 8" == said["Files"]
    assert all("≈" in said[name] for name in ("Stored", "Ratio", "Dead bytes"))
    assert "4 of 8 files" in dict(details(level.stored, row))["≈"]
