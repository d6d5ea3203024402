"""What the head of the layout dock says, and what shows how far a look is."""

from __future__ import annotations

import pytest

from cases.build import build_image
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.widgets.layout.advice_view import AdviceView
from napari_ngff.widgets.layout.header import Header
from napari_ngff.widgets.layout.notes import Notes
from napari_ngff.widgets.layout.progress_row import ProgressRow
from napari_ngff.widgets.layout.scanning import Doing, Scanning
from napari_ngff.widgets.layout.session import Session


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def findings(tmp_path):
    path = build_image(
        tmp_path / "a.zarr", name="<b>cells", labels={"nuclei": {"axes": "zyx"}}
    )
    return Findings.open(path)


def test_parts_are_offered_and_problems_told(session, findings, qtbot):
    """Text out of the file is plain; what cannot be looked at has its reason."""
    header = Header(session)
    qtbot.addWidget(header)
    wished = []
    session.wanted_anew.connect(lambda: wished.append(True))
    assert "No OME-Zarr" == header.title.text()
    assert not header.again.isEnabled()

    session.show(findings)
    shown = [header.parts.itemText(i) for i in range(header.parts.count())]
    assert ["Image: \u2039b>cells", "Labels: nuclei"] == shown
    assert "a.zarr" == header.title.text()
    header.parts.setCurrentIndex(1)
    header.parts.activated.emit(1)
    assert "label" == session.part.kind
    header.again.click()
    assert [True] == wished
    findings.fail((1, 0), CannotOpen("a.zarr", "it is gone"))
    session.say("Something went wrong.")
    assert "it is gone" in header.problems.text()
    assert "Something went wrong." == header.said.text()
    session.show_nothing()
    assert "Select a layer" in header.said.text()
    assert not header.problems.text()


def test_what_takes_no_time_is_not_shown(session, qapp, qtbot):
    """A bar comes after a while, and goes when nothing is under way."""
    scanning = Scanning(session)
    row = ProgressRow(scanning)
    qtbot.addWidget(row)
    scanning.progressed.emit(Doing(words="Looking", fraction=0.5))
    assert not row.isVisible()
    row._patience.timeout.emit()
    assert row.isVisible()
    left = Doing(words="Looking", fraction=0.75, left="about 3 seconds left")
    scanning.progressed.emit(left)
    assert "Looking, about 3 seconds left…" == row.words.text()
    assert 750 == row.bar.value()
    scanning.progressed.emit(None)
    assert not row.isVisible()
    scanning.stop()


def test_advice_waits_for_what_was_looked_at(session, findings, qtbot):
    """Until then it says so; of many notes the first ones are shown."""
    view = AdviceView(session)
    qtbot.addWidget(view)
    said = []
    view.told.connect(lambda *words: said.append(words))
    session.show(findings)
    assert "once files were looked at" in view.foot.text()
    assert ("", "muted") == said[-1]

    notes = Notes()
    qtbot.addWidget(notes)
    notes.show_notes([("0", f"note {i}", "muted") for i in range(30)])
    assert "… and 6 more: all of them are in the report." == notes.foot.text()
