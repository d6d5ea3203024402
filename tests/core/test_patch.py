"""Changes of JSON values: made, undone, found, shown."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.patch import (
    MISSING,
    Change,
    apply,
    as_json_patch,
    at,
    below,
    difference,
    inverted,
    same,
)

SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", 0.5])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_a_difference_makes_one_value_the_other(old, new):
    """It can be made and undone, and neither touches what it is made of."""
    before = copy.deepcopy(old)
    changes = difference(old, new)

    assert same(apply(old, changes), new)
    assert same(apply(new, inverted(changes)), old)
    assert old == before


def test_a_difference_is_small():
    """An item that is inserted or taken away changes no other one."""
    old = {"a": [{"x": 1}, {"x": 2}, {"x": 3}], "b": 1, "c": 1.0}

    assert difference(old, {**old, "a": [{"x": 1}, {"x": 3}]}) == (
        Change(("a", 1), {"x": 2}, MISSING),
    )
    assert difference(old, {**old, "a": [{"x": 0}, *old["a"]], "c": 1}) == (
        Change(("a", 0), MISSING, {"x": 0}),
    )
    assert difference(old, {"a": old["a"], "c": True}) == (
        Change(("b",), 1, MISSING),
        Change(("c",), 1.0, True),
    )


def test_an_equal_number_is_no_change_but_a_boolean_is():
    """1 and 1.0 are one JSON number; true is another value."""
    assert same({"a": [1, 2.0]}, {"a": [1.0, 2]})
    assert not same(1, True)
    assert not same({"a": None}, {})


@pytest.mark.parametrize(
    "change",
    [
        Change(("a",), 2, 3),
        Change(("a",), MISSING, 3),
        Change(("b",), 1, 3),
        Change(("b",), MISSING, MISSING),
        Change(("b", "c"), 1, 3),
        Change(("a", "c"), 1, 3),
        Change(("l", 2), 1, 3),
        Change(("l", 3), MISSING, 3),
        Change(("l", "0"), 1, 3),
        Change(("l", -1), 1, 3),
        Change((), 1, 2),
        Change((), {"a": 1, "l": [1, 2]}, MISSING),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change):
    """Nothing is changed that is not what the change says it was."""
    with pytest.raises(ValueError, match="does not fit"):
        apply({"a": 1, "l": [1, 2]}, [change])


def test_a_place_without_a_value_is_missing():
    """Null is a value; what is not there is missing."""
    value = {"a": [None, {"b": 1}]}

    assert None is at(value, ("a", 0))
    assert 1 == at(value, ("a", 1, "b"))
    assert MISSING is at(value, ("a", 2))
    assert MISSING is at(value, ("a", "b"))
    assert repr(MISSING) == "MISSING"


def test_changes_are_shown_as_a_json_patch():
    """RFC 6902: pointers are escaped, and what was there is tested."""
    changes = below(
        ("attributes",),
        [
            Change(("a/b", 0), 1, 2),
            Change(("~",), MISSING, None),
            Change(("c",), None, MISSING),
        ],
    )

    assert [
        {"op": "test", "path": "/attributes/a~1b/0", "value": 1},
        {"op": "replace", "path": "/attributes/a~1b/0", "value": 2},
        {"op": "add", "path": "/attributes/~0", "value": None},
        {"op": "test", "path": "/attributes/c", "value": None},
        {"op": "remove", "path": "/attributes/c"},
    ] == as_json_patch(changes)


def test_items_of_a_long_array_that_moved_stay_as_they_are():
    """One that goes and one that comes are two changes, and not one for each place."""
    old = [{"label-value": n} for n in range(1000)]
    new = [*old[:3], *({**item} for item in old[4:]), {"label-value": 5000}]

    changes = difference(old, new)

    assert 2 == len(changes)
    assert new == apply(old, changes)
