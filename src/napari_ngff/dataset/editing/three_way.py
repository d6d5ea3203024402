"""Three states of a JSON value side by side, line by line: before, theirs and ours.

Knows JSON values alone. What is alike in all of them is told in few lines; what is
not stands in the same line of each, marked with who changed it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.patch import MISSING, same
from napari_ngff.dataset.editing.aligning import aligned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Who changed a line. ``alike``: both, to the same. ``contested``: both, and each to
#: something else.
Mark: TypeAlias = Literal["", "theirs", "ours", "alike", "contested"]
#: A value before, as the others have it, and as we have it; `MISSING`: there is none.
Three: TypeAlias = "tuple[Any, Any, Any]"

_LETTERS: Final = 400
_SHORT: Final = 60
_INDENT: Final = "  "
#: So many neighbours that are alike are shown; of more, the first ones.
_ALIKE: Final = 4
_MOST_ROWS: Final = 4000
_MORE: Final = "⋯"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of three texts.

    Attributes
    ----------
    texts
        Before, theirs, ours; fit to be shown. None: it is not there.
    mark
        Who changed it.
    """

    texts: tuple[str | None, str | None, str | None]
    mark: Mark = ""


def three_way(base: Any, theirs: Any, ours: Any) -> tuple[Row, ...]:
    """Return the lines of three JSON values, at most some thousands.

    Parameters
    ----------
    base, theirs, ours
        The values; `MISSING` for one that is not there.
    """
    rows = _rows("", (base, theirs, ours), 0)
    found = tuple(islice(rows, _MOST_ROWS))
    if len(found) < _MOST_ROWS:
        return found
    return (*found, Row(texts=(f"{_MORE} and more",) * 3, mark=""))


def marked(values: Three) -> Mark:
    """Return who changed a value, as a whole."""
    base, theirs, ours = values
    by_them, by_us = not _same(base, theirs), not _same(base, ours)
    if by_them and by_us:
        return "alike" if _same(theirs, ours) else "contested"
    return "theirs" if by_them else "ours" if by_us else ""


def _same(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return same(one, other)


def _rows(key: str, values: Three, depth: int) -> Iterator[Row]:
    """Yield the lines of one member or item; `key` is what begins the first."""
    mark = marked(values)
    there = [value for value in values if value is not MISSING]
    for kind, ((start, end), members) in _CONTAINERS.items():
        if mark and all(isinstance(value, kind) for value in there):
            edge = mark if MISSING in values else ""
            yield _line(values, edge, depth, (key + start,) * 3)
            yield from _inside(members(values), depth + 1)
            yield _line(values, edge, depth, (end,) * 3)
            return
    one, two, three = (key + _short(value) for value in values)
    yield _line(values, mark, depth, (one, two, three))


def _line(values: Three, mark: Mark, depth: int, texts: tuple[str, str, str]) -> Row:
    """Return one line, of those that are there."""
    one, two, three = (
        None if value is MISSING else _INDENT * depth + text
        for value, text in zip(values, texts, strict=True)
    )
    return Row(texts=(one, two, three), mark=mark)


def _inside(members: Iterator[tuple[str, Three]], depth: int) -> Iterator[Row]:
    """Yield the lines of members, of many that are alike only the first ones."""
    alike: list[tuple[str, Three]] = []
    for key, values in members:
        if not marked(values):
            alike.append((key, values))
            continue
        yield from _of_alike(alike, depth)
        alike.clear()
        yield from _rows(key, values, depth)
    yield from _of_alike(alike, depth)


def _of_alike(alike: list[tuple[str, Three]], depth: int) -> Iterator[Row]:
    shown = alike if len(alike) <= _ALIKE else alike[: _ALIKE - 1]
    for key, values in shown:
        yield from _rows(key, values, depth)
    if rest := len(alike) - len(shown):
        text = f"{_INDENT * depth}{_MORE} {rest:,} more"
        yield Row(texts=(text, text, text))


def _members(values: Three) -> Iterator[tuple[str, Three]]:
    """Yield the members of objects by their names, those of the first one first."""
    names: dict[str, None] = {}
    for value in values:
        if isinstance(value, Mapping):
            names |= dict.fromkeys(value)
    for name in names:
        start = f"{plain(json.dumps(name, ensure_ascii=False), limit=80)}: "
        one, two, three = (
            value.get(name, MISSING) if isinstance(value, Mapping) else MISSING
            for value in values
        )
        yield start, (one, two, three)


def _items(values: Three) -> Iterator[tuple[str, Three]]:
    """Yield the items of arrays, those together that are the same one."""
    base, theirs, ours = (value if isinstance(value, list) else () for value in values)
    for three in aligned(base, theirs, ours):
        yield "", three


_Members: TypeAlias = "Callable[[Three], Iterator[tuple[str, Three]]]"
_CONTAINERS: Final[Mapping[type, tuple[tuple[str, str], _Members]]] = {
    Mapping: (("{", "}"), _members),
    list: (("[", "]"), _items),
}


def _short(value: Any) -> str:
    """Return a value in one line; of a large one, how much there is in it."""
    if value is MISSING:
        return ""
    if isinstance(value, (Mapping, list)) and _is_large(value):
        start, end = "{}" if isinstance(value, Mapping) else "[]"
        return f"{start}{_MORE} {len(value):,}{end}"
    return plain(json.dumps(value, ensure_ascii=False), limit=_LETTERS)


def _is_large(value: Mapping[str, Any] | list[Any]) -> bool:
    if len(value) > _SHORT // 3:
        return True
    inside = value.values() if isinstance(value, Mapping) else value
    if any(isinstance(each, (Mapping, list)) and _is_large(each) for each in inside):
        return True
    return len(json.dumps(value, ensure_ascii=False)) > _SHORT
