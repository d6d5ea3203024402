"""Where the values of a JSON text are: a tree of its pieces, looked into when needed.

Knows the grammar of JSON; every piece keeps its characters, so that the text of the
tree is the text that it was made of, to the last white space. Values are skipped, not
built.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_START: Final = re.compile(r"[{\[]")


#: Finds where a value ends. What numbers and objects are made into does not matter.
_decode: Final = json.JSONDecoder(
    parse_int=len, parse_float=len, object_pairs_hook=len
).raw_decode


@dataclass(slots=True)
class Leaf:
    """A value that has not been looked into: its text, without white space around."""

    text: str

    @property
    def opens(self) -> bool:
        """Whether it is an object or an array."""
        return _START.match(self.text) is not None


@dataclass(slots=True)
class Entry:
    """A member of an object or an item of an array, with the white space around it.

    Attributes
    ----------
    before, after
        White space from the bracket or comma before it; to the one after it.
    name
        The key, the colon and the white space around that, as in the text; empty for
        an item.
    key
        The key itself; empty for an item.
    value
        What it holds.
    """

    before: str
    value: Piece
    after: str
    name: str = ""
    key: str = ""


@dataclass(slots=True)
class Branch:
    """An object or array that has been looked into.

    `empty` is the white space between the brackets where there are no entries.
    """

    brackets: Literal["{}", "[]"]
    entries: list[Entry] = field(default_factory=list)
    empty: str = ""

    def find(self, part: str | int) -> int | None:
        """Return where an entry is, by key or index; of repeated keys, the last one."""
        if isinstance(part, int):
            inside = self.brackets == "[]" and 0 <= part < len(self.entries)
            return part if inside else None
        if self.brackets == "[]":
            return None
        for index in range(len(self.entries) - 1, -1, -1):
            if self.entries[index].key == part:
                return index
        return None


Piece: TypeAlias = Leaf | Branch


def split(text: str) -> tuple[str, Leaf, str]:
    """Return the value of a JSON text, and the white space before and after it.

    Raises
    ------
    ValueError
        If it is not one JSON value.
    """
    start = _after_space(text, 0)
    end = _after_value(text, start)
    if _after_space(text, end) != len(text):
        message = f"there is more than one value (character {end})"
        raise ValueError(message)
    return text[:start], Leaf(text[start:end]), text[end:]


def look_into(leaf: Leaf) -> Branch:
    """Return the entries of an object or array.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = leaf.text
    if not leaf.opens:
        message = f"{text[:40]} is neither an object nor an array"
        raise ValueError(message)
    brackets: Literal["{}", "[]"] = "{}" if text[0] == "{" else "[]"
    at = _after_space(text, 1)
    if text[at] == brackets[1]:
        return Branch(brackets, empty=text[1:at])
    return Branch(brackets, list(_entries(text, named=brackets == "{}")))


def _entries(text: str, *, named: bool) -> Iterator[Entry]:
    place = 1
    while place < len(text):
        start = value = _after_space(text, place)
        key = ""
        if named:
            key, colon = _decode(text, start)
            value = _after_space(text, _after_space(text, colon) + 1)
        end = _after_value(text, value)
        comma = _after_space(text, end)
        yield Entry(
            before=text[place:start],
            name=text[start:value],
            key=key,
            value=Leaf(text[value:end]),
            after=text[end:comma],
        )
        place = comma + 1


def text_of(piece: Piece) -> str:
    """Return the text of a piece and of all that is in it."""
    found: list[str] = []
    _write(piece, found)
    return "".join(found)


def _write(piece: Piece, found: list[str]) -> None:
    if isinstance(piece, Leaf):
        found.append(piece.text)
        return
    found.append(piece.brackets[0])
    if not piece.entries:
        found.append(piece.empty)
    for index, entry in enumerate(piece.entries):
        if index:
            found.append(",")
        found += (entry.before, entry.name)
        _write(entry.value, found)
        found.append(entry.after)
    found.append(piece.brackets[1])


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return place if found is None else found.end()


def _after_value(text: str, place: int) -> int:
    return _decode(text, place)[1]
