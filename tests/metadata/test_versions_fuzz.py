"""Whatever the JSON is, it is read: properties of `read_group`."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy
from math import inf, nan
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.documents import edge, image06, valid_documents
from napari_ngff.core.limits import Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import LEVELS, Loc
from napari_ngff.metadata.model import Group
from napari_ngff.metadata.transforms import matrix
from napari_ngff.metadata.versions import VERSIONS, read_group

TURN = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
SCALE = {"type": "scale", "scale": [2, 3]}
MANY = image06(
    coordinateTransformations=[
        edge(type="rotation", rotation=TURN),
        edge(type="affine", affine=[[*row, 1] for row in TURN]),
        edge(type="mapAxis", mapAxis=[2, 1, 0]),
        edge(type="projectAxis", droppedInputs=[0], createdOutputs=[0]),
        edge(
            type="byDimension",
            transformations=[
                {"transformation": SCALE, "inputAxes": [0, 1], "outputAxes": [0, 1]},
                {
                    "transformation": {"type": "identity"},
                    "inputAxes": [2],
                    "outputAxes": [2],
                },
            ],
        ),
        edge(
            type="bijection",
            forward={"type": "identity"},
            inverse={"type": "coordinates", "path": "field"},
        ),
    ]
)
DOCUMENTS = [*valid_documents(), MANY]

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2, 10**400, -(10**5000), nan, inf, -inf, 1e308, 0.5]),
    st.sampled_from(
        ["", "x", "../..", "<b>\x1b[31m\u202e", "0.6", "scale", "a" * 2000]
    ),
    st.sampled_from(
        [[], {}, [[]], [{}], {"": 0}, ["x"] * 50, [[0] * 9] * 9, {"path": 3}]
    ),
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "path", "name"]), inner)
        ),
        max_leaves=6,
    ),
)


def places(value: Any, loc: Loc = ()) -> list[Loc]:
    """Every location in a document."""
    found = [loc]
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in items:
            found += places(child, (*loc, key))
    return found


def at(value: Any, loc: Loc) -> Any:
    for key in loc:
        value = value[key]
    return value


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """A valid document with one to four places replaced or removed."""
    document = deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 4))):
        loc = draw(st.sampled_from(places(document)))
        if not loc:
            return draw(HOSTILE)
        holder = at(document, loc[:-1])
        if draw(st.booleans()):
            holder[loc[-1]] = deepcopy(draw(HOSTILE))
        else:
            del holder[loc[-1]]
    return document


@given(broken())
@settings(max_examples=150, deadline=None)
def test_broken_documents_are_read(document: Any) -> None:
    """A Group comes back; each problem names a place that is there, in plain text."""
    before = pickle.dumps(document)
    group = read_group(document, zarr_format=3, node="n")

    assert isinstance(group, Group)
    assert before == pickle.dumps(document)
    assert group.dialect in VERSIONS
    for problem in group.problems:
        assert problem.level in LEVELS
        assert "n" == problem.node
        assert problem.message == plain(problem.message, limit=4096)
        assert "." == problem.message[-1]
        at(document, problem.loc)
    for multiscale in group.multiscales:
        for level in multiscale.levels:
            matrix(level.transform, len(multiscale.axes))


@given(st.integers(0, len(DOCUMENTS) - 1), st.data())
@settings(max_examples=40, deadline=None)
def test_limits_bound_what_is_read(index: int, data: st.DataObject) -> None:
    """A list that is made very long gives no more than the limits allow."""
    document = deepcopy(DOCUMENTS[index])
    lists = [loc for loc in places(document) if isinstance(at(document, loc), list)]
    if not lists:
        return
    found = at(document, data.draw(st.sampled_from(lists)))
    found[:] = found * 300
    limits = Limits(levels=9, multiscales=9, labels=9, wells=9, problems=20)

    group = read_group(document, limits=limits)

    assert len(group.problems) <= 21
    assert len(group.multiscales) <= 9
    assert all(len(m.levels) <= 9 for m in group.multiscales)
    assert all(len(m.axes) <= limits.axes for m in group.multiscales)
    assert not group.plate or len(group.plate.wells) <= 9


@given(st.sampled_from(DOCUMENTS))
def test_valid_documents_survive_json(document: dict[str, Any]) -> None:
    """Reading does not depend on anything but the JSON."""
    assert read_group(document) == read_group(json.loads(json.dumps(document)))
