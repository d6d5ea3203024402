"""What was found so far of how an image is stored, array by array.

Knows which arrays are at a path and what was found of each; a terminal has all of them
looked at, a window as they are asked for. Nothing is changed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import NgffError, Problem
from napari_ngff.dataset.inspecting.advice import (
    advice_on,
    advice_on_pixels,
    advice_on_place,
)
from napari_ngff.dataset.inspecting.arrays import find_arrays
from napari_ngff.dataset.inspecting.health import decode, fill_of, health_of
from napari_ngff.dataset.inspecting.layouts import Found, Layout, Part
from napari_ngff.dataset.inspecting.levels import level_layout
from napari_ngff.dataset.inspecting.standing import is_consolidated, stamp_of
from napari_ngff.dataset.inspecting.views import views_of
from napari_ngff.storage.inspecting.cost import AT_MOST
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location
from napari_ngff.storage.pixels.workers import WAITING, WORKERS

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from napari_ngff.dataset.inspecting.arrays import Arrays, InspectedArray
    from napari_ngff.storage.inspecting.budget import Budget, Watch
    from napari_ngff.storage.inspecting.cost import Cost
    from napari_ngff.storage.location import Location

Check: TypeAlias = Literal["files", "decode"]
#: Which array: the number of its part, and its number there.
Which: TypeAlias = tuple[int, int]
#: So many files are looked into to tell what one view costs.
_COST_FILES = 64


class Findings:
    """The arrays at a path, and what was found of them.

    What looks at files changes nothing here, so that it can be done in a thread; what
    it returns is to be kept with `keep`.

    Parameters
    ----------
    location
        The path, opened.
    parts
        Arrays that belong together.
    problems
        What is wrong with naming them.
    complete
        Whether these are all levels that there are.

    Attributes
    ----------
    location, parts
        As given.
    """

    def __init__(
        self,
        location: Location,
        parts: Sequence[Arrays],
        problems: Sequence[Problem],
        *,
        complete: bool = True,
    ) -> None:
        self.location = location
        self.parts = tuple(parts)
        self._problems = tuple(problems)
        self._complete = complete
        self._consolidated: bool | None = None
        self._stamp = stamp_of(location, self.parts)
        self._levels: dict[Which, StoredLevel] = {}
        self._found: dict[Which, Found] = {}
        self._failed: dict[Which, Problem] = {}

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        levels: Sequence[int] | None = None,
        limits: Limits = LIMITS,
    ) -> Findings:
        """Return the arrays at a path; only their documents are read.

        Raises
        ------
        CannotOpen, DocumentError, UnsafePath, LimitExceeded
            See `dataset.layout.inspect`.
        """
        location = open_location(path, limits=limits)
        parts, problems = find_arrays(location, path, levels, limits)
        return cls(location, parts, problems, complete=levels is None)

    @property
    def is_current(self) -> bool:
        """Whether the documents are those that were read; of what is remote: yes."""
        return self._stamp == stamp_of(self.location, self.parts)

    @property
    def arrays(self) -> tuple[Which, ...]:
        """All arrays, part after part, finest first."""
        return tuple(
            (number, level)
            for number, part in enumerate(self.parts)
            for level in range(len(part.arrays))
        )

    def array(self, which: Which) -> InspectedArray:
        """Return an array's document and axes."""
        part, level = which
        return self.parts[part].arrays[level]

    def level(self, which: Which) -> StoredLevel:
        """Return an array as it is stored; always the same one.

        Raises
        ------
        DocumentError, LimitExceeded
            If not even its shape and chunks can be known.
        """
        held = self._levels.get(which)
        if held is None:
            location = self.location
            document = self.array(which).document
            made = StoredLevel(location.keys, document, location.limits)
            held = self._levels.setdefault(which, made)
        return held

    def found(self, which: Which) -> Found | None:
        """Return what was found of an array; None: it was not looked at yet."""
        return self._found.get(which)

    def failure(self, which: Which) -> Problem | None:
        """Return why an array cannot be inspected; None: it can, as far as is known."""
        return self._failed.get(which)

    def keep(self, which: Which, found: Found) -> None:
        """Remember what was found of an array."""
        self._found[which] = found
        self._failed.pop(which, None)

    def fail(self, which: Which, error: NgffError) -> None:
        """Remember why an array cannot be inspected."""
        node = self.array(which).document.node
        self._found.pop(which, None)
        self._failed[which] = _failure(node, "not-inspected", error)

    def costs(self, which: Which, at: Sequence[int] | None = None) -> dict[str, Cost]:
        """Return what it costs to read some views of an array; see `views.views_of`.

        It is exact for more files once those of a near store were looked at.

        Raises
        ------
        DocumentError, LimitExceeded
            See `level`.
        """
        level = self.level(which)
        boxes = views_of(self.array(which).axes, level.stored.shape, at)
        remote = self.location.keys.remote
        known = which in self._found and not remote
        cost = partial(level.cost, at_most=AT_MOST if known else _COST_FILES)
        at_once = WAITING if remote else 1
        costs = WORKERS.each(cost, tuple(boxes.values()), at_once=at_once)
        return dict(zip(boxes, costs, strict=True))

    def look(self, which: Which, *, budget: Budget, watch: Watch) -> Found:
        """Look at the files of an array.

        Raises
        ------
        DocumentError, LimitExceeded, Unreadable
            If it cannot be inspected.
        Cancelled
            If `watch` said so.
        """
        level, array = self.level(which), self.array(which)
        scan = level.scan(budget=budget, watch=watch)
        node = array.document.node
        problems = tuple(replace(p, node=node) for p in level.stored.problems)
        names = tuple(axis.name or "" for axis in array.axes)
        row = level_layout(node, names, scan, self.costs(which), problems)
        return Found(scan=scan, row=row)

    def check(self, which: Which, found: Found, check: Check, *, watch: Watch) -> Found:
        """Say whether the files of an array are whole that were looked at.

        Parameters
        ----------
        which
            The array.
        found
            What was found of it.
        check
            "files": by what was found; "decode": all chunks are decoded, too.
        watch
            Who is told how far it is.

        Raises
        ------
        Cancelled
            If `watch` said so.
        StoreChanged
            If another program replaced the array meanwhile.
        """
        level, limits = self.level(which), self.location.limits
        health = health_of(level, found.scan, limits=limits)
        if check == "files":
            return replace(found, health=health, advice=(), problems=())
        try:
            source: Any = self.location.array(self.array(which).document).source
        except NgffError as error:
            problem = _failure(found.row.node, "not-decoded", error)
            return replace(found, health=health, advice=(), problems=(problem,))
        decoded, problems = decode(
            level, source, fill_of(source), found.scan, limits=limits, watch=watch
        )
        told = (*health.problems, *problems)
        return replace(
            found,
            health=replace(health, decoded=decoded, problems=told),
            advice=advice_on_pixels(found.row, decoded),
            problems=(),
        )

    def part(self, number: int) -> Part:
        """Return what was found of arrays that belong together."""
        arrays = self.parts[number]
        which = [(number, level) for level in range(len(arrays.arrays))]
        founds = [self._found[each] for each in which if each in self._found]
        rows = tuple(found.row for found in founds)
        space = [i for i, axis in enumerate(arrays.axes) if axis.type == "space"]
        # What levels lack can be told only of all of them.
        known = {*self._found, *self._failed}
        told = rows if self._complete and known.issuperset(which) else ()
        advice = advice_on(rows, told, space=space or None)
        return Part(
            name=arrays.name,
            kind=arrays.kind,
            node=arrays.node,
            levels=rows,
            advice=(*advice, *(a for found in founds for a in found.advice)),
        )

    def layout(self) -> Layout:
        """Return all that was found so far."""
        location = self.location
        founds = [f for which in self.arrays if (f := self._found.get(which))]
        return Layout(
            store=location.url,
            node=location.node,
            remote=location.keys.remote,
            parts=tuple(map(self.part, range(len(self.parts)))),
            advice=self.advice(),
            health=tuple(f.health for f in founds if f.health is not None),
            problems=(
                *self._problems,
                *(self._missing(w) for w in self.arrays if w not in self._found),
                *(problem for found in founds for problem in found.problems),
            ),
        )

    def advice(self) -> tuple[Problem, ...]:
        """Return advice on where the store is."""
        location = self.location
        if self._consolidated is None:
            self._consolidated = is_consolidated(location)
        return advice_on_place(
            remote=location.keys.remote, consolidated=self._consolidated
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with naming the arrays, and which cannot be inspected."""
        return (*self._problems, *self._failed.values())

    def _missing(self, which: Which) -> Problem:
        failed = self._failed.get(which)
        if failed is not None:
            return failed
        message = "its files were not looked at"
        node = self.array(which).document.node
        return Problem(level="info", kind="not-inspected", node=node, message=message)


def _failure(node: str, kind: str, error: NgffError) -> Problem:
    return Problem(level="error", kind=kind, node=node, message=str(error))
