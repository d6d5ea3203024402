"""The drafts of an editor: which is shown, and what becomes of edits."""

import pytest

from cases.build import build_image
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.save import save
from napari_ngff.metadata.editing import SetMultiscaleName, SetPixelSize, SetUnit
from napari_ngff.widgets.metadata.session import Session, Stored


@pytest.fixture(autouse=True)
def _history(monkeypatch, tmp_path):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))


def test_a_session_without_a_draft_takes_no_edits():
    """Nothing is shown, and nothing happens."""
    session = Session()

    for act in (session.undo, session.redo, session.revert_all):
        act()
    session.edit(SetMultiscaleName(name="x"))
    session.revert(("name",))
    session.show_image(1)
    session.include("labels/x")
    session.fix()

    assert session.draft is None
    assert "nothing" == session.subject


def test_edits_are_told_and_refusals_said(shows):
    """Each is one signal; what cannot be made is said, and forgotten with the next."""
    session = shows(version="0.3", axes=["c", "z", "y", "x"])
    told = []
    session.changed.connect(lambda: told.append(session.message))

    session.edit(SetMultiscaleName(name="a"))
    session.edit(SetUnit(axis=1, unit="micrometer"))
    session.undo()
    session.redo()
    session.revert(("name",))

    assert [False, True, False, False, False] == list(map(bool, told))
    assert not session.draft.is_changed


def test_nothing_is_edited_while_the_store_is_changed(shows):
    """What is done meanwhile would be lost."""
    session = shows()

    session.work("Saving…")
    session.edit(SetMultiscaleName(name="a"))
    session.work("")

    assert not session.draft.wishes


def test_what_was_edited_since_a_save_began_is_not_lost(shows, tmp_path):
    """Edits that the save has are gone, later ones are there."""
    session = shows()
    session.edit(SetMultiscaleName(name="a"))
    before = session.draft
    session.edit(SetPixelSize(axis=1, size=3))
    after = save(before)

    session.keep(Stored(before=before, after=after, how="saved"))

    assert (SetPixelSize(axis=1, size=3),) == session.draft.edits
    assert "a" == session.draft.multiscale.name
    session.revert_all()
    session.show(Draft.open(build_image(tmp_path / "b.zarr")), subject="store")
    session.edit(SetMultiscaleName(name="b"))
    session.keep(Stored(before=after, after=after, how="restored"))
    assert "b" == session.draft.multiscale.name
    assert session.held(after.documents.store, "") is None
