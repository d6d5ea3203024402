"""Three states of a document side by side."""

import json

from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.patch import MISSING, same
from napari_ngff.dataset.editing.aligning import aligned
from napari_ngff.dataset.editing.three_way import marked, three_way

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b<i>"]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.sampled_from("abcdefgh"), inside, max_size=6)
    ),
    max_leaves=12,
)
BASE = {
    "name": "image",
    "axes": [{"name": "z", "unit": "micron"}, {"name": "y"}, {"name": "x"}],
    "scale": [1, 0.5, 0.25],
    "more": {"deep": {"list": list(range(100))}},
}


def shown(base, theirs, ours):
    """Return the marks and texts of lines that are marked."""
    rows = three_way(base, theirs, ours)
    return [
        (row.mark, *(text and text.strip() for text in row.texts))
        for row in rows
        if row.mark
    ]


def test_each_line_tells_who_changed_it():
    """What is new or gone stands beside nothing; places and items keep together."""
    theirs = json.loads(json.dumps(BASE))
    ours = json.loads(json.dumps(BASE))
    theirs["name"], ours["name"] = "theirs", "ours"
    theirs["axes"].insert(0, {"name": "t"})
    ours["axes"][0]["unit"] = "micrometer"
    theirs["scale"][1] = ours["scale"][1] = 0.7
    del theirs["scale"][2]
    ours["new"] = None

    assert [
        ("contested", '"name": "image"', '"name": "theirs"', '"name": "ours"'),
        ("theirs", None, "{", None),
        ("theirs", None, '"name": "t"', None),
        ("theirs", None, "}", None),
        ("ours", '"unit": "micron"', '"unit": "micron"', '"unit": "micrometer"'),
        ("alike", "0.5", "0.7", "0.7"),
        ("theirs", "0.25", None, "0.25"),
        ("ours", None, None, '"new": null'),
    ] == shown(BASE, theirs, ours)


def test_what_is_gone_there_and_edited_here_is_contested():
    """Only that of it which was edited; the rest is gone and nothing more."""
    theirs = {key: value for key, value in BASE.items() if key != "axes"}
    ours = {**BASE, "axes": [BASE["axes"][0], BASE["axes"][1], {"name": "w"}]}

    found = shown(BASE, theirs, ours)

    assert ("contested", '"name": "x"', None, '"name": "w"') in found
    assert ("theirs", '"name": "y"', None, '"name": "y"') in found


def test_what_is_alike_takes_few_lines():
    """Also of a document with thousands of items that one is taken out of."""
    items = [{"label-value": i, "area": i / 7} for i in range(20_000)]
    base = {"properties": items, "other": list(range(1000))}
    theirs = {**base, "properties": items[:7000] + items[7001:]}
    ours = {**base, "properties": [*items[:-1], {**items[-1], "area": 1}]}

    rows = three_way(base, theirs, ours)

    assert len(rows) < 30
    texts = [row.texts[0] for row in rows]
    assert '  "other": [⋯ 1,000]' in texts
    assert "    ⋯ 6,997 more" in texts
    many = three_way([0] * 9000, [1] * 9000, [0] * 9000)
    assert 4001 == len(many)
    assert "and more" in many[-1].texts[0]


@given(JSON, JSON, JSON)
def test_a_line_is_marked_where_something_differs(base, theirs, ours):
    """And nowhere else; whoever changed nothing is not said to have."""
    rows = three_way(base, theirs, ours)

    marks = {row.mark for row in rows} - {""}
    assert bool(marks) == bool(marked((base, theirs, ours)))
    if same(base, ours):
        assert marks <= {"theirs"}
    if same(base, theirs):
        assert marks <= {"ours"}
    if same(theirs, ours):
        assert marks <= {"alike"}
    for row in rows:
        assert not any("<" in text for text in row.texts if text)


@given(*[st.lists(st.integers(0, 5), max_size=9)] * 3)
def test_all_items_are_there_in_their_order(base, theirs, ours):
    """Of each side."""
    triples = list(aligned(base, theirs, ours))

    for index, side in enumerate((base, theirs, ours)):
        found = [triple[index] for triple in triples if triple[index] is not MISSING]
        assert side == found
