"""Levels are looked at in a thread: which, when, and what ends it."""

from __future__ import annotations

import threading

import pytest

from cases.build import build_image
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.layers.read import read_layers
from napari_ngff.widgets import _work
from napari_ngff.widgets.layout import following as following_module
from napari_ngff.widgets.layout.costs_view import CostsView
from napari_ngff.widgets.layout.following import Following
from napari_ngff.widgets.layout.health_view import HealthView
from napari_ngff.widgets.layout.scanning import Scanning
from napari_ngff.widgets.layout.session import Session


@pytest.fixture
def path(tmp_path):
    return build_image(
        tmp_path / "a.zarr", version="0.5", labels={"cells": {"axes": "zyx"}}
    )


@pytest.fixture
def idle(qtbot):
    """Return what waits until nothing is under way."""

    def wait():
        qtbot.waitUntil(lambda: not _work._jobs, timeout=10_000)

    yield wait
    wait()


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def scanning(qapp, session):
    scanning = Scanning(session)
    yield scanning
    scanning.stop()


def test_local_levels_are_looked_at_at_once(session, scanning, idle, path):
    """All of the part that is shown, that which is shown first; progress is told."""
    said, order = [], []
    scanning.progressed.connect(lambda doing: said.append(doing and doing.words))
    session.scanned.connect(order.append)
    session.show(Findings.open(path), level=1)
    assert scanning.is_busy
    idle()

    assert [1, 0] == order
    assert said[-1] is None
    words = "Looking at the files of level "
    assert [None, f"{words}1", f"{words}0"] == list(dict.fromkeys(said))
    assert not scanning.is_busy
    scanning.ask(0, 1)  # what is known is not looked at again
    assert not scanning.is_busy


def test_far_levels_wait_to_be_asked_for(session, scanning, idle, path, monkeypatch):
    """Nothing is read over a network that nobody asked for."""
    findings = Findings.open(path)
    monkeypatch.setattr(
        type(findings.location.keys), "remote", property(lambda _: True)
    )
    session.show(findings)
    assert not scanning.is_busy

    scanning.ask(1)
    idle()

    assert [False, True] == [session.scan(level) is not None for level in (0, 1)]


def test_what_is_cancelled_is_not_begun_again(session, scanning, idle, path):
    """What was asked for after it is done; another store is looked at."""
    first = Findings.open(path)
    begun, go_on = threading.Event(), threading.Event()
    look = first.look

    def slow(which, **kwargs):
        begun.set()
        go_on.wait(10)
        return look(which, **kwargs)

    first.look = slow
    session.show(first)
    assert begun.wait(10)
    scanning.cancel()
    go_on.set()
    session.say("something")
    assert not scanning.is_busy
    idle()
    assert session.scan(1) is None

    scanning.ask(1)
    idle()
    assert session.scan(1) is not None
    session.show(Findings.open(path))
    idle()
    assert session.scan(1) is not None


def test_what_cannot_be_looked_at_is_told(session, scanning, idle, path):
    """Anything that is raised becomes a problem of that level; the others go on."""
    findings = Findings.open(path)
    look = findings.look

    def broken(which, **kwargs):
        if which == (0, 0):
            raise RuntimeError("no luck")
        return look(which, **kwargs)

    findings.look = broken
    session.show(findings)
    idle()

    assert "no luck" in findings.failure((0, 0)).message
    assert session.scan(1) is not None


def test_health_is_told(session, scanning, idle, path, qtbot):
    """A damaged chunk and a left file, after the check that can find them."""
    view = HealthView(session, scanning)
    qtbot.addWidget(view)
    said = []
    view.told.connect(lambda *words: said.append(words))
    session.show(Findings.open(path))
    idle()
    chunk = next(f for f in (path / "0/c").rglob("*") if f.is_file())
    chunk.write_bytes(b"\x1f\x8b" + bytes(30))
    (chunk.parent / "left.partial").write_bytes(b"0")
    assert ("not checked", "muted") == said[-1]

    view.files.click()
    idle()
    assert ("sound, but untidy", "doubtful") == said[-1]
    assert "1 file belongs to nothing" in view.summary.text()
    view.decode.click()
    idle()
    assert ("damaged", "wrong") == said[-1]
    assert "1 damaged" in view.summary.text()
    assert any("cannot be decoded" in text for _, text, _ in view.notes.notes)


def test_costs_follow_where_one_looks(session, scanning, idle, path, qtbot):
    """They are counted anew when one looks elsewhere, and forgotten with the level."""
    view = CostsView(session)
    qtbot.addWidget(view)
    view._timer.setInterval(0)
    view.show()
    findings = Findings.open(path)
    asked = []
    costs = findings.costs

    def counted(which, at=None):
        asked.append((which, at))
        return costs(which, at)

    findings.costs = counted
    session.show(findings)
    idle()
    qtbot.waitUntil(lambda: bool(view.costs))
    asked.clear()
    session.look((0, 3, 1, 1), (2, 3))
    qtbot.waitUntil(lambda: ((0, 0), (0, 3, 1, 1)) in asked)
    session.show_level(1)
    assert {} == view.costs
    qtbot.waitUntil(lambda: ((0, 1), None) in asked)
    qtbot.waitUntil(lambda: bool(view.costs))
    view.close()


def test_the_active_layer_is_followed(session, idle, path, qtbot, monkeypatch, qapp):
    """Image and labels are parts of one store, which is read once until it changes."""
    from napari.components import ViewerModel
    from napari.layers import Layer

    opened = []

    class Counting(Findings):
        @classmethod
        def open(cls, path, **kwargs):
            opened.append(path)
            return super().open(path, **kwargs)

    monkeypatch.setattr(following_module, "Findings", Counting)
    viewer = ViewerModel()
    following = Following(viewer, session)
    image, *_, labels = [
        viewer.add_layer(Layer.create(*each)) for each in read_layers(path)
    ]
    viewer.layers.selection.active = image
    idle()
    assert "image" == session.part.kind
    found = session.findings
    viewer.layers.selection.active = labels
    assert "label" == session.part.kind
    viewer.layers.selection.active = viewer.add_points([[0, 0]])
    assert session.findings is found
    assert 1 == len(opened)

    following.active.pause()
    viewer.layers.selection.active = image
    assert "label" == session.part.kind
    document = path / "0/zarr.json"
    (path / "new").write_bytes(document.read_bytes())
    (path / "new").replace(document)
    following.resume()
    idle()
    assert "image" == session.part.kind
    assert session.findings is not found
    following.open(str(path / "nowhere"))
    idle()
    assert "nowhere" in session.message
    following.stop()
