"""Bounded JSON: what is broken is told, what is too much is refused."""

from __future__ import annotations

import json
import pickle
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.document import parse
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import DocumentError

HOSTILE = {
    "lists": (b"[" * 200_000 + b"]" * 200_000, "document-too-deep"),
    "objects": (b'{"a":' * 200_000, "document-too-deep"),
    "just too deep": (b"[" * 65 + b"]" * 65, "document-too-deep"),
    "large": (b'"' + b"x" * 20_000_000 + b'"', "document-too-large"),
    "many": (b"[" + b"[]," * 1_500_000 + b"1]", "document-too-large"),
    "not UTF-8": (b'{"a": "\xff"}', "not-utf-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not-utf-8"),
    "cut": (b'{"a": [1, 2', "not-json"),
    "empty": (b"", "not-json"),
    "web page": (b"<!DOCTYPE html><html></html>", "not-json"),
    "single quotes": (b"{'a': 1}", "not-json"),
    "two": (b"{} {}", "not-json"),
}


@pytest.mark.parametrize(("data", "kind"), HOSTILE.values(), ids=HOSTILE.keys())
def test_unreadable_documents_are_refused_at_once(data: bytes, kind: str) -> None:
    """What is not JSON, or too much of it, is refused within seconds, with a reason."""
    begun = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        parse(data)

    assert [kind] == [problem.kind for problem in caught.value.problems]
    assert time.monotonic() - begun < 5
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def test_the_deepest_allowed_is_read() -> None:
    """A document just at the limit of nesting is read."""
    data = b"[" * 64 + b"]" * 64

    assert (json.loads(data), ()) == parse(data)


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e999",
        "9" * 400,
        "1." * 1 + "0" * 400,
    ],
)
def test_a_number_that_cannot_be_held_is_none(number: str) -> None:
    """Such a number becomes None, and its place is told."""
    value, problems = parse(b'{"a": [1, {"b": ' + number.encode() + b"}]}")

    assert {"a": [1, {"b": None}]} == value
    assert [("not-a-number", "/a/1/b")] == [(p.kind, p.pointer) for p in problems]


def test_a_lonely_number_that_cannot_be_held_is_none() -> None:
    """The root itself may be such a number."""
    value, problems = parse(b"NaN")

    assert value is None
    assert [()] == [p.loc for p in problems]


def test_of_repeated_keys_the_last_counts() -> None:
    """Each repeated key is told once with its place; at the root of it all as error."""
    value, problems = parse(
        b'{"ome": 1, "ome": {"a": 1, "a": 2, "a": 3}, "x": [{"b": 1}]}'
    )

    assert {"ome": {"a": 3}, "x": [{"b": 1}]} == value
    assert [("error", ("ome",)), ("warning", ("ome", "a"))] == [
        (p.level, p.loc) for p in problems
    ]
    assert {"duplicate-key"} == {p.kind for p in problems}


def test_problems_are_bounded() -> None:
    """A document full of faults gives no more problems than the limit."""
    value, problems = parse(b"[" + b"NaN," * 5000 + b"1]")

    assert [None] * 5000 + [1] == value
    assert LIMITS.problems == len(problems)


def test_a_byte_order_mark_is_accepted() -> None:
    """Some editors put one in front."""
    assert ({"a": 1}, ()) == parse(b'\xef\xbb\xbf{"a": 1}')


def test_limits_can_be_raised() -> None:
    """Another `Limits` lets more through."""
    data = b"[" * 100 + b"]" * 100

    assert (json.loads(data), ()) == parse(
        data, limits=replace(LIMITS, document_depth=100)
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_good_json_is_read_as_it_is(value: object) -> None:
    """What the standard library writes is read back the same, without a problem."""
    assert (value, ()) == parse(json.dumps(value).encode())


@given(st.binary())
def test_any_bytes_give_a_value_or_a_reason(data: bytes) -> None:
    """Nothing but `DocumentError` ever comes out."""
    with suppress(DocumentError):
        parse(data)
