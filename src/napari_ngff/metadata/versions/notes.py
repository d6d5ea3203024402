"""The problems found while one group is read, bounded, at the version's levels.

Knows how a key is looked up and what is noted when it is absent or not what it must
be; knows no key by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import LEVELS, Level, Loc, Problem
from napari_ngff.metadata.versions.values import ARRAY, Expected, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_DUTY = {"error": "must", "warning": "should", "info": "may"}


@dataclass(slots=True, kw_only=True)
class Notes:
    """Collects problems.

    Attributes
    ----------
    node
        The group that is read.
    levels
        Kinds of problems that the version judges otherwise than by default; None:
        not a problem in that version.
    found
        Problems so far, at most ``limits.problems``.
    """

    node: str = ""
    limits: Limits = LIMITS
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)
    _untold: list[Level] = field(default_factory=list)
    _aliases: dict[Loc, Loc] = field(default_factory=dict)

    def add(self, kind: str, loc: Loc, message: str, level: Level = "error") -> None:
        """Note a problem; `level` is the default, which the version may change."""
        judged = self.levels.get(kind, level)
        if judged is None:
            return
        if len(self.found) >= self.limits.problems:
            self._untold.append(judged)
            return
        place = self._place(loc)
        problem = Problem(
            level=judged, kind=kind, loc=place, message=message, node=self.node
        )
        self.found.append(problem)

    def alias(self, loc: Loc, place: Loc) -> None:
        """Have what is read at `loc` noted at `place`, where it is in the file."""
        self._aliases[loc] = self._place(place)

    def _place(self, loc: Loc) -> Loc:
        found: Loc = ()
        for end, part in enumerate(loc, 1):
            found = self._aliases.get(loc[:end], (*found, part))
        return found

    def problems(self) -> tuple[Problem, ...]:
        """Return all, and one for those above the limit, as bad as the worst."""
        if not self._untold:
            return tuple(self.found)
        more = Problem(
            level=min(self._untold, key=LEVELS.index),
            kind="too-many-problems",
            message=f"{len(self._untold)} more problems are not listed. Correct the "
            "first ones and look again.",
            node=self.node,
        )
        return (*self.found, more)

    def get(
        self,
        holder: Mapping[str, Any],
        key: str,
        loc: Loc,
        expected: Expected,
        *,
        of: str,
        absent: Level | None = None,
    ) -> Any:
        """Return ``holder[key]`` if it is as expected, else None and a problem.

        Parameters
        ----------
        holder, loc
            The object that should have the key, and where it is.
        key, expected
            The key, and what its value must be.
        of
            What the object is, for the kind of the problem: ``"<of>-<key>-missing"``
            or ``"<of>-<key>-invalid"``.
        absent
            Level of the problem when the key is absent or null; None: it may be.
        """
        value = holder.get(key)
        if value is None:
            if absent is not None:
                kind = _kind(of, key)
                text = f"'{key}' is missing: the {of.replace('-', ' ')} "
                text += f"{_DUTY[absent]} have it. Add it: {expected.words}."
                self.add(f"{kind}-missing", loc, text, absent)
            return None
        found = expected.read(value)
        if found is None:
            text = f"'{key}' is {shown(value)}, but must be {expected.words}. "
            text += "It is left out; correct it."
            self.add(f"{_kind(of, key)}-invalid", (*loc, key), text)
        return found

    def items(
        self,
        holder: Mapping[str, Any],
        key: str,
        loc: Loc,
        *,
        of: str,
        limit: int,
        absent: Level | None = None,
    ) -> list[Any] | None:
        """Return the list ``holder[key]``, at most `limit` items; None if it has none.

        One text or object where a list must be is taken as a list of it.
        """
        value = holder.get(key)
        if isinstance(value, (str, Mapping)) and value:
            kind = f"{of}-{_HUMP.sub('-', key).lower()}-invalid"
            text = (
                f"'{key}' must be a list; it is read as a list of one. Put it in [ ]."
            )
            self.add(kind, (*loc, key), text)
            self.alias((*loc, key, 0), (*loc, key))
            return [value]
        found: list[Any] | None = self.get(
            holder, key, loc, ARRAY, of=of, absent=absent
        )
        if found is None or len(found) <= limit:
            return found
        text = f"'{key}' has {len(found)} entries; only the first {limit} are read. "
        text += "Raise the limit (Limits) if they are meant."
        self.add("limit-exceeded", (*loc, key), text, "warning")
        return found[:limit]

    def objects(
        self, values: list[Any], loc: Loc, *, of: str
    ) -> Iterator[tuple[int, Mapping[str, Any], Loc]]:
        """Yield (index, object, its location); what is no object is noted, left out."""
        for index, value in enumerate(values):
            if isinstance(value, Mapping):
                yield index, value, (*loc, index)
                continue
            text = f"This is {shown(value)}, but must be an object. It is left out."
            self.add(f"{of}-invalid", (*loc, index), text)


def _kind(of: str, key: str) -> str:
    """Return what the kinds of problems with a key begin with."""
    return f"{of}-{_HUMP.sub('-', key).lower().replace('.', '-')}"
