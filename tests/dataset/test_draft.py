"""The editable copy of what a store says."""

import json

import pytest

from cases.build import build_image
from cases.consolidated import consolidate
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing import folding, values
from napari_ngff.dataset.editing.folding import UpdateConsolidated
from napari_ngff.metadata.editing import SetOrigin, SetPixelSize, changes_of
from napari_ngff.metadata.editing.systems import (
    AddSystem,
    RemoveSystem,
    RenameSystem,
)
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.versions import read_group


@pytest.fixture
def path(tmp_path):
    """Return an image that names its coordinate systems."""
    return build_image(tmp_path / "a.zarr", version="0.6")


def names(draft):
    """Return the names of the coordinate systems."""
    return [s.name for s in draft.multiscale.coordinate_systems]


def test_a_draft_without_edits_is_what_is_stored(path):
    """It changes nothing, and has nothing to undo."""
    draft = Draft.open(path)

    assert "0.6" == draft.group.dialect
    assert ((2, 4, 16, 16), (2, 2, 8, 8)) == draft.shapes
    assert "" == draft.read_only
    assert not draft.is_changed
    assert not draft.can_undo
    assert not draft.can_redo
    assert draft is draft.undo() is draft.redo() is draft.reverted_all()
    assert "Nothing is changed." == draft.patch_text()
    assert {} == draft.changes == draft.json_patch()


def test_edits_are_undone_redone_and_reverted(path):
    """Each step by itself, a field with all its edits, and everything."""
    draft = Draft.open(path)
    one = draft.edited(AddSystem(name="stage"))
    two = one.edited(RenameSystem(name="stage", new="desk"))

    assert ["physical"] == names(draft)
    assert {"physical", "desk"} == set(names(two))
    assert names(one) == names(two.undo())
    assert names(two) == names(two.undo().redo())
    assert two.undo().undo().patch.files == {}
    assert two.undo().can_redo
    assert not two.undo().edited(AddSystem(name="x")).can_redo
    assert ["physical"] == names(two.reverted_all())
    assert names(two) == names(two.reverted_all().undo())
    without = two.reverted(("system", "image", "stage", "name"))
    assert names(one) == names(without)
    assert names(two) == names(without.undo())
    assert two is two.reverted(("nothing",))


def test_a_field_is_edited_if_that_makes_a_difference(path):
    """There and back is no edit; a part of a field edits the whole."""
    draft = Draft.open(path)

    two = draft.edited(RenameSystem(name="physical", new="world"))

    assert two.is_edited(("system", "image", "physical", "name"))
    assert two.is_edited(("system", "image", "physical"))
    assert not two.is_edited(("system", "image", "stage"))
    back = two.edited(RenameSystem(name="world", new="physical"))
    assert not back.is_changed


def test_what_cannot_be_done_is_refused_with_a_reason(path):
    """The draft goes on without it."""
    draft = Draft.open(path).edited(RemoveSystem(name="nowhere"))

    (problem,) = draft.refused
    assert "nowhere" in problem.message
    assert () == draft.wishes
    assert not draft.is_changed


def test_typing_is_one_step(path):
    """Each letter takes the place of the one before; one undo takes all back."""
    draft = Draft.open(path)

    for text in ("w", "wo", "world"):
        edit = RenameSystem(name="physical", new=text)
        draft = draft.edited(edit, step="same" if draft.can_undo else "new")

    assert ["world"] == names(draft)
    assert 1 == len(draft.wishes)
    assert ["physical"] == names(draft.undo())


def test_a_name_that_is_given_again_is_one_edit(path):
    """Letter by letter or anew: from what the file calls it to what it is called now.

    Each time that it was done with is a step of undo; a name that is taken is refused,
    and the last good one stays.
    """
    first = Draft.open(path)
    draft = first
    for step, old, new in (
        ("new", "physical", "s"),
        ("same", "s", "st"),
        ("same", "st", "stage"),
        ("new", "stage", "desk"),
    ):
        draft = draft.edited(RenameSystem(name=old, new=new), step=step)

    assert (RenameSystem(name="physical", new="desk"),) == draft.edits
    assert ["stage"] == names(draft.undo())
    assert first.wishes == draft.undo().undo().wishes
    assert not draft.reverted(draft.edits[0].field).is_changed
    back = draft.edited(RenameSystem(name="desk", new="physical"))
    assert () == back.edits
    assert names(draft) == names(back.undo())
    taken = draft.edited(AddSystem(name="world")).edited(
        RenameSystem(name="world", new="w")
    )
    refused = taken.edited(RenameSystem(name="w", new="desk"))
    assert 1 == len(refused.refused)
    assert names(taken) == names(refused)


