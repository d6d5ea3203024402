"""The head of the editor: what is edited, where, and if it can be saved."""

import pytest

from cases.build import build_image, zip_store
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import SetMultiscaleName
from napari_ngff.widgets.metadata.header import Header
from napari_ngff.widgets.metadata.section import Section
from napari_ngff.widgets.metadata.session import Session


@pytest.fixture
def header(qtbot):
    """Return the head of an editor that shows nothing."""
    found = Header(Session())
    qtbot.addWidget(found)
    found.resize(300, 200)
    found.show()
    return found


def test_it_says_what_is_edited(header, tmp_path):
    """The group inside the store first, its version, and what it is."""
    path = build_image(tmp_path / "a.zarr", version="0.5", labels={"cells": {}})
    assert "No OME-Zarr" == header.title.text()
    assert header.said.text().startswith("Select a layer")
    assert not header.undo.isVisible()

    header.session.show(Draft.open(path / "labels/cells"), subject="store")
    assert "labels/cells in a.zarr" == header.title.text()
    assert str(path) == header.place.text()
    assert "OME-Zarr 0.5 · Zarr 3 · label image · 2 levels" == header.facts.text()
    assert not header.said.isVisible()
    assert not header.read_only.isVisible()
    header.session.show_nothing("It is <b>gone</b>.")
    assert "<" not in header.said.text()
    assert "gone" in header.said.text()


def test_edits_are_undone_from_here(header, tmp_path):
    """Undo, redo and revert, as far as there is something to."""
    path = build_image(tmp_path / "a.zarr")
    header.session.show(Draft.open(path), subject="store")
    buttons = (header.undo, header.redo, header.revert)
    assert [False] * 3 == [each.isEnabled() for each in buttons]

    header.session.edit(SetMultiscaleName(name="b"))
    assert [True, False, True] == [each.isEnabled() for each in buttons]
    header.undo.click()
    assert not header.session.draft.is_changed
    header.redo.click()
    assert "b" == header.session.draft.multiscale.name
    header.revert.click()
    assert not header.session.draft.is_changed
    header.session.work("Saving…")
    assert [False] * 3 == [each.isEnabled() for each in buttons]


def test_it_says_why_something_cannot_be_saved(header, tmp_path):
    """An archive is edited, and its changes can be copied."""
    folder = build_image(tmp_path / "a.zarr", version="0.5")
    path = zip_store(folder, tmp_path / "a.ozx")
    header.session.show(Draft.open(path), subject="store")

    assert header.read_only.isVisible()
    assert header.read_only.text().startswith("Cannot be saved. ")


def test_one_of_several_images_is_chosen(header, tmp_path):
    """By number and name; edits of each are kept."""

    def twice(document):
        images = document["multiscales"]
        images.append({**images[0], "name": "second"})

    path = build_image(tmp_path / "a.zarr", name="first", edit=twice)
    header.session.show(Draft.open(path), subject="store")
    texts = [header.images.native.itemText(i) for i in range(len(header.images))]
    assert ["0: first", "1: second"] == texts

    header.images.native.setCurrentIndex(1)
    assert 1 == header.session.draft.index
    assert 1 == header.images.native.currentIndex()


def test_a_section_folds(qtbot):
    """Its summary is there when it is folded, too."""
    section = Section("Levels", Header(Session()))
    qtbot.addWidget(section)
    section.show()
    section.say("3")

    assert (False, "3") == (section.content.isVisible(), section.summary.text())
    section.button.click()
    assert section.content.isVisible()
