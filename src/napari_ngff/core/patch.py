"""Changes of a JSON value, as values: applied, inverted, found, shown as RFC 6902.

Knows JSON values and places in them; nothing of bytes, files or what a value means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


#: Of so few items that are others, none is looked for in another place.
_FEW: Final = 16

#: Stands where there is no value: null is one.
MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a document that becomes another one.

    Changes are made one after the other: where one inserts an item into an array, the
    next ones count with it.

    Attributes
    ----------
    loc
        Keys and indices from the document's root; ``()`` is the whole.
    old
        What is there before; `MISSING` for a new member, or for an item that is
        inserted before this index.
    new
        What is there afterwards; `MISSING` for what is removed.
    """

    loc: Loc
    old: Any
    new: Any

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901)."""
        return "".join(
            "/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.loc
        )


Changes: TypeAlias = tuple[Change, ...]


def below(loc: Loc, changes: Iterable[Change]) -> Changes:
    """Return changes of a value as changes of what has it at `loc`."""
    return tuple(Change((*loc, *c.loc), c.old, c.new) for c in changes)


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal: 1 is 1.0, but it is not true.

    The order of members does not count.
    """
    if one is other:
        return True
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, (list, tuple)):
        return (
            isinstance(other, (list, tuple))
            and len(one) == len(other)
            and all(map(same, one, other))
        )
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def at(value: Any, loc: Loc) -> Any:
    """Return what is at a place of a value; `MISSING` if there is nothing."""
    for part in loc:
        if isinstance(value, (list, tuple)):
            there = isinstance(part, int) and 0 <= part < len(value)
        else:
            there = isinstance(value, Mapping) and part in value
        if not there:
            return MISSING
        value = value[part]
    return value


def apply(value: Any, changes: Iterable[Change]) -> Any:
    """Return the value with changes made, one after the other; it itself is kept.

    Raises
    ------
    ValueError
        If a change does not fit: `old` is not what is there.
    """
    for change in changes:
        value = _changed(value, change, change.loc)
    return value


def _changed(value: Any, change: Change, loc: Loc) -> Any:
    if not loc:
        if change.new is MISSING or not same(value, change.old):
            raise _misfit(change)
        return change.new
    part, rest = loc[0], loc[1:]
    if isinstance(value, Mapping) and isinstance(part, str):
        return _changed_member(value, change, part, rest)
    if isinstance(value, (list, tuple)) and isinstance(part, int) and part >= 0:
        return _changed_item(value, change, part, rest)
    raise _misfit(change)


def _changed_member(
    value: Mapping[str, Any], change: Change, key: str, rest: Loc
) -> dict[str, Any]:
    if rest:
        if key not in value:
            raise _misfit(change)
        return {**value, key: _changed(value[key], change, rest)}
    found = value.get(key, MISSING)
    if not _fits(found, change):
        raise _misfit(change)
    if change.new is MISSING:
        return {name: member for name, member in value.items() if name != key}
    return {**value, key: change.new}


def _changed_item(
    value: Sequence[Any], change: Change, index: int, rest: Loc
) -> list[Any]:
    items = list(value)
    if not rest and change.old is MISSING:
        if index > len(items) or change.new is MISSING:
            raise _misfit(change)
        items.insert(index, change.new)
        return items
    if index >= len(items):
        raise _misfit(change)
    if rest:
        items[index] = _changed(items[index], change, rest)
    elif not _fits(items[index], change):
        raise _misfit(change)
    elif change.new is MISSING:
        del items[index]
    else:
        items[index] = change.new
    return items


def _fits(found: Any, change: Change) -> bool:
    if change.old is MISSING or found is MISSING:
        return change.old is found and change.new is not MISSING
    return same(found, change.old)


def _misfit(change: Change) -> ValueError:
    message = f"the change of {change.pointer or 'the whole'} does not fit the document"
    return ValueError(message)


def inverted(changes: Sequence[Change]) -> Changes:
    """Return the changes that undo some, the last one first."""
    return tuple(Change(c.loc, c.new, c.old) for c in reversed(changes))


def difference(old: Any, new: Any, loc: Loc = ()) -> Changes:
    """Return the changes that make one value equal to another, in few and small steps.

    Parameters
    ----------
    old, new
        JSON values, or `MISSING` (not both at the root).
    loc
        Where they are, which the changes begin with.
    """
    return tuple(_differences(old, new, loc))


def _differences(old: Any, new: Any, loc: Loc) -> Iterator[Change]:
    if old is new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from _differences(value, new.get(key, MISSING), (*loc, key))
        for key, value in new.items():
            if key not in old:
                yield Change((*loc, key), MISSING, value)
    elif isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        yield from _of_items(old, new, loc)
    elif not same(old, new):
        yield Change(loc, old, new)


def _of_items(old: Sequence[Any], new: Sequence[Any], loc: Loc) -> Iterator[Change]:
    if len(old) == len(new) and not _are_moved(old, new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(one, other, (*loc, index))
        return
    shift = 0
    for start, stop, first, last in _blocks(old, new):
        both = min(stop - start, last - first)
        for k in range(both):
            where = (*loc, start + shift + k)
            yield from _differences(old[start + k], new[first + k], where)
        for k in range(start + both, stop):
            yield Change((*loc, start + shift + both), old[k], MISSING)
        for k in range(first + both, last):
            yield Change((*loc, start + shift + k - first), MISSING, new[k])
        shift += (last - first) - (stop - start)


def _are_moved(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """Tell whether items of a long array went to other places of it."""
    if len(old) <= _FEW:
        return False
    pairs = zip(old, new, strict=True)
    others = [pair for pair in pairs if not same(*pair)]
    if len(others) <= _FEW:
        return False
    before, after = map(set, _marks(*zip(*others, strict=True)))
    return 2 * len(before & after) > len(others)


def _marks(
    old: Sequence[Any], new: Sequence[Any]
) -> tuple[list[str | int], list[str | int]]:
    """Return marks of items that are the same where items are."""
    known = {id(i) for i in old} & {id(i) for i in new if isinstance(i, (dict, list))}
    one, other = (
        [id(item) if id(item) in known else canonical(item) for item in items]
        for items in (old, new)
    )
    return one, other


def _blocks(
    old: Sequence[Any], new: Sequence[Any]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield which items of `old` become which of `new`, where these differ."""
    fewest = min(len(old), len(new))
    head = next((i for i in range(fewest) if not same(old[i], new[i])), fewest)
    rest = fewest - head
    tail = next((i for i in range(rest) if not same(old[~i], new[~i])), rest)
    one, other = _marks(old[head : len(old) - tail], new[head : len(new) - tail])
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, start, stop, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield head + start, head + stop, head + first, head + last


def canonical(value: Any) -> str:
    """Return a text that is the same for values that are."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    """Return a value whose text is the same where `same` says so."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def as_json_patch(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return changes as the operations of a JSON patch (RFC 6902).

    Before a value is replaced or removed, a ``test`` says what it has to be.
    """
    operations: list[dict[str, Any]] = []
    for change in changes:
        path = change.pointer
        if change.old is not MISSING:
            operations.append({"op": "test", "path": path, "value": change.old})
        if change.new is MISSING:
            operations.append({"op": "remove", "path": path})
        else:
            name: Literal["add", "replace"] = "replace"
            if change.old is MISSING:
                name = "add"
            operations.append({"op": name, "path": path, "value": change.new})
    return operations
