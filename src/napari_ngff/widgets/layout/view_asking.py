"""What of which arrays the viewer shows, and what reading that costs.

Knows layers on the screen and the arrays that they show; no widgets. What looks into
files may be called in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.inspecting.view_costs import cost_of_boxes, sum_of
from napari_ngff.layers.drawing import displayed_of, to_level, within_view
from napari_ngff.layers.viewing import levels_of, look_at, look_of, looks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.layers.drawing import Rectangle
    from napari_ngff.storage.inspecting.cost import Cost
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.widgets.layout.on_screen import ShownLayer
    from napari_ngff.widgets.layout.session import Session

#: So many files are looked into for each array: of a folder, and over a network.
_FILES: Final = {False: 256, True: 32}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is read of one array.

    Attributes
    ----------
    which
        Which array.
    drawn
        The boxes of it that layers draw.
    small
        Those for the small pictures in the list of layers.
    """

    which: Which
    drawn: tuple[Box, ...] = ()
    small: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCost:
    """What the current view costs, if nothing of it is at hand.

    Attributes
    ----------
    drawn
        What is drawn of all images that are visible.
    parts
        The same of each part of the store, by its number.
    everything
        All that napari reads: also the small pictures in the list of layers.
    """

    drawn: Cost
    parts: Mapping[int, Cost]
    everything: Cost


def views_of_layers(layers: Sequence[ShownLayer], dims: Any) -> tuple[View, ...]:
    """Return what visible layers read of their arrays; each box once."""
    drawn: dict[Which, dict[Any, Box]] = {}
    small: dict[Which, dict[Any, Box]] = {}
    for shown in layers:
        for number, look in enumerate(looks_of(shown.layer, dims)):
            box = shown.box(look)
            if box is not None:
                found = small if number else drawn
                which = shown.which[look.level]
                found.setdefault(which, {})[_key(box)] = box
    return tuple(
        View(
            which=which,
            drawn=tuple(drawn.get(which, {}).values()),
            small=tuple(small.get(which, {}).values()),
        )
        for which in dict.fromkeys((*drawn, *small))
    )


def _key(box: Box) -> tuple[tuple[int, int], ...]:
    return tuple((side.start, side.stop) for side in box)


def cost_of_view(findings: Findings, views: Sequence[View]) -> ViewCost | None:
    """Return what views cost together; None: their arrays cannot be inspected."""
    at_most = _FILES[findings.location.keys.remote]
    parts: dict[int, list[Cost]] = {}
    everything = []
    for view, level in _inspected(findings, views):
        if view.drawn:
            cost = cost_of_boxes(level, view.drawn, at_most=at_most)
            parts.setdefault(view.which[0], []).append(cost)
        boxes = (*view.drawn, *view.small)
        everything.append(cost_of_boxes(level, boxes, at_most=at_most))
    if not parts:
        return None
    sums = {part: sum_of(costs) for part, costs in parts.items()}
    return ViewCost(
        drawn=sum_of(list(sums.values())), parts=sums, everything=sum_of(everything)
    )


def _inspected(
    findings: Findings, views: Sequence[View]
) -> Iterator[tuple[View, StoredLevel]]:
    for view in views:
        try:
            level = findings.level(view.which)
        except NgffError:
            continue  # the table of levels tells of it
        boxes = (*view.drawn, *view.small)
        shape = level.stored.shape
        if all(_is_inside(box, shape) for box in boxes):
            yield view, level


def _is_inside(box: Box, shape: Sequence[int]) -> bool:
    fits = len(box) == len(shape)
    return fits and all(s.start < s.stop <= n for s, n in zip(box, shape, strict=True))


def position_of(
    main: ShownLayer | None, dims: Any, session: Session, view: Rectangle | None
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Return where in the session's array the viewer stands, and which axes it shows.

    Along the axes that it shows: the middle of the canvas. The axes are None where
    they are not two of the array's.
    """
    which = session.which(session.level)
    if main is None or which not in main.which or look_of(main.layer, dims) is None:
        return None, None
    layer, level = main.layer, main.which.index(which)
    look, levels = look_at(layer, dims, level), levels_of(layer)
    if look is None:
        return None, None
    shown = displayed_of(layer, dims)
    inside = None if view is None else within_view(layer, dims, view)
    sides = [slice((s.start + s.stop) // 2, None) for s in look.box]
    for number, axis in enumerate(shown):
        if inside is None:
            continue
        middle = float(np.mean([inside[0][number], inside[1][number]]))
        place = int(np.floor(to_level(middle, levels, level, axis) + 0.5))
        sides[axis] = slice(min(max(place, 0), levels[level].shape[axis] - 1), None)
    box = main.box_at(level, tuple(slice(s.start, s.start + 1) for s in sides))
    dimensions = levels[level].window.dims
    axes = tuple(dimensions[axis][0] for axis in shown)
    two = axes if len(axes) == 2 and None not in axes else None
    return None if box is None else tuple(side.start for side in box), two
