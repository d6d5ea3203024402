"""Where the values of a JSON text are: a tree of its pieces, looked into when needed.

Knows the grammar of JSON; every piece keeps its characters, so that the text of the
tree is the text that it was made of, to the last white space. Values are skipped, not
built: those of the whole text are known.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

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
    """A value that has not been looked into.

    Attributes
    ----------
    text
        As it is written, without white space around.
    value
        What it says.
    """

    text: str
    value: Any
    _entries: tuple[Entry, ...] | None = field(default=None, repr=False)

    @property
    def opens(self) -> bool:
        """Whether it is an object or an array."""
        return _START.match(self.text) is not None

    def look_into(self) -> Branch:
        """Return the entries of an object or array; they are found once.

        Raises
        ------
        ValueError
            If it is neither.
        """
        text = self.text
        if not self.opens:
            message = f"{text[:40]} is neither an object nor an array"
            raise ValueError(message)
        brackets: Literal["{}", "[]"] = "{}" if text[0] == "{" else "[]"
        at = _after_space(text, 1)
        if text[at] == brackets[1]:
            return Branch(brackets, empty=text[1:at])
        if self._entries is None:
            self._entries = tuple(_entries(self, named=brackets == "{}"))
        return Branch(brackets, list(self._entries))


class Entry(NamedTuple):
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
    """An object or array that has been looked into, to be changed.

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


def split(text: str, value: Any) -> tuple[str, Leaf, str]:
    """Return the value of a JSON text, and the white space before and after it.

    Parameters
    ----------
    text
        The text of one value.
    value
        What it says, as `core.document.parse` reads it.
    """
    start = _after_space(text, 0)
    end = len(text.rstrip(" \t\n\r"))
    return text[:start], Leaf(text[start:end], value), text[end:]


def _entries(leaf: Leaf, *, named: bool) -> Iterator[Entry]:
    text, place, index = leaf.text, 1, 0
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
            value=Leaf(text[value:end], leaf.value[key if named else index]),
            after=text[end:comma],
        )
        place, index = comma + 1, index + 1


def text_of(piece: Piece) -> str:
    """Return the text of a piece and of all that is in it."""
    if isinstance(piece, Leaf):
        return piece.text
    return _written(piece, [text_of(entry.value) for entry in piece.entries])


def value_of(piece: Piece) -> Any:
    """Return what a piece says, read from its text but for what was not looked into.

    Raises
    ------
    ValueError
        If its text is no JSON.
    """
    if isinstance(piece, Leaf):
        return piece.value
    values = [value_of(entry.value) for entry in piece.entries]
    # Each value is stood for by its number: what is around them is what is read.
    read = json.loads(_written(piece, [str(index) for index in range(len(values))]))
    if isinstance(read, dict):
        return {key: values[index] for key, index in read.items()}
    return [values[index] for index in read]


def _written(branch: Branch, texts: list[str]) -> str:
    """Return the text of an object or array whose values have texts."""
    inside = ",".join(
        f"{entry.before}{entry.name}{text}{entry.after}"
        for entry, text in zip(branch.entries, texts, strict=True)
    )
    return branch.brackets[0] + (inside or branch.empty) + branch.brackets[1]


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return place if found is None else found.end()


def _after_value(text: str, place: int) -> int:
    return _decode(text, place)[1]
