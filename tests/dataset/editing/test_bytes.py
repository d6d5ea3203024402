"""What saving a draft would write: only the values that follow from its edits."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.build import build_image
from napari_ngff.core.document import parse
from napari_ngff.core.patch import MISSING, apply, same
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.documents import open_documents
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisType,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)

VERSIONS = ("0.1", "0.3", "0.4", "0.5", "0.6")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|\s+|.')
STYLES = st.sampled_from(
    [{}, {"indent": 4}, {"indent": "\t"}, {"separators": (",", ":")}, {"indent": 2}]
)
SIZES = st.floats(1e-6, 1e6)
AXES = st.integers(0, 3)
EDITS = st.lists(
    st.builds(SetPixelSize, axis=AXES, size=SIZES)
    | st.builds(SetOrigin, axis=AXES, origin=st.floats(-1e6, 1e6))
    | st.builds(SetMultiscaleName, name=st.none() | st.text(max_size=3))
    | st.builds(RenameAxis, axis=AXES, name=st.sampled_from(["a", "u", "z"]))
    | st.builds(SetAxisType, axis=AXES, type=st.sampled_from([None, "space", "odd"]))
    | st.builds(
        SetUnit,
        axis=AXES,
        unit=st.sampled_from([None, "nanometer", "micrometer"]),
        keep=st.sampled_from(["number", "size"]),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Return the documents of an image of each version, with what nobody knows."""
    folder = tmp_path_factory.mktemp("images")
    found = {}
    for version in VERSIONS:
        path = build_image(
            folder / version,
            version=version,
            shape=(1, 2, 2, 4, 4) if version == "0.1" else (2, 2, 4, 4),
            axes="tczyx" if version == "0.1" else "czyx",
            edit=lambda ome: {"x/~": [1.0, {"µ": None}], **ome, "y": 1e100},
        )
        found[version] = open_documents(path)
    return found


def restyled(stored, style):
    """Return the same documents, written in another way."""
    documents = {
        node: document
        if document.data is None
        else replace(document, data=json.dumps(document.value, **style).encode())
        for node, document in stored.documents.items()
    }
    return replace(stored, documents=documents)


@given(st.sampled_from(VERSIONS), STYLES, EDITS)
def test_only_the_values_that_follow_change(images, version, style, edits):
    """No edit, no byte; each byte that changes is of a value that does; undo: none."""
    stored = restyled(images[version], style)
    draft = Draft.of(stored)
    assert not draft.patch.files

    for edit in edits:
        draft = draft.edited(edit)

    for key, (old, new) in draft.patch.files.items():
        changes = draft.patch.changes[key]
        assert same(parse(new)[0], apply(parse(old)[0], changes))
        if not any(held(c.old) or held(c.new) for c in changes):
            before, after = TOKEN.findall(old.decode()), TOKEN.findall(new.decode())
            assert len(before) == len(after)
            moved = [a for a, b in zip(before, after, strict=True) if a != b]
            assert len(changes) == len(moved)
    assert not draft.reverted_all().patch.files
    assert draft.patch.files == draft.reverted_all().undo().patch.files
    while draft.can_undo:
        draft = draft.undo()
    assert not draft.patch.files
    assert not draft.values.edited


def held(value):
    """Tell whether a value is more or less than one word of JSON."""
    return value is MISSING or isinstance(value, (dict, list))


@given(st.sampled_from(VERSIONS[2:]), AXES, SIZES)
def test_a_pixel_size_changes_numbers_alone(images, version, axis, size):
    """Those of that axis, in the scale and translation of levels."""
    draft = Draft.of(images[version]).edited(SetPixelSize(axis=axis, size=size))

    for change in draft.patch.changes.get(draft.documents.group.key, ()):
        if change.old is not MISSING and not isinstance(change.new, list):
            assert axis == change.loc[-1]
            assert {"scale", "translation"} & set(change.loc)
        assert "datasets" in change.loc
