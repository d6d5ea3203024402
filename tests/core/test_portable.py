"""Names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.portable import fault_of, portable, unique


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CON", "for a device"),
        ("nul", "for a device"),
        ("Aux.ome.zarr", "for a device"),
        ("com1.txt", "for a device"),
        ("LPT\u00b9", "for a device"),
        ("a.", "ends in a dot"),
        ("a ", "ends in a dot or a space"),
        ("..", "it is empty"),
        ("", "it is empty"),
        ("a:b", "':'"),
        ("a?", r"'\?'"),
        ("a\0b", "contains"),
        ("ä" * 128, "255 bytes"),
    ],
)
def test_what_some_do_not_take(name: str, said: str) -> None:
    """And why; what is made of it is taken."""
    assert re.search(said, fault_of(name))
    assert "" == fault_of(portable(name, "labels"))


@pytest.mark.parametrize(
    "name", ["a", "a b", ".a", "cells.ome.zarr", "console", "com", "com10", "ä%20_"]
)
def test_what_all_take(name: str) -> None:
    """Nothing is said about it."""
    assert "" == fault_of(name)


@given(st.text() | st.from_regex(r"(?i)(con|nul|com1)[ .a-z]{0,3}", fullmatch=True))
def test_any_name_is_made_fit(name: str) -> None:
    """No separator, no control character, no dots alone, no device, not too long."""
    found = portable(name, "image")

    assert "" == fault_of(found)
    assert found == PurePosixPath(found).name == PureWindowsPath(found).name
    assert 0 < len(found.encode()) <= len("image_") + 100
    assert not any(unicodedata.category(char) == "Cc" for char in found)
    assert found == portable(found, "image", limit=200)


@given(st.lists(st.sampled_from(["a", "A", "a_2", "b"]), max_size=8))
def test_names_are_unique(names: list[str]) -> None:
    """On file systems that do not tell case apart, too."""
    found = unique(names)

    assert len(names) == len({name.casefold() for name in found})