def test_the_patch_is_told_as_text_and_as_json(path):
    """A line for each value; RFC 6902 with tests."""
    consolidate(path)

    draft = Draft.open(path).edited(RenameSystem(name="physical", new="world"))

    where = "/attributes/ome/multiscales/0/coordinateSystems/0/name"
    assert f'    {where}: "physical" → "world"' in draft.patch_text().splitlines()
    operations = draft.json_patch()["zarr.json"]
    assert {"op": "test", "path": where, "value": "physical"} in operations
    assert {"op": "replace", "path": where, "value": "world"} in operations
    assert operations == json.loads(draft.patch.json_text)["zarr.json"]
    assert [""] == list(draft.changes)


def test_problems_are_those_of_what_would_be_saved(path):
    """A stale copy is one; the fix takes it away, and so does an undo bring it back."""
    consolidate(path)
    document = json.loads((path / "0" / "zarr.json").read_bytes())
    document["dimension_names"] = list("abcd")
    (path / "0" / "zarr.json").write_text(json.dumps(document))
    draft = Draft.open(path)

    found = {problem.kind: problem for problem in draft.problems}
    edit = draft.fix_of(found["stale-consolidated"])
    fixed = draft.edited(edit)

    assert "dimension-names" in found
    assert UpdateConsolidated() == edit
    assert "stale-consolidated" not in {problem.kind for problem in fixed.problems}
    assert ["zarr.json"] == list(fixed.patch.files)
    assert "the same in its consolidated" in fixed.patch_text()
    assert found.keys() == {problem.kind for problem in fixed.undo().problems}


def test_an_edit_is_made_once(tmp_path, monkeypatch):
    """Those before it are not made again, nor is a group read more than once for it."""
    made, read = [], []
    monkeypatch.setattr(
        folding, "changes_of", lambda *a, **k: made.append(a) or changes_of(*a, **k)
    )
    monkeypatch.setattr(
        values, "read_group", lambda *a, **k: read.append(a) or read_group(*a, **k)
    )
    draft = Draft.open(build_image(tmp_path / "a.zarr", version="0.5"))
    for size in range(1, 9):
        draft = draft.edited(SetPixelSize(axis=2, size=size))
        draft = draft.edited(SetOrigin(axis=1, origin=size))
        assert draft.group.multiscales

    assert 16 == len(made)
    assert 17 == len(read)
    again = draft.undo().undo().redo().redo().multiscale
    assert 18 == len(made), "what is before an undone edit is not made again"
    assert 8 == level_matrix(again, 0)[2, 2] == level_matrix(draft.multiscale, 0)[1, -1]


def test_edits_come_to_the_same_however_one_comes_there(tmp_path):
    """Undone, made again, one left out: as if the others were made anew."""
    opened = Draft.open(build_image(tmp_path / "a.zarr", version="0.5"))
    edits = [SetPixelSize(axis=axis, size=axis + 0.5) for axis in (1, 2, 3)]
    edits.insert(2, SetOrigin(axis=1, origin=7))
    draft = opened
    for edit in edits:
        draft = draft.edited(edit)

    without = draft.reverted(edits[1].field)

    fresh = opened.edited(edits[0]).edited(*edits[2:])
    assert fresh.patch.files == without.patch.files
    assert draft.patch.files == without.undo().patch.files
    assert draft.patch.files == draft.on(opened.documents).patch.files
    longer = without.edited(edits[1]).undo().undo().redo().redo()
    assert opened.edited(edits[0], *edits[2:], edits[1]).changes == longer.changes
