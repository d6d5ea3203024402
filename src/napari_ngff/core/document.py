"""Bounded JSON: bytes of a metadata document in, a value and its problems out.

Knows JSON and the limits on it; knows no I/O and nothing of what a document means.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, Loc, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Keys whose repetition makes the meaning of the whole document doubtful.
_ROOTS: Final = frozenset({"ome", "multiscales"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unfit:
    """Stands in the parsed tree where a number was that cannot be taken."""

    text: str


@dataclass(slots=True, kw_only=True)
class _Marks:
    """What the decoder met that must be told: found first, located afterwards."""

    limits: Limits
    unfit: int = 0
    repeated: dict[int, list[str]] = field(default_factory=dict)
    holders: list[dict[str, Any]] = field(default_factory=list)

    def number(self, text: str) -> int | float | _Unfit:
        if len(text) <= self.limits.number_digits:
            value = float(text) if not text.lstrip("-").isdigit() else int(text)
            if isinstance(value, int) or math.isfinite(value):
                return value
        return self.constant(text)

    def constant(self, text: str) -> _Unfit:
        self.unfit += 1
        return _Unfit(text=plain(text, limit=24))

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            self.repeated[id(found)] = [key for key, n in counts.items() if n > 1]
            self.holders.append(found)  # keeps the identity from being used again
        return found


def parse(data: bytes, *, limits: Limits = LIMITS) -> tuple[Any, tuple[Problem, ...]]:
    """Return the value of a JSON document, and what is wrong with its text.

    Parameters
    ----------
    data
        The document, UTF-8; a byte order mark is accepted.
    limits
        Bounds on its size, nesting, number of values and length of numbers.

    Returns
    -------
    value
        Dicts, lists, strings, numbers, booleans, None. Of repeated keys the last
        counts. ``NaN``, ``Infinity`` and numbers that are too long or too large
        for a double are None.
    problems
        One for each repeated key (``duplicate-key``) and each number that was not
        taken (``not-a-number``), with its location.

    Raises
    ------
    DocumentError
        If it is not JSON, not UTF-8, or beyond the limits. Its `location` and `node`
        are empty: the caller knows them.
    """
    check_size(data, limits=limits)
    marks = _Marks(limits=limits)
    value = _decoded(data, marks)
    if is_deeper(value, limits.document_depth):
        raise too_deep(limits)
    if not marks.unfit and not marks.repeated:
        return value, ()
    holder = [value]
    problems = tuple(_located(holder, marks))
    return holder[0], problems


def check_size(data: bytes, *, limits: Limits = LIMITS) -> None:
    """Raise a DocumentError where a document has too many bytes, or too many values."""
    if len(data) > limits.document_bytes:
        size = f"it is {len(data)} bytes long; the limit is {limits.document_bytes}"
        raise _unreadable("document-too-large", size)
    if sum(map(data.count, (b",", b"[", b"{"))) > limits.document_items:
        text = f"it has more than {limits.document_items} values, which is the limit"
        raise _unreadable("document-too-large", text)


def _decoded(data: bytes, marks: _Marks) -> Any:
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=marks.pairs,
            parse_int=marks.number,
            parse_float=marks.number,
            parse_constant=marks.constant,
        )
    except UnicodeDecodeError as error:
        text = f"it is not UTF-8 text (byte {error.start})"
        raise _unreadable("not-utf-8", text) from error
    except json.JSONDecodeError as error:
        text = (
            f"it is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        )
        raise _unreadable("not-json", text) from error
    except RecursionError as error:
        raise too_deep(marks.limits) from error


def too_deep(limits: Limits) -> DocumentError:
    """Return the error for a document that is nested too deeply."""
    text = f"it is nested deeper than the limit of {limits.document_depth} levels"
    return _unreadable("document-too-deep", text)


def _unreadable(kind: str, message: str) -> DocumentError:
    problem = Problem(level="error", kind=kind, message=message)
    return DocumentError(location="", node="", problems=(problem,))


def _children(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _items(value: Any) -> list[tuple[str | int, Any]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value))


def is_deeper(value: Any, depth: int) -> bool:
    """Tell whether containers are nested deeper than `depth`, without recursion."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(depth):
        level = [
            child
            for container in level
            for child in _children(container)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def _located(holder: list[Any], marks: _Marks) -> Iterator[Problem]:
    """Yield the problems with their locations, setting unfit numbers to None."""
    left = marks.limits.problems
    stack: list[tuple[Any, Loc]] = [(holder, ())]
    while stack:
        container, loc = stack.pop()
        for key in marks.repeated.get(id(container), ()):
            if (left := left - 1) >= 0:
                yield _repeated(key, loc)
        items = (
            container.items() if isinstance(container, dict) else enumerate(container)
        )
        for key, child in list(items):
            where = loc if container is holder else (*loc, key)
            if isinstance(child, _Unfit):
                container[key] = None
                if (left := left - 1) >= 0:
                    yield _not_a_number(child.text, where)
            elif isinstance(child, (dict, list)):
                stack.append((child, where))


def _repeated(key: str, loc: Loc) -> Problem:
    return Problem(
        level="error" if key in _ROOTS else "warning",
        kind="duplicate-key",
        loc=(*loc, key),
        message=f"the key {plain(key, limit=64)!r} is there more than once; the last "
        "one is used. Remove the others.",
    )


def _not_a_number(text: str, loc: Loc) -> Problem:
    return Problem(
        level="error",
        kind="not-a-number",
        loc=loc,
        message=f"{text!r} is not a number that JSON or this program can hold; it is "
        "taken as missing. Write a finite number.",
    )
