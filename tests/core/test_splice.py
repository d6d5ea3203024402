"""Changes put into bytes: they change what they name, and nothing else."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.document import parse
from napari_ngff.core.limits import Limits
from napari_ngff.core.patch import MISSING, Change, apply, difference, inverted, same
from napari_ngff.core.problems import DocumentError
from napari_ngff.core.splice import Written, splice

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
STYLES = st.sampled_from(
    [
        {},
        {"indent": 2},
        {"indent": 4, "ensure_ascii": False},
        {"indent": "\t"},
        {"separators": (",", ":")},
        {"separators": (" , ", " : "), "indent": 1},
    ]
)


@st.composite
def documents(draw):
    """Return the bytes of a document that is written in some way."""
    text = json.dumps(draw(VALUES), **draw(STYLES))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    space = draw(st.sampled_from(["", "\n", "  \r\n"]))
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return mark + (space + text + space).encode()


@given(documents())
def test_no_change_leaves_every_byte(data):
    """The bytes that are returned without changes are the ones given."""
    assert data == splice(data, ())


@given(documents(), VALUES)
def test_reading_what_was_spliced_gives_the_changed_value(data, new):
    """Any value becomes any other one by its difference."""
    old = parse(data)[0]
    changes = difference(old, new)

    result = splice(data, changes)

    assert same(apply(old, changes), new)
    assert same(new, parse(result)[0])
    assert same(old, parse(splice(result, inverted(changes)))[0])


@st.composite
def changed_numbers(draw):
    """Return a document of numbers, and a change of one of them."""
    items = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1)
    value = draw(st.dictionaries(st.text(max_size=4), items, min_size=1, max_size=4))
    key = draw(st.sampled_from(sorted(value)))
    index = draw(st.integers(0, len(value[key]) - 1))
    data = json.dumps(value, **draw(STYLES)).encode()
    new = draw(st.floats(allow_nan=False, allow_infinity=False))
    return data, Change((key, index), value[key][index], new)


@given(changed_numbers())
def test_a_changed_number_and_back_gives_identical_bytes(case):
    """Numbers are written with all their digits, and nothing around them moves."""
    data, change = case

    result = splice(data, [change])

    assert data == splice(result, inverted([change]))


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        pytest.param(
            '{"a": 1.50, "b":\t2e0}',
            [Change(("b",), 2.0, 0.16254371)],
            '{"a": 1.50, "b":\t0.16254371}',
            id="number",
        ),
        pytest.param(
            '{\n    "a": 1\n}\n',
            [Change(("b",), MISSING, {"c": [1, 2]})],
            '{\n    "a": 1,\n    "b": {\n        "c": [\n            1,\n'
            "            2\n        ]\n    }\n}\n",
            id="indented",
        ),
        pytest.param(
            '{\n  "a": [1, 2]\n}',
            [Change(("b",), MISSING, [{"c": [3.5, 4]}])],
            '{\n  "a": [1, 2],\n  "b": [\n    {\n      "c": [3.5, 4]\n    }\n  ]\n}',
            id="lists of numbers in one line",
        ),
        pytest.param(
            '{"a":1}', [Change(("b",), MISSING, [1, 2])], '{"a":1,"b":[1,2]}', id="one"
        ),
        pytest.param(
            '{"a": 1, "b": 2}',
            [Change(("c",), MISSING, {"d": 3})],
            '{"a": 1, "b": 2, "c": {"d": 3}}',
            id="one line with spaces",
        ),
        pytest.param(
            '{"a": 1, "b": 2}', [Change(("a",), 1, MISSING)], '{"b": 2}', id="first"
        ),
        pytest.param(
            '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}',
            [Change(("b",), 2, MISSING)],
            '{\r\n\t"a": 1\r\n}',
            id="last",
        ),
        pytest.param(
            "[1, 2]",
            [Change((0,), MISSING, 0), Change((3,), MISSING, 3)],
            "[0, 1, 2, 3]",
            id="items",
        ),
        pytest.param(
            '{"a": 1, "b": 5, "a": 2}',
            [Change(("a",), 2, 3)],
            '{"a": 1, "b": 5, "a": 3}',
            id="the last of repeated keys",
        ),
        pytest.param(
            '{"a": 1, "b": 5, "a": 2}',
            [Change(("a",), 2, MISSING)],
            '{"b": 5}',
            id="all repeated keys",
        ),
        pytest.param(
            '{"\\u00b5": "\\u00b5m", "b": 1}',
            [Change(("b",), 1, "µ")],
            '{"\\u00b5": "\\u00b5m", "b": "\\u00b5"}',
            id="escapes",
        ),
        pytest.param(
            '{"µ": 1, "b": "\\/"}',
            [Change(("µ",), 1, "ä")],
            '{"µ": "ä", "b": "\\/"}',
            id="not escaped",
        ),
        pytest.param(
            '{\n  "a": {}\n}',
            [Change(("a", "b"), MISSING, 1)],
            '{\n  "a": {\n    "b": 1\n  }\n}',
            id="into an empty object",
        ),
        pytest.param(
            '{"a": NaN, "b": 1}',
            [Change(("b",), 1, 2)],
            '{"a": NaN, "b": 2}',
            id="what JSON cannot say stays",
        ),
    ],
)
def test_what_is_new_looks_like_its_surroundings(text, changes, expected):
    """Indentation, spaces, line ends and escapes are those of the document."""
    assert expected == splice(text.encode(), changes).decode()


@pytest.mark.parametrize("new", [math.nan, math.inf, object(), {"a": {1}}])
def test_a_value_that_json_cannot_say_is_refused(new):
    """NaN, infinity and values of other kinds are not written."""
    with pytest.raises(ValueError, match=r"."):
        splice(b'{"a": 1}', [Change(("a",), 1, new)])


def test_a_change_that_does_not_fit_is_refused():
    """What the change says was there has to be there."""
    with pytest.raises(ValueError, match=re.escape("/a does not fit")):
        splice(b'{"a": 1}', [Change(("a",), 2, 3)])


@given(documents(), VALUES, VALUES)
def test_a_document_is_changed_again_and_again_from_what_it_was(data, one, other):
    """What was looked into for one change does not show in the next one."""
    old = parse(data)[0]
    written = Written.of(data, old)

    for new in (one, other, one):
        changes = difference(old, new)
        assert splice(data, changes) == written.spliced(changes)
    assert data == written.spliced(())


def test_what_would_be_beyond_the_limits_is_refused():
    """Too many bytes, too many values, nested too deeply."""
    for limits in (
        Limits(document_bytes=20),
        Limits(document_items=4),
        Limits(document_depth=2),
    ):
        with pytest.raises(DocumentError):
            splice(
                b'{"a": {}}', [Change(("a", "b"), MISSING, [1, 2, 3])], limits=limits
            )
