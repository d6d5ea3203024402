"""What an edit is made to: one image of a group, as JSON and as the model; its outcome.

Knows where blocks, axes and levels stand in the attributes of each version; changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from napari_ngff.core.patch import MISSING, apply, at, difference
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.system_block import block_of

if TYPE_CHECKING:
    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Group, Multiscale

Shape: TypeAlias = tuple[int, ...] | None
Names: TypeAlias = tuple[str | None, ...] | None

TRANSFORMS: Final = "coordinateTransformations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an edit changes.

    Attributes
    ----------
    attributes
        Changes of the group's attributes.
    dimension_names
        By level: what ``dimension_names`` of its array become; others stay.
    windows
        Channels that get a window whose ends nobody stated, and of whose values
        nothing is known: it spans the type of the pixels, if anything.
    """

    attributes: Changes = ()
    dimension_names: Mapping[int, tuple[str | None, ...]] = field(default_factory=dict)
    windows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image of a group.

    Attributes
    ----------
    attributes
        Of the group, any JSON.
    group
        What they say.
    index
        Which entry of ``multiscales``.
    shapes
        Of each level; None where it is not known.
    dimension_names
        Of each level's array; None where it has none.
    dtype
        The type of the pixels, such as ``"uint16"``; None where it is not known.
    limits
        By channel: the least and the largest value of its pixels, where known.
    """

    attributes: Any
    group: Group
    index: int
    shapes: Sequence[Shape] = ()
    dimension_names: Sequence[Names] = ()
    dtype: str | None = None
    limits: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def loc(self) -> Loc:
        """Where the entry is in the attributes."""
        return (*self.group.loc, "multiscales", self.index)

    @property
    def json(self) -> Mapping[str, Any]:
        """The entry as it is written; empty where there is none."""
        found = at(self.attributes, self.loc)
        return found if isinstance(found, Mapping) else {}

    @property
    def model(self) -> Multiscale | None:
        """The entry as it is read; None where there is none."""
        entries = self.group.multiscales
        return entries[self.index] if self.index < len(entries) else None

    @property
    def has_systems(self) -> bool:
        """Whether it is written with coordinate systems (0.6)."""
        return self.group.dialect in ("0.6", "0.9")

    @property
    def axes_locs(self) -> tuple[Loc, ...]:
        """Where its axes are listed: the first is read, the others have to be alike."""
        if not self.has_systems:
            return ((*self.loc, "axes"),)
        block = block_of("image", self.attributes, self.group, self.index)
        if isinstance(block, Problem):
            return ()
        found = self._system(block.intrinsic, 0)
        if block.marked is not None:
            found += self._system(block.marked, None)
        return found

    def _system(self, name: str | None, otherwise: int | None) -> tuple[Loc, ...]:
        systems = self.json.get("coordinateSystems")
        listed = systems if isinstance(systems, list) else []
        named = [s.get("name") if isinstance(s, Mapping) else None for s in listed]
        index = named.index(name) if name in named else otherwise
        if index is None:
            return ()
        return ((*self.loc, "coordinateSystems", index, "axes"),)

    @property
    def datasets(self) -> tuple[tuple[Loc, Mapping[str, Any]], ...]:
        """Where each level is, and what is written of it, in the model's order."""
        items = self.json.get("datasets")
        where = (*self.loc, "datasets")
        if isinstance(items, Mapping):  # one is read as a list of it
            return ((where, items),)
        listed = enumerate(items if isinstance(items, list) else [])
        return tuple(
            ((*where, index), item)
            for index, item in listed
            if isinstance(item, Mapping) and _has_path(item)
        )

    def shape(self, level: int) -> Shape:
        """Return the shape of a level; None where it is not known, or does not fit."""
        found = self.shapes[level] if level < len(self.shapes) else None
        axes = self.model.axes if self.model is not None else ()
        return found if found is not None and len(found) == len(axes) else None

    def refusal(self, kind: str, text: str, loc: Loc | None = None) -> Problem:
        """Return why an edit cannot be made, and what to do."""
        where = self.loc if loc is None else loc
        return Problem(level="error", kind=kind, loc=where, message=text)


def _has_path(item: Mapping[str, Any]) -> bool:
    path = item.get("path")
    if isinstance(path, bool):
        return False
    if isinstance(path, float):
        return path.is_integer()
    return isinstance(path, int) or (isinstance(path, str) and bool(path))


def put(attributes: Any, loc: Loc, value: Any) -> Changes:
    """Return what makes a value be at a place; `MISSING` removes what is there."""
    old = at(attributes, loc)
    if value is MISSING and old is MISSING:
        return ()
    return difference(old, value, loc)


def joined(attributes: Any, *parts: tuple[Loc, Any]) -> Changes:
    """Return what makes each of some values be at its place."""
    changed = attributes
    found: list[Any] = []
    for loc, value in parts:
        changes = put(changed, loc, value)
        changed = apply(changed, changes)
        found += changes
    return tuple(found)


def is_writable(value: Any) -> bool:
    """Tell whether a value can be written as JSON."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
