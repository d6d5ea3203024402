"""Names beside a target: valid, ours alone, and told apart."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.storage.commit.places import Places, is_cut, ours, stem

NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"),
    min_size=1,
    max_size=260,
)


@given(NAMES)
def test_a_stem_leaves_a_valid_name(name):
    """In either normal form, what is put around it makes at most 255 bytes."""
    places = Places(parent=Path("x"), name=name, tag="0123abcd")
    shown = unicodedata.normalize("NFD", places.folder.name)

    assert len(shown.encode()) <= 255
    assert stem(stem(name)) == stem(name)
    assert stem(name) == name or is_cut(stem(name))


@given(NAMES)
def test_our_names_are_ours(name):
    """Stem, number and kind are read from a name again."""
    places = Places.fresh(Path("x") / "y")
    places = Places(parent=places.parent, name=name, tag=places.tag)

    assert (stem(name), places.tag, "part") == ours(places.folder.name)
    assert (stem(name), places.tag, "old") == ours(places.old.name)


def test_names_of_others_are_not_ours():
    """Near misses are not touched."""
    others = (
        "cells.0123abcd.ngff-part",
        ".cells.0123abcd.ngff-part2",
        ".cells.0123ABCD.ngff-part",
        ".cells.0123abc.ngff-old",
        "..ngff-old",
        ".0123abcd.ngff-part",
        ".cells.0123abcd.ngff-part\n",
    )

    assert [] == [name for name in others if ours(name)]


def test_long_names_that_begin_alike_differ():
    """What was cut off still counts."""
    assert stem("a" * 240 + "x") != stem("a" * 240 + "y")
