"""How an image is stored, and what looking at it costs: the public verb ``inspect``.

Knows which arrays belong to what is at a path, and puts together what is told of them;
how files are looked at is in `storage.inspecting`. Nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import Cancelled, LimitExceeded, NgffError, Problem
from napari_ngff.dataset.inspecting.advice import (
    advice_on,
    advice_on_pixels,
    advice_on_place,
)
from napari_ngff.dataset.inspecting.arrays import find_arrays
from napari_ngff.dataset.inspecting.health import Health, decode, fill_of, health_of
from napari_ngff.dataset.inspecting.levels import LevelLayout, level_layout
from napari_ngff.dataset.inspecting.views import views_of
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from napari_ngff.dataset.inspecting.arrays import Arrays, InspectedArray
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.location import Location

__all__ = ["Budget", "Health", "Layout", "LevelLayout", "StoredLevel", "inspect"]

Check: TypeAlias = Literal["none", "files", "decode"]
#: So many files are looked into to tell what one view costs.
_COST_FILES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Arrays that belong together: the levels of an image, or an array alone.

    Attributes
    ----------
    name
        What it is called; empty where it has no name.
    kind
        "image", "label" or "array".
    node
        Its path inside the store; ``""`` is the root.
    levels
        How its arrays are stored, finest first.
    advice
        What could be better, in words and figures.
    """

    name: str
    kind: Literal["image", "label", "array"]
    node: str
    levels: tuple[LevelLayout, ...]
    advice: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How everything at a path is stored.

    Attributes
    ----------
    store, node
        The store, and the path inside it that was asked for.
    remote
        Whether a read takes a round trip over a network.
    parts
        Images, label images and arrays.
    advice
        What could be better about the store as a whole.
    health
        What was found of each array; empty where that was not asked for.
    problems
        What could not be inspected, and why.
    """

    store: str
    node: str
    remote: bool
    parts: tuple[Part, ...]
    advice: tuple[Problem, ...] = ()
    health: tuple[Health, ...] = field(default=())
    problems: tuple[Problem, ...] = ()

    @property
    def levels(self) -> tuple[LevelLayout, ...]:
        """The arrays of all parts."""
        return tuple(level for part in self.parts for level in part.levels)

    @property
    def sound(self) -> bool:
        """Whether nothing that was looked at is damaged or unreadable."""
        return all(health.sound for health in self.health)

    def to_json(self) -> dict[str, Any]:
        """Return the same in JSON types."""
        from napari_ngff.dataset.inspecting.as_json import layout_json

        return layout_json(self)

    def text(self) -> str:
        """Return the same as lines of plain text."""
        from napari_ngff.dataset.inspecting.layout_text import layout_lines

        return "\n".join(layout_lines(self))


def inspect(
    path: str | os.PathLike[str],
    *,
    check: Check = "none",
    levels: Sequence[int] | None = None,
    budget: Budget | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = LIMITS,
) -> Layout:
    """Say how an image is stored: exactly, from the indices of its shards.

    Parameters
    ----------
    path
        Whatever can be opened: an image with its labels, a label image, one array (a
        level by itself), a collection, whose images are all inspected.
    check
        "files": also whether the files are whole: checksums and entries of all indices,
        sizes, and files that belong to nothing. "decode": all chunks are decoded, too.
    levels
        Which levels, the finest being 0; None: all.
    budget
        What may be asked of the store for each array; beyond it numbers are estimates,
        which `LevelLayout.about` names.
    progress
        Is told the fraction that is done, from 0 to 1.
    cancelled
        Is asked often; may end it.
    limits
        Bounds on what the files may ask for.

    Raises
    ------
    CannotOpen
        If nothing there can be opened.
    DocumentError, UnsafePath, LimitExceeded
        If what was asked for itself cannot be read.
    Cancelled
        If `cancelled` said so.
    """
    location = open_location(path, limits=limits)
    watch = Watch(
        progress=progress or (lambda fraction: None),
        cancelled=cancelled or (lambda: False),
    )
    found, problems = find_arrays(location, path, levels, limits)
    run = _Run(location, check, budget or Budget(), limits, levels is None)
    total = sum(len(arrays.arrays) for arrays in found)
    parts = [run.part(arrays, watch, total) for arrays in found]
    watch.look(1, 1)
    return Layout(
        store=location.url,
        node=location.node,
        remote=location.keys.remote,
        parts=tuple(parts),
        advice=advice_on_place(
            remote=location.keys.remote, consolidated=_is_consolidated(location)
        ),
        health=tuple(run.health),
        problems=(*problems, *run.problems),
    )


class _Run:
    """One call of `inspect`, array after array."""

    def __init__(
        self,
        location: Location,
        check: Check,
        budget: Budget,
        limits: Limits,
        complete: bool,
    ) -> None:
        self._location = location
        self._check = check
        self._budget = budget
        self._limits = limits
        self._complete = complete
        self._watch = Watch()
        self._done = 0
        self.health: list[Health] = []
        self.advice: list[Problem] = []
        self.problems: list[Problem] = []

    def part(self, arrays: Arrays, watch: Watch, total: int) -> Part:
        """Return how arrays are stored that belong together."""
        rows = []
        for array in arrays.arrays:
            self._watch = watch.part(self._done, total)
            rows.append(self._inspect(array))
            self._done += 1
        levels = tuple(row for row in rows if row is not None)
        space = [i for i, axis in enumerate(arrays.axes) if axis.type == "space"]
        # What levels lack can be told only of all of them.
        told = levels if self._complete else ()
        advice = [
            *advice_on(levels, told, space=space or None),
            *(a for a in self.advice if a.node in {row.node for row in levels}),
        ]
        return Part(
            name=arrays.name,
            kind=arrays.kind,
            node=arrays.node,
            levels=levels,
            advice=tuple(advice),
        )

    def _inspect(self, array: InspectedArray) -> LevelLayout | None:
        """Return the row of one array; None, and a problem, where that cannot be."""
        node, decodes = array.document.node, self._check == "decode"
        try:
            level = StoredLevel(self._location.keys, array.document, self._limits)
            watch = self._watch.part(0, 2) if decodes else self._watch
            scan = level.scan(budget=self._budget, watch=watch)
        except NgffError as error:
            if isinstance(error, Cancelled):
                raise
            self._fail(node, "not-inspected", error)
            return None
        boxes = views_of(array.axes, level.stored.shape)
        cost = partial(level.cost, at_most=_COST_FILES)
        costs = {name: cost(box) for name, box in boxes.items()}
        problems = tuple(replace(p, node=node) for p in level.stored.problems)
        names = tuple(axis.name or "" for axis in array.axes)
        row = level_layout(node, names, scan, costs, problems)
        if self._check != "none":
            self._examine(array, level, scan, row)
        return row

    def _examine(
        self,
        array: InspectedArray,
        level: StoredLevel,
        scan: LevelScan,
        row: LevelLayout,
    ) -> None:
        health = health_of(level, scan, limits=self._limits)
        if self._check == "decode":
            try:
                source: Any = self._location.array(array.document).source
            except NgffError as error:
                self._fail(row.node, "not-decoded", error)
            else:
                decoded, problems = decode(
                    level,
                    source,
                    fill_of(source),
                    scan,
                    limits=self._limits,
                    watch=self._watch.part(1, 2),
                )
                told = (*health.problems, *problems)
                health = replace(health, decoded=decoded, problems=told)
                self.advice += advice_on_pixels(row, decoded)
        self.health.append(health)

    def _fail(self, node: str, kind: str, error: NgffError) -> None:
        self.problems.append(
            Problem(level="error", kind=kind, node=node, message=str(error))
        )


def _is_consolidated(location: Location) -> bool:
    """Tell whether the root says what is below it; asked only where it matters."""
    if not location.keys.remote:
        return False
    try:
        root = location.document("")
        if root is not None and root.zarr_format == 3:
            return bool(root.metadata.get("consolidated_metadata"))
        limit = location.limits.document_bytes
        return location.file(".zmetadata", limit=limit) is not None
    except LimitExceeded:
        return True
    except NgffError:
        return False
