"""Has the borders of what is on the screen drawn, and says what is not.

Brings together the layer, its level, how that is stored and the overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtGui import QColor
from qtpy.QtWidgets import QHBoxLayout, QLabel, QWidget

from napari_ngff.layers.borders import borders_of
from napari_ngff.layers.drawing import within_view
from napari_ngff.layers.viewing import levels_of, look_of
from napari_ngff.widgets.layout import view_words
from napari_ngff.widgets.layout.overlay import COLORS, Overlay, raise_to_top
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.look import swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.layers.borders import Borders, Kind
    from napari_ngff.layers.drawing import Rectangle
    from napari_ngff.layers.viewing import Look
    from napari_ngff.widgets.layout.on_screen import OnScreen, ShownLayer
    from napari_ngff.widgets.layout.session import Session

#: Borders must lie so many pixels of the screen apart to be drawn.
_APART: Final = 4.0
_SWATCH: Final = 12


class BorderDrawing:
    """Draws borders of chunks and shards while it is asked to.

    Parameters
    ----------
    screen
        What is to be seen.
    session
        Which part of the store is shown.

    Attributes
    ----------
    overlay
        The layer that is drawn in.
    """

    def __init__(self, screen: OnScreen, session: Session) -> None:
        self.screen = screen
        self.session = session
        self.overlay = Overlay(screen.viewer)

    def draw(self) -> str:
        """Draw what is on the screen now; return what is to be said of it, if any."""
        session, screen = self.session, self.screen
        viewer, view = screen.viewer, screen.view()
        if viewer.canvas.grid.enabled:
            self.overlay.remove()  # it would have a cell of its own
            return view_words.IN_GRID
        main = screen.main(session.findings, session.part_index)
        look = None if main is None else look_of(main.layer, viewer.dims)
        if view is None or main is None or look is None:
            self.overlay.clear()
            return view_words.IN_3D if view is None else ""
        found = self._borders(main, look, view)
        if found is None:
            self.overlay.clear()
            return ""
        self.overlay.draw(found, main.layer, look, viewer.scene.camera.zoom)
        raise_to_top(viewer)
        return view_words.crowded_words(found.crowded)

    def remove(self) -> str:
        """Take the layer away; there is nothing to be said of that."""
        self.overlay.remove()
        return ""

    def legend(self) -> QWidget:
        """Return what says which colour is what."""
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for kind, color in COLORS.items():
            picture = QLabel()
            picture.setPixmap(swatch(QColor(color), _SWATCH).pixmap(_SWATCH))
            layout.addWidget(picture)
            text = label(f"{kind}s", tone="muted")
            text.setWordWrap(False)
            layout.addWidget(text)
        layout.addStretch(1)
        return row

    def _borders(self, main: ShownLayer, look: Look, view: Rectangle) -> Borders | None:
        findings, viewer = self.session.findings, self.screen.viewer
        inside = within_view(main.layer, viewer.dims, view)
        stored = main.stored(look.level, findings) if findings else None
        if inside is None or stored is None:
            return None
        cells: dict[Kind, Sequence[int]] = {"chunk": stored.stored.chunk}
        if stored.stored.shard is not None:
            cells["shard"] = stored.stored.shard
        # So many pixels of the finest level are a pixel of the screen.
        covered = zip(inside[0], inside[1], viewer.canvas.size, strict=True)
        apart = [_APART * (high - low) / max(1, n) for low, high, n in covered]
        return borders_of(look, levels_of(main.layer), cells, inside, apart=apart)
