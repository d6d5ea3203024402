"""Drafts of documents that say anything at all: nothing fails but in our words."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.build import build_image
from napari_ngff.core.patch import Change, apply, at
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import (
    MakeConsistent,
    RenameAxis,
    SetChannel,
    SetChannelOrder,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)

JUNK = (None, True, 0, -1, 1e308, "", "x", [], {}, [[]], [{}], "\ud800", [None])
EDITS = (
    SetPixelSize(axis=1, size=0.3),
    SetOrigin(axis=2, origin=5),
    RenameAxis(axis=1, name="q"),
    SetUnit(axis=1, unit="nm", keep="size"),
    SetMultiscaleName(name="n"),
    MakeConsistent(),
    SetChannel(channel=0, member="label", value="a"),
    SetChannelOrder(order=(1, 0)),
)


def places(value, loc=()):
    """Yield where anything is in a value, below its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*loc, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*loc, key))


@pytest.fixture(scope="module", params=["0.4", "0.5", "0.6"])
def image(request, tmp_path_factory):
    """Return an image, its document, and what that says."""
    window = {"min": 0, "max": 9, "start": 0, "end": 9}
    path = build_image(
        tmp_path_factory.mktemp("any") / "a.zarr",
        version=request.param,
        shape=(2, 2, 4, 4),
        omero={"channels": [{"color": "FF0000", "window": window}] * 2},
        chunks_written=False,
    )
    document = path / (".zattrs" if request.param == "0.4" else "zarr.json")
    return path, document, json.loads(document.read_bytes())


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_a_draft_of_any_document_can_be_edited_and_taken_back(image, data):
    """What cannot be made is refused; what is wrong is told."""
    path, document, value = image
    for _ in range(data.draw(st.integers(1, 2))):
        loc = data.draw(st.sampled_from(list(places(value)) or [()]))
        junk = data.draw(st.sampled_from(JUNK))
        value = apply(value, [Change(loc, at(value, loc), junk)]) if loc else value
    document.write_text(json.dumps(value))
    try:
        draft = Draft.open(path)
    except NgffError:
        return

    for edit in data.draw(st.permutations(EDITS)):
        draft = draft.edited(edit)
    for problem in draft.problems:
        fix = draft.fix_of(problem)
        draft = draft if fix is None else draft.edited(fix)

    assert isinstance(draft.patch_text(), str)
    assert not draft.reverted_all().patch.files
