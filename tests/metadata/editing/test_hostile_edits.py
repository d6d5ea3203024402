"""Whatever the JSON is, an edit is made or refused, and is undone to what was there."""

from __future__ import annotations

from copy import deepcopy
from math import inf, nan
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.documents import valid_documents
from cases.editing import axes, lists, move, scale, systems
from napari_ngff.core.patch import apply, inverted, same
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import (
    MakeConsistent,
    RenameAxis,
    Repair,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetChannelOrder,
    SetLabelColor,
    SetLabelProperty,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetRendering,
    SetUnit,
    changes_of,
    fix_of,
)
from napari_ngff.metadata.editing.levels import finest, level_rows
from napari_ngff.metadata.editing.repairs import REPAIRS
from napari_ngff.metadata.versions import read_group

PLACED = [scale(1, 2, 3), move(1, 2, 3)]
DOCUMENTS = [
    *valid_documents(),
    lists(PLACED, PLACED, omero={"channels": [{"window": {"start": 1}}]}),
    systems({"type": "sequence", "transformations": PLACED}, scale(2, 2, 2)),
    {"ome": {"image-label": {"colors": [{"label-value": 1}], "properties": []}}},
]
HOSTILE = st.sampled_from(
    [
        *(None, True, False, 0, -1, 2, 10**400, nan, inf, 1e308, 5e-324, 0.5),
        *("", "x", "<b>\x1b[31m\u202e", "scale", "a" * 200),
        *([], {}, [[]], [{}], {"": 0}, ["x"] * 9, [[0] * 9] * 9, {"path": 3}),
        *(axes("z"), [scale(1)], PLACED, scale(1, 2, 3), [1, 2, 3]),
    ]
)
EDITS = st.one_of(
    st.builds(RenameAxis, axis=st.integers(-1, 3), name=st.sampled_from(["q", "z"])),
    st.builds(SetAxisType, axis=st.integers(0, 2), type=st.none() | st.just("time")),
    st.builds(
        SetUnit,
        axis=st.integers(0, 2),
        unit=st.sampled_from([None, "nm", "s", "\x00"]),
        keep=st.sampled_from(["number", "size"]),
    ),
    st.builds(SetPixelSize, axis=st.integers(-1, 3), size=st.floats()),
    st.builds(SetOrigin, axis=st.integers(0, 2), origin=st.floats()),
    st.builds(
        SetAxisMember, axis=st.integers(0, 2), member=st.just("x"), value=HOSTILE
    ),
    st.builds(SetMultiscaleName, name=st.none() | st.text(max_size=3)),
    st.just(MakeConsistent()),
    st.builds(
        SetChannel,
        channel=st.integers(-1, 3),
        member=st.sampled_from(["label", "color", "active", "window.end", "a.b.c"]),
        value=HOSTILE | st.just("00ff00") | st.just("x"),
    ),
    st.builds(
        SetChannelOrder,
        order=st.none() | st.lists(st.integers(-1, 3), max_size=3).map(tuple),
    ),
    st.builds(
        SetRendering, member=st.sampled_from(["defaultT", "model"]), value=HOSTILE
    ),
    st.just(SetLabelColor(label=1, rgba=(1, 2, 3, 4))),
    st.builds(SetLabelProperty, label=st.just(1), name=st.just("a"), value=HOSTILE),
    st.builds(
        Repair,
        kind=st.sampled_from(sorted(REPAIRS)),
        loc=st.lists(
            st.sampled_from(["ome", "multiscales", "omero", 0, 1, "axes"])
        ).map(tuple),
    ),
)
SHAPES = st.sampled_from([(), ((4, 4, 4), (2, 2, 2)), (None, None), ((4,), (0,))])
NAMES = st.sampled_from([(), (None, None), (("z", "y", "x"), ("a",))])


def places(value: Any, loc: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place of a document."""
    found = [loc]
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in items:
            found += places(child, (*loc, key))
    return found


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """Return a document of which a few values are something else."""
    document = deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(0, 3))):
        loc = draw(st.sampled_from(places(document)))
        if not loc:
            continue
        holder = document
        for part in loc[:-1]:
            holder = holder[part]
        holder[loc[-1]] = deepcopy(draw(HOSTILE))
    return document


@given(broken(), EDITS, SHAPES, NAMES)
@settings(max_examples=400)
def test_edits_are_made_or_refused(
    document: Any, edit: Any, shapes: Any, names: Any
) -> None:
    """Nothing raises; what was given stays; what is made can be undone."""
    before = repr(document)
    group = read_group(document)
    found = changes_of(
        edit, document, group, shapes=shapes, dimension_names=names, dtype="uint8"
    )
    assert before == repr(document)
    if isinstance(found, Problem):
        assert found.message
        assert found.message.isprintable()
        return
    after = apply(document, found.attributes)
    if "nan" not in before:
        assert same(document, apply(after, inverted(found.attributes)))


@given(broken(), SHAPES, NAMES)
@settings(max_examples=200)
def test_fixes_are_offered_or_not(document: Any, shapes: Any, names: Any) -> None:
    """A fix that is offered can be made; rows of levels can always be shown."""
    group = read_group(document)
    for image in group.multiscales:
        level_rows(image, shapes)
        finest(image)
    for problem in group.problems[:20]:
        known = {"shapes": shapes, "dimension_names": names}
        fix = fix_of(problem, document, group, **known)
        if fix is not None:
            assert not isinstance(changes_of(fix, document, group, **known), Problem)
