"""What of the store a viewer shows: which layers, which levels, and when that changes.

Knows napari's viewer, which it only listens to, and which array a layer's level is;
paints nothing and reads no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from qtpy.QtCore import QObject, QTimer, Signal

from napari_ngff.core.names import join
from napari_ngff.core.problems import NgffError
from napari_ngff.layers.provenance import Provenance, is_overlay
from napari_ngff.layers.viewing import in_array, levels_of
from napari_ngff.storage.lazy import LazyArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.layers.drawing import Rectangle
    from napari_ngff.layers.viewing import Look
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.indexing import Box

#: So often is looked again, at most, while things move.
_PAUSE_MS: Final = 50
_PLANE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownLayer:
    """A layer that shows arrays of the store.

    Attributes
    ----------
    layer
        Of napari.
    which
        For each level of the layer, which array of the store it is.
    """

    layer: Any
    which: tuple[Which, ...]

    @property
    def part(self) -> int:
        """The number of the part that it shows."""
        return self.which[0][0]

    def box(self, look: Look) -> Box | None:
        """Return which pixels of its array a look is; None: the array is another."""
        return self.box_at(look.level, look.box)

    def box_at(self, level: int, box: Box) -> Box | None:
        """Return which pixels of a level's array a box of the level is."""
        levels = levels_of(self.layer)
        return in_array(levels[level], box) if level < len(levels) else None

    def stored(self, level: int, findings: Findings) -> StoredLevel | None:
        """Return how a level is stored; None: it cannot be inspected, or is another."""
        try:
            stored = findings.level(self.which[level])
        except NgffError:
            return None
        array = levels_of(self.layer)[level]
        return stored if tuple(array.source.shape) == stored.stored.shape else None


class OnScreen(QObject):  # type: ignore[misc]
    """Tells when something else is to be seen, at most every so often.

    Parameters
    ----------
    viewer
        What is listened to.

    Attributes
    ----------
    moved
        Signal: the camera, a slider, the layers, or the level that one shows.
    pointed
        Signal: the cursor.
    """

    moved = Signal()
    pointed = Signal()

    def __init__(self, viewer: Any) -> None:
        super().__init__()
        self.viewer = viewer
        self._timers = [
            self._timer(self.moved.emit),
            self._timer(self.pointed.emit),
        ]
        for events in self._events():
            events.connect(self._move)
        viewer.cursor.events.position.connect(self._point)

    def _timer(self, act: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_PAUSE_MS)
        timer.timeout.connect(act)
        return timer

    def _events(self) -> tuple[Any, ...]:
        viewer = self.viewer
        return (
            viewer.scene.camera.events,
            viewer.canvas.events,
            viewer.canvas.grid.events,
            viewer.dims.events,
            viewer.layers.events,
            viewer.layers.selection.events.active,
        )

    def stop(self) -> None:
        """Listen no more."""
        for events in self._events():
            events.disconnect(self._move)
        self.viewer.cursor.events.position.disconnect(self._point)
        for timer in self._timers:
            timer.stop()

    def _move(self, event: Any = None) -> None:
        source = getattr(event, "source", None)
        if event is not None and is_overlay(getattr(source, "metadata", None) or {}):
            return
        self.look_again()

    def look_again(self) -> None:
        """Tell in a moment, as if something had moved."""
        for timer in self._timers:
            _start(timer)

    def _point(self, event: Any = None) -> None:
        del event
        _start(self._timers[1])

    def view(self) -> Rectangle | None:
        """Return what the canvas covers of the plane, in the world; None in 3-D."""
        viewer = self.viewer
        if viewer.dims.ndisplay != _PLANE:
            return None
        centre = np.asarray(viewer.scene.camera.center[-_PLANE:], dtype=float)
        half = np.asarray(viewer.canvas.size, float) / viewer.scene.camera.zoom / 2
        return centre - half, centre + half

    def layers(self, findings: Findings | None) -> list[ShownLayer]:
        """Return the visible layers that show a store, in their order."""
        if findings is None:
            return []
        return [
            shown
            for layer in self.viewer.layers
            if layer.visible and (shown := shown_layer(layer, findings)) is not None
        ]

    def main(self, findings: Findings | None, part: int) -> ShownLayer | None:
        """Return the layer to go by: the active one, else the topmost of a part."""
        layers = [each for each in self.layers(findings) if each.part == part]
        active = self.viewer.layers.selection.active
        found = [each for each in layers if each.layer is active]
        found = found or layers
        return found[-1] if found else None


def _start(timer: QTimer) -> None:
    if not timer.isActive():
        timer.start()


def shown_layer(layer: Any, findings: Findings) -> ShownLayer | None:
    """Return which arrays of a store a layer shows; None: it shows none."""
    record = Provenance.from_metadata(layer.metadata)
    if record is None or record.store != findings.location.url:
        return None
    levels = levels_of(layer)
    if not all(isinstance(level, LazyArray) for level in levels):
        return None
    nodes = _nodes(record, len(levels))
    by_node = _by_node(findings, record)
    which = [by_node.get(node) for node in nodes]
    stored = [each for each in which if each is not None]
    if len(stored) < len(levels) or not stored:
        return None
    return ShownLayer(layer=layer, which=tuple(stored))


def _nodes(record: Provenance, count: int) -> Iterator[str]:
    """Give the paths of the arrays that a layer's levels are."""
    if record.kind == "array":
        yield record.node
        return
    for path in record.levels[:count]:
        try:
            yield join(record.node, path)
        except NgffError:
            return


def _by_node(findings: Findings, record: Provenance) -> dict[str, Which]:
    """Return which array is at a node, of the image that the layer is of if it can."""
    found: dict[str, Which] = {}
    for number, part in enumerate(findings.parts):
        own = (part.node, part.index) == (record.node, record.index)
        for level, array in enumerate(part.arrays):
            if own or array.document.node not in found:
                found[array.document.node] = (number, level)
    return found
