"""The part "Current view": what it costs, live; borders; the chunk under the cursor.

Follows the viewer, has files looked into in a thread, and paints what comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError
from napari_ngff.layers.viewing import look_of, pixel_at
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.inspecting.chunk_at import chunk_at
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.layout import view_words
from napari_ngff.widgets.layout.border_drawing import BorderDrawing
from napari_ngff.widgets.layout.latest import Latest
from napari_ngff.widgets.layout.on_screen import OnScreen
from napari_ngff.widgets.layout.view_asking import (
    ViewCost,
    cost_of_view,
    position_of,
    views_of_layers,
)
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from qtpy.QtGui import QShowEvent

    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.storage.inspecting.chunk_at import ChunkAt
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.widgets.layout.session import Session

_BORDERS: Final = "Show borders on the canvas"
_TIP: Final = (
    "Draws the borders of chunks and shards of the level on the screen, in a locked "
    "layer that is never saved."
)
_POINT: Final = "Point at the image to see where its pixels are stored."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pointed:
    """The chunk under the cursor, or why it cannot be told."""

    which: Which
    found: ChunkAt | str


class ViewCostView(QWidget):  # type: ignore[misc]
    """What the viewer shows of the store now, and what that costs.

    Parameters
    ----------
    session
        Holds what is shown; is told where the viewer stands, and points to.
    viewer
        What is followed.

    Attributes
    ----------
    told
        Signal: a few words for the title, and their tone.
    cost
        What is shown last; None: nothing.
    """

    told = Signal(str, str)

    def __init__(self, session: Session, viewer: Any) -> None:
        super().__init__()
        self.session = session
        self.viewer = bare(viewer)
        self.cost: ViewCost | None = None
        self.screen = OnScreen(self.viewer)
        self.drawing = BorderDrawing(self.screen, session)
        self._costs, self._chunks = Latest(self), Latest(self)
        self._asked: tuple[Findings, Any] | None = None
        self._pixel: tuple[Which, tuple[int, ...]] | None = None
        self._build()
        self._connect()
        self._show_costs(None, None)
        self._again()

    def _build(self) -> None:
        self.costs, self.note = label(), label(tone="muted")
        self.parts, self.more = label(tone="muted"), label(tone="muted")
        self.borders = QCheckBox(_BORDERS)
        self.borders.setToolTip(_TIP)
        self.legend = self.drawing.legend()
        self.crowded = label(tone="muted")
        self.pointed_head = label("Under the cursor", tone="head")
        self.pointed = label(_POINT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (
            *(self.note, self.costs, self.parts, self.more),
            *(self.pointed_head, self.pointed),
            *(self.borders, self.legend, self.crowded),
        ):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.screen.moved.connect(self.render_)
        self.screen.pointed.connect(self._point)
        self._costs.done.connect(self._show_costs)
        self._chunks.done.connect(self._show_chunk)
        self.borders.toggled.connect(self.render_)
        for signal in self._signals():
            signal.connect(self._again)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count what was left while nobody saw it."""
        super().showEvent(event)
        self._again()

    def stop(self) -> None:
        """Let go of the viewer, and take the borders away."""
        self.screen.stop()
        self._costs.drop()
        self._chunks.drop()
        self.drawing.remove()
        for signal in self._signals():
            signal.disconnect(self._again)

    def _signals(self) -> tuple[Any, ...]:
        session = self.session
        return session.changed, session.level_changed, session.scanned

    def _again(self, *_: Any) -> None:
        """Look anew, once all others know what the session shows."""
        self._asked = self._pixel = None
        self.screen.look_again()

    def render_(self, *_: Any) -> None:
        """Show what is on the screen now."""
        session = self.session
        main = self.screen.main(session.findings, session.part_index)
        self._draw_borders()
        position = position_of(main, self.viewer.dims, session, self.screen.view())
        session.look(*position)
        note = ""
        if main is None:
            note = view_words.NOT_SHOWN
        elif look_of(main.layer, self.viewer.dims) is None:
            note = view_words.OUT
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if self.isVisible():
            self._ask_costs()
            self._point()

    def _draw_borders(self) -> None:
        if self.drawing.overlay.is_gone:  # somebody deleted it
            self.drawing.remove()
            self.borders.setChecked(False)
            return
        wanted = self.borders.isChecked()
        words = self.drawing.draw() if wanted else self.drawing.remove()
        self.legend.setVisible(wanted)
        self.crowded.setText(words)
        self.crowded.setVisible(bool(words))

    def _ask_costs(self) -> None:
        """Have the cost of the view counted, if it is another one than before."""
        findings = self.session.findings
        if findings is None:
            self._show_costs(None, None)
            return
        views = views_of_layers(self.screen.layers(findings), self.viewer.dims)
        if self._asked is not None and self._asked == (findings, views):
            return
        self._asked = findings, views
        if not views:
            self._costs.drop()
            self._show_costs(None, None)
            return
        self._costs.ask(partial(cost_of_view, findings, views))

    def _show_costs(self, cost: ViewCost | None, error: Exception | None) -> None:
        self.cost = cost
        words, parts, more = "", "", ""
        if error is not None:
            shown = as_ngff_error(error, doing="counting what the view costs")
            words = plain(str(shown), limit=1024)
        elif cost is not None:
            words = view_words.view_words(cost)
            parts = view_words.part_lines(cost, self._name_of)
            more = view_words.more_words(cost)
        texts = ((self.costs, words), (self.parts, parts), (self.more, more))
        for widget, text in texts:
            widget.setText(text)
            widget.setVisible(bool(text))
        brief = view_words.summary(cost) if cost is not None else ""
        self.told.emit(brief, "muted")

    def _name_of(self, part: int) -> str:
        parts = self.session.parts
        return parts[part].name if part < len(parts) else ""

    def _point(self) -> None:
        """Say which chunk the cursor is over, and have its file looked into."""
        if not self.isVisible():
            return
        session, findings = self.session, self.session.findings
        found = self._under_cursor()
        if found is None or findings is None:
            self._pixel = None
            self._chunks.drop()
            session.point(None)
            self.pointed.setText(_POINT)
            return
        which, pixel, stored = found
        cells = zip(pixel, stored.stored.chunk, strict=True)
        place = tuple(at // n for at, n in cells)
        here = which == session.which(session.level)
        session.point(place if here else None)
        if self._pixel == (which, place):
            return
        self._pixel = which, place
        self._chunks.ask(partial(_look_into, stored, which, pixel))

    def _under_cursor(self) -> tuple[Which, tuple[int, ...], StoredLevel] | None:
        session = self.session
        main = self.screen.main(session.findings, session.part_index)
        if main is None or not self.viewer.mouse_over_canvas:
            return None
        position = self.viewer.cursor.position
        look = pixel_at(main.layer, self.viewer.dims, position)
        if look is None or session.findings is None:
            return None
        which = main.which[look.level]
        box: Box | None = main.box(look)
        stored = main.stored(look.level, session.findings)
        if box is None or stored is None:
            return None
        return which, tuple(side.start for side in box), stored

    def _show_chunk(self, pointed: _Pointed | None, error: Exception | None) -> None:
        if error is not None:
            raise error
        if pointed is None or self._pixel is None or pointed.which != self._pixel[0]:
            return
        found, findings = pointed.found, self.session.findings
        if isinstance(found, str) or findings is None:
            self.pointed.setText(plain(found, limit=1024))
            return
        node = findings.array(pointed.which).document.node
        level = node.rpartition("/")[2]
        self.pointed.setText(view_words.chunk_words(level, found))


def _look_into(stored: StoredLevel, which: Which, pixel: tuple[int, ...]) -> _Pointed:
    try:
        return _Pointed(which=which, found=chunk_at(stored, pixel))
    except (NgffError, BadIndex) as error:
        return _Pointed(which=which, found=str(error))
