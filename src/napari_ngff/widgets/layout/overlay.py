"""Borders of chunks and shards on the canvas: one locked layer that is never saved.

Knows napari's Shapes and a viewer's layers; where borders are it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from napari.layers import Shapes

from napari_ngff.layers.drawing import world_matrix
from napari_ngff.layers.provenance import is_overlay, overlay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from napari_ngff.layers.borders import Borders, Kind
    from napari_ngff.layers.viewing import Look

#: Names of colours that differ from each other, and from gray, for any eye.
COLORS: Final[Mapping[Kind, str]] = {"chunk": "#35c4ff", "shard": "#ffa51f"}
#: In pixels of the screen.
WIDTHS: Final[Mapping[Kind, float]] = {"chunk": 1.5, "shard": 3.0}
NAME: Final = "Chunk borders"


class Overlay:
    """The layer in which borders are drawn, while there are any.

    Parameters
    ----------
    viewer
        Whose layers it is one of.

    Attributes
    ----------
    layer
        Of napari; None: there is none.
    """

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self.layer: Shapes | None = None
        self._drawn: tuple[Any, ...] = ()

    @property
    def is_gone(self) -> bool:
        """Whether somebody else took the layer away."""
        return self.layer is not None and self.layer not in self.viewer.layers

    def draw(self, borders: Borders, layer: Any, look: Look, zoom: float) -> None:
        """Draw borders, and nothing else.

        Parameters
        ----------
        borders
            In pixels of the finest level of `layer`.
        layer, look
            What they are the borders of.
        zoom
            Pixels of the screen that a unit of the world is long.
        """
        affine = _affine(layer, look)
        self._provide(layer, affine)
        own = self.layer
        if own is None:
            return
        if not np.array_equal(np.asarray(own.affine), affine):
            own.affine = affine
        widths = _widths(borders, layer, look, zoom)
        drawn = (borders.lines, widths, np.array(look.displayed))
        if len(self._drawn) != len(drawn) or not all(map(_same, self._drawn, drawn)):
            self._fill(own, borders, look, widths)
            self._drawn = drawn
        self._lock()

    def clear(self) -> None:
        """Draw nothing; the layer stays."""
        if self.layer is not None and len(self.layer.data):
            self.layer.data = []
            self._lock()
        self._drawn = ()

    def remove(self) -> None:
        """Take the layer away, if there is one."""
        layer, self.layer, self._drawn = self.layer, None, ()
        if layer is None:
            return
        layer.events.editable.disconnect(self._lock)
        if layer in self.viewer.layers:
            self.viewer.layers.remove(layer)

    def _provide(self, like: Any, affine: NDArray[np.float64]) -> None:
        """Have a layer on top, with the axes of the one whose borders it shows."""
        own = self.layer
        if own is not None and (own.ndim != like.ndim or own.units != like.units):
            self.remove()
        if self.layer is not None:
            return
        layer = Shapes(
            ndim=like.ndim,
            name=NAME,
            affine=affine,
            units=like.units,
            axis_labels=like.axis_labels,
            metadata=overlay("borders of chunks"),
            opacity=0.8,
        )
        layer.events.editable.connect(self._lock)
        self.layer = layer
        self._add(layer)
        self._lock()

    def _add(self, layer: Shapes) -> None:
        """Add the layer; what is selected stays so, and nobody hears of it."""
        selection = self.viewer.layers.selection
        before, active = set(selection), selection.active
        with selection.events.blocker_all():
            self.viewer.layers.append(layer)
            selection.active = active
            selection.clear()
            selection.update(before)

    def _lock(self, event: object = None) -> None:
        del event
        if self.layer is not None:
            self.layer.editable = False
            if hasattr(self.layer, "locked"):  # napari 0.9.0 has none
                self.layer.locked = True

    def _fill(
        self, own: Shapes, borders: Borders, look: Look, widths: NDArray[np.float64]
    ) -> None:
        own.data = []
        if not len(borders.lines):
            return
        ends = np.zeros((len(borders.lines), 2, own.ndim))
        ends[:, :, list(look.displayed)] = borders.lines
        own.add(
            list(ends),
            shape_type="line",
            edge_width=widths.tolist(),
            edge_color=[COLORS[kind] for kind in borders.kinds],
        )


def raise_to_top(viewer: Any) -> None:
    """Draw our overlay over layers that came later."""
    layers = viewer.layers
    for index, layer in enumerate(layers):
        if is_overlay(layer.metadata) and index < len(layers) - 1:
            layers.move(index, len(layers))
            return


def _same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(one, other))


def _affine(layer: Any, look: Look) -> NDArray[np.float64]:
    """Return where a layer's pixels are, but 0 along hidden axes is in the slice.

    So the lines are in it, wherever it is: a slice between two pixels has no border.
    """
    point = np.nan_to_num(np.asarray(look.point))
    shift = np.eye(len(point) + 1)
    shift[:-1, -1] = point
    return world_matrix(layer) @ shift


def _widths(
    borders: Borders, layer: Any, look: Look, zoom: float
) -> NDArray[np.float64]:
    """Return how wide lines are in pixels of the finest level to look as they should.

    Rounded: a little more zoom does not have them all drawn anew.
    """
    matrix = world_matrix(layer)
    pick = list(look.displayed)
    lengths = np.linalg.norm(matrix[np.ix_(pick, pick)], axis=0)
    pixels = np.array([WIDTHS[kind] for kind in borders.kinds])
    across = lengths[list(borders.across)] if borders.across else np.ones(0)
    step = 2.0 ** (np.round(4 * np.log2(zoom)) / 4)
    widths: NDArray[np.float64] = pixels / (step * across)
    return widths
