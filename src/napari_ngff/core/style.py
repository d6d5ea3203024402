"""How a JSON document is written: indentation, spaces, ends of lines, non-ASCII text.

Knows text; a new value is written as its surroundings are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_LINE: Final = re.compile(r"(\r\n|\n|\r)([ \t]*)[^ \t\r\n]")
_COLON: Final = re.compile(r'"([ \t]*:[ \t]*)[^ \t\r\n]')
_COMMA: Final = re.compile(r"[\]}\"\d]([ \t]*,[ \t]*)[^ \t\r\n]")
_SCALARS: Final = re.compile(r"\[[ \t]*[^ \t\r\n{\[\]]")
_HALF: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a document is written.

    Attributes
    ----------
    newline
        What ends a line; empty where all is in one line.
    unit
        By what each level is indented.
    colon, comma
        What is between a key and its value; between two values in one line.
    lists
        Whether an array of numbers or texts is written in one line.
    escaped
        Whether characters beyond ASCII are escaped.
    """

    newline: str
    unit: str
    colon: str
    comma: str
    lists: bool
    escaped: bool

    def text(self, value: Any, *, indent: str, flat: bool | None) -> str:
        """Return the text of a value.

        Parameters
        ----------
        value
            What is written.
        indent
            What the line begins with in which it stands.
        flat
            Whether it is in one line; None: as such values are in this document.

        Raises
        ------
        ValueError
            If JSON cannot say it: NaN, infinity, or no JSON value at all.
        """
        if flat is None:
            flat = not self.newline or (self.lists and not _holds_containers(value))
        elif not self.newline:
            flat = True
        if flat or not isinstance(value, (Mapping, list, tuple)) or not value:
            return self._in_line(value)
        inner = indent + self.unit
        if isinstance(value, Mapping):
            lines = [
                self.name(key) + self.text(item, indent=inner, flat=None)
                for key, item in value.items()
            ]
        else:
            lines = [self.text(item, indent=inner, flat=None) for item in value]
        brackets = "{}" if isinstance(value, Mapping) else "[]"
        start = self.newline + inner
        body = f",{start}".join(lines)
        return f"{brackets[0]}{start}{body}{self.newline}{indent}{brackets[1]}"

    def name(self, key: str) -> str:
        """Return the text of a key and of what is between it and its value."""
        return self._in_line(key) + self.colon

    def _in_line(self, value: Any) -> str:
        try:
            text = json.dumps(
                value,
                ensure_ascii=self.escaped,
                allow_nan=False,
                separators=(self.comma, self.colon),
            )
        except TypeError as error:
            raise ValueError(str(error)) from error
        return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _holds_containers(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    items = value if isinstance(value, (list, tuple)) else ()
    return any(isinstance(item, (Mapping, list, tuple)) and item for item in items)


def style_of(text: str) -> Style:
    """Return how a JSON text is written, told by its first lines and separators."""
    lines = _LINE.search(text)
    newline = lines[1] if lines else ""
    colon = _COLON.search(text)
    comma = _COMMA.search(text)
    spaced = ": " if newline or not colon else colon[1]
    return Style(
        newline=newline,
        unit=lines[2] if lines else "",
        colon=colon[1] if colon else spaced,
        comma=comma[1] if comma else _comma(newline, colon[1] if colon else spaced),
        lists=_SCALARS.search(text) is not None,
        escaped=text.isascii() and "\\u" in text,
    )


def _comma(newline: str, colon: str) -> str:
    """Return what parts values in one line where a document shows none."""
    return "," if colon == ":" and not newline else ", "
